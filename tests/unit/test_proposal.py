"""What a person need only look at: titles, keys, events, recipients and repetitions, guessed from a draft's sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanchot.domain.deadline import By, Deadline, Lead, Order, Unset
from hanchot.domain.draft import Draft, Head, Paragraph, Statement
from hanchot.domain.proposal import TITLE, event_of, key_of, propose, recipient_of, title_of
from hanchot.domain.stage import Stage
from hanchot.domain.unit import UnitKind
from tests import drafts

BY = By(kind="by", date="2024-12-20")  # type: ignore[arg-type]


def said(quote: str, phrase: str = "", *, actor: str | None = None, deadline: Deadline = BY, **more: object) -> Statement:
    facts = {"deadline": deadline, "quote": quote, "phrase": phrase, "actor": actor, "paragraph": 0} | more
    return Statement.model_validate(facts)


@pytest.mark.parametrize(
    ("quote", "phrase", "actor", "title"),
    [
        ("2. Chi bộ cơ sở gửi hồ sơ (03 bộ) về Ban Tổ chức chậm nhất ngày 20/12/2024.", "chậm nhất ngày 20/12/2024",
         "Chi bộ cơ sở", "Gửi hồ sơ về Ban Tổ chức"),
        ("- Hoàn thành việc lấy ý kiến trước ngày 20/12/2024 để tổng hợp, báo cáo.", "trước ngày 20/12/2024", None,
         "Hoàn thành việc lấy ý kiến"),
        ("Trước khi xếp loại phải lấy ý kiến nhận xét nơi cư trú.", "Trước khi xếp loại", None,
         "Lấy ý kiến nhận xét nơi cư trú"),
        ("a) Gửi danh sách, chậm nhất ngày 20/12/2024, đồng thời gửi giấy mời.", "chậm nhất ngày 20/12/2024", None,
         "Gửi danh sách"),
    ],
)  # fmt: skip
def test_a_title_is_the_duty_in_the_documents_words(quote: str, phrase: str, actor: str | None, title: str) -> None:
    assert title_of(said(quote, phrase, actor=actor, stage=Stage.APPRAISE), "Gửi danh sách") == title


def test_a_sentence_of_nothing_but_a_date_is_named_after_its_clause_or_its_stage() -> None:
    bare = said("Thời gian thực hiện: trước ngày 10/12/2024.", "trước ngày 10/12/2024", stage=Stage.PREPARE, clause="II.2")
    assert title_of(bare) == "Hoàn thành bước chuẩn bị"
    paragraph = Paragraph(clause="II.2", text="2. Chia nhóm đối tượng được đánh giá: theo chức năng, nhiệm vụ.")
    draft = Draft(document=Head(), deadlines=(bare,), paragraphs=(paragraph,))
    assert propose(draft)[0].title == "Chia nhóm đối tượng được đánh giá"


@given(st.text(max_size=600), st.text(max_size=60), st.none() | st.text(max_size=40))
def test_whatever_is_written_a_title_can_be_made(quote: str, phrase: str, actor: str | None) -> None:
    title = title_of(said(quote, phrase, actor=actor))
    assert 1 <= len(title) <= TITLE
    assert key_of(title) == key_of(title).strip("-").lower()


@pytest.mark.parametrize(
    ("words", "event"),
    [
        ("tổ chức kiểm điểm", "review-meeting"),
        ("hội nghị kiểm điểm", "review-meeting"),
        ("tổng kết năm", "year-end-meeting"),
        ("đánh giá, xếp loại chất lượng đảng viên", "member-rating"),
        ("có kết quả kiểm điểm, đánh giá, xếp loại", "result"),
        ("review-meeting", "review-meeting"),
        ("công khai danh sách", None),
    ],
)
def test_events_have_one_name_in_the_house(words: str, event: str | None) -> None:
    assert event_of(words) == event


def test_an_event_whose_name_goes_on_behind_the_phrase() -> None:
    one = said(
        "Trước khi đánh giá, xếp loại chất lượng đảng viên phải lấy ý kiến.", "Trước khi đánh giá",
        deadline=Order(kind="order", anchor="đánh giá"),
    )  # fmt: skip
    made = propose(Draft(document=Head(), deadlines=(one,)))[0]
    assert made.deadline == Order(kind="order", anchor="member-rating")


@pytest.mark.parametrize(
    ("words", "to", "via"),
    [
        ("Ban Thường vụ Huyện ủy (qua Ban Tổ chức Huyện ủy)", "Ban Thường vụ Huyện ủy", "Ban Tổ chức Huyện ủy"),
        ("Thường trực Thị ủy, thông qua Văn phòng", "Thường trực Thị ủy", "Văn phòng"),
        ("Ban Tổ chức Tỉnh ủy", "Ban Tổ chức Tỉnh ủy", None),
        (" ", None, None),
        (None, None, None),
    ],
)
def test_recipients_and_through_whom(words: str | None, to: str | None, via: str | None) -> None:
    assert recipient_of(words) == (to, via)


def test_the_draft_of_the_tests_needs_little_more_than_a_look() -> None:
    made = propose(drafts.draft())
    assert [one.title for one in made[:4]] == [
        "Hoàn thành bước tự đánh giá: chi bộ trực thuộc đảng bộ bộ phận",
        "Gửi hồ sơ đề nghị xếp loại về Ban Thường vụ Đảng ủy Khối",
        "Gửi giấy mời",
        "Xem xét, quyết định xếp loại",
    ]
    assert made[1].kinds == (UnitKind.GRASSROOTS_COMMITTEE, UnitKind.GRASSROOTS_CELL)
    assert (made[1].to, made[1].via) == ("Ban Thường vụ Đảng ủy Khối", "Ban Tổ chức")
    assert made[2].deadline == Lead(kind="lead", days=5, anchor="review-meeting")
    assert [one.kinds for one in made[4:7]] == [(), (), ()]  # nobody is named: a person says who
    assert made[5].period == "quarterly" and made[0].period == "annual"
    assert [one.repeats for one in made] == [None] * 7 + [1]
    assert [one.provides for one in made if one.provides] == ["result"] and made[3].provides == "result"
    assert len({one.key for one in made}) == len(made)


def test_two_duties_of_one_name_have_two_keys() -> None:
    twice = (said("Gửi báo cáo tháng.", deadline=Unset(kind="unset")), said("Gửi báo cáo tháng.", clause="II"))
    made = propose(Draft(document=Head(), deadlines=twice))
    assert [one.key for one in made] == ["gui-bao-cao-thang", "gui-bao-cao-thang-2"]
    assert [one.clause for one in made] == ["mở đầu", "II"]
