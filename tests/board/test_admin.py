"""The administrator's rooms: people and posts, lists from Excel, mail switched on for real, templates, the log."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hanchot.board.app import PAGES
from hanchot.domain.unit import PostRole
from hanchot.service.opening import Opened
from hanchot.service.services import Services
from hanchot.store.access_tables import login
from hanchot.store.tables import event, person
from tests.board.conftest import ORIGIN, Visitor, words
from tests.board.people import ORGANISER, SECRETARY, code_of, signed_in
from tests.cast import settle
from tests.conftest import NewHouse
from tests.look import at
from tests.org_files import PEOPLE, UNITS, holder, workbook

NOON = "2024-12-09 12:00"
ADMIN = ("/people", "/people/1", "/people/units/YT", "/people/import", "/people/to-chuc.xlsx", "/settings", "/settings/doctor",
         "/settings/letters", "/settings/papers", "/log", "/log/verified", "/first-hour", "/first-hour/run")  # fmt: skip


class Desk(Visitor):
    """A visitor who sends forms: each with the token of the page that it stands on."""

    def send(self, path: str, fields: dict[str, str], *, on: str | None = None, file: tuple[str, bytes] | None = None) -> str:
        """What a person reads after pressing the button, wherever that leads."""
        token = re.findall(r'name="token" value="(\w+)"', self.page(on or path))[0]
        files = {"file": file} if file else None
        answer = self.client.post(path, data={**fields, "token": token}, files=files, headers={"origin": ORIGIN})
        self.status, self.last = answer.status_code, answer.text
        return words(answer.text)


@pytest.fixture
def desk(house: Services, opened: Opened) -> Desk:
    return Desk(house, NOON)


def actions(house: Services) -> list[str]:
    with house.db.read() as connection:
        return [row.action for row in connection.execute(event.select().order_by(event.c.seq))]


def test_only_an_administrator_of_the_whole_house_gets_in(house: Services, opened: Opened) -> None:
    for name in (ORGANISER, SECRETARY):
        visitor = signed_in(house, name, NOON)
        for path in ADMIN:
            assert visitor.client.get(path).status_code == 403, (name, path)
        assert 'href="/people"' not in visitor.page("/my")
    assert set(ADMIN) - {"/people/1", "/people/units/YT"} <= PAGES.keys()


def test_people_are_found_without_marks_and_by_the_unit(desk: Desk) -> None:
    assert "Lê Thị Dung CB004 Bí thư, Đảng bộ Sở Y tế" in desk.reads("/people?q=le thi dung")
    assert "Chi bộ Văn phòng Sở" in desk.reads("/people?q=van phong so")
    assert "Không có người nào khớp." in desk.reads("/people?q=khong ai")


def test_an_address_is_put_right_and_somebody_elses_is_refused(desk: Desk) -> None:
    page = "/people/4"
    was = {"was_name": "Lê Thị Dung", "was_email": "cb004@khoi.example", "was_phone": ""}
    said = desk.send(page, {**was, "do": "correct", "name": "Lê Thị Dung", "email": "cb005@khoi.example", "phone": "0912"})
    assert desk.status == 422 and "0912" in said and "không phải số điện thoại" in said
    said = desk.send(page, {**was, "do": "correct", "name": "Lê Thị Dung", "email": "cb005@khoi.example", "phone": ""})
    assert desk.status == 422 and "Địa chỉ này đã là của Hoàng Văn Em" in said
    new = {**was, "do": "correct", "name": "Lê Thị Dung", "email": "dung@khoi.example", "phone": "0912 345 678"}
    assert "Đã sửa thông tin." in desk.send(page, new)
    assert "Vừa có người khác sửa" in desk.send(page, {**new, "phone": "0999 888 777"}) and desk.status == 409
    assert "Không có gì đổi." in desk.send(page, new)  # a second click
    assert actions(desk.house).count("person.corrected") == 1


def test_a_holder_changes_from_a_day_on_and_the_old_one_is_signed_out(desk: Desk) -> None:
    old = signed_in(desk.house, SECRETARY, NOON)
    page = "/people/units/YT-1"
    new = {"role": "secretary", "do": "appoint", "name": "Mai Thị Oanh", "email": "oanh@khoi.example", "starts": "09/12/2024"}
    assert "Đã ghi người giữ chức vụ. Chi bộ Văn phòng Sở" in desk.send(page, new)
    day = at(NOON).date()
    assert holder(desk.house.db, "YT-1", PostRole.SECRETARY, day) == "Mai Thị Oanh"
    assert holder(desk.house.db, "YT-1", PostRole.SECRETARY, day.replace(day=8)) == SECRETARY
    old.client.get("/my")
    with desk.house.db.read() as connection:
        assert connection.execute(login.select()).one().ended_why == "post"
    assert "Không có gì đổi." in desk.send(page, new)
    refused = desk.send(page, {**new, "name": "Mai Thị Ươm", "email": "uom@", "starts": "31/12/2024"})
    assert desk.status == 422 and "địa chỉ thư không đúng dạng" in refused
    assert "Đang khuyết" in desk.send(page, {"role": "secretary", "do": "vacate", "starts": "2024-12-09"})
    assert "post.vacated" in actions(desk.house)


def test_a_right_is_given_and_taken_back_and_codes_are_shown_once(desk: Desk) -> None:
    said = desk.send("/people/4", {"do": "grant", "role": "inspector", "unit": "KHONG-CO"})
    assert desk.status == 422 and "Không có tổ chức “KHONG-CO”" in said
    assert "Kiểm tra, giám sát , Đảng ủy Khối" in desk.send("/people/4", {"do": "grant", "role": "inspector", "unit": "DUK"})
    number = re.findall(r'name="grant" value="(\d+)"', desk.page("/people/4"))[0]
    assert "Đã thu lại quyền." in desk.send("/people/4", {"do": "end_grant", "grant": number})
    sheet = desk.send("/people/4", {"do": "codes"})
    assert "Mã người CB004" in sheet and len(re.findall(r"\b[0-9A-Z]{5} [0-9A-Z]{5}\b", sheet)) == 3


def test_nobody_gives_rights_to_themselves(house: Services, opened: Opened) -> None:
    Desk(house, NOON).send("/people/4", {"do": "grant", "role": "admin", "unit": "DUK"})
    admin = signed_in(house, "Lê Thị Dung", NOON)
    mine = Desk(house, NOON)
    mine.client = admin.client
    assert "Không tự cấp quyền cho mình." in mine.send("/people/4", {"do": "grant", "role": "authority", "unit": "DUK"})
    assert mine.status == 422


def test_every_sign_in_of_somebody_is_ended(desk: Desk) -> None:
    signed_in(desk.house, SECRETARY, NOON)
    with desk.house.db.read() as connection:
        number = connection.execute(person.select().where(person.c.code == code_of(desk.house, SECRETARY))).one().id
    assert "Đã kết thúc mọi phiên" in desk.send(f"/people/{number}", {"do": "end_logins"})
    with desk.house.db.read() as connection:
        assert not connection.execute(login.select().where(login.c.ended_at.is_(None))).all()


def test_a_list_is_looked_at_before_it_is_written(empty_house: Services, tmp_path: Path) -> None:
    desk = Desk(empty_house, "2026-11-21 09:00")
    data = workbook(tmp_path / "ds.xlsx", UNITS, PEOPLE).read_bytes()
    said = desk.send("/people/import", {}, file=("ds.xlsx", data))
    assert "Xem trước:" in said and "Tổ chức 5 0 0" in said and "Chưa ghi gì." in said
    mark = re.findall(r'name="mark" value="([0-9a-f]{64}\.xlsx)"', desk.last)[0]
    assert "Đã nhập danh sách." in desk.send("/people/import/write", {"mark": mark, "called": "ds.xlsx"}, on="/people/import")
    assert not any(kept.stat().st_size for kept in (empty_house.settings.home / "imports").iterdir())
    assert "Đã nhập danh sách." in desk.send("/people/import/write", {"mark": mark}, on="/people/import")  # a second click
    gone = desk.send("/people/import/write", {"mark": f"{'0' * 64}.xlsx"}, on="/people/import")
    assert desk.status == 422 and "không còn" in gone
    broken = workbook(tmp_path / "hong.xlsx", [[*UNITS[0]], ["K2", "Chi bộ", "chi bộ", "KHONG", None, None]]).read_bytes()
    said = desk.send("/people/import", {}, file=("hong.xlsx", broken))
    assert desk.status == 422 and "Tệp “hong.xlsx”" in said and "Cách sửa" in said


def test_real_mail_is_turned_on_by_typing_and_for_this_relay_only(new_house: NewHouse) -> None:
    house = new_house("", smtp_host="thu.khoi.example")
    settle(house.db)
    desk = Desk(house, NOON)
    assert "Chế độ an toàn" in desk.reads("/settings")
    said = desk.send("/settings/sending", {"do": "on", "typed": "gửi"}, on="/settings")
    assert desk.status == 422 and "Chưa gõ đúng" in said
    assert "Đang gửi thật qua thu.khoi.example:587" in desk.send(
        "/settings/sending", {"do": "on", "typed": " Gửi  thật "}, on="/settings"
    )
    other = Services(house.db, house.settings.model_copy(update={"smtp_host": "khac.example"}), house.workdays)
    assert "Chế độ an toàn" in Visitor(other, NOON).reads("/settings")
    assert "Chế độ an toàn" in desk.send("/settings/sending", {"do": "off"}, on="/settings")
    assert actions(house) == ["mail.real_on", "mail.real_off"]


def test_the_environment_has_the_last_word(new_house: NewHouse) -> None:
    house = new_house("", smtp_host="thu.khoi.example", send_for_real=False)
    settle(house.db)
    desk = Desk(house, NOON)
    assert "Do biến môi trường HANCHOT_SEND_FOR_REAL" in desk.reads("/settings")
    said = desk.send("/settings/sending", {"do": "on", "typed": "gửi thật"}, on="/settings")
    assert desk.status == 422 and "do biến môi trường" in said


def test_addresses_are_listed_and_mail_is_held_with_a_reason(desk: Desk) -> None:
    said = desk.send("/settings/allowed", {"do": "add", "address": "hai@@khoi"}, on="/settings")
    assert desk.status == 422 and "hai@@khoi" in said
    assert "thu@khoi.example" in desk.send("/settings/allowed", {"do": "add", "address": "Thu@khoi.example"}, on="/settings")
    said = desk.send("/settings/allowed", {"do": "remove", "address": "thu@khoi.example"}, on="/settings")
    assert "Đã bỏ" in said and "thu@khoi.example" not in said
    desk.send("/settings/hold", {"do": "hold", "reason": ""}, on="/settings")
    assert desk.status == 422
    assert "Đang giữ : sửa máy chủ thư." in desk.send(
        "/settings/hold", {"do": "hold", "reason": "sửa máy chủ thư"}, on="/settings"
    )
    assert "Không giữ" in desk.send("/settings/hold", {"do": "release"}, on="/settings")


def test_letters_are_shown_as_they_would_be_written(desk: Desk) -> None:
    said = desk.reads("/settings/letters")
    assert "cho một việc có thật:" in said and "[Còn 3 ngày]" in said and "dòng" not in said


def test_a_paper_template_is_replaced_and_taken_back(desk: Desk) -> None:
    own = desk.client.get("/settings/papers/item_page.docx").content
    said = desk.send(
        "/settings/papers/item_page", {"do": "replace"}, on="/settings/papers", file=("mau.docx", b"khong phai Word")
    )
    assert desk.status == 422 and "Word" in said
    assert "Đã thay mẫu." in desk.send(
        "/settings/papers/item_page", {"do": "replace"}, on="/settings/papers", file=("m.docx", own)
    )
    assert "mẫu riêng" in desk.reads("/settings/papers")
    assert "Đã về mẫu gốc." in desk.send("/settings/papers/item_page", {"do": "restore"}, on="/settings/papers")
    assert "head.issuer" in desk.reads("/settings/papers/reminder_letter/placeholders")
    assert desk.client.get("/settings/papers/khong-co.docx").status_code == 404


def test_the_log_is_narrowed_and_its_chain_walked(desk: Desk) -> None:
    desk.send("/settings/hold", {"do": "hold", "reason": "thử"}, on="/settings")
    said = desk.reads("/log?group=mail")
    assert "Giữ mọi thư mail thử" in said and "Mở đợt" not in said
    assert "Không có dòng nào khớp." in desk.reads("/log?actor=Không ai")
    assert "Chuỗi còn nguyên" in desk.reads("/log/verified")
    with desk.house.db.write() as connection:
        connection.exec_driver_sql("UPDATE event SET actor = 'x' WHERE seq = 1")
    assert "Chuỗi còn nguyên" in desk.reads("/log/verified")  # walked a moment ago, and it says when
    desk.send("/log/verified", {}, on="/log/verified")
    assert "Chuỗi đứt ở dòng 1" in desk.reads("/log/verified")


def test_the_language_is_one_cookie_and_leads_back_here_only(desk: Desk) -> None:
    desk.send("/language", {"language": "en", "back": "/people?q=dung"}, on="/people")
    assert desk.client.cookies["hanchot-language"] == "en" and '<html lang="en">' in desk.page("/people")
    token = re.findall(r'name="token" value="(\w+)"', desk.page("/people"))[0]
    back_to = {"//evil.example": "/", "https://evil.example/": "/", "/\\evil.example": "/", "/khong/co": "/",
               "/letters/3/again": "/letters/3", "/settings/hold": "/settings"}  # fmt: skip
    for back, there in back_to.items():
        answer = desk.client.post("/language", data={"language": "vi", "back": back, "token": token},
                                  headers={"origin": ORIGIN}, follow_redirects=False)  # fmt: skip
        assert answer.headers["location"] == there
