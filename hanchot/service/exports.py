"""Every list of the board as a file: the same rows as on the page, all of them, as Excel or as CSV.

One registry, one door: ``export``. What a list shows, and to whom, is decided by the views; ``scopes`` are handed on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from hanchot.domain.access import WHOLE
from hanchot.domain.errors import NotFound, Refused
from hanchot.domain.fate import FATE_VI, INCIDENT_VI
from hanchot.domain.instants import ZONE, local_day
from hanchot.domain.stage import Stage
from hanchot.domain.unit import UnitKind
from hanchot.papers.csv_text import csv_bytes
from hanchot.papers.sheet import MAX_ROWS, Column, Sheet, workbook
from hanchot.service import audit
from hanchot.service.access import unit_path, within
from hanchot.service.org.lookup import holders_as_of, responsible_role
from hanchot.service.services import Services
from hanchot.service.tracking.export import in_tree_order
from hanchot.service.views import late as views_late
from hanchot.service.views import letters as views_letters
from hanchot.service.views import matrix as views_matrix
from hanchot.service.views import overview as views_overview
from hanchot.service.views.common import ItemRow, Who, holders, item_rows, last_letters, units_like
from hanchot.service.views.register import register
from hanchot.store.tables import unit, work_item

MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
_CHUNK = 5_000  # values in one IN
Rows = Iterable[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked for. ``filters`` are those of the page's address; unknown and empty ones are ignored."""

    services: Services
    filters: Mapping[str, str]
    now: datetime
    scopes: tuple[str, ...]

    def get(self, name: str) -> str:
        return self.filters.get(name, "").strip()


@dataclass(frozen=True, slots=True)
class ListOut:
    """One list: ``title`` over the table, ``file`` the name without ending. ``whole``: only for who sees the whole house.

    ``secret``: ratings stand in it; the door that leads here asks for the right to see results.
    """

    title: str
    file: str
    make: Callable[[Ask], tuple[tuple[Column, ...], Rows]]
    whole: bool = False
    secret: bool = False


def export(
    services: Services, key: str, filters: Mapping[str, str], now: datetime, scopes: tuple[str, ...] = (WHOLE,), *,
    actor: str | None = None,
) -> tuple[str, str, bytes]:  # fmt: skip
    """(file name, media type, bytes) of the list ``key``; ``filters["format"]`` is ``xlsx`` (default) or ``csv``.

    NotFound: no such list, format, cycle or branch. Refused: a list of the whole house for who sees a part of it.
    BadDocument: more than a hundred thousand rows. With ``actor`` an event says who took which list, never what is in it.
    """
    if key not in LISTS:
        raise NotFound(f"Không có danh sách “{key}”.", way_out=f"Các danh sách: {', '.join(LISTS)}.")
    form = filters.get("format", "") or "xlsx"
    if form not in MEDIA:
        raise NotFound(f"Không xuất được dạng “{form}”.", way_out=f"Chọn một trong: {', '.join(MEDIA)}.")
    which = LISTS[key]
    if which.whole and WHOLE not in scopes:
        raise Refused(f"Danh sách “{which.title}” chỉ xuất được ở phạm vi toàn hệ thống.", way_out="Nhờ Ban Tổ chức xuất.")
    columns, rows = which.make(Ask(services, filters, now, scopes))
    stamp = now.astimezone(ZONE)
    heading = (which.title.upper(), f"Số liệu lúc {stamp:%H:%M ngày %d/%m/%Y}")
    sheet = Sheet(name=which.title, heading=heading, columns=columns, rows=tuple(rows))
    data = csv_bytes(sheet) if form == "csv" else workbook([sheet])
    if actor is not None:
        with services.db.write() as connection:
            audit.record(connection, now, actor, "list.exported", key, data={"format": form, "rows": len(sheet.rows)})
    return f"{which.file}_{stamp:%Y%m%d-%H%M}.{form}", MEDIA[form], data


def _columns(*heads: tuple[str, int]) -> tuple[Column, ...]:
    return tuple(Column(title=title, width=width, centered=width <= 12) for title, width in heads)


_HOLDER = (("Chức vụ phụ trách", 22), ("Người phụ trách", 26), ("Điện thoại", 16), ("Thư điện tử", 28))


def _who(one: Who | None) -> tuple[str, str, str, str]:
    return (one.title, one.name or "(khuyết)", one.phone or "", one.email or "") if one else ("", "", "", "")


def _late(ask: Ask) -> tuple[tuple[Column, ...], Rows]:
    chosen = views_late.Chosen(*(ask.get(name) for name in ("cycle", "stage", "branch", "kind", "q")))
    ids = views_late.late_ids(ask.services, ask.now, ask.scopes, chosen, MAX_ROWS)
    columns = _columns(
        ("Đợt", 20), ("Mã đơn vị", 18), ("Đơn vị", 34), ("Thuộc", 30), ("Bước", 14), ("Việc", 44), ("Hạn", 12),
        ("Tình trạng", 24), ("Số ngày", 9), *_HOLDER, ("Tin gần nhất", 12),
    )  # fmt: skip
    return columns, _late_rows(ask, ids)


def _late_rows(ask: Ask, ids: Sequence[int]) -> Iterator[tuple[str, ...]]:
    with ask.services.db.read() as connection:
        for few in (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK)):
            items = {row.id: row for row in item_rows(ask.services, connection, work_item.c.id.in_(few), ask.now)}
            who = holders(ask.services, connection, items.values(), ask.now)
            above = views_late.above_names(connection, {row.unit_id for row in items.values()})
            letters = last_letters(connection, few)
            for one in (items[item_id] for item_id in few if item_id in items):
                letter = letters.get(one.id)
                yield (*_item(one, above), *_who(who.get(one.unit_id)), _day(local_day(letter.at)) if letter else "")


def _item(one: ItemRow, above: Mapping[int, str]) -> tuple[str, ...]:
    return (
        one.cycle_code, one.unit_code, one.unit_name, above.get(one.unit_id, ""), one.stage.vi.capitalize(),
        one.milestone.title, _day(one.last_day), one.standing.vi, str(one.standing.days),
    )  # fmt: skip


def _coming(ask: Ask) -> tuple[tuple[Column, ...], Rows]:
    with ask.services.db.read() as connection:
        found = views_overview.coming(ask.services, connection, ask.now, ask.scopes)
    columns = _columns(("Hạn", 12), ("Đợt", 20), ("Bước", 14), ("Việc", 60), ("Mục", 14), ("Số đơn vị chưa xong", 11))
    return columns, [
        (_day(one.day), one.cycle_code, one.milestone.stage.vi.capitalize(), one.milestone.title, one.milestone.source.clause,
         str(one.count))
        for one in found if ask.get("cycle") in ("", one.cycle_code)
    ]  # fmt: skip


def _matrix(ask: Ask) -> tuple[tuple[Column, ...], Rows]:
    if not ask.get("cycle"):
        raise NotFound("Chưa nói đợt nào.", way_out="Thêm mã đợt, ví dụ cycle=2024.")
    branch = ask.get("branch") or None
    stage, kind = ask.get("stage"), ask.get("kind")
    find = views_matrix.Find(
        branch, ask.get("late") == "1", Stage(stage) if stage in set(Stage) else None,
        UnitKind(kind) if kind in set(UnitKind) else None, ask.get("q"),
    )  # fmt: skip
    found = views_matrix.matrix(ask.services, ask.get("cycle"), ask.now, find, size=MAX_ROWS)
    with ask.services.db.read() as connection:
        inside = _within(connection, ask.scopes, found.branch_code)
    stages = [(f"{stage.vi.capitalize()}", 22) for stage in found.stages]
    columns = _columns(("Mã đơn vị", 18), ("Đơn vị", 40), *stages, ("Việc quá hạn", 9))
    return columns, [
        (row.code, row.name, *(_cell(row.cells.get(stage)) for stage in found.stages), str(row.late_in(None)))
        for row in found.rows if inside is None or row.id in inside
    ]  # fmt: skip


def _within(connection: sa.Connection, scopes: tuple[str, ...], branch: str) -> set[int] | None:
    """The units of a branch that may be seen; None: all of it."""
    path = unit_path(connection, branch)
    if any(path.startswith(scope) for scope in scopes):
        return None
    mine = sa.select(unit.c.id).where(unit.c.path.startswith(path, autoescape=True), within(unit.c.path, scopes))
    return set(connection.execute(mine).scalars())


def _cell(cell: views_matrix.Cell | None) -> str:
    """The riskiest standing, and how many are done where there are several."""
    if cell is None or cell.worst is None:
        return ""
    return cell.worst.vi if cell.total == 1 else f"{cell.worst.vi} (xong {cell.done}/{cell.total})"


def _letters(ask: Ask) -> tuple[tuple[Column, ...], Rows]:
    columns = _columns(
        ("Số", 10), ("Lập lúc", 18), ("Gửi từ", 18), ("Người nhận", 28), ("Địa chỉ", 32), ("Tiêu đề", 50), ("Số tin", 9),
        ("Tình trạng", 30),
    )  # fmt: skip
    return columns, _letter_rows(ask)


def _letter_rows(ask: Ask) -> Iterator[tuple[str, ...]]:
    page, pages = 1, 1
    while page <= pages and (page - 1) * _CHUNK <= MAX_ROWS:
        found = views_letters.letters(
            ask.services, state=ask.get("state") or None, text=ask.get("q"), page=page, scopes=ask.scopes, size=_CHUNK
        )
        for one in found.lines:
            yield (
                str(one.id), _moment(one.planned_at), _moment(one.release_at), one.to, one.address or "",
                one.subject or one.first or "", str(one.lines), FATE_VI.get(one.state, one.state),
            )  # fmt: skip
        page, pages = page + 1, found.paging.pages


def _units(ask: Ask) -> tuple[tuple[Column, ...], Rows]:
    columns = _columns(
        ("Mã đơn vị", 20), ("Đơn vị", 44), ("Loại", 30), ("Thuộc", 40), ("Hiệu lực đến", 12), *_HOLDER
    )  # fmt: skip
    with ask.services.db.read() as connection:
        query = sa.select(unit.c.id, unit.c.valid_to).where(within(unit.c.path, ask.scopes))
        ends = {unit_id: last for unit_id, last in connection.execute(query)}
        if ask.get("q"):
            ends = {
                one: ends[one] for one in units_like(ask.services.db, connection, ask.get("q"), len(ends) or 1) if one in ends
            }
        units = in_tree_order(connection, ends)
        held = {(one.unit_id, one.role): one for one in holders_as_of(connection, local_day(ask.now)).values()}
    rows = []
    for one, above in units:
        role = responsible_role(one.kind)
        who = held.get((one.id, role))
        said = Who(who.title or role.vi.capitalize(), who.name, who.phone, who.email) if who else None
        rows.append((one.code, one.name, one.kind.vi, above, _day(ends[one.id]), *_who(said)))
    return columns, rows


def _incidents(ask: Ask) -> tuple[tuple[Column, ...], Rows]:
    columns = _columns(("Loại", 18), ("Nội dung", 90), ("Lần đầu", 18), ("Lần cuối", 18), ("Số lần", 9), ("Đã xử lý", 18))
    return columns, [
        (INCIDENT_VI.get(one.kind, one.kind), one.message, _moment(one.first_at), _moment(one.last_at), str(one.times),
         _moment(one.resolved_at) or "chưa")
        for one in views_letters.incidents(ask.services, MAX_ROWS)
    ]  # fmt: skip


def _register(ask: Ask) -> tuple[tuple[Column, ...], Rows]:
    year = ask.get("year")
    found = register(
        ask.services, year=int(year) if year.isdecimal() else None, cycle_code=ask.get("cycle") or None, scopes=ask.scopes
    )
    columns = _columns(
        ("Năm", 8), ("Kỳ", 10), ("Đợt", 20), ("Mã đơn vị", 18), ("Đơn vị", 34), ("Đối tượng", 30), ("Họ và tên", 26),
        ("Mức xếp loại", 30), ("Số quyết định", 20), ("Ngày", 12), ("Cấp quyết định", 34), ("Hiệu lực", 14),
    )  # fmt: skip
    return columns, [
        (str(one.year), f"quý {one.quarter}" if one.quarter else "năm", one.cycle, one.unit_code, one.unit_name,
         one.kind.vi, one.person or "", one.level.vi, one.number, _day(one.decided_on), one.body,
         "còn hiệu lực" if one.stands else "đã mở lại")
        for one in found
    ]  # fmt: skip


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(ZONE):%H:%M %d/%m/%Y}" if at else ""


LISTS: Mapping[str, ListOut] = {
    "late": ListOut("Việc quá hạn", "viec-qua-han", _late),
    "coming": ListOut("Việc sắp đến hạn", "viec-sap-den-han", _coming),
    "matrix": ListOut("Tiến độ theo đơn vị", "tien-do-don-vi", _matrix),
    "letters": ListOut("Thư", "thu", _letters),
    "units": ListOut("Đơn vị", "don-vi", _units),
    "incidents": ListOut("Sự cố", "su-co", _incidents, whole=True),
    "register": ListOut("Sổ theo dõi kết quả", "so-theo-doi", _register, secret=True),
}
