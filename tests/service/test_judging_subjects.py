"""Who is rated in a cycle: organisations, collectives, holders of posts, members; who is exempt, and what must be asked."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from hanchot.domain.eligibility import PersonFacts, Stretch
from hanchot.domain.errors import NotFound, Refused
from hanchot.service.cycles import close_cycle
from hanchot.service.judging.ratings import Judgement, self_rate
from hanchot.service.judging.refusing import Forbidden
from hanchot.service.judging.rulebook import settle
from hanchot.service.judging.subjects import NamedAll, Told, add_person, name_subjects
from hanchot.service.opening import open_cycle
from hanchot.service.services import Services
from hanchot.store.judging_tables import subject
from hanchot.store.tables import person, unit
from tests import plans
from tests.judging import GOOD, NOW, subjects
from tests.look import at

KHOI = "khoi-binh-thuan-2024"


def named(house: Services, told: Told | None = None) -> NamedAll:
    return name_subjects(house, KHOI, NOW, actor="Bình", told=told)


def of(house: Services, kind: str) -> dict[str, str | None]:
    """Code of the unit → row of the matrix, for one kind of subjects."""
    query = sa.select(unit.c.code, subject.c.ratee).join(unit, unit.c.id == subject.c.unit_id).where(subject.c.kind == kind)
    with house.db.read() as connection:
        return {code: ratee for code, ratee in connection.execute(query)}


def code_of(house: Services, name: str) -> str:
    with house.db.read() as connection:
        found: str = connection.execute(sa.select(person.c.code).where(person.c.name == name)).scalar_one()
        return found


@pytest.fixture
def khoi(any_house: Services) -> Services:
    open_cycle(any_house, plans.plan(key=KHOI, regulation="124-QĐ/TW"), at("2024-11-18 07:00"))
    return any_house


def test_the_tree_and_the_posts_say_who_is_rated_and_twice_changes_nothing(khoi: Services) -> None:
    first = named(khoi)
    assert of(khoi, "organisation") == {
        "DUK": "own_organisation", "YT": "grassroots_organisation", "YT-BP": "section_organisation",
        "YT-BP1": "cell_of_section", "YT-1": "cell", "YT-2": "cell", "BAO": "grassroots_cell", "KHO": "grassroots_cell",
    }  # fmt: skip
    assert Counter(row.kind for row in subjects(khoi)) == {"organisation": 8, "collective": 2, "leader": 5, "member": 5}
    again = named(khoi)
    assert (first.added, again.added, again.total) == (20, 0, 20)


def test_a_cell_without_a_committee_is_not_rated_as_one(khoi: Services) -> None:
    """211-KH/ĐUK III.1.2: only grassroots units have a rated committee; whether a cell has one, a person says."""
    assert named(khoi).questions == ("Chi bộ Báo tỉnh có chi ủy hay không?", "Chi bộ Kho bạc có chi ủy hay không?")
    assert of(khoi, "collective") == {"DUK": "own_standing", "YT": "grassroots_standing"}
    told = named(khoi, Told(committees={"BAO": True, "KHO": False}))
    assert (told.added, told.questions) == (1, ())
    assert of(khoi, "collective")["BAO"] == "grassroots_cell_committee"


def test_who_is_excused_is_exempt_with_the_clause_and_cannot_be_rated(khoi: Services) -> None:
    who = code_of(khoi, "Phan Văn Lâm")
    excused = PersonFacts("Phan Văn Lâm", date(1990, 1, 1), excused=Stretch(date(2024, 6, 1)))
    assert named(khoi, Told(people={who: excused})).exempt == 1
    assert named(khoi).exempt == 1  # nobody has told anything new
    [one] = [row for row in subjects(khoi) if row.exempt]
    assert one.exempt == "được miễn công tác và sinh hoạt đảng [211-KH/ĐUK II.1.2]"
    with pytest.raises(Forbidden, match="không thuộc diện xếp loại"):
        self_rate(khoi, one.id, Judgement(GOOD), NOW, actor="Lâm")
    named(khoi, Told(people={who: PersonFacts("Phan Văn Lâm", date(1990, 1, 1))}))
    assert not [row for row in subjects(khoi) if row.exempt]


def test_less_than_six_months_waits_for_the_day_that_the_department_sets(khoi: Services) -> None:
    who = code_of(khoi, "Phan Văn Lâm")
    new = Told(people={who: PersonFacts("Phan Văn Lâm", date(2024, 7, 15))})
    named(khoi, new)
    [one] = [row for row in subjects(khoi) if row.awaits]
    assert "không nêu tính đến ngày nào" in one.awaits
    with pytest.raises(Refused, match="không phải ngày"):
        settle(khoi, KHOI, "eligibility.counted_to", "cuối năm", NOW, actor="Bình", reason="TB 3")
    settle(khoi, KHOI, "eligibility.counted_to", "2024-12-31", NOW, actor="Bình", reason="TB 3")
    named(khoi, new)
    [row] = [row for row in subjects(khoi) if row.exempt]
    assert (row.id, row.awaits) == (one.id, None) and "chưa đủ 6 tháng" in row.exempt


def test_a_member_without_a_post_is_added_once(khoi: Services) -> None:
    with khoi.db.write() as connection:
        connection.execute(sa.insert(person).values(code="M01", name="Đảng viên M01"))
    one = add_person(khoi, KHOI, "YT-1", "M01", NOW, actor="Bình")
    assert add_person(khoi, KHOI, "YT-1", "M01", NOW, actor="Bình") == one
    with pytest.raises(Refused, match="đã có trong đợt, ở nơi khác"):
        add_person(khoi, KHOI, "BAO", "M01", NOW, actor="Bình")
    for where, who in (("YT-9", "M01"), ("YT-1", "M99")):
        with pytest.raises(NotFound):
            add_person(khoi, KHOI, where, who, NOW, actor="Bình")


@pytest.mark.parametrize("person_too", [False, True])
def test_the_database_keeps_one_subject_of_a_kind(khoi: Services, person_too: bool) -> None:
    named(khoi)
    row: Any = next(row for row in subjects(khoi) if (row.person_id is not None) == person_too)
    with pytest.raises(IntegrityError), khoi.db.write() as connection:
        connection.execute(sa.insert(subject).values(**{k: v for k, v in row._mapping.items() if k != "id"}))


def test_a_closed_cycle_takes_nobody(khoi: Services) -> None:
    close_cycle(khoi, KHOI, NOW, actor="Bình", reason="xong")
    with pytest.raises(Refused, match="đã đóng"):
        named(khoi)
