"""One act on many items: looked at first, line by line, then done to those that the guards let through. Once per preview.

``look`` gathers and decides, ``carry_out`` does the same again under the write lock and applies: what a person agreed to
on the preview is what happens, or nothing does and they see the preview anew.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from hanchot.domain.access import WHOLE
from hanchot.domain.errors import AlreadyDone, Conflict, NotFound, Refused
from hanchot.domain.officer_act import Do, Wish, against
from hanchot.service import audit
from hanchot.service.access import within
from hanchot.service.install import fact, remember
from hanchot.service.mail.envelopes import release_at
from hanchot.service.mail.real import Sending, sending
from hanchot.service.officer import Line, apply_one, demand_unchanged, gather
from hanchot.service.services import Services
from hanchot.service.views.common import ItemRow, item_rows
from hanchot.store.tables import event, unit, work_item

MOST = 500  # lines of one preview: what a person can look through, and one transaction of a second


@dataclass(frozen=True, slots=True)
class Checked:
    """A line and why it is refused, in words; None: it goes. ``withheld``: its letter would not leave the house."""

    line: Line
    refused: str | None
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """``key`` makes what is done from it one thing. ``release``: the first instant at which reminders may leave."""

    key: str
    wish: Wish
    lines: tuple[Checked, ...]
    release: datetime | None = None

    @property
    def going(self) -> tuple[Checked, ...]:
        return tuple(one for one in self.lines if one.refused is None)

    @property
    def left(self) -> tuple[Checked, ...]:
        return tuple(one for one in self.lines if one.refused is not None)

    @property
    def withheld(self) -> int:
        return sum(one.withheld for one in self.going)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done in one go: the act, who did it, when and why, and the items as they are now."""

    key: str
    do: Do
    actor: str
    at: datetime
    reason: str | None
    items: tuple[ItemRow, ...]
    left: int


def look(
    services: Services, ids: Collection[int], wish: Wish, now: datetime, scopes: tuple[str, ...] = (WHOLE,), *, key: str = ""
) -> Preview:
    """What ``wish`` would do to the items. A reason or a day that is not typed yet stands against nothing."""
    if not ids:
        raise Refused("Chưa chọn việc nào.", way_out="Đánh dấu các dòng cần làm rồi bấm lại.")
    if len(ids) > MOST:
        raise Refused(f"Đã chọn {len(ids)} việc, mỗi lần làm nhiều nhất {MOST}.", way_out="Lọc bớt rồi làm từng phần.")
    supposed = Wish(wish.do, wish.reason or "…", wish.day, wish.approver)
    with services.db.read() as connection:
        lines = gather(services, connection, ids, now, scopes, dossiers=wish.do is Do.RECEIVE)
        mail = sending(services.settings, connection)
    checked = tuple(_check(line, supposed, mail, now) for line in lines)
    release = release_at(now, services.workdays, services.settings) if wish.do is Do.REMIND else None
    return Preview(key or secrets.token_hex(8), wish, checked, release)


def _check(line: Line, wish: Wish, mail: Sending, now: datetime) -> Checked:
    address = line.subject.address
    withheld = wish.do is Do.REMIND and address is not None and not mail.reaches(address)
    return Checked(line, against(wish, line.subject, now), withheld)


def carry_out(
    services: Services, key: str, seen: Mapping[int, str], wish: Wish, now: datetime, *, actor: str,
    scopes: tuple[str, ...] = (WHOLE,), leave: bool = False,
) -> int:  # fmt: skip
    """Do ``wish`` to the items of a preview (``seen``: their stamps); returns how many. One event each, and one for all.

    Raises ``AlreadyDone`` for a second click, ``Conflict`` when an item changed meanwhile, ``Refused`` when the guards
    leave some out and the person has not said to ``leave`` them.
    """
    with services.db.write() as connection:
        if fact(connection, _fact(key)):
            raise AlreadyDone("Đã làm rồi.")
        lines = gather(services, connection, seen, now, scopes, dossiers=wish.do is Do.RECEIVE)
        for line in lines:
            _demand_unchanged(connection, line, seen[line.id], wish, actor)
        going = [line for line in lines if against(wish, line.subject, now) is None]
        if not going:
            raise Refused("Không việc nào làm được.", way_out="Xem lý do ở từng dòng.")
        if len(going) < len(lines) and not leave:
            raise Refused(
                f"{len(lines) - len(going)} việc không làm được; chưa ghi gì.",
                way_out="Xem lý do ở từng dòng, rồi đánh dấu đồng ý làm các việc còn lại.",
            )
        for line in going:
            apply_one(services, connection, line, wish, now, actor=actor, key=key)
        data: dict[str, object] = {"items": [line.id for line in going], "left": len(lines) - len(going)}
        seq = audit.record(
            connection, now, actor, f"bulk.{wish.do}", f"bulk:{key}", on_behalf=wish.approver or None,
            reason=wish.reason or None, data=data,
        )  # fmt: skip
        remember(connection, _fact(key), str(seq))
        return len(going)


def _demand_unchanged(connection: sa.Connection, line: Line, seen: str, wish: Wish, actor: str) -> None:
    """Of many lines a second click is known by the key; one line done meanwhile, by whomever, is a change."""
    if wish.do is Do.REMIND:
        return
    try:
        demand_unchanged(connection, line, seen, wish, actor)
    except AlreadyDone as done:
        raise Conflict(done.message, way_out="Xem tình trạng mới rồi làm lại nếu vẫn cần.") from done


def outcome(services: Services, key: str, now: datetime, scopes: tuple[str, ...] = (WHOLE,)) -> Outcome:
    """What was done under ``key``, as far as ``scopes`` reach. Raises ``NotFound``."""
    with services.db.read() as connection:
        seq = fact(connection, _fact(key))
        row = connection.execute(sa.select(event).where(event.c.seq == int(seq or -1))).first()
        if row is None:
            raise NotFound("Không có lần làm này.", way_out="Xem danh sách ở trang “Ai chậm?”.")
        data = json.loads(row.data)
        mine = work_item.c.id.in_(data["items"]) & within(unit.c.path, scopes)
        items = tuple(item_rows(services, connection, mine, now))
    if not items:
        raise NotFound("Không có lần làm này.", way_out="Xem danh sách ở trang “Ai chậm?”.")
    return Outcome(key, Do(row.action.removeprefix("bulk.")), row.actor, row.at, row.reason, items, data["left"])


def _fact(key: str) -> str:
    return f"bulk:{key}"
