"""Opening a cycle, set-based: one statement per milestone, not per unit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from hanchot.domain.deadline import Due
from hanchot.domain.errors import AlreadyDone, BadPlan, NotFound, Refused
from hanchot.domain.instants import local_day, local_iso
from hanchot.domain.ladder import Armed, Timetable
from hanchot.domain.plan import PERIOD, Milestone, Period, Plan, Predecessor, chase_from, resolve_milestone, stages_of
from hanchot.domain.unit import UnitKind
from hanchot.domain.work_item import State
from hanchot.service import audit, incidents
from hanchot.service.mail.summary import next_summary
from hanchot.service.ordering import unfinished_before
from hanchot.service.services import Services
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
    if text is None:
        year = plan.year or plan.document.year
        if year is None:
            raise BadPlan(
                f"Kế hoạch {plan.key} dùng cho mọi năm.",
                way_out="Nêu năm, ví dụ 2024.",
                command=f"hanchot cycle open {plan.key} --period 2024",
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
            way_out=f"Lập kế hoạch năm {period.year} trước.",
            command=f"hanchot plan renew {plan.key} --year {period.year}",
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
    demand_confirmed(plan)
    chosen = period_of(plan, period)
    code = code_of(plan, chosen)
    with services.db.write() as connection:
        if (before := _opened_before(connection, plan, chosen, code)) is not None:
            raise AlreadyDone(
                f"Đợt “{before.code}” đã mở lúc {local_iso(before.opened_at)}, không mở lần hai.",
                way_out="Xem đợt ấy; nếu đã đóng thì mở lại.",
                command=f"hanchot cycle show {before.code}",
            )
        return Opening(services, connection, plan, chosen, now).run(code, _root(connection, plan, root), actor)


def demand_confirmed(plan: Plan) -> None:
    """Nothing starts from a draft that nobody has confirmed. Raises ``Refused``."""
    if plan.unconfirmed:
        raise Refused(
            f"Kế hoạch {plan.key} lập từ văn bản, chưa có người xác nhận.",
            way_out="Xem từng mốc với câu gốc rồi xác nhận.",
            command=f"hanchot plan confirm {plan.key} --by HỌ-TÊN",
        )


def _opened_before(connection: sa.Connection, plan: Plan, period: Period, code: str) -> Row | None:
    """The cycle of this code, or one that another plan was opened for and that goes by this one since it was amended."""
    same = sa.and_(
        cycle.c.plan_key == plan.key, cycle.c.year == period.year, cycle.c.quarter.is_not_distinct_from(period.quarter)
    )
    return connection.execute(sa.select(cycle).where(sa.or_(cycle.c.code == code, same))).first()


@dataclass
class Opening:
    """One opening at work in its transaction; an amendment opens what is added to a cycle the same way."""

    services: Services
    connection: sa.Connection
    plan: Plan
    period: Period
    now: datetime
    cycle_id: int = 0

    def run(self, code: str, top: Row, actor: str) -> Opened:
        self.cycle_id = self.insert_cycle(code, top.id)
        milestones = self.plan.of_period(self.period.kind)
        ids = {m.key: self.insert_milestone(m, position) for position, m in enumerate(milestones)}
        made = {m.key: self.insert_items(m, ids[m.key], top.path) for m in milestones}
        for milestone in milestones:
            for before in milestone.after:
                _hold_back(self.connection, ids[milestone.key], ids[before.milestone], before)
        units = self.connection.execute(
            sa.select(sa.func.count(work_item.c.unit_id.distinct())).where(work_item.c.cycle_id == self.cycle_id)
        ).scalar_one()
        data: dict[str, object] = {
            "units": units, "items": sum(made.values()), "plan": self.plan.document.number or self.plan.key,
            "provisional": self.plan.provisional,
        }  # fmt: skip
        audit.record(self.connection, self.now, actor, "cycle.opened", code, cycle_id=self.cycle_id, became="open", data=data)
        idle = tuple(key for key, count in made.items() if not count)
        return Opened(code, self.cycle_id, units, sum(made.values()), idle)

    def insert_cycle(self, code: str, root_id: int) -> int:
        plan, period = self.plan, self.period
        made = self.connection.execute(
            sa.insert(cycle).values(
                code=code,
                title=plan.document.title + (f" ({period.vi})" if period.quarter else ""),
                kind=period.kind,
                year=period.year,
                quarter=period.quarter,
                plan_key=plan.key,
                plan=plan.model_dump(mode="json", by_alias=True),
                root_id=root_id,
                state="open",
                opened_at=self.now,
                summary_at=next_summary(self.now, self.services.workdays),
            )
        )
        cycle_id = new_id(made)
        self.connection.execute(
            sa.insert(cycle_stage),
            [
                {"cycle_id": cycle_id, "stage": stage, "position": stage.position,
                 "state": "pending" if n else "open", "opened_at": None if n else self.now}
                for n, stage in enumerate(stages_of(plan, period.kind))
            ],
        )  # fmt: skip
        return cycle_id

    def insert_milestone(self, milestone: Milestone, position: int) -> int:
        due = resolve_milestone(self.plan, milestone, self.period, self.services.workdays)
        if milestone.doubt and due.last_moment and due.last_moment < self.now:
            ask_for_date(self.connection, self.plan, milestone, due, self.now)
            due = Due()
        made = self.connection.execute(
            sa.insert(cycle_milestone).values(
                cycle_id=self.cycle_id,
                key=milestone.key,
                stage=milestone.stage,
                position=position,
                title=milestone.title,
                last_day=due.last_day,
                last_moment=due.last_moment,
                chase_from=chase_from(self.plan, milestone, self.period, self.services.workdays),
                optional=milestone.optional,
            )
        )
        return new_id(made)

    def insert_items(
        self, milestone: Milestone, milestone_id: int, branch: str, kinds: Iterable[UnitKind] | None = None, *,
        alone: bool = False,
    ) -> int:  # fmt: skip
        """One item for each unit of the branch that exists today and is of a kind the milestone applies to (of the
        ``kinds`` among them, where they are named), and has none yet. ``alone``: only for the branch's uppermost unit.
        """
        row = self.connection.execute(sa.select(cycle_milestone).where(cycle_milestone.c.id == milestone_id)).one()
        armed = Armed(0, self.plan.ladder_of(milestone), row.last_day, row.chase_from, self.now, 0)
        values = {
            "cycle_id": self.cycle_id, "milestone_id": milestone_id, "state": State.OPEN, "last_day": row.last_day,
            "last_moment": row.last_moment, "revision": 0, "next_step": 0,
            "next_action_at": Timetable(self.services.workdays).first(armed), "opened_at": self.now,
        }  # fmt: skip
        columns = [sa.literal(value, work_item.c[name].type).label(name) for name, value in values.items()]
        where = unit.c.path == branch if alone else unit.c.path.startswith(branch)
        applies = sa.and_(where, unit.c.kind.in_(kinds or milestone.applies_to), _exists_on(self.now))
        there = sa.exists().where(work_item.c.unit_id == unit.c.id, work_item.c.milestone_id == milestone_id)
        source = sa.select(unit.c.id, *columns).where(applies, ~there).order_by(unit.c.id)
        made = self.connection.execute(
            sa.insert(work_item).from_select(["unit_id", *values], source, include_defaults=False),
            execution_options=_COUNTED,
        ).rowcount
        mine = cycle_milestone.c.id == milestone_id
        self.connection.execute(sa.update(cycle_milestone).where(mine).values(total=cycle_milestone.c.total + made))
        return made


def _exists_on(now: datetime) -> sa.ColumnElement[bool]:
    day = local_day(now)
    begun = sa.or_(unit.c.valid_from.is_(None), unit.c.valid_from <= day)
    return sa.and_(begun, sa.or_(unit.c.valid_to.is_(None), unit.c.valid_to >= day))


def _root(connection: sa.Connection, plan: Plan, root: str | None) -> Row:
    query = sa.select(unit.c.id, unit.c.path, unit.c.name)
    if root is not None:
        found = connection.execute(query.where(unit.c.code == root)).first()
        if found is None:
            raise NotFound(
                f"Không có đơn vị mã “{root}”.", way_out="Xem mã trong danh sách đơn vị.", command="hanchot org list"
            )
        return found
    rows = connection.execute(query.where(unit.c.kind == plan.organiser, unit.c.valid_to.is_(None))).all()
    kind = UnitKind(plan.organiser).vi
    if not rows:
        raise NotFound(
            f"Kế hoạch {plan.key} do {kind} ban hành, nhưng cây tổ chức chưa có đơn vị loại đó.",
            way_out="Nhập cây tổ chức, hoặc chỉ rõ mở đợt cho đơn vị nào.",
            command="hanchot org import TỆP",
        )
    if len(rows) > 1:
        names = "; ".join(row.name for row in rows[:5])
        raise Refused(
            f"Có {len(rows)} đơn vị loại {kind}: {names}.",
            way_out="Chỉ rõ mở đợt cho đơn vị nào.",
            command=f"hanchot cycle open {plan.key} --root MÃ",
        )
    return rows[0]


def ask_for_date(connection: sa.Connection, plan: Plan, milestone: Milestone, due: Due, now: datetime) -> None:
    """A date that has passed and that the document itself makes doubtful makes nobody late: a person must settle it.

    Source: plan thị xã 2022, III.3, “trong tháng 02 năm 2022” in a plan for the end of 2022.
    """
    message = (
        f"Mốc “{milestone.title}” (mục {milestone.source.clause}) hết hạn {due.last_day:%d/%m/%Y}, trước khi mở đợt; "
        f"{milestone.doubt} Ban Tổ chức đặt lại ngày cho mốc này."
    )
    incidents.report(connection, f"doubt:{plan.key}:{milestone.key}", "plan", message, now)


def _hold_back(connection: sa.Connection, milestone_id: int, before_id: int, clause: Predecessor) -> None:
    """Items of a milestone wait when an order clause names work that exists for them and is not finished."""
    held = sa.update(work_item).where(work_item.c.milestone_id == milestone_id, unfinished_before(before_id, clause.scope))
    connection.execute(held.values(state=State.WAITING))
