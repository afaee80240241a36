"""Who holds which post from when. A new holder ends the old tenure the day before; no two tenures of a post overlap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from hanchot.service.org.people import Claim
from hanchot.service.org.sheets import CLEAR, Problem
from hanchot.service.org.state import OrgState, Seat, TenureState

_DAY = timedelta(days=1)


def decide_tenures(before: OrgState, after: OrgState, claims: list[Claim], as_of: date) -> Iterator[Problem]:
    """Put the claims on posts into ``after``, post by post. ``as_of``: the local day of a change without dates."""
    by_seat: dict[Seat, list[Claim]] = {}
    for claim in claims:
        by_seat.setdefault(claim.seat, []).append(claim)
    for seat, said in by_seat.items():
        for claim in said:
            title = claim.entry.title
            after.titles[seat] = after.titles.get(seat) if title is None else None if title is CLEAR else str(title)
        post = _Post(before.tenures.get(seat, ()), as_of)
        for claim in said:
            yield from post.take(claim)
        after.tenures[seat] = tuple(post.held)


class _Post:
    """The tenures of one post while a file's rows about it are taken in. ``fixed`` were named by the file itself."""

    def __init__(self, held: tuple[TenureState, ...], as_of: date) -> None:
        self.held, self.as_of = list(held), as_of
        self.fixed: list[tuple[TenureState, Claim]] = []

    def take(self, claim: Claim) -> Iterator[Problem]:
        entry = claim.entry
        if claim.person is None:
            self._vacate(_day(entry.starts) or self.as_of)
            return
        mine = self._same(claim)
        if mine is None:
            undated = entry.starts is None and entry.ends is None
            starts = _day(entry.starts) or (self.as_of if self.held and undated else None)
            new = TenureState(claim.person, starts, _day(entry.ends))
        else:
            new = replace(
                mine,
                starts=mine.starts if entry.starts is None else _day(entry.starts),
                ends=mine.ends if entry.ends is None else _day(entry.ends),
            )
            self.held.remove(mine)
        if new.starts and new.ends and new.starts > new.ends:
            yield entry.line.problem("ends", f"trước ngày bắt đầu {new.starts:%d/%m/%Y} của nhiệm kỳ này", "sửa ngày")
            return
        yield from self._make_room(new, claim)

    def _same(self, claim: Claim) -> TenureState | None:
        """The tenure that the row speaks of: the same person's, with the same first day, else the one that runs."""
        entry, starts = claim.entry, _day(claim.entry.starts)
        free = [one for one in self.held if one.person == claim.person and all(one is not done for done, _ in self.fixed)]
        if starts:
            exact = [one for one in free if one.starts == starts]
            said = TenureState(str(claim.person), starts, _day(entry.ends))
            return next(iter(exact or [one for one in free if one.overlaps(said)]), None)
        ended = [one for one in free if entry.ends and one.ends == _day(entry.ends)]
        running = [one for one in free if one.runs_on(self.as_of)]
        later = [one for one in free if one.starts and one.starts > self.as_of]
        reopened = sorted(free, key=lambda one: one.ends or date.max)[-1:] if entry.ends is CLEAR else []
        return next(iter(ended or running or later or reopened), None)

    def _make_room(self, new: TenureState, claim: Claim) -> Iterator[Problem]:
        line = claim.entry.line
        for done, other in self.fixed:
            if done.overlaps(new):
                beside = f"{other.entry.name} (dòng {other.entry.line.row.number})"
                reason = f"{claim.entry.name} và {beside} cùng giữ một chức vụ"
                yield line.problem(claim.entry.keys[0], reason, "ghi Từ ngày, Đến ngày không chồng nhau")
                return
        for one in [one for one in self.held if one.overlaps(new)]:
            if new.starts and (one.starts is None or one.starts < new.starts):
                self.held[self.held.index(one)] = replace(one, ends=new.starts - _DAY)
            elif one.starts and one.starts > (new.starts or date.min) and new.ends is None and one.starts > self.as_of:
                new = replace(new, ends=one.starts - _DAY)  # somebody is already named for later
            elif one.starts == new.starts == self.as_of:
                self.held.remove(one)  # replaced on the very day it began: it never ran
            else:
                since = f"từ {one.starts:%d/%m/%Y}" if one.starts else "chưa ghi ngày bắt đầu"
                reason = f"chồng lên nhiệm kỳ đã có của người khác ({since})"
                way_out = "ghi ngày cho khớp; muốn bỏ nhiệm kỳ ghi nhầm, thêm dòng trước đó với họ tên là dấu -"
                yield line.problem("starts", reason, way_out)
                return
        self.held.append(new)
        self.fixed.append((new, claim))

    def _vacate(self, day: date) -> None:
        for one in [one for one in self.held if one.runs_on(day)]:
            if one.starts is not None and one.starts >= day:
                self.held.remove(one)
            else:
                self.held[self.held.index(one)] = replace(one, ends=day - _DAY)


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None
