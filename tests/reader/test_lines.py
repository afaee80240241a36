"""Lines of real files: broken, doubled, numbered, footnoted, flattened; and the clause that each paragraph stands in."""

from __future__ import annotations

import pytest

from hanchot.reader.clauses import MARKERS, marker_of
from hanchot.reader.lines import paragraphs


def shown(*lines: str) -> list[tuple[str | None, str]]:
    return [(block.clause, block.text) for block in paragraphs(lines)]


def test_broken_lines_are_joined_and_page_numbers_dropped() -> None:
    assert shown("Cấp uỷ hoàn thành kiểm điểm trước ngày", "", "2", "", "27/12/2023.") == [
        (None, "Cấp uỷ hoàn thành kiểm điểm trước ngày 27/12/2023.")
    ]


def test_a_number_broken_at_its_hyphen_is_whole_again() -> None:
    assert shown("Hướng dẫn số 22-", "", "HD/TU ngày 25/11/2023.")[0][1] == "Hướng dẫn số 22-HD/TU ngày 25/11/2023."


def test_markdown_leaves_no_trace() -> None:
    assert shown("### **II- Nội dung**", "- *Thời gian:* **Trước ngày 05/11/2022.**") == [
        ("II", "II- Nội dung"),
        ("II", "- Thời gian: Trước ngày 05/11/2022."),
    ]


def test_paths_nest_and_numbers_printed_with_their_parents_are_not_doubled() -> None:
    first = ["II. KIỂM ĐIỂM", "1. Đối tượng:", "1.2. Đối với đảng viên:", "- Tất cả đảng viên.", "2. Nội dung:"]
    second = ["III. XẾP LOẠI", "1. Trách nhiệm:", "a) Thường trực Đảng ủy:", "b) Các cấp ủy:"]
    assert [clause for clause, _ in shown(*first)] == ["II", "II.1", "II.1.2", "II.1.2", "II.2"]
    assert [clause for clause, _ in shown(*first, *second)][5:] == ["III", "III.1", "III.1.a", "III.1.b"]


def test_articles_and_annexes_are_named() -> None:
    lines = ["Chương II", "Điều 7. Thời hạn", "2. Hồ sơ gồm:", "a) Bản kiểm điểm.", "PHỤ LỤC", "1. Biểu quyết", "1.2. Hội nghị"]
    assert [clause for clause, _ in shown(*lines)][1:] == ["Điều 7", "Điều 7.2", "Điều 7.2.a", "PL", "PL.1", "PL.1.2"]


def test_a_line_that_happens_to_begin_with_a_number_opens_no_clause() -> None:
    lines = [
        "I. CHUNG",
        "1. Thực hiện nhiệm vụ theo quy định tại các điều khoản đã nêu tại Điều",
        "12. Trường hợp khác do cấp ủy xem xét.",
    ]
    assert [clause for clause, _ in shown(*lines)] == ["I", "I.1"]


def test_a_footnote_carries_the_clause_that_calls_it() -> None:
    lines = [
        "II. VỀ KIỂM ĐIỂM",
        "1. Kiểm điểm tại chi bộ đang sinh hoạt<sup>(1)</sup>.",
        "2. Tiến độ:",
        "- Xong ngày 10/12/2024.",
    ]
    note = "<sup>(1)</sup> Cá nhân phải kiểm điểm xong ở chi bộ."
    assert shown(*lines, note)[-1][0] == "II.1"


def test_a_row_of_a_table_stays_one_paragraph_with_its_cells() -> None:
    (row,) = paragraphs(["1\tXây dựng kế hoạch\tBan Tổ chức\t05/11/2025"])
    assert row.cells == ("1", "Xây dựng kế hoạch", "Ban Tổ chức", "05/11/2025")


def test_a_row_broken_in_two_is_one_again() -> None:
    rows = paragraphs(
        ["3\tKiện toàn Hội đồng", "(thay hội đồng cũ)\tVăn phòng\tTrước 16/11/2026", "4\tTự đánh giá\tCá nhân\t20/11/2026"]
    )
    assert [row.cells[0] for row in rows] == ["3", "4"]
    assert rows[0].text.endswith("Trước 16/11/2026")


@pytest.mark.parametrize(("level", "example"), [(level, example) for level, _, example in MARKERS])
def test_a_marker_reads_its_own_example(level: str, example: str) -> None:
    found = marker_of(example)
    assert found is not None
    assert found.level == level
