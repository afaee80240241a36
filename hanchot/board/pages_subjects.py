"""The list of who is rated: made from the tree, its open questions answered, the people of a unit added and put right."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import get_args
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response

from hanchot.board.desk_form import Fault, faults_of, read_day
from hanchot.board.doors import Door, Page, cycle_there
from hanchot.board.frame import Board, page_number
from hanchot.board.judging_form import SUBJECTS_VI, YES_NO, Typed, body_there, typed_in
from hanchot.board.language import gettext as _
from hanchot.board.who import viewer_of
from hanchot.board.writing import Form, Write, to
from hanchot.domain.access import Action
from hanchot.domain.errors import Conflict, HanChotError, Refused
from hanchot.domain.instants import local_day
from hanchot.domain.membership import DAYS, FIELDS, MAX_CELL_NAME, Membership
from hanchot.domain.rating_level import Subject
from hanchot.service.judging.answering import answer_committees
from hanchot.service.judging.members import AlreadyListed, NewMember, Why, add_member, correct_facts, mark_of, take_out
from hanchot.service.judging.subjects import name_subjects
from hanchot.service.views import subjects as views
from hanchot.service.views.subjects import State

STATES_VI = {"rated": "Được xếp loại", "exempt": "Không xếp loại", "awaits": "Còn hỏi"}
DONE_VI = {
    "added": "Đã thêm vào danh sách.",
    "facts": "Đã ghi thông tin.",
    "same": "Thông tin không đổi.",
    "out": "Đã đưa ra khỏi danh sách.",
}


def listing(board: Board, request: Request) -> Response:
    return _listing(board, request)


def _listing(board: Board, request: Request, faults: tuple[Fault, ...] = (), status: int = 200) -> Response:
    asked, now = request.query_params, board.clock()
    kind = Subject(asked["kind"]) if asked.get("kind") in list(Subject) else None
    state: State | None = asked["state"] if asked.get("state") in get_args(State) else None  # type: ignore[assignment]
    shown = kind is not None or state is not None
    view = views.list_page(
        board.services, request.path_params["code"], now, kind, state, page_number(request), shown=shown
    )  # fmt: skip
    facts = {"kinds": SUBJECTS_VI, "states": STATES_VI, "kind": kind, "state": state, "shown": shown, "made": made_of(request)}
    return board.page(request, "subjects", now, status=status, view=view, faults=faults, **facts)


def made_of(request: Request) -> tuple[int, int] | None:
    """How many the last press of the button added and looked at anew."""
    said = [request.query_params.get(name, "") for name in ("added", "changed")]
    return (int(said[0]), int(said[1])) if all(one.isdecimal() and len(one) < 8 for one in said) else None


def name_all(board: Board, request: Request, _form: Form) -> Response:
    """The list made from the tree, as often as wished."""
    code = request.path_params["code"]
    try:
        made = name_subjects(board.services, code, board.clock(), actor=viewer_of(board, request).name)
    except HanChotError as error:
        return _listing(board, request, faults_of(error), 422)
    return to(f"/cycles/{quote(code)}/subjects?added={made.added}&changed={made.changed}")


def cells(board: Board, request: Request) -> Response:
    return _cells(board, request)


def _cells(
    board: Board, request: Request, faults: tuple[Fault, ...] = (), form: Form | None = None, status: int = 200
) -> Response:  # fmt: skip
    asked, now = request.query_params, board.clock()
    branch, answered = asked.get("branch") or None, asked.get("answered") == "1"
    view = views.cells_page(
        board.services, request.path_params["code"], now, branch, page_number(request), answered=answered
    )  # fmt: skip
    facts = {"branch": branch, "answered": answered, "typed": typed_in(form), "made": made_of(request)}
    return board.page(request, "subjects_cells", now, status=status, view=view, faults=faults, **facts)


def answer(board: Board, request: Request, form: Form) -> Response:
    """The answers of one page; cells that were left open stay open."""
    code = request.path_params["code"]
    said = {one: YES_NO[form.text(f"has.{one}")] for one in form.all("cell") if form.text(f"has.{one}") in YES_NO}
    if not said:
        return _cells(board, request, (Fault("", _("Chưa trả lời chi bộ nào.")),), form, 422)
    try:
        made = answer_committees(board.services, code, said, board.clock(), actor=viewer_of(board, request).name)
    except HanChotError as error:
        return _cells(board, request, faults_of(error), form, 422)
    kept = {name: request.query_params[name] for name in ("branch", "answered") if request.query_params.get(name)}
    return to(f"/cycles/{quote(code)}/committees?{urlencode({'added': made.yes, 'changed': made.no, **kept})}")


def people(board: Board, request: Request) -> Response:
    return _people(board, request)


def _people(
    board: Board, request: Request, faults: tuple[Fault, ...] = (), form: Form | None = None, status: int = 200,
    there: AlreadyListed | None = None,
) -> Response:  # fmt: skip
    given = request.path_params
    view = views.unit_people(board.services, given["code"], given["unit"], page_number(request))
    done = DONE_VI.get(request.query_params.get("done", ""))
    facts = {"faults": faults, "typed": typed_in(form), "there": there, "done": done}
    return board.page(request, "subjects_unit", board.clock(), status=status, view=view, kinds=SUBJECTS_VI, **facts)


def add(board: Board, request: Request, form: Form) -> Response:
    """One more member; a second click, or a second person of that name, is asked about."""
    now, viewer, given = board.clock(), viewer_of(board, request), request.path_params
    facts, faults = read_facts(form, local_day(now))
    if not form.text("name"):
        faults = (Fault("name", _("Chưa ghi họ và tên.")), *faults)
    if facts.admitted_on is None and not form.text("code") and not any(one.field == "admitted_on" for one in faults):
        faults = (*faults, Fault("admitted_on", _("Chưa ghi ngày vào Đảng.")))
    if faults:
        return _people(board, request, faults, form, 422)
    namesakes = form.text("namesakes")
    said = NewMember(form.text("name"), facts, form.text("code"), int(namesakes) if namesakes.isdecimal() else 0)
    anywhere = bool(viewer.scopes(Action.RATE))
    try:
        add_member(board.services, given["code"], given["unit"], said, now, actor=viewer.name, anywhere=anywhere)
    except AlreadyListed as error:
        return _people(board, request, faults_of(error), form, 409, error)
    except HanChotError as error:
        return _people(board, request, faults_of(error), form, 422)
    return to(f"{_of_unit(request)}?done=added")


def person(board: Board, request: Request) -> Response:
    return _person(board, request)


def _person(
    board: Board, request: Request, faults: tuple[Fault, ...] = (), form: Form | None = None, status: int = 200
) -> Response:
    given, now = request.path_params, board.clock()
    view = views.one_person(board.services, given["code"], given["unit"], given["id"], now)
    typed = typed_in(form) if form else told_of(view.row.facts)
    facts = {"faults": faults, "typed": typed, "mark": mark_of(view.row.facts), "whys": {why.value: why.vi for why in Why}}
    return board.page(request, "subjects_person", now, status=status, view=view, kinds=SUBJECTS_VI, **facts)


def correct(board: Board, request: Request, form: Form) -> Response:
    now, given = board.clock(), request.path_params
    facts, faults = read_facts(form, local_day(now))
    if faults:
        return _person(board, request, faults, form, 422)
    try:
        changed = correct_facts(
            board.services, given["code"], given["unit"], given["id"], facts, now, actor=viewer_of(board, request).name,
            seen=form.text("seen"),
        )  # fmt: skip
    except (Refused, Conflict) as error:
        return _person(board, request, faults_of(error), form, 409 if isinstance(error, Conflict) else 422)
    return to(f"{_of_unit(request)}?done={'facts' if changed else 'same'}")


def out(board: Board, request: Request, form: Form) -> Response:
    """Off the list; a second click finds nobody and says the same."""
    given, why = request.path_params, form.text("why")
    if why not in list(Why):
        return _person(board, request, (Fault("why", _("Chọn lý do.")),), status=422)
    try:
        actor = viewer_of(board, request).name
        take_out(board.services, given["code"], given["unit"], given["id"], Why(why), board.clock(), actor=actor)
    except Refused as error:
        return _person(board, request, faults_of(error), status=422)
    return to(f"{_of_unit(request)}?done=out")


def _of_unit(request: Request) -> str:
    return f"/cycles/{quote(request.path_params['code'])}/subjects/{quote(request.path_params['unit'])}"


def read_facts(form: Form, today: date) -> tuple[Membership, tuple[Fault, ...]]:
    """The facts as they were typed, and what is wrong at which field."""
    days = {name: read_day(form.text(name), name) for name in DAYS if form.text(name)}
    faults = [one for one in days.values() if isinstance(one, Fault)]
    cell = " ".join(form.text("temporary_cell").split())
    if len(cell) > MAX_CELL_NAME:
        faults.append(Fault("temporary_cell", _("Tên chi bộ quá dài.")))
    told = Membership(**{k: v for k, v in days.items() if isinstance(v, date)}, temporary_cell=cell[:MAX_CELL_NAME] or None)
    return told, (*faults, *(() if faults else _meant(told, today)))


def _meant(told: Membership, today: date) -> Iterator[Fault]:
    for field, words in told.faults(today):
        yield Fault(field, f"{words[:1].upper()}{words[1:]}.")


def told_of(facts: Membership) -> Typed:
    """What is kept, as the form shows it."""
    values = {name: getattr(facts, name) for name in FIELDS}
    return Typed({k: f"{v:%d/%m/%Y}" if isinstance(v, date) else v for k, v in values.items() if v})


PAGES: dict[str, Door[Page]] = {
    "/cycles/{code}/subjects": Door(listing, Action.RATE, cycle_there),
    "/cycles/{code}/committees": Door(cells, Action.RATE, cycle_there),
    "/cycles/{code}/subjects/{unit}": Door(people, Action.RATE, body_there),
    "/cycles/{code}/subjects/{unit}/{id:int}": Door(person, Action.RATE, body_there),
}
WRITES: dict[str, Door[Write]] = {
    "/cycles/{code}/subjects": Door(name_all, Action.RATE, cycle_there),
    "/cycles/{code}/committees": Door(answer, Action.RATE, cycle_there),
    "/cycles/{code}/subjects/{unit}": Door(add, Action.RATE, body_there),
    "/cycles/{code}/subjects/{unit}/{id:int}": Door(correct, Action.RATE, body_there),
    "/cycles/{code}/subjects/{unit}/{id:int}/out": Door(out, Action.RATE, body_there),
}
