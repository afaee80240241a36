"""Who is who on a day: validity and tenure count their first and last day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa

from hanchot.domain.errors import NotFound
from hanchot.domain.unit import PostRole, UnitKind
from hanchot.service.org import lookup as org
from hanchot.store.db import Database
from hanchot.store.tables import person, post, tenure, unit

MERGER = date(2025, 7, 1)


@pytest.fixture
def db() -> Iterator[Database]:
    """A district with one commune until 30/6/2025 and another from the next day; the secretary changes at New Year."""
    made = Database("sqlite://")
    made.create()
    last = date(2025, 6, 30)
    units = [
        {"id": 1, "code": "H", "name": "Huyện ủy", "kind": "district_committee", "path": "/1/"},
        {"id": 2, "code": "X", "name": "Xã cũ", "kind": "grassroots_committee", "path": "/1/2/", "valid_to": last},
        {"id": 3, "code": "Y", "name": "Xã mới", "kind": "grassroots_committee", "path": "/1/3/", "valid_from": MERGER},
        {"id": 11, "code": "Z", "name": "Cây khác", "kind": "bloc_committee", "path": "/11/"},
    ]
    with made.write() as connection:
        for row in units:
            connection.execute(sa.insert(unit), {"parent_id": 1 if row["id"] in (2, 3) else None, **row})
        people = [
            {"id": 1, "code": "N1", "name": "Một", "email": None},
            {"id": 2, "code": "N2", "name": "Hai", "email": "hai@mau.example"},
        ]
        connection.execute(sa.insert(person), people)
        connection.execute(
            sa.insert(post), [{"id": 7, "unit_id": 1, "role": "secretary"}, {"id": 8, "unit_id": 1, "role": "deputy"}]
        )
        held = [
            {"post_id": 7, "person_id": 1, "ends": date(2024, 12, 31)},
            {"post_id": 7, "person_id": 2, "starts": date(2025, 1, 1)},
        ]
        for row in held:
            connection.execute(sa.insert(tenure), row)
    yield made
    made.close()


@pytest.mark.parametrize(("day", "codes"), [(date(2025, 6, 30), ["H", "X"]), (MERGER, ["H", "Y"])])
def test_a_unit_exists_from_its_first_to_its_last_day(db: Database, day: date, codes: list[str]) -> None:
    with db.read() as connection:
        assert [row.code for row in org.units_as_of(connection, 1, day)] == codes


def test_a_branch_is_its_own_prefix_only(db: Database) -> None:
    with db.read() as connection:
        assert [row.code for row in org.units_as_of(connection, 11, MERGER)] == ["Z"]
        with pytest.raises(NotFound, match="số 99"):
            org.units_as_of(connection, 99, MERGER)


@pytest.mark.parametrize(("day", "name"), [(date(2000, 1, 1), "Một"), (date(2024, 12, 31), "Một"), (date(2025, 1, 1), "Hai")])
def test_a_post_is_held_from_the_first_to_the_last_day_of_a_tenure(db: Database, day: date, name: str) -> None:
    with db.read() as connection:
        holder = org.holder_of(connection, 7, day)
        assert holder and (holder.name, holder.role, holder.unit_id) == (name, PostRole.SECRETARY, 1)
        assert list(org.holders_as_of(connection, day)) == [7]


def test_a_vacant_post_has_no_holder(db: Database) -> None:
    with db.read() as connection:
        assert org.posts_of(connection, 1) == {PostRole.SECRETARY: 7, PostRole.DEPUTY: 8}
        assert org.holder_of(connection, 8, MERGER) is None


def test_units_are_found_by_code(db: Database) -> None:
    with db.read() as connection:
        assert org.unit_by_code(connection, "Z") == org.UnitRow(11, "Z", "Cây khác", UnitKind.BLOC_COMMITTEE, None, "/11/")
        with pytest.raises(NotFound, match="mã “ZZ”"):
            org.unit_by_code(connection, "ZZ")


def test_party_organisations_answer_by_secretary_other_bodies_by_head() -> None:
    heads = {kind for kind in UnitKind if org.responsible_role(kind) is PostRole.HEAD}
    assert heads == {
        UnitKind.ORGANISATION_DEPARTMENT, UnitKind.OFFICE, UnitKind.ADVISORY_BODY, UnitKind.GOVERNMENT,
        UnitKind.FRONT, UnitKind.AGENCY, UnitKind.LEADERSHIP,
    }  # fmt: skip
