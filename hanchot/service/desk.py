"""A secretary's desk: what was typed is kept as it goes, papers are attached, the work is handed in.

What a person types here may be confidential. It stands in ``form_draft`` and nowhere else; saving it is no event, handing
the work in is one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from hanchot.domain.access import Actor, Role
from hanchot.domain.errors import Conflict, NotFound, Refused
from hanchot.domain.instants import ZONE, local_day
from hanchot.domain.work_item import FINISHED, State
from hanchot.service import dossiers
from hanchot.service.book import book
from hanchot.service.dossiers import Which
from hanchot.service.folders import folders
from hanchot.service.items import Moved, act_in
from hanchot.service.more_time import withdraw_in
from hanchot.service.services import Services
from hanchot.service.stand_ins import acts_for
from hanchot.store.db import Row
from hanchot.store.desk_tables import form_draft
from hanchot.store.tables import cycle, unit, work_item

FIELDS = ("note", "paper", "place")  # what the form of an item asks
MOST_NOTE = 4_000  # characters
_REPLACED = "thay bằng bản mới"


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed so far. ``revision`` 0: nothing yet. ``sent_at``: handed in with it."""

    said: Mapping[str, str] = field(default_factory=dict)
    revision: int = 0
    saved_at: datetime | None = None
    sent_at: datetime | None = None

    def text(self, name: str) -> str:
        return self.said.get(name, "")


def own_paths(actor: Actor | None, now: datetime) -> tuple[str, ...]:
    """Paths of the units whose work an actor does on the local day of ``now``: by a post of theirs or standing in."""
    if actor is None:
        return ()
    day = local_day(now)
    return tuple(sorted({right.path for right in actor.rights if right.role is Role.SECRETARY and right.holds(day)}))


def draft_of(connection: sa.Connection, item_id: int, person_id: int | None) -> Draft:
    """What a person has typed about an item; an empty one where nothing was saved."""
    mine = sa.and_(form_draft.c.item_id == item_id, form_draft.c.person_id == person_id)
    row = connection.execute(sa.select(form_draft).where(mine)).first()
    return Draft(row.said, row.revision, row.saved_at, row.sent_at) if row else Draft()


def save_draft(
    services: Services, item_id: int, person_id: int, said: Mapping[str, str], revision: int, now: datetime
) -> Draft:
    """Keep what was typed, if the form knows the newest ``revision``; the same words again change nothing.

    Raises ``Conflict`` where another page has saved other words since, ``Refused`` for work that is handed in.
    """
    kept = {name: said[name] for name in FIELDS if said.get(name)}
    if len(kept.get("note", "")) > MOST_NOTE:
        raise Refused(
            f"Ghi chú dài {len(kept['note'])} ký tự, quá {MOST_NOTE}.",
            way_out="Rút gọn, hoặc đính kèm thành tệp.",
            thing="note",
        )
    with services.db.write() as connection:
        state = connection.execute(sa.select(work_item.c.state).where(work_item.c.id == item_id)).scalar()
        if state in FINISHED:
            raise Refused("Việc này đã nộp nên không lưu nháp nữa.", way_out="Xem biên nhận.")
        there = draft_of(connection, item_id, person_id)
        if there.said == kept and there.sent_at is None:
            return there if there.revision else Draft(saved_at=now)  # nothing typed: nothing to keep
        if there.revision != revision:
            assert there.saved_at is not None
            raise Conflict(
                f"Bản nháp này vừa được lưu từ một trang khác lúc {there.saved_at.astimezone(ZONE):%H:%M}.",
                way_out="Mở lại trang để xem bản đó; điều vừa gõ còn ở dưới.",
            )
        return _keep(connection, item_id, person_id, Draft(kept, revision + 1, now))


def _keep(connection: sa.Connection, item_id: int, person_id: int, new: Draft) -> Draft:
    values = {"said": dict(new.said), "revision": new.revision, "saved_at": new.saved_at, "sent_at": None}
    mine = sa.and_(form_draft.c.item_id == item_id, form_draft.c.person_id == person_id)
    if connection.execute(sa.update(form_draft).where(mine).values(values)).rowcount == 0:
        connection.execute(sa.insert(form_draft).values(item_id=item_id, person_id=person_id, **values))
    return new


def attach(
    services: Services, item_id: int, paper: str, now: datetime, *, actor: str, person_id: int, name: str = "",
    data: bytes = b"", place: str = "",
) -> int:  # fmt: skip
    """Lay a file, or the place where a paper lies (``place``), into the dossier that goes with an item.

    ``paper``: ``key``, or ``person's code/key`` for a dossier of one of the unit's people. One that lies there already is
    replaced and kept. Raises ``BadDocument`` for a file that is not taken, ``Refused``, ``NotFound``.
    """
    with services.db.read() as connection:
        row, checklist = _dossier_of(services, connection, item_id)
        on_behalf = acts_for(connection, person_id, row.unit_id, local_day(now))
        who, _, key = paper.rpartition("/")
        if not key:
            raise Refused("Chưa chọn đây là giấy nào.", way_out="Chọn trong danh sách giấy cần nộp.", thing="paper")
        which = Which(row.code, row.unit, checklist, who or None)
        mine = folders(connection, row.cycle_id, checklist, units=[row.unit_id])
        there = any(one.person == which.person and one.paper(key) for one in mine)
    why = _REPLACED if there else None
    if data:
        return dossiers.hand_in(services, which, key, data, name, now, actor=actor, on_behalf=on_behalf, replacing=why)
    return dossiers.hand_in_on_paper(services, which, key, place, now, actor=actor, on_behalf=on_behalf, replacing=why)


def _dossier_of(services: Services, connection: sa.Connection, item_id: int) -> tuple[Row, str]:
    """The item's cycle and unit by code, and the key of its checklist. Refused where it is handed in or has none."""
    row = connection.execute(
        sa.select(
            work_item.c.cycle_id, work_item.c.unit_id, work_item.c.milestone_id, work_item.c.state, cycle.c.code,
            unit.c.code.label("unit"),
        )
        .join(cycle, cycle.c.id == work_item.c.cycle_id)
        .join(unit, unit.c.id == work_item.c.unit_id)
        .where(work_item.c.id == item_id)
    ).first()  # fmt: skip
    if row is None:
        raise NotFound(f"Không có việc số {item_id}.", way_out="Về “Việc của tôi”.")
    if row.state in FINISHED:
        raise Refused("Việc này đã nộp nên không đính kèm thêm.", way_out="Đề nghị cấp trên trả lại để bổ sung.")
    checklist = book(services.db, connection, row.cycle_id).milestone(row.milestone_id).dossier
    if checklist is None:
        raise Refused("Việc này không kèm danh mục hồ sơ.", way_out="Ghi vào ghi chú rồi nộp.", thing="file")
    return row, checklist


def submit(services: Services, item_id: int, now: datetime, *, actor: str, person_id: int) -> Moved | None:
    """Hand the work in, with what was typed; None where it is handed in already (a second click).

    The guards are those of ``items.act``. Time that was asked for is not needed any more.
    """
    with services.db.write() as connection:
        row = connection.execute(sa.select(work_item.c.state, work_item.c.unit_id).where(work_item.c.id == item_id)).first()
        if row is not None and row.state in (State.SUBMITTED, State.ACCEPTED):
            return None
        on_behalf = acts_for(connection, person_id, row.unit_id, local_day(now)) if row else None
        moved = act_in(services, connection, item_id, "submit", now, actor=actor, on_behalf=on_behalf)
        mine = sa.and_(form_draft.c.item_id == item_id, form_draft.c.person_id == person_id)
        connection.execute(sa.update(form_draft).where(mine).values(sent_at=now))
        withdraw_in(connection, item_id, now, actor=actor)
        return moved
