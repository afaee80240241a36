"""How a cycle stands, for the committee, and the letter that presses for what is late. Names and days, never ratings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from hanchot.domain.collate import collation_key
from hanchot.domain.errors import Refused
from hanchot.domain.instants import ZONE
from hanchot.domain.stage import STAGES, Stage
from hanchot.domain.work_item import DONE, State
from hanchot.domain.workdays import weekday_vi
from hanchot.letters.words import deadline_vi, lower_first
from hanchot.papers import words
from hanchot.papers.views import Duty, ProgressReport, ReminderLetter, StageProgress
from hanchot.service.papers.desk import About, Desk, cited_document, sentence
from hanchot.service.views.common import ItemRow, item_rows, late_now
from hanchot.store.db import Row
from hanchot.store.tables import cycle_milestone, unit, work_item

SHOWN, NAMED = 200, 10


@dataclass(frozen=True)
class _Counts:
    """Work items of one stage in a branch; those that do not apply are left out. ``last_day``: the latest, local."""

    stage: Stage
    total: int
    on_time: int
    late_done: int
    overdue: int
    last_day: date | None

    @property
    def waiting(self) -> int:
        return self.total - self.on_time - self.late_done - self.overdue


def report(desk: Desk, about: About) -> ProgressReport:
    """The progress of the cycle in one branch as of now."""
    branch, office = desk.branch(about.unit), desk.office(desk.department())
    stages, late = _counted(desk, branch.path), _late(desk, branch.path)
    local = desk.now.astimezone(ZONE)
    return ProgressReport(
        head=office.head("BC", desk.today), signature=office.signature(),
        recipients=words.recipients([f"{desk.unit(desk.known.root_id).name} (báo cáo)", f"Lưu {office.name}"]),
        bases=(desk.plan_basis(),), summary=f"tiến độ {_what(desk)}",
        as_of=f"{local:%H} giờ {local:%M} ngày {weekday_vi(desk.today)} {desk.today:%d/%m/%Y}",
        opening=f"{office.name} báo cáo tiến độ thực hiện {_plan(desk)}{_at(desk, branch)} như sau:",
        stages=tuple(_stage(one) for one in stages), late=_duties(late[:SHOWN]), remarks=_remarks(stages, late),
        proposals=_proposals(late),
        notes=(f"Chỉ nêu {SHOWN} việc quá hạn lâu nhất trong {len(late)} việc.",) if len(late) > SHOWN else (),
    )  # fmt: skip


def reminder(desk: Desk, about: About) -> ReminderLetter:
    """The letter about the overdue items of a unit and those under it, or of all. Raises ``Refused`` when nothing is late."""
    branch, office = desk.branch(about.unit), desk.office(desk.department())
    late = _late(desk, branch.path)
    if not late:
        raise Refused(
            f"{branch.name} không có việc nào quá hạn trong đợt “{desk.known.code}”.",
            way_out="Nhắc việc sắp đến hạn thì dùng tin nhắc trên bảng theo dõi.",
        )
    to = [branch.name] if about.unit else sorted({one.unit_name for one in late}, key=collation_key)
    whom = to[0] if len(to) == 1 else "các tổ chức, đơn vị"
    if len(to) > NAMED:
        to = ["Các tổ chức, đơn vị có tên trong danh sách dưới đây"]
    return ReminderLetter(
        head=office.head("CV"), signature=office.signature(),
        recipients=words.recipients(["Như trên", f"{desk.unit(desk.known.root_id).name} (báo cáo)", f"Lưu {office.name}"]),
        reference=f"V/v đôn đốc {_what(desk)}", to=tuple(to),
        opening=f"Theo {_plan(desk)}, đến ngày {desk.today:%d/%m/%Y} {office.name} chưa nhận được kết quả các việc sau:",
        duties=_duties(late[:SHOWN]), requests=(
            f"Đề nghị {whom} hoàn thành ngay các việc nêu trên và báo kết quả về {office.name}.",
            "Nếu cần thêm thời gian, đề nghị có văn bản hoặc ghi trên bảng theo dõi, nêu rõ lý do và ngày hoàn thành.",
        ),
        closing=f"{office.name} mong nhận được sự phối hợp của các đồng chí.",
        notes=(f"Còn {len(late) - SHOWN} việc nữa, xem trên bảng theo dõi.",) if len(late) > SHOWN else (),
    )  # fmt: skip


def _counted(desk: Desk, path: str) -> list[_Counts]:
    done = work_item.c.state.in_(sorted(DONE))
    on_time = sa.and_(done, sa.or_(work_item.c.last_moment.is_(None), work_item.c.finished_at <= work_item.c.last_moment))
    count = sa.func.count
    query = (
        sa.select(
            cycle_milestone.c.stage, count(), count().filter(on_time), count().filter(done),
            count().filter(late_now(desk.now)), sa.func.max(work_item.c.last_day),
        )
        .select_from(work_item)
        .join(cycle_milestone, cycle_milestone.c.id == work_item.c.milestone_id)
        .join(unit, unit.c.id == work_item.c.unit_id)
        .where(work_item.c.cycle_id == desk.cycle_id, unit.c.path.startswith(path), work_item.c.state != State.EXCUSED)
        .group_by(cycle_milestone.c.stage)
    )  # fmt: skip
    made = [
        _Counts(Stage(stage), total, punctual, finished - punctual, overdue, last)
        for stage, total, punctual, finished, overdue, last in desk.connection.execute(query)
    ]
    return sorted(made, key=lambda one: STAGES.index(one.stage))


def _late(desk: Desk, path: str) -> list[ItemRow]:
    """Overdue items, the longest late first, then by name."""
    inside = work_item.c.unit_id.in_(sa.select(unit.c.id).where(unit.c.path.startswith(path)))
    mine = sa.and_(work_item.c.cycle_id == desk.cycle_id, inside, late_now(desk.now))
    rows = item_rows(desk.services, desk.connection, mine, desk.now)
    return sorted(rows, key=lambda one: (-one.standing.days, collation_key(one.unit_name)))


def _duties(late: Sequence[ItemRow]) -> tuple[Duty, ...]:
    return tuple(
        Duty(
            number=str(n), unit=one.unit_name, duty=f"{one.milestone.title} (mục {one.milestone.source.clause})",
            deadline=deadline_vi(one.last_day, one.last_moment) if one.last_day else "", standing=lower_first(one.standing.vi),
        )
        for n, one in enumerate(late, 1)
    )  # fmt: skip


def _stage(one: _Counts) -> StageProgress:
    numbers: dict[str, Any] = {
        "total": one.total, "on_time": one.on_time, "done_late": one.late_done, "waiting": one.waiting, "overdue": one.overdue,
    }  # fmt: skip
    deadline = deadline_vi(one.last_day, None) if one.last_day else "chưa có hạn"
    return StageProgress(
        stage=sentence(one.stage.vi), deadline=deadline, **{name: str(number) for name, number in numbers.items()}
    )  # fmt: skip


def _remarks(stages: Sequence[_Counts], late: Sequence[ItemRow]) -> tuple[str, ...]:
    total, done = sum(one.total for one in stages), sum(one.on_time + one.late_done for one in stages)
    late_done = sum(one.late_done for one in stages)
    said = [f"Đã xong {done} trong {total} việc, trong đó {late_done} việc xong muộn."]
    if late:
        units = len({one.unit_id for one in late})
        said.append(f"{len(late)} việc của {units} tổ chức, đơn vị đang quá hạn, lâu nhất {late[0].standing.days} ngày.")
    return tuple(said)


def _proposals(late: Sequence[ItemRow]) -> tuple[str, ...]:
    units = len({one.unit_id for one in late})
    return (f"Đôn đốc {units} tổ chức, đơn vị nêu ở mục II hoàn thành các việc quá hạn.",) if late else ()


def _what(desk: Desk) -> str:
    return f"kiểm điểm, đánh giá, xếp loại chất lượng {desk.period.vi}"


def _plan(desk: Desk) -> str:
    return cited_document(desk.known.plan.document)


def _at(desk: Desk, branch: Row) -> str:
    return "" if branch.id == desk.known.root_id else f" tại {branch.name}"
