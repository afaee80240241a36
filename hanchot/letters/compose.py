"""Subject, text and HTML of an envelope, from ``templates/letters``. Templates are compiled once per folder."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError

from hanchot.letters import words
from hanchot.letters.view import TEMPLATES, Envelope, Line, blocks, in_order

FOLDER = Path(__file__).resolve().parents[2] / "templates" / "letters"
SUBJECT_LIMIT = 60
_UNIT, _MILESTONE = "\x01", "\x02"
_BLANK_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class Composed:
    """A letter as it is read; ``text`` and ``html`` say the same."""

    subject: str
    text: str
    html: str


class TemplateTrouble(Exception):
    """A template that cannot be rendered: which file, which line, and why."""

    def __init__(self, file: str, line: int, reason: str) -> None:
        self.file, self.line, self.reason = file, line, reason
        super().__init__(f"Mẫu thư {file}, dòng {line}: {reason}")


def subject(line: Line, more: int = 0, folder: Path = FOLDER) -> str:
    """At most 60 characters, NFC, urgency and unit first: ``[Còn 3 ngày] Chi bộ A – nộp hồ sơ, hạn 19/12``."""
    return subject_of(line.tone, line.unit, line.milestone, line.days, line.last_day, more, folder)


def subject_of(
    tone: str, unit: str, milestone: str, days: int | None, last_day: date | None, more: int = 0, folder: Path = FOLDER
) -> str:
    """The same from the bare facts, for whoever makes a hundred thousand of them."""
    before, between, after, room, both = _frame(tone, days, last_day, more, folder)
    if both and more and len(unit) + min(len(milestone), words.LEAST) > room:
        both, room, between = False, room + len(between), ""  # of several duties, say whose rather than a torn half of both
    unit, milestone = _fitted(unit, milestone if both else "", room)
    return f"{before}{unit}{between}{milestone}{after}"


@lru_cache(maxsize=65536)
def _fitted(unit: str, milestone: str, room: int) -> tuple[str, str]:
    return words.fit(words.nfc(unit), words.lower_first(words.nfc(milestone)), room)


_Frame = tuple[str, str, str, int, bool]


@lru_cache(maxsize=8192)
def _frame(tone: str, days: int | None, last_day: date | None, more: int, folder: Path) -> _Frame:
    """The subject's template rendered around two place holders: few frames serve every unit of a cycle."""
    facts = {"when": words.when_vi(days), "day": f"{last_day:%d/%m}" if last_day else "", "days": days}
    with located(folder):
        said = composer(folder).get_template(f"{TEMPLATES[tone]}/subject").render(unit=_UNIT, milestone=_MILESTONE, **facts)
    said = words.nfc(said) + (f" (+{more} việc)" if more else "")
    before, _, rest = said.partition(_UNIT)
    between, found, after = rest.partition(_MILESTONE)
    if not found:  # a subject that names no milestone
        between, after = "", rest
    return before, between, after, SUBJECT_LIMIT - len(before + between + after), bool(found)


def compose(envelope: Envelope, folder: Path = FOLDER) -> Composed:
    """Render an envelope. Raises ``TemplateTrouble`` with file and line; other envelopes are not touched by it."""
    lines = in_order(envelope.lines)
    facts: dict[str, Any] = {"envelope": envelope, "blocks": blocks(lines), "today": words.day_vi(envelope.today)}
    title = subject(lines[0], len(lines) - 1, folder)
    with located(folder):
        text = composer(folder).get_template("envelope/text").render(subject=title, **facts)
        html = composer(folder, html=True).get_template("envelope/html").render(subject=title, **facts)
    return Composed(title, _BLANK_LINES.sub("\n\n", text).strip() + "\n", html)


@cache
def composer(folder: Path, html: bool = False) -> Environment:
    """The compiled templates of one folder. A name that a template invents is an error, not an empty space."""
    return Environment(  # plain text has nothing to escape
        autoescape=html,  # noqa: S701
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )


class located:
    """Turns whatever a template raises into ``TemplateTrouble`` with the innermost template file and line."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: Any) -> None:
        if not isinstance(error, Exception):
            return
        if isinstance(error, TemplateSyntaxError):
            raise TemplateTrouble(self._name(error.filename or error.name or "?"), error.lineno, str(error.message))
        place = ("?", 0)
        while trace is not None:  # Jinja rewrites the trace so that its frames name the template's own lines
            file = trace.tb_frame.f_code.co_filename
            if Path(file).is_relative_to(self._folder):
                place = (file, trace.tb_lineno)
            trace = trace.tb_next
        if place[1] or isinstance(error, TemplateError):
            raise TemplateTrouble(self._name(place[0]), place[1], str(error) or type(error).__name__) from error

    def _name(self, file: str) -> str:
        path = Path(file)
        return path.relative_to(self._folder).as_posix() if path.is_relative_to(self._folder) else path.name
