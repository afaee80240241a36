"""A signed document becomes a calendar on the board: handed in, looked at sentence by sentence, confirmed."""

from __future__ import annotations

import re

import pytest

from hanchot.domain.deadline import Before, By, Unset, Within
from hanchot.domain.draft import Draft, Head
from hanchot.domain.plan import Milestone
from hanchot.service import drafts
from hanchot.store.plan_files import load_plan
from tests.board.conftest import Visitor, words
from tests.board.desk import HERE, Desk
from tests.board.people import ORGANISER, signed_in
from tests.board.waiting import read_to_the_end
from tests.drafts import BODY, draft
from tests.look import at

NOON = "2024-11-18 12:00"


@pytest.fixture
def desk(board: Visitor) -> Desk:
    made, _ = drafts.keep(board.house, BODY, "15-KH-ĐUK.docx", "docx", draft(), at(NOON), "Trần Thị Bình")
    return Desk(board, f"/documents/{made}")


def hand_in(board: Visitor, data: bytes, name: str, person: str = "Trần Thị Bình") -> tuple[int, str]:
    token = re.search(r'name="token" value="(\w+)"', board.page("/documents"))
    assert token
    answer = board.client.post(
        "/documents",
        data={"token": token[1], "name": person},
        files={"document": (name, data)},
        headers=HERE,
        follow_redirects=False,
    )
    read_to_the_end()
    return answer.status_code, answer.headers.get("location", "") or words(answer.text)


def milestones(desk: Desk) -> dict[str, Milestone]:
    """Confirm, and read the calendar that was written."""
    desk.send("confirm", name="Trần Thị Bình")
    (path,) = desk.board.house.settings.own_calendars.glob("*.yaml")
    return {m.key: m for m in load_plan(path).milestones}


def accept_the_rest(desk: Desk) -> None:
    """A person goes through what is still open, as the page leads them."""
    if "Đã nhận" not in desk.card("head"):
        desk.send("head", quarters=["1", "2", "3"])
    chosen = {"s4": {"applies_to": ["standing_committee"]}, "s5": {"applies_to": ["office"], "stage": "notify"},
              "s6": {"applies_to": ["grassroots_committee"]}, "s7": {"do": "drop", "reason": "nói lại câu 2"}}  # fmt: skip
    for n in range(8):
        if "Chưa xem" in desk.card(f"s{n}"):
            desk.send(f"s{n}", **({"do": "accept"} | chosen.get(f"s{n}", {})))


def test_a_document_is_handed_in_and_its_draft_is_opened(board: Visitor) -> None:
    status, where = hand_in(board, BODY, "ke-hoach.txt")
    assert (status, where) == (303, "/documents/1")
    said = board.reads("/documents/1")
    assert "Đã xem 0/" in said and "15-KH/ĐUK" in said
    assert hand_in(board, BODY, "ten-khac.txt") == (303, "/documents/1")  # the same file opens the same draft
    assert "Trần Thị Bình" in board.page("/documents")  # the name need not be typed again


def test_whoever_is_signed_in_signs_with_that_name_whatever_the_form_says(desk: Desk) -> None:
    binh = signed_in(desk.board.house, ORGANISER, NOON)
    assert "Họ tên của đồng chí" not in binh.reads("/documents")
    status, where = hand_in(binh, BODY + b"\n", "ke-hoach.txt", "Người khác")
    assert status == 303 and f"{ORGANISER} làm sau cùng" in binh.reads("/documents")
    assert f"Người xác nhận: {ORGANISER}" in binh.reads(where)


def test_what_cannot_be_read_is_one_sentence_and_the_name_is_kept(board: Visitor) -> None:
    status, said = hand_in(board, b"MZ\x90\x00 no document", "ke-hoach.docx", "Lê Thị Dung")
    assert status == 422
    assert "ke-hoach.docx" in said
    assert hand_in(board, b"", "ke-hoach.docx")[0] == 422
    status, said = hand_in(board, BODY, "ke-hoach.txt", " ")
    assert status == 422 and "Chưa ghi họ tên" in said
    assert "Chưa có văn bản nào" in board.reads("/documents")


def test_the_list_says_how_far_each_draft_is(desk: Desk) -> None:
    desk.send("s7", do="drop", reason="nói lại câu 2")
    said = desk.board.reads("/documents")
    assert "Đang xem · 15-KH/ĐUK · đã xem 1/8 câu" in said
    assert "Đọc kế hoạch mới từ văn bản" in desk.board.reads("/plans")


def test_every_phrase_is_marked_in_the_document_and_leads_to_its_milestone_and_back(desk: Desk) -> None:
    page = desk.board.page(desk.draft)
    for number in range(1, 9):
        assert len(re.findall(rf'id="p{number}" href="#s{number - 1}"', page)) == 1
        assert f'href="#p{number}"' in page and f'id="s{number - 1}"' in page
    marked = [words(text) for text in re.findall(r"<mark>(.*?)</mark>", page)]
    assert marked[1:3] == ["chậm nhất ngày 15/12/2024", "ít nhất trước 05 ngày tổ chức kiểm điểm"]  # two in one sentence


def test_a_phrase_that_stands_nowhere_word_by_word_is_linked_at_the_end_of_its_paragraph(board: Visitor) -> None:
    odd = draft().deadlines[0].model_copy(update={"phrase": "trước ngày 01/01/2031", "quote": "chữ khác"})
    said = draft().model_copy(update={"deadlines": (odd,)})
    drafts.keep(board.house, b"odd", "odd.txt", "txt", said, at(NOON), "Trần Thị Bình")
    assert re.search(r'Hoàn thành chậm nhất ngày 10/12/2024\. <a class="found undecided" id="p1"', board.page("/documents/1"))


def test_a_card_reads_the_deadline_aloud(desk: Desk) -> None:
    assert "Hết ngày thứ Ba 10/12/2024 — chậm nhất ngày 10/12/2024: tính cả ngày 10/12/2024" in desk.card("s0")
    assert "Ngày cuối là ngày nghỉ (Chủ nhật) Ngày làm việc ngay trước: thứ Sáu 13/12/2024" in desk.card("s1")
    assert "5 ngày trước hội nghị kiểm điểm, chưa có ngày" in desk.card("s2")
    assert "Tết Nguyên đán" in desk.card("s3")
    assert "Còn ngờ: Không nói ai thông báo lịch." in desk.card("s4")
    assert "Ai làm Chưa rõ văn bản viết “Các đồng chí được phân công”" in desk.card("s5")
    assert "Có vẻ nói lại câu 2" in desk.card("s7")


def test_an_exclusive_date_says_that_its_day_does_not_count(board: Visitor) -> None:
    sentence = draft().deadlines[0].model_copy(update={"deadline": Before(kind="before", date="2024-12-20")})  # type: ignore[arg-type]
    drafts.keep(board.house, b"x", "x.txt", "txt", draft().model_copy(update={"deadlines": (sentence,)}), at(NOON), "B")
    said = Desk(board, "/documents/1").card("s0")
    assert "Hết ngày thứ Năm 19/12/2024 — trước ngày 20/12/2024: không tính ngày 20/12/2024" in said


def test_most_sentences_need_one_look_and_the_page_leads_on(desk: Desk) -> None:
    assert desk.send("head", quarters=["1", "2", "3"]) == f"{desk.draft}#s0"
    assert desk.send("s0", do="accept") == f"{desk.draft}#s1"
    assert "Đã nhận" in desk.card("s0")
    assert "Đã xem 1/8 câu" in desk.board.reads(desk.draft)


def test_what_the_document_leaves_open_must_be_chosen(desk: Desk) -> None:
    page = desk.send("s5", 422, do="accept")
    assert "Chọn ít nhất một loại tổ chức" in words(page) and "Chọn bước của việc này" in words(page)
    assert 'href="#s5-applies_to"' in page and 'id="s5-applies_to"' in page  # the summary leads to the field
    assert desk.send("s5", do="accept", applies_to=["office"], stage="notify")


def test_a_correction_is_kept_and_a_mistyped_one_is_shown_with_what_was_typed(desk: Desk) -> None:
    page = desk.send("s0", 422, do="accept", title="Kiểm điểm ở chi bộ", date="31/02/2024", kind="before")
    assert "“31/02/2024”: không có ngày này trong lịch" in words(page)
    assert 'value="31/02/2024"' in page and 'value="Kiểm điểm ở chi bộ"' in page
    assert "Chưa xem" in desk.card("s0")
    desk.send("s0", do="accept", title="Kiểm điểm ở chi bộ", date="11-12-2024", kind="before", inclusive="1")
    accept_the_rest(desk)
    kept = milestones(desk)["hoan-thanh-buoc-tu-danh-gia-chi-bo"]
    assert kept.title == "Kiểm điểm ở chi bộ"
    assert kept.deadline == Before(kind="before", date="2024-12-11", reading="inclusive")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({"kind": "within", "start": "10/12/2024", "end": "01/12/2024"}, "Ngày cuối đứng trước ngày đầu"),
        ({"kind": "within"}, "Điền ngày đầu hoặc ngày cuối"),
        ({"kind": "by", "date": ""}, "Điền chỗ này theo văn bản"),
        ({"kind": "by", "date": "20/12/2024", "time": "25:00"}, "viết giờ:phút"),
        ({"kind": "weekly", "weekday": "9"}, "Thứ không được quá 7"),
        ({"kind": "monthly", "day": "hai mươi"}, "viết một số"),
        ({"kind": "yearly", "month_day": "30/02"}, "Không có ngày 30/02"),
        ({"kind": "yearly", "month_day": "cuối năm"}, "viết ngày/tháng"),
        ({"kind": "lead", "days": "3", "anchor": ""}, "Chọn sự kiện"),
        ({"kind": "sometime"}, "Chọn loại hạn"),
        ({"title": " "}, "Tên mốc còn trống"),
        ({"title": "dài " * 100}, "Tên mốc dài quá 120 ký tự"),
    ],
)
def test_a_fault_is_one_sentence_at_its_field(desk: Desk, typed: dict[str, str], fault: str) -> None:
    assert fault in words(desk.send("s0", 422, do="accept", **typed))


@pytest.mark.parametrize(
    ("typed", "last_day"),
    [
        ({"kind": "within", "end": "12/12/2024"}, "thứ Năm 12/12/2024"),
        ({"kind": "weekly", "weekday": "4", "time": "15h"}, "trước 15 giờ thứ Năm 26/12/2024"),
        ({"kind": "monthly", "day": "20", "bound": "by"}, "thứ Sáu 20/12/2024"),
        ({"kind": "yearly", "month_day": "15/01", "next_year": "1"}, "thứ Ba 14/01/2025"),
        ({"kind": "unset"}, "kế hoạch không nêu hạn"),
        (
            {"kind": "lead", "days": "2", "working_days": "1", "anchor": "review-meeting"},
            "2 ngày làm việc trước hội nghị kiểm điểm",
        ),
    ],
)
def test_every_kind_of_deadline_can_be_entered(desk: Desk, typed: dict[str, str], last_day: str) -> None:
    desk.send("s0", do="accept", **typed)
    assert last_day.lower() in desk.card("s0").lower()


def test_a_sentence_is_dropped_only_with_a_reason_and_can_be_looked_at_again(desk: Desk) -> None:
    assert "Nói vì sao bỏ câu này" in words(desk.send("s6", 422, do="drop", reason=""))
    desk.send("s6", do="drop", reason="không phải hạn")
    assert "Bỏ vì: không phải hạn" in desk.card("s6")
    assert desk.send("s6", do="undo") == f"{desk.draft}#s6"
    assert "Chưa xem" in desk.card("s6")


def test_a_doubt_is_settled_in_words(desk: Desk) -> None:
    desk.send("s4", do="accept", applies_to=["standing_committee"], settled="Đã hỏi: Ban Tổ chức.")
    assert "Đã xem: Đã hỏi: Ban Tổ chức." in desk.card("s4")
    desk.send("r0", settled="Ban hành ngày 01/11/2024")
    assert "Đã xem Ban hành ngày 01/11/2024" in desk.board.reads(desk.draft)
    accept_the_rest(desk)
    assert milestones(desk)["lich-tham-dinh"].doubt is None


def test_a_milestone_the_machine_has_missed_is_added(desk: Desk) -> None:
    new = {"title": "Lập danh sách", "stage": "prepare", "applies_to": ["office"], "clause": "II.2"}
    page = desk.send("add", 422, do="accept", kind="by", date="01/12/2024", **new)
    assert "Hạn phải dẫn câu chữ của văn bản" in words(page)
    assert "phải nói vì sao thêm" in words(desk.send("add", 422, do="accept", kind="unset", **new))
    desk.send("add", do="accept", kind="by", date="01/12/2024", phrase="trước ngày 02/12/2024", **new)
    desk.send("add", do="accept", kind="by", date="01/12/2024", phrase="trước ngày 02/12/2024", **new)  # a second click
    desk.send("add", do="accept", kind="unset", reason="cần để in giấy mời", **(new | {"title": "In giấy mời"}))
    assert "Đã thêm một mốc tên này" in words(desk.send("add", 422, do="accept", kind="unset", reason="khác", **new))
    assert "Vì sao thêm cần để in giấy mời" in desk.card("athem-in-giay-moi")
    accept_the_rest(desk)
    kept = milestones(desk)
    assert kept["them-lap-danh-sach"].deadline == By(kind="by", date="2024-12-01")  # type: ignore[arg-type]
    assert kept["them-in-giay-moi"].deadline == Unset(kind="unset")


def test_an_added_milestone_is_changed_or_taken_away(desk: Desk) -> None:
    new = {
        "title": "In giấy mời",
        "stage": "prepare",
        "applies_to": ["office"],
        "clause": "II.2",
        "reason": "cần",
        "kind": "unset",
    }
    desk.send("add", do="accept", **new)
    desk.send("athem-in-giay-moi", do="accept", title="In và gửi giấy mời")
    assert "In và gửi giấy mời" in desk.card("athem-in-giay-moi")
    desk.send("athem-in-giay-moi", do="remove")
    assert "athem-in-giay-moi" not in desk.board.page(desk.draft)


def test_the_button_waits_until_everything_is_decided_and_says_for_what(desk: Desk) -> None:
    page = desk.board.page(desk.draft)
    assert re.search(r"<button disabled>Xác nhận kế hoạch", page)
    assert "Phần đầu văn bản chưa được xác nhận" in words(page) and "Câu 8 chưa được nhận hay bỏ" in words(page)
    assert "Phần đầu văn bản chưa được xác nhận" in words(desk.send("confirm", 422, name="Bình"))  # nor by hand
    accept_the_rest(desk)
    assert "<button>Xác nhận kế hoạch" in desk.board.page(desk.draft)
    assert "Gõ họ tên" in words(desk.send("confirm", 422, name=""))


def test_confirmed_it_is_a_plan_and_nothing_runs_yet(desk: Desk) -> None:
    accept_the_rest(desk)
    kept = milestones(desk)
    assert kept["xem-xet-quyet-dinh-xep-loai"].deadline == Within(kind="within", start="2025-01-01", end="2025-01-31")  # type: ignore[arg-type]
    said = desk.board.reads(desk.draft)
    assert "Đã xác nhận thành kế hoạch 15-kh-duk-2024" in said
    assert "Chưa có gì chạy cho đến khi mở đợt" in said and "mở đợt ở trang kế hoạch" in said
    assert ">Nhận<" not in desk.board.page(desk.draft)
    assert "15-KH/ĐUK" in desk.board.reads("/plans/15-kh-duk-2024")
    desk.send("reopen")
    assert "<button>Xác nhận kế hoạch" in desk.board.page(desk.draft)  # all that was decided is still there


def test_a_key_that_is_taken_is_said_and_can_be_changed(desk: Desk) -> None:
    desk.send("head", quarters=["1"], key="huyen-2023")
    accept_the_rest(desk)
    assert "Đã có kế hoạch mang khóa “huyen-2023”" in words(desk.send("confirm", 422, name="Bình"))
    desk.send("head", key="Kế hoạch Khối 2024", quarters=["1"])
    desk.send("confirm", name="Bình")
    assert "kế hoạch ke-hoach-khoi-2024" in desk.board.reads(desk.draft)


def test_the_head_is_looked_at_and_a_gap_is_said(desk: Desk) -> None:
    page = desk.send("head", 422, organiser="", title="", year="20244", issued_on="hôm qua")
    said = words(page)
    for fault in ("Tên kế hoạch", "Cấp", "Năm", "viết ngày/tháng/năm"):
        assert fault in said
    assert 'value="20244"' in page and 'value="hôm qua"' in page
    desk.send("head", year="", number="")  # a standing guidance without a number
    assert "dùng cho mọi năm" in desk.card("head") and "văn bản không ghi số" in desk.card("head")


def test_a_whole_draft_is_put_aside_with_a_reason(desk: Desk) -> None:
    assert "phải nêu lý do" in words(desk.send("drop", 422, reason=""))
    desk.send("drop", reason="đã có bản thay thế")
    assert "Bản dự thảo này đã được bỏ" in desk.board.reads(desk.draft)
    desk.send("reopen")
    assert "Đã xem 0/8 câu" in desk.board.reads(desk.draft)


def test_a_document_without_a_single_deadline_still_opens(board: Visitor) -> None:
    drafts.keep(board.house, b"y", "y.txt", "txt", Draft(document=Head()), at(NOON), "Trần Thị Bình")
    desk = Desk(board, "/documents/1")
    said = board.reads("/documents/1")
    assert "Máy không thấy câu nào có hạn" in said and "Chưa có mốc nào được nhận" in said
    assert "Chưa có tên" in desk.card("head")


def test_the_original_is_saved_and_never_shown(desk: Desk) -> None:
    answer = desk.board.client.get(f"{desk.draft}/original")
    assert answer.content == BODY
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''15-KH-%C4%90UK.docx")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert desk.board.client.get("/documents/99/original").status_code == 404


def test_what_stands_in_a_document_is_text_and_nothing_else(board: Visitor) -> None:
    evil = "<script>alert(1)</script> chậm nhất ngày 10/12/2024"
    one = draft().deadlines[0].model_copy(update={"quote": evil, "actor": "<b>ai</b>", "paragraph": 0})
    said = Draft(
        document=Head(title=evil), deadlines=(one,), paragraphs=(draft().paragraphs[0].model_copy(update={"text": evil}),)
    )
    drafts.keep(board.house, b"z", '"><img src=x>.txt', "txt", said, at(NOON), "Trần Thị Bình")
    for path in ("/documents", "/documents/1"):
        page = board.page(path)
        assert "<script>alert" not in page and "<img src" not in page and "<b>ai" not in page
