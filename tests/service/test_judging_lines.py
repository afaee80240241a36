"""A decision paper of many lines: each question is put once for the whole paper, and answered as for each line alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from hanchot.domain.opinion import Kind
from hanchot.domain.rating_level import Subject
from hanchot.service.judging.bodies import find_body
from hanchot.service.judging.complaints import Complaint, register
from hanchot.service.judging.deciding import Paper, confirm_decision, draft_decision, reopen
from hanchot.service.judging.gathering import gather_lines
from hanchot.service.judging.guards import Known, Line
from hanchot.service.judging.ratings import Judgement, propose
from hanchot.service.judging.subjects import name_subjects
from hanchot.service.opinions import Request, ask
from hanchot.service.services import Services
from hanchot.service.views.deciding import decision_page
from hanchot.service.views.drafting import recount
from tests.judging import CELL, CODE, DAY, GOOD, NOW, appraised, both_rounds, cell_of, decided, subjects

FEW, MANY = 6, 24
ASKED = Request(CELL, Kind.RESIDENCE, date(2024, 12, 27), person="M07", source="nơi cư trú")
WRITES = 2  # of each line that is decided: its rating, and the event that seals it


@pytest.fixture
def members(any_house: Services) -> list[int]:
    """A cell whose members were all voted good, four of them excellent; one more than any test decides on."""
    found = cell_of(any_house, FEW + MANY + 1)
    appraised(any_house, found)
    both_rounds(any_house, found, found[:4])
    return found


def test_a_paper_of_24_lines_asks_no_more_than_one_of_6(any_house: Services, members: list[int]) -> None:
    few, many = paper(members[:FEW], "06-QĐ"), paper(members[FEW:-1], "24-QĐ")

    def recounted(said: Paper) -> int:
        return statements(any_house, lambda: recount(any_house, said, NOW, actor="Hòa"))

    def drafted(said: Paper) -> int:
        return statements(any_house, lambda: draft_decision(any_house, said, NOW, actor="Hòa"))

    def looked_at(number: int) -> int:
        return statements(any_house, lambda: decision_page(any_house, number, NOW))

    def confirmed(number: int) -> int:
        return statements(any_house, lambda: confirm_decision(any_house, number, NOW, actor="Lan"))

    assert recounted(few) == recounted(many)
    assert drafted(few) == drafted(many)
    assert looked_at(1) == looked_at(2)
    short, long = confirmed(1), confirmed(2)
    assert long - short <= WRITES * (MANY - FEW)


def test_a_line_among_many_is_judged_as_if_it_stood_alone(any_house: Services, members: list[int]) -> None:
    """But for the quota, which is that of the whole paper: nobody gets the answer of somebody else."""
    name_subjects(any_house, CODE, NOW, actor="Bình")
    decided(any_house, members[4], GOOD)
    register(any_house, members[4], Complaint("M05", DAY, "lý do"), NOW, actor="Hòa")
    reopen(any_house, members[4], NOW, actor="Hòa", approver="Lan", reason="xét lại")
    propose(any_house, members[5], CELL, Judgement(GOOD), NOW, actor="An")
    ask(any_house, CODE, [ASKED], NOW, actor="Bình")
    lines = [Line(row.id, Judgement(GOOD)) for row in subjects(any_house) if not row.exempt]
    lines[7] = replace(lines[7], dossier_elsewhere=" ")

    together, alone = gathered(any_house, lines), [gathered(any_house, [line])[0] for line in lines]

    assert [without_quota(one) for one in together] == [without_quota(one) for one in alone]
    assert [one.case.who.id for one in together] == [line.subject_id for line in lines]
    assert names(one for one in together if one.earlier_id) == {"Đảng viên M05"}
    assert names(one for one in together if one.proposed_by) == {"Đảng viên M06"}
    assert names(one for one in together if one.waits.missing) == {"Đảng viên M07"}
    assert [len(one.votes) for one in together[: len(members)]] == [2] * 4 + [1] * (len(members) - 4)
    assert {one.case.subject for one in together if one.below_left} == {Subject.ORGANISATION}


def paper(members: Sequence[int], number: str) -> Paper:
    return Paper(CELL, number, DAY, tuple(Line(one, Judgement(GOOD)) for one in members))


def statements(house: Services, what: Callable[[], object]) -> int:
    """How many statements ``what`` sends; no answer is remembered from before."""
    house.db.remembered.pop("until_next_event", None)
    seen: list[object] = []

    def count(*given: object) -> None:
        seen.append(given[2])

    sa.event.listen(house.db.engine, "before_cursor_execute", count)
    what()
    sa.event.remove(house.db.engine, "before_cursor_execute", count)
    return len(seen)


def gathered(house: Services, lines: Sequence[Line]) -> tuple[Known, ...]:
    with house.db.read() as connection:
        return gather_lines(house, connection, lines, find_body(connection, CELL), DAY)


def without_quota(one: Known) -> Known:
    return replace(one, pool=None, allowance=None)


def names(found: Iterable[Known]) -> set[str]:
    return {one.case.name for one in found}
