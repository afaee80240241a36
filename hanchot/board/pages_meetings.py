"""Review meetings: the week by who attends from above, and a unit's meetings with what is missing and what may be done."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from hanchot.board.days import read_day as day_of
from hanchot.board.desk_form import Fault, read_day
from hanchot.board.doors import Door, Page
from hanchot.board.frame import Board
from hanchot.board.keeping import Deeds, demand_right, faults_at, may_do, place_of, said, status_of, unit_here
from hanchot.board.language import gettext as _
from hanchot.board.who import viewer_of
from hanchot.board.writing import Form, Write, to
from hanchot.domain.access import Action
from hanchot.domain.errors import AlreadyDone, HanChotError
from hanchot.domain.instants import at_local, local_day
from hanchot.domain.review_order import SITTINGS, Step
from hanchot.service import meetings
from hanchot.service.meetings import MarkKind, Which, Wish
from hanchot.service.views import meetings as views

_UNIT = (Action.DO, Action.RECORD)  # the unit registers; the department types what came on paper
_OVER = (*_UNIT, Action.RETURN)  # who attends, and that the time suits them, is said from above, too
DEEDS: Deeds = {"book": _UNIT, "move": _UNIT, "cancel": _UNIT, "hold": _UNIT, "attend": _OVER, "mark": _OVER}
FIELDS = ("do", "step", "day", "begins", "last_day", "ends", "place", "others", "asked_day", "asked_at", "reason", "minutes",
          "mark", "mark_day")  # fmt: skip
ROLES = {"": "không dự", "directs": "dự, chỉ đạo", "follows": "dự, theo dõi"}
# The field at which each rule's sentence stands.
AT: Mapping[str, str] = {
    "registered-late": "day", "papers-late": "day", "out-of-order": "day", "too-short": "ends", "ends-before-start": "ends",
    "clash": "attends", "in-charge-absent": "attends", "topics-unattended": "attends",
}  # fmt: skip
_TIME = re.compile(r"(\d{1,2})\s*(?:[:hg.]\s*(\d{2})?)?\s*(?:giờ)?", re.IGNORECASE)


def week(board: Board, request: Request) -> Response:
    """The week of ``?day=``: who of the superiors attends what, where and when."""
    now, asked = board.clock(), request.query_params
    try:
        day = day_of(asked.get("day", ""))
    except ValueError:
        day = local_day(now)
    person, scopes = asked.get("person") or None, viewer_of(board, request).scopes(Action.WATCH)
    view = views.week(board.services, day, scopes=scopes, person=person)
    return board.page(request, "meetings_week", now, view=view, person=person, most=views.MOST)


def unit(board: Board, request: Request) -> Response:
    return _unit(board, request)


def _unit(
    board: Board, request: Request, faults: tuple[Fault, ...] = (), form: Form | None = None, status: int = 200
) -> Response:
    now, viewer, at = board.clock(), viewer_of(board, request), request.path_params
    place = place_of(board, request)
    view = views.unit_meetings(board.services, at["code"], at["unit"], now)
    desk = views.desk(board.services, place, now)
    deeds = {do for do in DEEDS if place.open and may_do(viewer, DEEDS, do, place.path)}
    booked = {line.meeting.step for line in view.lines}
    return board.page(
        request, "meetings_unit", now, status=status, place=place, view=view, desk=desk, deeds=deeds, faults=faults,
        typed=said(form, *FIELDS), chosen=_roles(form), roles=ROLES, left=[step for step in SITTINGS if step not in booked],
    )  # fmt: skip


def act(board: Board, request: Request, form: Form) -> Response:
    """One deed on one meeting; a second click shows the same page."""
    try:
        faults = _do(board, request, form)
    except HanChotError as error:
        done = isinstance(error, AlreadyDone) and form.text("do") != "book"
        if done or _stands(board, request, form):
            return to(f"{request.url.path}#meetings")
        return _unit(board, request, faults_at(error, AT, _FIELD.get(form.text("do"), "")), form, status_of(error))
    return _unit(board, request, faults, form, 422) if faults else to(f"{request.url.path}#meetings")


_FIELD = {"cancel": "reason", "move": "reason", "hold": "minutes", "attend": "others", "mark": "mark"}


def _do(board: Board, request: Request, form: Form) -> tuple[Fault, ...]:
    viewer, here, do = viewer_of(board, request), place_of(board, request), form.text("do")
    demand_right(viewer, DEEDS, do, here.path)
    now, actor, services = board.clock(), viewer.name, board.services
    which = Which(here.cycle, here.unit, _step(form))
    match do:
        case "book" | "move":
            return _schedule(board, form, which, actor)
        case "cancel":
            meetings.cancel(services, which, now, actor=actor, reason=form.text("reason"))
        case "attend":
            meetings.attend(services, which, *_attending(form), now, actor=actor)
        case "hold":
            meetings.hold(services, which, form.text("minutes"), now, actor=actor, reason=form.text("reason"))
        case "mark":
            day = read_day(form.text("mark_day"), "mark_day")
            if not isinstance(day, date):
                return (day,)
            kind, _colon, who = form.text("mark").partition(":")
            chosen: MarkKind = "approved" if kind == "approved" else "papers"
            meetings.mark(services, which, chosen, who, day, now, actor=actor)
    return ()


def _schedule(board: Board, form: Form, which: Which, actor: str) -> tuple[Fault, ...]:
    """Book or move: the times as they were typed, then the rules."""
    read = _times(form)
    if not isinstance(read, Times):
        return read
    now = board.clock()
    if form.text("do") == "move":
        meetings.move_meeting(
            board.services,
            which,
            read.starts,
            read.ends,
            now,
            actor=actor,
            reason=form.text("reason"),
            place=form.text("place"),
        )
    else:
        directs, follows = _attending(form)
        wish = Wish(read.starts, read.ends, form.text("place"), directs, follows, read.asked)
        meetings.book_meeting(board.services, which, wish, now, actor=actor)
    return ()


def _step(form: Form) -> Step:
    """Which of the unit's meetings the form is about."""
    said = form.text("step")
    return Step(said) if said in SITTINGS else Step.COLLECTIVE


class Times(NamedTuple):
    """A meeting's instants; ``asked``: when the unit asked on paper, None: now."""

    starts: datetime
    ends: datetime
    asked: datetime | None


def _times(form: Form) -> Times | tuple[Fault, ...]:
    """Days and times as people write them (``16/12/2024``, ``7h30``), or what is wrong with each field."""
    day = read_day(form.text("day"), "day")
    last = read_day(form.text("last_day"), "last_day") if form.text("last_day") else day
    begins, ends = read_time(form.text("begins"), "begins"), read_time(form.text("ends"), "ends")
    asked_day = read_day(form.text("asked_day"), "asked_day") if form.text("asked_day") else None
    asked_at = read_time(form.text("asked_at") or "0h", "asked_at")
    every = (day, begins, *((last,) if form.text("last_day") else ()), ends, asked_day, asked_at)
    if faults := tuple(one for one in every if isinstance(one, Fault)):
        return faults
    assert isinstance(day, date) and isinstance(last, date) and isinstance(begins, time) and isinstance(ends, time)
    asked = at_local(asked_day, asked_at) if isinstance(asked_day, date) and isinstance(asked_at, time) else None
    return Times(at_local(day, begins), at_local(last, ends), asked)


def read_time(text: str, field: str) -> time | Fault:
    """``7:30``, ``7h30``, ``14h`` or ``8 giờ``."""
    found = _TIME.fullmatch(text)
    try:
        return time(int(found[1]), int(found[2] or 0)) if found else Fault(field, _("Ghi giờ, ví dụ 7h30."))
    except ValueError:
        return Fault(field, _("Không có giờ %(text)s.") % {"text": text[:20]})


def _roles(form: Form | None) -> dict[str, str]:
    """Who was chosen to attend, by code."""
    every = form.texts if form else {}
    return {name.removeprefix("role:"): texts[0] for name, texts in every.items() if name.startswith("role:")}


def _attending(form: Form) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Codes of those who direct, and of those who follow; further codes that were typed direct."""
    roles, others = _roles(form), re.split(r"[\s,;]+", form.text("others"))
    directs = (*(code for code, role in roles.items() if role == "directs"), *(code for code in others if code))
    return directs, tuple(code for code, role in roles.items() if role == "follows" and code not in directs)


def _stands(board: Board, request: Request, form: Form) -> bool:
    """Whether the meeting stands as the form wants it: the first of two clicks has done it."""
    at, do = request.path_params, form.text("do")
    view = views.unit_meetings(board.services, at["code"], at["unit"], board.clock())
    there = next((line.meeting for line in view.lines if line.meeting.step == _step(form)), None)
    if do == "cancel" or there is None:
        return do == "cancel" and there is None
    if do == "hold":
        return there.held_at is not None and there.minutes == form.text("minutes")
    read = _times(form)
    return do == "book" and isinstance(read, Times) and (there.starts, there.ends) == (read.starts, read.ends)


PAGES: dict[str, Door[Page]] = {
    "/meetings": Door(week, Action.WATCH),
    "/cycles/{code}/meetings/{unit}": Door(unit, Action.SEE, unit_here),
}
WRITES: dict[str, Door[Write]] = {
    "/cycles/{code}/meetings/{unit}": Door(act, Action.DO, unit_here, also=(Action.RECORD, Action.RETURN)),
}
