"""Opening, closing and reopening a cycle. Opening is set-based: one statement per milestone, not per unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from hanchot.domain.deadline import Due
from hanchot.domain.errors import AlreadyDone, BadPlan, NotFound, Refused
from hanchot.domain.instants import local_day, local_iso
from hanchot.domain.ladder import Armed, Timetable
from hanchot.domain.plan import Milestone, Period, Plan, Predecessor, chase_from, resolve_milestone, stages_of
from hanchot.domain.unit import UnitKind
from hanchot.domain.work_item import UNFINISHED, State
from hanchot.service import audit, incidents
from hanchot.service.arming import arm, disarm
from hanchot.service.book import cycle_id_of
from hanchot.service.services import Services
from hanchot.service.summary_time import next_summary
from hanchot.store.db import Row, new_id
from hanchot.store.tables import cycle, cycle_milestone, cycle_stage, unit, work_item

_COUNTED = {"preserve_rowcount": True}


@dataclass(frozen=True)
class Opened:
    """What opening made. ``idle`` names milestones that no unit of the tree has a kind for."""

    code: str
    cycle_id: int
    units: int
    items: int
    idle: tuple[str, ...]

    def to_json(self) -> dict[str, object]:
        return {"code": self.code, "units": self.units, "items": self.items, "idle": list(self.idle)}


def period_of(plan: Plan, text: str | None) -> Period:
    """The period to open: ``2025``, ``2025-Q3``, or the plan's own year. Refuses a quarter that the plan does not have."""
    from hanchot.domain.plan import PERIOD

    if text is None:
        year = plan.year or plan.document.year
        if year is None:
            raise BadPlan(
                f"Kế hoạch {plan.key} dùng cho mọi năm.", way_out="Nêu năm bằng --period, ví dụ --period 2024."
            )
        return Period(year=year)
    found = PERIOD.fullmatch(text)
    if not found:
        raise BadPlan(f"Kỳ “{text}” không đúng dạng.", way_out="Viết năm (2025) hoặc quý (2025-Q3).")
    period = Period(year=int(found[1]), quarter=int(found[2]) if found[2] else None)
    if period.kind not in plan.periods:
        raise BadPlan(f"Kế hoạch {plan.key} không có kỳ {period.vi}.", way_out=f"Các kỳ có: {', '.join(plan.periods)}.")
    if period.quarter and period.quarter not in plan.quarters:
        raise BadPlan(
            f"Kế hoạch {plan.key} không đánh giá {period.vi}: quý đó kết hợp vào năm.",
            way_out=f"Các quý có đánh giá: {', '.join(f'Q{q}' for q in plan.quarters)}.",
        )
    if plan.year and period.year != plan.year:
        raise BadPlan(
            f"Kế hoạch {plan.key} là của năm {plan.year}, không phải {period.year}.",
            way_out=f"Chạy hanchot plan renew {plan.key} --year {period.year} trước.",
        )
    return period


def code_of(plan: Plan, period: Period) -> str:
    """``khoi-binh-thuan-2024``, ``lung-phinh-2025-Q3``, ``quang-ngai-13-hd-tu-2023``."""
    year = str(period.year)
    base = plan.key if year in plan.key else f"{plan.key}-{year}"
    return f"{base}-Q{period.quarter}" if period.quarter else base


def open_cycle(
    services: Services,
    plan: Plan,
    now: datetime,
    *,
    period: str | None = None,
    root: str | None = None,
    actor: str = "cli",
) -> Opened:
    """Open ``plan`` over the tree under ``root`` (a unit code; default: the one unit of the plan's organiser kind).

    Raises ``AlreadyDone`` when the same plan and period is open or was closed: nothing is changed then.
    """
    chosen = period_of(plan, period)
    code = code_of(plan, chosen)
    with services.db.write() as connection:
        if (before := connection.execute(sa.select(cycle).where(cycle.c.code == code)).first()) is not None:
            raise AlreadyDone(
                f"Đợt “{code}” đã mở lúc {local_iso(before.opened_at)}, không mở lần hai.",
                way_out=f"Xem hanchot cycle show {code}; muốn mở lại đợt đã đóng: hanchot cycle reopen {code}.",
            )
        return _open(services, connection, plan, chosen, code, root, now, actor)


def _open(
    services: Services, connection: sa.Connection, plan: Plan, period: Period, code: str, root: str | None,
    now: datetime, actor: str,
) -> Opened:  # fmt: skip
    top = _root(connection, plan, root)
    cycle_id = _insert_cycle(services, connection, plan, period, code, top.id, now)
    day = local_day(now)
    ids, total, idle = {}, 0, []
    for position, milestone in enumerate(plan.of_period(period.kind)):
        ids[milestone.key] = _insert_milestone(services, connection, plan, milestone, period, cycle_id, position, now)
        made = _insert_items(services, connection, plan, milestone, ids[milestone.key], cycle_id, top.path, day, now)
        total += made
        if not made:
            idle.append(milestone.key)
    for milestone in plan.of_period(period.kind):
        for before in milestone.after:
            _hold_back(connection, ids[milestone.key], ids[before.milestone], before)
    units = _scalar(connection, sa.select(sa.func.count(work_item.c.unit_id.distinct())), cycle_id)
    audit.record(
        connection, now, actor, "cycle.opened", code, cycle_id=cycle_id, became="open",
        data={"units": units, "items": total, "plan": plan.document.number or plan.key, "provisional": plan.provisional},
    )  # fmt: skip
    return Opened(code, cycle_id, units, total, tuple(idle))


def _scalar(connection: sa.Connection, query: sa.Select[tuple[int]], cycle_id: int) -> int:
    return connection.execute(query.where(work_item.c.cycle_id == cycle_id)).scalar_one()


def _root(connection: sa.Connection, plan: Plan, root: str | None) -> Row:
    query = sa.select(unit.c.id, unit.c.path, unit.c.name)
    if root is not None:
        found = connection.execute(query.where(unit.c.code == root)).first()
        if found is None:
            raise NotFound(f"Không có đơn vị mã “{root}”.", way_out="Xem mã trong danh sách đơn vị (hanchot org list).")
        return found
    rows = connection.execute(query.where(unit.c.kind == plan.organiser, unit.c.valid_to.is_(None))).all()
    kind = UnitKind(plan.organiser).vi
    if not rows:
        raise NotFound(
            f"Kế hoạch {plan.key} do {kind} ban hành, nhưng cây tổ chức chưa có đơn vị loại đó.",
            way_out="Nhập cây tổ chức (hanchot org import TỆP), hoặc chỉ rõ đơn vị bằng --root MÃ.",
        )
    if len(rows) > 1:
        names = "; ".join(row.name for row in rows[:5])
        raise Refused(f"Có {len(rows)} đơn vị loại {kind}: {names}.", way_out="Chỉ rõ bằng --root MÃ.")
    return rows[0]


def _insert_cycle(
    services: Services, connection: sa.Connection, plan: Plan, period: Period, code: str, root_id: int, now: datetime
) -> int:
    made = connection.execute(
        sa.insert(cycle).values(
            code=code,
            title=f"{plan.document.title}" + (f" ({period.vi})" if period.quarter else ""),
            kind=period.kind,
            year=period.year,
            quarter=period.quarter,
            plan_key=plan.key,
            plan=plan.model_dump(mode="json", by_alias=True),
            root_id=root_id,
            state="open",
            opened_at=now,
            summary_at=next_summary(now, services.workdays),
        )
    )
    cycle_id = new_id(made)
    connection.execute(
        sa.insert(cycle_stage),
        [
            {"cycle_id": cycle_id, "stage": stage, "position": stage.position,
             "state": "pending" if n else "open", "opened_at": None if n else now}
            for n, stage in enumerate(stages_of(plan, period.kind))
        ],
    )  # fmt: skip
    return cycle_id


def _insert_milestone(
    services: Services, connection: sa.Connection, plan: Plan, milestone: Milestone, period: Period, cycle_id: int,
    position: int, now: datetime,
) -> int:  # fmt: skip
    due = resolve_milestone(plan, milestone, period, services.workdays)
    if milestone.doubt and due.last_moment and due.last_moment < now:
        _ask_for_date(connection, plan, milestone, due, now)
        due = Due()
    made = connection.execute(
        sa.insert(cycle_milestone).values(
            cycle_id=cycle_id,
            key=milestone.key,
            stage=milestone.stage,
            position=position,
            title=milestone.title,
            last_day=due.last_day,
            last_moment=due.last_moment,
            chase_from=chase_from(plan, milestone, period, services.workdays),
            optional=milestone.optional,
        )
    )
    return new_id(made)


def _ask_for_date(connection: sa.Connection, plan: Plan, milestone: Milestone, due: Due, now: datetime) -> None:
    """A date that has passed and that the document itself makes doubtful makes nobody late: a person must settle it.

    Source: plan thị xã 2022, III.3, “trong tháng 02 năm 2022” in a plan for the end of 2022.
    """
    message = (
        f"Mốc “{milestone.title}” (mục {milestone.source.clause}) hết hạn {due.last_day:%d/%m/%Y}, trước khi mở đợt; "
        f"{milestone.doubt} Đặt ngày bằng hanchot cycle date."
    )
    incidents.report(connection, f"doubt:{plan.key}:{milestone.key}", "plan", message, now)


def _insert_items(
    services: Services, connection: sa.Connection, plan: Plan, milestone: Milestone, milestone_id: int, cycle_id: int,
    branch: str, day: date, now: datetime,
) -> int:  # fmt: skip
    row = connection.execute(sa.select(cycle_milestone).where(cycle_milestone.c.id == milestone_id)).one()
    ladder = plan.ladder_of(milestone)
    armed = Armed(0, ladder, row.last_day, row.chase_from, now, 0)
    first = Timetable(services.workdays).first(armed)
    exists = sa.and_(
        unit.c.path.startswith(branch),
        unit.c.kind.in_(milestone.applies_to),
        sa.or_(unit.c.valid_from.is_(None), unit.c.valid_from <= day),
        sa.or_(unit.c.valid_to.is_(None), unit.c.valid_to >= day),
    )
    values = {
        "cycle_id": cycle_id, "milestone_id": milestone_id, "state": State.OPEN, "last_day": row.last_day,
        "last_moment": row.last_moment, "revision": 0, "next_step": 0, "next_action_at": first, "opened_at": now,
    }  # fmt: skip
    columns = [sa.literal(value, work_item.c[name].type).label(name) for name, value in values.items()]
    source = sa.select(unit.c.id, *columns).where(exists).order_by(unit.c.id)
    made = connection.execute(
        sa.insert(work_item).from_select(["unit_id", *values], source, include_defaults=False),
        execution_options=_COUNTED,
    ).rowcount
    connection.execute(sa.update(cycle_milestone).where(cycle_milestone.c.id == milestone_id).values(total=made))
    return made


def _hold_back(connection: sa.Connection, milestone_id: int, before_id: int, clause: Predecessor) -> None:
    """Items of a milestone wait when an order clause names work that exists for them and is not finished."""
    held = sa.update(work_item).where(
        work_item.c.milestone_id == milestone_id, unfinished_before(before_id, clause.scope)
    )
    connection.execute(held.values(state=State.WAITING))


def unfinished_before(before_id: int, scope: str) -> sa.ColumnElement[bool]:
    """For an outer ``work_item`` row: is there unfinished work of milestone ``before_id`` that it must wait for?"""
    first = work_item.alias("first")
    is_one_of = (first.c.state == state for state in sorted(UNFINISHED))  # an IN would be compiled anew at every call
    unfinished = sa.and_(first.c.milestone_id == before_id, sa.or_(*is_one_of))
    if scope == "own":
        return sa.exists().where(unfinished, first.c.unit_id == work_item.c.unit_id)
    if scope == "below":
        lower = units_below(work_item.c.unit_id)
        return sa.exists().where(unfinished, first.c.unit_id == lower.c.id)
    return sa.exists().where(unfinished)


def units_below(top: sa.ColumnElement[int]) -> sa.CTE:
    """The units strictly below ``top``, found from child to child: a small branch costs little in a large tree."""
    children = sa.select(unit.c.id).where(unit.c.parent_id == top).correlate(work_item)
    lower = children.cte("lower", recursive=True, nesting=True)
    return lower.union_all(sa.select(unit.c.id).where(unit.c.parent_id == lower.c.id))


def units_above(unit_id: sa.ColumnElement[int]) -> sa.CTE:
    """The units above one unit, up to the root of the whole tree."""
    parent = sa.select(unit.c.parent_id.label("id")).where(unit.c.id == unit_id)
    upper = parent.cte("upper", recursive=True)
    return upper.union_all(sa.select(unit.c.parent_id).where(unit.c.id == upper.c.id))


def close_cycle(services: Services, code: str, now: datetime, *, actor: str, reason: str | None = None) -> int:
    """Close a cycle: nothing in it is reminded any more. Unfinished work needs a reason. Returns how much was unfinished."""
    with services.db.write() as connection:
        cycle_id = cycle_id_of(connection, code)
        unfinished = _scalar(
            connection, sa.select(sa.func.count()).where(work_item.c.state.in_(sorted(UNFINISHED))), cycle_id
        )
        if unfinished and not (reason and reason.strip()):
            raise Refused(
                f"Đợt “{code}” còn {unfinished} việc chưa xong.",
                way_out="Xử lý hết, hoặc đóng kèm lý do bằng --reason.",
            )
        changed = connection.execute(
            sa.update(cycle)
            .where(cycle.c.id == cycle_id, cycle.c.state == "open")
            .values(state="closed", closed_at=now)
        )
        if changed.rowcount == 0:
            raise AlreadyDone(f"Đợt “{code}” đã đóng từ trước.", way_out=f"Mở lại: hanchot cycle reopen {code}.")
        disarm(connection, cycle_id)
        audit.record(
            connection, now, actor, "cycle.closed", code, cycle_id=cycle_id, was="open", became="closed", reason=reason,
            data={"unfinished": unfinished},
        )  # fmt: skip
        return unfinished


def reopen_cycle(services: Services, code: str, now: datetime, *, actor: str, reason: str, approver: str) -> None:
    """Open a closed cycle again. Both the reason and the approver are kept; the ladder goes on where it stood."""
    if not reason.strip() or not approver.strip():
        raise Refused("Mở lại đợt phải có lý do và người duyệt.", way_out="Thêm --reason và --approver.")
    with services.db.write() as connection:
        cycle_id = cycle_id_of(connection, code)
        changed = connection.execute(
            sa.update(cycle)
            .where(cycle.c.id == cycle_id, cycle.c.state == "closed")
            .values(state="open", closed_at=None)
        )
        if changed.rowcount == 0:
            raise AlreadyDone(f"Đợt “{code}” đang mở.", way_out="Không cần mở lại.")
        arm(services, connection, cycle_id)
        audit.record(
            connection, now, actor, "cycle.reopened", code, cycle_id=cycle_id, on_behalf=approver, was="closed",
            became="open", reason=reason,
        )  # fmt: skip


def remember_run(services: Services, code: str, run_id: str | None) -> None:
    """Note the Prefect flow run that shows this cycle; a convenience, never the truth."""
    with services.db.write() as connection:
        connection.execute(sa.update(cycle).where(cycle.c.code == code).values(run_id=run_id))
