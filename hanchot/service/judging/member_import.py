"""A filled sheet of members comes back: shown first, then written — all of it or nothing, in a few statements.

What is written is what was shown: ``seal`` names the changes of a preview, and where they would be others by now nothing
is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from hanchot.domain.errors import BadImport, Conflict
from hanchot.domain.instants import local_day
from hanchot.domain.rating_level import Subject
from hanchot.domain.tracking import Problem
from hanchot.service import audit
from hanchot.service.judging import memberships
from hanchot.service.judging.member_changes import Change, Known, changes_of, digest_of
from hanchot.service.judging.member_layout import EXPORT_AGAIN, PAGE
from hanchot.service.judging.member_reading import Filled, read_members
from hanchot.service.judging.members import FACTS, open_rules
from hanchot.service.judging.refusing import demand
from hanchot.service.judging.rulebook import Rulebook
from hanchot.service.judging.subjects import SUBJECT, Tree, base_shrinks, group_of, leads_of, ratee_of, units_of
from hanchot.service.org.lookup import unit_by_code
from hanchot.service.services import Services
from hanchot.service.tracking.export import house_mark
from hanchot.store.judging_tables import rating, subject
from hanchot.store.tables import event, person

MAX_PROBLEMS = 200
_CHUNK = 5_000  # values in one IN


@dataclass(frozen=True, slots=True)
class Preview:
    """What a sheet asks for. ``problems``: cells that cannot be taken; where there is one, nothing is taken."""

    file: str
    cycle: str
    branch: str
    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]
    notices: tuple[str, ...]

    @property
    def added(self) -> int:
        return sum(one.added for one in self.changes)

    @property
    def exempt(self) -> tuple[Change, ...]:
        """Those who are not rated, with the clause."""
        return tuple(one for one in self.changes if one.exempt)

    @property
    def seal(self) -> str:
        """These changes and no others, for ``take_in``."""
        return digest_of(self.changes)

    @property
    def words(self) -> str:
        if self.problems:
            return f"{self.file}: {len(self.problems)} ô không nhận được, chưa ghi gì."
        changed = len(self.changes) - self.added
        return f"{self.file}: thêm {self.added}, sửa {changed}, không xếp loại {len(self.exempt)}."

    def to_json(self) -> dict[str, object]:
        """For ``--json``: counts, and the first two hundred cells that cannot be taken."""
        return {
            "file": self.file, "cycle": self.cycle, "branch": self.branch, "added": self.added,
            "changed": len(self.changes) - self.added, "exempt": len(self.exempt), "message": self.words,
            "errors": [problem.to_json() for problem in self.problems[:MAX_PROBLEMS]], "warnings": list(self.notices),
        }  # fmt: skip


def look_at(services: Services, code: str, data: bytes, now: datetime, *, name: str = "danh sách đảng viên") -> Preview:
    """What importing the file at ``now`` would change; writes nothing. BadImport: the file as a whole cannot be meant."""
    filled = read_members(name, data)
    with services.db.read() as connection:
        rules = open_rules(services, connection, code)
        return _decide(connection, rules, filled, name, now)


def take_in(
    services: Services, code: str, data: bytes, now: datetime, *, actor: str, seal: str | None = None,
    name: str = "danh sách đảng viên",
) -> Preview:  # fmt: skip
    """Write what the file asks for, in one transaction; the same once more changes nothing.

    BadImport: a cell cannot be taken. Conflict: it is no longer what a preview (its ``seal``) has shown.
    """
    filled = read_members(name, data)
    with services.db.write() as connection:
        rules = open_rules(services, connection, code)
        found = _decide(connection, rules, filled, name, now)
        if found.problems:
            rows = tuple(problem.to_json() for problem in found.problems[:MAX_PROBLEMS])
            way_out = "Chưa có gì được ghi; sửa rồi nhập lại."
            raise BadImport(f"{name}: {found.problems[0].vi}", rows=rows, way_out=way_out)
        if found.changes:
            if seal is not None and seal != found.seal:
                raise Conflict("Danh sách đã có người sửa sau khi xem trước.", way_out="Xem trước lại tệp.")
            _write(connection, rules, found.changes, now)
            data_: dict[str, object] = {"added": found.added, "changed": len(found.changes) - found.added}
            audit.record(connection, now, actor, "subjects.imported", code, cycle_id=rules.cycle_id, data=data_)
    return found


def _decide(connection: sa.Connection, rules: Rulebook, filled: Filled, name: str, now: datetime) -> Preview:
    about = filled.about
    if about.cycle != rules.code:
        raise BadImport(f"Tệp “{name}” là của đợt “{about.cycle}”, không phải “{rules.code}”.", way_out="Nhập ở đợt ấy.")
    head = connection.execute(sa.select(sa.func.coalesce(sa.func.max(event.c.seq), 0))).scalar_one()
    if about.house != house_mark(connection) or about.seq > head:
        raise BadImport(
            f"Tệp “{name}” được tải từ một hệ thống khác, hoặc trước khi dữ liệu được phục hồi.", way_out=EXPORT_AGAIN
        )
    changes, problems = changes_of(filled, _known(connection, rules, about.branch, now))
    notices = _notices(connection, rules.cycle_id, about.seq, changes)
    return Preview(name, rules.code, about.branch, tuple(changes), (*filled.problems, *problems), notices)


def _known(connection: sa.Connection, rules: Rulebook, branch: str, now: datetime) -> Known:
    top = unit_by_code(connection, branch).path
    mine = subject.c.cycle_id == rules.cycle_id
    steps: dict[int, set[str]] = {}
    rated = sa.select(rating.c.subject_id, rating.c.step).join(subject, subject.c.id == rating.c.subject_id).where(mine)
    for one, step in connection.execute(rated):
        steps.setdefault(one, set()).add(step)
    return Known(
        {row.code: row for row in units_of(connection, rules, now) if row.path.startswith(top)},
        {row.code: (row.id, row.name) for row in connection.execute(sa.select(person.c.id, person.c.code, person.c.name))},
        {row.person_id: row for row in connection.execute(SUBJECT.where(mine, subject.c.person_id.is_not(None)))},
        memberships.kept(connection),
        {one: frozenset(those) for one, those in steps.items()},
        leads_of(connection, rules, now),
        lambda facts, called: memberships.standing_of_member(facts, called, rules, now),
        local_day(now),
    )


def _notices(connection: sa.Connection, cycle_id: int, seq: int, changes: list[Change]) -> tuple[str, ...]:
    """Rows that would write over what somebody has told on the board since the sheet was made."""
    since = sa.select(event.c.subject).where(event.c.cycle_id == cycle_id, event.c.action == FACTS, event.c.seq > seq)
    told = set(connection.execute(since).scalars())
    late = [str(one.row) for one in changes if one.subject is not None and str(one.subject.id) in told]
    if not late:
        return ()
    more = " …" if len(late) > 10 else ""
    return (f"Dòng {', '.join(late[:10])}{more} (trang “{PAGE}”): đã có người sửa trên bảng sau khi tải tệp; tệp sẽ ghi đè.",)


def _write(connection: sa.Connection, rules: Rulebook, changes: tuple[Change, ...], now: datetime) -> None:
    numbers = _people(connection, changes)
    who = {one: one.person_id if one.person_id is not None else numbers[one.code] for one in changes}
    known = memberships.kept(connection)
    memberships.keep(connection, {who[one]: one.becomes for one in changes}, known)
    units = units_of(connection, rules, now)
    tree, by_code, kind = Tree(units, rules.root_id), {at.code: at for at in units}, Subject.MEMBER
    fresh = [
        {
            "cycle_id": rules.cycle_id, "unit_id": at.id, "person_id": who[one], "kind": kind, "ratee": ratee_of(at, kind),
            "scope_id": tree.scope_of(at, own=True), "comparison": group_of(kind, at), "exempt": one.stands[0],
            "awaits": one.stands[1],
        }
        for one in changes if one.added for at in (by_code[one.unit],)
    ]  # fmt: skip
    if fresh:
        connection.execute(sa.insert(subject), fresh)
    _restand(connection, rules, [one for one in changes if one.subject is not None])


def _people(connection: sa.Connection, changes: tuple[Change, ...]) -> dict[str, int]:
    """The new people are written down; their numbers by code."""
    new = [{"code": one.code, "name": one.name} for one in changes if one.person_id is None]
    if new:
        connection.execute(sa.insert(person), new)
    found: dict[str, int] = {}
    for start in range(0, len(new), _CHUNK):
        codes = [one["code"] for one in new[start : start + _CHUNK]]
        rows = connection.execute(sa.select(person.c.code, person.c.id).where(person.c.code.in_(codes)))
        found |= {code: number for code, number in rows}
    return found


def _restand(connection: sa.Connection, rules: Rulebook, changes: list[Change]) -> None:
    """Who stands otherwise now; each quota that loses somebody of its base is looked at once."""
    moved = [
        (one.subject, one)
        for one in changes
        if one.subject is not None and one.stands != (one.subject.exempt, one.subject.awaits)
    ]
    if not moved:
        return
    values: dict[str, sa.BindParameter[object]] = {name: sa.bindparam(name) for name in ("exempt", "awaits")}
    update = sa.update(subject).where(subject.c.id == sa.bindparam("who")).values(values)
    connection.execute(update, [{"who": row.id, "exempt": one.stands[0], "awaits": one.stands[1]} for row, one in moved])
    left = {(row.scope_id, row.comparison): row for row, one in moved if one.exempt and not row.exempt}
    for row in left.values():
        demand(base_shrinks(connection, rules, row))
