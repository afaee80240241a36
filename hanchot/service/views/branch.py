"""What a committee sees of its branch: work handed in that waits for it, late work, requests for more time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from hanchot.domain.access import WHOLE
from hanchot.domain.errors import NotFound
from hanchot.domain.instants import local_day
from hanchot.domain.plan import Plan
from hanchot.domain.work_item import UNFINISHED, State
from hanchot.service import more_time
from hanchot.service.access import within
from hanchot.service.book import book
from hanchot.service.items import why_not
from hanchot.service.judged_above import ESCALATED
from hanchot.service.more_time import TimeRequest
from hanchot.service.services import Services
from hanchot.service.views.common import ItemRow, Paging, Who, holders, item_rows
from hanchot.service.views.my import Slip, slips_of
from hanchot.store.desk_tables import form_draft, time_request
from hanchot.store.tables import cycle, cycle_milestone, event, unit, work_item

ROWS = 50
Show = Literal["time", "waiting", "late"]
SHOWS: dict[Show, str] = {"time": "Xin thêm thời gian", "waiting": "Chờ xem", "late": "Quá hạn"}


@dataclass(frozen=True, slots=True)
class BranchLine:
    """An item, who does it, and the open request about it where that is what is listed."""

    item: ItemRow
    who: Who | None
    request: TimeRequest | None = None


@dataclass(frozen=True, slots=True)
class BranchPage:
    show: Show
    counts: dict[Show, int]
    lines: tuple[BranchLine, ...]
    paging: Paging


@dataclass(frozen=True)
class BranchItem:
    """One item of the branch. ``note``: what the unit wrote when it handed in, with who wrote it."""

    item: ItemRow
    plan: Plan
    path: str
    who: Who | None
    slips: tuple[Slip, ...]
    note: str
    finished_by: str | None
    request: TimeRequest | None
    no_accept: tuple[str, ...]
    no_return: tuple[str, ...]
    escalated_at: datetime | None
    late: bool


def branch(
    services: Services, scopes: tuple[str, ...], own: tuple[str, ...], show: Show | None, page: int, now: datetime
) -> BranchPage:
    """The open work under ``scopes`` but for the units at ``own``; oldest first. ``show`` None: the first list that holds
    anything.
    """
    with services.db.read() as connection:
        queries = {one: _query(one, scopes, own, now) for one in SHOWS}
        counts: dict[Show, int] = {one: connection.execute(sa.select(sa.func.count()).select_from(q.subquery())).scalar_one()
                  for one, q in queries.items()}  # fmt: skip
        filled: list[Show] = [one for one in SHOWS if counts[one]]
        chosen = show or (filled[0] if filled else "waiting")
        paging = Paging(page, ROWS, counts[chosen])
        order = work_item.c.finished_at if chosen == "waiting" else work_item.c.last_moment
        ids = connection.execute(queries[chosen].order_by(order, work_item.c.id).limit(ROWS).offset(paging.offset))
        return BranchPage(chosen, counts, _lines(services, connection, list(ids.scalars()), chosen, now), paging)


def _query(show: Show, scopes: tuple[str, ...], own: tuple[str, ...], now: datetime) -> sa.Select[tuple[int]]:
    milestones = sa.select(cycle_milestone.c.id).join(cycle, cycle.c.id == cycle_milestone.c.cycle_id)
    query = sa.select(work_item.c.id).where(work_item.c.milestone_id.in_(milestones.where(cycle.c.state == "open")))
    if WHOLE not in scopes or own:
        query = query.join(unit, unit.c.id == work_item.c.unit_id).where(within(unit.c.path, scopes), unit.c.path.not_in(own))
    if show == "time":
        asked = sa.select(time_request.c.item_id).where(time_request.c.state == "asked")
        return query.where(work_item.c.id.in_(asked))
    if show == "waiting":
        return query.where(work_item.c.state == State.SUBMITTED)
    return query.where(work_item.c.state.in_(sorted(UNFINISHED)), work_item.c.last_moment < now)


def _lines(services: Services, connection: sa.Connection, ids: list[int], show: Show, now: datetime) -> tuple[BranchLine, ...]:
    rows = {row.id: row for row in item_rows(services, connection, work_item.c.id.in_(ids), now)}
    who = holders(services, connection, rows.values(), now)
    requests = _requests(connection, ids) if show == "time" else {}
    return tuple(BranchLine(rows[one], who.get(rows[one].unit_id), requests.get(one)) for one in ids)


def _requests(connection: sa.Connection, ids: list[int]) -> dict[int, TimeRequest]:
    columns = [time_request.c[name] for name in TimeRequest.__slots__]
    query = sa.select(*columns).where(time_request.c.item_id.in_(ids), time_request.c.state == "asked")
    return {row.item_id: TimeRequest(*row) for row in connection.execute(query)}


def branch_item(services: Services, item_id: int, now: datetime) -> BranchItem:
    """One item of the branch, with what stands against receiving and returning it. Raises ``NotFound``."""
    with services.db.read() as connection:
        rows = item_rows(services, connection, work_item.c.id == item_id, now)
        if not rows:
            raise NotFound(f"Không có việc số {item_id}.", way_out="Về danh sách cấp dưới.")
        item = rows[0]
        facts = connection.execute(
            sa.select(unit.c.path, work_item.c.finished_by)
            .join(work_item, work_item.c.unit_id == unit.c.id)
            .where(work_item.c.id == item_id)
        ).one()
        told = sa.select(sa.func.max(event.c.at)).where(event.c.item_id == item_id, event.c.action == ESCALATED)
        return BranchItem(
            item, book(services.db, connection, item.cycle_id).plan, facts.path,
            holders(services, connection, [item], now).get(item.unit_id), slips_of(services, connection, item),
            _note(connection, item), facts.finished_by, more_time.newest(connection, item_id),
            why_not(services, connection, item_id, "accept"), why_not(services, connection, item_id, "return", "lý do"),
            connection.execute(told).scalar(),
            item.state in UNFINISHED and item.last_moment is not None and item.last_moment < now,
        )  # fmt: skip


def _note(connection: sa.Connection, item: ItemRow) -> str:
    """What was written by whoever handed it in last."""
    query = sa.select(form_draft.c.said).where(form_draft.c.item_id == item.id, form_draft.c.sent_at.is_not(None))
    said = connection.execute(query.order_by(form_draft.c.sent_at.desc()).limit(1)).scalar()
    return str(said.get("note", "")) if said and item.state in (State.SUBMITTED, State.ACCEPTED) else ""


def escalated_today(view: BranchItem, now: datetime) -> bool:
    return view.escalated_at is not None and local_day(view.escalated_at) == local_day(now)
