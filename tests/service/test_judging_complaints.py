"""A complaint about a result: registered, answered by the body that decided, kept or reopened; its words stay in one place."""

from __future__ import annotations

from datetime import date

import pytest

from hanchot.domain.errors import AlreadyDone, NotFound, Refused
from hanchot.service import audit
from hanchot.service.judging.complaints import Answer, Complaint, complaints_of, grant, keep, register
from hanchot.service.judging.refusing import Forbidden
from hanchot.service.services import Services
from hanchot.service.views.judging import subject_page
from tests import look
from tests.judging import CELL, DAY, FAIR, GOOD, NOW, appraised, cell_of, decided, minutes, ratings, voted

SAID = Complaint("Đảng viên M01", DAY, "chưa tính sáng kiến năm 2024")


@pytest.fixture
def one(any_house: Services) -> int:
    """A member who is decided good."""
    [made] = cell_of(any_house, 1)
    appraised(any_house, [made])
    voted(any_house, minutes({made: {GOOD: 30}}))
    decided(any_house, made, GOOD)
    return made


def test_the_body_that_decided_answers_and_the_result_stays(any_house: Services, one: int) -> None:
    number = register(any_house, one, SAID, NOW, actor="Hòa")
    with pytest.raises(AlreadyDone, match="chưa trả lời"):
        register(any_house, one, SAID, NOW, actor="Hòa")
    with pytest.raises(Forbidden, match="Trình Chi bộ Kho bạc"):
        keep(any_house, number, Answer("BAO", "giữ nguyên"), NOW, actor="Lan")
    with pytest.raises(Forbidden, match="chưa có nội dung"):
        keep(any_house, number, Answer(CELL, " "), NOW, actor="Lan")
    keep(any_house, number, Answer(CELL, "sáng kiến chưa được công nhận", "03-CV/CB"), NOW, actor="Lan")
    with pytest.raises(AlreadyDone, match="đã được trả lời"):
        keep(any_house, number, Answer(CELL, "giữ nguyên"), NOW, actor="Lan")
    assert [row.current for row in ratings(any_house, one)] == [True]
    assert [(c["state"], c["number"]) for c in complaints_of(any_house, one)] == [("kept", "03-CV/CB")]
    assert [row.rung for row in look.ledger(any_house, tone="result")] == ["result-1", f"answer-{number}"]
    assert look.who(any_house, rung=f"answer-{number}") == [CELL]


def test_a_complaint_that_is_right_reopens_the_result_with_an_approver(any_house: Services, one: int) -> None:
    number = register(any_house, one, SAID, NOW, actor="Hòa")
    with pytest.raises(Forbidden) as said:
        grant(any_house, number, Answer(CELL, "có căn cứ"), NOW, actor="Lan", approver="Lan")
    assert said.value.codes == ("same-approver",)
    grant(any_house, number, Answer(CELL, "có căn cứ"), NOW, actor="Lan", approver="An")
    [row] = ratings(any_house, one)
    assert (row.current, row.reopened_by, row.approved_by, row.reopened_reason) == (False, "Lan", "An", "có căn cứ")
    page = subject_page(any_house, one, NOW)
    assert [(c.state, c.complainant) for c in page.complaints] == [("reopened", "Đảng viên M01")]
    voted(any_house, minutes({one: {FAIR: 30}}, number="02-BB"))
    decided(any_house, one, FAIR, number="06-QĐ/CB")
    assert [row.level for row in ratings(any_house, one)] == [GOOD, FAIR]
    assert audit.check(any_house.db).broken_at is None


def test_what_cannot_be_complained_about(house: Services) -> None:
    [one] = cell_of(house, 1)
    with pytest.raises(Refused, match="chưa có kết quả"):
        register(house, one, SAID, NOW, actor="Hòa")
    with pytest.raises(Forbidden, match="chưa có người kiến nghị và nội dung"):
        register(house, one, Complaint(" ", DAY, ""), NOW, actor="Hòa")
    with pytest.raises(Forbidden, match="chưa đến"):
        register(house, one, Complaint("M01", date(2025, 1, 1), "x"), NOW, actor="Hòa")
    with pytest.raises(NotFound, match="kiến nghị số 9"):
        keep(house, 9, Answer(CELL, "x"), NOW, actor="Lan")


def test_words_of_a_complaint_are_in_no_event_and_no_letter(house: Services) -> None:
    [one] = cell_of(house, 1)
    appraised(house, [one])
    voted(house, minutes({one: {GOOD: 30}}))
    decided(house, one, GOOD)
    number = register(house, one, SAID, NOW, actor="Hòa")
    keep(house, number, Answer(CELL, "sáng kiến chưa được công nhận"), NOW, actor="Lan")
    for event in look.events(house):
        said = f"{event.subject} {event.was} {event.became} {event.reason} {event.data}"
        assert "sáng kiến" not in said and "Đảng viên" not in said
