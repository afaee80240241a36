"""The story of one cell: Chi bộ Trường học of the commune of Lùng Phình, quarters I to III of 2025 and the whole year.

The plan (VI.1.b): the dossier goes to the commune before 20/12/2025, a Saturday: the last day is Friday 19/12. The decision
is to be made before 25/12. The clauses below are the plan's own.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from hanchot.domain.authority import Ratee
from hanchot.domain.errors import BadPlan
from hanchot.domain.remediation import Outcome
from hanchot.domain.review_order import Step
from hanchot.service.book import cycle_id_of
from hanchot.service.dossiers import Which, waive
from hanchot.service.hearing import opinions
from hanchot.service.items import act
from hanchot.service.judging.quarters import quarters_of
from hanchot.service.judging.ratings import Judgement, appraise, self_rate
from hanchot.service.judging.register import of_person
from hanchot.service.judging.rulebook import settle
from hanchot.service.judging.subjects import add_person, name_subjects
from hanchot.service.meetings import Which as Meeting
from hanchot.service.meetings import Wish, book_meeting, hold, mark
from hanchot.service.opening import open_cycle
from hanchot.service.opinions import Opinion, ask_attenders, receive
from hanchot.service.remediating import Line, Result, conclude, fix, open_for
from hanchot.service.services import Services
from hanchot.service.views.judging import subject_page
from hanchot.store.plan_files import find_plan
from hanchot.store.tables import person
from tests import look
from tests.cast import settle as settled_in
from tests.commune import COMMUNE, YEAR, next_year
from tests.look import at
from tests.rules import CLEAN
from tests.story.judged import (
    EXCELLENT,
    FAIR,
    GOOD,
    Story,
    as_in_minutes,
    decided,
    filed,
    minutes,
    paper,
    refuses,
    vote_rules_typed_in,
    voted,
)

MEMBERS = {"DV1": "Lù Thị Sen", "DV2": "Thào Seo Pao", "DV3": "Vàng Thị Dín", "DV4": "Hầu A Chư", "DV5": "Ma Thị Say"}
CELL, CELL_NAME, COMMITTEE, DEPARTMENT = "TH", "Chi bộ Trường học", "XA-BTV", "XA-BXD"
SECRETARY, SEN = "Cư Seo Lử", "Lù Thị Sen"
QUARTER_PAPERS = ("van-ban-de-nghi", "bien-ban")
YEAR_PAPERS = ("ban-kiem-diem", "bien-ban")
FAULT = "chậm thu, nộp đảng phí quý II"
OPENED, IN_DECEMBER = at("2025-12-01 07:00"), at("2025-12-05 09:00")
NEXT_YEAR = "lung-phinh-2026"


def year_of_a_cell(house: Services, mail: Path) -> Story:
    """All that happens; what the rules refuse on the way is part of it."""
    story = Story(house, YEAR, mail, ["91,37", "91.37", "9137", FAULT, "đảng phí", "rất tận tụy"])
    the_plan_comes_into_force(story)
    for number in (1, 2, 3):
        a_quarter_is_rated(story, number)
    the_fourth_quarter_is_part_of_the_year(story)
    the_cell_meets(story)
    the_dossier_goes_before_the_twentieth(story)
    the_members_vote_and_one_is_excellent(story)
    the_committee_decides_on_the_cell(story)
    what_was_found_is_remedied(story)
    the_next_review_sees_it(story)
    return story


def the_plan_comes_into_force(story: Story) -> None:
    settled_in(story.house.db, COMMUNE)
    with story.house.db.write() as connection:
        connection.execute(sa.insert(person), [{"code": code, "name": name} for code, name in MEMBERS.items()])
    vote_rules_typed_in(story.house, "09-qd-tu", "09-QĐ/TU")
    open_cycle(story.house, find_plan(YEAR), OPENED, period="2025")
    story.morning(at("2025-12-01 08:00"))
    assert any("hạn 19/12" in said or "19/12/2025" in said for said in story.told(SECRETARY))


def a_quarter_is_rated(story: Story, number: int) -> None:
    """I.2: quarters I, II and III are rated on their own, on a dossier of five papers (V.2.1)."""
    opened = open_cycle(story.house, find_plan(YEAR), OPENED, period=f"2025-Q{number}")
    one = _sen_in(story, opened.code)
    _points(story, one, Judgement(GOOD, Decimal("82.5"), CLEAN))
    _authority(story, opened.code)
    voted(story, minutes(CELL, f"0{number}-BB", date(2025, 12, 4), 9, {one: {GOOD: 9}}), IN_DECEMBER, code=opened.code)
    said = paper(CELL, f"0{number}-QĐ/CB", date(2025, 12, 4), {one: GOOD})
    with refuses("paper-missing", "Văn bản đề nghị", "V.2.1"):
        decided(story, said, IN_DECEMBER)
    filed(story.house, Which(opened.code, CELL, "ho-so-quy", "DV1"), (*QUARTER_PAPERS, "tu-danh-gia"), IN_DECEMBER, actor="Lử")
    decided(story, said, IN_DECEMBER)


def the_fourth_quarter_is_part_of_the_year(story: Story) -> None:
    with pytest.raises(BadPlan, match="quý đó kết hợp vào năm"):
        open_cycle(story.house, find_plan(YEAR), OPENED, period="2025-Q4")
    found = quarters_of(story.house, _sen_in(story, YEAR))
    assert dict(found.levels) == {1: GOOD, 2: GOOD, 3: GOOD} and found.missing == ()


def the_cell_meets(story: Story) -> None:
    """Members are reviewed in their cell (IV.1); who attends from the commune gives an opinion (VI.1.a)."""
    which = Meeting(YEAR, CELL, Step.CELL)
    booked = at("2025-12-08 09:00")
    with refuses("too-short", "01 ngày"):
        short = Wish(at("2025-12-15 07:30"), at("2025-12-15 11:30"), "phòng họp")
        book_meeting(story.house, which, short, booked, actor="Lử")
    wish = Wish(at("2025-12-15 07:30"), at("2025-12-15 16:30"), "phòng họp", directs=("CB002",))
    made = book_meeting(story.house, which, wish, booked, actor="Lử")
    assert [one.code for one in made.missing] == ["papers-late"], "three working days are left to send them"
    mark(story.house, which, "papers", "đồng chí dự kiểm điểm", date(2025, 12, 9), at("2025-12-09 09:00"), actor="Lử")
    hold(story.house, which, "04-BB/CB", at("2025-12-15 17:00"), actor="Lử")
    asked = ask_attenders(story.house, YEAR, CELL, date(2025, 12, 18), at("2025-12-15 17:10"), actor="Mẩy", step=Step.CELL)
    story.morning(at("2025-12-16 08:00"))
    assert any("ý kiến" in said for said in story.told("Giàng A Sử"))
    assert len(asked.ids) == 1


def the_dossier_goes_before_the_twentieth(story: Story) -> None:
    """V.2.2: of thirteen papers the cell's own needs two by now; “(nếu có)” never blocks; three sets are kept (V.1)."""
    item = look.item_id(story.house, CELL, "ho-so-nam", YEAR)
    now = at("2025-12-17 15:00")
    with refuses("paper-missing", "Bản kiểm điểm cá nhân, báo cáo kiểm điểm tập thể", "V.2.2"):
        act(story.house, item, "submit", now, actor="Lử")
    filed(story.house, Which(YEAR, CELL, "ho-so-nam"), YEAR_PAPERS, now, actor="Lử")
    for code in MEMBERS:
        mine = Which(YEAR, CELL, "ho-so-nam", code)
        filed(story.house, mine, (*YEAR_PAPERS, "nhan-xet-noi-cu-tru", "phieu-dang-vien"), now, actor="Lử")
    with refuses("paper-missing", "Bản kê khai tài sản"):
        act(story.house, item, "submit", now, actor="Lử")
    for code in MEMBERS:
        waive(story.house, Which(YEAR, CELL, "ho-so-nam", code), "ke-khai-tai-san", now, actor="Mẩy",
              reason="không thuộc diện kê khai")  # fmt: skip
    act(story.house, item, "submit", now, actor="Lử")
    act(story.house, item, "accept", at("2025-12-18 09:00"), actor="Mẩy")
    story.print_out("dossier_contents", now, cycle=YEAR, unit=CELL, checklist="ho-so-nam", person="DV1")


def the_members_vote_and_one_is_excellent(story: Story) -> None:
    """Good first, then excellent among the good; of five good ones one may be excellent, once it is settled that whoever
    is picked counts among them: 20 % of 5 is one place, 20 % of the other four none (366-QĐ/TW Điều 11 leaves it open).
    """
    now, day = at("2025-12-18 14:00"), date(2025, 12, 15)
    members = {code: _member_in(story, YEAR, code) for code in MEMBERS}
    sen, pao = members["DV1"], members["DV2"]
    for code, one in members.items():
        _points(story, one, Judgement(GOOD, Decimal("91.37") if one in (sen, pao) else Decimal("84.5"), CLEAN))
        filed(story.house, Which(YEAR, CELL, "ho-so-nam", code), ("tong-hop-tham-dinh",), now, actor="Mẩy")
    voted(story, minutes(CELL, "05-BB", day, 9, {one: {GOOD: 8, FAIR: 1} for one in members.values()}), now)
    made = voted(story, minutes(CELL, "05-BB", day, 9, {one: {EXCELLENT: 7, GOOD: 2} for one in (sen, pao)}, round=2), now)
    story.print_out("tally_minutes", now, ballot=made)
    _the_cell_may_decide(story, sen)
    said = dict.fromkeys(members.values(), Judgement(GOOD, reason="chuyển sinh hoạt đến từ quý IV"))
    best = as_in_minutes(EXCELLENT)
    one_of_five = paper(CELL, "06-QĐ/CB", date(2025, 12, 18), {**said, sen: best})
    with refuses("quota-unsettled", "Ban Tổ chức chốt cách tính", "366-QĐ/TW Điều 11"):
        decided(story, one_of_five, now)
    settle(story.house, YEAR, "quota.base", "good_including_picked", now, actor="Mẩy", reason="thông báo của tỉnh")
    with refuses("quota-exceeded", "quá 1 suất: 20 % của 5 hoàn thành tốt", "không được làm tròn lên"):
        decided(story, paper(CELL, "06-QĐ/CB", date(2025, 12, 18), {**said, sen: best, pao: best}), now)
    decided(story, one_of_five, now)
    assert [(one.quarter, one.level) for one in of_person(story.house, "DV1")] == [
        (1, GOOD), (2, GOOD), (3, GOOD), (None, EXCELLENT),
    ]  # fmt: skip
    story.print_out("result_notice", now, subject=sen)
    story.print_out("results_decided", now, cycle=YEAR, unit=CELL)


def _the_cell_may_decide(story: Story, sen: int) -> None:
    """The plan says nothing of who decides on members of a cell: nothing is assumed until the department settles it."""
    when = at("2025-12-18 14:30")
    said = paper(CELL, "06-QĐ/CB", date(2025, 12, 18), {sen: as_in_minutes(EXCELLENT)})
    with refuses("authority-unknown", "Chưa có quy định ai quyết định"):
        decided(story, said, when)
    _authority(story, YEAR)


def the_committee_decides_on_the_cell(story: Story) -> None:
    """A cell does not decide on itself: the standing committee next above does (43-HD/BTCTW 3)."""
    now, day = at("2025-12-23 15:00"), date(2025, 12, 23)
    one = _cell_in(story)
    _who_attended_is_heard(story, one)
    filed(story.house, Which(YEAR, CELL, "ho-so-nam"), ("tong-hop-tham-dinh",), now, actor="Mẩy")
    why = Judgement(GOOD, reason="chi bộ chưa được đánh giá theo quý")
    with refuses("no-authority", "chỉ được đề nghị", "thẩm quyền thuộc Ban Thường vụ Đảng ủy xã", "43-HD/BTCTW mục 3"):
        decided(story, paper(CELL, "07-QĐ/CB", day, {one: why}), now)
    done = decided(story, paper(COMMITTEE, "12-QĐ/ĐU", day, {one: why}), now)
    assert done.told == 1
    story.morning(at("2025-12-24 08:00"))
    told = [said for said in story.told(SECRETARY) if "thông báo kết quả" in said]
    assert len(told) == 2, "one letter for the members' results, one for the cell's"
    story.print_out("result_notice", now, subject=one)


def _who_attended_is_heard(story: Story, one: int) -> None:
    """VI.1.a: whoever attended from the commune gives an opinion before the committee decides; its words stay in the house."""
    when = at("2025-12-23 14:00")
    with refuses("opinion-awaited", "Giàng A Sử", "VI.1.a"):
        decided(story, paper(COMMITTEE, "12-QĐ/ĐU", date(2025, 12, 23), {one: GOOD}), when)
    with story.house.db.read() as connection:
        [asked] = opinions(connection, cycle_id_of(connection, YEAR))
    receive(story.house, asked.id, Opinion("rất tận tụy", date(2025, 12, 18), GOOD), when, actor="Sử")


def what_was_found_is_remedied(story: Story) -> None:
    """VI.2: a plan of remediation, approved by the commune, “ngay sau khi có kết quả”."""
    line = Line(FAULT, "lập lịch thu hằng tháng", "bí thư chi bộ", date(2026, 3, 31), "sổ thu quý I/2026")
    now = at("2025-12-29 09:00")
    with refuses("not-approved", "phê duyệt", "VI.2"):
        open_for(story.house, Result(YEAR, CELL, date(2025, 12, 23)), [line], now, actor="Mẩy")
    approved = Result(YEAR, CELL, date(2025, 12, 23), None, date(2025, 12, 26), "Đảng ủy xã", "07-KH/CB")
    begun = open_for(story.house, approved, [line], now, actor="Mẩy")
    story.morning(at("2025-12-29 14:00"))
    assert any("khắc phục" in said.casefold() for said in story.told(SECRETARY))
    story.print_out("remediation_plan", now, cycle=YEAR, unit=CELL)
    march = at("2026-03-26 08:00")  # T-3 of Tuesday 31/03/2026
    story.morning(march)
    assert any("31/03" in said for said in story.told(SECRETARY))
    with refuses("no-evidence", "chưa có minh chứng"):
        act(story.house, begun.items[0], "submit", march, actor="Lử")
    fix(story.house, YEAR, CELL, 1, "sổ thu quý I/2026, đã đối chiếu", march, actor="Lử")


def the_next_review_sees_it(story: Story) -> None:
    """Whether last year's shortcoming was mended is concluded by the next review, and looked up by its decision."""
    now = at("2026-12-07 09:00")
    open_cycle(story.house, next_year(find_plan(YEAR)), at("2026-12-01 07:00"))
    name_subjects(story.house, NEXT_YEAR, now, actor="Mẩy")
    one = story.subject(CELL_NAME, "organisation", NEXT_YEAR)
    conclude(story.house, NEXT_YEAR, CELL, 1, Outcome.RECURRING, now, actor="Mẩy", answers="bí thư chi bộ")
    self_rate(story.house, one, Judgement(EXCELLENT, Decimal("91.37"), CLEAN), now, actor="Lử")
    appraise(story.house, one, DEPARTMENT, Judgement(EXCELLENT), now, actor="Mẩy")
    found = subject_page(story.house, one, now)
    [why] = [refusal for refusal in found.missing if refusal.code == "above-rules"]
    assert "khắc phục 100 %" in why.vi and "366-QĐ/TW Điều 11" in why.vi


def _sen_in(story: Story, code: str) -> int:
    return _member_in(story, code, "DV1")


def _member_in(story: Story, code: str, member: str) -> int:
    return add_person(story.house, code, CELL, member, IN_DECEMBER, actor="Mẩy", ratee=Ratee.MEMBER_OF_GRASSROOTS_CELL)


def _cell_in(story: Story) -> int:
    """The cell as an organisation; it has no committee, so that none is rated (43-HD/BTCTW)."""
    name_subjects(story.house, YEAR, IN_DECEMBER, actor="Mẩy")
    one = story.subject(CELL_NAME, "organisation")
    _points(story, one, Judgement(GOOD, Decimal("88"), CLEAN), once=True)
    return one


def _points(story: Story, one: int, said: Judgement, *, once: bool = False) -> None:
    """The subject's own points and level, and the same after appraisal."""
    if once and subject_page(story.house, one, IN_DECEMBER).history:
        return
    self_rate(story.house, one, said, IN_DECEMBER, actor="Lử")
    appraise(story.house, one, DEPARTMENT, Judgement(said.level), IN_DECEMBER, actor="Mẩy")


def _authority(story: Story, code: str) -> None:
    settle(story.house, code, "authority.member_of_grassroots_cell", "chi-bo-co-so", IN_DECEMBER, actor="Mẩy",
           reason="thông báo của Ban Xây dựng Đảng")  # fmt: skip
