"""What a letter says of an item, and which letters still hold: read from the house at one instant."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from hanchot.domain.instants import local_day
from hanchot.letters.view import Line, Summary
from hanchot.service import items, moving
from hanchot.service.mail.lines import Lines, plan_words
from hanchot.service.mail.outbox import decide, gather
from hanchot.service.opening import open_cycle
from hanchot.service.services import Services
from hanchot.service.sweep import sweep
from hanchot.store.tables import envelope, person
from tests import look, plans
from tests.look import CODE, at
from tests.plans import CELLS, duty


@pytest.fixture
def lines(house: Services) -> Services:
    """The cast and a plan whose one dated duty ends on Sunday 15/12/2024."""
    sunday = duty("chi-bo", "self_assess", CELLS, {"kind": "by", "date": "2024-12-15"})
    lich = duty("lich", "appraise", ["standing_committee"], {"kind": "announced"})
    open_cycle(house, plans.plan(sunday, lich), at("2024-11-18 07:00"))
    sweep(house, at("2024-11-18 08:00"))
    return house


def _said(house: Services, unit: str, now: str, tone: str | None = None) -> list[Line]:
    """What the waiting envelopes say of a unit at an instant, in order of writing."""
    with house.db.read() as connection:
        rows = connection.execute(sa.select(envelope).where(envelope.c.state == "queued").order_by(envelope.c.id)).all()
        desk = gather(house, connection, rows, at(now))
    told = [one for row in rows for one in desk.told.get(row.id, ())]
    return [one.line for one in told if one.line.unit == unit and tone in (None, one.line.tone)]


def test_a_deadline_on_a_day_off_names_the_working_day_before_it(lines: Services) -> None:
    (opened,) = _said(lines, "Chi bộ Kho bạc", "2024-11-18 08:00")
    assert (opened.days, opened.deadline) == (27, "hết ngày Chủ nhật 15/12/2024")
    assert opened.advised == "thứ Sáu 13/12/2024"
    assert (opened.clause, opened.plan, opened.provisional) == ("II.1", "Kế hoạch số 01-KH/ĐUK", False)
    assert opened.url == f"{lines.settings.board}/items/{opened.item_id}"


def test_on_the_last_working_day_two_days_are_left(lines: Services) -> None:
    sweep(lines, at("2024-12-13 08:00"))
    due = _said(lines, "Chi bộ Kho bạc", "2024-12-13 08:00", "due")
    assert [(line.rung, line.days, line.when) for line in due] == [("T", 2, "Còn 2 ngày")]


def test_days_are_those_of_the_day_on_which_it_is_sent(lines: Services) -> None:
    assert _said(lines, "Chi bộ Kho bạc", "2024-12-14 08:00")[0].days == 1
    late = _said(lines, "Chi bộ Kho bạc", "2024-12-16 00:00")[0]
    assert (late.days, late.standing, late.advised) == (-1, "Quá hạn 1 ngày", "")


def test_an_escalation_names_whom_to_call(lines: Services) -> None:
    with lines.db.write() as connection:
        connection.execute(sa.update(person).where(person.c.name == "Ngô Thị Kim").values(phone="0900 000 002"))
    sweep(lines, at("2024-12-16 08:00"))
    told = _said(lines, "Chi bộ Trung tâm Y tế", "2024-12-16 08:00", "escalation")
    assert [(line.holder_name, line.holder_phone) for line in told] == [("Ngô Thị Kim", "0900 000 002")]


def test_a_date_given_by_the_department_is_said_to_be_its_own(lines: Services) -> None:
    moving.set_date(lines, CODE, "lich", date(2024, 12, 20), at("2024-11-18 09:00"), actor="BTC", reason="thông báo 7")
    (line,) = [one for one in _said(lines, "Ban Thường vụ Đảng ủy Khối", "2024-11-18 09:00") if "lich" in one.milestone]
    assert line.plan == "Kế hoạch số 01-KH/ĐUK; ngày do Ban Tổ chức ấn định"


def test_the_department_is_chased_on_the_cycle_s_page(lines: Services) -> None:
    for day in range(16, 24):
        sweep(lines, at(f"2024-12-{day} 08:00"))
    chased = _said(lines, "Ban Thường vụ Đảng ủy Khối", "2024-12-23 08:00", "chase")
    assert chased and chased[0].days is None and chased[0].url == f"{lines.settings.board}/cycles/{CODE}"


def test_a_returned_file_brings_its_reason(lines: Services) -> None:
    item = look.item_id(lines, "KHO", "chi-bo")
    items.act(lines, item, "submit", at("2024-12-02 08:00"), actor="bí thư")
    items.act(lines, item, "return", at("2024-12-02 09:00"), actor="BTC", reason="thiếu biên bản")
    sweep(lines, at("2024-12-02 09:15"))
    (line,) = _said(lines, "Chi bộ Kho bạc", "2024-12-02 09:15", "returned")
    assert line.said_reason == "thiếu biên bản"
    items.act(lines, item, "submit", at("2024-12-02 10:00"), actor="bí thư")
    with lines.db.read() as connection:
        rows = connection.execute(sa.select(envelope).order_by(envelope.c.id.desc()).limit(1)).all()
        told = gather(lines, connection, rows, at("2024-12-02 10:00")).told[rows[0].id]
    assert [one.unwanted for one in told] == ["việc đã xong"]
    assert decide(told, rows[0].person_id).kept == ()


def _summary(house: Services, now: str) -> Summary:
    with house.db.read() as connection:
        return Lines(house, connection, at(now)).summary(1)


def test_the_summary_counts_and_names_the_latest(lines: Services) -> None:
    before = _summary(lines, "2024-12-09 07:30")
    assert (before.done, before.total, before.late, before.due_soon, before.undated) == (0, 6, 0, 5, 1)
    assert (before.period, before.stage_vi, before.late_units) == ("năm 2024", "tự đánh giá", ())
    items.act(lines, look.item_id(lines, "KHO", "chi-bo"), "submit", at("2024-12-10 08:00"), actor="bí thư")
    items.extend(lines, look.item_id(lines, "BAO", "chi-bo"), date(2024, 12, 20), at("2024-12-10 08:00"), actor="BTC",
                 reason="lũ")  # fmt: skip
    after = _summary(lines, "2024-12-18 07:30")
    assert (after.done, after.late, after.due_soon, after.undated) == (1, 3, 1, 1)
    assert [(unit.name, unit.days) for unit in after.late_units] == [
        ("Chi bộ Khoa Nội", 3), ("Chi bộ Văn phòng Sở", 3), ("Chi bộ Trung tâm Y tế", 3)
    ]  # fmt: skip


def test_a_summary_is_of_its_own_day(lines: Services) -> None:
    moment = at("2024-12-09 08:00")
    sweep(lines, moment)
    with lines.db.read() as connection:
        rows = connection.execute(sa.select(envelope).where(envelope.c.planned_at == moment)).all()
        today = gather(lines, connection, rows, moment).told
        next_day = gather(lines, connection, rows, moment + timedelta(days=1)).told
    assert [one.unwanted for told in today.values() for one in told if one.summary] == [None]
    assert [one.unwanted for told in next_day.values() for one in told if one.summary] == ["bản tin của ngày đã qua"]
    assert local_day(moment) == date(2024, 12, 9)


def test_a_draft_without_a_number_is_called_so() -> None:
    draft = plans.plan(document={"kind": "guidance", "issuer": "x", "title": "y", "year": 2024})
    assert plan_words(draft) == "Hướng dẫn (dự thảo, chưa có số)"
