"""Each October: next season's plans are drafted, and the department hears of it once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from hanchot.domain.errors import BadPlan
from hanchot.domain.plan import Plan
from hanchot.service import drafting
from hanchot.service.cycles import close_cycle
from hanchot.service.drafting import draft_next_year
from hanchot.service.mail.outbox import gather
from hanchot.service.mail.posting import post_all
from hanchot.service.opening import open_cycle
from hanchot.service.renew import renew
from hanchot.service.renewing import Outlook
from hanchot.service.services import Services
from hanchot.service.sweep import sweep
from hanchot.store import tables
from hanchot.store.plan_files import dump_plan, find_plan, load_plan
from tests import look, plans
from tests.cast import settle, vacate
from tests.conftest import OPENED_AT, NewHouse
from tests.look import at

NOW = at("2025-10-01 08:00")  # a Wednesday


@pytest.fixture
def with_calendars(new_house: NewHouse, tmp_path: Path) -> Services:
    """A house with one plan of last year, one of this year and one for any year."""
    folder = tmp_path / "calendars"
    folder.mkdir()
    (folder / "mau-2024.yaml").write_text(dump_plan(plans.plan()), encoding="utf-8")
    (folder / "nay-2025.yaml").write_text(dump_plan(_this_year()), encoding="utf-8")
    source = find_plan("quang-ngai-13-hd-tu")
    (folder / "quang-ngai-13-hd-tu.yaml").write_text(dump_plan(source), encoding="utf-8")
    shutil.copytree(Path(__file__).parents[2] / "calendars" / "workdays", folder / "workdays")
    return new_house("", calendars_dir=folder)


def _this_year() -> Plan:
    duty = plans.duty("mot", "prepare", ["organisation_department"], {"kind": "by", "date": "2025-11-28"})
    document = {"kind": "plan", "issuer": "Đảng ủy Khối", "title": "Kế hoạch năm 2025", "year": 2025}
    return plans.plan(duty, key="nay-2025", year=2025, document=document)


def test_october_drafts_the_season_that_comes_once(with_calendars: Services) -> None:
    drafts = draft_next_year(with_calendars, NOW)
    assert sorted(drafts.written) == ["mau-2025", "quang-ngai-13-hd-tu-2025"]
    assert drafts.left == ("nay-2025: đã là kế hoạch của năm 2025",)
    file = with_calendars.settings.home / "drafts" / "mau-2025.yaml"
    assert load_plan(file).provisional
    again = draft_next_year(with_calendars, at("2025-10-02 08:00"))
    assert again.written == () and "mau-2025: đã có bản nháp" in again.left
    message, times, _ = look.incidents(with_calendars)["renew:2025"]
    assert "mau-2025" in message and times == 1
    assert len(look.events(with_calendars, "plan.drafted")) == 1


def test_a_plan_that_cannot_be_carried_over_is_said_and_the_others_go_on(
    with_calendars: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = drafting.outlook

    def refuse_one(services: Services, plan: Plan, *rest: object) -> Outlook:
        if plan.key == "mau-2024":
            raise BadPlan("không chuyển được.")
        return real(services, plan, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(drafting, "outlook", refuse_one)
    drafts = draft_next_year(with_calendars, NOW)
    assert drafts.written == ("quang-ngai-13-hd-tu-2025",)
    assert "mau-2024: không chuyển được." in drafts.left


@pytest.fixture
def after_a_season(with_calendars: Services) -> Services:
    """The committee of the tests has run last year's plan and closed it; two posts have no holder since."""
    settle(with_calendars.db)
    open_cycle(with_calendars, plans.plan(), at(OPENED_AT))
    close_cycle(with_calendars, "mau-2024", at("2025-03-03 08:00"), actor="Bình", reason="hết đợt")
    with with_calendars.db.write() as connection:
        vacate(connection, "BAO", since=at("2025-09-01 08:00").date())
    return with_calendars


def test_the_department_is_told_once_and_by_mail(after_a_season: Services) -> None:
    assert draft_next_year(after_a_season, NOW).letters == 1
    assert draft_next_year(after_a_season, at("2025-10-01 08:05")).letters == 0
    assert draft_next_year(after_a_season, at("2025-10-02 08:00")).letters == 0
    [told] = look.ledger(after_a_season, tone="renewal")
    assert (told.to, told.rung, told.state) == ("DUK-BTC", "renewal-mau-2024-2025", "planned")


def test_the_letter_says_what_to_look_at_though_last_years_cycle_is_closed(after_a_season: Services) -> None:
    draft_next_year(after_a_season, NOW)
    sweep(after_a_season, NOW)
    with after_a_season.db.read() as connection:
        [envelope] = connection.execute(sa.select(tables.envelope)).all()
        [told] = gather(after_a_season, connection, [envelope], NOW).told[envelope.id]
    assert told.unwanted is None
    asked = "11 mốc chuyển sang năm 2025; 2 mốc rơi vào ngày nghỉ; 6 mốc chưa có ngày; 1 chức vụ đang khuyết"
    assert told.line.said_reason == asked  # 29/11 and 20/12/2025 are Saturdays
    assert told.line.url.endswith("/plans/mau-2024/renew?year=2025")
    simulated = Services(after_a_season.db, after_a_season.settings, after_a_season.workdays, live=False)
    assert post_all(simulated, at("2025-10-01 08:10")) == 1
    with after_a_season.db.read() as connection:
        assert (
            connection.execute(sa.select(tables.envelope.c.subject)).scalar()
            == "[Dự thảo] Đảng ủy Khối – xem kế hoạch năm 2025"
        )


def test_a_committee_whose_cycle_is_running_is_not_told_of_a_draft(with_calendars: Services) -> None:
    settle(with_calendars.db)
    open_cycle(with_calendars, renew(plans.plan(), 2025, with_calendars.workdays).plan, at("2025-09-22 08:00"))
    drafts = draft_next_year(with_calendars, NOW)
    assert "mau-2024: năm 2025 đã mở đợt mau-2025" in drafts.left
    assert "mau-2025" not in drafts.written and not look.ledger(with_calendars, tone="renewal")


def test_the_newest_plan_of_a_committee_is_the_one_that_is_carried_over(with_calendars: Services) -> None:
    folder = with_calendars.settings.calendars_dir
    newer = plans.plan(key="mau-2025", year=2025, document={**plans.plan().document.model_dump(mode="json"), "year": 2025})
    (folder / "mau-2025.yaml").write_text(dump_plan(newer), encoding="utf-8")
    drafts = draft_next_year(with_calendars, at("2026-10-01 08:00"))
    assert "mau-2026" in drafts.written
    assert load_plan(with_calendars.settings.home / "drafts" / "mau-2026.yaml").carried_from == newer.document.number
    assert "mau-2024: đã có kế hoạch mau-2026" in drafts.left
