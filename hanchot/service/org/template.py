"""The organisation as a workbook: an empty one to fill in, or the present one to correct and import back."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from hanchot.domain.unit import PostRole, UnitKind
from hanchot.service.org.headers import PEOPLE, UNITS, Column
from hanchot.service.org.lookup import units_as_of
from hanchot.service.org.state import OrgState, read_state

UNIT_COLUMNS = ("unit", "name", "kind", "parent", "valid_from", "valid_to")
PEOPLE_COLUMNS = ("unit", "role", "title", "person", "full_name", "email", "phone", "starts", "ends")
_WIDTHS = {"name": 48, "kind": 34, "full_name": 28, "email": 34, "role": 24, "title": 28}
_DATES = {"valid_from", "valid_to", "starts", "ends"}
_LAST_ROW = 20_000
_NOTES = (
    "Sheet “Đơn vị”: mỗi đơn vị một dòng. Đơn vị đứng đầu để trống “Mã cấp trên”. Thứ tự dòng tùy ý.",
    "Sheet “Người”: mỗi chức vụ một dòng; người giữ nhiều chức vụ thì ghi cùng “Mã người” ở các dòng.",
    "Ô trống: giữ nguyên điều đã có. Dấu - : xóa điều đã có; ở “Họ và tên”: chức vụ đang khuyết.",
    "Người mới thay không cần ghi ngày: nhiệm kỳ cũ kết thúc hôm trước, nhiệm kỳ mới bắt đầu trong ngày nhập.",
    "Ngày viết ngày/tháng/năm, ví dụ 01/07/2025. Mỗi người một địa chỉ thư. Không dùng công thức.",
    "Khi nhập, xem những gì sẽ đổi trước rồi mới cho ghi.",
)


def template() -> bytes:
    """An empty workbook (.xlsx) with the two sheets, their lists of choices and a sheet that explains them."""
    return _workbook((), ())


def write_template(path: Path) -> None:
    """Put the empty workbook down at ``path``, replacing what is there."""
    path.write_bytes(template())


def export_org(connection: sa.Connection, root_id: int, day: date) -> bytes:
    """The tree under ``root_id`` as it is on a local day, with all tenures of its posts. Imported back, it changes
    nothing."""
    state, _ = read_state(connection)
    codes = [row.code for row in units_as_of(connection, root_id, day)]
    return _workbook(_unit_rows(state, codes), _people_rows(state, set(codes)))


def _unit_rows(state: OrgState, codes: list[str]) -> Iterable[tuple[object, ...]]:
    for code in codes:
        one = state.units[code]
        yield code, one.name, one.kind.vi, one.parent, one.valid_from, one.valid_to


def _people_rows(state: OrgState, codes: set[str]) -> Iterable[tuple[object, ...]]:
    for seat, title in state.titles.items():
        if seat[0] not in codes:
            continue
        post = (seat[0], seat[1].vi, title)
        if not state.tenures.get(seat):
            yield *post, None, "-"
        for held in state.tenures.get(seat, ()):
            who = state.people[held.person]
            yield *post, who.code, who.name, who.email, who.phone, held.starts, held.ends


def _workbook(units: Iterable[Sequence[object]], people: Iterable[Sequence[object]]) -> bytes:
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    first.title = "Đơn vị"
    _fill(first, [_title(UNITS, key) for key in UNIT_COLUMNS], UNIT_COLUMNS, units)
    second = book.create_sheet("Người")
    _fill(second, [_title(PEOPLE, key) for key in PEOPLE_COLUMNS], PEOPLE_COLUMNS, people)
    _choices(book.create_sheet("Danh mục"))
    _offer(first, UNIT_COLUMNS.index("kind"), f"'Danh mục'!$A$2:$A${len(UnitKind) + 1}")
    _offer(second, PEOPLE_COLUMNS.index("role"), f"'Danh mục'!$C$2:$C${len(PostRole) + 1}")
    for sheet, columns in ((first, UNIT_COLUMNS), (second, PEOPLE_COLUMNS)):
        for index in (index for index, key in enumerate(columns) if key in _DATES):
            _only_dates(sheet, index)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _title(schema: dict[str, Column], key: str) -> str:
    return next(column.title for column in schema.values() if column.key == key)


def _fill(sheet: Worksheet, titles: list[str], keys: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    sheet.append(titles)
    for index, key in enumerate(keys, start=1):
        head = sheet.cell(1, index)
        head.font, head.fill = Font(bold=True), PatternFill("solid", fgColor="DDE7F3")
        head.alignment = Alignment(wrap_text=True, vertical="center")
        column = sheet.column_dimensions[get_column_letter(index)]
        column.width = _WIDTHS.get(key, 18)
        column.number_format = "DD/MM/YYYY" if key in _DATES else "@"
    sheet.freeze_panes = "A2"
    for number, row in enumerate(rows, start=2):
        for index, value in enumerate(row, start=1):
            _write(sheet, number, index, value)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(keys))}{max(sheet.max_row, 2)}"


def _write(sheet: Worksheet, row: int, column: int, value: object) -> None:
    """Text stays text: openpyxl would take a name that begins with ‘=’ for a formula."""
    if value is None:
        return
    cell = sheet.cell(row, column)
    if isinstance(value, date):
        cell.value, cell.number_format = value, "DD/MM/YYYY"
        return
    cell.value = str(value)
    cell.data_type, cell.number_format = "s", "@"


def _choices(sheet: Worksheet) -> None:
    sheet.append(["Loại", "Mã loại", "Chức vụ", "Mã chức vụ", "Cách điền"])
    for index in range(max(len(UnitKind), len(PostRole), len(_NOTES))):
        kind, role = list(UnitKind)[index : index + 1], list(PostRole)[index : index + 1]
        row: list[str | None] = [kind[0].vi, kind[0].value] if kind else [None, None]
        row += [role[0].vi, role[0].value] if role else [None, None]
        sheet.append([*row, *_NOTES[index : index + 1]])
    for letter, width in zip("ABCDE", (42, 26, 26, 20, 100), strict=True):
        sheet.column_dimensions[letter].width = width
        sheet[f"{letter}1"].font = Font(bold=True)


def _offer(sheet: Worksheet, column: int, source: str) -> None:
    rule = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=True)
    rule.errorTitle, rule.error = "Không có trong danh mục", "Chọn một giá trị trong danh sách (xem sheet Danh mục)."
    _apply(sheet, column, rule)


def _only_dates(sheet: Worksheet, column: int) -> None:
    rule = DataValidation(type="date", operator="between", formula1="10959", formula2="73415", allow_blank=True)
    rule.showErrorMessage, rule.errorStyle = True, "warning"  # a dash, which takes a date away, stays possible
    rule.errorTitle, rule.error = "Không phải ngày", "Viết ngày/tháng/năm, ví dụ 01/07/2025."
    _apply(sheet, column, rule)


def _apply(sheet: Worksheet, column: int, rule: DataValidation) -> None:
    letter = get_column_letter(column + 1)
    rule.add(f"{letter}2:{letter}{_LAST_ROW}")
    sheet.add_data_validation(rule)
