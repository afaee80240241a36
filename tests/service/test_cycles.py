"""Opening, closing and reopening a cycle."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from hanchot.domain.errors import AlreadyDone, BadPlan, NotFound, Refused
from hanchot.domain.unit import UnitKind
from hanchot.service import items, moving
from hanchot.service.cycles import close_cycle, remember_run, reopen_cycle
from hanchot.service.opening import Opened, code_of, open_cycle, period_of
from hanchot.service.services import Services
from hanchot.service.sweep import sweep
from hanchot.store.tables import cycle, work_item
from tests import look, plans
from tests.cast import Body, add_unit
from tests.look import at

NOW = at("2024-11-18 07:00")


def test_every_unit_gets_the_duties_of_its_kind(any_house: Services) -> None:
    opened = open_cycle(any_house, plans.plan(), NOW)
    # phan-cong 1, giay-moi 3, chi-bo 5, co-so 1, ho-so 3, lich 1, tham-dinh 1, quyet-dinh 1, thong-bao 1, khac-phuc 3;
    # Đảng ủy Khối itself and the section committee have no duty in this plan.
    assert (opened.code, opened.items, opened.units) == ("mau-2024", 20, 8)
    assert opened.idle == ("chinh-quyen",)  # there is no government body in a bloc
    assert opened.to_json() == {"code": "mau-2024", "units": 8, "items": 20, "idle": ["chinh-quyen"]}


def test_what_must_wait_waits_from_the_first_day(any_house: Services) -> None:
    open_cycle(any_house, plans.plan(), NOW)
    # co-so and ho-so of Sở Y tế, tham-dinh, quyet-dinh, three khac-phuc
    assert look.states(any_house) == {"open": 13, "waiting": 7}
    assert look.item(any_house, "YT", "co-so").state == "waiting"  # its cells have not reviewed yet
    assert look.item(any_house, "BAO", "ho-so").state == "open"  # has nobody below it


def test_only_the_first_stage_is_open(house: Services, opened: Opened) -> None:
    assert list(look.stages(house).values()) == ["open"] + ["pending"] * 5


def test_deadlines_are_stored_as_local_days_and_last_moments(house: Services, opened: Opened) -> None:
    ho_so = look.milestone(house, "ho-so")
    assert ho_so.last_day == date(2024, 12, 20)  # before 21/12
    assert ho_so.last_moment == at("2024-12-20 23:59:59")
    assert look.milestone(house, "tham-dinh").last_day is None
    assert look.milestone(house, "lich").chase_from == date(2024, 12, 20)  # the last printed day up to its stage


def test_opening_twice_is_refused_and_changes_nothing(any_house: Services) -> None:
    open_cycle(any_house, plans.plan(), NOW)
    events = len(look.events(any_house))
    with pytest.raises(AlreadyDone, match=r"“mau-2024” đã mở lúc 2024-11-18T07:00:00\+07:00.*nếu đã đóng thì mở lại"):
        open_cycle(any_house, plans.plan(), at("2024-11-19 07:00"))
    assert (sum(look.states(any_house).values()), len(look.events(any_house))) == (20, events)


def test_the_root_is_the_one_unit_of_the_organisers_kind(house: Services) -> None:
    with pytest.raises(NotFound, match=r"“KHONG”.*danh sách đơn vị"):
        open_cycle(house, plans.plan(), NOW, root="KHONG")
    with pytest.raises(NotFound, match=r"huyện ủy ban hành.*Nhập cây tổ chức"):
        open_cycle(house, plans.plan(organiser="district_committee"), NOW)
    with house.db.write() as connection:
        add_unit(connection, Body("DUK2", "Đảng ủy Khối hai", UnitKind.BLOC_COMMITTEE, None, "Người khác"))
    with pytest.raises(Refused, match=r"2 đơn vị loại đảng ủy khối: .*Chỉ rõ") as error:
        open_cycle(house, plans.plan(), NOW)
    assert error.value.command == "hanchot cycle open mau-2024 --root MÃ"
    with house.db.read() as connection:  # nothing was left behind by the refusals
        assert connection.execute(sa.select(sa.func.count()).select_from(cycle)).scalar_one() == 0
    assert open_cycle(house, plans.plan(), NOW, root="DUK").items == 20


def test_a_cycle_over_one_branch(house: Services) -> None:
    opened = open_cycle(house, plans.plan(), NOW, root="YT")
    assert opened.items == 1 + 3 + 1 + 1 + 1  # giay-moi, three cells, co-so, ho-so, khac-phuc


def test_a_unit_belongs_to_a_cycle_when_it_exists_on_the_day_of_opening(house: Services) -> None:
    new, old, last = (Body(c, f"Chi bộ {c}", UnitKind.GRASSROOTS_CELL, "DUK", f"Bí thư {c}") for c in ("M", "C", "L"))
    with house.db.write() as connection:
        add_unit(connection, new, first=date(2024, 11, 19))  # tomorrow
        add_unit(connection, old, last=date(2024, 11, 17))  # until yesterday
        add_unit(connection, last, last=date(2024, 11, 18))  # its last day
    open_cycle(house, plans.plan(), NOW)
    assert look.item(house, "L", "chi-bo").state == "open"
    for gone in ("M", "C"):
        with pytest.raises(NotFound, match=f"“chi-bo” của đơn vị “{gone}”"):
            look.item(house, gone, "chi-bo")


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("2024-Q5", "“2024-Q5” không đúng dạng"),
        ("nay", "Viết năm"),
        ("2024-Q4", "quý IV năm 2024: quý đó kết hợp vào năm.*Q1, Q2, Q3"),
        ("2025", "là của năm 2024, không phải 2025.*Lập kế hoạch năm 2025 trước"),
    ],
)
def test_a_period_that_the_plan_does_not_have(period: str, said: str) -> None:
    quarterly = plans.plan(periods=["annual", "quarterly"], quarters=[1, 2, 3])
    with pytest.raises(BadPlan, match=said):
        period_of(quarterly, period)


def test_a_plan_without_quarters_and_a_plan_for_any_year() -> None:
    with pytest.raises(BadPlan, match=r"không có kỳ quý I năm 2024.*annual"):
        period_of(plans.plan(), "2024-Q1")
    standing = plans.plan(year=None, document={"kind": "guidance", "issuer": "Tỉnh ủy", "title": "Hướng dẫn"})
    with pytest.raises(BadPlan, match="Nêu năm, ví dụ 2024"):
        period_of(standing, None)
    assert code_of(standing.model_copy(update={"key": "huong-dan"}), period_of(standing, "2023")) == "huong-dan-2023"


def test_a_quarterly_cycle_has_its_own_code_and_stages(house: Services) -> None:
    quarter = plans.duty("quy", "self_assess", plans.GRASSROOTS, {"kind": "unset"}, period="quarterly")
    plan = plans.plan(*plans.MILESTONES, quarter, periods=["annual", "quarterly"], quarters=[1, 2, 3])
    assert open_cycle(house, plan, NOW, period="2024-Q3").to_json() == {
        "code": "mau-2024-Q3", "units": 3, "items": 3, "idle": [],
    }  # fmt: skip
    assert look.stages(house) == {"self_assess": "open"}


def test_closing_needs_a_reason_while_work_is_left(house: Services, opened: Opened) -> None:
    with pytest.raises(Refused, match=r"còn 20 việc chưa xong.*đóng kèm lý do"):
        close_cycle(house, "mau-2024", NOW, actor="Bình")
    assert close_cycle(house, "mau-2024", NOW, actor="Bình", reason="gộp vào đợt sau") == 20
    with pytest.raises(AlreadyDone, match="đã đóng từ trước"):
        close_cycle(house, "mau-2024", NOW, actor="Bình", reason="lần nữa")
    [closed] = look.events(house, "cycle.closed")
    assert (closed.actor, closed.reason, closed.was, closed.became) == ("Bình", "gộp vào đợt sau", "open", "closed")


def test_nothing_is_due_in_a_closed_cycle(house: Services, opened: Opened) -> None:
    close_cycle(house, "mau-2024", NOW, actor="Bình", reason="nhầm kế hoạch")
    for day in ("2024-12-12 08:00", "2024-12-13 08:00", "2025-01-13 08:00"):
        assert sweep(house, at(day)).nothing
    assert look.ledger(house) == []


def test_a_closed_cycle_takes_no_dates_and_no_work(house: Services, opened: Opened) -> None:
    close_cycle(house, "mau-2024", NOW, actor="Bình", reason="nhầm kế hoạch")
    day = date(2024, 12, 30)
    with pytest.raises(Refused, match="đợt đã đóng"):
        items.act(house, look.item_id(house, "BAO", "chi-bo"), "submit", NOW, actor="Lâm")
    with pytest.raises(Refused, match="“mau-2024” đã đóng"):
        moving.set_date(house, "mau-2024", "tham-dinh", day, NOW, actor="Bình", reason="thông báo 5")
    with pytest.raises(Refused, match="“mau-2024” đã đóng"):
        moving.set_event(house, "mau-2024", "BAO", "review-meeting", day, NOW, actor="Bình")
    assert sweep(house, at("2024-12-30 08:00")).nothing


def test_reopening_needs_a_reason_and_an_approver(house: Services, opened: Opened) -> None:
    with pytest.raises(AlreadyDone, match="đang mở"):
        reopen_cycle(house, "mau-2024", NOW, actor="Bình", reason="x", approver="An")
    close_cycle(house, "mau-2024", NOW, actor="Bình", reason="nhầm")
    for reason, approver in ((" ", "An"), ("đóng nhầm", "")):
        with pytest.raises(Refused, match="phải có lý do và người duyệt"):
            reopen_cycle(house, "mau-2024", NOW, actor="Bình", reason=reason, approver=approver)
    reopen_cycle(house, "mau-2024", NOW, actor="Bình", reason="đóng nhầm", approver="Nguyễn Văn An")
    [again] = look.events(house, "cycle.reopened")
    assert (again.actor, again.on_behalf, again.reason) == ("Bình", "Nguyễn Văn An", "đóng nhầm")


def test_the_ladder_goes_on_where_it_stood_when_the_cycle_was_closed(house: Services, opened: Opened) -> None:
    sweep(house, at("2024-12-03 08:00"))  # T-7 of chi-bo
    close_cycle(house, "mau-2024", at("2024-12-04 08:00"), actor="Bình", reason="tạm dừng")
    reopen_cycle(house, "mau-2024", at("2024-12-06 08:00"), actor="Bình", reason="làm tiếp", approver="An")
    sweep(house, at("2024-12-09 08:00"))
    told = [row.rung for row in look.ledger(house, to="BAO", milestone="chi-bo", state="planned")]
    assert told == ["T-7", "T-3"]  # the seventh day is not said again


def test_an_unknown_code_names_those_that_exist(house: Services, opened: Opened) -> None:
    with pytest.raises(NotFound, match=r"“khong-co”.*mau-2024"):
        close_cycle(house, "khong-co", NOW, actor="x")


def test_the_run_on_prefect_is_remembered_and_never_the_truth(house: Services, opened: Opened) -> None:
    remember_run(house, "mau-2024", "0197")
    with house.db.read() as connection:
        assert connection.execute(sa.select(cycle.c.run_id)).scalar_one() == "0197"
        assert connection.execute(sa.select(sa.func.count()).select_from(work_item)).scalar_one() == 20
