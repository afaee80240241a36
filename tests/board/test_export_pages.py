"""Lists as files, and the tracking sheet taken, filled in and brought back."""

from __future__ import annotations

import io
import re
from http import HTTPStatus

import openpyxl
import pytest

from hanchot.board.tokens import FIELD
from hanchot.service.opening import Opened
from hanchot.service.services import Services
from tests import look
from tests.board.conftest import Visitor, words
from tests.board.people import DECIDER, ORGANISER, SECRETARY, SUPERIOR, signed_in
from tests.look import CODE, item

LATE = "2024-12-13 09:00"
HERE = {"sec-fetch-site": "same-origin"}


def test_a_list_holds_what_the_right_reaches(house: Services, opened: Opened) -> None:
    answer = signed_in(house, SUPERIOR, LATE).client.get("/export/late.csv")
    assert answer.headers["content-disposition"].startswith("attachment")
    text = answer.content.decode("utf-8-sig")
    assert "Chi bộ Văn phòng Sở" in text and "Chi bộ Báo tỉnh" not in text
    assert [one.actor for one in look.events(house, "list.exported")] == [SUPERIOR]


def test_the_whole_house_asks_for_a_fresh_code_one_branch_does_not(house: Services, opened: Opened) -> None:
    visitor = signed_in(house, ORGANISER, "2024-12-13 08:00")
    visitor.time, binh = "2024-12-13 08:20", visitor.client  # well after the code that she came in with
    answer = binh.get("/export/late.xlsx?stage=self_assess", follow_redirects=False)
    assert answer.headers["location"] == "/export-all/late.xlsx?stage=self_assess"
    assert binh.get(answer.headers["location"], follow_redirects=False).headers["location"].startswith("/sign-in/again?next=")
    branch = binh.get("/export/late.csv?branch=YT").content.decode("utf-8-sig")
    assert "Chi bộ Văn phòng Sở" in branch and "Chi bộ Báo tỉnh" not in branch


@pytest.mark.parametrize(
    ("name", "key", "status"),
    [(SECRETARY, "late", 403), (SUPERIOR, "letters", 404), (SUPERIOR, "x", 404),
     (DECIDER, "incidents", 404)],
)  # fmt: skip
def test_who_may_not_see_a_list_may_not_take_it(house: Services, opened: Opened, name: str, key: str, status: int) -> None:
    signed_in(house, name, LATE).page(f"/export/{key}.xlsx", status=status)


def test_every_list_of_the_department_can_be_taken(board: Visitor) -> None:
    board.time = LATE
    for key in ("late", "coming", "letters", "units", "incidents", "register"):
        assert board.client.get(f"/export/{key}.xlsx").status_code == HTTPStatus.OK, key
    assert board.client.get(f"/export/matrix.csv?cycle={CODE}&branch=YT").status_code == HTTPStatus.OK


def filled(data: bytes, unit: str, word: str) -> bytes:
    """The sheet with ``word`` in the first free cell of the unit’s row that says “Chưa nộp”."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    row = next(row for row in book.worksheets[0].iter_rows() if any(cell.value == unit for cell in row))
    next(cell for cell in row if cell.value == "Chưa nộp").value = word
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def upload(board: Visitor, data: bytes, status: int = HTTPStatus.OK) -> str:
    token = re.search(rf'name="{FIELD}" value="(\w+)"', board.page("/tracking"))
    assert token
    answer = board.client.post(
        "/tracking", data={FIELD: token[1]}, files={"file": ("theo-doi.xlsx", data)}, headers=HERE, follow_redirects=False
    )
    assert answer.status_code == status, words(answer.text)[:600]
    return answer.text


def test_a_filled_sheet_is_shown_change_by_change_then_written_once(house: Services, opened: Opened) -> None:
    binh = signed_in(house, ORGANISER, LATE)
    data = binh.client.get(f"/cycles/{CODE}/tracking.xlsx?branch=YT").content
    page = upload(binh, filled(data, "YT-1", "Đã nộp"))
    assert "Xem trước: 1 thay đổi" in words(page) and "Chi bộ Văn phòng Sở" in words(page)
    assert item(house, "YT-1", "chi-bo").state == "open"
    sent = dict(re.findall(r'name="(\w+)" value="([^"]+)"', page.partition('action="/tracking/write"')[2]))
    for _ in range(2):
        answer = binh.client.post("/tracking/write", data=sent, headers=HERE)
        assert answer.status_code == HTTPStatus.OK
    assert item(house, "YT-1", "chi-bo").state == "submitted"
    assert len(look.events(house, "item.submit")) == 1
    assert look.events(house, "item.submit")[0].actor == ORGANISER


def test_what_is_no_sheet_is_one_sentence(house: Services, opened: Opened) -> None:
    binh = signed_in(house, ORGANISER, LATE)
    assert "theo-doi.xlsx" in words(upload(binh, b"PK\x03\x04 rubbish", 422))
    assert "Chưa chọn tệp." in words(upload(binh, b"", 422))
