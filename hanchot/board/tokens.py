"""The mark that a form of ours carries: bound to one browser, signed with a key of this installation's database."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from functools import cached_property

from starlette.requests import Request
from starlette.responses import Response

from hanchot.service.install import fact, remember
from hanchot.store.db import Database

COOKIE = "hanchot-form"
FIELD = "token"
_BROWSER = re.compile(r"[\w-]{43}")


class Tokens:
    """Signed double submit: the cookie names the browser, the hidden field is its signature. A page of another site
    can make the browser send the cookie, but it can read neither of the two.
    """

    def __init__(self, db: Database) -> None:
        self._db = db

    @cached_property
    def _key(self) -> bytes:
        with self._db.read() as connection:
            known = fact(connection, "form_key")
        if known is None:
            with self._db.write() as connection:
                known = fact(connection, "form_key") or secrets.token_hex(32)
                remember(connection, "form_key", known)
        return bytes.fromhex(known)

    def of(self, browser: str) -> str:
        """The signature of a browser's name."""
        return hmac.new(self._key, browser.encode(), hashlib.sha256).hexdigest()

    def fits(self, request: Request, token: str) -> bool:
        """Whether the form came out of a page that this very browser was shown."""
        browser = request.cookies.get(COOKIE, "")
        return bool(_BROWSER.fullmatch(browser)) and hmac.compare_digest(self.of(browser).encode(), token.encode())


class TokenField:
    """``{{ token_field }}`` in a form. Nothing is made, and no cookie set, for a page that has no form."""

    def __init__(self, tokens: Tokens, request: Request) -> None:
        self._tokens, self._request = tokens, request

    def __html__(self) -> str:
        browser = self._request.cookies.get(COOKIE, "")
        if not _BROWSER.fullmatch(browser):
            state = self._request.state
            browser = state.new_browser = getattr(state, "new_browser", None) or secrets.token_urlsafe(32)
        return f'<input type="hidden" name="{FIELD}" value="{self._tokens.of(browser)}">'


def keep_browser(request: Request, response: Response) -> None:
    """Give the browser its name, if a form on this page needed one."""
    if browser := getattr(request.state, "new_browser", None):
        secure = request.url.scheme == "https"
        response.set_cookie(COOKIE, browser, path="/", httponly=True, samesite="lax", secure=secure)
