"""Whatever people do, in whatever order, at whatever time: the promises hold after every step.

A small model (a dict of states) follows the house; Hypothesis invents the year and shrinks what breaks it.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import sqlalchemy as sa
from hypothesis import HealthCheck, assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from hanchot import bootstrap
from hanchot.domain.errors import AlreadyDone, Refused
from hanchot.domain.instants import end_of, local_day
from hanchot.domain.work_item import FINISHED, State, standing
from hanchot.service import audit, items, moving
from hanchot.service.cycles import close_cycle, reopen_cycle
from hanchot.service.opening import open_cycle
from hanchot.service.progress import of
from hanchot.service.sweep import sweep
from hanchot.settings import Settings
from hanchot.store.tables import letter, work_item
from tests import look, plans
from tests.cast import settle

START = look.at("2024-11-18 07:00")
ITEMS = st.integers(1, 20)
BECOMES = {"submit": State.SUBMITTED, "return": State.RETURNED, "accept": State.ACCEPTED, "excuse": State.EXCUSED,
           "reopen": State.OPEN}  # fmt: skip
ABOUT_WORK = ("opened", "reminder", "due", "overdue", "escalation", "stage_opened", "chase")


class Year(RuleBasedStateMachine):
    """One cycle of twenty duties, and people who do as they like."""

    @initialize()
    def open_the_cycle(self) -> None:
        self.house = bootstrap.in_memory(Settings(_env_file=None))
        settle(self.house.db)
        open_cycle(self.house, plans.plan(), START)
        self.now: datetime = START
        self.closed = False
        self.dated: dict[str, date] = {}
        self.states = {row.id: State(row.state) for row in self._rows()}
        self.revisions = dict.fromkeys(self.states, 0)

    def teardown(self) -> None:
        if hasattr(self, "house"):
            self.house.db.close()

    def _rows(self) -> list[sa.Row[tuple[object, ...]]]:
        with self.house.db.read() as connection:
            return list(connection.execute(sa.select(work_item).order_by(work_item.c.id)))

    def _catch_up(self) -> None:
        """Order clauses let items wait or begin as a consequence; no item is finished or unfinished by them."""
        for row in self._rows():
            new = State(row.state)
            if new != self.states[row.id]:
                assert {new, self.states[row.id]} == {State.WAITING, State.OPEN}
                self.states[row.id] = new

    @rule(hours=st.sampled_from([1, 5, 24, 24, 72, 200]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        assume(self.now < look.at("2026-06-01 00:00"))

    @rule()
    def tick(self) -> None:
        with self.house.db.read() as connection:
            before = connection.execute(sa.select(sa.func.coalesce(sa.func.max(letter.c.id), 0))).scalar_one()
        sweep(self.house, self.now)
        assert sweep(self.house, self.now).nothing
        with self.house.db.read() as connection:
            new = connection.execute(sa.select(letter).where(letter.c.id > before)).all()
        for row in new:
            assert not self.closed
            if row.tone in ABOUT_WORK:
                assert self.states[row.item_id] not in FINISHED, (row.tone, row.rung)
        self._stages_fit()

    @rule(item=ITEMS, action=st.sampled_from(sorted(BECOMES)))
    def somebody_acts(self, item: int, action: str) -> None:
        was = self.states[item]
        try:
            items.act(self.house, item, action, self.now, actor="ai đó", reason="lý do")
        except Refused:
            self._catch_up()
            assert self.states[item] == was
        else:
            assert not self.closed
            self.states[item] = BECOMES[action]
            if action in ("return", "reopen"):  # work that is taken back may have to wait again
                self.states[item] = State(self._rows()[item - 1].state)
            self._catch_up()

    @rule(item=ITEMS, days=st.integers(-3, 30))
    def somebody_extends(self, item: int, days: int) -> None:
        until = local_day(self.now) + timedelta(days=days)
        try:
            items.extend(self.house, item, until, self.now, actor="ai đó", reason="bão")
        except Refused:
            assert self.closed or self.states[item] in FINISHED or end_of(until) <= self.now
        else:
            assert self._rows()[item - 1].last_day == until

    @rule(key=st.sampled_from(["chi-bo", "lich", "tham-dinh", "thong-bao"]), days=st.integers(0, 30))
    def the_department_sets_a_date(self, key: str, days: int) -> None:
        day = local_day(self.now) + timedelta(days=days)
        try:
            moving.set_date(self.house, "mau-2024", key, day, self.now, actor="Bình", reason="TB")
            assert self.dated.get(key) != day
            self.dated[key] = day
        except AlreadyDone:
            assert self.dated[key] == day
        except Refused:
            assert self.closed or end_of(day) <= self.now

    @rule(body=st.sampled_from(["YT", "BAO", "DUK"]), days=st.integers(0, 30))
    def a_meeting_is_called(self, body: str, days: int) -> None:
        day: date = local_day(self.now) + timedelta(days=days)
        try:
            moving.set_event(self.house, "mau-2024", body, "review-meeting", day, self.now, actor="Bình")
        except Refused:
            assert self.closed

    @precondition(lambda self: not self.closed)
    @rule()
    def the_cycle_is_closed(self) -> None:
        close_cycle(self.house, "mau-2024", self.now, actor="Bình", reason="tạm dừng")
        self.closed = True

    @precondition(lambda self: self.closed)
    @rule()
    def the_cycle_is_reopened(self) -> None:
        reopen_cycle(self.house, "mau-2024", self.now, actor="Bình", reason="làm tiếp", approver="An")
        self.closed = False

    @invariant()
    def the_books_agree(self) -> None:
        with self.house.db.read() as connection:
            assert look.counters_agree(connection)
        assert audit.check(self.house.db).broken_at is None

    @invariant()
    def each_letter_is_in_the_ledger_once(self) -> None:
        with self.house.db.read() as connection:
            keys = [tuple(row) for row in connection.execute(
                sa.select(letter.c.item_id, letter.c.cycle_id, letter.c.rung, letter.c.revision, letter.c.post_id)
            )]  # fmt: skip
        assert len(keys) == len(set(keys))

    @invariant()
    def items_are_what_the_model_says(self) -> None:
        for row in self._rows():
            assert row.state == self.states[row.id]
            assert row.revision >= self.revisions[row.id]  # a revision never goes back
            self.revisions[row.id] = row.revision
            if row.state in FINISHED or self.closed:
                assert row.next_action_at is None
            late = standing(State(row.state), row.last_day, row.last_moment, row.finished_at, self.now).is_late
            unfinished = row.state not in FINISHED
            assert late == (unfinished and row.last_moment is not None and self.now > row.last_moment)

    def _stages_fit(self) -> None:
        """After a sweep the first stage with work left is open, those before are closed, those after wait."""
        if self.closed:
            return
        states = list(look.stages(self.house).values())
        shown = of(self.house.db, "mau-2024", self.now)
        current = states.index("open") if "open" in states else len(states)
        assert states == ["closed"] * current + ["open"] * (current < len(states)) + ["pending"] * (len(states) - current - 1)
        assert (shown.stage is None) == (current == len(states))


Year.TestCase.settings = settings(
    max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestAnyOrder = Year.TestCase
