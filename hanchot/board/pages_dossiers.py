"""Dossiers: who lacks what, one dossier beside its checklist, and what is done with it."""

from __future__ import annotations

import hashlib
from datetime import date
from urllib.parse import quote

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import Response

from hanchot.board.desk_form import MEDIA, Fault, download, read_day
from hanchot.board.doors import Door, Page
from hanchot.board.frame import Board, page_number
from hanchot.board.keeping import (
    Deeds,
    demand_right,
    faults_at,
    is_above,
    may_do,
    number,
    on_behalf_of,
    place_of,
    said,
    status_of,
    unit_here,
)
from hanchot.board.language import gettext as _
from hanchot.board.pages import branch_there
from hanchot.board.who import viewer_of
from hanchot.board.writing import Form, Write, to
from hanchot.domain.access import Action
from hanchot.domain.dossier import Fact
from hanchot.domain.errors import AlreadyDone, Conflict, HanChotError, NotFound
from hanchot.domain.instants import ZONE
from hanchot.service import dossiers
from hanchot.service.dossiers import Which
from hanchot.service.folders import Managed
from hanchot.service.views import dossiers as views
from hanchot.service.views.dossiers import DossierPage, Show
from hanchot.service.views.papers import path_of_file

_KEEP = (Action.DO, Action.RECORD)
DEEDS: Deeds = {
    "attach": _KEEP, "withdraw": _KEEP, "facts": _KEEP, "describe": _KEEP, "receive": _KEEP,
    "waive": (Action.RECORD, Action.RETURN),
}  # fmt: skip
READS = (Action.RETURN, Action.RECORD, Action.SEE_RESULTS)  # beside DO: who may read what lies in a dossier
FIELDS = ("paper", "place", "why", "reason", "day", "number", "where", "managed", "do", "set")
MANAGED: dict[Managed, str] = {
    "none": "không thuộc diện quản lý",
    "above": "diện cấp trên quản lý",
    "here": "diện cấp này quản lý",
}
_REPLACED = "thay bằng bản mới"


def paper_there(connection: sa.Connection, request: Request) -> str | None:
    """The unit in whose dossier the paper ``{id}`` lies, or lay."""
    return path_of_file(connection, request.path_params["id"])


def listing(board: Board, request: Request) -> Response:
    """Who lacks what, page by page; of a branch, or by how far they have come."""
    asked = request.query_params
    show = Show(asked["show"]) if asked.get("show") in set(Show) else None
    text = asked.get("q", "").strip()[:100]
    view = views.dossier_list(
        board.services, request.path_params["code"], asked.get("list") or None, asked.get("branch") or None, show, text,
        page_number(request),
    )  # fmt: skip
    kept = {name: asked[name] for name in ("list", "branch", "q") if asked.get(name)}
    viewer = viewer_of(board, request)

    def opens(path: str) -> bool:
        return any(viewer.may(action, path) for action in (Action.DO, *READS))

    return board.page(request, "dossiers", board.clock(), view=view, shows=Show, kept=kept, opens=opens)


def one(board: Board, request: Request) -> Response:
    return _one(board, request)


def _one(
    board: Board, request: Request, faults: tuple[Fault, ...] = (), form: Form | None = None, status: int = 200
) -> Response:
    view, viewer = _view(board, request), viewer_of(board, request)
    deeds = {do for do in DEEDS if view.place.open and may_do(viewer, DEEDS, do, view.place.path)}
    if not is_above(viewer, view.place.path, *DEEDS["waive"]):
        deeds.discard("waive")  # nobody waives their own paper
    typed = said(form, *FIELDS)
    return board.page(
        request, "dossier", board.clock(), status=status, view=view, deeds=deeds, faults=faults, typed=typed, managed=MANAGED,
        here=address(request), zipped=viewer.may(Action.SEE_RESULTS, view.place.path),
    )  # fmt: skip


def _view(board: Board, request: Request) -> DossierPage:
    at = request.path_params
    return views.dossier_page(board.services, at["code"], at["list"], at["unit"], at.get("person"), board.clock())


def address(request: Request) -> str:
    """The dossier's own address."""
    return request.url.path


def act(board: Board, request: Request, form: Form) -> Response:
    """One deed; a second click changes nothing and shows the same page."""
    do = form.text("do")
    try:
        faults = _do(board, request, form, do)
    except AlreadyDone:
        faults = ()
    except HanChotError as error:
        if isinstance(error, NotFound) and do not in ("attach", "withdraw", "receive"):
            raise
        return _one(board, request, faults_at(error, {}, _AT.get(do, "")), form, status_of(error))
    return _one(board, request, faults, form, 422) if faults else to(f"{address(request)}#{_BACK.get(do, 'papers')}")


_AT = {"attach": "file", "withdraw": "reason", "waive": "reason", "receive": "day"}
_BACK = {"facts": "about", "describe": "about", "receive": "sets"}


def _do(board: Board, request: Request, form: Form, do: str) -> tuple[Fault, ...]:
    viewer, here = viewer_of(board, request), place_of(board, request)
    demand_right(viewer, DEEDS, do, here.path)
    if do == "waive" and not is_above(viewer, here.path, *DEEDS["waive"]):
        return (Fault("", _("Đơn vị không tự miễn giấy của mình; đề nghị cấp trên ghi.")),)
    at, now, actor = request.path_params, board.clock(), viewer.name
    which, services = Which(here.cycle, here.unit, at["list"], at.get("person")), board.services
    match do:
        case "attach":
            return _attach(board, request, form, which, on_behalf_of(board, request, here))
        case "withdraw":
            dossiers.withdraw(services, which, form.text("paper"), now, actor=actor, reason=form.text("reason"))
        case "waive":
            dossiers.waive(services, which, form.text("paper"), now, actor=actor, reason=form.text("reason"))
        case "facts":
            ticked = set(form.all("fact"))
            for fact in (Fact(name) for name in form.all("shown") if name in set(Fact)):
                dossiers.say_fact(services, which, fact, now, actor=actor, holds=str(fact) in ticked)
        case "describe":
            managed: Managed = next((one for one in MANAGED if one == form.text("managed")), "none")
            dossiers.describe(
                services, which, now, actor=actor, member="member" in form.all("is"), cadre="cadre" in form.all("is"),
                managed=managed,
            )  # fmt: skip
        case "receive":
            day = read_day(form.text("day"), "day")
            if not isinstance(day, date):
                return (day,)
            dossiers.receive(
                services, which, number(form.text("set")), day, now, actor=actor, place=form.text("where"),
                number=form.text("number"),
            )  # fmt: skip
    return ()


def _attach(board: Board, request: Request, form: Form, which: Which, on_behalf: str | None) -> tuple[Fault, ...]:
    """A file, or where the paper lies. One that somebody else has put there since the page was made is not written over."""
    key, file, place = form.text("paper"), form.files.get("file"), form.text("place")
    if not (file and (file.data or file.name)) and not place:
        return (Fault("file", _("Chưa chọn tệp, cũng chưa ghi nơi để bản giấy.")),)
    data = file.data if file else b""
    there = _view(board, request).folder.paper(key)
    again = there and (there.sha256 == hashlib.sha256(data).hexdigest() if file and file.name else there.place == place)
    if there and not again and there.id > number(form.text("seen")):
        raise Conflict(
            f"{there.handed_by} vừa nộp giấy số {there.no} lúc {there.handed_at.astimezone(ZONE):%H:%M %d/%m/%Y}.",
            way_out="Xem bản ấy ở danh sách; vẫn muốn thay thì gửi lại.",
        )
    why, now, actor = (form.text("why") or _REPLACED) if there else None, board.clock(), viewer_of(board, request).name
    if file and (file.data or file.name):
        dossiers.hand_in(
            board.services, which, key, data, file.name, now, actor=actor, on_behalf=on_behalf, replacing=why
        )  # fmt: skip
    else:
        dossiers.hand_in_on_paper(board.services, which, key, place, now, actor=actor, on_behalf=on_behalf, replacing=why)
    return ()


def first(board: Board, request: Request) -> Response:
    """A unit's dossier of the list that comes first in its review."""
    here = place_of(board, request)
    with board.services.db.read() as connection:
        lists = views.lists_of(board.services, connection, here.cycle_id)
    if not lists:
        raise NotFound(f"Văn bản của đợt “{here.cycle}” không nêu danh mục hồ sơ.", way_out="Về trang của đơn vị.")
    return to(f"/cycles/{quote(here.cycle)}/dossiers/{quote(lists[0].key)}/{quote(here.unit, safe='')}")


def original(board: Board, request: Request) -> Response:
    """A paper as it was handed in: saved, never opened in the browser as a page of ours."""
    name, data = dossiers.original(board.services, request.path_params["id"])
    kind = name.rpartition(".")[2].lower()
    made = download(name, data, MEDIA.get("jpg" if kind == "jpeg" else kind, "application/octet-stream"))
    made.headers["content-security-policy"] = "default-src 'none'; sandbox"
    return made


_HERE = "/cycles/{code}/dossiers/{list}/{unit}"
PAGES: dict[str, Door[Page]] = {
    "/cycles/{code}/dossiers": Door(listing, Action.WATCH, branch_there),
    "/cycles/{code}/dossiers/of/{unit}": Door(first, Action.DO, unit_here, also=READS),
    _HERE: Door(one, Action.DO, unit_here, also=READS),
    f"{_HERE}/people/{{person}}": Door(one, Action.DO, unit_here, also=READS),
    "/dossiers/papers/{id:int}": Door(original, Action.DO, paper_there, also=READS),
}
WRITES: dict[str, Door[Write]] = {
    _HERE: Door(act, Action.DO, unit_here, also=(Action.RECORD, Action.RETURN)),
    f"{_HERE}/people/{{person}}": Door(act, Action.DO, unit_here, also=(Action.RECORD, Action.RETURN)),
}
