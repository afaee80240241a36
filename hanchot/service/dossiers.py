"""What people do with dossiers: hand in, withdraw, waive, receive a set; and who lacks what. One transaction each.

A paper is kept as bytes in the database, as documents are, or as the place where it lies. It is never deleted. Events say
which paper of which list, never what a file is called: its name may say whose review it is.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from hanchot.domain.cited import Refusal
from hanchot.domain.dossier import Checklist, Fact, concerns
from hanchot.domain.dossier import Paper as Wanted
from hanchot.domain.errors import AlreadyDone, NotFound, Refused
from hanchot.domain.stage import Stage
from hanchot.service import audit
from hanchot.service.book import Book, book, closed, cycle_id_of
from hanchot.service.folders import Folder, Managed, Standing, checklist_of, empty, folders, is_sent, linked, of_unit, stand
from hanchot.service.judging.refusing import demand
from hanchot.service.services import Services
from hanchot.store.db import new_id
from hanchot.store.keeping_tables import dossier, dossier_fact, paper, receipt, waiver
from hanchot.store.tables import cycle, person, unit, work_item


@dataclass(frozen=True, slots=True)
class Which:
    """A dossier by codes: cycle, unit, key of the checklist, and the person's code (None: the unit's own)."""

    cycle: str
    unit: str
    checklist: str
    person: str | None = None


def hand_in(
    services: Services, which: Which, key: str, data: bytes, name: str, now: datetime, *, actor: str,
    on_behalf: str | None = None, replacing: str | None = None,
) -> int:  # fmt: skip
    """Keep a file as paper ``key`` and return its number; the same file again changes nothing.

    ``replacing``: why it takes the place of one that lies there. Raises ``BadDocument`` for a file that is not one of the
    five kinds, ``Refused`` where another paper lies there already.
    """
    from hanchot.reader.paper_guard import check_paper, plain_name

    kind, sha256 = check_paper(data, name), hashlib.sha256(data).hexdigest()
    values = {
        "kind": kind, "name": plain_name(name), "inner_name": f"{secrets.token_hex(16)}.{kind}", "size": len(data),
        "sha256": sha256, "body": data,
    }  # fmt: skip
    with _opened(services, which, now, actor) as desk:
        return desk.put(key, values, replacing, on_behalf)


def hand_in_on_paper(
    services: Services, which: Which, key: str, place: str, now: datetime, *, actor: str, on_behalf: str | None = None,
    replacing: str | None = None,
) -> int:  # fmt: skip
    """Note that paper ``key`` exists on paper and where it lies (“bản giấy, tủ 3”); returns its number."""
    if not place.strip():
        raise Refused("Chưa ghi nơi để bản giấy.", way_out="Ghi nơi tìm được nó, ví dụ “tủ 3, ngăn 2”.")
    with _opened(services, which, now, actor) as desk:
        return desk.put(key, {"kind": "hard_copy", "place": place.strip()}, replacing, on_behalf)


def complete_on_paper(
    services: Services, connection: sa.Connection, item_id: int, place: str, now: datetime, *, actor: str
) -> int:
    """Note as lying at ``place`` every paper that the item's dossiers still want before it may be handed in, within the
    caller's transaction; returns how many.
    """
    query = sa.select(
        work_item.c.cycle_id, work_item.c.milestone_id, cycle.c.code, unit.c.id.label("unit_id"), unit.c.code.label("unit")
    ).join(cycle, cycle.c.id == work_item.c.cycle_id)
    item = connection.execute(query.join(unit, unit.c.id == work_item.c.unit_id).where(work_item.c.id == item_id)).one()
    milestone = book(services.db, connection, item.cycle_id).milestone(item.milestone_id)
    if milestone.dossier is None:
        return 0
    checklist = checklist_of(services, connection, item.cycle_id, milestone.dossier)
    made = 0
    for folder in of_unit(connection, item.cycle_id, milestone.dossier, item.unit_id):
        desk = None
        for key in folder.lacks(checklist, milestone.stage):
            which = Which(item.code, item.unit, milestone.dossier, folder.person)
            desk = desk or _open(services, connection, which, now, actor)
            desk.put(key, {"kind": "hard_copy", "place": place}, None, None)
            made += 1
    return made


def withdraw(services: Services, which: Which, key: str, now: datetime, *, actor: str, reason: str) -> None:
    """Take a paper back; it stays in the database with the reason. Refused once the unit's submission has gone;
    ``AlreadyDone`` for one that this very person has taken out for this reason.
    """
    with _opened(services, which, now, actor) as desk:
        there = desk.folder.paper(key)
        if there is None and desk.took_out(key, reason):
            raise AlreadyDone(f"Hồ sơ của {desk.folder.whose.name}: giấy “{key}” đã rút.", way_out="Không cần rút lại.")
        if there is None:
            raise NotFound(
                f"Hồ sơ của {desk.folder.whose.name} không có giấy “{key}”.",
                way_out="Xem hồ sơ có những giấy nào.",
                command=f"hanchot dossier show {which.cycle} {which.checklist} {which.unit}",
            )
        desk.take_out(there.id, there.no, reason)


def waive(services: Services, which: Which, key: str, now: datetime, *, actor: str, reason: str) -> None:
    """Do without a paper, for a reason. Refused with the clause for one that may not be waived."""
    with _opened(services, which, now, actor) as desk:
        wanted = desk.wanted(key)
        demand(_against_waiving(wanted, desk.folder, reason))
        same = (waiver.c.dossier_id == desk.folder.id) & (waiver.c.key == key)
        row = {"reason": reason.strip(), "by": actor, "at": now}
        if desk.connection.execute(sa.update(waiver).where(same).values(row)).rowcount == 0:
            desk.connection.execute(sa.insert(waiver).values(dossier_id=desk.folder.id, key=key, **row))
        desk.record("paper.waived", {"no": wanted.no}, reason=reason)


def say_fact(services: Services, which: Which, fact: Fact, now: datetime, *, actor: str, holds: bool = True) -> None:
    """Record what makes a paper “(nếu có)” exist, e.g. that topics were issued; ``holds`` False takes it back."""
    with _opened(services, which, now, actor) as desk:
        if (fact in desk.folder.facts) == holds:
            return
        here = {"dossier_id": desk.folder.id, "fact": fact}
        if holds:
            desk.connection.execute(sa.insert(dossier_fact).values(**here, at=now, by=actor))
        else:
            gone = sa.and_(*(dossier_fact.c[name] == value for name, value in here.items()))
            desk.connection.execute(sa.delete(dossier_fact).where(gone))
        desk.record("dossier.fact", {}, became=str(fact) if holds else None, was=None if holds else str(fact))


def describe(
    services: Services, which: Which, now: datetime, *, actor: str, member: bool = True, cadre: bool = False,
    managed: Managed = "none",
) -> None:  # fmt: skip
    """Say whose dossier it is: a member of the Party, a cadre, managed by the level above, here or by neither. The list
    asks for other papers accordingly.
    """
    with _opened(services, which, now, actor) as desk:
        values: dict[str, object] = {"member": member, "cadre": cadre, "managed": managed}
        desk.connection.execute(sa.update(dossier).where(dossier.c.id == desk.folder.id).values(values))
        desk.record("dossier.described", values)


def receive(
    services: Services, which: Which, set_no: int, day: date, now: datetime, *, actor: str, place: str = "", number: str = ""
) -> None:
    """Record that set ``set_no`` (counted from 1) was filed or received on local ``day``; ``number``: of the register.

    Raises ``NotFound`` for a set that the plan does not name, ``AlreadyDone`` for one that has its receipt.
    """
    with _opened(services, which, now, actor) as desk:
        sets = desk.checklist.sets
        if not 1 <= set_no <= len(sets):
            names = "; ".join(f"{n}: {one.words}" for n, one in enumerate(sets, 1)) or "kế hoạch không nêu bộ nào"
            raise NotFound(f"Danh mục “{which.checklist}” không có bộ số {set_no}.", way_out=f"Các bộ: {names}.")
        if any(one.set_no == set_no for one in desk.folder.kept):
            raise AlreadyDone(f"Bộ {set_no} của {desk.folder.whose.name} đã ghi nhận.", way_out="Không cần ghi lại.")
        row = {"set_no": set_no, "place": place.strip() or sets[set_no - 1].words, "day": day, "number": number.strip()}
        desk.connection.execute(sa.insert(receipt).values(dossier_id=desk.folder.id, by=actor, at=now, **row))
        desk.record("set.received", {"set": set_no, "day": str(day)})


def completeness_of(services: Services, which: Which, stage: Stage = Stage.SELF_ASSESS) -> Standing:
    """The dossier of a unit or a person beside its checklist, as of ``stage``; one that nobody has opened is empty."""
    with services.db.read() as connection:
        cycle_id, unit_id, _ = _ids(services, connection, which)
        checklist = checklist_of(services, connection, cycle_id, which.checklist)
        found = [one for one in of_unit(connection, cycle_id, which.checklist, unit_id) if one.person == which.person]
        if not found:
            raise NotFound(f"Chưa lập hồ sơ của “{which.person}” ở “{which.unit}”.", way_out="Nộp giấy đầu tiên để lập.")
        return stand(found[0], checklist, stage)


def who_lacks(services: Services, code: str, checklist_key: str, stage: Stage = Stage.SELF_ASSESS) -> tuple[Standing, ...]:
    """Every dossier of a list that is not complete as of ``stage``, for the department. Units that must send one and have
    handed in nothing are there, too, where the plan links the list to a milestone.
    """
    with services.db.read() as connection:
        known = book(services.db, connection, cycle_id_of(connection, code))
        checklist = checklist_of(services, connection, known.cycle_id, checklist_key)
        found = list(folders(connection, known.cycle_id, checklist_key))
        opened = {one.unit_id for one in found if one.person is None}
        found += [empty(connection, unit_id) for unit_id in _senders(connection, known, checklist_key) if unit_id not in opened]
        standings = (stand(one, checklist, stage) for one in found)
        return tuple(one for one in standings if one.missing)


def original(services: Services, paper_id: int) -> tuple[str, bytes]:
    """A paper's name and bytes, withdrawn or not. Raises ``NotFound``, also for one that exists on paper only."""
    query = sa.select(paper.c.name, paper.c.body, paper.c.place).where(paper.c.id == paper_id)
    with services.db.read() as connection:
        row = connection.execute(query).first()
    if row is None or row.body is None:
        where = f"Bản giấy để tại: {row.place}." if row else "Xem số của giấy trong hồ sơ."
        raise NotFound(f"Không có tệp của giấy số {paper_id}.", way_out=where, thing="giấy", value=paper_id)
    return row.name, row.body


@dataclass(frozen=True)
class _Desk:
    """One open dossier in a transaction."""

    connection: sa.Connection
    known: Book
    which: Which
    folder: Folder
    checklist: Checklist
    now: datetime
    actor: str

    def wanted(self, key: str) -> Wanted:
        """The item of the list. Raises ``NotFound`` for a key that is not on it, ``Refused`` for one of other people."""
        try:
            found = self.checklist.paper(key)
        except KeyError:
            names = ", ".join(one.key for one in self.checklist.papers)
            raise NotFound(f"Danh mục “{self.checklist.key}” không có giấy “{key}”.", way_out=f"Có: {names}.") from None
        if not concerns(found, self.folder.whose):
            raise Refused(
                f"({found.no}) {found.words} không thuộc hồ sơ của {self.folder.whose.name} [{found.cited.vi}].",
                way_out="Xem lại người, đơn vị; nếu là cán bộ hoặc thuộc diện quản lý khác thì ghi lại điều ấy trong hồ sơ.",
                command=f"hanchot dossier describe {self.which.cycle} {self.which.unit} {self.checklist.key}",
            )
        return found

    def put(self, key: str, values: dict[str, object], replacing: str | None, on_behalf: str | None) -> int:
        wanted, there, at = self.wanted(key), self.folder.paper(key), self.which
        if there and (there.sha256, there.place) == (values.get("sha256"), values.get("place")):
            return there.id
        if there:
            if not (replacing and replacing.strip()):
                raise Refused(
                    f"Hồ sơ của {self.folder.whose.name} đã có ({there.no}) {wanted.words}.",
                    way_out="Nêu lý do thay; bản cũ vẫn được giữ lại.",
                    command=f"hanchot dossier add {at.cycle} {at.unit} {at.checklist} {key} TỆP --replace LÝ-DO",
                )
            self.take_out(there.id, there.no, replacing)
        row = {"dossier_id": self.folder.id, "key": key, "no": wanted.no, "handed_at": self.now, "handed_by": self.actor}
        made = new_id(self.connection.execute(sa.insert(paper).values({**row, **values})))
        said: dict[str, object] = {name: values[name] for name in ("kind", "size", "sha256") if name in values}
        self.record("paper.handed_in", {"no": wanted.no, **said}, on_behalf=on_behalf)
        return made

    def took_out(self, key: str, reason: str) -> bool:
        """Whether the last paper of ``key`` was taken out by this person, for this reason."""
        mine = (paper.c.dossier_id == self.folder.id) & (paper.c.key == key)
        last = sa.select(paper.c.withdrawn_by, paper.c.withdrawn_reason).where(mine).order_by(paper.c.id.desc()).limit(1)
        row = self.connection.execute(last).first()
        return row is not None and tuple(row) == (self.actor, reason.strip())

    def take_out(self, paper_id: int, no: int, reason: str) -> None:
        if not reason.strip():
            raise Refused("Rút giấy khỏi hồ sơ phải nêu lý do.", way_out="Ghi một câu, ví dụ “nộp nhầm tệp”.")
        if is_sent(self.known, self.connection, self.which.checklist, self.folder.unit_id):
            raise Refused(
                f"Hồ sơ của {self.which.unit} đã nộp lên cấp trên, không rút giấy được.",
                way_out="Đề nghị trả lại, hoặc mở lại việc nộp hồ sơ rồi rút.",
            )
        values = {"withdrawn_at": self.now, "withdrawn_by": self.actor, "withdrawn_reason": reason.strip()}
        mine = (paper.c.id == paper_id) & paper.c.withdrawn_at.is_(None)
        assert self.connection.execute(sa.update(paper).where(mine).values(values)).rowcount == 1
        self.record("paper.withdrawn", {"no": no}, reason=reason)

    def record(
        self, action: str, data: dict[str, object], *, reason: str | None = None, on_behalf: str | None = None,
        was: str | None = None, became: str | None = None,
    ) -> None:  # fmt: skip
        audit.record(
            self.connection, self.now, self.actor, action, f"dossier:{self.folder.id}", on_behalf=on_behalf,
            cycle_id=self.known.cycle_id, was=was, became=became, reason=reason, data={"list": self.checklist.key, **data},
        )  # fmt: skip


@contextmanager
def _opened(services: Services, which: Which, now: datetime, actor: str) -> Iterator[_Desk]:
    """The dossier in a write transaction of its own."""
    with services.db.write() as connection:
        yield _open(services, connection, which, now, actor)


def _open(services: Services, connection: sa.Connection, which: Which, now: datetime, actor: str) -> _Desk:
    """The dossier within the caller's transaction, made by the first that needs it. Refused in a closed cycle."""
    cycle_id, unit_id, person_id = _ids(services, connection, which)
    if connection.execute(sa.select(cycle.c.state).where(cycle.c.id == cycle_id)).scalar() != "open":
        raise closed(which.cycle)
    checklist = checklist_of(services, connection, cycle_id, which.checklist)
    key = {"cycle_id": cycle_id, "unit_id": unit_id, "person_id": person_id, "checklist": which.checklist}
    same = sa.and_(*(dossier.c[name].is_not_distinct_from(value) for name, value in key.items()))
    found = connection.execute(sa.select(dossier.c.id).where(same)).scalar()
    if found is None:
        first = {"member": True, "cadre": False, "managed": "none", "opened_at": now, "opened_by": actor}
        found = new_id(connection.execute(sa.insert(dossier).values({**key, **first})))
    mine = folders(connection, cycle_id, which.checklist, units=[unit_id])
    folder = next(one for one in mine if one.id == found)
    return _Desk(connection, book(services.db, connection, cycle_id), which, folder, checklist, now, actor)


def _ids(services: Services, connection: sa.Connection, which: Which) -> tuple[int, int, int | None]:
    """Cycle, unit and person by their codes. Raises ``NotFound``, also for a unit outside the cycle's tree."""
    cycle_id = cycle_id_of(connection, which.cycle)
    root = book(services.db, connection, cycle_id).root_id
    path = connection.execute(sa.select(unit.c.path).where(unit.c.id == root)).scalar_one()
    here = (unit.c.code == which.unit) & unit.c.path.startswith(path)
    unit_id = connection.execute(sa.select(unit.c.id).where(here)).scalar()
    if unit_id is None:
        raise NotFound(
            f"Đợt “{which.cycle}” không có đơn vị mã “{which.unit}”.",
            way_out="Xem mã trong danh sách đơn vị.",
            command="hanchot org list",
        )
    if which.person is None:
        return cycle_id, unit_id, None
    person_id = connection.execute(sa.select(person.c.id).where(person.c.code == which.person)).scalar()
    if person_id is None:
        raise NotFound(f"Không có người mã “{which.person}”.", way_out="Xem mã trong danh sách người.", value=which.person)
    return cycle_id, unit_id, person_id


def _senders(connection: sa.Connection, known: Book, checklist: str) -> list[int]:
    """The units that must send this dossier."""
    ids = [known.ids[m.key] for m in linked(known, checklist) if m.key in known.ids]
    query = sa.select(work_item.c.unit_id).where(work_item.c.milestone_id.in_(ids), work_item.c.state != "excused").distinct()
    return list(connection.execute(query.order_by(work_item.c.unit_id)).scalars())


def _against_waiving(wanted: Wanted, folder: Folder, reason: str) -> tuple[Refusal, ...]:
    """Guard: a paper may be waived where its plan lets it, for a reason."""
    named = f"({wanted.no}) {wanted.words}"
    if not wanted.waivable:
        words = f"{named} là giấy bắt buộc của {folder.whose.name}, không được miễn."
        return (Refusal("not-waivable", words, f"Nộp giấy số {wanted.no}.", wanted.cited),)
    if not reason.strip():
        words = f"Miễn {named} mà chưa nêu lý do."
        return (Refusal("no-reason", words, "Ghi lý do, ví dụ “không thuộc diện kê khai”.", wanted.cited),)
    return ()
