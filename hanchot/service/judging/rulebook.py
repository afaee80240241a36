"""The rules that one cycle is judged by: its regulation, its rules of review, and what the department has settled.

Where a text can be read in more than one way nothing is chosen for the department: it settles the doubt once for the
cycle, with a reason, before anything hangs on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from hanchot.domain.authority import Matrix, Ratee
from hanchot.domain.errors import NotFound, Refused
from hanchot.domain.plan import Plan
from hanchot.domain.quota import QuotaBase
from hanchot.domain.rating_level import RatingLevel
from hanchot.domain.regulation import Regulation, regulation_of
from hanchot.domain.renewed import AMENDED
from hanchot.domain.review_rules import ReviewRules
from hanchot.service import audit
from hanchot.service.book import book, cycle_id_of
from hanchot.service.services import Services
from hanchot.store.judging_tables import rating, settlement, subject
from hanchot.store.regulation_files import load_regulations
from hanchot.store.review_files import review_rules_of
from hanchot.store.tables import cycle

BASE, HIGHER, COUNTED_TO, AUTHORITY = "quota.base", "quota.higher", "eligibility.counted_to", "authority."


@dataclass(frozen=True)
class Rulebook:
    """``settled``: the department's answers by key; ``matrix`` has them in it. ``quarter`` None: the year's cycle."""

    cycle_id: int
    code: str
    is_open: bool
    year: int
    quarter: int | None
    root_id: int
    regulation: Regulation
    review: ReviewRules
    matrix: Matrix | None
    settled: Mapping[str, str]

    @property
    def base(self) -> QuotaBase | None:
        return QuotaBase(self.settled[BASE]) if BASE in self.settled else None

    @property
    def higher(self) -> bool:
        return HIGHER in self.settled

    @property
    def counted_to(self) -> date | None:
        """The local day to which the months since admission are counted; None while nobody has set it."""
        return date.fromisoformat(self.settled[COUNTED_TO]) if COUNTED_TO in self.settled else None


def rulebook(services: Services, connection: sa.Connection, cycle_id: int) -> Rulebook:
    """The rules of a cycle as they hold now. Raises ``NotFound`` when its plan names no known regulation."""
    known = book(services.db, connection, cycle_id)
    row = connection.execute(sa.select(cycle.c.state).where(cycle.c.id == cycle_id)).one()
    regulation, review = _texts(services, known.plan)
    answers = sa.select(settlement.c.key, settlement.c.value).where(settlement.c.cycle_id == cycle_id)
    settled = {key: value for key, value in connection.execute(answers)}
    chosen = {Ratee(key.removeprefix(AUTHORITY)): body for key, body in settled.items() if key.startswith(AUTHORITY)}
    matrix = review.authority.settled(chosen) if review.authority else None
    return Rulebook(
        cycle_id, known.code, row.state == "open", known.period.year, known.period.quarter, known.root_id, regulation,
        review, matrix, settled,
    )  # fmt: skip


def _texts(services: Services, plan: Plan) -> tuple[Regulation, ReviewRules]:
    """Files do not change while a process runs. A plan without rules of review of its own goes by its regulation's."""
    key = ("rules", plan.key, plan.regulation)
    if key not in services.db.remembered:
        regulation = regulation_of(plan, load_regulations(services.settings.own_calendars))
        services.db.remembered[key] = regulation, _review(plan, regulation)
    found: tuple[Regulation, ReviewRules] = services.db.remembered[key]
    return found


def _review(plan: Plan, regulation: Regulation) -> ReviewRules:
    amended = plan.key.partition(f"-{AMENDED}")[0]  # an amendment in mid-cycle goes on under the same rules,
    standing = plan.key.removesuffix(f"-{plan.year}")  # and guidance for every year has the same rules in each
    for key in (plan.key, amended, standing, regulation.key, *regulation.lineage):
        try:
            return review_rules_of(key)
        except NotFound:
            continue
    return ReviewRules(key=plan.key, basis=regulation.number)


def settle(services: Services, code: str, key: str, value: str, now: datetime, *, actor: str, reason: str) -> None:
    """Settle a doubt of the rules for one cycle: ``quota.base``, ``quota.higher``, ``authority.<ratee>`` or
    ``eligibility.counted_to``. Raises ``Refused`` without a reason, for an answer that the text does not allow, and for
    a ratio on which decided results already rest.
    """
    if not reason.strip():
        raise Refused("Chốt cách hiểu một quy định phải nêu căn cứ.", way_out="Nêu căn cứ, ví dụ số thông báo.")
    with services.db.write() as connection:
        rules = rulebook(services, connection, cycle_id_of(connection, code))
        _check(rules, key, value)
        if key.startswith("quota.") and _picked(connection, rules.cycle_id):
            raise Refused(f"Đợt “{code}” đã có kết quả xuất sắc được quyết định.", way_out="Mở lại các kết quả ấy trước.")
        row = {"value": value, "reason": reason, "settled_by": actor, "at": now}
        same = (settlement.c.cycle_id == rules.cycle_id) & (settlement.c.key == key)
        if connection.execute(sa.update(settlement).where(same).values(**row)).rowcount == 0:
            connection.execute(sa.insert(settlement).values(cycle_id=rules.cycle_id, key=key, **row))
        audit.record(
            connection, now, actor, "rules.settled", f"{code}:{key}", cycle_id=rules.cycle_id, was=rules.settled.get(key),
            became=value, reason=reason,
        )  # fmt: skip


def _check(rules: Rulebook, key: str, value: str) -> None:
    allowed = _answers(rules, key)
    if key == COUNTED_TO:
        try:
            date.fromisoformat(value)
        except ValueError:
            raise Refused(f"“{value}” không phải ngày.", way_out="Viết YYYY-MM-DD, ví dụ 2024-12-31.") from None
    elif value not in allowed:
        names = ", ".join(allowed) or "không có gì để chốt"
        raise Refused(f"“{key}” không nhận “{value}”.", way_out=f"Các cách văn bản cho phép: {names}.")


def _answers(rules: Rulebook, key: str) -> tuple[str, ...]:
    quota = rules.regulation.quota
    if key == BASE and quota:
        return tuple(quota.readings)
    if key == HIGHER and quota and quota.higher:
        return ("yes",)
    if key.startswith(AUTHORITY) and rules.matrix and key.removeprefix(AUTHORITY) in list(Ratee):
        return tuple(rules.matrix.bodies)
    return ()


def _picked(connection: sa.Connection, cycle_id: int) -> bool:
    found = (
        sa.select(rating.c.id)
        .join(subject, subject.c.id == rating.c.subject_id)
        .where(subject.c.cycle_id == cycle_id, rating.c.step == "decided", rating.c.level == RatingLevel.EXCELLENT)
    )
    return connection.execute(found.where(rating.c.current).limit(1)).first() is not None
