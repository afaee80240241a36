"""Filling in a form of the board as a person does: the page's own hidden fields, and what is typed."""

from __future__ import annotations

import html
import re
from typing import Any

from tests.board.conftest import Visitor, words

_FORM = re.compile(r"<form[^>]*>.*?</form>", re.DOTALL)
_HIDDEN = re.compile(r'type="hidden" name="(\w+)" value="([^"]*)"')
_TOKEN = re.compile(r'name="token" value="(\w+)"')


def deed(who: Visitor, path: str, do: str, status: int = 303, *, files: Any = None, **typed: Any) -> str:
    """Send the form whose button says ``do`` (or, where the page offers none, a forged one). Returns where it leads, or
    the page that came back.
    """
    page = who.page(path)
    forms = [form for form in _FORM.findall(page) if f'name="do" value="{do}"' in form]
    hidden = {name: html.unescape(value) for name, value in _HIDDEN.findall(forms[0])} if forms else {}
    tokens = _TOKEN.findall(page)
    sent = hidden | {"do": do} | typed | {"token": tokens[-1]}
    answer = who.client.post(path, data=sent, files=files, headers={"sec-fetch-site": "same-origin"}, follow_redirects=False)
    assert answer.status_code == status, words(answer.text)[:1500]
    return answer.headers["location"] if status == 303 else html.unescape(answer.text)
