"""The language of a page: Vietnamese as it is written in the code, or English from ``locale/en/LC_MESSAGES/board.po``.

Templates and pages ask ``gettext``. What the floors below say (a standing, a refusal, a word of a table) reaches the board
as a finished Vietnamese sentence; ``said`` knows it again by its shape, which ``below.py`` took from the code into the
catalogue. The catalogue is read as it stands, on the first English page; there is no build step, and a text that it lacks
stays Vietnamese. Names, titles of plans and what people typed are never handed to either of them.
"""

from __future__ import annotations

import re
from contextvars import ContextVar
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from starlette.requests import Request

COOKIE = "hanchot-language"
LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
CATALOGUE = Path(__file__).parent / "locale" / "en" / "LC_MESSAGES" / "board.po"
SCRIPT = Path(__file__).parent / "static" / "board.js"
SAID = "said"  # the catalogue's comment on what comes from below
# What may stand in a hole, by its name; in the others any text that is no end of a sentence.
_HOLES = dict.fromkeys(("done", "total", "days", "late"), r"\d+") | dict.fromkeys(("clause", "code", "key", "no"), r"\S+")
_HOLES |= {"unit": "ngày(?: làm việc)?", "hour": r"(?:\d\S* )?"}
_OPEN = r"(?:(?!\. [A-ZÀ-ỸĐ“]).)*?"
_LEAST, _ENOUGH = 2, 8  # signs of its own for each open hole that a sentence needs to be known again; so many always do
_HOLE = re.compile(r"%\((\w+)\)s")
_ONE = re.compile(r"\b(1 (?:working )?(?:day|hour|minute|event|place))s\b")
_SENTENCES = re.compile(r"(?<=[.?!;]) ")
_spoken: ContextVar[str] = ContextVar("language", default="vi")


class Shape(NamedTuple):
    """A sentence with holes: what it looks like in Vietnamese, and the same in English."""

    vietnamese: re.Pattern[str]
    english: str


class Catalogue(NamedTuple):
    """``texts``: Vietnamese → English. ``shapes``: sentences from below, those with the most words of their own first."""

    texts: dict[str, str]
    shapes: tuple[Shape, ...]


def speak(request: Request) -> str:
    """Speak the browser's chosen language from here on in this thread of work; returns its code."""
    chosen = request.cookies.get(COOKIE, "vi")
    language = chosen if chosen in LANGUAGES else "vi"
    _spoken.set(language)
    return language


def spoken() -> str:
    """The code of the language of the page: ``vi`` or ``en``."""
    return _spoken.get()


def gettext(text: str) -> str:
    """``text`` in the language of the page."""
    return text if _spoken.get() == "vi" else english().texts.get(text) or text


def ngettext(one: str, many: str, number: int) -> str:
    """Vietnamese has no plural; English chooses by the number."""
    return gettext(one if number == 1 else many)


def counted(text: str) -> str:
    """``1 day`` where a pattern made ``1 days``."""
    return _ONE.sub(r"\1", text)


def said(text: str | None) -> str:
    """A word or sentence of the floors below in the language of the page; what it does not know stays as it is."""
    return text or "" if _spoken.get() == "vi" or not text else _said(text)


@lru_cache(maxsize=8192)
def _said(text: str) -> str:
    """English for the whole, or for sentence after sentence, the longest runs first."""
    if (whole := _known(text)) is not None:
        return whole
    parts = _SENTENCES.split(text)
    for kept in range(len(parts) - 1, 0, -1):
        if (head := _known(" ".join(parts[:kept]))) is not None:
            return f"{head} {_said(' '.join(parts[kept:]))}"
    return text if len(parts) == 1 else f"{parts[0]} {_said(' '.join(parts[1:]))}"


def _known(text: str) -> str | None:
    """English for exactly this text, also where a clause was made a sentence: a capital, a full stop."""
    clause = text[:1].lower() + text[1:].removesuffix(".")
    for form in (text, text.removesuffix("."), clause):
        if (found := _found(form)) is not None:
            capital = found[:1].upper() + found[1:] if text[:1].isupper() else found
            return f"{capital}." if text.endswith(".") and not capital.endswith(".") else capital
    return None


def _found(text: str) -> str | None:
    texts, shapes = english()
    if text in texts:
        return texts[text]
    for shape in shapes:
        if found := shape.vietnamese.fullmatch(text):
            return counted(shape.english % {name: _said(value) for name, value in found.groupdict().items()})
    return None


@cache
def script_words() -> dict[str, str]:
    """English for the texts of the board's script, which a page in English carries along."""
    written = re.findall(r'\b_\("([^"]+)"\)', SCRIPT.read_text(encoding="utf-8"))
    return {text: english().texts[text] for text in written if text in english().texts}


@cache
def english() -> Catalogue:
    """The catalogue, read once."""
    from babel.messages.pofile import read_po

    with CATALOGUE.open("rb") as file:
        messages = [one for one in read_po(file) if one.id and one.string]
    shapes = [one for one in messages if SAID in one.auto_comments and _is_shape(str(one.id))]
    shapes.sort(key=lambda one: -len(_HOLE.sub("", str(one.id))))
    return Catalogue({str(one.id): str(one.string) for one in messages}, tuple(_shape(*_sides(one)) for one in shapes))


def _is_shape(text: str) -> bool:
    """Has holes, and enough words of its own around them."""
    holes = _HOLE.findall(text)
    own = len("".join(_HOLE.sub("", text).split()))
    sure = _HOLE.sub(lambda hole: "0" if hole[1] in _HOLES else hole[0], text)
    enough = own >= _LEAST * len(_HOLE.findall(sure)) and ")s %(" not in sure
    return bool(holes) and (own >= _ENOUGH or enough)


def _sides(message: object) -> tuple[str, str]:
    return str(getattr(message, "id")), str(getattr(message, "string"))  # noqa: B009  # babel's messages are untyped


def _shape(vietnamese: str, english: str) -> Shape:
    pieces = _HOLE.split(vietnamese)
    pattern = "".join(
        f"(?P<{one}>{_HOLES.get(one, _OPEN)})" if n % 2 else re.escape(one.replace("%%", "%")) for n, one in enumerate(pieces)
    )
    return Shape(re.compile(pattern, re.DOTALL), english)
