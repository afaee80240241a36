"""Documents and drafts, on both databases: kept once, decided by one person at a time, confirmed into one calendar."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from hanchot.domain.confirm import propose, proposed_head
from hanchot.domain.decisions import Answer, Decision, Decisions, Head
from hanchot.domain.errors import Conflict, Outside, Refused
from hanchot.domain.plan import Plan
from hanchot.domain.unit import UnitKind
from hanchot.service import audit, drafts, readings
from hanchot.service.opening import open_cycle
from hanchot.service.services import Services
from hanchot.service.show import plan_show
from hanchot.service.views.plans import plan_files, plan_page
from hanchot.store.plan_files import dump_plan, find_plan, load_plan, plans_in
from tests.conftest import NewHouse
from tests.drafts import BODY, draft
from tests.look import at

NOON, LATER = at("2024-11-18 12:00"), at("2024-11-18 13:00")
BINH, AN = "Trần Thị Bình", "Nguyễn Văn An"


@pytest.fixture
def kept(any_house: Services) -> int:
    made, new = drafts.keep(any_house, BODY, "ke-hoach.docx", "docx", draft(), NOON, BINH)
    assert new
    return made


def head(**more: object) -> Head:
    return Head.model_validate(proposed_head(draft()) | {"quarters": (1, 2, 3)} | more)


def decide_all(house: Services, draft_id: int, **more: object) -> int:
    """Everything is decided; returns the revision that a person now sees."""

    def change(decisions: Decisions) -> Decisions:
        decisions = decisions.with_head(head(**more))
        for n, one in enumerate(propose(draft())[:7]):
            facts = {
                "title": one.title, "stage": one.stage or "notify", "applies_to": one.kinds or (UnitKind.OFFICE,),
                "deadline": one.deadline, "clause": one.clause, "phrase": one.phrase, "period": one.period,
                "provides": one.provides,
            }  # fmt: skip
            decisions = decisions.with_statement(n, Decision(answer=Answer.model_validate(facts)))
        return decisions.with_statement(7, Decision(reason="nói lại câu 2"))

    drafts.decide(house, draft_id, "head", change, NOON, revision=drafts.find(house, draft_id).revision, actor=BINH)
    return drafts.find(house, draft_id).revision


def drop_seven(decisions: Decisions) -> Decisions:
    return decisions.with_statement(7, Decision(reason="nói lại câu 2"))


def actions(house: Services) -> list[tuple[str, str]]:
    """The audit trail: what was done, by whom."""
    with house.db.read() as connection:
        rows = connection.execute(sa.text("SELECT action, actor FROM event WHERE action LIKE 'd%' ORDER BY seq"))
        return [(row.action, row.actor) for row in rows]


def test_a_document_is_kept_whole_with_what_was_read(any_house: Services, kept: int) -> None:
    record = drafts.find(any_house, kept)
    assert record.draft == draft()
    assert record.decisions == Decisions()
    assert (record.state, record.revision, record.read_at) == ("open", 0, NOON)
    assert record.sha256 == hashlib.sha256(BODY).hexdigest()
    assert drafts.original(any_house, kept) == ("ke-hoach.docx", BODY)


def test_the_same_document_twice_opens_the_draft_that_is_there(any_house: Services, kept: int) -> None:
    drafts.decide(any_house, kept, "s7", drop_seven, NOON, revision=0, actor=BINH)
    assert drafts.keep(any_house, BODY, "ten-khac.docx", "docx", draft(), LATER, AN) == (kept, False)
    assert readings.receive(any_house, BODY, "ten-khac.txt", LATER, AN) == (kept, None)  # it is not even read again
    assert 7 in drafts.find(any_house, kept).decisions.statements


def test_every_change_raises_the_revision_and_is_in_the_audit_trail(any_house: Services, kept: int) -> None:
    drafts.decide(any_house, kept, "s7", drop_seven, NOON, revision=0, actor=BINH)
    drafts.decide(
        any_house, kept, "s7", drop_seven, LATER, revision=0, actor=AN
    )  # a second click, or a second person who agrees
    record = drafts.find(any_house, kept)
    assert (record.revision, record.changed_by, record.changed_at) == (1, BINH, NOON)
    assert record.marks["s7"].by == BINH
    assert actions(any_house) == [("document.received", BINH), ("draft.decided", BINH)]
    assert audit.check(any_house.db).broken_at is None


def test_the_second_one_on_the_same_sentence_is_told_who_was_first(any_house: Services, kept: int) -> None:
    drafts.decide(any_house, kept, "s7", drop_seven, NOON, revision=0, actor=BINH)
    other = Decision(reason="không phải hạn")
    with pytest.raises(Conflict, match=r"Trần Thị Bình đã sửa chỗ này lúc 12:00 18/11/2024"):
        drafts.decide(any_house, kept, "s7", lambda d: d.with_statement(7, other), LATER, revision=0, actor=AN)
    drafts.decide(any_house, kept, "s6", lambda d: d.with_statement(6, other), LATER, revision=0, actor=AN)
    drafts.decide(any_house, kept, "s7", lambda d: d.with_statement(7, other), LATER, revision=2, actor=AN)
    assert drafts.find(any_house, kept).decisions.statements[7].reason == "không phải hạn"


def test_many_at_once_lose_nothing(any_house: Services, kept: int) -> None:
    """Eight people decide eight sentences at the same moment; each decision stands, each revision is one."""

    def work(n: int) -> Callable[[], None]:
        change: drafts.Change = lambda d: d.with_statement(n, Decision(reason=f"câu {n}"))  # noqa: E731
        return lambda: drafts.decide(any_house, kept, f"s{n}", change, NOON, revision=0, actor=f"người {n}")

    threads = [threading.Thread(target=work(n)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    record = drafts.find(any_house, kept)
    assert set(record.decisions.statements) == set(range(8))
    assert record.revision == 8


def test_nothing_is_confirmed_while_something_is_missing(any_house: Services, kept: int) -> None:
    with pytest.raises(Refused, match=r"Phần đầu văn bản chưa được xác nhận. Còn 9 điều khác."):
        drafts.confirm(any_house, kept, NOON, revision=0, by=BINH)
    with pytest.raises(Refused, match="Chưa ghi người xác nhận"):
        drafts.confirm(any_house, kept, NOON, revision=0, by=" ")
    assert not any_house.settings.own_calendars.exists()


def test_a_confirmed_draft_is_a_calendar_that_everybody_finds(any_house: Services, kept: int) -> None:
    plan = drafts.confirm(any_house, kept, LATER, revision=decide_all(any_house, kept), by=BINH)
    path = any_house.settings.own_calendars / "15-kh-duk-2024.yaml"
    assert load_plan(path) == plan == find_plan("15-kh-duk-2024", *any_house.settings.calendar_dirs)
    assert plan in plans_in(*any_house.settings.calendar_dirs)
    assert "15-kh-duk-2024.yaml" in {file.name for file in plan_files(any_house)}
    assert plan_page(any_house, plan.key).plan == plan
    assert plan.provenance and plan.provenance.confirmed_by == BINH and plan.provenance.confirmed_at == LATER
    assert [path.name for path in path.parent.iterdir()] == [path.name]  # no spare file is left beside it
    record = drafts.find(any_house, kept)
    assert (record.state, record.plan_key, record.confirmed_at) == ("confirmed", plan.key, LATER)
    assert actions(any_house)[-1] == ("draft.confirmed", BINH)


def test_nothing_runs_until_a_cycle_is_opened_from_it(any_house: Services, kept: int) -> None:
    plan = drafts.confirm(any_house, kept, LATER, revision=decide_all(any_house, kept), by=BINH)
    with any_house.db.read() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM work_item")).scalar_one() == 0
    opened = open_cycle(any_house, plan, LATER)
    assert opened.items > 0
    shown = plan_show(plan, None, any_house.workdays)["milestones"]
    assert {row["last_day"] for row in shown} >= {"2024-12-10", "2024-12-15"}


def test_confirming_twice_is_confirming_once(any_house: Services, kept: int) -> None:
    revision = decide_all(any_house, kept)
    first = drafts.confirm(any_house, kept, LATER, revision=revision, by=BINH)
    assert drafts.confirm(any_house, kept, at("2024-11-19 08:00"), revision=revision, by=AN) == first
    assert [action for action, _ in actions(any_house)].count("draft.confirmed") == 1


def test_whoever_confirms_has_seen_the_last_change(any_house: Services, kept: int) -> None:
    seen = decide_all(any_house, kept)
    drafts.decide(any_house, kept, "r0", lambda d: d.with_settled(0, "ngày 01/11/2024"), LATER, revision=seen, actor=AN)
    with pytest.raises(Conflict, match="Nguyễn Văn An đã sửa"):
        drafts.confirm(any_house, kept, LATER, revision=seen, by=BINH)


def test_a_confirmed_draft_changes_only_after_it_is_opened_again(any_house: Services, kept: int) -> None:
    drafts.confirm(any_house, kept, LATER, revision=decide_all(any_house, kept), by=BINH)
    undo: drafts.Change = lambda d: d.with_statement(0, Decision(reason="bỏ"))  # noqa: E731
    with pytest.raises(Refused, match="đã được xác nhận"):
        drafts.decide(any_house, kept, "s0", undo, LATER, revision=99, actor=BINH)
    drafts.reopen(any_house, kept, LATER, actor=BINH)
    drafts.decide(any_house, kept, "s0", undo, LATER, revision=99, actor=BINH)
    again = drafts.confirm(any_house, kept, LATER, revision=drafts.find(any_house, kept).revision, by=BINH)
    assert len(again.milestones) == 6
    assert load_plan(any_house.settings.own_calendars / f"{again.key}.yaml") == again


def test_a_draft_put_aside_is_kept_and_can_be_taken_up_again(any_house: Services, kept: int) -> None:
    with pytest.raises(Refused, match="phải nêu lý do"):
        drafts.drop(any_house, kept, NOON, actor=BINH, reason=" ")
    drafts.drop(any_house, kept, NOON, actor=BINH, reason="đã có bản thay thế")
    drafts.drop(any_house, kept, LATER, actor=AN, reason="lần nữa")
    with pytest.raises(Refused, match="đã được bỏ"):
        drafts.confirm(any_house, kept, NOON, revision=1, by=BINH)
    drafts.reopen(any_house, kept, LATER, actor=AN)
    drafts.reopen(any_house, kept, LATER, actor=AN)
    assert drafts.find(any_house, kept).state == "open"
    assert [action for action, _ in actions(any_house)][1:] == ["draft.dropped", "draft.reopened"]


@pytest.mark.parametrize("key", ["huyen-2023", "15-kh-duk-2024"])
def test_another_documents_plan_is_never_written_over(any_house: Services, kept: int, key: str) -> None:
    """Neither one that was delivered nor one that the department has made."""
    other = find_plan("huyen-2023").model_copy(update={"key": "15-kh-duk-2024"})
    own = any_house.settings.own_calendars
    own.mkdir(parents=True)
    (own / "cua-toi.yaml").write_text(dump_plan(other), encoding="utf-8")
    revision = decide_all(any_house, kept, key=key)
    with pytest.raises(Refused, match=f"Đã có kế hoạch mang khóa “{key}”"):
        drafts.confirm(any_house, kept, LATER, revision=revision, by=BINH)
    assert drafts.find(any_house, kept).state == "open"  # the row went back with the file
    assert [path.name for path in own.iterdir()] == ["cua-toi.yaml"]


def test_a_provisional_plan_of_the_key_gives_way_and_is_named(any_house: Services, kept: int) -> None:
    own, seen = any_house.settings.own_calendars, []
    own.mkdir(parents=True)
    provisional = find_plan("khoi-binh-thuan-2024").model_copy(update={"key": "15-kh-duk-2024", "provisional": True})
    (own / "15-kh-duk-2024.yaml").write_text(dump_plan(provisional), encoding="utf-8")

    def replace(_: sa.Connection, was: Plan, becomes: Plan) -> None:
        seen.append((was.provisional, becomes.provisional))

    drafts.confirm(any_house, kept, LATER, revision=decide_all(any_house, kept), by=BINH, replace=replace)
    assert seen == [(True, False)]
    assert not load_plan(own / "15-kh-duk-2024.yaml").provisional


def test_a_folder_that_cannot_be_written_undoes_the_confirmation(any_house: Services, kept: int) -> None:
    revision = decide_all(any_house, kept)
    any_house.settings.home.mkdir(exist_ok=True)
    any_house.settings.own_calendars.write_text("a file where the folder should be")
    with pytest.raises(Outside, match="Không ghi được kế hoạch"):
        drafts.confirm(any_house, kept, LATER, revision=revision, by=BINH)
    assert drafts.find(any_house, kept).state == "open"
    assert "draft.confirmed" not in [action for action, _ in actions(any_house)]


def test_an_installation_with_a_folder_of_its_own_writes_there(new_house: NewHouse, tmp_path: Path) -> None:
    folder = tmp_path / "ke-hoach"
    folder.mkdir()
    settings = new_house("", calendars_dir=folder).settings
    assert settings.own_calendars == folder
    assert settings.calendar_dirs == (folder,)
    delivered = new_house("").settings
    assert delivered.own_calendars == delivered.home / "calendars"
    assert delivered.calendar_dirs == (delivered.own_calendars, delivered.calendars_dir)
