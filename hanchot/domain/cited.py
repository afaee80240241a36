"""Where a rule is said (căn cứ), and a refusal that names it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema

UNSEEN = "chưa kiểm chứng"


class Cited(BaseModel):
    """Document and clause of a rule. ``unverified``: the text itself was not seen; every page shows the mark.

    In a file it may be one short text, ``"366-QĐ/TW, Điều 11"``; with a question mark at its end it is unverified.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    document: str = Field(min_length=1, max_length=60)
    clause: str = Field(min_length=1, max_length=60)
    unverified: bool = False
    note: str | None = Field(default=None, max_length=400)

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        document, comma, clause = (part.strip() for part in value.removesuffix("?").partition(","))
        if not comma:
            raise ValueError(f"căn cứ “{value}” thiếu điều, mục; viết “số văn bản, điều”, ví dụ “366-QĐ/TW, Điều 11”")
        return {"document": document, "clause": clause, "unverified": value.endswith("?")}

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Editors accept the short text, too."""
        return {"anyOf": [{"type": "string"}, handler(core)]}

    @property
    def vi(self) -> str:
        """``366-QĐ/TW Điều 11``, with ``(chưa kiểm chứng)`` where the text was not seen."""
        mark = f" ({UNSEEN})" if self.unverified else ""
        return f"{self.document} {self.clause}{mark}"


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a rule forbids: one sentence, what would make it right, and the rule. ``code`` is stable, for machines."""

    code: str
    message: str
    way_out: str
    basis: Cited

    @property
    def vi(self) -> str:
        """The whole sentence as a person reads it."""
        return f"{self.message} {self.way_out} [{self.basis.vi}]"
