"""Journeys of a secretary: do it, ask for more time, hand over, do it again after a return."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from hanchot.domain.plan import Plan
from hanchot.service.dossiers import Which, completeness_of, hand_in_on_paper
from hanchot.service.opening import open_cycle
from hanchot.service.services import Services
from hanchot.store.plan_files import find_plan
from tests import plans
from tests.board.journeys.conftest import Found
from tests.board.people import SECRETARY, STRANGER, SUPERIOR
from tests.cast import settle, vacate
from tests.commune import YEAR, commune
from tests.conftest import OPENED_AT
from tests.look import at, events, item, item_id

if TYPE_CHECKING:
    from tests.board.journeys.town import Town

pytestmark = pytest.mark.slow
LU, LU_MAIL = "Cư Seo Lử", "cb004@khoi.example"
PHOTO = b"\xff\xd8\xff\xe0" + b"\x00" * 400
MOC = "Mốc chi-bo"


@pytest.fixture
def town(found: Found) -> Town:
    """The cast's board, two days before the cells are due, at 20:14."""
    made = found("2024-12-10 20:14")
    settle(made.house.db)
    open_cycle(made.house, plans.plan(), at(OPENED_AT))
    return made


def dossier_plan() -> Plan:
    """The plan of Lùng Phình, whose cells may send their dossier at once."""
    plan = find_plan("lung-phinh-2025")
    linked = [
        m.model_copy(update={"dossier": "ho-so-nam", "after": ()}) if m.key == "ho-so-nam" else m for m in plan.milestones
    ]
    return plan.model_copy(update={"milestones": tuple(linked)})


def papers_in_the_cupboard(house: Services, but: str) -> None:
    """All papers of the cell TH that must be there lie there, but one."""
    which = Which(YEAR, "TH", "ho-so-nam")
    for one in completeness_of(house, which).judged.papers:
        if one.required and one.paper.key != but:
            hand_in_on_paper(house, which, one.paper.key, "tủ 1", at("2025-12-05 10:00"), actor=LU)


def test_1_from_the_letter_to_the_receipt(found: Found) -> None:
    town = found("2025-12-08 08:00")
    commune(town.house, dossier_plan())
    papers_in_the_cupboard(town.house, but="bien-ban")
    here = f"/my/items/{item_id(town.house, 'TH', 'ho-so-nam', YEAR)}"
    town.post()
    body = town.mail(LU_MAIL)[-1].get_body(("plain",))
    assert body
    link = re.findall(rf"{town.origin}/\S*items/{here.rpartition('/')[2]}\b", body.get_content())[0]

    lu = town.somebody().goes(link)
    lu.types("Địa chỉ thư", LU_MAIL).presses("Gửi mã").reads("Gõ mã vừa nhận")
    first = town.code()
    town.time = "2025-12-08 08:12"
    lu.types("Mã 8 chữ số", first).presses("Đăng nhập").reads("quá 10 phút")  # expired
    lu.presses("Gửi lại mã").reads("Đã xin gửi lại").types("Mã 8 chữ số", town.code()).presses("Đăng nhập")
    lu.stands_at(here).reads("Giấy cần nộp", "Còn thiếu", "Chưa nộp được vì:")
    other = town.somebody().goes("/sign-in/code").types("Mã 8 chữ số", town.code()).presses("Đăng nhập")
    other.reads("chưa xin mã")  # a code that was used, in another browser

    lu.chooses("Đây là giấy nào?", "/bien-ban").types("Ghi chú gửi kèm (không bắt buộc)", "Đã họp ngày 7/12")
    lu.hands_over("Tệp, hoặc ảnh chụp giấy", "biên bản.heic", PHOTO).presses("Đính kèm")
    lu.reads("không nhận loại tệp").finds_typed("Ghi chú gửi kèm (không bắt buộc)", "Đã họp ngày 7/12")
    lu.hands_over("Tệp, hoặc ảnh chụp giấy", "biên bản.jpg", PHOTO).presses("Đính kèm").reads("biên bản.jpg")
    lu.finds_typed("Ghi chú gửi kèm (không bắt buộc)", "Đã họp ngày 7/12")
    lu.presses("Nộp").stands_at(f"{here}/done").reads("Đã nộp", "Tiếp theo", "xem việc đã nộp", "thư nhắc về việc này dừng lại")
    assert item(town.house, "TH", "ho-so-nam", YEAR).state == "submitted"
    foreign = item_id(town.house, "TY", "ho-so-nam", YEAR)
    lu.goes(f"/my/items/{foreign}").reads("Không có")  # another cell's item is not there
    assert lu.page.title().startswith("Không") or "404" in lu.main.inner_text()


def test_2_more_time_is_asked_for_and_granted(town: Town) -> None:
    here = f"/my/items/{item_id(town.house, 'YT-1', 'chi-bo')}"
    hai = town.signed_in(SECRETARY).goes("/my").reads("còn 1 việc phải làm").follows(MOC)
    hai.reads("Hết ngày thứ Năm 12/12/2024").follows("Xin thêm thời gian")
    hai.types("Xin đến hết ngày nào?", "11/12/2024").types("Vì sao?", "Bí thư đi công tác").presses("Gửi đề nghị")
    hai.reads("không muộn hơn hạn hiện nay").finds_typed("Vì sao?", "Bí thư đi công tác")
    hai.types("Xin đến hết ngày nào?", "16/12/2024").presses("Gửi đề nghị").reads("Chờ trả lời")

    dung = town.signed_in(SUPERIOR).goes("/branch").follows("Xin thêm thời gian (1)").follows("Chi bộ Văn phòng Sở")
    dung.reads("Bí thư đi công tác").presses("Cho thêm thời gian").reads("Đã cho thêm thời gian")
    hai.goes(here).reads("Hết ngày thứ Hai 16/12/2024", "Còn 6 ngày").does_not_read("chờ trả lời")


def test_3_a_deputy_does_it(town: Town) -> None:
    here = f"/my/items/{item_id(town.house, 'YT-1', 'chi-bo')}"
    hai = town.signed_in(SECRETARY).goes("/my").follows("Giao người làm thay")
    hai.types("Người khác: mã hoặc địa chỉ thư", "CB999").types("Đến hết ngày", "15/12/2024").presses("Giao")
    hai.reads("Không tìm thấy người có mã hoặc địa chỉ thư “CB999”").finds_typed("Đến hết ngày", "15/12/2024")
    hai.types("Người khác: mã hoặc địa chỉ thư", "cb009@khoi.example").presses("Giao").reads(f"{STRANGER} làm thay {SECRETARY}")

    lam = town.signed_in(STRANGER).goes("/my").reads(f"Đồng chí đang làm thay {SECRETARY}")
    lam.goes(here).reads(f"Đồng chí làm thay {SECRETARY}").presses("Nộp").reads("Đã nộp")
    done = events(town.house, "item.submit")[-1]
    assert (done.actor, done.on_behalf) == (STRANGER, SECRETARY)
    hai.goes("/my").reads("không còn việc phải làm")


def test_4_returned_with_a_reason_and_handed_in_again(town: Town) -> None:
    here = f"/my/items/{item_id(town.house, 'YT-1', 'chi-bo')}"
    hai = town.signed_in(SECRETARY).goes(here)
    hai.button("Nộp").dblclick()
    hai.stands_at(f"{here}/done").reads("Đã nộp")
    assert len(events(town.house, "item.submit")) == 1

    dung = town.signed_in(SUPERIOR).goes("/branch").follows("Chi bộ Văn phòng Sở").presses("Trả lại")
    dung.reads("phải nêu lý do").types("Cần bổ sung gì?", "thiếu chữ ký").presses("Trả lại").reads("Bị trả lại")
    hai.goes("/my").follows(MOC).reads("Bị trả lại: thiếu chữ ký")
    hai.types("Ghi chú gửi kèm (không bắt buộc)", "đã bổ sung chữ ký").presses("Nộp").reads("Đã nộp", "đã bổ sung chữ ký")


def test_a_session_that_ends_in_mid_form_keeps_what_was_typed(town: Town) -> None:
    hai = town.signed_in(SECRETARY).goes(f"/my/items/{item_id(town.house, 'YT-1', 'chi-bo')}")
    hai.types("Ghi chú gửi kèm (không bắt buộc)", "Gõ dở giữa chừng")
    with town.house.db.write() as connection:
        vacate(connection, "YT-1", since=at(town.time).date())
    hai.presses("Nộp").reads("Phiên đã kết thúc vì chức vụ thay đổi", "Đăng nhập lại").finds_typed("note", "Gõ dở giữa chừng")
    assert item(town.house, "YT-1", "chi-bo").state == "open"
