"""A grassroots cell that rates its members, for the tests of judging: Chi bộ Kho bạc under 13-HD/TU.

Its members are M01, M02, …; the cell itself decides on them (13-HD/TU PL.4.1), in two rounds of secret votes (PL.3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from hanchot.domain.plan import Plan
from hanchot.domain.rating_level import RatingLevel
from hanchot.service.judging.ballots import Minutes, confirm, enter
from hanchot.service.judging.deciding import Decision, decide
from hanchot.service.judging.ratings import Judgement, Rated, appraise, self_rate
from hanchot.service.judging.subjects import add_person, find_subject
from hanchot.service.opening import open_cycle
from hanchot.service.services import Services
from hanchot.store.db import new_id
from hanchot.store.judging_tables import rating, subject
from hanchot.store.keeping_tables import dossier, paper
from hanchot.store.tables import person
from tests import plans
from tests.look import at

KEY = "quang-ngai-13-hd-tu"
CODE = f"{KEY}-2024"
NOW = at("2024-12-20 09:00")
DAY = date(2024, 12, 19)
CELL = "KHO"
VOTE = "dang-vien-o-cap-co-tham-quyen"
LIST = "ho-so-de-nghi"
PAPERS = ("bao-cao-ket-qua", "trich-bien-ban", "nhan-xet-noi-cu-tru", "bao-cao-tham-dinh")
EXCELLENT, GOOD, FAIR, FAIL = RatingLevel


def quang_ngai() -> Plan:
    """The tests' plan under the guidance of Quảng Ngãi; its rules of review and quota are those of 13-HD/TU."""
    return plans.plan(key=KEY, regulation="13-HD/TU")


def cell_of(house: Services, members: int, *, papers: Sequence[str] = PAPERS) -> list[int]:
    """An open cycle and so many members of the cell in it, each with his dossier in the cupboard; returns their subjects."""
    open_cycle(house, quang_ngai(), at("2024-11-18 07:00"))
    return members_of(house, members, papers=papers)


def members_of(house: Services, members: int, *, papers: Sequence[str] = PAPERS, first: int = 1) -> list[int]:
    """The same in a cycle that is open already; the first is M01, or as ``first`` says."""
    codes = [f"M{number:02}" for number in range(first, first + members)]
    with house.db.write() as connection:
        connection.execute(sa.insert(person), [{"code": code, "name": f"Đảng viên {code}"} for code in codes])
    made = [add_person(house, CODE, CELL, code, NOW, actor="Bình") for code in codes]
    with_papers(house, made, LIST, papers)
    return made


def with_papers(house: Services, subjects: Sequence[int], checklist: str, papers: Sequence[str]) -> None:
    """A dossier for each subject with these papers in the cupboard, written at once instead of through the desk."""
    desk = {"opened_at": NOW, "opened_by": "Bình", "member": True, "cadre": False, "managed": "none", "checklist": checklist}
    lies = {"kind": "hard_copy", "place": "tủ 3", "handed_at": NOW, "handed_by": "Bình"}
    with house.db.write() as connection:
        for one in subjects:
            who = find_subject(connection, one)
            of = {"cycle_id": who.cycle_id, "unit_id": who.unit_id, "person_id": who.person_id}
            made = new_id(connection.execute(sa.insert(dossier).values(**of, **desk)))
            rows = [{"dossier_id": made, "key": key, "no": no, **lies} for no, key in enumerate(papers, 1)]
            if rows:
                connection.execute(sa.insert(paper), rows)


def appraised(house: Services, subjects: Sequence[int], level: RatingLevel = GOOD) -> None:
    """Each rates himself and is appraised at ``level``."""
    for one in subjects:
        self_rate(house, one, Judgement(level), NOW, actor="người tự xếp")
        appraise(house, one, CELL, Judgement(level), NOW, actor="Bình")


def minutes(votes: Mapping[int, Mapping[RatingLevel, int]], *, number: str = "01-BB", of: int = 30, **more: object) -> Minutes:
    """Minutes of a full meeting: everybody convened is present and votes."""
    counts = {"convened": of, "present": of, "issued": of, "collected": of, "valid": of, "invalid": 0}
    said = {"kind": VOTE, "unit": CELL, "held_on": DAY, "number": number, "votes": votes} | counts | more
    return Minutes(**said)  # type: ignore[arg-type]


def voted(house: Services, said: Minutes, now: datetime = NOW) -> int:
    """The minutes typed twice, by two people; returns the ballot."""
    made = enter(house, CODE, said, now, actor="Hòa")
    assert confirm(house, made.id, said, now, actor="Lan").state == "confirmed"
    return made.id


def both_rounds(house: Services, subjects: Sequence[int], excellent: Sequence[int], *, number: str = "01") -> None:
    """All are voted good by all; then so many of them excellent."""
    voted(house, minutes({one: {GOOD: 30} for one in subjects}, number=f"{number}-BB"))
    if excellent:
        voted(house, minutes({one: {EXCELLENT: 30} for one in excellent}, number=f"{number}-BB2", round=2))


def decision(level: RatingLevel, *, reason: str | None = "theo phiếu của chi bộ", **more: object) -> Decision:
    """A decision of the cell, complete in every respect but what ``more`` changes."""
    given = {"said": Judgement(level, reason=reason), "unit": CELL, "number": "05-QĐ/CB", "decided_on": DAY,
             "confirmed_by": "Lan"}  # fmt: skip
    return Decision(**given | more)  # type: ignore[arg-type]


def decided(house: Services, one: int, level: RatingLevel, **more: Any) -> Rated:
    return decide(house, one, decision(level, **more), NOW, actor="Hòa")


def ratings(house: Services, one: int, step: str = "decided") -> list[sa.Row[tuple[object, ...]]]:
    with house.db.read() as connection:
        of = (rating.c.subject_id == one) & (rating.c.step == step)
        return list(connection.execute(sa.select(rating).where(of).order_by(rating.c.id)))


def subjects(house: Services) -> list[sa.Row[tuple[object, ...]]]:
    with house.db.read() as connection:
        return list(connection.execute(sa.select(subject).order_by(subject.c.id)))
