"""Suggested topics: proposed by anybody, decided by the body with authority, sent, answered in the report.

The rules are the district's of 2023 (II.3: clear and of a kind; IV.6: only for whom the standing committee manages) and
Quảng Ngãi's (13-HD/TU III.1: where topics were suggested the review lasts longer; IV.1.4: and is attended).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from hanchot.domain.dossier import Fact
from hanchot.domain.errors import AlreadyDone, NotFound, Refused
from hanchot.domain.topics import Ground
from hanchot.service import audit
from hanchot.service.book import cycle_id_of
from hanchot.service.folders import of_unit
from hanchot.service.judging.refusing import Forbidden
from hanchot.service.meetings import Which as MeetingOf
from hanchot.service.meetings import Wish, book_meeting, hold
from hanchot.service.services import Services
from hanchot.service.topics import (
    Paper,
    Standing,
    Suggestion,
    Which,
    answer,
    decide,
    draft,
    drop,
    issue,
    rewrite,
    topics,
    unanswered,
)
from hanchot.store.meeting_tables import topic
from tests import look
from tests.look import at
from tests.reviews import DISTRICT, PROVINCE, code_of, reviewed_under

NOW = at("2024-12-02 09:00")
SAID = Suggestion(DISTRICT, "BAO", "bí mật: nội bộ chưa thống nhất", Ground.DISUNITY, "Ban Tổ chức")
ONE = Which(DISTRICT, "BAO", 1)
PAPER = Paper("DUK-BTV", "12-TB/HU", date(2024, 12, 2))


@pytest.fixture
def here(any_house: Services) -> Services:
    """The district's review with one topic drafted for Chi bộ Báo tỉnh."""
    reviewed_under(any_house, DISTRICT)
    assert draft(any_house, SAID, NOW, actor="Bình") == 1
    return any_house


def seen(house: Services, code: str = DISTRICT) -> tuple[Standing, ...]:
    with house.db.read() as connection:
        return topics(connection, cycle_id_of(connection, code))


def left(house: Services) -> list[str]:
    with house.db.read() as connection:
        [unit_id] = connection.execute(sa.select(topic.c.unit_id).distinct()).scalars()
        return [one.code for one in unanswered(connection, cycle_id_of(connection, DISTRICT), unit_id)]


def test_from_the_draft_to_the_answer_in_the_report(here: Services) -> None:
    assert [one.vi for one in seen(here)] == ["dự thảo"]
    decide(here, ONE, PAPER, NOW, actor="Bình")
    issue(here, ONE, date(2024, 12, 3), at("2024-12-03 09:00"), actor="Bình")
    assert left(here) == ["topic-unanswered"]
    answer(here, ONE, "mục II.3", at("2024-12-20 09:00"), actor="Lâm")
    assert left(here) == []
    assert [(one.vi, one.number, one.answer) for one in seen(here)] == [("báo cáo đã tiếp thu", "12-TB/HU", "mục II.3")]
    assert audit.check(here.db).broken_at is None


def test_a_topic_is_clear_and_of_a_kind_before_it_is_decided(here: Services) -> None:
    """A draft may be unfinished; what goes out may not (the plan of the district 2023 II.3)."""
    no = draft(here, Suggestion(DISTRICT, "KHO", "  ", None, "Văn phòng"), NOW, actor="Bình")
    which = Which(DISTRICT, "KHO", no)
    with pytest.raises(Forbidden, match=r"chưa có nội dung.*II\.3") as said:
        decide(here, which, PAPER, NOW, actor="Bình")
    assert said.value.codes == ("topic-empty", "topic-groundless")
    rewrite(here, which, NOW, actor="Bình", words="tiến độ giải ngân", ground=Ground.TASKS)
    decide(here, which, PAPER, NOW, actor="Bình")
    with pytest.raises(Refused, match=r"đã được quyết định theo 12-TB/HU"):
        rewrite(here, which, NOW, actor="Bình", words="khác")


def test_only_the_body_with_authority_decides_by_a_signed_paper(here: Services) -> None:
    for wrong, codes in (
        (replace(PAPER, body="DUK-BTC"), ("topic-no-authority",)),
        (replace(PAPER, body="YT"), ("topic-no-authority", "topic-not-ours")),
        (replace(PAPER, number=" "), ("topic-undecided",)),
        (replace(PAPER, decided_on=date(2024, 12, 3)), ("decided-in-future",)),
    ):
        with pytest.raises(Forbidden) as said:
            decide(here, ONE, wrong, NOW, actor="Bình")
        assert said.value.codes == codes
    assert [one.vi for one in seen(here)] == ["dự thảo"]


def test_nothing_goes_out_before_it_is_decided_nor_twice(here: Services) -> None:
    with pytest.raises(Forbidden, match="chưa được Ban Thường vụ Huyện ủy quyết định bằng văn bản"):
        issue(here, ONE, date(2024, 12, 2), NOW, actor="Bình")
    with pytest.raises(Refused, match="chưa gửi, nên chưa có gì để tiếp thu"):
        answer(here, ONE, "mục II", NOW, actor="Lâm")
    decide(here, ONE, PAPER, NOW, actor="Bình")
    with pytest.raises(Forbidden, match="ghi gửi trước ngày quyết định 02/12/2024"):
        issue(here, ONE, date(2024, 12, 1), NOW, actor="Bình")
    with pytest.raises(Forbidden, match="Ngày gửi 03/12/2024 chưa đến"):
        issue(here, ONE, date(2024, 12, 3), NOW, actor="Bình")
    issue(here, ONE, date(2024, 12, 2), NOW, actor="Bình")
    with pytest.raises(AlreadyDone, match="đã gửi ngày 02/12/2024"):
        issue(here, ONE, date(2024, 12, 2), NOW, actor="Bình")
    with pytest.raises(Refused, match="đã gửi ngày 02/12/2024"):
        issue(here, ONE, date(2024, 12, 1), NOW, actor="Bình")
    with pytest.raises(Refused, match="đã gửi, không bỏ được"):
        drop(here, ONE, NOW, actor="Bình", reason="nhầm")


def test_a_dropped_topic_asks_for_nothing(here: Services) -> None:
    with pytest.raises(Refused, match="phải nêu lý do"):
        drop(here, ONE, NOW, actor="Bình", reason="")
    drop(here, ONE, NOW, actor="Bình", reason="đã làm rõ")
    with pytest.raises(Refused, match="đã bỏ"):
        decide(here, ONE, PAPER, NOW, actor="Bình")
    with pytest.raises(NotFound, match="Không có gợi ý kiểm điểm thứ 9 của đơn vị “BAO”"):
        decide(here, Which(DISTRICT, "BAO", 9), PAPER, NOW, actor="Bình")
    assert draft(here, SAID, NOW, actor="Bình") == 2  # numbers are not used twice


def test_an_issued_topic_wants_its_paper_in_the_dossier(here: Services) -> None:
    """The “(nếu có)” of “văn bản gợi ý kiểm điểm” is there once it was issued, though nobody has said so of the folder."""

    def facts() -> frozenset[Fact]:
        with here.db.read() as connection:
            [unit_id] = connection.execute(sa.select(topic.c.unit_id)).scalars()
            return of_unit(connection, cycle_id_of(connection, DISTRICT), "ho-so", unit_id)[0].facts

    assert facts() == frozenset()
    decide(here, ONE, PAPER, NOW, actor="Bình")
    issue(here, ONE, date(2024, 12, 2), NOW, actor="Bình")
    assert facts() == {Fact.TOPICS}


def test_an_issued_topic_lengthens_the_meeting_and_wants_a_superior_there(house: Services) -> None:
    reviewed_under(house, PROVINCE)
    which = Which(PROVINCE, "BAO", draft(house, Suggestion(PROVINCE, "BAO", "rõ ràng", Ground.TASKS, "Ban"), NOW, actor="Bình"))
    decide(house, which, Paper("DUK-BTV", "12-TB/TU", date(2024, 12, 2), half_days=4), NOW, actor="Bình")
    one_day = Wish(at("2024-12-18 08:00"), at("2024-12-18 17:00"))
    meeting = MeetingOf(PROVINCE, "BAO")
    issue(house, which, date(2024, 12, 2), NOW, actor="Bình")
    with pytest.raises(Forbidden, match=r"phải ít nhất 02 ngày vì có gợi ý kiểm điểm") as said:
        book_meeting(house, meeting, one_day, NOW, actor="bí thư")
    assert said.value.codes == ("too-short", "topics-unattended")
    two = Wish(at("2024-12-18 08:00"), at("2024-12-19 17:00"), directs=(code_of(house, "Phạm Quốc Cường"),))
    book_meeting(house, meeting, two, NOW, actor="bí thư")
    with pytest.raises(Forbidden, match=r"chưa nói đến gợi ý theo văn bản 12-TB/TU \(nội dung thứ 1\)"):
        hold(house, meeting, "01-BB", at("2024-12-19 18:00"), actor="bí thư")


def test_events_say_which_topic_and_never_what_it_is_about(here: Services) -> None:
    decide(here, ONE, PAPER, NOW, actor="Bình")
    issue(here, ONE, date(2024, 12, 2), NOW, actor="Bình")
    answer(here, ONE, "bí mật: mục II", NOW, actor="Lâm")
    rows = [row for row in look.events(here) if row.action.startswith("topic.")]
    assert [row.action for row in rows] == ["topic.drafted", "topic.decided", "topic.issued", "topic.answered"]
    assert "bí mật" not in str(rows) and "disunity" not in str(rows)


def test_the_database_holds_the_invariants(here: Services) -> None:
    row = {"cycle_id": 1, "unit_id": 9, "words": "x", "proposed_by": "x", "drafted_at": NOW, "drafted_by": "x"}
    decided = {"body_id": 3, "number": "1", "decided_on": date(2024, 12, 2), "decided_by": "x"}
    for broken in (
        {"no": 1},
        {"no": 2, "sent_on": date(2024, 12, 2), "sent_by": "x"},
        {"no": 2, **decided},
        {"no": 2, **decided, "ground": "tasks", "sent_on": date(2024, 12, 1), "sent_by": "x"},
        {"no": 2, "answer": "x", "answered_at": NOW, "answered_by": "x"},
        {"no": 2, "ground": "gossip"},
    ):
        with pytest.raises(IntegrityError), here.db.write() as connection:
            connection.execute(sa.insert(topic).values({**row, **broken}))
