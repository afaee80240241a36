"""Papers that go with the work: what is missing is named, photos are taken, what is no paper is refused in one sentence."""

from __future__ import annotations

import pytest

from hanchot.service.services import Services
from tests.board.conftest import Visitor, words
from tests.board.people import signed_in
from tests.board.test_my_desk import send
from tests.commune import PDF, YEAR, commune
from tests.look import at, events, item_id

LU, CHU = "Cư Seo Lử", "Sùng Thị Chú"  # secretaries of the school's cell, and of another
NOON = "2025-12-08 12:00"
PHOTO = b"\xff\xd8\xff\xe0" + b"\x00" * 400


@pytest.fixture
def lu(empty_house: Services) -> Visitor:
    return signed_in(commune(empty_house), LU, NOON)


@pytest.fixture
def dossier(lu: Visitor) -> str:
    """The address of the item that sends the year's dossier."""
    return f"/my/items/{item_id(lu.house, 'TH', 'ho-so-nam', YEAR)}"


def test_what_is_missing_is_named(lu: Visitor, dossier: str) -> None:
    said = lu.reads(dossier)
    assert "Giấy cần nộp (đã có 0 trên" in said and "Còn thiếu" in said and "Nếu có" in said
    assert "Chưa nộp được vì:" in said
    came_back = send(lu, dossier, 422, do="submit", note="Nộp luôn")
    assert "Chưa ghi được" in words(came_back) and ">Nộp luôn</textarea>" in came_back


def test_a_photo_of_a_paper_is_kept_and_given_back(lu: Visitor, dossier: str) -> None:
    photo = {"file": ("biên bản.jpg", PHOTO, "image/jpeg")}
    assert send(lu, dossier, do="attach", paper="/bien-ban", files=photo) == f"{dossier}#papers"
    page = lu.page(dossier)
    assert "biên bản.jpg" in page and "đã có 1 trên" in words(page)
    link = page.partition(f'href="{dossier}/papers/')[2].partition('"')[0]
    answer = lu.client.get(f"{dossier}/papers/{link}")
    assert answer.content == PHOTO and answer.headers["content-disposition"].startswith("attachment")
    signed_in(lu.house, CHU, NOON).page(f"{dossier}/papers/{link}", status=404)
    lu.page(f"{dossier}/papers/999", status=404)
    assert "biên bản" not in str([(row.data, row.reason) for row in events(lu.house)])  # nor is a file's name


def test_a_newer_copy_takes_the_place_of_the_old_one(lu: Visitor, dossier: str) -> None:
    send(lu, dossier, do="attach", paper="/bien-ban", place="tủ 3, ngăn 2")
    assert "Bản giấy: tủ 3, ngăn 2" in lu.reads(dossier)
    send(lu, dossier, do="attach", paper="/bien-ban", files={"file": ("bien-ban.pdf", PDF, "application/pdf")})
    assert "bien-ban.pdf" in lu.reads(dossier) and "tủ 3" not in lu.reads(dossier)
    assert [row.action for row in events(lu.house) if row.action.startswith("paper.")][-2:] == [
        "paper.withdrawn", "paper.handed_in",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("anh.heic", PHOTO, "không nhận loại tệp"),
        ("anh.png", PHOTO, "bên trong không phải ảnh .png"),
        ("rong.pdf", b"", "Chưa chọn tệp"),
        ("may.pdf", b"MZ\x90", ""),
    ],
)
def test_what_is_no_paper_is_refused_and_the_words_stay(lu: Visitor, dossier: str, name: str, data: bytes, why: str) -> None:
    came_back = send(lu, dossier, 422, do="attach", paper="/bien-ban", note="Kèm biên bản", files={"file": (name, data, "")})
    assert why in words(came_back) and ">Kèm biên bản</textarea>" in came_back
    assert "đã có 0 trên" in lu.reads(dossier)


def test_the_receipt_lists_the_papers(lu: Visitor, dossier: str) -> None:
    from hanchot.service.dossiers import Which, completeness_of, hand_in_on_paper

    which = Which(YEAR, "TH", "ho-so-nam")
    for one in completeness_of(lu.house, which).judged.papers:
        if one.required:
            hand_in_on_paper(lu.house, which, one.paper.key, "tủ 1", at(NOON), actor=LU)
    said = lu.reads(dossier)
    if "Phải xong trước" in said:
        pytest.skip("the plan of Lùng Phình wants other work first")
    assert send(lu, dossier, do="submit") == f"{dossier}/done"
    assert "bản giấy: tủ 1" in lu.reads(f"{dossier}/done")
