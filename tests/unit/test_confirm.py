"""A draft and what people decided become a plan, or the list of what is missing. Nothing is taken over by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from hanchot.domain.confirm import confirm, proposed_answer, proposed_head
from hanchot.domain.deadline import By, Unset, Weekly
from hanchot.domain.decisions import Added, Answer, Decision, Decisions, Head
from hanchot.domain.draft import Draft
from hanchot.domain.plan import Plan, Provenance
from hanchot.domain.proposal import propose
from hanchot.domain.stage import Stage
from hanchot.domain.unit import UnitKind
from hanchot.store.plan_files import dump_plan
from tests import drafts

DRAFT = drafts.draft()
PROPOSALS = propose(DRAFT)
FROM = Provenance(
    sha256="a" * 64, file="15-KH.docx", read_at=datetime(2024, 11, 18, tzinfo=UTC),
    confirmed_at=datetime(2024, 11, 19, tzinfo=UTC), confirmed_by="Trần Thị Bình",
)  # fmt: skip


def answer(n: int, **more: object) -> Answer:
    """The proposal for statement ``n`` with what a person filled in."""
    one = PROPOSALS[n]
    facts = {
        "title": one.title, "stage": one.stage or Stage.NOTIFY, "applies_to": one.kinds or (UnitKind.OFFICE,),
        "clause": one.clause, "deadline": one.deadline, "phrase": one.phrase, "period": one.period,
        "to": one.to, "via": one.via, "provides": one.provides,
    }  # fmt: skip
    return Answer.model_validate(facts | more)


def head(**more: object) -> Head:
    return Head.model_validate(proposed_head(DRAFT) | {"quarters": (1, 2, 3)} | more)


def decided(**more: object) -> Decisions:
    """Everything accepted, but for the sentence that is said twice."""
    made = Decisions(head=head())
    for n in range(7):
        made = made.with_statement(n, Decision(answer=answer(n)))
    return made.with_statement(7, Decision(reason="nói lại câu 2")).model_copy(update=more)


def plan_of(decisions: Decisions, draft: Draft = DRAFT) -> Plan:
    made = confirm(draft, decisions, FROM)
    assert made.plan, made.missing
    return made.plan


def test_a_draft_nobody_has_looked_at_says_all_that_is_missing() -> None:
    made = confirm(DRAFT, Decisions())
    assert made.plan is None
    assert [one.place for one in made.missing] == ["head", *(f"s{n}" for n in range(8)), "plan"]


def test_what_was_accepted_is_the_plan_with_its_sentence_and_where_it_came_from() -> None:
    plan = plan_of(decided())
    assert plan.key == "15-kh-duk-2024"
    assert plan.organiser is UnitKind.BLOC_COMMITTEE
    assert plan.parent == "99-KH/TU"
    assert plan.provenance == FROM
    assert plan.document.legal_bases == DRAFT.document.legal_bases
    sending = plan.milestone("gui-ho-so-de-nghi-xep-loai-ve")
    assert sending.deadline == By(kind="by", date=date(2024, 12, 15))
    assert (sending.source.clause, sending.source.phrase) == ("II.2", "chậm nhất ngày 15/12/2024")
    assert sending.roles.carries_out == ("Chi, đảng bộ cơ sở",)
    assert (sending.to[0].name, sending.to[0].via) == ("Ban Thường vụ Đảng ủy Khối", "Ban Tổ chức")
    assert len(plan.milestones) == 7


def test_the_texts_of_the_document_do_not_go_into_the_calendar() -> None:
    """Clause and phrase do; the sentence stays in the database with the document."""
    assert DRAFT.deadlines[3].quote not in dump_plan(plan_of(decided()))


def test_a_correction_stands_in_the_place_of_what_was_read() -> None:
    later = answer(
        1, title="Gửi hồ sơ", deadline=By(kind="by", date=date(2024, 12, 16)), applies_to=(UnitKind.GRASSROOTS_CELL,)
    )
    milestone = plan_of(decided().with_statement(1, Decision(answer=later))).milestone("gui-ho-so-de-nghi-xep-loai-ve")
    assert milestone.title == "Gửi hồ sơ"  # the key stays: other milestones and next year's plan know it
    assert milestone.deadline == By(kind="by", date=date(2024, 12, 16))
    assert milestone.applies_to == (UnitKind.GRASSROOTS_CELL,)


def test_a_doubt_goes_along_until_somebody_settles_it_in_words() -> None:
    assert plan_of(decided()).milestone("lich-tham-dinh").doubt == "Không nói ai thông báo lịch."
    settled = decided().with_statement(4, Decision(answer=answer(4, settled="Ban Tổ chức thông báo.")))
    milestone = plan_of(settled).milestone("lich-tham-dinh")
    assert milestone.doubt is None
    assert milestone.note == "Đã xem điều còn ngờ (Không nói ai thông báo lịch.): Ban Tổ chức thông báo."


def test_the_readers_warnings_become_doubts_of_the_plan_until_settled() -> None:
    assert plan_of(decided()).doubts == ("Văn bản không ghi ngày ban hành.",)
    assert plan_of(decided().with_settled(0, "ngày 01/11/2024 theo sổ công văn")).doubts == ()
    again = decided().with_settled(0, "x").with_settled(0, None)
    assert plan_of(again).doubts == ("Văn bản không ghi ngày ban hành.",)


def test_quarters_are_chosen_by_a_person() -> None:
    made = confirm(DRAFT, decided(head=head(quarters=())))
    assert [one.message for one in made.missing] == ["Có mốc hằng quý mà chưa chọn các quý phải đánh giá."]
    plan = plan_of(decided())
    assert plan.periods == ("annual", "quarterly") and plan.quarters == (1, 2, 3)
    without = plan_of(decided().with_statement(5, Decision(reason="không phải hạn")))
    assert without.periods == ("annual",) and without.quarters == ()


def test_what_the_department_adds_has_no_date_of_its_own() -> None:
    by_itself = Answer(
        title="Gửi danh sách", stage=Stage.PREPARE, applies_to=(UnitKind.OFFICE,), deadline=Unset(kind="unset"),
        clause="người phụ trách đặt",
    )  # fmt: skip
    added = Added(key="them-gui-danh-sach", answer=by_itself, reason="cần để in giấy mời")
    milestone = plan_of(decided().with_added(added)).milestone("them-gui-danh-sach")
    assert milestone.deadline.kind == "unset"
    assert milestone.note == "Thêm khi xác nhận: cần để in giấy mời"
    with pytest.raises(ValidationError, match="phải nói vì sao thêm"):
        Added(key="x", answer=by_itself)
    dated = by_itself.model_copy(update={"deadline": By(kind="by", date=date(2024, 12, 1))})
    with pytest.raises(ValidationError, match="hạn phải dẫn câu chữ của văn bản"):
        Added(key="x", answer=dated, reason="cho kịp")
    cited = dated.model_copy(update={"phrase": "trước ngày 02/12/2024", "clause": "II.1"})
    assert plan_of(decided().with_added(Added(key="x", answer=cited))).milestone("x").deadline == dated.deadline


def test_adding_twice_adds_once_and_what_was_added_can_be_taken_away() -> None:
    added = Added(key="x", answer=answer(1, title="Một"))
    changed = Added(key="x", answer=answer(1, title="Hai"))
    made = Decisions().with_added(added).with_added(added).with_added(changed)
    assert made.added == (changed,)
    assert made.without_added("x").added == ()


def test_an_unclear_statement_cannot_be_taken_with_one_look() -> None:
    assert proposed_answer(PROPOSALS[0])
    assert proposed_answer(PROPOSALS[4]) is None  # nobody is named
    assert proposed_answer(PROPOSALS[5]) is None  # neither who nor which stage


def test_a_statement_is_accepted_or_dropped_with_a_reason_and_not_both() -> None:
    for wrong in ({}, {"answer": answer(0), "reason": "x"}):
        with pytest.raises(ValidationError, match="hoặc nhận thành mốc, hoặc bỏ"):
            Decision.model_validate(wrong)
    assert Decisions().verdict(0) == "undecided"
    assert decided().verdict(0) == "accepted" and decided().verdict(7) == "dropped"
    assert decided().with_statement(7, None).verdict(7) == "undecided"


def test_a_milestone_that_serves_a_dropped_one_is_pointed_out() -> None:
    weekly = answer(2, deadline=Weekly(kind="weekly", weekday=4), until="gui-ho-so-de-nghi-xep-loai-ve")
    made = decided().with_statement(2, Decision(answer=weekly))
    assert plan_of(made).milestone("gui-giay-moi").until == "gui-ho-so-de-nghi-xep-loai-ve"
    without = confirm(DRAFT, made.with_statement(1, Decision(reason="không phải hạn")))
    assert [one.place for one in without.missing] == ["s2"]


def test_who_waits_for_a_result_that_nothing_brings_is_told() -> None:
    assert all("chờ kết quả" not in one.message for one in confirm(DRAFT, decided()).notices)
    nobody = decided().with_statement(3, Decision(answer=answer(3, provides=None)))
    assert any("chờ kết quả xếp loại" in one.message for one in confirm(DRAFT, nobody).notices)


def test_a_document_without_a_number_is_confirmed_and_said_to_have_none() -> None:
    made = confirm(DRAFT, decided(head=head(number=None)))
    assert made.plan and made.plan.document.number is None
    assert any("không ghi số" in one.message for one in made.notices)


def test_the_head_is_proposed_as_the_document_says_it() -> None:
    capitals = DRAFT.model_copy(
        update={"document": DRAFT.document.model_copy(update={"title": "KẾ HOẠCH kiểm điểm năm 2024", "number": None})}
    )
    proposed = proposed_head(capitals)
    assert proposed["title"] == "Kế hoạch kiểm điểm năm 2024"
    assert proposed["key"] == "ban-thuong-vu-dang-uy-khoi-2024"
    assert proposed_head(Draft(document=DRAFT.document.model_copy(update={"issuer": None})))["organiser"] is None


@given(st.sets(st.integers(0, 7)), st.sets(st.integers(0, 7)))
def test_whatever_was_decided_there_is_a_plan_or_a_reason(accepted: set[int], dropped: set[int]) -> None:
    made = Decisions(head=head())
    for n in accepted:
        made = made.with_statement(n, Decision(answer=answer(n)))
    for n in dropped - accepted:
        made = made.with_statement(n, Decision(reason="thôi"))
    outcome = confirm(DRAFT, made)
    if len(accepted | dropped) == 8 and accepted:
        assert outcome.plan and len(outcome.plan.milestones) == len(accepted)
    else:
        assert outcome.plan is None and outcome.missing
    assert Decisions.model_validate(made.model_dump(mode="json")) == made  # kept in the database as it is
