"""The table of phrases reads as it says: each row by its example; and what only looks like a deadline is none."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest

from hanchot.reader.grammar.building import Season
from hanchot.reader.grammar.phrases import TABLE, Phrase
from hanchot.reader.grammar.sentences import deadlines_in, sentences

ISSUED = date(2024, 11, 1)
SEASON = Season(2024, ISSUED, ISSUED)


def read(text: str, season: Season = SEASON) -> list[dict[str, Any]]:
    """Kind and fields of every deadline in ``text``."""
    found = [one for sentence in sentences(text) for one in deadlines_in(sentence, season)]
    return [one.deadline[0].model_dump(exclude_none=True, exclude={"reading"}) for one in found]


@pytest.mark.parametrize("phrase", TABLE, ids=lambda phrase: phrase.example)
def test_a_row_reads_its_own_example(phrase: Phrase) -> None:
    assert [one["kind"] for one in read(phrase.example)] == [phrase.kind]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hoàn thành trước ngày 20/12/2024", {"kind": "before", "date": date(2024, 12, 20)}),
        ("Hoàn thành chậm nhất ngày 10/12/2024.", {"kind": "by", "date": date(2024, 12, 10)}),
        ("gửi trước 17h00 ngày 20/12/2024", {"kind": "before", "date": date(2024, 12, 20), "time": time(17)}),
        ("nhận hồ sơ đến hết ngày 15 tháng 12 năm 2024", {"kind": "by", "date": date(2024, 12, 15)}),
        ("gửi hồ sơ trước 24h00 ngày 20/12/2024", {"kind": "by", "date": date(2024, 12, 20)}),
        ("hoàn thành trước ngày 5/12", {"kind": "before", "date": date(2024, 12, 5)}),
        ("báo cáo trước ngày 15/01", {"kind": "before", "date": date(2025, 1, 15)}),
        ("báo cáo trước 30/11 hằng năm", {"kind": "yearly", "date": "--11-30", "bound": "before", "next_year": False}),
        ("gửi trước ngày 15/01 năm sau", {"kind": "yearly", "date": "--01-15", "bound": "before", "next_year": True}),
        (
            "đăng ký lịch trước 15h thứ năm hằng tuần",
            {"kind": "weekly", "weekday": 4, "time": time(15), "bound": "before"},
        ),
        ("gửi báo cáo trước ngày 20 hằng tháng", {"kind": "monthly", "day": 20, "bound": "before"}),
        (
            "chậm nhất ngày 20 tháng cuối quý",
            {"kind": "quarterly", "day": 20, "month_of_quarter": 3, "bound": "by"},
        ),
        ("hoàn thành trong tháng 01/2025", {"kind": "within", "start": date(2025, 1, 1), "end": date(2025, 1, 31)}),
        ("hoàn thành trong quý I/2025", {"kind": "within", "start": date(2025, 1, 1), "end": date(2025, 3, 31)}),
        (
            "tổ chức kiểm điểm từ ngày 28/12/2024 đến hết ngày 05/01/2025",
            {"kind": "within", "start": date(2024, 12, 28), "end": date(2025, 1, 5)},
        ),
        (
            "tổ chức kiểm điểm từ 01-15/12/2024",
            {"kind": "within", "start": date(2024, 12, 1), "end": date(2024, 12, 15)},
        ),
        (
            "gửi giấy mời ít nhất 03 ngày làm việc trước khi tổ chức hội nghị",
            {"kind": "lead", "days": 3, "working_days": True, "anchor": "tổ chức hội nghị"},
        ),
        (
            "lập kế hoạch khắc phục ngay sau khi có kết quả",
            {"kind": "after", "days": 0, "working_days": False, "anchor": "có kết quả"},
        ),
        (
            "thông báo trong thời hạn 05 ngày làm việc từ ngày công khai",
            {"kind": "after", "days": 5, "working_days": True, "anchor": "công khai"},
        ),
    ],
)
def test_what_the_words_say(text: str, expected: dict[str, Any]) -> None:
    assert read(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Đối với đảng viên kết nạp trước ngày 01/6/2024 thì đánh giá như đảng viên khác.",
        "Số liệu tính đến hết ngày 30/11/2024.",
        "Kết quả thực hiện nhiệm vụ trong quý III năm 2024 là căn cứ đánh giá.",
        "Quy định có hiệu lực từ ngày 01/7/2025 đến ngày 31/12/2025.",
        "Thực hiện Quy định số 124-QĐ/TW ngày 04/10/2023 của Bộ Chính trị.",
        "Nghị quyết Đại hội nhiệm kỳ 2020 - 2025 đã được tổ chức trước ngày 30/9/2020.",
        "Hội nghị khai mạc 08h00 ngày 20/12/2024 tại hội trường.",
        "Đạt 10/12 phiếu; khắc phục hạn chế năm trước, chuẩn bị cho năm sau.",
        "Chi bộ sinh viên có thể họp sớm, nhưng không họp trước ngày 10/12/2024.",
    ],
)
def test_history_events_and_periods_are_no_deadlines(text: str) -> None:
    assert read(text) == []


def test_two_days_in_one_statement_are_two_deadlines() -> None:
    days = [one["date"] for one in read("Gửi báo cáo quý trước ngày 20/3, 20/6 và 20/9.", Season(2025, date(2025, 1, 5)))]
    assert days == [date(2025, 3, 20), date(2025, 6, 20), date(2025, 9, 20)]


def test_words_left_out_for_the_second_day_are_understood() -> None:
    text = "Gửi hồ sơ chậm nhất ngày 16/12/2024 đối với chi bộ cơ sở, ngày 18/12/2024 đối với đảng bộ cơ sở."
    assert [(one["kind"], one["date"].day) for one in read(text)] == [("by", 16), ("by", 18)]


@pytest.mark.parametrize(
    "text",
    [
        "Hoàn thành truớc ngay 20/12/2024",
        "Hoàn thành trước ngày20/12/2024",
        "Hoàn thành tr ước ngày 20/12/2024",
        "HOÀN THÀNH TRƯỚC NGÀY 20/12/2024",
        "Hoàn thành trước  ngày 2O/12/2024",
        "Hoàn thành trước ngày 20 tháng 12 năm 2024",
        "Hoàn thành trước ngày 20-12-2024",
        "Hoàn thành trước ngày 20.12.2024",
    ],
)
def test_slips_of_scanning_lose_no_deadline(text: str) -> None:
    assert [(one["kind"], one["date"]) for one in read(text)] == [("before", date(2024, 12, 20))]


def test_a_lost_mark_is_not_forgiven_where_it_makes_another_word() -> None:
    assert read("Kiểm điểm theo quy 3 của Việt Nam 2024, ngay 5") == []


def test_a_day_that_does_not_exist_is_reported_with_a_doubt_and_no_date() -> None:
    (sentence,) = sentences("Hoàn thành chậm nhất ngày 31/11/2024.")
    ((deadline, doubt),) = [one.deadline for one in deadlines_in(sentence, SEASON)]
    assert deadline.kind == "unset"
    assert doubt == "không có ngày 31/11/2024; người phụ trách sửa theo bản gốc"


def test_a_date_before_the_document_could_be_issued_is_kept_with_a_doubt() -> None:
    (sentence,) = sentences("gửi hồ sơ trong tháng 02 năm 2022 để theo dõi")
    ((deadline, doubt),) = [one.deadline for one in deadlines_in(sentence, Season(2022, None, date(2022, 10, 25)))]
    assert deadline.model_dump(exclude={"kind"}) == {"start": date(2022, 2, 1), "end": date(2022, 2, 28)}
    assert doubt is not None and "25/10/2022" in doubt


def test_a_yearless_day_in_a_standing_guidance_is_of_every_year() -> None:
    assert read("hoàn thành trước ngày 30/11", Season())[0] == {
        "kind": "yearly", "date": "--11-30", "bound": "before", "next_year": False,
    }  # fmt: skip
