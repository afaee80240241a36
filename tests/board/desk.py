"""A person at a draft: reads a page of the board, fills in its forms as the browser would, and sends them."""

from __future__ import annotations

import html
import re
from http import HTTPStatus
from typing import Any

from tests.board.conftest import Visitor, words

HERE = {"sec-fetch-site": "same-origin"}
_FORM = re.compile(r"<form[^>]*>(?P<body>.*?)</form>", re.DOTALL)
_FIELD = re.compile(r'<input (?P<input>[^>]*)>|<select [^>]*name="(?P<select>\w+)">(?P<options>.*?)</select>', re.DOTALL)
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


class Desk:
    """``draft`` is the address of the draft on the desk."""

    def __init__(self, board: Visitor, draft: str) -> None:
        self.board, self.draft = board, draft

    def fields(self, place: str, *, last: bool = False) -> dict[str, Any]:
        """What stands in the form of ``place`` on the page, as the browser would send it untouched."""
        found = [
            body for form in _FORM.finditer(self.board.page(self.draft))
            if f'name="place" value="{place}"' in (body := form["body"])
        ]  # fmt: skip
        assert found, f"no form for {place}"
        sent: dict[str, Any] = {}
        for field in _FIELD.finditer(found[-1 if last else 0]):
            if field["select"]:
                options = re.findall(r'<option value="([^"]*)"( selected)?', field["options"])
                sent[field["select"]] = html.unescape(next((value for value, on in options if on), options[0][0]))
                continue
            attributes = dict(_ATTRIBUTE.findall(field["input"]))
            value = html.unescape(attributes.get("value", ""))
            if attributes.get("type") != "checkbox":
                sent[attributes["name"]] = value
            elif field["input"].rstrip().endswith("checked"):
                sent.setdefault(attributes["name"], []).append(value)
        return sent

    def send(self, place: str, status: int = HTTPStatus.SEE_OTHER, **typed: Any) -> str:
        """Fill in and send the form of ``place``. Returns where the browser is sent, or the page that came back."""
        last = typed.get("do") == "drop"
        answer = self.board.client.post(
            self.draft, data=self.fields(place, last=last) | typed, headers=HERE, follow_redirects=False
        )
        assert answer.status_code == status, words(answer.text)[:600]
        return answer.headers["location"] if status == HTTPStatus.SEE_OTHER else answer.text

    def card(self, place: str) -> str:
        """What a person reads on the card of ``place``."""
        body = re.search(rf'<article class="[^"]*" id="{place}">(.*?)</article>', self.board.page(self.draft), re.DOTALL)
        assert body, place
        return words(body[1])
