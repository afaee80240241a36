"""The tracking sheet out: one row per unit of a branch, in the order of the tree; one pair of columns per milestone."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby

import sqlalchemy as sa

from hanchot.domain.access import WHOLE
from hanchot.domain.collate import collation_key
from hanchot.domain.errors import NotFound
from hanchot.domain.instants import ZONE, local_day
from hanchot.domain.stage import Stage
from hanchot.domain.tracking import DATED, NO_ITEM, WORDS, Mark, Word, word_of
from hanchot.domain.unit import UnitKind
from hanchot.domain.work_item import State
from hanchot.papers.sheet import Band, Column, Sheet, workbook
from hanchot.service.access import within
from hanchot.service.book import Book, book, cycle_id_of
from hanchot.service.install import fact
from hanchot.service.org.lookup import UnitRow, unit_by_code
from hanchot.service.services import Services
from hanchot.service.tracking.layout import ABOUT, ABOVE, DAY, NAME, NOTE, PAGE, STANDS, UNIT, About, plain
from hanchot.store.tables import cycle, cycle_milestone, event, unit, work_item

HELP = (
    f"Chỉ điền các cột “{STANDS}” (chọn trong danh sách), “{DAY}” (ngày/tháng/năm; trống: lấy ngày nhập bảng) và “{NOTE}”.",
    f"“{Word.SENT_BACK}”, “{Word.EXCUSED}”, đưa về “{Word.NOT_YET}” và sửa ngày nộp phải có lý do ở “{NOTE}”.",
    f"Ô “{NO_ITEM}”: đơn vị không có việc này. Ô không sửa thì không đổi gì; có thể xóa bớt dòng, không đổi tên cột.",
    "Không dùng công thức, không gộp ô. Khi nhập, xem những gì sẽ đổi trước rồi mới cho ghi.",
)
_TINTS = (
    (Word.HANDED_IN, "#E2F0D9"), (Word.TAKEN, "#C6E0B4"), (Word.SENT_BACK, "#FCE4D6"), (Word.EXCUSED, "#EDEDED"),
)  # fmt: skip
_MAX_TITLE = 110


@dataclass(frozen=True, slots=True)
class Pair:
    """A milestone as a pair of columns. ``title`` is unlike every other's on the sheet."""

    id: int
    key: str
    stage: Stage
    title: str
    last_day: date | None

    @property
    def head(self) -> str:
        return f"{self.title}\n({f'hạn {self.last_day:%d/%m/%Y}' if self.last_day else 'chưa có hạn'})"


def export_sheet(
    services: Services, code: str, now: datetime, *, branch: str | None = None, scopes: tuple[str, ...] = (WHOLE,)
) -> bytes:
    """The sheet (.xlsx) of a cycle as it is at ``now``. ``branch``: the code of the unit at the top of the rows (default:
    the head of the cycle); of its branch only what lies under ``scopes`` (prefixes of paths).

    NotFound: no such cycle or unit, or nothing to do there. Imported back unchanged, it changes nothing.
    """
    with services.db.read() as connection:
        known = book(services.db, connection, cycle_id_of(connection, code))
        top = unit_by_code(connection, branch) if branch else unit_by_id(connection, known.root_id)
        house = house_mark(connection)
        seq = connection.execute(sa.select(sa.func.coalesce(sa.func.max(event.c.seq), 0))).scalar_one()
        marks = _marks(connection, known, top, scopes)
        pairs = _pairs(connection, known, {milestone for marked in marks.values() for milestone in marked})
        units = in_tree_order(connection, marks)
        title = connection.execute(sa.select(cycle.c.title).where(cycle.c.id == known.cycle_id)).scalar_one()
    if not units:
        raise NotFound(f"Nhánh “{top.code}” không có việc nào trong đợt “{code}”.", way_out="Chọn nhánh khác hoặc cả đợt.")
    about = About(house, code, top.code, seq, now, tuple((pair.key, plain(pair.head)) for pair in pairs))
    rows = tuple(_row(one, above if one.parent_id != top.id else "", marks[one.id], pairs) for one, above in units)
    heading = (
        f"BẢNG THEO DÕI TIẾN ĐỘ – {top.name}",
        title,
        f"Số liệu lúc {now.astimezone(ZONE):%H:%M ngày %d/%m/%Y}. Cách điền: xem trang “{ABOUT}”.",
    )
    return workbook([_sheet(heading, pairs, rows), _about_sheet(about)])


def house_mark(connection: sa.Connection) -> str:
    """Which installation this is, without giving its epoch away."""
    return hashlib.sha256((fact(connection, "epoch") or "").encode()).hexdigest()[:12]


def unit_by_id(connection: sa.Connection, unit_id: int) -> UnitRow:
    """The unit behind a number that the database itself has given."""
    code = connection.execute(sa.select(unit.c.code).where(unit.c.id == unit_id)).scalar_one()
    return unit_by_code(connection, code)


def _marks(connection: sa.Connection, known: Book, top: UnitRow, scopes: tuple[str, ...]) -> dict[int, dict[int, Mark]]:
    """How every item of the branch stands, by unit and milestone. Instants are read as plain seconds: there are many."""
    finished = sa.type_coerce(work_item.c.finished_at, sa.BigInteger)
    rows = connection.execute(
        sa.select(work_item.c.unit_id, work_item.c.milestone_id, work_item.c.state, finished)
        .join(unit, unit.c.id == work_item.c.unit_id)
        .where(
            work_item.c.cycle_id == known.cycle_id, unit.c.path.startswith(top.path, autoescape=True),
            within(unit.c.path, scopes),
        )
    )  # fmt: skip
    days: dict[int, date] = {}
    marks: dict[int, dict[int, Mark]] = defaultdict(dict)
    for unit_id, milestone_id, state, at in rows:
        if at and at not in days:
            days[at] = local_day(datetime.fromtimestamp(at, UTC))
        marks[unit_id][milestone_id] = mark(state, days.get(at))
    return marks


def mark(state: str, day: date | None) -> Mark:
    """How an item in ``state``, handed in on the local ``day``, stands on the sheet."""
    word = word_of(State(state))
    return Mark(word, day if word in DATED else None)


def _pairs(connection: sa.Connection, known: Book, used: set[int]) -> tuple[Pair, ...]:
    """The milestones that somebody in the branch has, by stage, then in the order of the plan."""
    rows = connection.execute(
        sa.select(cycle_milestone).where(cycle_milestone.c.cycle_id == known.cycle_id).order_by(cycle_milestone.c.position)
    ).all()
    pairs, titles = list[Pair](), set[str]()
    for row in sorted((row for row in rows if row.id in used), key=lambda row: Stage(row.stage).position):
        title = " ".join(row.title.split())
        title = title if len(title) <= _MAX_TITLE else f"{title[: _MAX_TITLE - 1].rstrip()}…"
        title = f"{title} [{row.key}]" if title in titles else title
        titles.add(title)
        pairs.append(Pair(row.id, row.key, Stage(row.stage), title, row.last_day))
    return tuple(pairs)


def in_tree_order(connection: sa.Connection, ids: Iterable[int]) -> list[tuple[UnitRow, str]]:
    """The units with the name of the one above each; every unit before those under it, sisters in Vietnamese order."""
    rows = connection.execute(sa.select(*(unit.c[name] for name in UnitRow._fields))).all()
    names = {row.id: row.name for row in rows}
    keys = {row.id: collation_key(row.name) for row in rows}
    wanted = set(ids)
    found = [UnitRow(r.id, r.code, r.name, UnitKind(r.kind), r.parent_id, r.path) for r in rows if r.id in wanted]
    found.sort(key=lambda one: [(keys[int(step)], int(step)) for step in one.path.split("/") if step])
    return [(one, names.get(one.parent_id, "") if one.parent_id else "") for one in found]


def _row(one: UnitRow, above: str, marks: dict[int, Mark], pairs: tuple[Pair, ...]) -> tuple[str, ...]:
    cells = [one.code, one.name, above]
    for pair in pairs:
        found = marks.get(pair.id)
        cells += [found.word, f"{found.day:%d/%m/%Y}" if found.day else ""] if found else [NO_ITEM, NO_ITEM]
    return (*cells, "")


def _sheet(heading: tuple[str, ...], pairs: tuple[Pair, ...], rows: tuple[tuple[str, ...], ...]) -> Sheet:
    stages = [Band(stage.vi.upper(), 2 * len(tuple(of))) for stage, of in groupby(pairs, key=lambda pair: pair.stage)]
    word = Column(title=STANDS, width=13, choices=WORDS, centered=True, tints=_TINTS)
    day = Column(title=DAY, width=11, centered=True, as_typed=True)
    return Sheet(
        name=PAGE,
        heading=heading,
        bands=((Band("", 3), *stages, Band("", 1)), (Band("", 3), *(Band(pair.head, 2) for pair in pairs), Band("", 1))),
        columns=(
            Column(title=UNIT, width=min(max(10, *(len(row[0]) + 1 for row in rows)), 24), as_typed=True),
            Column(title=NAME, width=36),
            Column(title=ABOVE, width=24),
            *(column for _ in pairs for column in (word, day)),
            Column(title=NOTE, width=30),
        ),
        rows=rows,
        frozen=2,
        void=NO_ITEM,
    )


def _about_sheet(about: About) -> Sheet:
    return Sheet(
        name=ABOUT,
        heading=("THÔNG TIN TỆP (không sửa trang này)",),
        columns=(Column(title="Mục", width=18), Column(title="Nội dung", width=100)),
        rows=(*(("Cách điền", line) for line in HELP), *about.rows()),
    )
