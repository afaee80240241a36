"""Answers of the department: which cells have a committee. Many cells at a time, one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from hanchot.domain.errors import NotFound
from hanchot.domain.rating_level import Subject
from hanchot.service.judging import committees
from hanchot.service.judging.members import open_rules
from hanchot.service.judging.subjects import COLLECTIVE, Tree, of_unit, units_of, write_down
from hanchot.service.services import Services


@dataclass(frozen=True, slots=True)
class Answered:
    """How many answers were new: cells with a committee and without one. Both 0: a second click."""

    yes: int
    no: int


def answer_committees(services: Services, code: str, told: Mapping[str, bool], now: datetime, *, actor: str) -> Answered:
    """Say of cells, by code, whether they have a committee: yes puts it on the list, no keeps it off or takes it off.

    NotFound: a code that is no cell of the cycle's tree, or whose committee nobody rates. Refused: the cycle is closed,
    or a committee that has a rating is said not to exist.
    """
    with services.db.write() as connection:
        rules = open_rules(services, connection, code)
        units = units_of(connection, rules, now)
        asked = committees.asked_kinds(rules.review.places)
        cells = {at.code: at for at in units if at.kind in asked}
        if stranger := next((one for one in told if one not in cells), None):
            raise NotFound(f"Không có chi bộ “{stranger}” để hỏi trong đợt “{code}”.", way_out="Tải lại trang rồi trả lời.")
        said = {cells[one].id: has for one, has in told.items()}
        fresh = committees.remember(connection, rules, said, now, actor=actor)
        tree = Tree(units, rules.root_id)
        rated = [tree.by_id[one] for one in fresh if said[one]]
        write_down(connection, rules, [of_unit(at, Subject.COLLECTIVE, COLLECTIVE.get(at.kind), tree) for at in rated])
        return Answered(len(rated), len(fresh) - len(rated))
