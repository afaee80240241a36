"""Reviews of the tests' cast under the rules of a district or of a province, for meetings, topics and opinions."""

from __future__ import annotations

import sqlalchemy as sa

from hanchot.service.opening import open_cycle
from hanchot.service.services import Services
from hanchot.store.tables import person
from tests import plans
from tests.look import at

DISTRICT, PROVINCE = "huyen-2023-2024", "quang-ngai-13-hd-tu-2024"
STANDING_SECRETARY = "Phạm Quốc Cường"


def reviewed_under(house: Services, code: str) -> Services:
    """The tests' plan, with “giấy mời” five days before the review meeting, under the rules of review that ``code`` names."""
    key = code.removesuffix("-2024")
    open_cycle(house, plans.plan(key=key, regulation="124-QĐ/TW"), at("2024-11-18 07:00"))
    return house


def code_of(house: Services, name: str) -> str:
    """The code of the (first) person of that name."""
    query = sa.select(person.c.code).where(person.c.name == name).order_by(person.c.id)
    with house.db.read() as connection:
        return str(connection.execute(query).scalars().first())
