"""What is drawn at random, and how it is kept: never in plain.

Codes by mail are eight digits: five tries in ten minutes against a hundred million. Printed codes live for a month, so
they are ten characters of an alphabet without look-alikes (50 bits).
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import unicodedata

import sqlalchemy as sa

from hanchot.service.install import fact, remember

DIGITS = 8
PRINTED_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
PRINTED_LENGTH = 10
MOST_ADDRESS = 254  # characters, RFC 5321 4.5.3.1.3
_KEY = "sign_in_key"
_NOT_A_SIGN = re.compile(r"[\s.\-–]+")
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+")


def new_code() -> str:
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def new_printed() -> str:
    return "".join(secrets.choice(PRINTED_SIGNS) for _ in range(PRINTED_LENGTH))


def new_token() -> str:
    """What the cookie of a sign-in holds: 256 random bits."""
    return secrets.token_urlsafe(32)


def grouped(code: str) -> str:
    """``1234 5678``, ``7KX2M 9PQRT``: as it is shown, to be read aloud and typed."""
    return f"{code[: len(code) // 2]} {code[len(code) // 2 :]}"


def plain(typed: str) -> str:
    """A code as it was meant: without the gaps that people type, in capitals."""
    return _NOT_A_SIGN.sub("", unicodedata.normalize("NFKC", typed)).upper()


def plain_address(typed: str) -> str | None:
    """An address as it is compared; None for what cannot be one."""
    address = unicodedata.normalize("NFC", typed).strip().lower()
    return address if len(address) <= MOST_ADDRESS and _ADDRESS.fullmatch(address) else None


def sha(text: str) -> str:
    """Of what is random anyhow: tokens and browsers."""
    return hashlib.sha256(text.encode()).hexdigest()


class Sealer:
    """HMAC-SHA-256 under a key of this installation, made when it is first needed (in a write transaction)."""

    def __init__(self, connection: sa.Connection) -> None:
        known = fact(connection, _KEY)
        if known is None:
            known = secrets.token_hex(32)
            remember(connection, _KEY, known)
        self._key = bytes.fromhex(known)

    def __call__(self, *parts: object) -> str:
        text = "\x1f".join(map(str, parts))
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Compared in a time that does not tell how much of it is right."""
    return hmac.compare_digest(one.encode(), other.encode())
