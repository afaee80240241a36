"""Acts (văn bản làm căn cứ): regulations and guidances that plans rest on, and which of them is in force when.

Numbers, dates and who replaced whom only; what a regulation says is the regulation's own file.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Act(BaseModel):
    """One act. ``in_force_from`` is the day of signing unless the act says another; ``source`` is where that was seen."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    number: str = Field(min_length=1, max_length=60)
    kind: Literal["regulation", "guidance", "conclusion", "decree", "plan", "letter"]
    issuer: str = Field(min_length=1, max_length=200)
    issued_on: date
    in_force_from: date | None = None
    replaces: str | None = None
    theme: str | None = Field(default=None, description="joins the acts that replace one another")
    source: str = Field(min_length=1, max_length=400)

    @property
    def begins(self) -> date:
        """The first local day on which it holds."""
        return self.in_force_from or self.issued_on


@dataclass(frozen=True)
class Acts:
    """The acts that somebody has checked. An unknown number is not wrong, only unknown."""

    acts: tuple[Act, ...] = ()

    def find(self, number: str | None) -> Act | None:
        """The act of that number, however it is spelled (``124-QĐ/TW``, ``124-qđ/tw``)."""
        wanted = number_key(number or "")
        return next((act for act in self.acts if number_key(act.number) == wanted), None)

    def successor(self, act: Act) -> Act | None:
        """What replaced it, directly."""
        return next((other for other in self.acts if number_key(other.replaces or "") == number_key(act.number)), None)

    def ended(self, act: Act) -> date | None:
        """The first local day on which it no longer holds; None while it does."""
        next_one = self.successor(act)
        return next_one.begins if next_one else None

    def in_force(self, theme: str, day: date) -> Act | None:
        """The act of a theme that holds on a local day."""
        held = [a for a in self.acts if a.theme == theme and a.begins <= day and not ((end := self.ended(a)) and end <= day)]
        return max(held, key=lambda act: act.begins, default=None)


def number_key(number: str) -> str:
    """A document number without case, blanks or the word “số”: what two spellings of one number share."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFC", number).casefold())
    return plain.removeprefix("số").replace("–", "-")
