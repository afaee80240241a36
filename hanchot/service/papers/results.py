"""Lists of results, proposed and decided, of a cycle and branch (plan of Lùng Phình 2025, V.2.1: Phụ lục 13 and 14)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any

import sqlalchemy as sa

from hanchot.domain.errors import Refused
from hanchot.domain.quota import Quota
from hanchot.domain.rating_level import RatingLevel, Subject
from hanchot.domain.unit import UnitKind
from hanchot.letters.words import lower_first
from hanchot.papers import words
from hanchot.papers.views import DecidedResults, LevelTotal, ProposedResults, ResultGroup, ResultRow
from hanchot.service.judging.quotas import group_of, pool_of
from hanchot.service.judging.subjects import subjects_of
from hanchot.service.papers.desk import About, Desk, sentence
from hanchot.store.db import Row
from hanchot.store.judging_tables import rating, subject

_ROMAN = ("I", "II", "III", "IV")
_FORM = re.compile(r"Phụ lục \d+")
_GROUP_VI = {
    Subject.ORGANISATION: "Tổ chức đảng, cơ quan, đơn vị",
    Subject.COLLECTIVE: "Tập thể lãnh đạo, quản lý",
    Subject.LEADER: "Cá nhân lãnh đạo, quản lý",
    Subject.MEMBER: "Đảng viên, cá nhân khác",
}
Steps = Mapping[str, Row]


@dataclass(frozen=True)
class _Listed:
    """The subjects of a branch with their current ratings by step, and those among them that the list shows."""

    rows: tuple[Row, ...]
    steps: Mapping[int, Steps]
    titles: Mapping[int, str]
    shown: tuple[Row, ...]

    def level(self, row: Row, *names: str) -> Row | None:
        """The rating of the first of these steps that there is."""
        return next((self.steps[row.id][name] for name in names if name in self.steps.get(row.id, {})), None)


def proposed(desk: Desk, about: About) -> ProposedResults:
    """What is proposed: the appraised level, else the adviser's or the lower body's. Raises ``Refused`` for an empty list."""
    return ProposedResults(**_list(desk, about, ("appraised", "proposed"), "danh-sach-de-xuat", "kết quả đề xuất"))


def decided(desk: Desk, about: About) -> DecidedResults:
    """What is decided and not reopened. Raises ``Refused`` for an empty list."""
    return DecidedResults(**_list(desk, about, ("decided",), "danh-sach-ket-qua", "kết quả"))


def levels(desk: Desk) -> tuple[str, ...]:
    """The regulation's words for the four levels, best first."""
    return tuple(sentence(desk.rules.regulation.words_of(level)) for level in RatingLevel)


def _list(desk: Desk, about: About, steps: tuple[str, ...], form: str, what: str) -> dict[str, Any]:
    branch = desk.branch(about.unit)
    listed = _gather(desk, branch.path, steps)
    if not listed.shown:
        raise Refused(
            f"{branch.name} chưa có {what} nào để lập danh sách trong đợt “{desk.known.code}”.",
            way_out="Ghi mức của bước ấy trước.",
        )
    office = desk.office(branch)
    kept = (f"Lưu {office.name}",)
    above = (f"{office.above.name} (báo cáo)",) if office.above else ()
    return {
        "head": office.head("DS"), "signature": office.signature(), "recipients": words.recipients((*above, *kept)),
        "bases": (desk.rules_basis(), desk.plan_basis()), "form": _form(desk, form),
        "summary": f"{what} đánh giá, xếp loại chất lượng {desk.period.vi}", "groups": _groups(desk, listed, steps),
        "totals": _totals(desk, listed, steps), "quota": _quota(desk, listed.shown),
        "notes": (*_left(listed), *desk.unverified()),
    }  # fmt: skip


def _gather(desk: Desk, path: str, steps: tuple[str, ...]) -> _Listed:
    mine = (row for row in subjects_of(desk.connection, desk.cycle_id) if row.path.startswith(path))
    rows = tuple(sorted(mine, key=_along_the_tree))
    current = (
        sa.select(rating)
        .join(subject, subject.c.id == rating.c.subject_id)
        .where(subject.c.cycle_id == desk.cycle_id, rating.c.current)
    )
    by_subject: dict[int, dict[str, Row]] = {}
    for one in desk.connection.execute(current):
        by_subject.setdefault(one.subject_id, {})[one.step] = one
    shown = tuple(row for row in rows if any(step in by_subject.get(row.id, {}) for step in steps))
    people = {row.person_id for row in shown if row.person_id is not None}
    return _Listed(rows, by_subject, desk.titles(people), shown)


def _along_the_tree(row: Row) -> tuple[int, ...]:
    """A path orders as text (10 before 9); on paper the units stand as they were entered."""
    return tuple(int(part) for part in row.path.split("/") if part)


def _groups(desk: Desk, listed: _Listed, steps: tuple[str, ...]) -> tuple[ResultGroup, ...]:
    """One group for each kind of subject, in the order collective before individual."""
    found: list[ResultGroup] = []
    for kind in Subject:
        mine = [row for row in listed.shown if row.kind == kind]
        if mine:
            title = f"{_ROMAN[len(found)]}. {_GROUP_VI[kind]}"
            rows = tuple(_row(desk, listed, n, row, steps) for n, row in enumerate(mine, 1))
            found.append(ResultGroup(title=title, rows=rows))
    return tuple(found)


def _row(desk: Desk, listed: _Listed, number: int, row: Row, steps: tuple[str, ...]) -> ResultRow:
    last, own = listed.level(row, *steps), listed.level(row, "self")
    before = listed.level(row, "appraised", "proposed")
    assert last is not None
    post = listed.titles.get(row.person_id) or row.unit_name if row.person_id is not None else ""
    return ResultRow(
        number=str(number), name=row.label, post=post, score=points(last.score), self_rated=_words(desk, own),
        proposed=_words(desk, before), decided=_words(desk, last) if steps == ("decided",) else "",
        note=last.reason or "",
    )  # fmt: skip


def points(score: int | None) -> str:
    """``89,99`` out of hundredths; nothing is rounded."""
    return "" if score is None else f"{score // 100},{score % 100:02}"


def _words(desk: Desk, row: Row | None) -> str:
    return sentence(desk.rules.regulation.words_of(RatingLevel(row.level))) if row is not None else ""


def _totals(desk: Desk, listed: _Listed, steps: tuple[str, ...]) -> tuple[LevelTotal, ...]:
    counted = dict.fromkeys(RatingLevel, 0)
    for row in listed.shown:
        last = listed.level(row, *steps)
        assert last is not None
        counted[RatingLevel(last.level)] += 1
    return tuple(
        LevelTotal(level=words_, count=str(counted[level]), share=_share(counted[level], len(listed.shown)))
        for level, words_ in zip(RatingLevel, levels(desk), strict=True)
        if counted[level]
    )


def _share(part: int, whole: int) -> str:
    """``20 %``, ``33,33 %``: never rounded up."""
    exact = (Decimal(100 * part) / whole).quantize(Decimal("0.01"), ROUND_DOWN).normalize()
    return f"{exact:f} %".replace(".", ",")


def _quota(desk: Desk, rows: Sequence[Row]) -> str:
    """What the quota leaves in every pool that is on the list, in the words of the page of decisions; where it gives no
    place at all, with the notice of the basis.
    """
    quota = desk.rules.regulation.quota
    if quota is None:
        return ""
    first: dict[tuple[int, str], Row] = {}
    for row in rows:
        if not row.exempt:
            first.setdefault((row.scope_id, group_of(row, quota)), row)
    said = []
    for (scope_id, _), row in first.items():
        pool = pool_of(desk.connection, desk.rules, row)
        if pool is not None:
            allowance = pool.allowance(quota, desk.rules)
            where = f"{desk.unit(scope_id).name}, {_alike(row, quota)}"
            none = f" ({lower_first(allowance.notice.rstrip('.'))})" if allowance.notice else ""
            said.append(f"{where}: {allowance.words(len(pool.picked))}{none}")
    return f"Tỷ lệ xuất sắc: {'; '.join(said)}." if said else ""


def _alike(row: Row, quota: Quota) -> str:
    """Who shares the places, in words: the group of alike posts or units, or everybody of the kind."""
    if not quota.per_group:
        return "cá nhân" if row.person_id is not None else _GROUP_VI[Subject(row.kind)].lower()
    kind = row.comparison.partition(":")[2]
    return f"{_GROUP_VI[Subject(row.kind)].lower()}{f' của {UnitKind(kind).vi}' if kind else ''}"


def _left(listed: _Listed) -> Iterable[str]:
    """Who is not on the list, and why: a list never looks complete when it is not."""
    there = {row.id for row in listed.shown}
    for row in listed.rows:
        if row.exempt and row.id not in there:
            yield f"{row.label}: không xếp loại, {row.exempt}."
    open_ = sum(1 for row in listed.rows if not row.exempt and row.id not in there)
    if open_:
        yield f"Còn {open_} tập thể, cá nhân chưa có mức ở bước này."


def _form(desk: Desk, key: str) -> str:
    """``Phụ lục 13`` where the rules of the cycle call this list so; empty where they name none."""
    for checklist in desk.rules.review.dossiers:
        for paper in checklist.papers:
            if paper.key == key and (found := _FORM.search(paper.words)):
                return found.group()
    return ""
