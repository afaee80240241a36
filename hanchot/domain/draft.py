"""A draft (dự thảo): what the reader saw in a document, sentence by sentence, before a person has confirmed any of it.

A draft is never worked by: only a plan is, and only a person makes the one out of the other.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from hanchot.domain.deadline import Deadline
from hanchot.domain.plan import LegalBasis
from hanchot.domain.stage import Stage

DocumentKind = Literal["plan", "guidance", "letter", "regulation"]
_FIELDS = (
    "date", "bound", "time", "start", "end", "weekday", "day", "month_of_quarter", "next_year", "days", "working_days",
    "anchor",
)  # fmt: skip
_EMPTY: dict[str, Any] = {name: None for name in _FIELDS} | {"next_year": False, "working_days": False}


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Head(_Part):
    """The head of the document as it is written; null where the document is silent."""

    number: str | None = None
    issuer: str | None = None
    title: str | None = None
    kind: DocumentKind = "plan"
    year: int | None = None
    issued_on: date | None = None
    legal_bases: tuple[LegalBasis, ...] = ()


class Paragraph(_Part):
    """One paragraph, lines joined again. ``clause`` is its path (``II.4``, ``VI.1.b``), null before the first clause."""

    clause: str | None = None
    text: str


class Statement(_Part):
    """One dated or undated duty as the document words it.

    ``quote`` is the sentence, verbatim but for white space; ``phrase`` the words of the date. ``paragraph`` counts the
    draft's paragraphs from 0. An ``anchor`` inside ``deadline`` is in the document's own words.
    """

    deadline: Deadline
    stage: Stage | None = None
    why_stage: str | None = None
    actor: str | None = None
    recipient: str | None = None
    clause: str | None = None
    phrase: str
    quote: str
    paragraph: int = Field(ge=0)
    doubt: str | None = None

    def to_json(self) -> dict[str, Any]:
        """One entry of ``deadlines`` in the Draft of the command line: every field of every kind, null where unused."""
        said = self.deadline.model_dump(mode="json", exclude={"reading"})
        if isinstance(said.get("time"), str):
            said["time"] = said["time"][:5]
        rest = self.model_dump(mode="json", exclude={"deadline"})
        return {"kind": said["kind"]} | _EMPTY | said | rest


class Remark(_Part):
    """What a person should know about the reading: nothing is dropped without one."""

    code: str
    message: str
    quote: str | None = None


class Draft(_Part):
    """A document as read."""

    document: Head
    deadlines: tuple[Statement, ...] = ()
    warnings: tuple[Remark, ...] = ()
    paragraphs: tuple[Paragraph, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The Draft of the command line (without the paragraphs, which only the confirming page shows)."""
        return {
            "document": self.document.model_dump(mode="json"),
            "deadlines": [statement.to_json() for statement in self.deadlines],
            "warnings": [remark.model_dump(mode="json") for remark in self.warnings],
        }
