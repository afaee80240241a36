"""Every list of the board as a file: the page's rows, all of them, and nobody else's."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date

import openpyxl
import pytest
import sqlalchemy as sa

from hanchot.domain.errors import NotFound, Refused
from hanchot.service import incidents
from hanchot.service.access import unit_path
from hanchot.service.exports import LISTS, export
from hanchot.service.opening import Opened
from hanchot.service.services import Services
from hanchot.service.sweep import sweep
from hanchot.service.views.late import late
from hanchot.store.judging_tables import rating, subject
from tests import judging, look
from tests.look import CODE, at

NOW = at("2024-12-20 09:00")


def rows(house: Services, key: str, scopes: tuple[str, ...] = ("/",), **filters: str) -> list[dict[str, str]]:
    _, media, data = export(house, key, {"format": "csv", **filters}, NOW, scopes)
    assert media.startswith("text/csv")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def branch(house: Services, code: str) -> tuple[str, ...]:
    with house.db.read() as connection:
        return (unit_path(connection, code),)


def in_excel(data: bytes) -> Iterator[tuple[object, ...]]:
    page = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    return page.iter_rows(min_row=3, values_only=True)


def test_who_is_late_is_the_page_without_its_end(house: Services, opened: Opened) -> None:
    sweep(house, NOW)
    shown = [(line.item.unit_code, line.item.milestone.title, line.item.standing.vi) for line in late(house, NOW).lines]

    found = rows(house, "late")

    assert [(row["Mã đơn vị"], row["Việc"], row["Tình trạng"]) for row in found] == shown and shown
    kho = next(row for row in found if row["Mã đơn vị"] == "KHO")
    assert (kho["Hạn"], kho["Số ngày"], kho["Người phụ trách"], kho["Thuộc"]) == (
        "12/12/2024", "8", "Đặng Thị Nga", "Đảng ủy Khối",
    )  # fmt: skip
    assert kho["Tin gần nhất"] == "20/12/2024"
    assert {row["Mã đơn vị"] for row in rows(house, "late", branch(house, "YT"))} == {"YT", "YT-1", "YT-2", "YT-BP1"}
    assert {row["Mã đơn vị"] for row in rows(house, "late", q="kho bạc")} == {"KHO"}


def test_excel_says_what_csv_says(house: Services, opened: Opened) -> None:
    name, media, data = export(house, "late", {}, NOW)

    assert name == "viec-qua-han_20241220-0900.xlsx" and "spreadsheetml" in media
    head, *body = in_excel(data)
    plain = rows(house, "late")
    assert list(head) == list(plain[0])
    assert [["" if value is None else value for value in row] for row in body] == [list(row.values()) for row in plain]


def test_the_matrix_the_coming_and_the_units(house: Services, opened: Opened) -> None:
    line = next(row for row in rows(house, "matrix", cycle=CODE) if row["Mã đơn vị"] == "YT")
    assert line["Tự đánh giá"] == "Quá hạn 8 ngày (xong 0/5)" and line["Việc quá hạn"] == "4"
    assert [row["Mã đơn vị"] for row in rows(house, "matrix", branch(house, "YT"), cycle=CODE)] == ["YT"]
    assert {row["Việc"] for row in rows(house, "coming")} >= {"Mốc ho-so", "Mốc quyet-dinh"}
    units = rows(house, "units", branch(house, "YT"))
    assert [row["Mã đơn vị"] for row in units] == ["YT", "YT-2", "YT-1", "YT-BP", "YT-BP1"]  # a unit, then what is under it
    assert (units[-1]["Thuộc"], units[-1]["Người phụ trách"]) == ("Đảng bộ bộ phận Bệnh viện", "Vũ Thị Giang")


def test_letters_and_incidents(house: Services, opened: Opened) -> None:
    sweep(house, NOW)
    with house.db.write() as connection:
        incidents.report(connection, "k", "mail", "=1+1 không gửi được", NOW)

    assert len(rows(house, "letters")) == len(look.envelopes(house)) > 0
    assert {row["Tình trạng"] for row in rows(house, "letters", state="queued")} == {"Chờ gửi"}
    (one,) = [row for row in rows(house, "incidents") if row["Loại"] == "Thư"]
    assert one["Nội dung"] == "'=1+1 không gửi được" and one["Đã xử lý"] == "chưa"  # no spreadsheet calculates it
    with pytest.raises(Refused, match="toàn hệ thống"):
        export(house, "incidents", {}, NOW, branch(house, "YT"))


def test_the_register_keeps_to_the_branches_one_may_see(house: Services) -> None:
    (one,) = judging.cell_of(house, 1)
    with house.db.write() as connection:
        where = connection.execute(sa.select(subject.c.unit_id).where(subject.c.id == one)).scalar_one()
        decided = {"subject_id": one, "unit_id": where, "step": "decided", "level": "good", "entered_by": "Bình"}
        paper = {"confirmed_by": "Cường", "number": "12-QĐ/CB", "decided_on": date(2024, 12, 19), "regulation": "13-HD/TU"}
        connection.execute(sa.insert(rating).values(**decided, **paper, why=[], at=NOW))

    assert LISTS["register"].secret
    (row,) = rows(house, "register", branch(house, "KHO"), year="2024")
    assert (row["Họ và tên"], row["Mức xếp loại"], row["Ngày"]) == ("Đảng viên M01", "hoàn thành tốt nhiệm vụ", "19/12/2024")
    assert rows(house, "register", branch(house, "YT")) == rows(house, "register", year="2023") == []


def test_who_took_a_list_is_an_event_and_its_contents_are_not(house: Services, opened: Opened) -> None:
    export(house, "late", {"format": "csv"}, NOW, actor="Bình")

    (event,) = look.events(house, "list.exported")
    assert (event.actor, event.subject) == ("Bình", "late") and "Đặng Thị Nga" not in event.data


@pytest.mark.parametrize(
    ("key", "filters", "said"),
    [
        ("votes", {}, "Không có danh sách “votes”. Các danh sách: late, coming, matrix"),
        ("late", {"format": "pdf"}, "Không xuất được dạng “pdf”"),
        ("matrix", {}, "Chưa nói đợt nào"),
        ("matrix", {"cycle": "x"}, "Không có đợt “x”"),
    ],
)
def test_what_is_not_there_is_one_sentence(house: Services, key: str, filters: dict[str, str], said: str) -> None:
    with pytest.raises(NotFound) as error:
        export(house, key, filters, NOW)
    assert said in str(error.value)
