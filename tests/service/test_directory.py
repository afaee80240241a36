"""Who is told: posts of a tree, and who holds them on a day."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from hanchot.domain.ladder import Audience
from hanchot.domain.unit import PostRole, UnitKind
from hanchot.service.directory import directory
from hanchot.service.install import bump
from hanchot.service.services import Services
from hanchot.store.tables import person, post, tenure, unit
from tests.cast import IN_CHARGE_OF_YT, SECRETARIES, Body, add_unit, appoint, settle, vacate

DAY = date(2024, 12, 9)


def told(house: Services, code: str, audience: Audience, day: date = DAY, root: str = "DUK") -> list[str | None]:
    """The names of an audience; None for a vacant post."""
    with house.db.read() as connection:
        ids = {c: i for c, i in connection.execute(sa.select(unit.c.code, unit.c.id))}
        found = directory(house.db, connection, ids[root], day).told(ids[code], audience)
        names = {i: n for i, n in connection.execute(sa.select(person.c.id, person.c.name))}
        return [names.get(one.person_id or 0) for one in found]


@pytest.mark.parametrize("code", sorted(SECRETARIES))
def test_the_holder_is_who_answers_for_the_unit(any_house: Services, code: str) -> None:
    assert told(any_house, code, "holder") == [SECRETARIES[code]]


@pytest.mark.parametrize(
    ("code", "above"),
    [("YT-BP1", "YT-BP"), ("YT-BP", "YT"), ("YT-1", "YT"), ("YT", "DUK"), ("BAO", "DUK"), ("DUK-BTC", "DUK")],
)
def test_above_is_the_committee_over_it(house: Services, code: str, above: str) -> None:
    assert told(house, code, "above") == [SECRETARIES[above]]


def test_above_the_root_stands_its_department(house: Services) -> None:
    assert told(house, "DUK", "above") == [SECRETARIES["DUK-BTC"]]


def test_the_department_and_who_is_in_charge(house: Services) -> None:
    assert told(house, "YT-BP1", "department") == [SECRETARIES["DUK-BTC"]]
    assert told(house, "YT-BP1", "in_charge") == [IN_CHARGE_OF_YT]  # of the branch it belongs to
    assert told(house, "BAO", "in_charge") == [SECRETARIES["DUK"]]  # nobody was named


def test_without_a_department_the_root_answers(empty_house: Services) -> None:
    settle(empty_house.db, (Body("DUK", "Đảng ủy", UnitKind.BLOC_COMMITTEE, None, "An"),
                            Body("CB", "Chi bộ", UnitKind.GRASSROOTS_CELL, "DUK", "Lâm")))  # fmt: skip
    assert told(empty_house, "CB", "department") == ["An"]


def test_a_department_deeper_in_the_tree_is_not_the_department(house: Services) -> None:
    with house.db.write() as connection:
        add_unit(connection, Body("YT-TC", "Phòng Tổ chức", UnitKind.ORGANISATION_DEPARTMENT, "YT", "Khác"))
    assert told(house, "YT-1", "department") == [SECRETARIES["DUK-BTC"]]


def test_a_cycle_over_a_branch_does_not_climb_out_of_it(house: Services) -> None:
    assert told(house, "YT", "above", root="YT") == []  # the branch has no department
    assert told(house, "YT-1", "in_charge", root="YT") == [IN_CHARGE_OF_YT]


def test_the_holder_is_looked_up_on_the_day(house: Services) -> None:
    with house.db.write() as connection:
        appoint(connection, "BAO", "Người mới", since=date(2024, 12, 10))
    assert told(house, "BAO", "holder", date(2024, 12, 9)) == ["Phan Văn Lâm"]  # his last day
    assert told(house, "BAO", "holder", date(2024, 12, 10)) == ["Người mới"]


def test_a_vacant_post_is_still_a_post(house: Services) -> None:
    with house.db.write() as connection:
        vacate(connection, "BAO")
    assert told(house, "BAO", "holder") == [None]


def test_what_is_remembered_ends_with_the_tenure(house: Services) -> None:
    with house.db.write() as connection:
        vacate(connection, "BAO", since=date(2024, 12, 10))
    assert told(house, "BAO", "holder", date(2024, 12, 9)) == ["Phan Văn Lâm"]  # his last day
    assert told(house, "BAO", "holder", date(2024, 12, 10)) == [None]
    assert told(house, "BAO", "holder", date(2024, 12, 9)) == ["Phan Văn Lâm"]  # a clock that went back


def test_a_secretary_goes_before_a_head(house: Services) -> None:
    with house.db.write() as connection:
        appoint(connection, "BAO", "Thủ trưởng Báo", role=PostRole.HEAD)
    assert told(house, "BAO", "holder") == ["Phan Văn Lâm"]


def test_it_is_remembered_until_the_organisation_changes(house: Services) -> None:
    assert told(house, "BAO", "holder") == ["Phan Văn Lâm"]
    with house.db.write() as connection:
        of_bao = sa.select(post.c.id).join(unit).where(unit.c.code == "BAO")
        connection.execute(sa.delete(tenure).where(tenure.c.post_id.in_(of_bao)))
    assert told(house, "BAO", "holder") == ["Phan Văn Lâm"]  # nobody has said that it changed
    with house.db.write() as connection:
        bump(connection, "org_version")
    assert told(house, "BAO", "holder") == [None]
