"""Next year's plan from this year's, and what became of every date."""

from __future__ import annotations

from datetime import date

import pytest

from hanchot.domain.errors import BadPlan
from hanchot.domain.workdays import WorkCalendar
from hanchot.service.renew import renew
from hanchot.store.act_files import load_acts
from hanchot.store.plan_files import find_plan
from tests import plans


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


def test_what_a_person_must_look_at_is_said(workdays: WorkCalendar) -> None:
    made = renew(find_plan("thi-xa-2022"), 2026, workdays, load_acts())
    said = {notice.code: notice.message for notice in made.notices}
    assert "132-QĐ/TW" in said["replaced-regulation"] and "366-QĐ/TW" in said["replaced-regulation"]
    assert "2027 còn tạm tính" in said["unchecked-year"]
    bloc = renew(find_plan("khoi-binh-thuan-2024"), 2026, workdays, load_acts())
    [undated] = [n.message for n in bloc.notices if n.code == "undated"]
    assert undated.startswith("4 mốc chưa có ngày: Thông báo riêng")


def test_a_regulation_that_still_holds_is_no_notice(workdays: WorkCalendar) -> None:
    made = renew(find_plan("lung-phinh-2025"), 2026, workdays, load_acts())
    assert not [n for n in made.notices if n.code == "replaced-regulation"]


def test_a_year_that_nobody_has_checked_is_named(workdays: WorkCalendar) -> None:
    made = renew(plans.plan(), 2029, workdays)
    assert "Lịch ngày làm việc năm 2029 chưa được kiểm tra" in made.notices[0].message
    assert all(change.day_off is None for change in made.changes)
