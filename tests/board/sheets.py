"""Every form of a page as a browser sees it: where it leads, what stands in it untouched, and its buttons."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Sheet:
    """``fields``: name → the values that an untouched form sends; ``empty`` and ``files``: names of what still waits to be
    filled in; ``buttons``: name and value of each, in order (an unnamed one is a pair of empty words).
    """

    method: str
    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    empty: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)


def sheets_of(page: str, address: str) -> list[Sheet]:
    """The forms of the page at ``address``, in order."""
    reader = _Reader(address)
    reader.feed(page)
    return reader.sheets


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.sheets: list[Sheet] = []
        self.form: Sheet | None = None
        self.select = self.area = ""
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.form = Sheet(said.get("method", "get"), said.get("action", "") or self.address)
            self.sheets.append(self.form)
        elif self.form is not None and "disabled" not in said:
            getattr(self, f"_{tag}", lambda _said: None)(said)

    def handle_data(self, data: str) -> None:
        if self.area:
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "textarea" and self.area:
            self._keep(self.area, self.text.removeprefix("\n"))
            self.area = ""
        elif tag == "select":
            self.select = ""

    def _input(self, said: dict[str, str]) -> None:
        assert self.form is not None
        name, kind = said.get("name", ""), said.get("type", "text")
        if kind == "file":
            self.form.files.append(name)
        elif kind == "submit":
            self.form.buttons.append((name, said.get("value", "")))
        elif name and (kind not in ("checkbox", "radio") or "checked" in said):
            self._keep(name, said.get("value", "on" if kind == "checkbox" else ""))
        elif name:
            self.form.fields.setdefault(name, [])

    def _button(self, said: dict[str, str]) -> None:
        assert self.form is not None
        if said.get("type", "submit") == "submit":
            self.form.buttons.append((said.get("name", ""), said.get("value", "")))

    def _textarea(self, said: dict[str, str]) -> None:
        self.area, self.text = said.get("name", ""), ""

    def _select(self, said: dict[str, str]) -> None:
        self.select = said.get("name", "")

    def _option(self, said: dict[str, str]) -> None:
        assert self.form is not None
        if self.select and (self.select not in self.form.fields or "selected" in said):
            self.form.fields[self.select] = [said.get("value", "")]

    def _keep(self, name: str, value: str) -> None:
        assert self.form is not None
        self.form.fields.setdefault(name, []).append(value)
        if not value:
            self.form.empty.append(name)
