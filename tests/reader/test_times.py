"""Expressions of time: every form of the table reads its own example, and what is no time is left alone."""

from __future__ import annotations

from datetime import time

import pytest

from hanchot.reader.grammar.spelling import fold
from hanchot.reader.grammar.times import FORMS, Form, Time, annotated, find_times


def found(text: str) -> list[tuple[str, str]]:
    return [(one.slot, text[one.start : one.end]) for one in find_times(fold(text))]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.slot}: {form.example}")
def test_a_form_finds_its_own_example_and_nothing_else(form: Form) -> None:
    assert found(form.example) == [(form.slot, form.example)]


def only(text: str) -> Time:
    (one,) = find_times(fold(text))
    return one


def test_what_a_time_means() -> None:
    assert (only("ngày 05 tháng 12 năm 2024").day, only("ngày 05 tháng 12 năm 2024").month) == (5, 12)
    assert only("5/12").year is None
    assert only("15/01 năm sau").mark == "next"
    assert only("30/11 hằng năm").mark == "every"
    assert only("17 giờ 30").clock == time(17, 30)
    assert only("3 giờ chiều").clock == time(15)
    assert only("thứ năm").number == 4
    assert only("chủ nhật").number == 7
    assert only("05 (năm) ngày làm việc") == Time("span", 0, 22, number=5, working=True)
    assert only("tháng đầu quý sau").number == 1
    assert only("tuần cuối tháng 12/2024").parts == (22, 31)
    assert only("quý IV năm 2025").quarter == 4


@pytest.mark.parametrize(
    "text",
    ["đạt 10/12 phiếu", "Thông tư 12/2024/TT-BNV", "điểm 3.1/2", "từ 2/3 đảng viên trở lên", "Nghị định số 90/2020/NĐ-CP"],
)
def test_shares_and_numbers_of_documents_are_no_days(text: str) -> None:
    assert "day" not in {slot for slot, _ in found(text)}


@pytest.mark.parametrize(
    "text",
    [
        "Quy định số 124-QĐ/TW ngày 04/10/2023",
        "Hướng dẫn số 22- HD/TU ngày 25 tháng 11 năm 2023",
        "Hướng dẫn số 22 ngày 25/11/2023",
        "Công văn 898-CV/TU, ngày 14/10/2022",
    ],
)
def test_the_day_of_a_cited_document_is_marked_as_such(text: str) -> None:
    assert [slot for slot, _ in found(text)] == ["cited"]


def test_letters_that_stand_for_digits_are_read_as_digits() -> None:
    assert found("chậm nhất ngày l5/12/2024, O5/12 và 2O/12") == [
        ("day", "ngày l5/12/2024"),
        ("day", "O5/12"),
        ("day", "2O/12"),
    ]


def test_an_annotated_sentence_keeps_its_length() -> None:
    text = fold("trước 15h thứ năm hằng tuần, chậm nhất ngày 10/12/2024")
    assert len(annotated(text, find_times(text))) == len(text)
