"""A secretary at her desk: what is to be done, the form that keeps what is typed, the receipt; and who may not look."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from hanchot.service.items import act, extend
from hanchot.service.opening import Opened
from hanchot.service.services import Services
from tests.board.conftest import Visitor, words
from tests.board.people import ORGANISER, SECRETARY, STRANGER, SUPERIOR, code_of, signed_in
from tests.look import at, events, item_id, ledger

pytestmark = pytest.mark.usefixtures("opened")
EVENING = "2024-12-10 20:14"
_TOKEN = re.compile(r'name="token" value="(\w+)"')
_KNOWN = re.compile(r'type="hidden" name="(revision|post)" value="(\d+)"')


def send(who: Visitor, path: str, status: int = 303, *, at_page: str | None = None, files: Any = None, **typed: str) -> str:
    """Fill in the form of the page at ``path`` and send it there (or ``at_page`` elsewhere). Returns where it leads, or
    the page that came back.
    """
    page = who.page(at_page or path)
    token = _TOKEN.findall(page)[-1]
    typed = dict(_KNOWN.findall(page)) | typed | {"token": token}
    answer = who.client.post(path, data=typed, files=files, headers={"sec-fetch-site": "same-origin"}, follow_redirects=False)
    assert answer.status_code == status, words(answer.text)
    return str(answer.headers["location"] if status == 303 else answer.text)


@pytest.fixture
def hai(house: Services) -> Visitor:
    """Bùi Văn Hải, secretary of the cell YT-1, two days before the cells' deadline."""
    return signed_in(house, SECRETARY, EVENING)


@pytest.fixture
def cell(house: Services, opened: Opened) -> str:
    """The address of his item."""
    return f"/my/items/{item_id(house, 'YT-1', 'chi-bo')}"


def test_the_desk_shows_what_is_to_be_done(house: Services, hai: Visitor, cell: str) -> None:
    said = hai.reads("/my")
    assert "Chi bộ Văn phòng Sở · còn 1 việc phải làm" in said
    assert "Sắp đến hạn (1) Mốc chi-bo Hạn: hết ngày thứ Năm 12/12/2024 Còn 2 ngày" in said
    assert f'href="{cell}"' in hai.page("/my")
    assert "Đến hạn hôm nay (1) Mốc chi-bo" in signed_in(house, SECRETARY, "2024-12-12 20:00").reads("/my")


def test_a_letters_link_leads_to_the_desk(hai: Visitor, cell: str) -> None:
    number = cell.rpartition("/")[2]
    assert hai.client.get(f"/items/{number}", follow_redirects=False).headers["location"] == cell
    assert "Đã xảy ra" in hai.reads(f"/items/{number}?all=1")


def test_handing_in_ends_with_a_receipt(house: Services, hai: Visitor, cell: str) -> None:
    assert send(hai, cell, do="submit", note="Đã họp ngày 9/12") == f"{cell}/done"
    said = hai.reads(f"{cell}/done")
    assert "Đã nộp Mốc chi-bo" in said and "Nộp lúc 20:14 10/12/2024, Bùi Văn Hải" in said
    assert "Lê Thị Dung xem việc đã nộp." in said and "Đã họp ngày 9/12" in said
    assert send(hai, cell, at_page="/my/hand-over", do="submit") == f"{cell}/done"  # a double click
    assert len(events(house, "item.submit")) == 1
    assert not any("họp" in f"{row.reason}{row.data}" for row in events(house))  # typed words stand in no event


def test_what_is_typed_is_kept_as_it_goes(hai: Visitor, cell: str) -> None:
    page = hai.page(cell)
    token = _TOKEN.findall(page)[-1]

    def save(note: str, revision: int) -> Any:
        form = {"token": token, "note": note, "revision": str(revision)}
        return hai.client.post(f"{cell}/draft", data=form, headers={"sec-fetch-site": "same-origin"})

    assert save("Đang soạn", 0).json() == {"message": "Đã lưu lúc 20:14", "revision": 1}
    assert save("Đang soạn", 0).json()["revision"] == 1  # the same words again change nothing
    assert "Đang soạn" in hai.page(cell) and "Đã lưu lúc 20:14" in hai.reads(cell)
    other = save("Từ máy khác", 0)  # an old page does not write over a newer one
    assert other.status_code == 409 and "lúc 20:14" in other.json()["message"]
    assert send(hai, cell, do="save", note="Không có JavaScript") == f"{cell}#note"
    assert "Không có JavaScript" in hai.page(cell)
    assert "đang soạn" in hai.reads("/my")


def test_a_conflict_keeps_what_was_typed(hai: Visitor, cell: str) -> None:
    send(hai, cell, do="save", note="Trang này")
    came_back = send(hai, cell, 409, do="save", note="Trang kia", revision="0")
    assert "vừa được lưu từ một trang khác" in words(came_back) and ">Trang kia</textarea>" in came_back


def test_a_session_that_has_ended_asks_to_sign_in_and_keeps_what_was_typed(house: Services, cell: str) -> None:
    served = replace(house, settings=house.settings.model_copy(update={"sign_in": "always"}))
    hai = signed_in(served, SECRETARY, EVENING)
    token = _TOKEN.findall(hai.page(cell))[-1]
    hai.time = "2024-12-20 08:00"
    form = {"token": token, "note": "Chưa kịp lưu", "do": "save", "revision": "0"}
    answer = hai.client.post(cell, data=form, headers={"sec-fetch-site": "same-origin"})
    assert answer.status_code == 401 and "Chưa kịp lưu" in answer.text and "Đăng nhập lại" in answer.text


def test_work_that_must_wait_says_for_what(house: Services) -> None:
    dung = signed_in(house, SUPERIOR, EVENING)
    address = f"/my/items/{item_id(house, 'YT', 'co-so')}"
    said = dung.reads(address)
    assert "Phải xong trước: Mốc chi-bo (mục II.2)." in said
    came_back = send(dung, address, 422, do="submit", note="Xin nộp")
    assert "chưa thể bắt đầu" in words(came_back).lower() and ">Xin nộp</textarea>" in came_back


def test_more_time_is_asked_for_once_and_answered_from_above(house: Services, hai: Visitor, cell: str) -> None:
    ask = f"{cell}/more-time"
    came_back = send(hai, ask, 422, do="ask", until="2024-12-11", reason="Bí thư đi công tác")
    assert "không muộn hơn hạn hiện nay (12/12/2024)" in words(came_back) and "Bí thư đi công tác</textarea>" in came_back
    assert send(hai, ask, do="ask", until="16/12/2024", reason="Bí thư đi công tác") == ask
    assert "Chờ trả lời" in hai.reads(ask) and "đã xin đến 16/12/2024" in hai.reads("/my")
    assert [row.to for row in ledger(house, tone="time_asked")] == ["YT"]

    dung = signed_in(house, SUPERIOR, EVENING)
    assert "Xin thêm thời gian (1)" in dung.reads("/branch")
    above = cell.replace("/my/", "/branch/")
    assert "Bí thư đi công tác" in dung.reads(above)
    request = re.search(r'name="request" value="(\d+)"', dung.page(above))
    assert request
    came_back = send(dung, above, 422, do="refuse", request=request[1])
    assert "phải nêu lý do" in words(came_back)
    assert send(dung, above, do="grant", request=request[1], until="2024-12-16") == f"{above}#done"
    assert "Hạn Hết ngày thứ Hai 16/12/2024" in hai.reads(cell)
    assert [row.to for row in ledger(house, tone="extended")] == ["YT-1"]
    act(house, item_id(house, "YT-2", "chi-bo"), "submit", at(EVENING), actor="Kim")  # a page with a form to send
    other = f"/branch/items/{item_id(house, 'YT-2', 'chi-bo')}"
    answered = send(dung, above, 409, at_page=other, do="grant", request=request[1], until="2024-12-17")
    assert "Lê Thị Dung đã cho thêm thời gian lúc 20:14" in words(answered)
    assert not any("công tác" in f"{row.reason}{row.data}" for row in events(house))


def test_a_deputy_stands_in_for_some_days(house: Services, hai: Visitor, cell: str) -> None:
    came_back = send(hai, "/my/hand-over", 422, do="give", other="CB999", starts="2024-12-11", ends="2024-12-15")
    assert "Không tìm thấy người có mã hoặc địa chỉ thư “CB999”" in words(came_back)
    lam = signed_in(house, STRANGER, "2024-12-10 21:00")
    lam.page(cell, status=404)
    send(hai, "/my/hand-over", do="give", other=code_of(house, STRANGER), starts="2024-12-11", ends="2024-12-15")
    hai, lam = (signed_in(house, name, "2024-12-11 08:00") for name in (SECRETARY, STRANGER))
    assert "Phan Văn Lâm đang làm thay đồng chí" in hai.reads("/my")
    assert "Đồng chí làm thay Bùi Văn Hải" in lam.reads(cell)
    send(lam, cell, do="submit")
    done = events(house, "item.submit")[-1]
    assert (done.actor, done.on_behalf) == ("Phan Văn Lâm", "Bùi Văn Hải")
    assert hai.reads(f"{cell}/done")  # the holder keeps access
    signed_in(house, STRANGER, "2024-12-16 08:00").page(cell, status=404)


def test_letters_go_to_whoever_stands_in(house: Services, hai: Visitor) -> None:
    from hanchot.service.sweep import sweep
    from tests.look import envelopes

    send(hai, "/my/hand-over", do="give", other=code_of(house, STRANGER), starts="2024-12-10", ends="2024-12-11")
    sweep(house, at("2024-12-11 08:00"))
    people = [name for name, *_ in envelopes(house)]
    assert "Phan Văn Lâm" in people and "Bùi Văn Hải" not in people
    send(hai, "/my/hand-over", do="end", number="1")
    assert "Đang và sắp giao" not in hai.reads("/my/hand-over")


def test_a_foreign_item_is_not_there(house: Services, hai: Visitor, cell: str) -> None:
    other = f"/my/items/{item_id(house, 'BAO', 'chi-bo')}"
    for path in (other, f"{other}/done", f"{other}/more-time", f"{other}/print"):
        hai.page(path, status=404)
    hai.page("/branch", status=403)
    signed_in(house, STRANGER, EVENING).page(cell, status=404)


def test_whoever_sits_at_the_machine_is_nobodys_secretary(board: Visitor) -> None:
    said = board.reads("/my")
    assert "không phụ trách đơn vị nào" in said and "Đăng nhập để xem việc của mình" in said


def test_the_paper_sheet_has_a_code_to_find_it_again(hai: Visitor, cell: str) -> None:
    page = hai.page(f"{cell}/print")
    assert 'src="data:image/png;base64,' in page and "Phiếu việc số" in words(page)
    word = hai.client.get(f"{cell}/paper")
    assert word.status_code == 200 and word.content[:2] == b"PK"


def test_a_superior_receives_returns_and_reports(house: Services, hai: Visitor, cell: str) -> None:
    send(hai, cell, do="submit", note="Gửi cấp ủy")
    dung, above = signed_in(house, SUPERIOR, EVENING), cell.replace("/my/", "/branch/")
    said = dung.reads("/branch")
    assert "Chờ xem (1)" in said and "Chi bộ Văn phòng Sở" in said
    assert "Gửi cấp ủy" in dung.reads(above)
    came_back = send(dung, above, 422, do="return")
    assert "phải nêu lý do" in words(came_back)
    send(dung, above, do="return", reason="thiếu chữ ký")
    assert "Bị trả lại: thiếu chữ ký" in hai.reads(cell)
    send(hai, cell, do="submit")
    send(dung, above, do="accept")
    assert "Cấp trên đã nhận" in hai.reads(f"{cell}/done")

    dung = signed_in(house, SUPERIOR, "2024-12-13 09:00")
    late = f"/branch/items/{item_id(house, 'YT-2', 'chi-bo')}"
    assert "Chi bộ Trung tâm Y tế" in dung.reads("/branch?show=late")
    send(dung, late, do="escalate")
    assert [row.to for row in ledger(house, tone="escalation") if row.rung.startswith("escalated")] == ["DUK-BTC"]
    assert "Hôm nay đã báo." in dung.reads(late)


def test_nobody_judges_the_work_of_their_own_unit(house: Services) -> None:
    dung = signed_in(house, SUPERIOR, EVENING)
    own = f"/branch/items/{item_id(house, 'YT', 'co-so')}"
    assert "do cấp trên xem" in dung.reads(own, status=400)
    signed_in(house, STRANGER, EVENING).page(own, status=404)


def test_the_department_sees_every_branch(house: Services, hai: Visitor, cell: str) -> None:
    send(hai, cell, do="submit")
    act(house, item_id(house, "BAO", "chi-bo"), "submit", at(EVENING), actor="Lâm")
    assert "Chờ xem (2)" in signed_in(house, ORGANISER, EVENING).reads("/branch")


def test_a_private_calendar_follows_the_deadlines_until_it_is_revoked(house: Services, hai: Visitor, cell: str) -> None:
    send(hai, "/my/calendar", do="make")
    send(hai, "/my/calendar", do="make")  # a double click
    address = re.search(r"/feed/\S+?\.ics", hai.page("/my/calendar"))
    assert address and len(events(house, "feed.made")) == 1
    nobody = Visitor(house, EVENING)  # a calendar program has no sign-in
    answer = nobody.client.get(address[0])
    assert answer.headers["content-type"].startswith("text/calendar")
    number = cell.rpartition("/")[2]
    for line in (f"UID:item-{number}@", "DTSTART;VALUE=DATE:20241212", "SEQUENCE:0", "REFRESH-INTERVAL;VALUE=DURATION:PT6H"):
        assert line in answer.text.replace("\r\n ", ""), line
    again = nobody.client.get(address[0], headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304
    extend(house, int(number), date(2024, 12, 16), at(EVENING), actor="Bình", reason="bão")
    assert "DTSTART;VALUE=DATE:20241216" in nobody.page(address[0]) and "SEQUENCE:1" in nobody.page(address[0])
    nobody.page(address[0].replace(".ics", "0.ics"), status=404)
    send(hai, "/my/calendar", do="end")
    nobody.page(address[0], status=404)
