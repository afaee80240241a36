"""Ballots: tallies typed from the signed minutes, a second time by another person who does not see the first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple
from urllib.parse import quote, urlencode

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import Response

from hanchot.board.desk_form import Fault, faults_of, read_day
from hanchot.board.doors import Door, Page
from hanchot.board.frame import Board
from hanchot.board.judging_form import WORDS, Typed, body_there, some_of_cycle, typed_in
from hanchot.board.language import gettext as _
from hanchot.board.pages_judging import reach
from hanchot.board.who import viewer_of
from hanchot.board.writing import Form, Write, to
from hanchot.domain.access import Action
from hanchot.domain.errors import AlreadyDone, HanChotError
from hanchot.domain.rating_level import RatingLevel
from hanchot.service import access
from hanchot.service.desk import own_paths
from hanchot.service.judging import ballots
from hanchot.service.judging.ballots import Minutes
from hanchot.service.views.judging_lists import units_at
from hanchot.service.views.voting import (
    COUNTS,
    BallotPage,
    Voted,
    VotingForm,
    ballot_page,
    ballots_page,
    faults_by_subject,
    voting_form,
)

COUNTS_VI = {
    "convened": "Triệu tập", "present": "Có mặt", "issued": "Phiếu phát ra", "collected": "Phiếu thu về",
    "valid": "Phiếu hợp lệ", "invalid": "Phiếu không hợp lệ",
}  # fmt: skip
MOST = 100_000  # people at one meeting


class Paper(NamedTuple):
    """Of which vote the typed numbers are."""

    kind: str
    unit: str
    round: int
    subjects: tuple[Voted, ...]
    levels: tuple[RatingLevel, ...]


def ballot_there(connection: sa.Connection, request: Request) -> str | None:
    """The body that has voted."""
    return access.ballot_path(connection, request.path_params["id"])


def listed(board: Board, request: Request) -> Response:
    """The ballots of a cycle: which, by whom, in what state; no numbers. ``?enter=`` leads to the form of a unit."""
    viewer, code = viewer_of(board, request), request.path_params["code"]
    if asked := request.query_params.get("enter", "").strip()[:60]:
        return to(f"/cycles/{quote(code)}/ballots/{quote(asked, safe='')}")
    view = ballots_page(board.services, code, viewer.scopes(Action.SEE_TALLIES), reach(viewer, Action.SEE_TALLIES))
    own = units_at(board.services, own_paths(viewer.actor, viewer.at))
    mine = [(code, name) for code, name, path in own if viewer.may(Action.RATE, path)]
    return board.page(request, "ballots", board.clock(), view=view, mine=mine, **WORDS)


def new(board: Board, request: Request) -> Response:
    return _new(board, request)


def _asked(board: Board, request: Request) -> VotingForm:
    """``?kind=&round=&of=``: what is voted on, which round, in which branch."""
    asked = request.query_params
    number = asked.get("round", "1")
    return voting_form(
        board.services, request.path_params["code"], request.path_params["unit"], asked.get("kind", ""),
        int(number) if number in ("1", "2", "3") else 1, asked.get("of", "")[:60],
    )  # fmt: skip


def _new(
    board: Board, request: Request, faults: tuple[Fault, ...] = (), form: Form | None = None, status: int = 200
) -> Response:
    view = _asked(board, request)
    return board.page(
        request, "ballot_new", board.clock(), status=status, view=view, faults=faults, typed=typed_in(form), counts=COUNTS_VI,
        here=_address(request), **WORDS,
    )  # fmt: skip


def _address(request: Request) -> str:
    """The page's own address with what was chosen, for the form to come back to."""
    asked = {name: value for name in ("kind", "round", "of") if (value := request.query_params.get(name))}
    return f"{request.url.path}?{urlencode(asked)}" if asked else request.url.path


def enter(board: Board, request: Request, form: Form) -> Response:
    """The first entry."""
    view, now, actor = _asked(board, request), board.clock(), viewer_of(board, request).name
    if view.kind is None or view.votes is None:
        return _new(board, request, (Fault("kind", _("Chọn loại biểu quyết.")),), form, 422)
    minutes, faults = read_minutes(form, Paper(view.kind.key, view.unit_code, view.round, view.subjects, view.levels))
    if minutes is not None:
        names = {one.id: one.name for one in view.subjects}
        faults += _row_faults(faults_by_subject(minutes, view.votes, view.kind), names)
    if faults or minutes is None:
        return _new(board, request, faults, form, 422)
    try:
        made = ballots.enter(board.services, view.code, minutes, now, actor=actor)
    except AlreadyDone as error:
        if (same := _same(board, view, minutes, actor)) is not None:
            return to(f"/ballots/{same}")
        return _new(board, request, faults_of(error, "number"), form, 409)
    except HanChotError as error:
        return _new(board, request, faults_of(error), form, 422)
    return to(f"/ballots/{made.id}")


def _same(board: Board, view: VotingForm, minutes: Minutes, actor: str) -> int | None:
    """The ballot that a first click of the same person has made of the same numbers."""
    page = ballots_page(board.services, view.code, (), (view.path,))
    found = [one for one in page.rows if (one.minutes, one.round) == (minutes.number, minutes.round)]
    return next((one.id for one in found if ballot_page(board.services, one.id, actor).mine == minutes), None)


def one(board: Board, request: Request) -> Response:
    return _one(board, request)


def _one(
    board: Board, request: Request, faults: tuple[Fault, ...] = (), form: Form | None = None, status: int = 200
) -> Response:
    viewer = viewer_of(board, request)
    view = ballot_page(board.services, request.path_params["id"], viewer.name)
    typed = typed_in(form) if form else _of_minutes(view)
    writes = view.is_open and view.row.state != "confirmed" and viewer.may(Action.RATE, view.row.path)
    waits = view.row.state == "first" and view.mine is not None  # the other person's turn
    return board.page(
        request, "ballot", board.clock(), status=status, view=view, faults=faults, typed=typed, counts=COUNTS_VI,
        writes=writes and not waits, waits=waits, **WORDS,
    )  # fmt: skip


def confirm(board: Board, request: Request, form: Form) -> Response:
    """The second entry, or a correction of one's own while the two differ."""
    here, now, actor = request.path_params["id"], board.clock(), viewer_of(board, request).name
    view = ballot_page(board.services, here, actor)
    if view.kind is None or view.votes is None:
        return _one(board, request, (Fault("", _("Quy định của đợt không còn loại biểu quyết này.")),), form, 422)
    said = Paper(view.kind.key, view.row.unit_code, view.row.round, view.subjects, view.levels)
    minutes, faults = read_minutes(form, said, view.row.minutes)
    if minutes is not None:
        names = {one.id: one.name for one in view.subjects}
        faults += _row_faults(faults_by_subject(minutes, view.votes, view.kind), names)
    if faults or minutes is None:
        return _one(board, request, faults, form, 422)
    if minutes == view.mine:
        return to(f"/ballots/{here}")  # a second click
    try:
        ballots.confirm(board.services, here, minutes, now, actor=actor)
    except AlreadyDone as error:
        if ballot_page(board.services, here, actor).mine == minutes:
            return to(f"/ballots/{here}")  # the first of two clicks was still under way a moment ago
        return _one(board, request, faults_of(error), form, 409)
    except HanChotError as error:
        return _one(board, request, faults_of(error), form, 422)
    return to(f"/ballots/{here}")


def read_minutes(form: Form, paper: Paper, number: str = "") -> tuple[Minutes | None, tuple[Fault, ...]]:
    """The minutes as they were typed. A subject without a single number was not voted on; a blank beside numbers is 0."""
    faults: list[Fault] = []
    day = read_day(form.text("held_on"), "held_on")
    if isinstance(day, Fault):
        faults.append(day)
    said = number or form.text("number")
    if not said:
        faults.append(Fault("number", _("Ghi số biên bản kiểm phiếu đã ký.")))
    counts = {name: _count(form, name, _(COUNTS_VI[name]), faults, blank=None) for name in COUNTS}
    votes: dict[int, dict[RatingLevel, int]] = {}
    for who in paper.subjects:
        fields = {level: f"v.{who.id}.{level.value}" for level in paper.levels}
        if any(form.text(field) for field in fields.values()):
            row = {level: _count(form, field, f"{who.name}, {level.vi}", faults, blank=0) for level, field in fields.items()}
            votes[who.id] = {level: found or 0 for level, found in row.items()}
    if not votes:
        faults.append(Fault(f"row-{paper.subjects[0].id}" if paper.subjects else "", _("Ghi số phiếu của ít nhất một người.")))
    if faults or not isinstance(day, date):
        return None, tuple(faults)
    full = {name: found or 0 for name, found in counts.items()}
    return Minutes(paper.kind, paper.unit, day, said, **full, votes=votes, round=paper.round), ()


def _count(form: Form, field: str, words: str, faults: list[Fault], *, blank: int | None) -> int | None:
    text = form.text(field)
    if not text:
        if blank is None:
            faults.append(Fault(field, _("%(what)s: chưa ghi số.") % {"what": words}))
        return blank
    if not (text.isascii() and text.isdecimal()) or len(text) > 6 or int(text) > MOST:
        faults.append(Fault(field, _("%(what)s: “%(text)s” không phải số đếm.") % {"what": words, "text": text[:20]}))
        return blank
    return int(text)


def _row_faults(found: Mapping[int, tuple[object, ...]], names: Mapping[int, str]) -> tuple[Fault, ...]:
    """What cannot be, once for the head of the minutes and once for each row."""
    head: dict[str, str] = {}
    rows: list[Fault] = []
    for who, wrong in found.items():
        for one in wrong:
            code, words = str(getattr(one, "code", "")), str(getattr(one, "vi", ""))
            if field := _HEAD_FIELD.get(code):
                head[field] = words
            else:
                rows.append(Fault(f"row-{who}", f"{names[who]}: {words}"))
    return (*(Fault(field, words) for field, words in head.items()), *rows)


_HEAD_FIELD = {
    "nobody-convened": "convened", "present-over-convened": "present", "issued-over-present": "issued",
    "collected-over-issued": "collected", "valid-sum": "valid",
}  # fmt: skip


def _of_minutes(view: BallotPage) -> Typed:
    """What the viewer has typed before; never what somebody else has."""
    mine = view.mine
    if mine is None:
        return Typed()
    cells = {f"v.{who}.{level.value}": str(n) for who, levels in mine.votes.items() for level, n in levels.items()}
    counts = {name: str(getattr(mine, name)) for name in COUNTS}
    return Typed(cells | counts | {"held_on": f"{mine.held_on:%d/%m/%Y}"})


PAGES: dict[str, Door[Page]] = {
    "/cycles/{code}/ballots": Door(listed, Action.SEE_TALLIES, some_of_cycle),
    "/cycles/{code}/ballots/{unit}": Door(new, Action.RATE, body_there),
    "/ballots/{id:int}": Door(one, Action.SEE_TALLIES, ballot_there),
}
WRITES: dict[str, Door[Write]] = {
    "/cycles/{code}/ballots/{unit}": Door(enter, Action.RATE, body_there),
    "/ballots/{id:int}": Door(confirm, Action.RATE, ballot_there),
}
