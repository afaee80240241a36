"""Mail that is sent again or kept back, and incidents that somebody looks after."""

from __future__ import annotations

import re
from http import HTTPStatus

import sqlalchemy as sa

from hanchot.board.tokens import FIELD
from hanchot.service import incidents
from hanchot.service.mail.send_again import release_withheld
from hanchot.service.sweep import sweep
from hanchot.store.tables import envelope, incident
from tests import look
from tests.board.conftest import Visitor, words
from tests.look import at
from tests.post import mails

MORNING = at("2024-11-18 08:00")


def send(board: Visitor, path: str, status: int = HTTPStatus.SEE_OTHER, **typed: str) -> str:
    token = re.search(rf'name="{FIELD}" value="(\w+)"', board.page(path.rpartition("/")[0] or path))
    assert token
    answer = board.client.post(
        path, data={FIELD: token[1], **typed}, headers={"sec-fetch-site": "same-origin"}, follow_redirects=False
    )
    assert answer.status_code == status, words(answer.text)[:400]
    return answer.text


def test_a_letter_is_kept_back_with_a_reason_and_sent_again(board: Visitor) -> None:
    sweep(board.house, MORNING)
    first = mails(board.house)[0].id
    assert "nêu lý do" in words(send(board, f"/letters/{first}/keep", 422))
    send(board, f"/letters/{first}/keep", reason="đang sửa nội dung")
    said = board.reads(f"/letters/{first}")
    assert "Giữ lại" in said and "đang sửa nội dung" in said
    assert release_withheld(board.house, MORNING, actor="Bình") == 0  # turning real mail on does not take it out of her hand
    send(board, f"/letters/{first}/again")
    assert mails(board.house)[0].state == "queued"
    assert [one.action for one in look.events(board.house) if one.action.startswith("mail.")] == ["mail.withheld", "mail.again"]


def test_what_the_relay_took_cannot_be_sent_again_or_kept(board: Visitor) -> None:
    sweep(board.house, MORNING)
    first = mails(board.house)[0].id
    page = board.page(f"/letters/{first}")
    token = re.search(rf'name="{FIELD}" value="(\w+)"', page)
    assert token
    with board.house.db.write() as connection:
        connection.execute(sa.update(envelope).values(state="accepted", settled_at=MORNING))
    assert f"/letters/{first}/again" not in board.page(f"/letters/{first}")
    answer = board.client.post(
        f"/letters/{first}/keep", data={FIELD: token[1], "reason": "x"}, headers={"sec-fetch-site": "same-origin"}
    )
    assert answer.status_code == 422 and "không còn chờ gửi" in words(answer.text)


def test_an_incident_is_taken_on_settled_with_a_note_and_opens_anew(board: Visitor) -> None:
    with board.house.db.write() as connection:
        incidents.report(connection, "vacant-posts", "organisation", "3 tin không có người nhận.", MORNING)
        number = connection.execute(sa.select(incident.c.id)).scalar_one()
    send(board, f"/incidents/{number}", do="seen", note="Hải lo")
    assert "đang xử lý từ 09:00 18/11/2024 Hải lo" in board.reads("/incidents")
    assert "Chưa ghi đã xử lý thế nào." in words(send(board, f"/incidents/{number}", 422, do="settled"))
    send(board, f"/incidents/{number}", do="settled", note="đã bổ nhiệm")
    assert "Không có sự cố nào đang chờ." in board.reads("/incidents")
    assert "đã bổ nhiệm" in board.reads("/incidents")
    with board.house.db.write() as connection:
        incidents.report(connection, "vacant-posts", "organisation", "1 tin không có người nhận.", at("2024-11-20 08:00"))
    assert "nay lại xảy ra" in board.reads("/incidents")
