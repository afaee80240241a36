"""The language of a page: Vietnamese as it is written in the templates, or English from ``locale/en/LC_MESSAGES/board.po``.

The catalogue is read as it stands, on the first English page; there is no build step, and a text that it lacks stays
Vietnamese.
"""

from __future__ import annotations

from contextvars import ContextVar
from functools import cache
from pathlib import Path

from starlette.requests import Request

COOKIE = "hanchot-language"
LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
CATALOGUE = Path(__file__).parent / "locale" / "en" / "LC_MESSAGES" / "board.po"
_spoken: ContextVar[str] = ContextVar("language", default="vi")


def speak(request: Request) -> str:
    """Speak the browser's chosen language from here on in this thread of work; returns its code."""
    chosen = request.cookies.get(COOKIE, "vi")
    language = chosen if chosen in LANGUAGES else "vi"
    _spoken.set(language)
    return language


def gettext(text: str) -> str:
    """``text`` in the language of the page."""
    return text if _spoken.get() == "vi" else english().get(text) or text


def ngettext(one: str, many: str, number: int) -> str:
    """Vietnamese has no plural; English chooses by the number."""
    return gettext(one if number == 1 else many)


@cache
def english() -> dict[str, str]:
    """The catalogue: Vietnamese → English."""
    from babel.messages.pofile import read_po

    with CATALOGUE.open("rb") as file:
        return {str(one.id): str(one.string) for one in read_po(file) if one.id and one.string}
