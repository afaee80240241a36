"""Cells of an organisation file, one at a time."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanchot.domain.unit import PostRole, UnitKind
from hanchot.reader.sheets import Broken, Formula, Value
from hanchot.service.org import fields
from hanchot.service.org.fields import Unreadable
from hanchot.service.org.headers import PEOPLE, UNITS


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("01/07/2025", date(2025, 7, 1)),
        ("1/7/2025", date(2025, 7, 1)),
        ("1-7-2025", date(2025, 7, 1)),
        ("01.07.2025", date(2025, 7, 1)),
        ("2025-07-01", date(2025, 7, 1)),
        ("2025-07-01 00:00:00", date(2025, 7, 1)),
        (date(2025, 7, 1), date(2025, 7, 1)),
        (datetime(2025, 7, 1, 9), date(2025, 7, 1)),  # noqa: DTZ001 - as Excel keeps it
        (45839, date(2025, 7, 1)),
        (45839.5, date(2025, 7, 1)),
        ("29/02/2024", date(2024, 2, 29)),
    ],
)
def test_days(typed: Value, meant: date) -> None:
    assert fields.day(typed) == meant


@given(st.dates(date(1930, 1, 1), date(2100, 12, 31)))
def test_a_day_is_read_back_in_every_way_of_writing_it(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    assert {fields.day(way) for way in (f"{day:%d/%m/%Y}", day.isoformat(), day, serial)} == {day}


@pytest.mark.parametrize("typed", ["", "2025", "31/04/2025", "29/02/2025", "1/7/25", "07/2025", True, 5, 1e9, "01/07/2101"])
def test_days_that_are_none(typed: Value) -> None:
    with pytest.raises(Unreadable):
        fields.day(typed)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("cell", UnitKind.CELL),
        ("CELL_OF_SECTION", UnitKind.CELL_OF_SECTION),
        ("Chi bộ trực thuộc Đảng ủy cơ sở", UnitKind.CELL),
        ("chi bo co so", UnitKind.GRASSROOTS_CELL),
        ("Đảng uỷ cơ sở", UnitKind.GRASSROOTS_COMMITTEE),  # the other way of placing the mark
        ("UBND", UnitKind.GOVERNMENT),
        ("Mặt trận Tổ quốc", UnitKind.FRONT),
        (unicodedata.normalize("NFD", "Thị ủy"), UnitKind.TOWN_COMMITTEE),
    ],
)
def test_kinds(typed: str, meant: UnitKind) -> None:
    assert fields.kind(typed) is meant


def test_every_kind_and_role_is_known_by_code_and_by_name() -> None:
    assert all(fields.kind(kind.value) is fields.kind(kind.vi) is kind for kind in UnitKind)
    assert all(fields.role(role.value) == fields.role(role.vi.upper()) == (role, None) for role in PostRole)


@pytest.mark.parametrize(
    ("typed", "role"),
    [
        ("Bí thư Đảng ủy", PostRole.SECRETARY),
        ("Phó Bí thư Thường trực", PostRole.DEPUTY),
        ("Trưởng ban", PostRole.HEAD),
        ("Chánh Văn phòng", PostRole.HEAD),
        ("Chủ tịch UBND", PostRole.HEAD),
        ("Chuyên viên", PostRole.OFFICER),
        ("Ủy viên Ban Thường vụ phụ trách", PostRole.MEMBER_IN_CHARGE),
    ],
)
def test_a_full_title_says_the_role_and_is_kept(typed: str, role: PostRole) -> None:
    assert fields.role(typed) == (role, typed)


@pytest.mark.parametrize("typed", ["an@donvi.vn", "a.b+c@Mail.DonVi.gov.vn", "o'hara@x-y.vn", " an@donvi.vn "])
def test_addresses(typed: str) -> None:
    local, _, domain = typed.strip().partition("@")
    assert fields.address(typed) == f"{local}@{domain.lower()}"


NO_ADDRESSES = (
    *("an", "an@", "@x.vn", "an@x", "an@x..vn", "an@-x.vn", "an@x-.vn", "an@x.v1-", f"an@{'x' * 64}.vn"),
    *("a..n@x.vn", "an.@x.vn", "an @x.vn", "ân@x.vn", "an\u200b@x.vn", f"{'a' * 65}@x.vn", "<an@x.vn>", '"a"@x.vn'),
    *("an@x.vn\n", "an@x.vn;b@x.vn"),
)


@pytest.mark.parametrize("typed", NO_ADDRESSES)
def test_addresses_that_no_relay_takes(typed: str) -> None:
    with pytest.raises(Unreadable):
        fields.address(typed)


@given(st.text(max_size=40))
def test_an_address_is_plain_ascii_or_refused(text: str) -> None:
    try:
        taken = fields.address(f"{text}@donvi.vn")
    except Unreadable as error:
        assert error.way_out
    else:
        assert taken.isascii() and not any(c.isspace() for c in taken) and taken.count("@") == 1


def test_a_telephone_number_gets_back_the_zero_that_excel_ate() -> None:
    assert fields.phone(912345678) == fields.phone(912345678.0) == "0912345678"
    assert fields.phone(" 0912 345  678 ") == "0912 345 678"
    assert fields.phone("+84 912.345.678") == "+84 912.345.678"


@pytest.mark.parametrize("value", [Formula("=A1"), Broken("#REF!"), "a\x07b"])
def test_no_reader_takes_formulas_errors_or_control_characters(value: Value) -> None:
    for read in (fields.code, fields.name, fields.kind, fields.role, fields.day, fields.address, fields.phone):
        with pytest.raises(Unreadable):
            read(value)


def test_text_is_nfc_with_single_spaces() -> None:
    assert fields.name(unicodedata.normalize("NFD", " Chi  bộ\tMột ")) == "Chi bộ Một"
    assert fields.code(12.0) == "12"
    assert fields.fold("Mã ĐƠN vị (*) – cấp/trên") == "ma don vi cap tren"


def test_headers_are_unambiguous() -> None:
    """No two columns of one schema answer to the same name; our own titles are among the names."""
    for schema in (UNITS, PEOPLE):
        assert all(schema[fields.fold(column.title)] == column for column in schema.values())
