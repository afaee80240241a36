"""Which person a row means: a code of one's own settles it; else the post and the name; else name and address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from hanchot.domain.unit import PostRole
from hanchot.service.org.fields import fold
from hanchot.service.org.lookup import responsible_role
from hanchot.service.org.sheets import CLEAR, Clear, Problem, SeatEntry
from hanchot.service.org.state import OrgState, PersonState, Seat, TenureState


@dataclass(frozen=True, slots=True)
class Claim:
    """A row about a post, with the person it means; None: the post is vacant."""

    entry: SeatEntry
    seat: Seat
    person: str | None


def resolve_people(
    before: OrgState, after: OrgState, entries: list[SeatEntry], as_of: date
) -> tuple[list[Claim], list[Problem]]:
    """(claims in the file's order, problems). Puts new and changed people into ``after``."""
    book = _Book(before)
    seats = [(entry, (entry.unit, _role(after, entry))) for entry in entries]
    sure = [(entry, seat, book.known(entry, seat, as_of)) for entry, seat in seats]
    for entry, _, code in sure:
        if code:
            book.learn(entry, code)
    claims = [Claim(e, seat, None if e.name is CLEAR else code or book.find(e)) for e, seat, code in sure]
    problems = [*_merge(before, after, claims), *_shared(before, after, claims)]
    return claims, problems


def _role(after: OrgState, entry: SeatEntry) -> PostRole:
    return entry.role or responsible_role(after.units[entry.unit].kind)


class _Book:
    """Finds people by name and address, by name and telephone; remembers whom the file has introduced."""

    def __init__(self, before: OrgState) -> None:
        self.before = before
        self.codes = set(before.people)
        self.by_contact: dict[tuple[str, str], str] = {}
        for one in before.people.values():
            for contact in (one.email, one.phone):
                if contact:
                    self.by_contact.setdefault((_same(one.name), contact.lower()), one.code)

    def known(self, entry: SeatEntry, seat: Seat, as_of: date) -> str | None:
        """The person's own code, or whoever of that name has held this very post: first in the row's own period,
        then at present."""
        if entry.name is CLEAR or entry.person:
            return entry.person
        held = sorted(self.before.tenures.get(seat, ()), key=lambda one: (not _in_period(one, entry), not one.runs_on(as_of)))
        names = ((one.person, self.before.people[one.person].name) for one in held)
        return next((code for code, name in names if _same(name) == _same(str(entry.name))), None)

    def learn(self, entry: SeatEntry, code: str) -> None:
        self.codes.add(code)
        for contact in (entry.email, entry.phone):
            if isinstance(contact, str):
                self.by_contact.setdefault((_same(str(entry.name)), contact.lower()), code)

    def find(self, entry: SeatEntry) -> str:
        """By name and address, by name and telephone; otherwise somebody new, under a code made of what is known."""
        name, mail, number = str(entry.name), _text(entry.email), _text(entry.phone)
        for contact in (mail, number):
            if contact and (code := self.by_contact.get((_same(name), contact.lower()))):
                self.learn(entry, code)
                return code
        made = mail.lower() if mail else f"{fold(name).replace(' ', '.')}@{entry.unit}"
        code, number_of = made, 2
        while code in self.codes and not self._is(code, name, mail):
            code, number_of = f"{made}-{number_of}", number_of + 1
        self.learn(entry, code)
        return code

    def _is(self, code: str, name: str, mail: str | None) -> bool:
        """Without any contact, the same name in the same unit is the same person."""
        one = self.before.people.get(code)
        return mail is None and (one is None or _same(one.name) == _same(name))


def _merge(before: OrgState, after: OrgState, claims: list[Claim]) -> Iterator[Problem]:
    """Write what the rows say into ``after``; two rows about one person must not contradict each other."""
    said: dict[tuple[str, str], tuple[object, SeatEntry]] = {}
    for claim in claims:
        if claim.person is None:
            continue
        entry, code = claim.entry, claim.person
        one = after.people.get(code) or PersonState(code, str(entry.name))
        for field, value, key in zip(
            ("name", "email", "phone"), (entry.name, entry.email, entry.phone), entry.keys, strict=True
        ):
            if value is None:
                continue
            first, where = said.setdefault((code, field), (value, entry))
            if first != value:
                shown = "trống" if first is CLEAR else f"“{first}”"
                way_out = "ghi thống nhất ở mọi dòng, hoặc cho mỗi người một Mã người riêng"
                reason = f"khác với {where.line.place} ghi {shown} của cùng một người"
                yield entry.line.problem(key, reason, way_out)
            one = replace(one, **{field: None if value is CLEAR else value})  # type: ignore[arg-type]
        if code not in after.people and not entry.email:
            reason = f"{one.name} chưa có địa chỉ thư nên sẽ không nhận được thư nhắc"
            yield entry.line.problem(entry.keys[1], reason, "bổ sung sau", "warning")
        after.people[code] = one


def _shared(before: OrgState, after: OrgState, claims: list[Claim]) -> Iterator[Problem]:
    """One address, one person: letters of one must not be read by another."""
    owners: dict[str, list[str]] = {}
    for code, one in after.people.items():
        if one.email:
            owners.setdefault(one.email.lower(), []).append(code)
    for claim in claims:
        mail = _text(claim.entry.email)
        others = [code for code in owners.get(mail.lower(), []) if code != claim.person] if mail else []
        if others:
            names = ", ".join(sorted({after.people[code].name for code in others})[:3])
            reason = f"địa chỉ này đã là của người khác ({names})" + (
                f" và {len(others) - 3} người nữa" if len(others) > 3 else ""
            )
            way_out = "mỗi người một địa chỉ; nếu là một người thì ghi cùng Mã người và cùng họ tên"
            yield claim.entry.line.problem(claim.entry.keys[1], reason, way_out)


def _in_period(one: TenureState, entry: SeatEntry) -> bool:
    """A cell without a day leaves its end of the period open to any."""
    return entry.starts in (None, one.starts) and entry.ends in (None, one.ends)


def _same(name: str) -> str:
    return " ".join(name.split()).casefold()


def _text(value: str | Clear | None) -> str | None:
    return value if isinstance(value, str) else None
