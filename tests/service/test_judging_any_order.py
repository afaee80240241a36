"""Whatever people decide, vote, reopen and settle, in whatever order: no state that can be reached breaks a rule.

The cell has ten members who are all appraised good; eight were voted good and four of these excellent, so that there are two
places at the start. Hypothesis invents the rest; the invariants are counted here by hand from the rows, not by the code
under test.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from hanchot import bootstrap
from hanchot.domain.errors import HanChotError
from hanchot.domain.rating_level import RatingLevel
from hanchot.service import audit
from hanchot.service.judging.ballots import confirm, enter
from hanchot.service.judging.deciding import (
    Paper,
    confirm_decision,
    decide,
    draft_decision,
    reopen,
    withdraw_decision,
)
from hanchot.service.judging.guards import Line
from hanchot.service.judging.ratings import Judgement, appraise, propose, self_rate
from hanchot.service.judging.rulebook import settle
from hanchot.settings import Settings
from hanchot.store.judging_tables import ballot, ballot_count, decision_line, rating
from hanchot.store.judging_tables import decision as decision_table
from hanchot.store.tables import letter
from tests.cast import settle as settle_cast
from tests.judging import CELL, CODE, DAY, EXCELLENT, FAIR, GOOD, NOW, appraised, both_rounds, cell_of, decision, minutes, voted

MEMBERS = st.integers(0, 9)
LEVELS = st.sampled_from(RatingLevel)
PEOPLE = st.sampled_from(["Hòa", "Lan", "An"])
REASONS = st.sampled_from([None, "", "có lý do"])


class Judging(RuleBasedStateMachine):
    """One cell, ten members, three people who do as they like."""

    @initialize()
    def the_cell_has_voted(self) -> None:
        self.house = bootstrap.in_memory(Settings(_env_file=None))
        settle_cast(self.house.db)
        self.members = cell_of(self.house, 10)
        appraised(self.house, self.members)
        settle(self.house, CODE, "quota.base", "good_including_picked", NOW, actor="Bình", reason="TB")
        both_rounds(self.house, self.members[:8], self.members[:4])
        self.minutes = 10
        self.drafts: list[int] = []
        self.frozen: dict[int, tuple[Any, ...]] = {}

    def teardown(self) -> None:
        if hasattr(self, "house"):
            self.house.db.close()

    @rule(one=MEMBERS, level=LEVELS, reason=REASONS, step=st.sampled_from([self_rate, propose, appraise]))
    def somebody_rates(self, one: int, level: RatingLevel, reason: str | None, step: Any) -> None:
        where = () if step is self_rate else (CELL,)
        self._try(lambda: step(self.house, self.members[one], *where, Judgement(level, reason=reason), NOW, actor="Bình"))

    @rule(one=MEMBERS, level=LEVELS, by=PEOPLE, confirmed=PEOPLE, unit=st.sampled_from([CELL, CELL, CELL, "BAO", "DUK-BTV"]))
    def somebody_decides(self, one: int, level: RatingLevel, by: str, confirmed: str, unit: str) -> None:
        said = decision(level, confirmed_by=confirmed, unit=unit)
        self._try(lambda: decide(self.house, self.members[one], said, NOW, actor=by))

    @rule(some=st.lists(MEMBERS, min_size=1, max_size=4, unique=True), level=LEVELS, by=PEOPLE, number=st.sampled_from("AB"))
    def somebody_drafts(self, some: list[int], level: RatingLevel, by: str, number: str) -> None:
        lines = tuple(Line(self.members[one], Judgement(level, reason="có lý do")) for one in some)
        made = self._try(lambda: draft_decision(self.house, Paper(CELL, number, DAY, lines), NOW, actor=by))
        self.drafts += [made.id] if made else []

    @rule(which=st.integers(0, 9), by=PEOPLE, keep=st.sampled_from([True, True, False]))
    def somebody_confirms_or_withdraws(self, which: int, by: str, keep: bool) -> None:
        if self.drafts:
            one = self.drafts[which % len(self.drafts)]
            if keep:
                self._try(lambda: confirm_decision(self.house, one, NOW, actor=by))
            else:
                self._try(lambda: withdraw_decision(self.house, one, NOW, actor=by, reason="ghi nhầm"))

    @rule(
        some=st.lists(st.integers(0, 3), min_size=1, max_size=4, unique=True),
        level=st.sampled_from([EXCELLENT, EXCELLENT, GOOD]),
    )
    def candidates_are_decided_properly(self, some: list[int], level: RatingLevel) -> None:
        for one in some:
            self._try(lambda one=one: decide(self.house, self.members[one], decision(level), NOW, actor="Hòa"))

    @rule(one=MEMBERS, level=st.sampled_from([GOOD, FAIR]))
    def one_is_voted_and_decided_anew(self, one: int, level: RatingLevel) -> None:
        self.minutes += 1
        said = minutes({self.members[one]: {level: 30}}, number=f"{self.minutes}-BB")
        voted(self.house, said)
        self._try(lambda: decide(self.house, self.members[one], decision(level), NOW, actor="Hòa"))

    @rule(one=MEMBERS)
    def one_is_voted_excellent_in_round_2(self, one: int) -> None:
        self.minutes += 1
        said = minutes({self.members[one]: {EXCELLENT: 30}}, number=f"{self.minutes}-BB", round=2)
        self._try(lambda: voted(self.house, said))

    @rule(one=MEMBERS, by=PEOPLE, approver=PEOPLE, reason=st.sampled_from(["", "khiếu nại"]))
    def somebody_reopens(self, one: int, by: str, approver: str, reason: str) -> None:
        self._try(lambda: reopen(self.house, self.members[one], NOW, actor=by, approver=approver, reason=reason))

    @rule(one=MEMBERS, level=LEVELS, votes=st.sampled_from([15, 16, 30]), number=st.sampled_from([1, 1, 2]),
          first=PEOPLE, second=PEOPLE, slip=st.booleans())  # fmt: skip
    def the_cell_votes(
        self, one: int, level: RatingLevel, votes: int, number: int, first: str, second: str, slip: bool
    ) -> None:
        self.minutes += 1
        who = self.members[one]
        said = minutes({who: {level: votes}}, number=f"{self.minutes}-BB", round=number, valid=votes, invalid=30 - votes)
        typed = minutes({who: {level: 30}}, number=f"{self.minutes}-BB", round=number) if slip else said
        made = self._try(lambda: enter(self.house, CODE, said, NOW, actor=first))
        if made:
            self._try(lambda: confirm(self.house, made.id, typed, NOW, actor=second))

    def _try(self, do: Any) -> Any:
        """A refusal is a sentence, never a fault of the database, and leaves no trace."""
        with self.house.db.read() as connection:
            was = self._counts(connection)
        try:
            return do()
        except HanChotError as said:
            assert said.message and said.way_out
            with self.house.db.read() as connection:
                assert self._counts(connection) == was
            return None

    def _counts(self, connection: sa.Connection) -> list[int]:
        return [
            connection.execute(sa.select(sa.func.count()).select_from(t)).scalar_one()
            for t in (rating, ballot, ballot_count, decision_table, letter)
        ]

    def _rows(self, table: sa.Table) -> list[Any]:
        with self.house.db.read() as connection:
            return list(connection.execute(sa.select(table).order_by(*table.primary_key.columns)))

    @invariant()
    def the_quota_holds(self) -> None:
        best: dict[int, str] = {}
        for row in self._rows(rating):
            if row.step == "appraised" and row.current:
                best[row.subject_id] = row.level
        last = {row.subject_id: row.level for row in self._rows(rating) if row.step == "decided"}
        best |= last
        good = sum(level in ("excellent", "good") for level in best.values())
        assert sum(level == "excellent" for level in last.values()) * 100 <= good * 20

    @invariant()
    def one_current_rating_at_each_step(self) -> None:
        keys = [(row.subject_id, row.step) for row in self._rows(rating) if row.current]
        assert len(keys) == len(set(keys))

    @invariant()
    def what_is_decided_stays_as_it_was(self) -> None:
        rows = {row.id: row for row in self._rows(rating) if row.step == "decided"}
        assert self.frozen.keys() <= rows.keys()
        for key, row in rows.items():
            kept = (row.subject_id, row.level, row.score, row.number, row.decided_on, row.unit_id, row.entered_by, str(row.why))
            assert self.frozen.setdefault(key, kept) == kept
            assert row.current or row.reopened_reason

    @invariant()
    def four_eyes(self) -> None:
        for row in self._rows(rating):
            if row.step == "decided":
                assert row.confirmed_by and row.confirmed_by != row.entered_by
                assert row.approved_by is None or row.approved_by != row.reopened_by
        for row in self._rows(ballot):
            assert row.confirmed_by != row.entered_by
            assert (row.state == "confirmed") == (row.confirmed_by is not None)

    @invariant()
    def a_confirmed_paper_is_decided_whole_and_any_other_not_at_all(self) -> None:
        decided = {row.id: row for row in self._rows(rating) if row.step == "decided"}
        papers = {row.id: row for row in self._rows(decision_table)}
        lines = self._rows(decision_line)
        for line in lines:
            of = papers[line.decision_id]
            assert (line.rating_id is not None) == (of.state == "confirmed") and line.pending == (of.state == "draft")
            if line.rating_id is not None:
                row = decided.pop(line.rating_id)
                assert (row.subject_id, row.level, row.number) == (line.subject_id, line.level, of.number)
                assert (row.entered_by, row.confirmed_by) == (of.drafted_by, of.confirmed_by)
        assert not decided, "nothing is decided without a paper"
        held = [line.subject_id for line in lines if line.pending]
        assert len(held) == len(set(held))

    @invariant()
    def each_confirmed_paper_is_told_once(self) -> None:
        told = [row.rung for row in self._rows(letter) if row.tone == "result"]
        assert sorted(told) == sorted(f"result-{row.id}" for row in self._rows(decision_table) if row.state == "confirmed")

    @invariant()
    def round_2_comes_after_round_1_and_only_for_the_good(self) -> None:
        counts: dict[tuple[int, int], dict[str, int]] = {}
        for row in self._rows(ballot_count):
            counts.setdefault((row.ballot_id, row.subject_id), {})[row.level] = row.votes
        ballots = self._rows(ballot)
        for second in (row for row in ballots if row.round == 2):
            for voted_on in (who for made, who in counts if made == second.id):
                firsts = [b for b in ballots if b.round == 1 and b.id < second.id and b.state == "confirmed"]
                of = [counts[b.id, voted_on] for b in firsts if (b.id, voted_on) in counts]
                assert of and of[-1]["good"] * 2 > 30

    @invariant()
    def nothing_is_decided_without_an_appraisal_and_a_vote(self) -> None:
        rows, confirmed = self._rows(rating), {row.id for row in self._rows(ballot) if row.state == "confirmed"}
        carried = {(c.subject_id, c.level) for c in self._rows(ballot_count) if c.ballot_id in confirmed and c.votes > 15}
        for row in rows:
            if row.step == "decided":
                assert any(r.step == "appraised" and r.subject_id == row.subject_id and r.id < row.id for r in rows)
                assert (row.subject_id, row.level) in carried

    @invariant()
    def the_chain_holds(self) -> None:
        assert audit.check(self.house.db).broken_at is None


Judging.TestCase.settings = settings(
    max_examples=15, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestJudgingInAnyOrder = Judging.TestCase
