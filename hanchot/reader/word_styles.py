"""Styles of a Word file, as far as they change what one reads: numbering, capitals, hidden text, old fonts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import TypeVar
from xml.etree.ElementTree import Element

from hanchot.reader.word_xml import switch, value

T = TypeVar("T")


class Styles:
    """Looks a property up through a style and the styles that it is based on."""

    def __init__(self, root: Element | None) -> None:
        self._styles = {style.get("styleId", ""): style for style in root.iter("style")} if root is not None else {}
        usual = [
            style
            for style in self._styles.values()
            if style.get("type") == "paragraph" and style.get("default") in ("1", "true")
        ]
        self._default = usual[0].get("styleId") if usual else None
        self._font = font_of(root.find("docDefaults/rPrDefault/rPr")) if root is not None else None
        self.font = cache(self._font_of)
        self.caps = cache(lambda style: self._first(style, lambda one: switch(one, "rPr/caps")) or False)
        self.lined = cache(lambda style: self._first(style, _borders) or False)
        self.hidden = cache(lambda style: self._first(style, lambda one: switch(one, "rPr/vanish")) or False)

    def number_of(self, style: str | None) -> tuple[str | None, str | None, str | None]:
        """List and level that a paragraph style brings with it, and the style in its line that names the list."""
        for one in self._line(style):
            if found := value(one, "pPr/numPr/numId"):
                return found, value(one, "pPr/numPr/ilvl"), one.get("styleId")
        return None, None, None

    def _font_of(self, style: str | None) -> str:
        return self._first(style, lambda one: font_of(one.find("rPr"))) or self._font or ""

    def _first(self, style: str | None, ask: Callable[[Element], T | None]) -> T | None:
        return next((answer for one in self._line(style) if (answer := ask(one)) is not None), None)

    def _line(self, style: str | None) -> Iterator[Element]:
        """The style, then what it is based on; a ring of styles ends where it closes."""
        seen: set[str] = set()
        name = style or self._default
        while name and name not in seen and (one := self._styles.get(name)) is not None:
            seen.add(name)
            yield one
            name = value(one, "basedOn")


def font_of(properties: Element | None) -> str | None:
    """The font named for Latin letters."""
    fonts = properties.find("rFonts") if properties is not None else None
    return (fonts.get("ascii") or fonts.get("hAnsi")) if fonts is not None else None


def is_drawn(border: Element) -> bool:
    """Whether one side of a table or cell shows."""
    return border.get("val", "none") not in ("none", "nil")


def _borders(style: Element) -> bool | None:
    borders = style.find("tblPr/tblBorders")
    return None if borders is None else any(map(is_drawn, borders))
