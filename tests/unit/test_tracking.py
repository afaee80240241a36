"""The tracking sheet, cell by cell: what a person's change means, and every change that cannot be meant."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hanchot.domain.tracking import (
    NO_ITEM,
    ROADS,
    WORDS,
    Change,
    Column,
    Known,
    Line,
    Mark,
    Problem,
    Said,
    Word,
    differences,
    read_word,
    word_of,
)
from hanchot.domain.work_item import TRANSITIONS, State
from tests.look import at

W = Word
TODAY, FIRST = date(2024, 12, 16), date(2024, 1, 1)
D10, D12 = date(2024, 12, 10), date(2024, 12, 12)
HO_SO = Column("ho-so", "Nộp hồ sơ", "D", "E")


def asked(
    said: Said, was: Mark, now: Mark | None = None, *, note: str = "", hidden: bool = False, unknown: bool = False
) -> list[Change | Problem]:
    """What one row of one column asks for. ``now``: how the item stands, unless as when the sheet was made."""
    known = {} if unknown else {("BAO", "ho-so"): Known(was, now or was, "Bình", at("2024-12-14 10:30"))}
    line = Line(7, "BAO", note, {"ho-so": said}, hidden)
    return list(differences([line], [HO_SO], known, "F", FIRST, TODAY))


def change(said: Said, was: Mark, now: Mark | None = None, note: str = "") -> Change:
    (found,) = asked(said, was, now, note=note)
    assert isinstance(found, Change), found
    return found


def refused(said: Said, was: Mark, now: Mark | None = None, **more: Any) -> str:
    (found,) = asked(said, was, now, **more)
    assert isinstance(found, Problem), found
    return found.vi


def test_handed_in_with_its_day() -> None:
    found = change(Said(W.HANDED_IN, D12), Mark(W.NOT_YET))

    assert (found.cell, found.actions, found.becomes) == ("D7", ("submit",), Mark(W.HANDED_IN, D12))
    assert found.vi == "BAO, Nộp hồ sơ: Chưa nộp → Đã nộp 12/12/2024"


@pytest.mark.parametrize(
    "said",
    [
        Said(W.HANDED_IN, D12),  # as it was
        Said(W.HANDED_IN),  # the day taken out: the day stays
        Said(None),  # both cells emptied
    ],
)
def test_what_nobody_changed_asks_for_nothing(said: Said) -> None:
    assert asked(said, Mark(W.HANDED_IN, D12)) == []


def test_an_old_sheet_does_not_undo_what_others_did_meanwhile() -> None:
    """The cell still says “Chưa nộp” because it did when the sheet was made; the board has moved on."""
    assert asked(Said(W.NOT_YET), Mark(W.NOT_YET), Mark(W.TAKEN, D12)) == []


def test_what_has_been_imported_asks_for_nothing_the_second_time() -> None:
    assert asked(Said(W.HANDED_IN, D12), Mark(W.NOT_YET), Mark(W.HANDED_IN, D12)) == []
    assert asked(Said(W.HANDED_IN), Mark(W.NOT_YET), Mark(W.HANDED_IN, TODAY)) == []
    # returned: the day of the first time still stands in the cell beside
    assert asked(Said(W.SENT_BACK, D12), Mark(W.HANDED_IN, D12), Mark(W.SENT_BACK), note="thiếu biên bản") == []


def test_changed_on_both_sides_is_nobodys_to_guess() -> None:
    said = refused(Said(W.HANDED_IN, D12), Mark(W.NOT_YET), Mark(W.EXCUSED))

    assert said == (
        "Ô D7 (“Đã nộp 12/12/2024”): trong khi đó Bình đã ghi “Không áp dụng” lúc 10:30 14/12/2024; "
        "xuất lại bảng rồi điền lại ô này."
    )


@pytest.mark.parametrize(
    ("said", "was", "cell", "reason"),
    [
        (Said(None, D12), Mark(W.NOT_YET), "E7", "có ngày nộp nhưng ô tình trạng trống"),
        (Said(W.NOT_YET, D12), Mark(W.NOT_YET), "E7", "có ngày nộp nhưng tình trạng là “Chưa nộp”"),
        (Said(W.HANDED_IN, date(2024, 12, 17)), Mark(W.NOT_YET), "E7", "ngày nộp phải từ 01/01/2024 đến hôm nay 16/12/2024"),
        (Said(W.HANDED_IN, date(2023, 12, 12)), Mark(W.NOT_YET), "E7", "ngày nộp phải từ 01/01/2024"),
        (Said(W.SENT_BACK), Mark(W.NOT_YET), "D7", "không đổi được từ “Chưa nộp” thành “Trả lại”"),
        (Said(W.HANDED_IN), Mark(W.TAKEN, D12), "D7", "không đổi được từ “Đã nhận” thành “Đã nộp”"),
        (Said(W.SENT_BACK, D12), Mark(W.HANDED_IN, D12), "F7", "“Đã nộp 12/12/2024” thành “Trả lại” phải có lý do"),
        (Said(W.HANDED_IN, D10), Mark(W.HANDED_IN, D12), "F7", "phải có lý do"),
        (Said(None, none=True), Mark(W.NOT_YET), "D7", "đơn vị BAO có việc này (“Chưa nộp”)"),
    ],
)
def test_what_cannot_be_meant_names_its_cell_and_the_way_out(said: Said, was: Mark, cell: str, reason: str) -> None:
    found = refused(said, was)

    assert found.startswith(f"Ô {cell}") and reason in found and "; " in found


def test_a_unit_without_the_duty_and_a_hidden_row() -> None:
    assert asked(Said(None, none=True), Mark(W.NOT_YET), unknown=True) == []
    assert "đơn vị BAO không có việc “Nộp hồ sơ”" in refused(Said(W.HANDED_IN), Mark(W.NOT_YET), unknown=True)
    assert "dòng đang bị ẩn hoặc lọc" in refused(Said(W.HANDED_IN), Mark(W.NOT_YET), hidden=True)
    assert asked(Said(W.NOT_YET), Mark(W.NOT_YET), hidden=True) == []  # hidden and untouched harms nobody


def test_another_day_is_taken_back_and_recorded_anew() -> None:
    assert change(Said(W.HANDED_IN, D10), Mark(W.HANDED_IN, D12), note="ghi nhầm ngày").actions == ("reopen", "submit")


@pytest.mark.parametrize(("came", "to"), list(ROADS))
def test_every_road_is_made_of_transitions_that_exist(came: Word, to: Word) -> None:
    states = [state for state in State if word_of(state) == came]
    for action in ROADS[came, to]:
        assert all(state in TRANSITIONS[action].sources for state in states)
        target = TRANSITIONS[action].target
        assert target is not None
        states = [target]
    assert [word_of(state) for state in states] == [to]


@pytest.mark.parametrize("word", WORDS)
def test_words_are_read_as_people_type_them(word: str) -> None:
    assert read_word(f"  {word.upper()} ") == read_word(word) == word
    assert read_word("da nop") == W.HANDED_IN
    assert read_word("xong") is None and read_word(NO_ITEM) is None
