"""Rules of review against tables worked out by hand from the documents: ``tests/golden/rules``.

Each case names the document and clause that decides it; where the answer is a refusal, it must cite exactly that clause.
"""

from __future__ import annotations

import csv
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from hanchot.domain.authority import Decided, Ratee, may_decide
from hanchot.domain.cited import Cited, Refusal
from hanchot.domain.dossier import Complete, Fact, Waiver, Whose, completeness
from hanchot.domain.eligibility import Eligible, Exempt, Leave, Needs, OtherTrack, PersonFacts, Standing, Stretch, standing_of
from hanchot.domain.instants import parse_instant
from hanchot.domain.places import Body, Holder, Organisation, Seat, collective_of, places_of
from hanchot.domain.plan import Plan
from hanchot.domain.quarters import bars_excellent, may_rate, missing_for_year
from hanchot.domain.rating_level import RatingLevel
from hanchot.domain.remediation import Carried, Outcome, Shortcoming, Where, open_plan, unanswered
from hanchot.domain.remediation import bars_excellent as shortcomings_bar
from hanchot.domain.review_order import Step, missing_before
from hanchot.domain.review_rules import ReviewRules
from hanchot.domain.session import Booked, Request, book
from hanchot.domain.stage import Stage
from hanchot.domain.topics import Ground, Topic, may_send
from hanchot.domain.unit import UnitKind
from hanchot.store.review_files import review_rules_of
from hanchot.store.workday_files import load_workdays

FOLDER = Path(__file__).parent.parent / "golden" / "rules"
Case = dict[str, Any]
rules_of = cache(review_rules_of)


def cases(name: str) -> list[Any]:
    """The rows of one table, each under its own words."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    rows: list[Case] = yaml.safe_load(text) if name.endswith(".yaml") else list(csv.DictReader(text.splitlines()))
    return [pytest.param(row, id=row.get("case") or " ".join(list(row.values())[:4])) for row in rows]


def cites(case: Case, *bases: Cited) -> None:
    """Every basis of the answer is the one that the table names."""
    for basis in bases:
        assert (basis.document, basis.clause) == (case["document"], case["clause"])


def refused(case: Case, refusals: tuple[Refusal, ...]) -> None:
    wanted = case["refused"] if isinstance(case["refused"], list) else [case["refused"]] * bool(case["refused"])
    assert [refusal.code for refusal in refusals] == wanted
    cites(case, *(refusal.basis for refusal in refusals))
    for refusal in refusals:
        assert refusal.message.endswith(".") and refusal.way_out.endswith(".")


def stretch(days: list[date | None] | None) -> Stretch | None:
    return Stretch(days[0], days[1]) if days and days[0] else None


def person(case: Case) -> PersonFacts:
    kinds = ("sick", "maternity")
    return PersonFacts(
        name="người ấy",
        admitted_on=case["admitted_on"],
        leads=case.get("leads", False),
        excused=stretch(case.get("excused")),
        suspended=stretch(case.get("suspended")),
        suspended_from_committee=stretch(case.get("suspended_from_committee")),
        temporary_cell=case.get("temporary_cell"),
        temporary_comment_on=case.get("temporary_comment_on"),
        leaves=tuple(Leave(kind, Stretch(*case[kind])) for kind in kinds if kind in case),
    )


@pytest.mark.parametrize("case", cases("who.yaml"))
def test_who_is_reviewed(case: Case) -> None:
    rules = rules_of(case["rules"]).eligibility
    answer: Standing = standing_of(person(case), case.get("as_of", date(2024, 12, 10)), rules, case.get("counted_to"))
    match answer:
        case Eligible(remarks):
            assert case["answer"] == "eligible"
            assert len(remarks) == case.get("remarks", 0)
            cites(case, *(remark.basis for remark in remarks))
        case Exempt(_, basis):
            assert case["answer"] == "exempt"
            cites(case, basis)
        case OtherTrack(_, basis):
            assert case["answer"] == "other-track"
            cites(case, basis)
        case Needs(missing):
            assert case["answer"] == "needs"
            refused(case | {"refused": [case["code"]]}, missing)


@pytest.mark.parametrize("case", cases("where.yaml"))
def test_where_a_person_is_reviewed(case: Case) -> None:
    seats = tuple(Seat(**{**seat, "body": Body(seat["body"])}) for seat in case.get("seats", ()))
    holder = Holder("người ấy", case["cell"], seats, case.get("party_group"))
    places = places_of(holder, rules_of(case["rules"]).places)
    assert [[place.where or "?", place.before, place.basis.clause] for place in places] == case["places"]
    assert {place.basis.document for place in places} == {case["document"]}


@pytest.mark.parametrize("case", cases("collectives.csv"))
def test_which_collective_is_reviewed_and_whether_it_is_rated(case: Case) -> None:
    organisation = Organisation("X", UnitKind(case["kind"]), case["has_standing"] == "yes", case["has_committee"] == "yes")
    collective = collective_of(organisation, rules_of(case["rules"]).places)
    assert collective is not None
    assert (collective.name, collective.rated) == (case["reviewed"], case["rated"] == "yes")
    cites(case, collective.basis)


@pytest.mark.parametrize("case", cases("order.yaml"))
def test_what_must_come_first(case: Case) -> None:
    having = frozenset(map(Step, case.get("having", Step)))
    done = frozenset(map(Step, case["done"]))
    step = Step(case["step"])
    missing = missing_before(step, done, rules_of(case["rules"]).order, having)
    wanted = {Step(name): tuple(where) for name, where in case["missing"].items()}
    assert {(r.basis.document, r.basis.clause) for r in missing} == set(wanted.values())
    assert len(missing) == len(wanted)
    for first in wanted:
        assert any(f"“{first.vi}”" in refusal.message for refusal in missing)


def request(case: Case, rules: ReviewRules) -> Request:
    agreed = rules.sessions.approvals.by if rules.sessions.approvals else ()
    return Request(
        unit="đơn vị X",
        starts=parse_instant(case["from"]),
        ends=parse_instant(case["to"]),
        registered_at=parse_instant(case["registered"]),
        papers_on=case.get("papers"),
        papers_to=frozenset(case.get("papers_to", rules.sessions.lead.to if rules.sessions.lead else ())),
        attends=tuple(case.get("attends", ())),
        in_charge=case.get("in_charge"),
        approved_by=frozenset(case.get("approved", agreed)),
        listed=case.get("listed", True),
        topics=case.get("topics", False),
        topic_half_days=case.get("topic_half_days"),
    )


@pytest.mark.parametrize("case", cases("sessions.yaml"))
def test_whether_a_meeting_may_be_booked(case: Case) -> None:
    rules = rules_of(case["rules"])
    others = [
        Booked(other["unit"], parse_instant(other["from"]), parse_instant(other["to"]), tuple(other["attends"]))
        for other in case.get("booked", ())
    ]
    answer = book(request(case, rules), others, rules.sessions, load_workdays())
    refused(case, () if isinstance(answer, Booked) else answer)


@pytest.mark.parametrize("case", cases("topics.csv"))
def test_whether_a_topic_may_be_sent(case: Case) -> None:
    day = date(2025, 11, 20)
    topic = Topic(
        "đơn vị X", case["words"], Ground(case["ground"]) if case["ground"] else None, "Ủy ban Kiểm tra",
        managed_here=case["ours"] == "yes", decided_by=case["decided_by"], decided_on=day if case["decided_by"] else None,
        number="7-CV" if case["decided_by"] else "",
    )  # fmt: skip
    refused(case, may_send(topic, rules_of(case["rules"]).topics))


@pytest.mark.parametrize("case", cases("authority.csv"))
def test_who_may_decide(case: Case) -> None:
    matrix = rules_of(case["rules"]).authority
    assert matrix is not None
    answer = may_decide(case["body"], Ratee(case["ratee"]), matrix)
    refused(case | {"refused": [] if case["answer"] == "may" else [case["answer"]]}, answer)
    assert all(case["holder"] in refusal.message for refusal in answer)


def whose(word: str) -> Whose:
    return {
        "tap-the": Whose("tập thể X", "collective"),
        "tap-the-minh": Whose("tập thể X", "collective", managed="here"),
        "tap-the-tren": Whose("tập thể X", "collective", managed="above"),
        "dang-vien": Whose("đảng viên X", "individual"),
        "can-bo": Whose("cán bộ X", "individual", cadre=True, managed="here"),
        "can-bo-tren": Whose("cán bộ X", "individual", cadre=True, managed="above"),
    }[word]


@pytest.mark.parametrize("case", cases("dossiers.yaml"))
def test_what_a_dossier_lacks(case: Case) -> None:
    checklist = rules_of(case["rules"]).dossier(case["list"])
    assert checklist is not None
    waivers = [Waiver(paper, reason, "Bí thư") for paper, reason in case.get("waived", {}).items()]
    answer = completeness(
        checklist, whose(case["whose"]), case["handed"], frozenset(map(Fact, case.get("facts", ()))),
        stage=Stage(case["stage"]), waivers=waivers,
    )  # fmt: skip
    missing = () if isinstance(answer, Complete) else answer.missing
    assert [f"({no})" for no in case["missing"]] == [refusal.message.split("thiếu ")[1].split()[0] for refusal in missing]
    cites(case, *(refusal.basis for refusal in missing))


@pytest.mark.parametrize("case", cases("quarters.csv"))
def test_what_quarters_do(case: Case) -> None:
    rules = rules_of(case["rules"]).quarters
    results = {n: RatingLevel(case[f"q{n}"]) for n in (1, 2, 3, 4) if case[f"q{n}"]}
    match case["question"]:
        case "rate":
            refused(case, may_rate(int(case["quarter"]), rules))
        case "year":
            refused(case, missing_for_year(results, rules))
        case "bar":
            refused(case, bars_excellent(results, rules))


def remedied(case: Case, rules: ReviewRules) -> tuple[Refusal, ...]:
    if "carried" in case:
        lines = [Carried("hạn chế", Outcome(state), who, evidence) for state, who, evidence in case["carried"]]
        return unanswered(lines, rules.remediation)
    if "earlier" in case:
        return shortcomings_bar([Carried("hạn chế", Outcome(state)) for state in case["earlier"]], rules.remediation)
    agreed = (date(2025, 12, 22), "Đảng ủy xã") if case["approved"] else (None, "")
    where = Where("khac-phuc-x", "chi bộ X", UnitKind.GRASSROOTS_CELL, UnitKind.COMMUNE_COMMITTEE, *agreed)
    answer = open_plan(DECIDED, where, [Shortcoming(*line) for line in case["lines"]], rules.remediation)
    return () if isinstance(answer, Plan) else answer


DECIDED = Decided(
    Ratee.GRASSROOTS_CELL, "chi bộ X", RatingLevel.GOOD, "btv", "12-QĐ/ĐU", date(2025, 12, 20), "A", "B",
    Cited(document="43-HD/BTCTW", clause="mục 3"),
)  # fmt: skip


@pytest.mark.parametrize("case", cases("remediation.yaml"))
def test_what_remediation_lacks(case: Case) -> None:
    refused(case, remedied(case, rules_of(case["rules"])))
