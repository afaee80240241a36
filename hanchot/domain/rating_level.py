"""The four levels (mức xếp loại) and the kinds of subjects that are rated."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field


class RatingLevel(StrEnum):
    """The four levels (mức xếp loại), best first."""

    EXCELLENT = "excellent"
    GOOD = "good"
    FAIR = "fair"
    FAIL = "fail"

    @property
    def rank(self) -> int:
        """0 is the best."""
        return _RANK[self]

    @property
    def vi(self) -> str:
        return _LEVEL_VI[self]


_RANK = {level: n for n, level in enumerate(RatingLevel)}
_LEVEL_VI = {
    RatingLevel.EXCELLENT: "hoàn thành xuất sắc nhiệm vụ",
    RatingLevel.GOOD: "hoàn thành tốt nhiệm vụ",
    RatingLevel.FAIR: "hoàn thành nhiệm vụ",
    RatingLevel.FAIL: "không hoàn thành nhiệm vụ",
}


class Subject(StrEnum):
    """Who is rated: an organisation (no review), a collective, a leader, anyone else."""

    ORGANISATION = "organisation"
    COLLECTIVE = "collective"
    LEADER = "leader"
    MEMBER = "member"

    @property
    def vi(self) -> str:
        return _SUBJECT_VI[self]


_SUBJECT_VI = {
    Subject.ORGANISATION: "tổ chức đảng, cơ quan, đơn vị",
    Subject.COLLECTIVE: "tập thể lãnh đạo, quản lý",
    Subject.LEADER: "cá nhân lãnh đạo, quản lý",
    Subject.MEMBER: "cá nhân không giữ chức vụ lãnh đạo, quản lý",
}
Subjects = Annotated[tuple[Subject, ...], Field(min_length=1)]
