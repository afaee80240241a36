"""Xã Tân Lập, an invented commune whose season is half over: what the pictures of the guides show."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from hanchot.domain.errors import HanChotError
from hanchot.domain.plan import Plan
from hanchot.service import clockwork, sample
from hanchot.service.dossiers import Which, complete_on_paper, hand_in
from hanchot.service.items import act, act_in
from hanchot.service.judging.refusing import Forbidden
from hanchot.service.mail.deliver import deliver
from hanchot.service.meetings import Which as MeetingOf
from hanchot.service.meetings import Wish, book_meeting
from hanchot.service.more_time import ask
from hanchot.service.opening import open_cycle
from hanchot.service.people import Habits
from hanchot.service.services import Services
from hanchot.service.sweep import sweep
from hanchot.store.db import Row
from hanchot.store.tables import cycle_milestone, person, post, tenure, unit, work_item
from tests.commune import PDF
from tests.look import at, item_id
from tests.plans import duty

CODE = "tan-lap-2026"
OPENED = "2026-11-16 07:00"  # a Monday
TODAY = "2026-12-16 08:12"  # the Wednesday two days after the committees were due
HABITS = Habits(overrun=0.3, seed=9)
CELLS = ["grassroots_cell", "cell", "cell_of_section"]
BODIES = ["grassroots_committee", "grassroots_cell"]


def plan() -> Plan:
    """What the commune's committee has issued: six steps from the assignment of tasks to the remediation."""
    by = {"kind": "by"}
    return Plan.model_validate(
        {
            "schema": 1, "key": CODE, "organiser": "commune_committee", "year": 2026, "regulation": "366-QĐ/TW",
            "document": {
                "kind": "plan", "number": "18-KH/ĐU", "issuer": "Đảng ủy xã Tân Lập", "year": 2026, "issued_on": "2026-11-13",
                "title": "Kế hoạch kiểm điểm, đánh giá, xếp loại chất lượng năm 2026",
            },
            "milestones": (
                _named("Phân công theo dõi, gửi mẫu báo cáo", duty("phan-cong", "prepare", ["organisation_department"],
                       by | {"date": "2026-11-20"})),
                _named("Chuẩn bị báo cáo và bản kiểm điểm", duty("chuan-bi", "prepare", BODIES, by | {"date": "2026-11-30"})),
                _named("Kiểm điểm đảng viên ở chi bộ", duty("chi-bo", "self_assess", CELLS, by | {"date": "2026-12-09"})),
                _named("Kiểm điểm tập thể đảng ủy cơ sở", duty("co-so", "self_assess", ["grassroots_committee"],
                       by | {"date": "2026-12-14"}, "chi-bo/below")),
                _named("Gửi hồ sơ đề nghị xếp loại", duty("ho-so", "self_assess", [*BODIES, "cell"],
                       {"kind": "before", "date": "2026-12-19"}, dossier="ho-so-trung-uong")),
                _named("Thẩm định hồ sơ", duty("tham-dinh", "appraise", ["organisation_department"],
                       by | {"date": "2026-12-28"}, "ho-so/all")),
                _named("Quyết định xếp loại", duty("quyet-dinh", "decide", ["standing_committee"],
                       by | {"date": "2027-01-08"}, "tham-dinh/all", provides="result")),
                _named("Thông báo kết quả", duty("thong-bao", "notify", ["organisation_department"],
                       by | {"date": "2027-01-15"}, "quyet-dinh/all")),
                _named("Lập kế hoạch khắc phục", duty("khac-phuc", "remediate", BODIES,
                       {"kind": "after", "days": 10, "working_days": True, "anchor": "result"}, "quyet-dinh/all")),
            ),
        }
    )  # fmt: skip


def _named(title: str, made: dict[str, object]) -> dict[str, object]:
    return made | {"title": title}


@dataclass(frozen=True)
class Village:
    """Whom the pictures follow: a secretary with one cell ``cell`` whose dossier ``item`` is due, and who is above.

    ``done`` is what the cell has handed in already; ``late_item`` is another's, and overdue.
    """

    head: str
    secretary: str
    superior: str
    cell: str
    item: int
    done: int
    late_item: int


def settled(house: Services) -> None:
    """The commune's bodies and people, and its cycle, opened; nothing has happened yet."""
    sample.make(house.db, "commune", seed=4, now=at(OPENED))
    with house.db.write() as connection:
        for column, old, new in ((unit.c.name, "xã (mẫu)", "xã Tân Lập"), (unit.c.code, "MAU-XA-S4", "TL")):
            connection.execute(sa.update(unit).values({column: sa.func.replace(column, old, new)}))
    open_cycle(house, plan(), at(OPENED))


def live(house: Services) -> None:
    """The weeks from the opening to this morning: sweeps and post by day, people at work in the evening."""
    for now, evening in clockwork.moments(at(OPENED).date(), at(TODAY).date()):
        if now > at(TODAY):
            break
        if evening:
            _work(house, now)
        else:
            sweep(house, now)
            with ThreadPoolExecutor(1) as aside:  # Playwright keeps a loop of its own running in this thread
                aside.submit(asyncio.run, deliver(house, now)).result()


def _work(house: Services, now: datetime) -> None:
    """Whoever means to finish something today does, in their own name."""
    for one in _open_items(house):
        if one.last_day is None or not _means_to(one, now.astimezone(at(OPENED).tzinfo).date()):
            continue
        try:
            act(house, one.id, "submit", now, actor=one.holder)
        except Forbidden:
            with house.db.write() as connection:
                if complete_on_paper(house, connection, one.id, "tủ hồ sơ chi bộ", now, actor=one.holder):
                    act_in(house, connection, one.id, "submit", now, actor=one.holder)
        except HanChotError:
            continue  # it must wait for others


def _means_to(one: Row, today: date) -> bool:
    return HABITS.finishes_on(one.code, one.key, one.last_day) <= today


def _open_items(house: Services) -> Iterable[Row]:
    query = (
        sa.select(
            work_item.c.id, work_item.c.last_day, unit.c.code, unit.c.kind, unit.c.name, cycle_milestone.c.key,
            person.c.id.label("person_id"), person.c.name.label("holder"),
        )
        .join(unit, unit.c.id == work_item.c.unit_id)
        .join(cycle_milestone, cycle_milestone.c.id == work_item.c.milestone_id)
        .join(post, post.c.unit_id == unit.c.id)
        .join(tenure, tenure.c.post_id == post.c.id)
        .join(person, person.c.id == tenure.c.person_id)
        .where(work_item.c.state == "open", post.c.role.in_(("secretary", "head")))
        .order_by(work_item.c.id)
    )  # fmt: skip
    with house.db.read() as connection:
        return list(connection.execute(query))


def village(house: Services) -> Village:
    """Whom to follow this morning, and the little that has happened beside the plan: a paper, meetings, a request."""
    rows = list(_open_items(house))
    behind = {row.code for row in rows if row.key in ("chi-bo", "co-so")}
    busy = Counter(row.holder for row in rows if row.key == "ho-so")
    sending = [row for row in rows if row.key == "ho-so" and row.code not in behind and busy[row.holder] == 1]
    doing = next(row for row in sending if row.kind == "cell")
    other, *meeting = [row for row in sending if row.name.startswith("Chi bộ thôn")][:5]
    head = _holder(house, unit.c.kind == "organisation_department")
    _received(house, head)
    paper = Which(CODE, doing.code, "ho-so-trung-uong")
    hand_in(house, paper, "ban-kiem-diem", PDF, "báo cáo kiểm điểm.pdf", at("2026-12-15 20:05"), actor=doing.holder)
    why = "Bí thư đi điều trị, cuối tuần mới về."
    ask(house, other.id, date(2026, 12, 21), why, at("2026-12-15 19:40"), actor=other.holder, person_id=other.person_id)
    for number, row in enumerate(meeting):
        starts = at(f"2026-12-{17 + number // 2} 07:30")
        wish = Wish(starts, starts + timedelta(hours=9), f"Nhà văn hóa {row.name.removeprefix('Chi bộ ')}")
        book_meeting(house, MeetingOf(CODE, row.code), wish, at("2026-12-14 09:00"), actor=row.holder)
    late = next(row for row in rows if row.key == "chi-bo" and row.last_day < at(TODAY).date())
    done = item_id(house, doing.code, "chi-bo", CODE)
    superior = _holder(house, unit.c.kind == "commune_committee")
    return Village(head, doing.holder, superior, doing.code, doing.id, done, late.id)


def _received(house: Services, head: str) -> None:
    """What was handed in until Friday has been looked at."""
    of = work_item.c.state == "submitted", work_item.c.finished_at < at("2026-12-12 00:00")
    with house.db.read() as connection:
        numbers = list(connection.execute(sa.select(work_item.c.id).where(*of)).scalars())
    for number in numbers:
        with suppress(HanChotError):
            act(house, number, "accept", at("2026-12-14 10:00"), actor=head)


def _holder(house: Services, where: sa.ColumnElement[bool]) -> str:
    query = (
        sa.select(person.c.name)
        .join(tenure, tenure.c.person_id == person.c.id)
        .join(post, post.c.id == tenure.c.post_id)
        .join(unit, unit.c.id == post.c.unit_id)
        .where(where, post.c.role.in_(("secretary", "head")))
        .order_by(unit.c.id)
    )
    with house.db.read() as connection:
        return str(connection.execute(query).scalars().first())
