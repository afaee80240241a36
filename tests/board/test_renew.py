"""The page that re-runs a cycle for a new year: both plans side by side, what to look at, and the steps, each done once."""

from __future__ import annotations

import re
from datetime import date
from http import HTTPStatus

import pytest

from hanchot.board.tokens import FIELD
from hanchot.domain.plan import Plan
from hanchot.service import drafts
from hanchot.service.cycles import close_cycle
from hanchot.service.opening import open_cycle
from hanchot.service.services import Services
from hanchot.store.plan_files import find_plan
from tests import look
from tests.board.conftest import Visit, Visitor, words
from tests.cast import vacate
from tests.conftest import OPENED_AT
from tests.look import at
from tests.next_year import document_of

KHOI = find_plan("khoi-binh-thuan-2024")
PAGE = "/plans/khoi-binh-thuan-2024/renew"
NOW = "2025-10-06 09:00"


@pytest.fixture
def bloc(house: Services, visit: Visit) -> Visitor:
    """The committee after last year's cycle; a year later BAO has no secretary."""
    open_cycle(house, KHOI, at(OPENED_AT))
    close_cycle(house, KHOI.key, at("2025-03-03 08:00"), actor="Bình", reason="hết đợt")
    with house.db.write() as connection:
        vacate(connection, "BAO", since=date(2025, 9, 1))
    return visit(house, NOW)


def do(board: Visitor, step: str, *, name: str = "Trần Thị Bình", document: int | None = None, status: int = 303) -> str:
    """Press one of the page's buttons; returns the words of what comes back."""
    query = f"?year=2025&document={document}" if document else "?year=2025"
    token = re.search(rf'name="{FIELD}" value="(\w+)"', board.page(PAGE + query))
    assert token or step == "nothing"
    form = {FIELD: token[1] if token else "", "do": step, "name": name, "year": "2025", "document": str(document or "")}
    answer = board.client.post(PAGE, data=form, headers={"sec-fetch-site": "same-origin"}, follow_redirects=False)
    assert answer.status_code == status, words(answer.text)
    return words(answer.text)


def given(board: Visitor, plan: Plan = KHOI) -> int:
    """The department has handed in the document of 2025; returns its draft."""
    draft = document_of(plan, 2025, moved={"ho-so-de-nghi": 3}, dropped=["nhan-xet-noi-tam-thoi"], new_duty=date(2025, 11, 28))
    made, _ = drafts.keep(board.house, b"77", "77-KH-TU.docx", "docx", draft, at(NOW), "Trần Thị Bình")
    return made


def test_without_a_document_every_date_is_carried_over_and_said_to_be_provisional(bloc: Visitor) -> None:
    said = bloc.reads(f"{PAGE}?year=2025")
    assert "thứ Ba 10/12/2024 mục II.4 “chậm nhất ngày 10/12/2024” thứ Tư 10/12/2025" in said
    assert "Kế hoạch trước theo 124-QĐ/TW; từ 30/08/2025 đã thay bằng 366-QĐ/TW" in said
    assert "1 chức vụ đang khuyết Bí thư, Chi bộ Báo tỉnh" in said
    assert "thứ Bảy 20/12/2025" in said and "Mở đợt Chưa thể mở" in said


def test_against_a_document_both_sentences_stand_side_by_side(bloc: Visitor) -> None:
    said = bloc.reads(f"{PAGE}?year=2025&document={given(bloc)}")
    assert "1 mốc đổi hạn, 1 mốc thêm mới, 1 mốc không còn, 9 mốc giữ nguyên." in said
    assert "thứ Sáu 20/12/2024 mục III.4 “chậm nhất ngày 20/12/2024” thứ Ba 23/12/2025 mục IV.4" in said
    assert "Nộp hồ sơ đề nghị đánh giá" in said and "Muộn hơn 3 ngày" in said


def test_two_clicks_write_the_plan_and_open_the_cycle(bloc: Visitor) -> None:
    do(bloc, "write")
    assert "Đã lập" in bloc.reads(f"{PAGE}?year=2025")
    do(bloc, "open")
    assert "Đã mở Đợt khoi-binh-thuan-2025" in bloc.reads(f"{PAGE}?year=2025")
    assert len(look.events(bloc.house, "cycle.opened")) == 2


def test_a_double_click_opens_once(bloc: Visitor) -> None:
    do(bloc, "write")
    form = re.search(rf'name="{FIELD}" value="(\w+)"', bloc.page(f"{PAGE}?year=2025"))
    assert form
    sent = {FIELD: form[1], "do": "open", "name": "Bình", "year": "2025"}
    for _ in range(2):
        answer = bloc.client.post(PAGE, data=sent, headers={"sec-fetch-site": "same-origin"}, follow_redirects=False)
        assert answer.status_code == HTTPStatus.SEE_OTHER
    assert len(look.events(bloc.house, "cycle.opened")) == 2  # last year's and this one


def test_a_plan_out_of_a_document_is_confirmed_before_it_is_opened(bloc: Visitor) -> None:
    document = given(bloc)
    do(bloc, "write", document=document)
    assert "chưa có người xác nhận" in do(bloc, "open", document=document, status=422)
    do(bloc, "confirm", document=document)
    do(bloc, "open", document=document)
    assert look.item(bloc.house, "BAO", "ho-so-de-nghi", "khoi-binh-thuan-2025").last_day == date(2025, 12, 23)


def test_the_document_that_comes_later_replaces_what_is_running(bloc: Visitor) -> None:
    do(bloc, "write")
    do(bloc, "open")
    document = given(bloc)
    do(bloc, "write", document=document)
    do(bloc, "confirm", document=document)
    said = bloc.reads(f"{PAGE}?year=2025&document={document}")
    assert (
        "Gửi hồ sơ đề nghị đánh giá, xếp loại chất lượng và đề nghị khen thưởng: thứ Bảy 20/12/2025 → thứ Ba 23/12/2025" in said
    )
    do(bloc, "amend", document=document)
    assert look.item(bloc.house, "BAO", "ho-so-de-nghi", "khoi-binh-thuan-2025").last_day == date(2025, 12, 23)
    assert "Thay kế hoạch của đợt đang chạy" not in bloc.reads(f"{PAGE}?year=2025&document={document}")


def test_a_step_without_a_name_or_out_of_turn_is_refused_in_a_sentence(bloc: Visitor) -> None:
    assert "Chưa ghi họ tên người làm" in do(bloc, "write", name="", status=422)
    assert "Chưa có kế hoạch năm 2025" in do(bloc, "open", status=422)


def test_the_plans_own_year_says_why_there_is_nothing_to_compare(bloc: Visitor) -> None:
    assert "đã là của năm 2024" in bloc.reads(f"{PAGE}?year=2024")


def test_the_plan_page_leads_here(bloc: Visitor) -> None:
    assert 'href="/plans/khoi-binh-thuan-2024/renew"' in bloc.page("/plans/khoi-binh-thuan-2024")
    bloc.page("/plans/khong-co/renew", status=404)


def test_a_document_that_amends_the_running_plan_is_offered_for_its_cycle(house: Services, visit: Visit) -> None:
    open_cycle(house, KHOI, at(OPENED_AT))
    board = visit(house, "2024-12-02 09:00")
    draft = document_of(KHOI, 2024, moved={"ho-so-de-nghi": 3}, dropped=[], new_duty=date(2024, 12, 30))
    made, _ = drafts.keep(house, b"78", "78-KH.docx", "docx", draft, at("2024-12-02 08:00"), "Bình")
    for step in ("write", "confirm", "amend"):
        token = re.search(rf'name="{FIELD}" value="(\w+)"', board.page(f"{PAGE}?year=2024&document={made}"))
        assert token
        form = {FIELD: token[1], "do": step, "name": "Bình", "year": "2024", "document": str(made)}
        answer = board.client.post(PAGE, data=form, headers={"sec-fetch-site": "same-origin"}, follow_redirects=False)
        assert answer.status_code == HTTPStatus.SEE_OTHER, words(answer.text)
    assert look.item(house, "BAO", "ho-so-de-nghi", "khoi-binh-thuan-2024").last_day == date(2024, 12, 23)
