"""A living address for every page of judging: a small cell that has voted, been decided on and complained."""

from __future__ import annotations

import re

from hanchot.board import (
    pages_ballots,
    pages_complaints,
    pages_deciding,
    pages_judging,
    pages_members,
    pages_register,
    pages_subjects,
)
from hanchot.service.judging.complaints import Complaint, register
from hanchot.service.judging.deciding import Paper, draft_decision
from hanchot.service.judging.guards import Line
from hanchot.service.judging.ratings import Judgement
from hanchot.service.judging.subjects import add_person
from hanchot.service.services import Services
from tests.judging import CELL, CODE, DAY, GOOD, NOW, appraised, cell_of, decided, minutes, voted

LAM = "CB009"  # Phan Văn Lâm, secretary of the cell BAO
ROOMS = (pages_judging, pages_ballots, pages_deciding, pages_complaints, pages_register, pages_subjects, pages_members)
ONE = "/cycles/{code}/subjects/{unit}"


def judged_cell(house: Services) -> int:
    """Returns the subject that is decided; its ballot, the draft about the other one and its complaint have the number 1."""
    one, other = cell_of(house, 2)
    appraised(house, [one, other])
    voted(house, minutes({one: {GOOD: 30}, other: {GOOD: 30}}))
    line = Line(other, Judgement(GOOD, reason="theo phiếu"))
    draft_decision(house, Paper(CELL, "05-QĐ/CB", DAY, (line,)), NOW, actor="Hòa")
    decided(house, one, GOOD, number="06-QĐ/CB")
    register(house, one, Complaint("M01", DAY, "lý do"), NOW, actor="Hòa")
    return one


def judging_addresses(house: Services) -> dict[str, str]:
    """By the path of the route."""
    judged = judged_cell(house)
    found = {}
    for path in (path for room in ROOMS for path in room.PAGES):
        known = {"code": CODE, "unit": CELL, "key": "13-hd-tu", "id": judged if path.startswith("/judging") else 1}
        if path.startswith("/results"):
            known["code"] = "M01" if "people" in path else CELL
        found[path] = re.sub(r"\{(\w+)(:\w+)?\}", lambda one, known=known: str(known[one[1]]), path)  # type: ignore[misc]
    listed = add_person(house, CODE, "BAO", LAM, NOW, actor="Bình")
    here = f"/cycles/{CODE}/subjects/BAO"
    found["/cycles/{code}/members/write"] = f"/cycles/{CODE}/members/write"
    return found | {ONE: here, f"{ONE}/{{id:int}}": f"{here}/{listed}", f"{ONE}/{{id:int}}/out": f"{here}/{listed}/out"}
