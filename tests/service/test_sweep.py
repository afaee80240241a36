"""The sweep: what is due is told once, to the right posts; stages move; overruns are said.

12/12/2024 is a Thursday. Rungs of chi-bo: T-7 Tue 03/12, T-3 Mon 09/12, T-1 Wed 11/12, T Thu 12/12, T+1 Fri 13/12,
T+3 Tue 17/12, T+5 Thu 19/12; all at 08:00.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from hanchot.domain.ladder import CHASE_ROUNDS
from hanchot.domain.stage import Stage
from hanchot.domain.workdays import WorkCalendar
from hanchot.service import sweep as sweep_module
from hanchot.service.items import act, extend
from hanchot.service.moving import set_date
from hanchot.service.opening import Opened, open_cycle
from hanchot.service.services import Services
from hanchot.service.stages import Overrun
from hanchot.service.sweep import sweep
from hanchot.store.tables import post, unit
from tests import look, plans
from tests.cast import SECRETARIES, appoint, vacate
from tests.look import Told, at, item_id, ledger, who

HOLDERS_OF_CHI_BO = ["BAO", "KHO", "YT-1", "YT-2", "YT-BP1"]


def finish(house: Services, *done: str, now: str = "2024-12-02 09:00") -> None:
    """``unit/milestone`` …: submitted."""
    for one in done:
        body, key = one.split("/")
        act(house, item_id(house, body, key), "submit", at(now), actor="cán bộ")


def sweep_up_to(house: Services, last: str, first: str = "2024-11-18") -> None:
    """A sweep every day at 08:00."""
    day, end = date.fromisoformat(first), date.fromisoformat(last)
    while day <= end:
        sweep(house, at(f"{day} 08:00"))
        day += timedelta(days=1)


def test_the_opening_is_told_to_everybody_who_has_a_duty(any_house: Services) -> None:
    open_cycle(any_house, plans.plan(), at("2024-11-18 07:00"))
    report = sweep(any_house, at("2024-11-18 08:00"))
    opened = ledger(any_house, rung="open")
    assert len(opened) == 20  # each duty once, to whoever holds it
    assert {row.to for row in opened} == {"DUK-BTC", "DUK-BTV", "YT", *HOLDERS_OF_CHI_BO}
    assert (report.letters, report.envelopes) == (20 + 1, 8)  # and the department's morning summary
    assert look.envelopes(any_house)[0] == ("Trần Thị Bình", 4, "2024-11-18T08:00")  # three duties and the summary


def test_a_cycle_opened_on_a_weekend_is_told_on_the_next_working_morning(house: Services) -> None:
    open_cycle(house, plans.plan(), at("2024-11-16 10:00"))  # a Saturday
    assert sweep(house, at("2024-11-16 10:15")).nothing
    assert sweep(house, at("2024-11-17 08:00")).nothing
    assert sweep(house, at("2024-11-18 08:00")).letters == 21


def test_a_quiet_sweep_does_nothing(house: Services, opened: Opened) -> None:
    sweep(house, at("2024-11-18 08:00"))
    report = sweep(house, at("2024-11-18 08:15"))
    assert report.nothing
    assert report.to_json() == {
        "letters": 0, "envelopes": 0, "skipped": 0, "vacant": 0, "overruns": (), "changes": (), "advanced": [],
        "nothing": True,
    }  # fmt: skip


def test_the_ladder_rung_by_rung(any_house: Services) -> None:
    open_cycle(any_house, plans.plan(), at("2024-11-18 07:00"))
    finish(any_house, "DUK-BTC/phan-cong", now="2024-11-18 12:00")
    finish(any_house, "YT-1/chi-bo", "YT-2/chi-bo", "YT-BP1/chi-bo", "KHO/chi-bo", now="2024-11-18 12:00")
    sweep_up_to(any_house, "2024-12-20")
    told = [(r.rung, r.to, r.tone) for r in ledger(any_house, unit="BAO", milestone="chi-bo", state="planned")]
    assert told == [
        ("open", "BAO", "opened"),
        ("stage-self_assess", "BAO", "stage_opened"),
        ("T-7", "BAO", "reminder"),
        ("T-3", "BAO", "reminder"),
        ("T-1", "BAO", "reminder"),
        ("T", "BAO", "due"),
        ("T+1", "BAO", "overdue"),
        ("T+1", "DUK", "escalation"),  # the post above
        ("T+3", "BAO", "overdue"),
        ("T+3", "DUK-BTC", "escalation"),  # the organisation department
        ("T+5", "DUK-BTC", "escalation"),
        ("T+5", "DUK", "escalation"),  # nobody is in charge of Báo tỉnh: the secretary of the committee answers
    ]


@pytest.mark.parametrize(
    ("body", "above", "in_charge"),
    [
        ("YT-BP1", "YT-BP", "YT"),  # the section committee; the member in charge of the whole Sở Y tế
        ("YT-1", "YT", "YT"),
        ("BAO", "DUK", "DUK"),
    ],
)
def test_overdue_goes_to_the_post_above_and_to_who_is_in_charge(
    house: Services, opened: Opened, body: str, above: str, in_charge: str
) -> None:
    sweep_up_to(house, "2024-12-20")
    escalated = ledger(house, unit=body, milestone="chi-bo", tone="escalation")
    assert [(r.rung, r.to) for r in escalated] == [
        ("T+1", above), ("T+3", "DUK-BTC"), ("T+5", "DUK-BTC"), ("T+5", in_charge),
    ]  # fmt: skip


def test_the_member_in_charge_gets_the_letter_not_the_secretary(house: Services, opened: Opened) -> None:
    sweep(house, at("2024-12-19 08:00"))
    names = [name for name, _, _ in look.envelopes(house)]
    assert "Đỗ Văn Minh" in names and "Lê Thị Dung" in names  # Dung for her own duties


def test_done_units_are_left_in_peace(house: Services, opened: Opened) -> None:
    finish(house, "KHO/chi-bo", "YT-2/chi-bo")
    sweep(house, at("2024-12-09 08:00"))
    assert who(house, rung="T-3", milestone="chi-bo") == ["BAO", "YT-1", "YT-BP1"]


def test_a_deadline_that_has_moved_is_reminded_again_an_unmoved_one_is_not(house: Services, opened: Opened) -> None:
    sweep(house, at("2024-12-09 08:00"))
    extend(house, item_id(house, "BAO", "chi-bo"), date(2024, 12, 19), at("2024-12-09 09:00"), actor="B", reason="bão")
    sweep(house, at("2024-12-16 08:00"))  # T-3 of Thursday 19/12; for the others T+1 is past, T+3 is tomorrow
    assert who(house, rung="T-3", milestone="chi-bo") == sorted([*HOLDERS_OF_CHI_BO, "BAO"])
    assert who(house, rung="T+1", milestone="chi-bo", tone="overdue") == ["KHO", "YT-1", "YT-2", "YT-BP1"]


def test_after_an_outage_one_letter_with_the_highest_rung_the_rest_is_recorded(house: Services, opened: Opened) -> None:
    report = sweep(house, at("2024-12-11 09:00"))  # nothing has run since the opening
    mine = [(r.rung, r.state) for r in ledger(house, unit="BAO", milestone="chi-bo")]
    assert sorted(mine) == [("T-1", "planned"), ("T-3", "skipped"), ("T-7", "skipped"), ("open", "skipped")]
    assert report.skipped == len(ledger(house, state="skipped"))
    assert Counter(name for name, _, _ in look.envelopes(house)).most_common(1)[0][1] == 1  # one envelope each


def test_an_outage_over_the_deadline_escalates_once(house: Services, opened: Opened) -> None:
    sweep(house, at("2024-12-16 08:00"))  # Monday after: T+1 is the highest rung that is due
    planned = [r for r in ledger(house, unit="YT-1", milestone="chi-bo") if r.state == "planned"]
    assert planned == [
        Told("YT-1", "YT-1", "chi-bo", "T+1", "overdue", "planned"),
        Told("YT", "YT-1", "chi-bo", "T+1", "escalation", "planned"),
    ]


def test_all_letters_of_a_person_are_in_one_envelope(house: Services, opened: Opened) -> None:
    with house.db.write() as connection:
        for body in ("BAO", "KHO", "YT-1"):  # one person is secretary of three cells
            appoint(connection, body, "Phan Văn Lâm")
    sweep(house, at("2024-12-09 08:00"))
    mine = [count for name, count, _ in look.envelopes(house) if name == "Phan Văn Lâm"]
    assert mine == [3 + 2 + 2 + 2]  # chi-bo of three cells; ho-so, giay-moi and khac-phuc of two


def test_a_vacant_post_is_told_above_at_once_and_said(house: Services, opened: Opened) -> None:
    with house.db.write() as connection:
        vacate(connection, "YT-1")
    report = sweep(house, at("2024-12-09 08:00"))
    mine = [(r.to, r.tone, r.state) for r in ledger(house, unit="YT-1", rung="T-3")]
    assert mine == [("YT-1", "reminder", "vacant"), ("YT", "escalation", "planned")]
    assert report.vacant == 1
    message, times, settled = look.incidents(house)["vacant-posts"]
    assert "chức vụ đang khuyết" in message and (times, settled) == (1, False)


def test_whoever_is_told_twice_by_one_rung_is_told_once(house: Services, opened: Opened) -> None:
    with house.db.write() as connection:
        appoint(connection, "YT-1", SECRETARIES["YT"])  # the secretary above is the cell's own secretary, too
    sweep(house, at("2024-12-13 08:00"))
    assert [(r.to, r.tone) for r in ledger(house, unit="YT-1", rung="T+1")] == [("YT-1", "overdue")]


def test_a_chain_of_vacant_posts_ends_in_the_ledger(house: Services, opened: Opened) -> None:
    with house.db.write() as connection:
        for body in ("YT-1", "YT"):
            vacate(connection, body)
    sweep(house, at("2024-12-09 08:00"))
    assert [(r.to, r.state) for r in ledger(house, unit="YT-1", rung="T-3")] == [("YT-1", "vacant")]


def test_a_new_secretary_gets_what_is_due_from_now_on(house: Services, opened: Opened) -> None:
    with house.db.write() as connection:
        appoint(connection, "BAO", "Người mới", since=date(2024, 12, 9))
    sweep(house, at("2024-12-03 08:00"))
    sweep(house, at("2024-12-09 08:00"))
    assert [name for name, _, _ in look.envelopes(house) if name in ("Người mới", "Phan Văn Lâm")] == [
        "Phan Văn Lâm", "Người mới",
    ]  # fmt: skip


def test_a_unit_without_any_post_is_answered_for_from_above(house: Services, opened: Opened) -> None:
    with house.db.write() as connection:
        vacate(connection, "YT-1")
        gone = sa.select(post.c.id).join(unit).where(unit.c.code == "YT-1").scalar_subquery()
        for statement in ("DELETE FROM tenure WHERE post_id = :p", "DELETE FROM post WHERE id = :p"):
            connection.execute(sa.text(statement), {"p": connection.execute(sa.select(gone)).scalar()})
    sweep(house, at("2024-12-09 08:00"))
    assert who(house, unit="YT-1", rung="T-3") == ["YT"]


def test_the_department_gets_one_summary_each_working_morning(house: Services, opened: Opened) -> None:
    for day in ("2024-11-22 08:00", "2024-11-22 20:00", "2024-11-23 08:00", "2024-11-24 08:00", "2024-11-25 07:45"):
        sweep(house, at(day))
    assert [r.rung for r in ledger(house, tone="summary")] == ["summary-2024-11-22", "summary-2024-11-25"]
    assert who(house, tone="summary") == ["DUK-BTC", "DUK-BTC"]


def test_no_summary_when_nobody_heads_the_department(house: Services, opened: Opened) -> None:
    from hanchot.domain.unit import PostRole

    with house.db.write() as connection:
        vacate(connection, "DUK-BTC", role=PostRole.HEAD)
    sweep(house, at("2024-11-19 08:00"))
    assert ledger(house, tone="summary") == []


def test_the_issuer_of_an_announced_date_is_chased_until_it_comes(house: Services, opened: Opened) -> None:
    sweep_up_to(house, "2025-01-07")
    chased = ledger(house, milestone="lich", tone="chase")
    # from Monday 23/12 (the last printed day is Friday 20/12), every five working days; 01/01 is a holiday
    assert [r.rung for r in chased] == ["chase-1", "chase-2", "chase-3"]
    assert {r.to for r in chased} == {"DUK-BTC"}
    days = sorted({e[2] for e in look.envelopes(house)})
    assert {"2024-12-23T08:00", "2024-12-30T08:00", "2025-01-07T08:00"} <= set(days)
    set_date(house, "mau-2024", "lich", date(2025, 1, 15), at("2025-01-07 10:00"), actor="Bình", reason="lịch đã có")
    sweep_up_to(house, "2025-01-14", first="2025-01-08")
    assert [r.rung for r in ledger(house, milestone="lich")][3:] == ["chase-3", "T-3", "T-1"]


def test_a_chase_ends_after_a_while(house: Services, opened: Opened) -> None:
    sweep_up_to(house, "2025-05-01", first="2024-12-20")
    assert len(ledger(house, milestone="lich", tone="chase")) == CHASE_ROUNDS


def test_stages_open_when_the_one_before_is_finished(house: Services, opened: Opened) -> None:
    assert sweep(house, at("2024-12-02 08:00")).changes == ()
    finish(house, "DUK-BTC/phan-cong")
    report = sweep(house, at("2024-12-02 10:00"))
    assert [(c.stage, c.became) for c in report.changes] == [("prepare", "closed"), ("self_assess", "open")]
    assert report.advanced == ("mau-2024",)
    assert who(house, tone="stage_opened") == sorted([*HOLDERS_OF_CHI_BO, "YT", "YT", "BAO", "KHO"])
    assert sweep(house, at("2024-12-02 10:15")).nothing  # a stage is opened once


def test_an_optional_duty_does_not_hold_its_stage(house: Services, opened: Opened) -> None:
    finish(house, "DUK-BTC/phan-cong")
    sweep(house, at("2024-12-02 10:00"))
    assert look.item(house, "BAO", "giay-moi").state == "open"
    assert look.stages(house)["prepare"] == "closed"


def test_work_taken_back_opens_its_stage_again(house: Services, opened: Opened) -> None:
    finish(house, "DUK-BTC/phan-cong")
    sweep(house, at("2024-12-02 10:00"))
    act(house, item_id(house, "DUK-BTC", "phan-cong"), "reopen", at("2024-12-03 09:00"), actor="B", reason="thiếu")
    report = sweep(house, at("2024-12-03 10:00"))
    assert {(c.stage, c.became) for c in report.changes} == {("prepare", "open"), ("self_assess", "pending")}
    act(house, item_id(house, "DUK-BTC", "phan-cong"), "submit", at("2024-12-03 11:00"), actor="B")
    before = len(ledger(house, tone="stage_opened"))
    sweep(house, at("2024-12-03 12:00"))
    assert len(ledger(house, tone="stage_opened")) == before  # the same opening is not told twice


def test_an_overrun_is_said_once_when_something_is_really_late(house: Services, opened: Opened) -> None:
    finish(house, "DUK-BTC/phan-cong", "BAO/chi-bo")
    sweep(house, at("2024-12-12 20:00"))
    assert sweep(house, at("2024-12-12 23:59:59")).overruns == ()  # the day itself is on time
    report = sweep(house, at("2024-12-13 00:00"))
    # self_assess: chi-bo 5, co-so 1, ho-so 3; four cells are late, one is done
    assert report.overruns == (Overrun("mau-2024", Stage.SELF_ASSESS, late=4, done=1, total=9),)
    assert sweep(house, at("2024-12-13 08:00")).overruns == ()
    [event] = look.events(house, "stage.overrun")
    assert (event.subject, event.data) == ("mau-2024:self_assess", '{"done":1,"late":4,"total":9}')


def test_extended_work_is_not_an_overrun(house: Services, opened: Opened) -> None:
    finish(house, "DUK-BTC/phan-cong", *(f"{body}/chi-bo" for body in HOLDERS_OF_CHI_BO if body != "BAO"))
    extend(house, item_id(house, "BAO", "chi-bo"), date(2024, 12, 17), at("2024-12-10 09:00"), actor="B", reason="bão")
    assert sweep(house, at("2024-12-13 08:00")).overruns == ()
    assert sweep(house, at("2024-12-18 08:00")).overruns != ()


def test_a_sweep_that_is_repeated_adds_nothing(any_house: Services) -> None:
    open_cycle(any_house, plans.plan(), at("2024-11-18 07:00"))
    for moment in ("2024-12-09 08:00", "2024-12-13 08:00", "2024-12-24 08:00"):
        sweep(any_house, at(moment))
        before = (ledger(any_house), look.envelopes(any_house))
        assert sweep(any_house, at(moment)).nothing
        assert (ledger(any_house), look.envelopes(any_house)) == before


def test_a_clock_that_goes_back_sends_nothing_twice(house: Services, opened: Opened) -> None:
    sweep(house, at("2024-12-13 08:00"))
    before = ledger(house)
    for earlier in ("2024-12-12 08:00", "2024-12-09 08:00", "2024-12-13 08:00"):
        sweep(house, at(earlier))
    assert [r for r in ledger(house) if r.tone != "summary"] == [r for r in before if r.tone != "summary"]


def test_more_than_a_batch_is_swept_to_the_end(house: Services, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep_module, "BATCH", 4)
    assert sweep(house, at("2024-11-18 08:00")).letters == 21
    assert len(ledger(house, rung="open")) == 20


def test_a_year_that_nobody_has_checked_stops_only_its_own_items(house: Services, opened: Opened) -> None:
    checked = WorkCalendar(frozenset({2024}), house.workdays.off, house.workdays.made_up)
    from dataclasses import replace

    short = replace(house, workdays=checked)
    report = sweep(short, at("2024-12-23 08:00"))  # the next chase after 30/12 and quyet-dinh need 2025
    assert report.letters > 0
    message, _, _ = look.incidents(house)["sweep:UncheckedYear:2025"]
    assert "năm 2025 chưa được kiểm tra" in message
    assert who(house, milestone="chi-bo", rung="T+5") == sorted([*["DUK-BTC"] * 5, "DUK", "DUK", "YT", "YT", "YT"])
    assert look.item(house, "DUK-BTV", "quyet-dinh").next_action_at == at("2024-12-23 09:00")  # looked at again


@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        ("2024-12-07 23:00", "2024-12-09T07:00"),  # Saturday night → Monday morning
        ("2024-12-09 05:00", "2024-12-09T07:00"),
        ("2024-12-09 07:00", "2024-12-09T07:00"),
        ("2024-12-09 20:30", "2024-12-09T20:30"),
        ("2024-12-09 20:31", "2024-12-10T07:00"),
        ("2025-01-24 21:00", "2025-02-03T07:00"),  # Tết: from Friday evening to the Monday after
        ("2025-04-26 09:00", "2025-04-26T09:00"),  # a Saturday that is worked
    ],
)
def test_letters_leave_inside_the_window(workdays: WorkCalendar, house: Services, now: str, leaves: str) -> None:
    from hanchot.domain.instants import local_iso
    from hanchot.service.mail.envelopes import release_at

    moment: datetime = release_at(at(now), workdays, house.settings)
    assert local_iso(moment)[:16] == leaves
