"""Whatever a meeting tries in whatever order, the guards let no forbidden result through (13-HD/TU V, PL.3)."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from hanchot.domain.ballot import ClosedRound, Entry, Outcome, Tally, faults, may_vote, outcome, reconcile
from hanchot.domain.quota import Counted, QuotaBase, places, refuse_over
from hanchot.domain.rating_level import RatingLevel
from hanchot.store.regulation_files import find_regulation
from tests.rules import vote_rules

RULES = vote_rules()
QUOTA = find_regulation("13-hd-tu").quota
CONVENED = 9
MEMBERS = tuple("ABCDEFGHIJ")
members = st.sampled_from(MEMBERS)
votes = st.integers(min_value=0, max_value=CONVENED + 1)
# Mostly counts that can be true, or few meetings would come as far as the second round.
counts = st.integers(0, CONVENED).map(lambda yes: (yes, CONVENED - yes)) | st.tuples(votes, votes)


class Meeting(RuleBasedStateMachine):
    """A cell votes on its members; every step asks the guard, as a page would, and does nothing where it refuses."""

    def __init__(self) -> None:
        super().__init__()
        self.first: dict[str, Outcome] = {}
        self.closed: ClosedRound | None = None
        self.second: dict[str, Outcome] = {}
        self.excellent: set[str] = set()

    @initialize(agreed=st.sets(members, min_size=5) | st.just(set[str]()), best=st.sets(members))
    def vote_on_those_whom_all_agree_on(self, agreed: set[str], best: set[str]) -> None:
        for who in sorted(agreed):
            self.vote_good(who, (CONVENED, 0), 0)
        if best:
            self.close_first_round()
        for who in sorted(best):
            self.vote_excellent(who, (CONVENED, 0))

    @rule(who=members, said=counts, slip=st.sampled_from([0, 0, 0, 1]))
    def vote_good(self, who: str, said: tuple[int, int], slip: int) -> None:
        levels = (RatingLevel.GOOD, RatingLevel.FAIR)
        if self.closed is None and (found := self._count(1, levels, said, slip)):
            self.first[who] = found

    @rule()
    def close_first_round(self) -> None:
        if self.closed is None and self.first:
            self.closed = ClosedRound(1, dict(self.first))

    @rule(who=members, said=counts)
    def vote_excellent(self, who: str, said: tuple[int, int]) -> None:
        levels = (RatingLevel.EXCELLENT, RatingLevel.GOOD)
        if who in self.excellent:
            return  # what has been picked is settled; to vote again would mean to reopen it
        if not may_vote(who, 2, self.closed, RULES) and (found := self._count(2, levels, said, 0)):
            self.second[who] = found

    @rule(who=members)
    def pick(self, who: str) -> None:
        carried = who in self.second and self.second[who].level is RatingLevel.EXCELLENT
        if carried and not self._over(self.excellent | {who}):
            self.excellent.add(who)

    def _count(self, number: int, levels: tuple[RatingLevel, ...], said: tuple[int, int], slip: int) -> Outcome | None:
        one, other = self._tally(levels, *said), self._tally(levels, said[0] + slip, said[1])
        if faults(one, RULES, number) or reconcile(Entry(one, "Lan"), Entry(other, "Minh")):
            return None
        return outcome(one, RULES)

    @staticmethod
    def _tally(levels: tuple[RatingLevel, ...], yes: int, no: int) -> Tally:
        cast = yes + no
        return Tally(CONVENED, min(cast, CONVENED + 1), cast, cast, cast, 0, dict(zip(levels, (yes, no), strict=True)))

    def _good(self) -> set[str]:
        carried = self.closed.outcomes if self.closed else {}
        return {who for who, found in carried.items() if found.level is RatingLevel.GOOD}

    def _over(self, picked: set[str]) -> bool:
        assert QUOTA is not None
        settled = QuotaBase.GOOD_INCLUDING_PICKED
        return bool(refuse_over(places(Counted(len(self._good())), QUOTA, settled=settled), len(picked)))

    @invariant()
    def excellent_were_good_before_and_carried_by_more_than_half_of_those_convened(self) -> None:
        assert self.excellent <= self._good()
        for who in self.excellent:
            assert 2 * self.second[who].votes > CONVENED

    @invariant()
    def excellent_fit_the_quota(self) -> None:
        assert 100 * len(self.excellent) <= 20 * len(self._good())

    @invariant()
    def nothing_is_voted_in_the_second_round_before_the_first_is_closed(self) -> None:
        assert not self.second or self.closed


Meeting.TestCase.settings = settings(max_examples=60, stateful_step_count=60, deadline=None)
TestMeeting = Meeting.TestCase
