"""What must hold of the rules of review whatever comes: no circles, no clash, nobody decides beside the one who may."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanchot.domain.authority import Matrix, may_decide
from hanchot.domain.cited import Cited
from hanchot.domain.dossier import Checklist, Complete, Fact, Whose, completeness, wanted
from hanchot.domain.eligibility import EligibilityRules, Eligible, NewMembers, PersonFacts, months_complete_on, standing_of
from hanchot.domain.review_order import Precedence, ReviewOrder, Step, missing_before, steps_in_order
from hanchot.domain.session import Booked, LeadTime, Request, SessionRules, book, first_week, half_days, latest_papers
from hanchot.domain.stage import STAGES, Stage
from hanchot.store.review_files import REVIEWS, review_rules_of
from hanchot.store.workday_files import load_workdays

KEYS = sorted(path.stem for path in REVIEWS.glob("*.yaml"))
RULES = {key: review_rules_of(key) for key in KEYS}
WORKDAYS = load_workdays()
CITED = Cited(document="13-HD/TU", clause="V")
keys = st.sampled_from(KEYS)
step_sets = st.frozensets(st.sampled_from(list(Step)), min_size=1)
instants = st.integers(0, 3 * 365 * 48).map(lambda halves: datetime(2023, 1, 1, tzinfo=UTC) + timedelta(minutes=30 * halves))
days = st.dates(date(2023, 1, 1), date(2026, 6, 30))


def leads_to(order: ReviewOrder, first: Step) -> set[Step]:
    """Every step that must come after ``first``, found the long way."""
    found: set[Step] = set()
    reached = [first]
    while reached:
        now = reached.pop()
        for edge in order.edges:
            if edge.first == now and edge.then not in found:
                found.add(edge.then)
                reached.append(edge.then)
    return found


@given(keys, step_sets)
def test_an_order_of_the_steps_breaks_no_rule_and_leaves_none_out(key: str, steps: frozenset[Step]) -> None:
    order = RULES[key].order
    done: set[Step] = set()
    for step in steps_in_order(order, steps):
        assert missing_before(step, frozenset(done), order, steps) == ()
        done.add(step)
    assert done == steps


@given(keys, step_sets, st.randoms())
def test_a_step_is_refused_exactly_when_one_that_comes_before_it_is_not_done(
    key: str, steps: frozenset[Step], chance: random.Random
) -> None:
    order = RULES[key].order
    walk = sorted(steps)
    chance.shuffle(walk)
    for n, step in enumerate(walk):
        done = frozenset(walk[:n])
        unmet = {other for other in steps - done if step in leads_to(order, other)}
        assert bool(missing_before(step, done, order, steps)) == bool(unmet)


@given(st.lists(st.tuples(st.sampled_from(list(Step)), st.sampled_from(list(Step))), max_size=12))
def test_rules_that_run_in_a_circle_cannot_be_born(pairs: list[tuple[Step, Step]]) -> None:
    edges = tuple(Precedence(first=first, then=then, cited=CITED) for first, then in pairs)
    loose = ReviewOrder.model_construct(edges=edges)
    circle = any(first in leads_to(loose, first) for first in Step)
    if circle:
        with pytest.raises(ValueError, match="đi vòng"):
            ReviewOrder(edges=edges)
    else:
        assert len(ReviewOrder(edges=edges).edges) == len(pairs)


requests = st.builds(
    lambda unit, starts, hours, attends: Request(
        f"đơn vị {unit}", starts, starts + timedelta(hours=hours), starts, attends=tuple(sorted(attends))
    ),
    st.integers(1, 30),
    st.integers(0, 60).map(lambda hour: datetime(2024, 12, 2, tzinfo=UTC) + timedelta(hours=hour)),
    st.integers(1, 20),
    st.frozensets(st.sampled_from("ABC"), max_size=2),
)


@given(st.lists(requests, max_size=12))
def test_nobody_is_ever_booked_in_two_places_at_once(asked: list[Request]) -> None:
    schedule: dict[str, Booked] = {}
    for request in asked:
        answer = book(request, schedule.values(), SessionRules(), WORKDAYS)
        if isinstance(answer, Booked):
            schedule[answer.unit] = answer
    held = list(schedule.values())
    for n, one in enumerate(held):
        for other in held[n + 1 :]:
            apart = one.ends <= other.starts or other.ends <= one.starts
            assert apart or not set(one.attends) & set(other.attends)


@given(days, st.integers(0, 10))
def test_working_days_of_lead_are_really_between_papers_and_meeting(meeting: date, lead: int) -> None:
    rule = LeadTime(what="Tài liệu", days=lead, working_days=True, cited=CITED)
    last = latest_papers(meeting, rule, WORKDAYS)
    assert WORKDAYS.between(last - timedelta(days=1), meeting - timedelta(days=1)) == lead or lead == 0


@given(instants, instants)
def test_registering_later_never_gives_an_earlier_week(one: datetime, other: datetime) -> None:
    rule = RULES["huyen-2023"].sessions.booking
    assert rule is not None
    early, late = sorted((one, other))
    assert first_week(early, rule) <= first_week(late, rule)
    assert first_week(early, rule).isoweekday() == 1


@given(instants, st.integers(1, 200), st.integers(0, 50))
def test_a_longer_meeting_never_counts_fewer_half_days(starts: datetime, quarters: int, more: int) -> None:
    short = starts + timedelta(minutes=15 * quarters)
    assert 1 <= half_days(starts, short) <= half_days(starts, short + timedelta(minutes=15 * more))


@given(days, days, st.integers(0, 400))
def test_whoever_is_old_enough_stays_so(admitted: date, counted_to: date, later: int) -> None:
    rules = EligibilityRules(new_members=NewMembers(months=6, cited=CITED))
    person = PersonFacts("người ấy", admitted)
    enough = isinstance(standing_of(person, counted_to, rules, counted_to), Eligible)
    assert enough == (months_complete_on(admitted, 6) <= counted_to)
    if enough:
        assert isinstance(standing_of(person, counted_to, rules, counted_to + timedelta(days=later)), Eligible)


CHECKLISTS = [checklist for rules in RULES.values() for checklist in rules.dossiers]
whoses = st.builds(
    lambda kind, member, cadre, managed: Whose("X", kind, member, cadre, managed),
    st.sampled_from(["collective", "individual"]),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["none", "above", "here"]),
)


@given(st.sampled_from(CHECKLISTS), whoses, st.frozensets(st.sampled_from(list(Fact))), st.sampled_from(STAGES), st.data())
def test_a_paper_handed_in_only_ever_helps(
    checklist: Checklist, whose: Whose, facts: frozenset[Fact], stage: Stage, data: st.DataObject
) -> None:
    required = {item.paper.key for item in wanted(checklist, whose, facts, stage) if item.required}
    handed = data.draw(st.frozensets(st.sampled_from([paper.key for paper in checklist.papers])))
    answer = completeness(checklist, whose, handed, facts, stage=stage)
    missing = 0 if isinstance(answer, Complete) else len(answer.missing)
    assert missing == len(required - handed)
    bare = {item.paper.key for item in wanted(checklist, whose, frozenset(), stage) if item.required}
    assert bare <= required  # a fact can only ask for more
    assert not any(checklist.paper(key).only_if for key in bare)  # “(nếu có)” never blocks by itself


MATRICES = [rules.authority for rules in RULES.values() if rules.authority]


@pytest.mark.parametrize("matrix", MATRICES)
def test_exactly_one_body_decides_each_row_or_none_while_it_is_in_doubt(matrix: Matrix) -> None:
    for row in matrix.rows:
        may = [body for body in matrix.bodies if not may_decide(body, row.subject, matrix)]
        assert may == ([] if row.doubt else [row.decides])
