"""What may happen to one work item, and every refusal in words."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from hanchot.domain.errors import NotFound, Refused
from hanchot.domain.work_item import State, standing
from hanchot.service import items
from hanchot.service.items import act, extend
from hanchot.service.opening import Opened
from hanchot.service.services import Services
from hanchot.store.tables import work_item
from tests import look, plans
from tests.look import at, item, item_id

NOW = at("2024-12-02 09:00")


def do(house: Services, unit: str, key: str, action: str, reason: str | None = None, *, now: str = "") -> State:
    moved = act(house, item_id(house, unit, key), action, at(now) if now else NOW, actor="cán bộ", reason=reason)
    return moved.became


def refused(house: Services, unit: str, key: str, action: str, reason: str | None = None) -> str:
    with pytest.raises(Refused) as said:
        do(house, unit, key, action, reason)
    return str(said.value)


def test_submit_return_submit_accept(house: Services, opened: Opened) -> None:
    assert do(house, "BAO", "chi-bo", "submit") == "submitted"
    assert do(house, "BAO", "chi-bo", "return", "thiếu biên bản") == "returned"
    assert do(house, "BAO", "chi-bo", "submit", now="2024-12-04 10:00") == "submitted"
    assert do(house, "BAO", "chi-bo", "accept", now="2024-12-05 10:00") == "accepted"
    row = item(house, "BAO", "chi-bo")
    assert row.finished_at == at("2024-12-04 10:00")  # accepting does not make it later
    assert [e.action for e in look.events(house) if e.item_id == row.id] == [
        "item.submit", "item.return", "item.submit", "item.accept",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "action", "reason", "said"),
    [
        ((), "return", "x", "không thể trả lại khi việc đang ở trạng thái “chưa nộp”"),
        ((), "accept", None, "không thể nhận khi việc đang ở trạng thái “chưa nộp”"),
        ((), "reopen", "x", "không thể mở lại khi việc đang ở trạng thái “chưa nộp”"),
        ((), "excuse", None, "phải nêu lý do"),
        ((), "excuse", "  ", "phải nêu lý do"),
        (("submit",), "submit", None, "không thể nộp khi việc đang ở trạng thái “đã nộp”"),
        (("submit",), "return", None, "phải nêu lý do"),
        (("submit",), "excuse", "x", "không thể miễn khi việc đang ở trạng thái “đã nộp”"),
        (("submit", "accept"), "return", "x", "không thể trả lại khi việc đang ở trạng thái “đã nhận”"),
        (("submit", "accept"), "reopen", None, "phải nêu lý do"),
        (("excuse",), "submit", None, "không thể nộp khi việc đang ở trạng thái “không áp dụng”"),
    ],
)
def test_refusals(house: Services, opened: Opened, before: tuple[str, ...], action: str, reason: str | None, said: str) -> None:
    for step in before:
        do(house, "BAO", "chi-bo", step, "lý do")
    was, events = item(house, "BAO", "chi-bo"), len(look.events(house))
    assert said in refused(house, "BAO", "chi-bo", action, reason)
    assert (item(house, "BAO", "chi-bo"), len(look.events(house))) == (was, events)


def test_an_order_clause_is_named_with_the_clause_that_says_so(house: Services, opened: Opened) -> None:
    assert "chưa thể bắt đầu: còn chờ Mốc chi-bo (mục II.2)" in refused(house, "YT", "co-so", "submit")


def test_own_an_item_waits_for_the_same_unit(house: Services, opened: Opened) -> None:
    assert item(house, "YT", "ho-so").state == "waiting"
    for cell in ("YT-1", "YT-2", "YT-BP1"):
        do(house, cell, "chi-bo", "submit")
    do(house, "YT", "co-so", "submit")
    assert item(house, "YT", "ho-so").state == "open"


def test_below_an_item_waits_for_every_unit_under_it(any_house: Services) -> None:
    from hanchot.service.opening import open_cycle

    open_cycle(any_house, plans.plan(), at("2024-11-18 07:00"))
    for cell in ("YT-1", "YT-2"):
        do(any_house, cell, "chi-bo", "submit")
    assert item(any_house, "YT", "co-so").state == "waiting"  # the cell under the section committee is left
    do(any_house, "YT-BP1", "chi-bo", "excuse", "mới thành lập")
    assert item(any_house, "YT", "co-so").state == "open"  # what does not apply holds nobody back


def test_all_an_item_waits_for_every_unit_of_the_cycle(house: Services, opened: Opened) -> None:
    for cell in ("YT-1", "YT-2", "YT-BP1"):
        do(house, cell, "chi-bo", "submit")
    do(house, "YT", "co-so", "submit")
    for body in ("YT", "BAO"):
        do(house, body, "ho-so", "submit")
    assert item(house, "DUK-BTC", "tham-dinh").state == "waiting"
    do(house, "KHO", "ho-so", "submit")
    assert item(house, "DUK-BTC", "tham-dinh").state == "open"


def test_what_is_taken_back_holds_back_what_was_not_done_yet(house: Services, opened: Opened) -> None:
    for cell in ("YT-1", "YT-2", "YT-BP1"):
        do(house, cell, "chi-bo", "submit")
    do(house, "YT-2", "chi-bo", "return", "thiếu chữ ký")
    assert item(house, "YT", "co-so").state == "waiting"
    do(house, "YT-2", "chi-bo", "submit")
    do(house, "YT", "co-so", "submit")
    do(house, "YT-2", "chi-bo", "reopen", "sửa biên bản")
    assert item(house, "YT", "co-so").state == "submitted"  # the past is immutable


def test_a_returned_item_is_told_to_the_post_that_holds_it_and_reminded_again(house: Services, opened: Opened) -> None:
    do(house, "BAO", "chi-bo", "submit")
    do(house, "BAO", "chi-bo", "return", "thiếu biên bản")
    row = item(house, "BAO", "chi-bo")
    assert (row.revision, row.next_action_at) == (1, at("2024-12-03 08:00"))  # T-7 of 12/12 is still to come
    [told] = look.ledger(house, tone="returned")
    assert (told.to, told.unit, told.state) == ("BAO", "BAO", "planned")


def test_returned_after_the_deadline_it_is_escalated_from_the_next_rung(house: Services, opened: Opened) -> None:
    do(house, "BAO", "chi-bo", "submit")
    do(house, "BAO", "chi-bo", "return", "thiếu biên bản", now="2024-12-13 09:00")
    assert item(house, "BAO", "chi-bo").next_action_at == at("2024-12-17 08:00")  # T+3


def test_work_on_behalf_says_so(house: Services, opened: Opened) -> None:
    who = item_id(house, "BAO", "chi-bo")
    act(house, who, "submit", NOW, actor="Trần Thị Bình", on_behalf="Phan Văn Lâm")
    [event] = look.events(house, "item.submit")
    assert (event.actor, event.on_behalf, event.was, event.became) == (
        "Trần Thị Bình", "Phan Văn Lâm", "open", "submitted",
    )  # fmt: skip
    assert item(house, "BAO", "chi-bo").finished_by == "Trần Thị Bình"


def test_a_finished_item_is_not_looked_at_again(house: Services, opened: Opened) -> None:
    do(house, "BAO", "chi-bo", "submit")
    assert item(house, "BAO", "chi-bo").next_action_at is None


def test_extending_moves_one_item_and_raises_its_revision(house: Services, opened: Opened) -> None:
    extend(house, item_id(house, "BAO", "chi-bo"), date(2024, 12, 27), NOW, actor="Bình", reason="bão", approver="Cường")
    row, other = item(house, "BAO", "chi-bo"), item(house, "KHO", "chi-bo")
    assert (row.last_day, row.last_moment, row.revision) == (date(2024, 12, 27), at("2024-12-27 23:59:59"), 1)
    assert (other.last_day, other.revision) == (date(2024, 12, 12), 0)
    [event] = look.events(house, "item.extend")
    assert (event.was, event.became, event.on_behalf) == ("2024-12-12", "2024-12-27", "Cường")
    assert look.who(house, tone="extended") == ["BAO"]


def test_refusals_of_an_extension(house: Services, opened: Opened) -> None:
    chi_bo = item_id(house, "BAO", "chi-bo")
    with pytest.raises(Refused, match="hạn mới 01/12/2024 đã qua"):
        extend(house, chi_bo, date(2024, 12, 1), NOW, actor="x", reason="y")
    with pytest.raises(Refused, match="phải nêu lý do"):
        extend(house, chi_bo, date(2024, 12, 30), NOW, actor="x", reason=" ")
    act(house, chi_bo, "submit", NOW, actor="x")
    with pytest.raises(Refused, match="không thể gia hạn khi việc đang ở trạng thái “đã nộp”"):
        extend(house, chi_bo, date(2024, 12, 30), NOW, actor="x", reason="y")


def test_an_item_without_a_date_gets_one_by_extension(house: Services, opened: Opened) -> None:
    extend(house, item_id(house, "DUK-BTC", "thong-bao"), date(2025, 1, 24), NOW, actor="Bình", reason="thông báo 9")
    assert item(house, "DUK-BTC", "thong-bao").last_day == date(2025, 1, 24)


def test_unknown_items(house: Services, opened: Opened) -> None:
    with pytest.raises(NotFound, match="Không có việc số 999"):
        act(house, 999, "submit", NOW, actor="x")
    with pytest.raises(NotFound, match=r"“chi-bo” của đơn vị “DUK”.*Xem lại mã đợt, mã đơn vị"):
        item(house, "DUK", "chi-bo")


def test_extend_is_not_an_action_that_changes_the_state(house: Services, opened: Opened) -> None:
    with pytest.raises(AssertionError, match="see extend"):
        act(house, item_id(house, "BAO", "chi-bo"), "extend", NOW, actor="x", reason="y")


def test_two_who_act_at_once_one_is_told(house: Services, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else is faster between reading and writing: the claim counts its rows."""
    read = items._gather
    chi_bo = item_id(house, "BAO", "chi-bo")

    def overtaken(connection: sa.Connection, number: int) -> object:
        row = read(connection, number)
        faster = sa.update(work_item).where(work_item.c.id == number)
        connection.execute(faster.values(state="excused"))
        return row

    monkeypatch.setattr(items, "_gather", overtaken)
    with pytest.raises(Refused, match="vừa có người khác cập nhật"):
        act(house, chi_bo, "submit", NOW, actor="x")


@pytest.mark.parametrize(
    ("state", "now", "finished", "said"),
    [
        ("waiting", "2024-12-02 09:00", None, "Chưa thể bắt đầu"),
        ("open", "2024-12-02 09:00", None, "Còn 10 ngày"),
        ("open", "2024-12-09 00:00", None, "Còn 3 ngày"),
        ("open", "2024-12-12 23:59:59", None, "Đến hạn hôm nay"),
        ("open", "2024-12-13 00:00", None, "Quá hạn 1 ngày"),
        ("waiting", "2024-12-15 12:00", None, "Quá hạn 3 ngày"),
        ("returned", "2024-12-10 09:00", None, "Bị trả lại"),
        ("returned", "2024-12-14 09:00", None, "Bị trả lại, quá hạn 2 ngày"),
        ("submitted", "2024-12-30 09:00", "2024-12-12 23:59:59", "Đã nộp"),
        ("submitted", "2024-12-30 09:00", "2024-12-13 00:00", "Đã nộp (muộn 1 ngày)"),
        ("accepted", "2024-12-30 09:00", "2024-12-16 09:00", "Đã nhận (muộn 4 ngày)"),
        ("excused", "2024-12-30 09:00", None, "Không áp dụng"),
    ],
)
def test_lateness_is_derived_from_dates_and_completion(state: str, now: str, finished: str | None, said: str) -> None:
    last_day, last_moment = date(2024, 12, 12), at("2024-12-12 23:59:59")
    shown = standing(State(state), last_day, last_moment, at(finished) if finished else None, at(now))
    assert shown.vi == said
    assert shown.is_late == said.startswith(("Quá hạn", "Bị trả lại, quá hạn"))


def test_an_item_without_a_date_is_never_late() -> None:
    assert standing(State.OPEN, None, None, None, NOW).vi == "Chưa nộp, chưa có hạn"
