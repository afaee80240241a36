"""The words of letters: days, deadlines, names that must fit."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime

import pytest

from hanchot.domain.instants import ZONE, end_of
from hanchot.letters import words


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2025-12-18T23:59:59", "hết ngày thứ Năm 18/12/2025"),
        ("2025-12-18T14:59:59", "trước 15 giờ thứ Năm 18/12/2025"),
        ("2025-12-18T16:29:59", "trước 16 giờ 30 thứ Năm 18/12/2025"),
        ("2025-12-18T15:00:00", "15 giờ thứ Năm 18/12/2025"),
        ("2025-12-18T08:05:00", "8 giờ 05 thứ Năm 18/12/2025"),
    ],
)
def test_the_last_moment_in_words(moment: str, said: str) -> None:
    instant = datetime.fromisoformat(moment).replace(tzinfo=ZONE)
    assert words.deadline_vi(date(2025, 12, 18), instant) == said


def test_a_sunday_is_said_as_such() -> None:
    day = date(2024, 12, 15)
    assert words.deadline_vi(day, end_of(day)) == "hết ngày Chủ nhật 15/12/2024"


@pytest.mark.parametrize(
    ("days", "said"),
    [(3, "Còn 3 ngày"), (1, "Còn 1 ngày"), (0, "Hôm nay"), (-2, "Quá hạn 2 ngày"), (None, "Chưa có hạn")],
)
def test_days_left_and_late(days: int | None, said: str) -> None:
    assert words.when_vi(days) == said


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Gửi hồ sơ", "gửi hồ sơ"),
        ("Ban Thường vụ quyết định", "Ban Thường vụ quyết định"),
        ("UBND xã báo cáo", "UBND xã báo cáo"),
        ("Đăng ký lịch", "đăng ký lịch"),
        ("", ""),
    ],
)
def test_a_title_inside_a_sentence(title: str, said: str) -> None:
    assert words.lower_first(title) == said


@pytest.mark.parametrize(
    ("unit", "milestone", "room", "said"),
    [
        ("Chi bộ A", "nộp hồ sơ", 30, ("Chi bộ A", "nộp hồ sơ")),
        ("Chi bộ Trường Tiểu học Nguyễn Văn Trỗi", "nộp hồ sơ", 36, ("Chi bộ … Nguyễn Văn Trỗi", "nộp hồ sơ")),
        ("Ủy ban nhân dân xã Lùng Phình", "họp", 22, ("UBND xã Lùng Phình", "họp")),
        ("Ban Thường vụ Đảng ủy Khối", "quyết định xếp loại", 24, ("Ban Thường…", "quyết định…")),
    ],
)
def test_what_must_fit_keeps_what_tells_apart(unit: str, milestone: str, room: int, said: tuple[str, str]) -> None:
    fitted = words.fit(unit, milestone, room)
    assert sum(map(len, fitted)) <= room
    assert fitted == said


def test_composed_letters_and_one_line() -> None:
    split = unicodedata.normalize("NFD", "Chi bộ Ấp  Mới")
    assert words.nfc(f"{split}\r\nBcc: x") == "Chi bộ Ấp Mới Bcc: x"


@pytest.mark.parametrize(
    ("reason", "may"),
    [
        ("thiếu biên bản họp", True),
        ("chưa đạt mức hoàn thành tốt nhiệm vụ", False),
        ("kiểm phiếu lại", False),
        ("nêu rõ khuyết điểm", False),
        ("", False),
        (None, False),
    ],
)
def test_a_reason_about_results_votes_or_faults_stays_on_the_board(reason: str | None, may: bool) -> None:
    assert words.may_be_mailed(reason) is may
