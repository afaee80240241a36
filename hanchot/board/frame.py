"""What every page stands in: templates, the time, the address of Prefect."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from hanchot import clock
from hanchot.board import log_words, words
from hanchot.board.language import gettext, ngettext, said, script_words, speak, spoken
from hanchot.board.tokens import TokenField, Tokens, keep_browser
from hanchot.board.who import Viewer, viewer_of
from hanchot.domain.access import Action
from hanchot.domain.instants import ZONE, local_day
from hanchot.domain.stage import STAGES
from hanchot.service.reviewed import SIDE_CYCLES
from hanchot.service.services import Services

STATIC = Path(__file__).parent / "static"


class Way(NamedTuple):
    """A page of the navigation, for whoever may do its action anywhere."""

    href: str
    name: str
    action: Action


NAV = (
    Way("/my", "Việc của tôi", Action.DO),
    Way("/", "Tổng quan", Action.WATCH),
    Way("/late", "Ai chậm?", Action.WATCH),
    Way("/branch", "Cấp dưới", Action.RETURN),
    Way("/coming", "Sắp đến hạn", Action.WATCH),
    Way("/meetings", "Lịch kiểm điểm", Action.WATCH),
    Way("/judging", "Xếp loại", Action.SEE_RESULTS),
    Way("/deciding", "Quyết định", Action.DRAFT_DECISION),
    Way("/letters", "Thư", Action.MAIL),
    Way("/incidents", "Sự cố", Action.MAIL),
    Way("/plans", "Kế hoạch", Action.PLAN),
    Way("/people", "Con người", Action.PEOPLE),
    Way("/settings", "Cài đặt", Action.SETTINGS),
    Way("/log", "Nhật ký", Action.AUDIT),
)
INBOX = Way("/inbox", "Hộp thư thử", Action.MAIL)


@dataclass(frozen=True)
class Board:
    """What a page is handed. ``clock`` gives the present instant; it is read once for each page."""

    services: Services
    clock: Callable[[], datetime]
    prefect_url: str
    templates: Environment
    tokens: Tokens
    local: bool  # served to this machine alone, without sign-in: whoever sits at it is the department

    def page(self, request: Request, name: str, now: datetime, *, status: int = 200, **facts: Any) -> HTMLResponse:
        """A page from ``templates/board/<name>.html``."""
        made = HTMLResponse(self.render(request, name, now, **facts), status_code=status)
        keep_browser(request, made)
        return made

    def refuse(
        self, request: Request, status: int, message: str, way_out: str, typed: tuple[tuple[str, str], ...] = (),
        *, again: bool = False,
    ) -> HTMLResponse:  # fmt: skip
        """A page that says in one sentence why nothing was written, with what was typed. ``again``: a fresh code helps."""
        facts = {"status": status, "message": message, "way_out": way_out, "typed": typed, "again": again}
        return HTMLResponse(self.render(request, "refused", self.clock(), **facts), status_code=status)

    def render(self, request: Request, name: str, now: datetime, **facts: Any) -> str:
        viewer = viewer_of(self, request)
        common = {
            "now": now, "today": local_day(now), "path": request.url.path, "nav": nav_of(self, viewer),
            "virtual": clock.is_overridden(), "board": self, "query": dict(request.query_params),
            "token_field": TokenField(self.tokens, request), "viewer": viewer, "may": viewer.may, "writable": viewer.writes,
            "language": speak(request), "stamp": getattr(request.state, "stamp", ""),
        }  # fmt: skip
        return self.templates.get_template(f"{name}.html").render(**common, **facts)

    def run_url(self, run_id: str) -> str:
        """The cycle's run on Prefect's own pages."""
        return f"{self.prefect_url}/runs/flow-run/{run_id}"


def environment(folder: Path) -> Environment:
    """The board's templates, compiled once; a name that a template invents is an error."""
    made = Environment(
        loader=FileSystemLoader(folder), undefined=StrictUndefined, autoescape=True, auto_reload=False,
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.i18n"],
    )  # fmt: skip
    made.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]  # the extension adds it
    for word in (words.day_vi, words.at_vi, words.ago_vi, words.undated_vi, words.kinds_vi, words.rung_vi,
                 words.letter_vi, words.event_vi, log_words.group_vi, words.state_vi, words.week_vi):  # fmt: skip
        made.filters[word.__name__.removesuffix("_vi")] = word
    made.filters["number"] = number
    made.filters["here"] = here
    made.filters["said"] = said
    made.filters["stage_pair"] = made.filters["unit_pair"] = lambda one: (str(one), said(one.vi))
    made.filters["words"] = lambda table: [(key, said(word)) for key, word in table.items()]
    made.filters["capital"] = lambda text: text[:1].upper() + text[1:]
    made.globals.update(
        deadline=words.deadline, fate=words.FATE_VI, fate_look=words.FATE_LOOK, stage_state=words.STAGE_STATE_VI,
        incident_kind=words.INCIDENT_VI, stages=STAGES, local=lambda instant: instant.astimezone(ZONE),
        static=_static(), side_cycles=SIDE_CYCLES, date_of=date.fromisoformat, instant_of=datetime.fromisoformat,
        script_words=script_words,
    )  # fmt: skip
    return made


def nav_of(board: Board, viewer: Viewer) -> list[Way]:
    """The pages that this viewer may open."""
    ways = (*NAV, INBOX) if board.services.settings.relay_is_catcher and board.local else NAV
    return [way for way in ways if viewer.anywhere(way.action)]


def here(nav: list[Way], path: str) -> str:
    """The address of the page of the navigation that ``path`` lies in: the longest that fits, or empty."""
    fits = [way.href for way in nav if path == way.href or (way.href != "/" and path.startswith(f"{way.href}/"))]
    return max(fits, key=len, default="")


def number(value: int) -> str:
    """``10.912``, in English ``10,912``."""
    return f"{value:,}".replace(",", "." if spoken() == "vi" else ",")


def _static() -> str:
    """A name for this version of the static files, so that a browser may keep them."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(STATIC.iterdir()))).hexdigest()[:10]


def page_number(request: Request) -> int:
    """``?page=``; anything that is no number is page 1."""
    text = request.query_params.get("page", "1")
    return int(text) if text.isdecimal() and len(text) < 8 else 1
