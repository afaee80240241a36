"""The six stages (bước) that every cycle goes through, in this order."""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """One stage of a cycle; the order of the members is the order of the work."""

    PREPARE = "prepare"
    SELF_ASSESS = "self_assess"
    APPRAISE = "appraise"
    DECIDE = "decide"
    NOTIFY = "notify"
    REMEDIATE = "remediate"

    @property
    def vi(self) -> str:
        return _VI[self]

    @property
    def position(self) -> int:
        """0 for prepare … 5 for remediate."""
        return STAGES.index(self)


STAGES: tuple[Stage, ...] = tuple(Stage)
_VI = {
    Stage.PREPARE: "chuẩn bị",
    Stage.SELF_ASSESS: "tự đánh giá",
    Stage.APPRAISE: "thẩm định",
    Stage.DECIDE: "quyết định",
    Stage.NOTIFY: "thông báo",
    Stage.REMEDIATE: "khắc phục",
}
