"""A person's private calendar: where its address is shown, changed and revoked; and the calendar itself."""

from __future__ import annotations

import hashlib
from contextlib import suppress

from starlette.requests import Request
from starlette.responses import Response

from hanchot.board.doors import Door, Page
from hanchot.board.frame import Board
from hanchot.board.keeping import number
from hanchot.board.who import viewer_of
from hanchot.board.writing import Form, Write, to
from hanchot.domain.access import Action
from hanchot.domain.errors import AlreadyDone
from hanchot.service.feed import end_feed, feed_of, make_feed, read_feed


def calendar(board: Board, request: Request) -> Response:
    person_id = viewer_of(board, request).person_id
    feed = feed_of(board.services, person_id) if person_id is not None else None
    address = f"{board.services.settings.board}{feed.path}" if feed else None
    return board.page(request, "my_calendar", board.clock(), address=address, number=feed.number if feed else "")


def change(board: Board, request: Request, form: Form) -> Response:
    viewer, now = viewer_of(board, request), board.clock()
    assert viewer.person_id is not None  # the door lets only people with work of their own through
    if form.text("do") == "end":
        end_feed(board.services, viewer.person_id, now, actor=viewer.name)
        return to("/my/calendar")
    seen = number(form.text("seen")) or None
    with suppress(AlreadyDone):  # a second click makes no second address
        make_feed(board.services, viewer.person_id, now, actor=viewer.name, instead_of=seen)
    return to("/my/calendar")


def feed(board: Board, request: Request) -> Response:
    """The calendar, for a program without a sign-in. The same all day long unless a deadline has moved."""
    made = read_feed(board.services, request.path_params["key"], board.clock())
    tag = f'"{hashlib.sha256(made).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": "private, no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(made, media_type="text/calendar; charset=utf-8", headers=headers)


PAGES: dict[str, Door[Page]] = {
    "/my/calendar": Door(calendar, Action.DO),
    "/feed/{key}.ics": Door(feed),
}
WRITES: dict[str, Door[Write]] = {"/my/calendar": Door(change, Action.DO)}
