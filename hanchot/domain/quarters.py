"""Quarters (quý): which are rated, what feeds the year's review, and what a bad quarter bars.

Sources: the plan of Lùng Phình I.2 (Q1–Q3 rated, Q4 merged into the year), 366-QĐ/TW Điều 15 (quarters feed the year),
02-HD/BTCTW of 22/5/2026 (seen only in a digest: unverified). No national date per quarter was found: dates are the plan's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from hanchot.domain.cited import Cited, Refusal
from hanchot.domain.house_rules import NO_TEXT
from hanchot.domain.rating_level import RatingLevel

Quarter = Annotated[int, Field(ge=1, le=4)]
_ROMAN = ("I", "II", "III", "IV")


class QuarterRules(BaseModel):
    """``rated``: the quarters that are rated; the others are merged into the year, by ``cited``. None: silent."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    rated: tuple[Quarter, ...] | None = None
    cited: Cited | None = None
    feeds: Cited | None = Field(default=None, description="results of the quarters are a basis of the year's review")
    doubt: str | None = None
    fail_bars_excellent: Cited | None = None
    two_fails: Cited | None = Field(default=None, description="two failed quarters in a row: replacement is considered")


@dataclass(frozen=True, slots=True)
class QuarterNote:
    """A consequence that a person weighs; it changes nothing by itself."""

    words: str
    basis: Cited


def may_rate(quarter: int, rules: QuarterRules) -> tuple[Refusal, ...]:
    """Why ``quarter`` (1–4) is not rated on its own; empty when it is."""
    _demand(quarter)
    if rules.rated is None:
        return (_unset(),)
    if quarter in rules.rated:
        return ()
    return (
        Refusal(
            code="quarter-not-rated",
            message=f"Quý {_ROMAN[quarter - 1]} không đánh giá riêng, mà kết hợp vào đánh giá, xếp loại cuối năm.",
            way_out=f"Đánh giá theo đợt năm; các quý đánh giá riêng: {_quarters(rules.rated) or 'không có'}.",
            basis=rules.cited or NO_TEXT,
        ),
    )


def missing_for_year(results: Mapping[int, RatingLevel], rules: QuarterRules) -> tuple[Refusal, ...]:
    """Rated quarters without a decided result when the year's review begins. A merged quarter is never asked for.

    ``results``: quarter → decided level. The plan of Lùng Phình names Q4 as a basis though it is not rated: that is a
    ``doubt`` to show, not a record to demand.
    """
    if rules.feeds is None:
        return ()
    lacking = [quarter for quarter in rules.rated or () if quarter not in results]
    return tuple(
        Refusal(
            code="quarter-missing",
            message=f"Chưa có kết quả quý {_ROMAN[quarter - 1]} làm căn cứ đánh giá, xếp loại cuối năm.",
            way_out="Hoàn thành đợt quý ấy, hoặc ghi lý do không có kết quả (mới nhận việc, nghỉ dài).",
            basis=rules.feeds,
        )
        for quarter in lacking
    )


def bars_excellent(results: Mapping[int, RatingLevel], rules: QuarterRules) -> tuple[Refusal, ...]:
    """Quarters that bar “hoàn thành xuất sắc nhiệm vụ” for the year; empty when none does or the basis is silent."""
    failed = sorted(quarter for quarter, level in results.items() if level == RatingLevel.FAIL)
    if not failed or rules.fail_bars_excellent is None:
        return ()
    return (
        Refusal(
            code="quarter-bars-excellent",
            message=f"Không xếp loại hoàn thành xuất sắc nhiệm vụ cho năm: quý {_quarters(failed)} không hoàn thành nhiệm vụ.",
            way_out="Chọn mức từ hoàn thành tốt nhiệm vụ trở xuống, hoặc mở lại kết quả quý nếu sai.",
            basis=rules.fail_bars_excellent,
        ),
    )


def notes_on(results: Mapping[int, RatingLevel], rules: QuarterRules) -> tuple[QuarterNote, ...]:
    """What else the quarters say: a doubt of the plan, and two failed quarters in a row."""
    notes = [QuarterNote(rules.doubt, rules.cited or NO_TEXT)] if rules.doubt else []
    if rules.two_fails and any(results.get(q) == results.get(q + 1) == RatingLevel.FAIL for q in (1, 2, 3)):
        notes.append(QuarterNote("hai quý liên tiếp không hoàn thành nhiệm vụ: xem xét thay thế", rules.two_fails))
    return tuple(notes)


def _quarters(quarters: tuple[int, ...] | list[int]) -> str:
    return ", ".join(_ROMAN[quarter - 1] for quarter in quarters)


def _unset() -> Refusal:
    return Refusal(
        code="quarters-unset",
        message="Chưa biết quý nào được đánh giá riêng: kế hoạch và quy định được nêu đều không nói.",
        way_out="Ban Tổ chức ghi các quý đánh giá riêng vào bộ quy tắc của kế hoạch.",
        basis=NO_TEXT,
    )


def _demand(quarter: int) -> None:
    if quarter not in (1, 2, 3, 4):
        raise ValueError(f"quarter {quarter} is none of 1–4")
