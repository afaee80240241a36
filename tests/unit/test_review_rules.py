"""Rules of review: what the tables of ``tests/golden/rules`` do not say. Decisions, reopening, sets, remediation, files."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from hanchot.domain.authority import Decided, Draft, Matrix, Ratee, Reopening, decide, may_decide
from hanchot.domain.cited import Cited, Refusal
from hanchot.domain.collate import folded
from hanchot.domain.dossier import Receipt, not_together, sets_missing
from hanchot.domain.errors import BadPlan, NotFound
from hanchot.domain.instants import parse_instant
from hanchot.domain.places import Body, Holder, Seat, joint_session, open_places, places_of
from hanchot.domain.plan import Period, Plan, resolve_milestone
from hanchot.domain.quarters import notes_on
from hanchot.domain.rating_level import RatingLevel
from hanchot.domain.remediation import Outcome, Shortcoming, Where, carried_over, open_plan
from hanchot.domain.review_order import Step, missing_before
from hanchot.domain.session import Booked, opinions_missing
from hanchot.domain.stage import Stage
from hanchot.domain.topics import Ground, Topic, answered, issued
from hanchot.domain.unit import UnitKind
from hanchot.store.plan_files import plans_in
from hanchot.store.review_files import REVIEWS, load_review_rules, review_rules_of, schema_text
from hanchot.store.workday_files import load_workdays


def matrix(key: str = "khoi-binh-thuan-2024") -> Matrix:
    found = review_rules_of(key).authority
    assert found is not None
    return found


DRAFT = Draft(
    Ratee.GRASSROOTS_CELL, "chi bộ A", RatingLevel.GOOD, "btv-khoi", "35-QĐ/ĐUK", date(2025, 1, 10),
    proposed_by="chi-bo-co-so", entered_by="chị Lan", confirmed_by="anh Minh",
)  # fmt: skip


def codes(answer: object) -> list[str]:
    assert isinstance(answer, tuple)
    return [refusal.code for refusal in answer]


def test_a_decision_is_a_snapshot_with_number_date_body_and_clause() -> None:
    made = decide(DRAFT, matrix())
    assert isinstance(made, Decided)
    assert (made.number, made.decided_on, made.body, made.level) == ("35-QĐ/ĐUK", date(2025, 1, 10), "btv-khoi", "good")
    assert made.basis.vi == "211-KH/ĐUK III.2.1"


def test_a_decision_names_at_once_everything_that_stands_against_it() -> None:
    draft = replace(DRAFT, body="chi-bo-co-so", number=" ", confirmed_by="chị Lan")
    assert codes(decide(draft, matrix())) == ["no-authority", "same-proposer", "same-confirmer", "no-number"]


def test_a_refusal_says_who_may_decide_and_by_which_clause() -> None:
    (refusal,) = may_decide("bch-co-so", Ratee.GRASSROOTS_ORGANISATION, matrix())
    assert refusal.vi == (
        "ban chấp hành đảng bộ cơ sở không có thẩm quyền quyết định xếp loại đảng bộ cơ sở; chỉ được đề nghị, "
        "thẩm quyền thuộc Ban Thường vụ Đảng ủy Khối. Trình Ban Thường vụ Đảng ủy Khối xem xét, quyết định. "
        "[211-KH/ĐUK III.2.1]"
    )


def test_what_is_decided_changes_only_by_reopening_with_a_reason_and_another_approver() -> None:
    made = decide(DRAFT, matrix())
    assert isinstance(made, Decided)
    anew = replace(DRAFT, level=RatingLevel.FAIR, number="41-QĐ/ĐUK", decided_on=date(2025, 2, 3))
    assert codes(decide(anew, matrix(), earlier=made)) == ["already-decided"]
    bare = Reopening(reason=" ", asked_by="chị Lan", approved_by="chị Lan")
    assert codes(decide(anew, matrix(), earlier=made, leave=bare)) == ["no-reason", "same-approver"]
    leave = Reopening(reason="khiếu nại được chấp nhận", asked_by="chị Lan", approved_by="đồng chí Bí thư")
    again = decide(anew, matrix(), earlier=made, leave=leave)
    assert isinstance(again, Decided)
    assert (again.replaces, again.reason, made.level) == ("35-QĐ/ĐUK", "khiếu nại được chấp nhận", RatingLevel.GOOD)


def test_a_doubt_about_authority_holds_everybody_back_until_the_department_settles_it() -> None:
    open_matrix = matrix("quang-ngai-13-hd-tu")
    (refusal,) = may_decide("dang-uy-co-so", Ratee.MEMBER, open_matrix)
    assert "V.3" in refusal.message and "đảng ủy cơ sở, chi bộ trực thuộc" in refusal.way_out
    settled = open_matrix.settled({Ratee.MEMBER: "dang-uy-co-so"})
    assert may_decide("dang-uy-co-so", Ratee.MEMBER, settled) == ()
    assert codes(may_decide("chi-bo", Ratee.MEMBER, settled)) == ["no-authority"]
    with pytest.raises(ValueError, match="không có trong bodies"):
        open_matrix.settled({Ratee.MEMBER: "ai-do"})


def test_a_body_of_the_central_rule_is_the_plan_s_own_and_the_clause_stays_central() -> None:
    own = matrix("lung-phinh-2025")
    row = own.row(Ratee.GRASSROOTS_CELL)
    assert row is not None and row.decides is not None
    assert (own.bodies[row.decides], row.cited.vi) == ("Ban Thường vụ Đảng ủy xã", "43-HD/BTCTW mục 3")


def test_a_third_post_leaves_a_place_open_until_it_is_entered() -> None:
    rules = review_rules_of("quang-ngai-13-hd-tu").places
    seats = (Seat("Ban Thường vụ", Body.STANDING), Seat("lãnh đạo sở", Body.LEADERSHIP), Seat("lãnh đạo hội", Body.LEADERSHIP))
    holder = Holder("người ấy", "chi bộ sở", seats)
    assert codes(open_places(holder, places_of(holder, rules))) == ["place-not-decided"]
    entered = replace(holder, extra_places=("Ban Chỉ đạo",))
    assert places_of(entered, rules)[-1].where == "Ban Chỉ đạo"
    assert open_places(entered, places_of(entered, rules)) == ()


def test_a_joint_session_needs_every_leader_in_the_standing_committee() -> None:
    rules = review_rules_of("quang-ngai-13-hd-tu").places
    assert joint_session(frozenset("AB"), frozenset("ABC"), rules) == ()
    (refusal,) = joint_session(frozenset("ABD"), frozenset("ABC"), rules)
    assert refusal.message.startswith("Không họp kiểm điểm chung được: D ") and refusal.basis.clause == "II.3.1"
    (central,) = joint_session(frozenset("D"), frozenset("A"), review_rules_of("lung-phinh-2025").places)
    assert central.basis.vi == "366-QĐ/TW Điều 7"
    silent = review_rules_of("khoi-binh-thuan-2024").places
    assert codes(joint_session(frozenset("A"), frozenset("A"), silent)) == ["joint-unknown"]


def test_a_topic_that_was_sent_lengthens_the_review_and_must_be_answered() -> None:
    sent = Topic("đơn vị X", "làm rõ việc chậm", Ground.TASKS, "Văn phòng", sent_on=date(2025, 11, 21), number="7-CV/ĐU")
    unsent = replace(sent, sent_on=None, number="8-CV/ĐU")
    assert issued([sent, unsent], "đơn vị X") == (sent,)
    assert issued([sent], "đơn vị Y") == ()
    assert codes(answered([sent, unsent], [])) == ["topic-unanswered"]
    assert answered([sent, unsent], ["7-CV/ĐU"]) == ()


def test_who_attends_owes_an_opinion_on_the_rating() -> None:
    rules = review_rules_of("lung-phinh-2025").sessions
    start, end = parse_instant("2025-12-15T07:30"), parse_instant("2025-12-15T17:00")
    meeting = Booked("chi bộ thôn", start, end, ("A", "B"))
    (refusal,) = opinions_missing(meeting, ["A"], rules)
    assert refusal.message.startswith("B dự") and refusal.basis.clause == "VI.1.a"


def test_three_sets_go_to_three_places_each_with_a_receipt() -> None:
    for key in ("ho-so-quy", "ho-so-nam"):
        checklist = review_rules_of("lung-phinh-2025").dossier(key)
        assert checklist is not None
        receipts = {"noi-cong-tac": Receipt(date(2025, 12, 19)), "cap-tren": Receipt(date(2025, 12, 19), "112")}
        (refusal,) = sets_missing(checklist, receipts)
        assert "cơ quan tham mưu về công tác cán bộ" in refusal.message and refusal.basis.clause == "V.1"


def test_three_papers_leave_for_three_addressees_on_the_same_day() -> None:
    checklist = review_rules_of("thi-xa-2022").dossier("ho-so-gui-tinh")
    assert checklist is not None
    day = date(2022, 12, 28)
    sent = {"ho-so-xep-loai": day, "ke-khai-tai-san": day, "bo-sung-ly-lich": day}
    assert not_together(checklist, sent) == ()
    late = not_together(checklist, sent | {"ke-khai-tai-san": date(2022, 12, 27)})
    assert [r.message for r in late] == ["“Bản kê khai tài sản, thu nhập” phải gửi Ủy ban Kiểm tra Tỉnh ủy cùng lúc với hồ sơ."]


def remediation(lines: int = 2) -> Plan | tuple[Refusal, ...]:
    made = decide(DRAFT, matrix())
    assert isinstance(made, Decided)
    where = Where("khac-phuc-chi-bo-a", "Chi bộ A", UnitKind.GRASSROOTS_CELL, UnitKind.BLOC_COMMITTEE)
    told = [Shortcoming(f"bí mật {n}", "lập lịch", f"đồng chí {n}", date(2025, 3, 30 + n), "báo cáo quý") for n in range(lines)]
    return open_plan(made, where, told, review_rules_of("khoi-binh-thuan-2024").remediation)


def test_a_decided_result_opens_a_plan_whose_milestones_are_ordinary_ones() -> None:
    plan = remediation()
    assert isinstance(plan, Plan)
    assert {m.stage for m in plan.milestones} == {Stage.REMEDIATE}
    first, second = (resolve_milestone(plan, m, Period(year=2025), load_workdays()) for m in plan.milestones)
    assert (first.last_day, second.last_day) == (date(2025, 3, 30), date(2025, 3, 31))
    assert plan.milestones[0].roles.carries_out == ("đồng chí 0",)
    assert plan.ladder_of(plan.milestones[0]) == plan.ladder


def test_a_letter_can_never_tell_a_shortcoming_because_no_milestone_holds_its_words() -> None:
    plan = remediation()
    assert isinstance(plan, Plan)
    assert "bí mật" not in plan.model_dump_json()


def test_the_next_review_takes_nothing_for_fixed_because_its_date_has_passed() -> None:
    (line,) = carried_over([Shortcoming("chậm báo cáo", "lập lịch", "bí thư", date(2025, 3, 31))])
    assert line.outcome is Outcome.UNKNOWN


def test_the_contradiction_about_the_fourth_quarter_is_shown() -> None:
    (note,) = notes_on({}, review_rules_of("lung-phinh-2025").quarters)
    assert note.words.startswith("Quý IV") and note.basis.clause == "I.2"


def test_two_failed_quarters_in_a_row_are_a_note_that_nobody_has_verified() -> None:
    rules = review_rules_of("02-hd-btctw").quarters
    fail, good = RatingLevel.FAIL, RatingLevel.GOOD
    assert [note.basis.unverified for note in notes_on({1: good, 2: fail, 3: fail}, rules)] == [True]
    assert notes_on({1: fail, 2: good, 3: fail}, rules) == ()


# Files


@pytest.mark.parametrize("plan", plans_in(), ids=lambda plan: plan.key)
def test_every_delivered_plan_has_rules_of_review(plan: Plan) -> None:
    assert review_rules_of(plan.key).key == plan.key


@pytest.mark.parametrize("plan", plans_in(), ids=lambda plan: plan.key)
def test_the_rules_fall_back_on_the_regulation_that_the_plan_names(plan: Plan) -> None:
    (central,) = load_review_rules(REVIEWS / f"{plan.key}.yaml").silent
    assert central == folded(plan.regulation or "").replace("/", "-")


def test_a_central_rule_fills_a_silence_and_is_shown_as_what_it_is() -> None:
    own, filled = load_review_rules(REVIEWS / "lung-phinh-2025.yaml"), review_rules_of("lung-phinh-2025")
    assert own.sessions.duration is None and filled.sessions.duration is not None
    assert filled.sessions.duration.cited.document == "43-HD/BTCTW"
    (before,) = missing_before(Step.HEAD, frozenset({Step.COLLECTIVE}), review_rules_of("thi-xa-2022").order) or (None,)
    assert before is None  # nothing said in 132-QĐ/TW as we have it
    (unseen,) = missing_before(Step.OTHERS, frozenset({Step.COLLECTIVE}), review_rules_of("thi-xa-2022").order)
    assert unseen.basis.vi == "132-QĐ/TW trình tự kiểm điểm (chưa kiểm chứng)"


def test_rules_that_change_change_the_answer(tmp_path: Path) -> None:
    """The tables are worth something: with five days made four, the case that was refused is no longer."""
    for path in REVIEWS.glob("*.yaml"):
        text = path.read_text(encoding="utf-8").replace("days: 5, listed_only", "days: 4, listed_only")
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    before, after = review_rules_of("khoi-binh-thuan-2024").sessions.lead, review_rules_of("khoi-binh-thuan-2024", tmp_path)
    assert before and before.days == 5 and after.sessions.lead and after.sessions.lead.days == 4


BROKEN = {
    "a row without a decider": ("decides: btv-khoi, cited", "cited", "không có người quyết định"),
    "a body that nobody names": ("decides: btv-khoi", "decides: btv-la", "nhắc “btv-la” không có trong bodies"),
    "two rows for one subject": ("subject: member_of_grassroots_cell", "subject: member", "có hai dòng thẩm quyền: member"),
    "a paper that is left out": ("no: 2", "no: 3", "số thứ tự phải là 1 đến 2"),
    "a citation without clause": ('"211-KH/ĐUK, I.2"', "211-KH/ĐUK", "thiếu điều, mục"),
    "an order in a circle": ("first: appraisal_report, then: deciding_meeting",
                             "first: self_rating_vote, then: temporary_comment", "trình tự kiểm điểm đi vòng"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_with_its_line(name: str, tmp_path: Path) -> None:
    old, new, said = BROKEN[name]
    text = (REVIEWS / "khoi-binh-thuan-2024.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "hong.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadPlan, match=r"dòng \d+") as refused:
        load_review_rules(path)
    assert said in str(refused.value)


def test_an_unknown_basis_is_named_with_those_that_there_are() -> None:
    with pytest.raises(NotFound, match=r"Không thấy quy tắc kiểm điểm “999-qd-tw”.*366-qd-tw"):
        review_rules_of("999-qd-tw")


def test_bases_that_refer_to_each_other_are_refused(tmp_path: Path) -> None:
    for key, other in (("mot", "hai"), ("hai", "mot")):
        (tmp_path / f"{key}.yaml").write_text(f"schema: 1\nkey: {key}\nbasis: X\nsilent: [{other}]\n", encoding="utf-8")
    with pytest.raises(BadPlan, match="mot → hai → mot"):
        review_rules_of("mot", tmp_path)


def test_the_schema_file_is_current() -> None:
    assert (REVIEWS / "schema.json").read_text(encoding="utf-8") == schema_text(), "chạy python -m hanchot.store.review_files"


def test_a_short_citation_reads_like_a_long_one() -> None:
    assert Cited.model_validate("366-QĐ/TW, Điều 11?") == Cited(document="366-QĐ/TW", clause="Điều 11", unverified=True)
