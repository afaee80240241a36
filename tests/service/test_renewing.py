"""Re-running a cycle for a new year: look, write, confirm, open. Each step once, and the organisation as it is now."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from hanchot.domain.errors import AlreadyDone, Refused
from hanchot.domain.plan import Plan
from hanchot.service import renewing, sample
from hanchot.service.cycles import close_cycle
from hanchot.service.demo import SAMPLES
from hanchot.service.opening import open_cycle
from hanchot.service.people import Habits
from hanchot.service.renew import renew_from
from hanchot.service.services import Services
from hanchot.service.simulate import simulate
from hanchot.store.db import Database
from hanchot.store.plan_files import find_plan, load_plan, plans_in
from hanchot.store.tables import person, unit
from tests import look, plans
from tests.cast import CAST, add_unit, vacate
from tests.conftest import OPENED_AT, NewHouse
from tests.look import at
from tests.next_year import document_of

NOW = at("2025-10-06 09:00")


@pytest.fixture
def after_a_season(any_house: Services) -> Services:
    """Last year's cycle is over. Since then KHO was merged, BAO has no secretary, YT-1's has no address."""
    open_cycle(any_house, plans.plan(), at(OPENED_AT))
    close_cycle(any_house, "mau-2024", at("2025-03-03 08:00"), actor="Bình", reason="hết đợt")
    with any_house.db.write() as connection:
        vacate(connection, "BAO", since=date(2025, 9, 1))
        connection.execute(sa.update(unit).where(unit.c.code == "KHO").values(valid_to=date(2025, 6, 30)))
        connection.execute(sa.update(person).where(person.c.name == "Bùi Văn Hải").values(email=" "))
    return any_house


def test_what_changed_in_the_organisation_is_named(after_a_season: Services) -> None:
    seen = renewing.outlook(after_a_season, plans.plan(), 2025, NOW)
    assert seen.last_cycle == "mau-2024"
    assert seen.to_json()["organisation"] == {
        "ended_units": [{"code": "KHO", "name": "Chi bộ Kho bạc", "last_day": "2025-06-30"}],
        "vacant_posts": [{"code": "BAO", "name": "Chi bộ Báo tỉnh", "post": "bí thư"}],
        "without_mail": [{"code": "YT-1", "name": "Chi bộ Văn phòng Sở", "person": "Bùi Văn Hải"}],
    }


def test_units_that_ended_before_the_last_cycle_are_old_news(after_a_season: Services) -> None:
    with after_a_season.db.write() as connection:
        long_gone = CAST[-1]._replace(code="CU", name="Chi bộ cũ", holder="Lê Văn Cũ")
        add_unit(connection, long_gone, last=date(2023, 6, 30))
    seen = renewing.outlook(after_a_season, plans.plan(), 2025, NOW)
    assert [one.code for one in seen.gaps.ended] == ["KHO"]


def test_a_tree_without_a_cycle_yet_is_looked_at_all_the_same(house: Services) -> None:
    seen = renewing.outlook(house, plans.plan(), 2025, NOW)
    assert seen.last_cycle is None and not seen.gaps


def test_an_empty_house_has_no_gaps(empty_house: Services) -> None:
    assert not renewing.outlook(empty_house, plans.plan(), 2025, NOW).gaps


def test_one_command_writes_the_plan_and_opens_the_cycle(after_a_season: Services) -> None:
    made = renewing.renew_cycle(after_a_season, plans.plan(), 2025, NOW, actor="Bình")
    assert (made.plan.key, made.plan.provisional, made.opened.code) == ("mau-2025", True, "mau-2025")
    assert load_plan(after_a_season.settings.own_calendars / "mau-2025.yaml") == made.plan
    assert look.item(after_a_season, "YT-1", "chi-bo", "mau-2025").last_day == date(2025, 12, 12)
    with pytest.raises(AlreadyDone, match="Đợt “mau-2025” đã mở"):
        renewing.renew_cycle(after_a_season, plans.plan(), 2025, NOW, actor="Bình")


def test_what_a_person_has_mended_in_the_file_is_kept(house: Services) -> None:
    seen = renewing.outlook(house, plans.plan(), 2025, NOW)
    renewing.write_renewed(house, seen.renewal, NOW, actor="Bình")
    file = house.settings.own_calendars / "mau-2025.yaml"
    file.write_text(file.read_text("utf-8").replace("2025-12-12", "2025-12-10"), encoding="utf-8")
    made = renewing.renew_cycle(house, plans.plan(), 2025, NOW, actor="Bình")
    assert look.item(house, "YT-1", "chi-bo", "mau-2025").last_day == date(2025, 12, 10)
    assert made.opened.items > 0
    assert len(look.events(house, "plan.renewed")) == 1


def test_a_plan_out_of_a_document_opens_only_after_a_person_has_confirmed_it(house: Services) -> None:
    khoi = find_plan("khoi-binh-thuan-2024")
    draft = document_of(khoi, 2025, moved={}, dropped=[], new_duty=date(2025, 11, 28))
    made = renewing.write_renewed(house, renew_from(khoi, 2025, draft, house.workdays), NOW, actor="Bình")
    with pytest.raises(Refused, match=r"chưa có người xác nhận.*rồi xác nhận"):
        open_cycle(house, made, NOW)
    with pytest.raises(Refused, match="Chưa ghi người xác nhận"):
        renewing.confirm_plan(house, made.key, NOW, by=" ")
    confirmed = renewing.confirm_plan(house, made.key, NOW, by="Trần Thị Bình")
    assert renewing.confirm_plan(house, made.key, NOW, by="Trần Thị Bình") == confirmed
    assert open_cycle(house, confirmed, NOW).items > 0
    [event] = look.events(house, "plan.confirmed")
    assert (event.actor, event.became) == ("Trần Thị Bình", "confirmed")


def test_the_documents_plan_takes_the_place_of_the_provisional_one(house: Services) -> None:
    khoi = find_plan("khoi-binh-thuan-2024")
    renewing.renew_cycle(house, khoi, 2025, NOW, actor="Bình")
    draft = document_of(khoi, 2025, moved={"ho-so-de-nghi": 2}, dropped=[], new_duty=date(2025, 11, 28))
    made = renewing.write_renewed(house, renew_from(khoi, 2025, draft, house.workdays), NOW, actor="Bình")
    assert made.unconfirmed and find_plan(made.key, *house.settings.calendar_dirs) == made


# Every one of the five plans, re-run for 2026 over a committee of its kind.


@pytest.mark.parametrize("plan", plans_in(), ids=lambda plan: plan.key)
def test_each_of_the_five_plans_is_re_run_for_2026_with_one_call(new_house: NewHouse, plan: Plan) -> None:
    house, now = new_house(), at("2026-10-05 09:00")
    sample.make(house.db, SAMPLES[plan.organiser], seed=1, cells=40, now=now)
    made = renewing.renew_cycle(house, plan, 2026, now, actor="Ban Tổ chức")
    assert made.opened.code.endswith("2026") and made.opened.items > 40
    dated = [change for change in made.outlook.renewal.changes if change.becomes]
    assert all(change.becomes and change.becomes.year in (2026, 2027) for change in dated)


@pytest.mark.slow
@pytest.mark.parametrize("plan", plans_in(), ids=lambda plan: plan.key)
def test_each_of_them_runs_through_the_season(new_house: NewHouse, plan: Plan) -> None:
    live = new_house()
    memory = Services(Database("sqlite://"), live.settings, live.workdays, live=False)
    memory.db.create()
    renewed = renewing.outlook(memory, plan, 2026, at("2026-10-05 09:00")).renewal.plan
    made = simulate(memory, renewed, habits=Habits(overrun=0.1, seed=1), units=40)
    memory.db.close()
    assert made.letters and made.stages[0]["opened_at"]
    assert made.start.year == 2026 and made.end.year in (2026, 2027)
