"""People and posts: found without marks, put right, appointed and relieved from a day on; their rights and sign-ins."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from starlette.requests import Request
from starlette.responses import Response

from hanchot.board.admin_form import Typed, Wrong, day_of, day_or_none, done_of, typed_of
from hanchot.board.desk_form import Fault, faults_of
from hanchot.board.doors import Door, Page, whole
from hanchot.board.frame import Board, page_number
from hanchot.board.who import viewer_of
from hanchot.board.writing import Form, Write, to
from hanchot.domain.access import Action, Role
from hanchot.domain.errors import AlreadyDone, Conflict, HanChotError, NotFound, Refused
from hanchot.domain.instants import local_day
from hanchot.domain.unit import PostRole
from hanchot.service import signing_in, stand_ins
from hanchot.service.org import appointing
from hanchot.service.org.appointing import Contact, Holder
from hanchot.service.views import people as views
from hanchot.store.access_tables import GRANTED

CONTACT = ("name", "email", "phone")
LENGTH = 300


def people(board: Board, request: Request) -> Response:
    now, asked = board.clock(), request.query_params
    text, only = asked.get("q", "")[:100], asked.get("only", "")
    view = views.people(board.services, now, text=text, only=only, page=page_number(request))
    return board.page(request, "people", now, view=view, text=text, only=only, done=done_of(request))


def person(board: Board, request: Request) -> Response:
    return _person(board, request)


def _person(
    board: Board, request: Request, faults: tuple[Fault, ...] = (), form: Form | None = None, status: int = 200
) -> Response:
    now, number = board.clock(), request.path_params["id"]
    view = views.person_page(board.services, number, now)
    with board.services.db.read() as connection:
        held = stand_ins.posts_held(connection, number, local_day(now))
        printed = signing_in.last_printed(connection, number)
    typed = Typed(name=view.one.name, email=view.one.email or "", phone=view.one.phone or "")
    typed.update(typed_of(form))
    facts = {
        "view": view, "faults": faults, "done": done_of(request), "roles": [Role(one) for one in GRANTED], "held": held,
        "typed": typed, "do": form.text("do") if form else "", "printed": printed,
    }  # fmt: skip
    return board.page(request, "person", now, status=status, **facts)


def change(board: Board, request: Request, form: Form) -> Response:
    """One change to one person; ``do`` says which."""
    number, do = request.path_params["id"], form.text("do")
    try:
        if do == "codes":
            return _codes(board, request, form)
        said = _ACTS[do](board, request, form, board.clock()) if do in _ACTS else "same"
    except AlreadyDone:
        said = "same"
    except Wrong as error:
        return _person(board, request, (error.fault,), form, 422)
    except HanChotError as error:
        return _person(board, request, faults_of(error), form, 409 if isinstance(error, Conflict) else 422)
    return to(f"/people/{number}?done={said}")


def _codes(board: Board, request: Request, form: Form) -> Response:
    """Printed codes are shown on the answer itself: they are known here and never again."""
    code = views.person_code(board.services, request.path_params["id"])
    now = board.clock()
    who, seen = viewer_of(board, request).name, form.text("printed")
    seen_code = int(seen) if seen.isdecimal() and len(seen) < 18 else 0
    sheets = signing_in.print_codes(board.services, [code], now, actor=who, seen=seen_code)
    return board.page(request, "person_codes", now, sheet=sheets[0], number=request.path_params["id"])


def _correct(board: Board, request: Request, form: Form, now: datetime) -> str:
    said = {cast(Contact, name): form.text(name)[:LENGTH] for name in CONTACT}
    was = {cast(Contact, name): form.text(f"was_{name}") for name in CONTACT}
    number = request.path_params["id"]
    appointing.correct(board.services, number, said, was, now, actor=viewer_of(board, request).name)
    return "corrected"


def _end_logins(board: Board, request: Request, form: Form, now: datetime) -> str:
    code = views.person_code(board.services, request.path_params["id"])
    signing_in.end_logins(board.services, code, now, actor=viewer_of(board, request).name)
    return "logins"


def _grant(board: Board, request: Request, form: Form, now: datetime) -> str:
    """Nobody gives a right to themselves: two administrators look after each other, or the machine's own shell."""
    viewer, number = viewer_of(board, request), request.path_params["id"]
    if viewer.person_id == number:
        raise Refused("Không tự cấp quyền cho mình.", way_out="Đề nghị người quản trị khác cấp.", thing="role")
    code = views.person_code(board.services, number)
    starts, ends = day_or_none(form, "starts"), day_or_none(form, "ends")
    try:
        signing_in.grant(board.services, code, form.text("role"), form.text("unit"), now, actor=viewer.name,
                         starts=starts, ends=ends)  # fmt: skip
    except NotFound as error:
        raise Refused(error.message, way_out=error.way_out, thing="unit") from error
    return "granted"


def _end_grant(board: Board, request: Request, form: Form, now: datetime) -> str:
    given = views.person_page(board.services, request.path_params["id"], now).grants
    number = form.text("grant")
    if number not in {str(one.id) for one in given}:
        raise AlreadyDone("Quyền này đã hết.")
    signing_in.end_grant(board.services, int(number), now, actor=viewer_of(board, request).name)
    return "ended"


def _hand_over(board: Board, request: Request, form: Form, now: datetime) -> str:
    said, person_id, other = form.text("post"), request.path_params["id"], form.text("to")[:254]
    post = int(said) if said.isdecimal() and len(said) < 15 else 0
    first, last, who = day_of(form, "from"), day_of(form, "until"), viewer_of(board, request).name
    stand_ins.hand_over(board.services, post, person_id, other, first, last, now, actor=who)
    return "handed"


def _take_back(board: Board, request: Request, form: Form, now: datetime) -> str:
    number = form.text("stand_in")
    if number.isdecimal() and len(number) < 15:
        who = viewer_of(board, request).name
        stand_ins.take_back(board.services, int(number), request.path_params["id"], now, actor=who)
    return "back"


_ACTS = {
    "correct": _correct,
    "end_logins": _end_logins,
    "grant": _grant,
    "end_grant": _end_grant,
    "hand_over": _hand_over,
    "take_back": _take_back,
}


def posts(board: Board, request: Request) -> Response:
    return _posts(board, request)


def _posts(
    board: Board, request: Request, faults: tuple[Fault, ...] = (), form: Form | None = None, status: int = 200
) -> Response:
    now = board.clock()
    view = views.unit_posts(board.services, request.path_params["code"], now)
    facts = {"view": view, "faults": faults, "done": done_of(request), "form": form, "at": form.text("role") if form else ""}
    return board.page(request, "people_posts", now, status=status, **facts)


def settle(board: Board, request: Request, form: Form) -> Response:
    """Appoint to a post of a unit, or relieve it, from a day on."""
    code, now, who = request.path_params["code"], board.clock(), viewer_of(board, request).name
    views.unit_posts(board.services, code, now)  # a unit that is not there is said before anything else
    said = form.text("role")
    try:
        if said not in set(PostRole):
            raise Refused("Chưa chọn chức vụ.", way_out="Chọn một chức vụ.", thing="role")
        role, starts = PostRole(said), day_of(form, "starts")
        if form.text("do") == "vacate":
            appointing.vacate(board.services, code, role, starts, now, actor=who)
            return to(f"/people/units/{code}?done=vacated")
        holder = Holder(*(form.text(name)[:LENGTH] for name in ("person", *CONTACT)))
        appointing.appoint(board.services, code, role, holder, starts, now, actor=who)
    except AlreadyDone:
        return to(f"/people/units/{code}?done=same")
    except Wrong as error:
        return _posts(board, request, (error.fault,), form, 422)
    except HanChotError as error:
        return _posts(board, request, faults_of(error), form, 422)
    return to(f"/people/units/{code}?done=appointed")


PAGES: dict[str, Door[Page]] = {
    "/people": Door(people, Action.PEOPLE, whole),
    "/people/{id:int}": Door(person, Action.PEOPLE, whole),
    "/people/units/{code}": Door(posts, Action.PEOPLE, whole),
}
WRITES: dict[str, Door[Write]] = {
    "/people/{id:int}": Door(change, Action.PEOPLE, whole),
    "/people/units/{code}": Door(settle, Action.PEOPLE, whole),
}
