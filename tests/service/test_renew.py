"""Next year's plan from this year's, and what became of every date."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from hanchot.domain.errors import BadPlan
from hanchot.domain.plan import Plan
from hanchot.domain.workdays import WorkCalendar
from hanchot.service.renew import Renewal, draft_next_year, renew
from hanchot.service.services import Services
from hanchot.store.plan_files import dump_plan, find_plan, load_plan
from tests import look, plans
from tests.conftest import NewHouse
from tests.look import at

NOW = at("2025-10-01 08:00")


def test_every_date_moves_by_a_year_and_says_so(workdays: WorkCalendar) -> None:
    made = renew(plans.plan(), 2025, workdays)
    by_key = {change.key: change for change in made.changes}
    assert (by_key["chi-bo"].was, by_key["chi-bo"].becomes) == (date(2024, 12, 12), date(2025, 12, 12))
    assert "tạm tính" in by_key["chi-bo"].why
    # before 21/12/2025 is Saturday 20/12: the last working day before it is Friday
    assert by_key["ho-so"].day_off == "thứ Bảy" and "19/12/2025" in by_key["ho-so"].why
    assert (by_key["lich"].becomes, by_key["lich"].why) == (None, "kế hoạch trước không có ngày; giữ nguyên")
    assert (made.plan.key, made.plan.year, made.plan.provisional) == ("mau-2025", 2025, True)
    assert made.to_json()["changes"][0]["was"] == "2024-11-29"  # type: ignore[index]


def test_a_quarterly_plan_and_a_standing_guidance(workdays: WorkCalendar) -> None:
    commune = renew(find_plan("lung-phinh-2025"), 2026, workdays)
    assert commune.plan.quarters == (1, 2, 3)
    standing = renew(find_plan("quang-ngai-13-hd-tu"), 2024, workdays)
    kiem_diem = next(c for c in standing.changes if c.key == "kiem-diem")
    assert (kiem_diem.was, kiem_diem.becomes) == (date(2023, 11, 29), date(2024, 11, 29))


def test_the_same_year_is_refused(workdays: WorkCalendar) -> None:
    with pytest.raises(BadPlan, match="đã là của năm 2024"):
        renew(plans.plan(), 2024, workdays)


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
    from hanchot.service import renew as module

    real = module.renew

    def refuse_one(plan: Plan, year: int, workdays: WorkCalendar) -> Renewal:
        if plan.key == "mau-2024":
            raise BadPlan("không chuyển được.")
        return real(plan, year, workdays)

    monkeypatch.setattr(module, "renew", refuse_one)
    drafts = draft_next_year(with_calendars, NOW)
    assert drafts.written == ("quang-ngai-13-hd-tu-2025",)
    assert "mau-2024: không chuyển được." in drafts.left
