"""A decision paper in two sign-ins: one person drafts it, another confirms it, all lines or none; then the units are told."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from hanchot.domain.errors import AlreadyDone, NotFound, Refused
from hanchot.domain.rating_level import RatingLevel
from hanchot.service import audit
from hanchot.service.judging.deciding import (
    Confirmed,
    Drafted,
    Paper,
    PaperRefused,
    confirm_decision,
    draft_decision,
    reopen,
    withdraw_decision,
)
from hanchot.service.judging.guards import Line
from hanchot.service.judging.papers import listed
from hanchot.service.judging.ratings import Judgement, appraise
from hanchot.service.judging.refusing import Forbidden
from hanchot.service.judging.rulebook import settle
from hanchot.service.opening import open_cycle
from hanchot.service.services import Services
from hanchot.service.sweep import sweep
from hanchot.service.views.judging import awaiting_decision, decision_page
from hanchot.store.db import new_id
from hanchot.store.judging_tables import decision_line
from hanchot.store.tables import envelope, letter, person, post, tenure, unit
from tests import look, plans
from tests.judging import (
    CELL,
    CODE,
    DAY,
    EXCELLENT,
    FAIR,
    GOOD,
    KEY,
    NOW,
    appraised,
    both_rounds,
    cell_of,
    decided,
    members_of,
    minutes,
    ratings,
    voted,
)
from tests.look import at
from tests.post import carry, mails, text_of
from tests.relay import FakeRelay

LATER = at("2024-12-23 09:00")  # the Monday after


def paper(levels: dict[int, RatingLevel], *, reason: str | None = "theo phiếu của chi bộ", **more: Any) -> Paper:
    """A paper of the cell with one line for each subject."""
    given: dict[str, Any] = {"unit": CELL, "number": "05-QĐ/CB", "decided_on": DAY} | more
    return Paper(**given, lines=tuple(Line(one, Judgement(level, reason=reason)) for one, level in levels.items()))


def drafted(house: Services, said: Paper) -> Drafted:
    return draft_decision(house, said, NOW, actor="Hòa")


def confirmed(house: Services, number: int) -> Confirmed:
    return confirm_decision(house, number, LATER, actor="Lan")


def pending(house: Services) -> list[int]:
    with house.db.read() as connection:
        query = sa.select(decision_line.c.subject_id).where(decision_line.c.pending).order_by(decision_line.c.subject_id)
        return list(connection.execute(query).scalars())


def test_one_drafts_another_confirms_and_only_then_it_is_decided(any_house: Services) -> None:
    members = cell_of(any_house, 3)
    appraised(any_house, members)
    voted(any_house, minutes({one: {GOOD: 30} for one in members}))
    made = drafted(any_house, paper(dict.fromkeys(members, GOOD)))
    assert [ratings(any_house, one) for one in members] == [[], [], []] and pending(any_house) == members
    with pytest.raises(Forbidden) as said:
        confirm_decision(any_house, made.id, LATER, actor="Hòa")
    assert said.value.codes == ("same-confirmer",)
    done = confirmed(any_house, made.id)
    assert [one.level for one in done.rated] == [GOOD] * 3 and pending(any_house) == []
    for one in members:
        [row] = ratings(any_house, one)
        assert (row.entered_by, row.confirmed_by, row.number, row.at) == ("Hòa", "Lan", "05-QĐ/CB", LATER)
    for again in (confirm_decision, lambda *a, **k: withdraw_decision(*a, **k, reason="nhầm")):
        with pytest.raises(AlreadyDone, match="đã được xác nhận"):
            again(any_house, made.id, LATER, actor="An")
    assert audit.check(any_house.db).broken_at is None


def test_a_draft_is_in_the_way_of_another_until_it_is_withdrawn(any_house: Services) -> None:
    one, other = cell_of(any_house, 2)
    appraised(any_house, [one, other])
    voted(any_house, minutes({one: {GOOD: 30}, other: {GOOD: 30}}))
    made = drafted(any_house, paper({one: GOOD}))
    with pytest.raises(AlreadyDone, match="05-QĐ/CB đã có dự thảo"):
        drafted(any_house, paper({other: GOOD}))
    with pytest.raises(AlreadyDone, match="Đảng viên M01 đang có trong dự thảo"):
        drafted(any_house, paper({one: GOOD}, number="06-QĐ/CB"))
    with pytest.raises(AlreadyDone, match="đang có trong dự thảo"):
        decided(any_house, one, GOOD, number="07-QĐ/CB")
    with pytest.raises(Refused, match="phải nêu lý do"):
        withdraw_decision(any_house, made.id, NOW, actor="Hòa", reason=" ")
    withdraw_decision(any_house, made.id, NOW, actor="Hòa", reason="ghi nhầm M01")
    with pytest.raises(AlreadyDone, match="đã rút"):
        confirmed(any_house, made.id)
    again = drafted(any_house, paper({one: GOOD, other: GOOD}))
    assert [row["state"] for row in listed(any_house, CODE)] == ["draft", "withdrawn"]
    assert len(confirmed(any_house, again.id).rated) == 2


def test_all_lines_or_none_and_each_refusal_names_its_line(house: Services) -> None:
    members = cell_of(house, 3)
    appraised(house, members)
    voted(house, minutes({one: {GOOD: 30} for one in members[:2]}))
    with pytest.raises(PaperRefused) as said:
        drafted(house, paper({members[0]: GOOD, members[1]: FAIR, members[2]: GOOD}))
    assert {who: [one.code for one in found] for who, found in said.value.lines.items()} == {
        members[1]: ["ballot-differs"], members[2]: ["no-ballot"],
    }  # fmt: skip
    assert "Đảng viên M02: Phiếu của Đảng viên M02" in str(said.value) and "Đảng viên M03: Chưa có phiếu" in str(said.value)
    assert listed(house, CODE) == [] and pending(house) == []


def test_the_quota_is_settled_over_the_whole_paper_when_it_is_confirmed(any_house: Services) -> None:
    """24 good give 4 places, whoever is written first; a place given away meanwhile is gone when the paper is confirmed."""
    members = cell_of(any_house, 24)
    appraised(any_house, members)
    both_rounds(any_house, members, members[:5])
    with pytest.raises(PaperRefused) as said:
        drafted(any_house, paper(dict.fromkeys(members[:5], EXCELLENT)))
    assert set(said.value.codes) == {"quota-exceeded"} and len(said.value.lines) == 5
    made = drafted(any_house, paper(dict.fromkeys(members[:4], EXCELLENT) | dict.fromkeys(members[4:], GOOD)))
    page = decision_page(any_house, made.id, NOW)
    assert page.may_be_confirmed and page.quotas == ("còn 0 suất trong 4: 20 % của 24 hoàn thành tốt, 13-HD/TU PL.3",)
    withdraw_decision(any_house, made.id, NOW, actor="Hòa", reason="chia hai văn bản")
    first = drafted(any_house, paper(dict.fromkeys(members[:3], EXCELLENT)))
    second = drafted(any_house, paper(dict.fromkeys(members[3:5], EXCELLENT), number="06-QĐ/CB"))
    confirmed(any_house, first.id)
    assert not decision_page(any_house, second.id, LATER).may_be_confirmed
    with pytest.raises(PaperRefused) as late:
        confirmed(any_house, second.id)
    assert set(late.value.codes) == {"quota-exceeded"} and pending(any_house) == members[3:5]


def test_a_paper_may_lower_the_base_and_its_places_together(house: Services) -> None:
    """One line takes a good one out of the base on which another line's place stands: the whole paper is refused."""
    members = cell_of(house, 5)
    appraised(house, members)
    settle(house, CODE, "quota.base", "good_including_picked", NOW, actor="Bình", reason="TB 12-TB/BTC")
    both_rounds(house, members, members[:1])
    voted(house, minutes({members[4]: {FAIR: 30}}, number="09-BB"))
    with pytest.raises(PaperRefused) as said:
        drafted(house, paper({members[0]: EXCELLENT, members[4]: FAIR}))
    assert {who: found[0].code for who, found in said.value.lines.items()} == {
        members[0]: "quota-exceeded", members[4]: "quota-base-shrinks",
    }  # fmt: skip


def test_what_has_changed_since_the_draft_is_seen_when_it_is_confirmed(house: Services) -> None:
    [one] = cell_of(house, 1)
    appraised(house, [one])
    voted(house, minutes({one: {GOOD: 30}}))
    made = drafted(house, paper({one: GOOD}, reason=None))
    appraise(house, one, CELL, Judgement(FAIR, reason="có thêm kết luận kiểm tra"), NOW, actor="Bình")
    with pytest.raises(PaperRefused) as said:
        confirmed(house, made.id)
    assert said.value.codes == ("no-reason-for-difference",)
    [line] = decision_page(house, made.id, LATER).lines
    assert line.differs and [refusal.code for refusal in line.refusals] == ["no-reason-for-difference"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (Paper(CELL, "05-QĐ/CB", DAY, ()), "chưa nêu ai"),
        (Paper(CELL, "05-QĐ/CB", DAY, (Line(1, Judgement(GOOD)), Line(1, Judgement(FAIR)))), "hai dòng"),
        (Paper(CELL, "05-QĐ/CB", date(2025, 1, 1), (Line(1, Judgement(GOOD)),)), "chưa đến"),
    ],
)
def test_a_paper_that_cannot_be_is_refused(house: Services, said: Paper, words: str) -> None:
    cell_of(house, 1)
    with pytest.raises(Refused, match=words):
        drafted(house, said)
    with pytest.raises(NotFound, match="Không có quyết định số 99"):
        confirmed(house, 99)


def told(house: Services) -> list[str]:
    """The tones of the letters about results, by the unit of the post."""
    return look.who(house, tone="result")


def test_confirming_tells_each_post_once_and_says_nothing_of_the_level(any_house: Services) -> None:
    members = cell_of(any_house, 2)
    appraised(any_house, members)
    voted(any_house, minutes({one: {GOOD: 30} for one in members}))
    made = drafted(any_house, paper(dict.fromkeys(members, GOOD)))
    assert told(any_house) == []
    assert confirmed(any_house, made.id).told == 1
    assert told(any_house) == [CELL], "one letter to the secretary for the whole paper"
    sweep(any_house, LATER)
    assert told(any_house) == [CELL]
    with any_house.db.read() as connection:
        mine = sa.select(letter.c.rung, letter.c.note, letter.c.item_id).where(letter.c.tone == "result")
        assert list(map(tuple, connection.execute(mine))) == [(f"result-{made.id}", None, None)]
        packed = sa.select(envelope.c.id).join(letter, letter.c.envelope_id == envelope.c.id).where(letter.c.tone == "result")
        assert len(connection.execute(packed).all()) == 1
    reopen(any_house, members[0], LATER, actor="Hòa", approver="An", reason="khiếu nại")
    decided(any_house, members[0], GOOD, number="06-QĐ/CB")
    assert told(any_house) == [CELL, CELL], "a new decision is new"


def test_a_person_is_told_at_the_post_that_he_holds(house: Services) -> None:
    """A member of this cell is a deputy of another unit: his own post hears of it, too."""
    [one] = cell_of(house, 1)
    with house.db.write() as connection:
        who = connection.execute(sa.select(person.c.id).where(person.c.code == "M01")).scalar_one()
        unit_id = connection.execute(sa.select(unit.c.id).where(unit.c.code == "BAO")).scalar_one()
        made = new_id(connection.execute(sa.insert(post).values(unit_id=unit_id, role="deputy")))
        held = {"post_id": made, "person_id": who, "starts": date(2020, 1, 1)}
        connection.execute(sa.insert(tenure).values(held))
    appraised(house, [one])
    voted(house, minutes({one: {GOOD: 30}}))
    assert confirmed(house, drafted(house, paper({one: GOOD})).id).told == 2
    assert told(house) == ["BAO", CELL]


async def test_the_mail_says_that_there_is_a_result_and_not_which(house: Services) -> None:
    [one] = cell_of(house, 1)
    appraised(house, [one])
    voted(house, minutes({one: {GOOD: 30}}))
    confirmed(house, drafted(house, paper({one: GOOD})).id)
    sweep(house, LATER)
    async with FakeRelay().listening() as relay:
        await carry(house, relay, LATER)
    [said] = [text_of(row.body) for row in mails(house, "accepted") if "Có thông báo kết quả" in text_of(row.body)]
    assert "Chi bộ Kho bạc: kết quả kiểm điểm năm 2024" in said
    assert f"{house.settings.board}/cycles/{CODE}/judging?unit={CELL}" in said
    for row in mails(house):
        words = f"{row.subject} {text_of(row.body)}".casefold()
        assert not any(word in words for word in ("xuất sắc", "hoàn thành tốt", "m01", "phiếu", "05-qđ/cb"))


def test_the_notice_of_a_unit_is_closed_once_nobody_is_left_to_decide(house: Services) -> None:
    """Where the plan has the unit itself give notice; another unit's, and one with somebody undecided, stay open."""
    notice = plans.duty("thong-bao-ket-qua", "notify", plans.GRASSROOTS, {"kind": "unset"})
    open_cycle(house, plans.plan(*plans.MILESTONES, notice, key=KEY, regulation="13-HD/TU"), at("2024-11-18 07:00"))
    one, other = members_of(house, 2)
    appraised(house, [one, other])
    voted(house, minutes({one: {GOOD: 30}, other: {GOOD: 30}}))
    assert confirmed(house, drafted(house, paper({one: GOOD})).id).closed == ()
    done = confirmed(house, drafted(house, paper({other: GOOD}, number="06-QĐ/CB")).id)
    assert done.closed == (look.item_id(house, CELL, "thong-bao-ket-qua", CODE),)
    assert look.item(house, CELL, "thong-bao-ket-qua", CODE).state == "submitted"
    assert look.item(house, "BAO", "thong-bao-ket-qua", CODE).state == "open"


def test_events_of_papers_hold_counts_only(house: Services) -> None:
    [one] = cell_of(house, 1)
    appraised(house, [one])
    voted(house, minutes({one: {GOOD: 30}}))
    made = drafted(house, paper({one: GOOD}, reason="Đảng viên M01 đạt 85 điểm"))
    withdraw_decision(house, made.id, NOW, actor="Hòa", reason="Đảng viên M01 có đơn tố cáo")
    confirmed(house, drafted(house, paper({one: GOOD})).id)
    said = [e for e in look.events(house) if e.action.startswith("decision.")]
    assert [e.action for e in said] == ["decision.drafted", "decision.withdrawn", "decision.drafted", "decision.confirmed"]
    for event in said:
        text = f"{event.subject} {event.was} {event.became} {event.reason} {event.data}"
        assert set(json.loads(event.data or "{}")) <= {"lines", "digest", "elsewhere"}
        assert not any(word in text for word in ("good", "M01", "tố cáo", "85 điểm"))


def test_what_awaits_decision_is_listed_by_scope(house: Services) -> None:
    members = cell_of(house, 3)
    appraised(house, members[:2])
    voted(house, minutes({members[0]: {GOOD: 30}}))
    made = drafted(house, paper({members[0]: GOOD}))
    waits = awaiting_decision(house, NOW)
    assert [one.id for one in waits.drafts] == [made.id] and waits.waiting == 1
    [group] = waits.subjects[CODE]
    assert (group.code, [row.id for row in group.rows]) == (CELL, [members[1]])
    assert waits.quotas[CODE][0].words.startswith("còn 0 suất trong 0: 20 % của 2")
    assert awaiting_decision(house, NOW, (group.path,)).waiting == 1
    nothing = awaiting_decision(house, NOW, ("/999/",))
    assert (nothing.drafts, nothing.waiting) == ((), 0)
