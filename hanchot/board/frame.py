"""What every page stands in: templates, the time, the address of Prefect."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from hanchot import clock
from hanchot.board import words
from hanchot.board.tokens import TokenField, Tokens, keep_browser
from hanchot.domain.instants import ZONE, local_day
from hanchot.domain.stage import STAGES
from hanchot.letters.words import deadline_vi
from hanchot.service.services import Services

STATIC = Path(__file__).parent / "static"
NAV = (
    ("/", "Tổng quan"),
    ("/late", "Ai chậm?"),
    ("/coming", "Sắp đến hạn"),
    ("/letters", "Thư"),
    ("/incidents", "Sự cố"),
    ("/plans", "Kế hoạch"),
)
INBOX = ("/inbox", "Hộp thư thử")


@dataclass(frozen=True)
class Board:
    """What a page is handed. ``clock`` gives the present instant; it is read once for each page."""

    services: Services
    clock: Callable[[], datetime]
    prefect_url: str
    templates: Environment
    tokens: Tokens
    writable: bool  # False where the board is served beyond loopback: there is no sign-in yet

    def page(self, request: Request, name: str, now: datetime, *, status: int = 200, **facts: Any) -> HTMLResponse:
        """A page from ``templates/board/<name>.html``."""
        made = HTMLResponse(self.render(request, name, now, **facts), status_code=status)
        keep_browser(request, made)
        return made

    def refuse(
        self, request: Request, status: int, message: str, way_out: str, typed: tuple[tuple[str, str], ...] = ()
    ) -> HTMLResponse:
        """A page that says in one sentence why nothing was written, with what was typed."""
        facts = {"status": status, "message": message, "way_out": way_out, "typed": typed}
        return HTMLResponse(self.render(request, "refused", self.clock(), **facts), status_code=status)

    def render(self, request: Request, name: str, now: datetime, **facts: Any) -> str:
        inbox = (INBOX,) if self.services.settings.relay_is_catcher else ()
        common = {
            "now": now, "today": local_day(now), "path": request.url.path, "nav": NAV + inbox,
            "virtual": clock.is_overridden(), "board": self, "query": dict(request.query_params),
            "token_field": TokenField(self.tokens, request), "writable": self.writable,
        }  # fmt: skip
        return self.templates.get_template(f"{name}.html").render(**common, **facts)

    def run_url(self, run_id: str) -> str:
        """The cycle's run on Prefect's own pages."""
        return f"{self.prefect_url}/runs/flow-run/{run_id}"


def environment(folder: Path) -> Environment:
    """The board's templates, compiled once; a name that a template invents is an error."""
    made = Environment(
        loader=FileSystemLoader(folder), undefined=StrictUndefined, autoescape=True, auto_reload=False,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    for word in (words.day_vi, words.at_vi, words.ago_vi, words.undated_vi, words.kinds_vi, words.rung_vi,
                 words.letter_vi, words.event_vi, words.state_vi, words.week_vi):  # fmt: skip
        made.filters[word.__name__.removesuffix("_vi")] = word
    made.filters["number"] = number
    made.filters["stage_pair"] = made.filters["unit_pair"] = lambda one: (str(one), one.vi)
    made.filters["capital"] = lambda text: text[:1].upper() + text[1:]
    made.globals.update(
        deadline=deadline_vi, fate=words.FATE_VI, fate_look=words.FATE_LOOK, stage_state=words.STAGE_STATE_VI,
        incident_kind=words.INCIDENT_VI, stages=STAGES, local=lambda instant: instant.astimezone(ZONE),
        static=_static(), date_of=date.fromisoformat, instant_of=datetime.fromisoformat,
    )  # fmt: skip
    return made


def number(value: int) -> str:
    """``10.912``: thousands as they are written in Vietnamese."""
    return f"{value:,}".replace(",", ".")


def _static() -> str:
    """A name for this version of the static files, so that a browser may keep them."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(STATIC.iterdir()))).hexdigest()[:10]


def page_number(request: Request) -> int:
    """``?page=``; anything that is no number is page 1."""
    text = request.query_params.get("page", "1")
    return int(text) if text.isdecimal() and len(text) < 8 else 1
