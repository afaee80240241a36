"""Journeys of a beginning: from a signed document to an open cycle, and from an empty installation to a first one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hanchot.service.items import act
from tests.board.journeys.conftest import Found
from tests.board.people import ORGANISER, SECRETARY, SUPERIOR
from tests.cast import settle
from tests.look import at, item_id
from tests.org_files import PEOPLE, UNITS, workbook

if TYPE_CHECKING:
    from tests.board.journeys.town import Person, Town

pytestmark = pytest.mark.slow
DOCUMENT = """Số 16-KH/ĐUK

KẾ HOẠCH kiểm điểm, đánh giá, xếp loại chất lượng tổ chức đảng, đảng viên năm 2024

Ban Thường vụ Đảng ủy Khối ban hành kế hoạch như sau:

I. TIẾN ĐỘ KIỂM ĐIỂM, XẾP LOẠI

1. Đối với chi bộ trực thuộc đảng ủy cơ sở: Hoàn thành kiểm điểm chậm nhất ngày 10/12/2024.

2. Chi, đảng bộ cơ sở gửi hồ sơ đề nghị xếp loại về Ban Thường vụ Đảng ủy Khối (qua Ban Tổ chức) chậm nhất ngày 18/12/2024.
"""
PLAN = "16-kh-duk-2024"


def test_9_a_document_becomes_a_cycle_and_two_officers_meet_at_one_item(found: Found) -> None:
    town = found("2024-11-18 09:00", sign_in="auto")
    settle(town.house.db)
    desk = town.somebody().goes("/documents").types("Họ tên của đồng chí", "Trần Thị Bình")
    desk.hands_over("Văn bản", "ke-hoach.docx", b"MZ\x90\x00").presses("Đọc văn bản").reads("ke-hoach.docx")  # no document
    desk.finds_typed("Họ tên của đồng chí", "Trần Thị Bình")
    desk.hands_over("Văn bản", "ke-hoach.txt", DOCUMENT.encode()).presses("Đọc văn bản").reads("Đã xem 0/2 câu", "16-KH/ĐUK")
    for seen in range(3):  # the head of the document, then its two sentences
        desk.main.get_by_role("button", name="Nhận", exact=True).first.click()
        desk.reads(f"Đã xem {seen}/2 câu")
    desk.presses("Xác nhận kế hoạch").reads("Đã xác nhận thành kế hoạch")

    desk.goes("/first-hour").main.locator("#run-plan").select_option(PLAN)
    desk.presses("Chạy thử").reads("Kết quả chạy thử", "Không gửi thư nào").follows("Sang bước mở đợt")
    desk.presses("Mở đợt").reads("Chưa ghi được").ticks("Đã xem kết quả chạy thử")
    desk.button("Mở đợt").dblclick()
    desk.reads("Đã mở đợt.")
    meet(town)


def meet(town: Town) -> None:
    """Two officers have the same item before them; the second is told who changed it, and nothing typed is lost."""
    here = f"/items/{item_id(town.house, 'YT-1', 'hoan-thanh-kiem-diem', PLAN)}"
    act(town.house, int(here.rpartition("/")[2]), "submit", at(town.time), actor=SECRETARY)
    binh = town.signed_in(ORGANISER).goes(here).unfolds("Trả lại, nêu lý do").types("Trả lại vì sao", "thiếu chữ ký")
    dung = town.signed_in(SUPERIOR).goes(here).unfolds("Nhận hồ sơ đã nộp").presses("Nhận hồ sơ").reads("Đã nhận")
    binh.presses("Trả lại").reads(f"vừa được {SUPERIOR} cập nhật lúc 09:00 18/11/2024")
    binh.finds_typed("Trả lại vì sao", "thiếu chữ ký")
    dung.goes(here).does_not_read("thiếu chữ ký")


def test_10_the_first_hour_and_an_inspector(found: Found, tmp_path: Path) -> None:
    town = found("2024-11-15 09:00", sign_in="auto")
    admin = town.somebody().goes("/").reads("Các bước đầu tiên", "Xong 0 trên 7 bước")
    admin.types("Tên cấp ủy", "Đảng ủy Khối").types("Mã", "K").presses("Ghi cấp ủy").reads("Chưa chọn loại cấp ủy.")
    admin.finds_typed("Tên cấp ủy", "Đảng ủy Khối").chooses("Loại", "bloc_committee").presses("Ghi cấp ủy")
    admin.reads("Đã ghi cấp ủy.").follows("Gửi tệp đã điền, xem trước")
    units: list[list[object]] = [[*row[:4], None, None] for row in UNITS]
    people: list[list[object]] = [[*row[:7], None, None] for row in PEOPLE]
    data = workbook(tmp_path / "ds.xlsx", units, people).read_bytes()
    admin.hands_over("Tệp đã điền", "ds.xlsx", data).presses("Xem trước").reads("Chưa ghi gì.")
    admin.presses(re.compile(r"Ghi \d+ thay đổi")).reads("Đã nhập danh sách.")

    admin.goes("/first-hour").types("Địa chỉ thư của đồng chí", "le.ban@mau.example").presses("Gửi thư thử")
    admin.reads("Máy chủ thư đã nhận thư thử cho le.ban@mau.example")
    assert len(town.mail("le.ban@mau.example")) == 1
    admin.main.locator("#run-plan").select_option("khoi-binh-thuan-2024")
    admin.presses("Chạy thử").reads("Kết quả chạy thử").follows("Sang bước mở đợt")
    admin.ticks("Đã xem kết quả chạy thử").presses("Mở đợt").reads("Đã mở đợt.")
    inspect(town, admin)


def inspect(town: Town, admin: Person) -> None:
    """A right over one branch, and printed codes; whoever has it reads, and finds nothing to press."""
    admin.goes("/people?q=vo thi mot").follows("Võ Thị Một").unfolds("Cấp quyền")
    admin.chooses("Quyền", "inspector").types("Mã tổ chức", "A").presses("Cấp quyền").reads(
        "Kiểm tra, giám sát", "Đảng bộ Sở A"
    )
    admin.presses("In 3 mã đăng nhập").reads("Mỗi mã dùng một lần")
    person, code = (admin.main.locator("code").nth(n).inner_text() for n in (0, 1))

    mot = town.somebody().goes("/sign-in/printed?next=/units/A").types("Mã người", person).types("Mã in", code)
    mot.presses("Đăng nhập").stands_at("/units/A").reads("Đảng bộ Sở A")
    town.expect(mot.main.get_by_role("button")).to_have_count(0)
    mot.goes("/late").reads("Ai chậm?")
    assert mot.main.locator("form[method=post]").count() == 0
    mot.goes("/units/B").reads("Không có")
    again = town.somebody().goes("/sign-in/printed").types("Mã người", person).types("Mã in", code).presses("Đăng nhập")
    again.reads("Đăng nhập bằng mã in")
    assert "/sign-in/printed" in again.page.url  # a printed code opens once
