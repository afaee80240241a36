"""A finding (phát hiện): one thing that the check of a plan says, in Vietnamese and English, with its way out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """``error``: cannot be meant as it stands. ``warning``: will cost somebody a day. ``note``: a person should know."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def vi(self) -> str:
        return {"error": "Lỗi", "warning": "Cảnh báo", "note": "Lưu ý"}[self]

    @property
    def rank(self) -> int:
        """0 for errors, which stand first."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Said:
    """What a check saw: ``vi`` and ``en`` name what and where, ``way`` and ``way_en`` what to do about it.

    ``clause`` is the child's, or the document's own; null for the head. ``severity`` overrides the check's.
    """

    vi: str
    en: str
    way: str
    way_en: str
    clause: str | None = None
    milestone: str | None = None
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """``plan`` and ``milestone`` are keys."""

    severity: Severity
    code: str
    plan: str
    said: Said

    @property
    def clause(self) -> str | None:
        return self.said.clause

    @property
    def message(self) -> str:
        return f"{self.said.vi} {self.said.way}"

    @property
    def message_en(self) -> str:
        return f"{self.said.en} {self.said.way_en}"

    def to_json(self) -> dict[str, Any]:
        return {
            "severity": str(self.severity),
            "code": self.code,
            "plan": self.plan,
            "clause": self.clause,
            "milestone": self.said.milestone,
            "message": self.message,
            "message_en": self.message_en,
            "way_out": self.said.way,
            "way_out_en": self.said.way_en,
        }
