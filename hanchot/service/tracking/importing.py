"""A filled tracking sheet comes back: shown first, then applied — all of it or nothing.

A preview does what applying would do, with the same guards, in a transaction that is then rolled back: what it promises
holds as long as nobody changes the same items in between, and then ``apply`` says who did.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

import sqlalchemy as sa

from hanchot.domain.access import WHOLE
from hanchot.domain.errors import BadImport, Conflict, NotFound, Refused
from hanchot.domain.instants import ZONE, local_day, local_iso
from hanchot.domain.tracking import ROADS, Change, Problem, differences, needs_reason
from hanchot.reader.workbook_guard import MAX_FILE
from hanchot.service import audit
from hanchot.service.book import Book, book, cycle_id_of
from hanchot.service.items import act_in
from hanchot.service.services import Services
from hanchot.service.tracking.known import Items, check_source, items_of
from hanchot.service.tracking.token import Asked, packed, unpacked
from hanchot.store.tables import cycle, event

if TYPE_CHECKING:
    from hanchot.service.tracking.reading import Filled

MAX_SHOWN = 1_000
MAX_PROBLEMS = 200


@dataclass(frozen=True, slots=True)
class Preview:
    """What a sheet asks for. ``problems``: cells that cannot be taken; where there is one, nothing is taken.

    ``seen``: the last event that was known; ``notices``: sentences for the person who imports; ``names`` of the units.
    """

    file: str
    cycle: str
    title: str
    branch: str
    exported_at: datetime
    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]
    notices: tuple[str, ...]
    names: dict[str, str]
    sha256: str
    seen: int

    @property
    def token(self) -> str:
        """These changes and no others, for ``apply``."""
        return packed(Asked(self.cycle, self.sha256, self.seen, self.changes))

    @property
    def words(self) -> str:
        if self.problems:
            return f"{self.file}: {len(self.problems)} ô không nhận được, chưa ghi gì."
        return f"{self.file}: {len(self.changes)} thay đổi."

    def to_json(self) -> dict[str, object]:
        """For ``--json``: days as YYYY-MM-DD, the first thousand changes and two hundred problems."""
        return {
            "file": self.file, "cycle": self.cycle, "branch": self.branch, "exported_at": local_iso(self.exported_at),
            "total": 0 if self.problems else len(self.changes), "message": self.words,
            "changes": [_change_json(change, self.names) for change in self.changes[:MAX_SHOWN]],
            "errors": [problem.to_json() for problem in self.problems[:MAX_PROBLEMS]], "warnings": list(self.notices),
        }  # fmt: skip


def _change_json(change: Change, names: dict[str, str]) -> dict[str, object]:
    return {
        "cell": change.cell, "unit": change.unit, "unit_name": names.get(change.unit), "milestone": change.milestone,
        "title": change.title, "from": change.was.word, "to": change.becomes.word,
        "day": change.becomes.day.isoformat() if change.becomes.day else None,
        "note": change.note if change.note and needs_reason(change.actions) else None,
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Applied:
    """What was written: ``total`` changes of ``cycle``; ``stood``: those of a preview that a first click had written."""

    cycle: str
    total: int
    changes: tuple[Change, ...]
    stood: int = 0


class _Undo(Exception):
    """Ends a rehearsal: the transaction leaves no trace."""


def preview(
    services: Services, data: bytes, now: datetime, *, scopes: tuple[str, ...] = (WHOLE,), name: str = "bảng theo dõi"
) -> Preview:
    """What importing the file (``name``, its bytes) at ``now`` would change under ``scopes``; writes nothing.

    BadImport: the file as a whole cannot be meant.
    """
    filled = _read(name, data)
    with services.db.read() as connection:
        known, items = _gather(connection, services, filled, name, scopes)
        found = _decide(connection, known, items, filled, name, data, now)
    if not found.changes or found.problems:
        return found
    try:
        with services.db.write() as connection:
            problems = _act_all(services, connection, known, items, found.changes, now, "xem trước")
            raise _Undo
    except _Undo:
        return replace(found, problems=tuple(problems))


def apply(
    services: Services, what: bytes | str, now: datetime, *, actor: str, scopes: tuple[str, ...] = (WHOLE,),
    name: str = "bảng theo dõi",
) -> Applied:  # fmt: skip
    """Write what a file (its bytes) or a preview (its ``token``) asks for, in one transaction.

    BadImport: a cell is refused, ``rows`` list them all. Conflict: since the preview somebody has changed one of the same
    items. The same once more changes nothing.
    """
    if isinstance(what, str):
        return _apply_token(services, unpacked(what), now, actor, scopes)
    filled = _read(name, what)
    with services.db.write() as connection:
        known, items = _gather(connection, services, filled, name, scopes)
        found = _decide(connection, known, items, filled, name, what, now)
        _refuse(name, found.problems)
        return _write(services, connection, known, items, found.changes, found.sha256, now, actor)


def _apply_token(services: Services, asked: Asked, now: datetime, actor: str, scopes: tuple[str, ...]) -> Applied:
    with services.db.write() as connection:
        known = book(services.db, connection, cycle_id_of(connection, asked.cycle))
        codes = sorted({change.unit for change in asked.changes})
        items = items_of(connection, known, codes, asked.seq, scopes)
        left = []
        for change in asked.changes:
            item = items.known.get((change.unit, change.milestone))
            if item is None:
                raise Conflict(f"Việc “{change.title}” của đơn vị {change.unit} không còn trong đợt “{asked.cycle}”.",
                               way_out="Xem trước lại tệp.")  # fmt: skip
            day = change.becomes.day or item.now.day
            if item.now == replace(change.becomes, day=day):
                continue
            if item.now != change.was:
                when = f"{item.at.astimezone(ZONE):%H:%M %d/%m/%Y}" if item.at else "vừa rồi"
                raise Conflict(f"Việc “{change.title}” của đơn vị {change.unit} đã được {item.by or 'người khác'} ghi "
                               f"“{item.now}” lúc {when}, sau khi xem trước.", way_out="Xem trước lại tệp.")  # fmt: skip
            left.append(replace(change, actions=_road(change)))
        made = _write(services, connection, known, items, tuple(left), asked.sha256, now, actor)
        return replace(made, stood=len(asked.changes) - len(left))


def _road(change: Change) -> tuple[str, ...]:
    """The transitions are ours to say, whatever a text that has been outside says."""
    road = ROADS.get((change.was.word, change.becomes.word))
    if road is None:
        raise BadImport("Bản xem trước gửi lại không đọc được.", way_out="Chọn tệp và xem trước lại.")
    return road


def _read(name: str, data: bytes) -> Filled:
    from hanchot.service.tracking.reading import read_sheet  # slow to import: reads workbooks

    if not 0 < len(data) <= MAX_FILE:
        raise BadImport(
            f"Tệp “{name}” rỗng hoặc nặng hơn {MAX_FILE // 2**20} MB.", way_out="Xuất bảng theo từng nhánh rồi điền."
        )
    return read_sheet(name, data)


def _gather(
    connection: sa.Connection, services: Services, filled: Filled, name: str, scopes: tuple[str, ...]
) -> tuple[Book, Items]:
    about = filled.about
    known = book(services.db, connection, cycle_id_of(connection, about.cycle))
    check_source(connection, name, about, known.cycle_id)
    codes = [line.unit for line in filled.lines]
    return known, items_of(connection, known, codes, about.seq, scopes, about.branch)


def _decide(
    connection: sa.Connection, known: Book, items: Items, filled: Filled, name: str, data: bytes, now: datetime
) -> Preview:
    about = filled.about
    row = connection.execute(sa.select(cycle.c.title, cycle.c.year).where(cycle.c.id == known.cycle_id)).one()
    strangers = [
        Problem(f"{filled.unit_at}{line.number}", line.unit, f"không có đơn vị này trong nhánh {about.branch} của đợt",
                "sửa mã hoặc xóa cả dòng", line.unit)
        for line in filled.lines if line.unit not in items.names
    ]  # fmt: skip
    lines = [line for line in filled.lines if line.unit in items.names]
    found = list(differences(lines, filled.columns, items.known, filled.note_at, date(row.year, 1, 1), local_day(now)))
    changes = tuple(one for one in found if isinstance(one, Change))
    problems = (*filled.problems, *strangers, *(one for one in found if isinstance(one, Problem)))
    changed = {change.unit for change in changes if needs_reason(change.actions)}
    idle = [f"{filled.note_at}{line.number}" for line in lines if line.note and line.unit not in changed]
    notices = (f"Ghi chú ở {', '.join(idle[:10])}{' …' if len(idle) > 10 else ''} không đi cùng thay đổi nào cần lý do "
               "nên không được ghi.",) if idle else ()  # fmt: skip
    seen = connection.execute(sa.select(sa.func.coalesce(sa.func.max(event.c.seq), 0))).scalar_one()
    sha256 = hashlib.sha256(data).hexdigest()
    return Preview(name, about.cycle, row.title, about.branch, about.at, changes, problems, notices, items.names, sha256, seen)


def _write(
    services: Services, connection: sa.Connection, known: Book, items: Items, changes: tuple[Change, ...], sha256: str,
    now: datetime, actor: str,
) -> Applied:  # fmt: skip
    _refuse(known.code, tuple(_act_all(services, connection, known, items, changes, now, actor)))
    if changes:
        audit.record(
            connection, now, actor, "tracking.imported", known.code, cycle_id=known.cycle_id,
            data={"changes": len(changes), "sha256": sha256},
        )  # fmt: skip
    return Applied(known.code, len(changes), changes)


def _refuse(name: str, problems: tuple[Problem, ...]) -> None:
    if problems:
        more = f" Còn {len(problems) - 1} ô khác." if len(problems) > 1 else ""
        rows = tuple(problem.to_json() for problem in problems[:MAX_PROBLEMS])
        raise BadImport(f"{name}: {problems[0].vi}{more}", rows=rows, way_out="Chưa có gì được ghi; sửa rồi nhập lại.")


def _act_all(
    services: Services, connection: sa.Connection, known: Book, items: Items, changes: tuple[Change, ...], now: datetime,
    actor: str,
) -> list[Problem]:  # fmt: skip
    """Do every change in the order in which work waits for work; what a guard refuses is a problem of its cell."""
    rank = {key: place for place, key in enumerate(_in_order(known))}
    problems = []
    for change in sorted(changes, key=lambda one: (rank.get(one.milestone, 0), -items.depths[one.unit])):
        try:
            _act(services, connection, items.ids[change.unit, change.milestone], change, now, actor)
        except (Refused, NotFound) as error:
            said = error.message.rstrip(".")
            way_out = error.way_out.rstrip(".") or f"đưa ô về “{change.was}” hoặc làm xong điều còn thiếu trước"
            problems.append(
                Problem(change.cell, str(change.becomes), _small(said), _small(way_out), change.unit, change.milestone)
            )
    return problems


def _act(services: Services, connection: sa.Connection, item_id: int, change: Change, now: datetime, actor: str) -> None:
    """What a unit does is recorded on its behalf; to take, to send back and to excuse is the department's own."""
    for action in change.actions:
        act_in(
            services, connection, item_id, action, now, actor=actor, done_on=change.becomes.day,
            on_behalf=change.unit if action == "submit" else None,
            reason=change.note if needs_reason((action,)) else None,
        )  # fmt: skip


def _in_order(known: Book) -> list[str]:
    """The milestones, each after those that it waits for."""
    after = {key: {clause.milestone for clause in known.graph.before.get(key, ())} for key in known.ids}
    return [key for key in TopologicalSorter(after).static_order()]


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]
