"""Review meetings: registered in time, attended without clashes, and everything before them dated by them.

The rules are the district's of 2023 (the weekly cut-off on Thursday 15h, papers two days before to two addressees, the
member in charge agrees) and Quảng Ngãi's (13-HD/TU: a whole day, papers three days before, the member in charge attends).
In this cast Đỗ Văn Minh is in charge of Sở Y tế. 12/12/2024 is a Thursday.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from hanchot.domain.errors import AlreadyDone, NotFound, Refused
from hanchot.domain.review_order import Step
from hanchot.service import audit, opinions
from hanchot.service.judging.refusing import Forbidden
from hanchot.service.meetings import Outcome, Which, Wish, attend, book_meeting, cancel, hold, mark, move_meeting
from hanchot.service.moving import set_event
from hanchot.service.services import Services
from hanchot.service.sweep import sweep
from hanchot.service.views.meetings import unit_meetings, week
from hanchot.store.db import Database
from hanchot.store.meeting_tables import meeting
from hanchot.store.tables import person, unit_event
from tests import look
from tests.cast import IN_CHARGE_OF_YT
from tests.look import at
from tests.reviews import DISTRICT, PROVINCE, STANDING_SECRETARY, code_of, reviewed_under

NOW = at("2024-12-09 09:00")  # a Monday
AGREES = "Ủy viên Ban Thường vụ Huyện ủy phụ trách"
PAPERS_TO = ("Ủy viên Ban Thường vụ phụ trách", "Tổ trưởng tổ công tác")


@pytest.fixture
def district(any_house: Services) -> Services:
    return reviewed_under(any_house, DISTRICT)


@pytest.fixture
def province(house: Services) -> Services:
    return reviewed_under(house, PROVINCE)


def wish(day: str, hours: str = "08:00-17:00", **more: Any) -> Wish:
    first, last = hours.split("-")
    return Wish(at(f"{day} {first}"), at(f"{day} {last}"), **more)


def booked(house: Services, unit: str, day: str, *, code: str = DISTRICT, now: str = "", **more: Any) -> Outcome:
    hours, step = more.pop("hours", "08:00-17:00"), more.pop("step", Step.COLLECTIVE)
    return book_meeting(house, Which(code, unit, step), wish(day, hours, **more), at(now) if now else NOW, actor="bí thư")


def test_a_booking_dates_what_must_come_before_it_and_a_move_arms_it_anew(district: Services) -> None:
    """“Ít nhất 5 ngày trước khi kiểm điểm”: undated until the meeting is booked, then on the same ladder as all work."""
    assert look.item(district, "BAO", "giay-moi", DISTRICT).last_day is None
    made = booked(district, "BAO", "2024-12-23")
    assert made.dated == 1
    first = look.item(district, "BAO", "giay-moi", DISTRICT)
    assert (first.last_day, first.next_action_at) == (date(2024, 12, 18), at("2024-12-13 08:00"))  # T-3, a Friday
    assert look.item(district, "KHO", "giay-moi", DISTRICT).last_day is None  # another unit's meeting

    sweep(district, at("2024-12-13 08:30"))
    moved = move_meeting(
        district, Which(DISTRICT, "BAO"), at("2024-12-30 08:00"), at("2024-12-30 17:00"), at("2024-12-13 10:00"),
        actor="bí thư", reason="lịch họp tỉnh",
    )  # fmt: skip
    assert moved.dated == 1
    again = look.item(district, "BAO", "giay-moi", DISTRICT)
    assert (again.last_day, again.revision) == (date(2024, 12, 25), first.revision + 1)
    sweep(district, at("2024-12-20 08:30"))  # T-3 of 25/12: once for each deadline
    rungs = [(row.rung, row.state) for row in look.ledger(district, to="BAO", milestone="giay-moi")]
    assert rungs.count(("T-3", "planned")) == 2
    moved_event = look.events(district, "meeting.moved")[0]
    assert (moved_event.was, moved_event.became) == ("2024-12-23T08:00:00+07:00", "2024-12-30T08:00:00+07:00")


def test_a_cancelled_meeting_takes_the_dates_with_it(district: Services) -> None:
    booked(district, "BAO", "2024-12-23")
    with pytest.raises(Refused, match="Hủy hội nghị phải nêu lý do"):
        cancel(district, Which(DISTRICT, "BAO"), NOW, actor="bí thư", reason=" ")
    assert cancel(district, Which(DISTRICT, "BAO"), NOW, actor="bí thư", reason="bão") == 1
    row = look.item(district, "BAO", "giay-moi", DISTRICT)
    assert (row.last_day, row.last_moment, row.next_action_at) == (None, None, None)
    with pytest.raises(NotFound, match="Hội nghị kiểm điểm của Chi bộ Báo tỉnh chưa đăng ký"):
        cancel(district, Which(DISTRICT, "BAO"), NOW, actor="bí thư", reason="bão")
    assert booked(district, "BAO", "2024-12-26").dated == 1  # the time is free again, and the unit may register anew


def test_the_weekly_cut_off(district: Services) -> None:
    """Before Thursday 15h for the week after; at it, for the one after that (the plan of the district 2023 IV.1)."""
    with pytest.raises(Forbidden, match=r"trước 15h00 thứ Năm .*Chọn ngày họp từ thứ Hai 23/12/2024.*IV\.1") as said:
        booked(district, "BAO", "2024-12-17", now="2024-12-12 15:00")
    assert said.value.codes == ("registered-late",)
    assert booked(district, "BAO", "2024-12-17", now="2024-12-12 14:59").id
    # on paper in time, typed a day later
    on_time = wish("2024-12-18", registered_at=at("2024-12-12 10:00"))
    assert book_meeting(district, Which(DISTRICT, "KHO"), on_time, at("2024-12-13 09:00"), actor="văn phòng").id
    ahead = wish("2024-12-18", registered_at=at("2024-12-13 09:01"))
    with pytest.raises(Refused, match=r"Thời điểm đăng ký .* chưa đến"):
        book_meeting(district, Which(DISTRICT, "YT"), ahead, at("2024-12-13 09:00"), actor="văn phòng")


def test_what_is_still_missing_is_said_with_its_clause_and_bars_nothing_but_holding(district: Services) -> None:
    made = booked(district, "BAO", "2024-12-17")
    assert [one.code for one in made.missing] == ["papers-not-sent-to", "papers-not-sent-to", "papers-late", "not-approved"]
    which = Which(DISTRICT, "BAO")
    mark(district, which, "approved", AGREES, date(2024, 12, 10), at("2024-12-10 09:00"), actor="văn phòng")
    for who in PAPERS_TO:
        left = mark(district, which, "papers", who, date(2024, 12, 15), at("2024-12-15 09:00"), actor="bí thư")
    assert left.missing == ()  # two days before the 17th, the day itself not counted
    with pytest.raises(Refused, match="đến 2024-12-17T08:00 mới họp"):
        hold(district, which, "01-BB", at("2024-12-16 09:00"), actor="bí thư")
    assert hold(district, which, "01-BB", at("2024-12-17 18:00"), actor="bí thư").missing == ()
    with pytest.raises(Refused, match="đã họp, biên bản 01-BB"):
        cancel(district, which, at("2024-12-18 09:00"), actor="bí thư", reason="nhầm")
    assert audit.check(district.db).broken_at is None


def test_a_meeting_held_in_spite_of_what_is_missing_needs_a_reason(district: Services) -> None:
    booked(district, "BAO", "2024-12-17")
    after = at("2024-12-17 18:00")
    with pytest.raises(Forbidden, match="chưa được Ủy viên Ban Thường vụ Huyện ủy phụ trách thống nhất"):
        hold(district, Which(DISTRICT, "BAO"), "01-BB", after, actor="bí thư")
    made = hold(district, Which(DISTRICT, "BAO"), "01-BB", after, actor="bí thư", reason="thống nhất bằng điện thoại")
    assert "not-approved" in {one.code for one in made.missing}
    [event] = look.events(district, "meeting.held")
    assert event.reason == "thống nhất bằng điện thoại" and "not-approved" in event.data


def test_an_agreement_to_one_time_is_none_to_another(district: Services) -> None:
    booked(district, "BAO", "2024-12-17")
    which = Which(DISTRICT, "BAO")
    mark(district, which, "approved", AGREES, date(2024, 12, 9), NOW, actor="văn phòng")
    moved = move_meeting(
        district, which, at("2024-12-18 08:00"), at("2024-12-18 17:00"), NOW, actor="bí thư", reason="trùng lịch"
    )  # fmt: skip
    assert "not-approved" in {one.code for one in moved.missing}


def test_papers_that_can_no_longer_be_in_time_stand_against_the_day(province: Services) -> None:
    """13-HD/TU IV.1.5: three days before. On Monday the meeting of Wednesday is lost, that of Thursday is not."""
    with pytest.raises(Forbidden, match=r"chậm nhất Chủ nhật 08/12/2024, hoặc lùi ngày họp.*IV\.1\.5"):
        booked(province, "BAO", "2024-12-11", code=PROVINCE, directs=(code_of(province, IN_CHARGE_OF_YT),))
    made = booked(province, "BAO", "2024-12-12", code=PROVINCE, directs=(code_of(province, IN_CHARGE_OF_YT),))
    assert [one.code for one in made.missing] == ["papers-late"]


def test_a_whole_day_and_the_member_in_charge(province: Services) -> None:
    with pytest.raises(Forbidden, match=r"phải ít nhất 01 ngày.*III\.1") as said:
        booked(province, "YT", "2024-12-18", code=PROVINCE, hours="08:00-11:30")
    assert said.value.codes == ("too-short", "in-charge-absent")
    made = booked(province, "YT", "2024-12-18", code=PROVINCE, directs=(code_of(province, IN_CHARGE_OF_YT),))
    with pytest.raises(Forbidden, match="Đỗ Văn Minh phụ trách Đảng bộ Sở Y tế nhưng không có trong thành phần dự"):
        attend(province, Which(PROVINCE, "YT"), (), (), NOW, actor="bí thư")
    assert made.id == 1


def test_nobody_is_in_two_places(district: Services) -> None:
    minh = code_of(district, IN_CHARGE_OF_YT)
    booked(district, "YT", "2024-12-17", hours="08:00-11:00", directs=(minh,))
    with pytest.raises(Forbidden, match="Đỗ Văn Minh đã có lịch dự kiểm điểm tại Đảng bộ Sở Y tế cùng lúc"):
        booked(district, "BAO", "2024-12-17", hours="10:00-12:00", follows=(minh,))
    booked(district, "BAO", "2024-12-17", hours="11:00-14:00", follows=(minh,))  # they only touch
    booked(district, "KHO", "2024-12-17", hours="08:00-17:00")
    with pytest.raises(Forbidden, match="đã có lịch dự"):
        attend(district, Which(DISTRICT, "KHO"), (minh,), (), NOW, actor="bí thư")
    with pytest.raises(NotFound, match="Không có người mã “CB999”"):
        attend(district, Which(DISTRICT, "KHO"), ("CB999",), (), NOW, actor="bí thư")
    assert look.events(district, "meeting.attended") == []  # what was refused left no trace


def test_two_of_one_name_are_two_people(district: Services) -> None:
    with district.db.write() as connection:
        connection.execute(sa.insert(person).values(code="KHAC", name=IN_CHARGE_OF_YT))
    booked(district, "YT", "2024-12-17", directs=(code_of(district, STANDING_SECRETARY),))
    booked(district, "BAO", "2024-12-17", directs=("KHAC",))
    minh = code_of(district, IN_CHARGE_OF_YT)
    assert attend(district, Which(DISTRICT, "YT"), (minh,), (), NOW, actor="bí thư").id
    with pytest.raises(Forbidden, match=r"Đỗ Văn Minh \(KHAC\) đã có lịch dự kiểm điểm tại Chi bộ Báo tỉnh"):
        attend(district, Which(DISTRICT, "YT"), ("KHAC",), (), NOW, actor="bí thư")


def test_a_booking_race_for_the_same_member(district: Services) -> None:
    """Four units ask for the same morning of the same member in the same moment: one gets it."""
    minh, units = code_of(district, IN_CHARGE_OF_YT), ("YT", "BAO", "KHO", "YT-1")
    start = Barrier(len(units))

    def one(unit: str) -> str:
        mine = Services(Database(district.db.url), district.settings, district.workdays)
        start.wait()
        try:
            booked(mine, unit, "2024-12-17", directs=(minh,))
        except Forbidden as said:
            return " ".join(said.codes)
        finally:
            mine.db.close()
        return "booked"

    with ThreadPoolExecutor(len(units)) as pool:
        assert sorted(pool.map(one, units)) == ["booked", "clash", "clash", "clash"]
    assert [len(goes) for _, goes in week(district, date(2024, 12, 17)).by_person] == [1]
    assert audit.check(district.db).broken_at is None


def test_a_unit_registers_one_meeting_of_a_kind(district: Services) -> None:
    booked(district, "BAO", "2024-12-17")
    with pytest.raises(AlreadyDone, match="đã đăng ký"):
        booked(district, "BAO", "2024-12-18")
    with pytest.raises(IntegrityError), district.db.write() as connection:
        row = connection.execute(sa.select(meeting)).one()._asdict()
        connection.execute(sa.insert(meeting).values({**row, "id": 99}))


def test_the_collective_before_its_people(province: Services) -> None:
    """124-QĐ/TW Điều 7: booked in that order, moved in that order, held in that order."""
    booked(province, "BAO", "2024-12-18", code=PROVINCE)
    with pytest.raises(Forbidden, match=r"còn thiếu “kiểm điểm tập thể”.*Xếp hội nghị ấy trước"):
        booked(province, "BAO", "2024-12-17", code=PROVINCE, step=Step.OTHERS)
    booked(province, "BAO", "2024-12-19", code=PROVINCE, step=Step.OTHERS)
    with pytest.raises(Forbidden, match="còn thiếu “kiểm điểm tập thể”"):
        move_meeting(
            province, Which(PROVINCE, "BAO"), at("2024-12-20 08:00"), at("2024-12-20 17:00"), NOW, actor="bí thư", reason="x"
        )  # fmt: skip
    late = at("2024-12-19 18:00")
    with pytest.raises(Forbidden, match="Chưa thể bắt đầu"):
        hold(province, Which(PROVINCE, "BAO", Step.OTHERS), "02-BB", late, actor="bí thư", reason="vội")
    hold(province, Which(PROVINCE, "BAO"), "01-BB", late, actor="bí thư", reason="gửi giấy mời qua điện thoại")
    hold(province, Which(PROVINCE, "BAO", Step.OTHERS), "02-BB", late, actor="bí thư", reason="gửi giấy mời qua điện thoại")
    with province.db.read() as connection:
        assert connection.execute(sa.select(unit_event.c.day)).scalars().all() == [date(2024, 12, 18)]  # the earliest counts


def test_a_committees_day_for_all_leaves_a_units_own_alone(district: Services) -> None:
    booked(district, "BAO", "2024-12-23")
    set_event(district, DISTRICT, "DUK", "review-meeting", date(2024, 12, 30), NOW, actor="Bình")
    assert look.item(district, "BAO", "giay-moi", DISTRICT).last_day == date(2024, 12, 18)
    assert look.item(district, "KHO", "giay-moi", DISTRICT).last_day == date(2024, 12, 25)


def test_a_standing_committees_own_review_dates_nobody_elses_work(district: Services) -> None:
    assert booked(district, "DUK-BTV", "2024-12-23").dated == 0
    assert look.item(district, "BAO", "giay-moi", DISTRICT).last_day is None


def test_a_meeting_ends_after_it_begins_and_in_a_review(district: Services) -> None:
    with pytest.raises(Forbidden, match="không sau khi bắt đầu"):
        booked(district, "BAO", "2024-12-17", hours="17:00-08:00")
    with pytest.raises(NotFound, match="Không có đơn vị mã “XX”"):
        booked(district, "XX", "2024-12-17")


def test_the_week_and_the_unit_as_the_board_shows_them(district: Services) -> None:
    minh = code_of(district, IN_CHARGE_OF_YT)
    booked(district, "YT", "2024-12-17", hours="08:00-11:00", directs=(minh,))
    booked(district, "BAO", "2024-12-19", hours="13:30-17:00", directs=(minh,), place="Hội trường")
    booked(district, "KHO", "2024-12-20")
    booked(district, "YT-1", "2024-12-24", directs=(minh,))  # the next week
    found = week(district, date(2024, 12, 18))
    assert found.monday == date(2024, 12, 16)
    assert [(who.name, [m.unit for m in goes]) for who, goes in found.by_person] == [(IN_CHARGE_OF_YT, ["YT", "BAO"])]
    assert [m.unit for m in found.unattended] == ["KHO"]
    page = unit_meetings(district, DISTRICT, "BAO", NOW)
    assert [one.meeting.place for one in page.lines] == ["Hội trường"]
    assert {one.code for one in page.lines[0].missing} == {"papers-not-sent-to", "papers-late", "not-approved"}
    assert [(one.milestone.key, one.last_day) for one in page.leads] == [("giay-moi", date(2024, 12, 14))]
    assert (page.topics, page.opinions) == ((0, 0), ())


def test_opinions_of_those_who_attended_are_asked_for_at_their_own_units(district: Services) -> None:
    booked(
        district,
        "BAO",
        "2024-12-17",
        directs=(code_of(district, STANDING_SECRETARY),),
        follows=(code_of(district, IN_CHARGE_OF_YT),),
    )
    asked = opinions.ask_attenders(district, DISTRICT, "BAO", date(2024, 12, 20), NOW, actor="Bình")
    assert len(asked.ids) == 2 and look.who(district, tone="opened") == ["DUK-BTV", "YT"]
    page = unit_meetings(district, DISTRICT, "BAO", NOW)
    assert sorted((one.heard, one.source) for one in page.opinions) == [
        ("DUK-BTV", STANDING_SECRETARY),
        ("YT", IN_CHARGE_OF_YT),
    ]
    with pytest.raises(AlreadyDone, match="Không còn ai dự"):
        opinions.ask_attenders(district, DISTRICT, "BAO", date(2024, 12, 20), NOW, actor="Bình")
