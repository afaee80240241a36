"""The story of one grassroots organisation: Đảng bộ Sở Y tế of the bloc committee, by its plan 211-KH/ĐUK for 2024.

Reviews end by 10, 12 and 15/12/2024 from the bottom up (II.4), the dossier goes by Friday 20/12 (III.4). The committee of
15 decides on its own cells and members (III.2.2), the bloc's standing committee on the organisation itself (III.2.1).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from hanchot.domain.errors import Refused
from hanchot.domain.opinion import Kind
from hanchot.domain.rating_level import RatingLevel
from hanchot.domain.review_order import Step
from hanchot.domain.unit import PostRole
from hanchot.service.dossiers import Which
from hanchot.service.items import act
from hanchot.service.judging.ballots import confirm, enter
from hanchot.service.judging.complaints import Answer, Complaint, grant, register
from hanchot.service.judging.deciding import confirm_decision, draft_decision
from hanchot.service.judging.ratings import Judgement, appraise, propose, self_rate
from hanchot.service.judging.register import of_person, of_unit
from hanchot.service.judging.subjects import Told, add_person, find_subject, name_subjects
from hanchot.service.meetings import Which as Meeting
from hanchot.service.meetings import Wish, book_meeting, hold
from hanchot.service.opening import open_cycle
from hanchot.service.opinions import Opinion, Request, ask, receive
from hanchot.service.services import Services
from hanchot.store.plan_files import find_plan
from hanchot.store.tables import person
from tests import look
from tests.cast import IN_CHARGE_OF_YT, SECRETARIES, appoint
from tests.cast import settle as settled_in
from tests.look import at
from tests.reviews import code_of
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

CODE, LIST = "khoi-binh-thuan-2024", "ho-so-de-nghi"
HERE, NAME, COMMITTEE, DEPARTMENT = "YT", "Đảng bộ Sở Y tế", "DUK-BTV", "DUK-BTC"
DEPUTY, HAI = "Trịnh Văn Phúc", "Bùi Văn Hải"
MEMBERS = {"DV1": "Tạ Thị Mơ", "DV2": "Kiều Văn Nam", "DV3": "Châu Thị Oanh", "DV4": "Quách Văn Phát"}
WHY, HEARD, COMPLAINT = "còn một chi bộ sinh hoạt chưa nền nếp", "gương mẫu ở khu dân cư", "chưa tính đề tài cấp tỉnh"


def year_of_a_grassroots_organisation(house: Services, mail: Path) -> Story:
    """All that happens; what the rules refuse on the way is part of it."""
    story = Story(house, CODE, mail, [WHY, HEARD, COMPLAINT, "gương mẫu", "nền nếp", "đề tài"])
    the_plan_comes_into_force(story)
    meetings_are_booked_in_their_order(story)
    the_place_of_residence_is_asked(story)
    cells_come_before_the_organisation(story)
    the_dossier_is_handed_in(story)
    seven_of_fifteen_carry_nothing(story)
    the_committee_decides_on_its_members(story)
    the_bloc_decides_on_the_organisation(story)
    a_complaint_opens_a_result_again(story)
    the_register_keeps_both(story)
    return story


def the_plan_comes_into_force(story: Story) -> None:
    settled_in(story.house.db)
    with story.house.db.write() as connection:
        appoint(connection, HERE, DEPUTY, role=PostRole.DEPUTY)
        connection.execute(sa.insert(person), [{"code": code, "name": name} for code, name in MEMBERS.items()])
    vote_rules_typed_in(story.house, "08-hd-tu", "08-HD/TU")
    now = at("2024-11-18 07:00")
    open_cycle(story.house, find_plan(CODE), now)
    told = Told(committees={"BAO": True, "KHO": False})
    assert name_subjects(story.house, CODE, now, actor="Bình", told=told).questions == ()
    assert set(story.subjects("Chi bộ Báo tỉnh")) == {"organisation", "collective"}
    assert set(story.subjects("Chi bộ Kho bạc")) == {"organisation"}, "without a committee none is rated (III.1.2)"
    for code in MEMBERS:
        add_person(story.house, CODE, "YT-1", code, now, actor="Bình")
    story.morning(at("2024-11-18 08:00"))


def meetings_are_booked_in_their_order(story: Story) -> None:
    """The collective before its head, the head before the deputies; each in his cell before the standing committee."""
    now = at("2024-11-25 09:00")

    def book(step: Step, day: str, hours: str, *directs: str) -> int:
        first, last = hours.split("-")
        wish = Wish(at(f"{day} {first}"), at(f"{day} {last}"), "hội trường", directs)
        return book_meeting(story.house, Meeting(CODE, HERE, step), wish, now, actor="Dung").dated

    dated = book(Step.COLLECTIVE, "2024-12-12", "07:30-09:00", code_of(story.house, IN_CHARGE_OF_YT))
    assert dated == 1, "“ít nhất trước 05 ngày” now has a day (V.1)"
    assert look.item(story.house, HERE, "giay-moi-ho-so", CODE).last_day == date(2024, 12, 7)
    book(Step.HEAD, "2024-12-12", "09:00-10:00")
    with refuses("out-of-order", "kiểm điểm người đứng đầu", "124-QĐ/TW Điều 7 (chưa kiểm chứng)"):
        book(Step.OTHERS, "2024-12-11", "14:00-15:00")
    book(Step.OTHERS, "2024-12-12", "10:00-11:30")
    book(Step.STANDING, "2024-12-13", "07:30-11:30")
    with refuses("out-of-order", "kiểm điểm ở chi bộ", "211-KH/ĐUK II.1.2"):
        book(Step.CELL, "2024-12-13", "14:00-16:00")
    book(Step.CELL, "2024-12-09", "14:00-16:00")


def the_place_of_residence_is_asked(story: Story) -> None:
    """The request stands on the same ladder as all work, and says nothing of whom it is about."""
    hai = code_of(story.house, HAI)
    request = Request("YT-1", Kind.RESIDENCE, date(2024, 12, 9), person=hai, source="Chi ủy khu phố 5")
    asked = ask(story.house, CODE, [request], at("2024-11-25 10:00"), actor="Dung")
    story.morning(at("2024-12-04 08:00"))  # T-3 of Monday 09/12
    [reminded] = [said for said in story.told(HAI) if "hạn 09/12" in said]
    assert "[Còn 5 ngày]" in reminded and "khu phố" not in reminded
    one = _member(story, HAI)
    _rated(story, one, EXCELLENT)
    with refuses("opinion-awaited", "Chưa nhận được nhận xét của cấp ủy nơi cư trú (Chi ủy khu phố 5)"):
        decided(story, paper(HERE, "00-QĐ/ĐU", date(2024, 12, 4), {one: EXCELLENT}), at("2024-12-04 09:00"))
    receive(story.house, asked.ids[0], Opinion(HEARD, date(2024, 12, 6)), at("2024-12-06 09:00"), actor="Hải")


def cells_come_before_the_organisation(story: Story) -> None:
    """II.1.2 (1): members of the committee are reviewed in their cells first; the items below hold back the one above."""
    above = look.item_id(story.house, HERE, "kiem-diem-co-so", CODE)
    with pytest.raises(Refused, match=r"mục II\.1\.2 \(1\)"):
        act(story.house, above, "submit", at("2024-12-09 17:00"), actor="Dung")
    _done(story, "YT-BP1", "kiem-diem-chi-bo-bo-phan", "2024-12-10 16:00")
    for unit in ("YT-BP", "YT-1", "YT-2"):
        _done(story, unit, "kiem-diem-bo-phan", "2024-12-12 16:00")
    for step, moment in ((Step.CELL, "2024-12-09 17:00"), (Step.COLLECTIVE, "2024-12-12 09:30"),
                         (Step.HEAD, "2024-12-12 11:00"), (Step.OTHERS, "2024-12-12 12:00"),
                         (Step.STANDING, "2024-12-13 12:00")):  # fmt: skip
        hold(story.house, Meeting(CODE, HERE, step), "01-BB/ĐU", at(moment), actor="Dung", reason="giấy mời gửi bản giấy")
    _done(story, HERE, "kiem-diem-co-so", "2024-12-13 16:00")


def the_dossier_is_handed_in(story: Story) -> None:
    item = look.item_id(story.house, HERE, "ho-so-de-nghi", CODE)
    now = at("2024-12-16 15:00")
    with refuses("paper-missing", "Hồ sơ đề nghị đánh giá, xếp loại", "211-KH/ĐUK III.4"):
        act(story.house, item, "submit", now, actor="Dung")
    filed(story.house, Which(CODE, HERE, LIST), ("ho-so-xep-loai",), now, actor="Dung")
    act(story.house, item, "submit", now, actor="Dung")
    story.print_out("item_page", now, item=look.item_id(story.house, "BAO", "ho-so-de-nghi", CODE))


def seven_of_fifteen_carry_nothing(story: Story) -> None:
    """The majority is over those convened: with 12 of 15 present, 7 votes of 12 are not more than half of 15."""
    now, day = at("2024-12-17 09:00"), date(2024, 12, 16)
    hai, *others = _members(story)
    for one in others:
        _rated(story, one, GOOD)
    first = minutes(HERE, "02-BB", day, 15, {hai: {GOOD: 7, FAIR: 5}}, present=12)
    made = enter(story.house, CODE, first, now, actor="thư ký một")
    wrong = minutes(HERE, "02-BB", day, 15, {hai: {GOOD: 8, FAIR: 4}}, present=12)
    assert confirm(story.house, made.id, wrong, now, actor="thư ký hai").state == "disputed"
    assert confirm(story.house, made.id, first, now, actor="thư ký hai").state == "confirmed"
    _papers(story, hai)
    with refuses("not-carried", "7 trên 15 người được triệu tập", "cần 8", "không thông qua"):
        decided(story, paper(HERE, "01-QĐ/ĐU", day, {hai: as_in_minutes(GOOD)}), now)
    votes = {one: {GOOD: 14} for one in (hai, *others)}
    again = voted(story, minutes(HERE, "03-BB", day, 15, votes, present=14), now)
    story.print_out("tally_minutes", now, ballot=again)


def the_committee_decides_on_its_members(story: Story) -> None:
    """One drafts the paper and another confirms it; only then anything is decided and anybody told."""
    now, day = at("2024-12-17 15:00"), date(2024, 12, 17)
    hai, *others = _members(story)
    for one in others:
        _papers(story, one)
    levels = {hai: as_in_minutes(GOOD), **dict.fromkeys(others, GOOD)}
    drafted = draft_decision(story.house, paper(HERE, "01-QĐ/ĐU", day, levels), now, actor="Phúc")
    with refuses("same-confirmer", "Phúc đã lập quyết định"):
        confirm_decision(story.house, drafted.id, now, actor="Phúc")
    confirm_decision(story.house, drafted.id, now, actor="Dung")
    story.morning(at("2024-12-18 08:00"))
    [told] = [said for said in story.told(HAI) if "thông báo kết quả" in said]
    assert "Chi bộ Văn phòng Sở" in told
    story.print_out("results_decided", now, cycle=CODE, unit=HERE)


def the_bloc_decides_on_the_organisation(story: Story) -> None:
    """III.2.1: proposed by the organisation, appraised by the department with its reason for another level, decided by the
    standing committee of the bloc.
    """
    now, day = at("2024-12-24 09:00"), date(2024, 12, 23)
    one, collective = story.subject(NAME, "organisation"), story.subject(NAME, "collective")
    for each in (one, collective):
        self_rate(story.house, each, Judgement(GOOD), now, actor="Dung")
        propose(story.house, each, HERE, Judgement(GOOD), now, actor="Dung")
    with refuses("no-reason-for-difference", "khác mức đề nghị"):
        appraise(story.house, one, DEPARTMENT, Judgement(FAIR), now, actor="Bình")
    appraise(story.house, one, DEPARTMENT, Judgement(FAIR, reason=WHY), now, actor="Bình")
    appraise(story.house, collective, DEPARTMENT, Judgement(GOOD), now, actor="Bình")
    with refuses("no-authority", "chỉ được đề nghị", "thẩm quyền thuộc Ban Thường vụ Đảng ủy Khối", "211-KH/ĐUK III.2.1"):
        decided(story, paper(HERE, "09-QĐ/ĐU", day, {one: FAIR, collective: GOOD}), now)
    story.print_out("results_proposed", now, cycle=CODE)
    decided(story, paper(COMMITTEE, "15-QĐ/ĐUK", day, {one: FAIR, collective: GOOD}), now)
    story.print_out("result_notice", now, subject=one)


def a_complaint_opens_a_result_again(story: Story) -> None:
    """What is decided is a snapshot: reopened for a reason, approved by another, voted in the second round, decided anew."""
    now, day = at("2024-12-26 09:00"), date(2024, 12, 26)
    one = _member(story, HAI)
    made = register(story.house, one, Complaint(HAI, date(2024, 12, 25), COMPLAINT), now, actor="Dung")
    with refuses("already-decided", "Muốn đổi phải mở lại"):
        decided(story, paper(HERE, "02-QĐ/ĐU", day, {one: as_in_minutes(EXCELLENT)}), now)
    answer = Answer(HERE, "đúng là chưa tính, xét lại", "03-CV/ĐU")
    with refuses("same-approver", "không được tự duyệt"):
        grant(story.house, made, answer, now, actor="Phúc", approver="Phúc")
    grant(story.house, made, answer, now, actor="Phúc", approver="Dung")
    voted(story, minutes(HERE, "04-BB", day, 15, {one: {EXCELLENT: 8, GOOD: 7}}, round=2), now)
    decided(story, paper(HERE, "02-QĐ/ĐU", day, {one: as_in_minutes(EXCELLENT)}), now)
    story.morning(at("2024-12-27 08:00"))
    assert len([said for said in story.told(HAI) if "thông báo kết quả" in said]) >= 2
    story.print_out("result_notice", now, subject=one)


def the_register_keeps_both(story: Story) -> None:
    """By year, for a person and for a unit; what was reopened stays as it was, and says so."""
    mine = of_person(story.house, code_of(story.house, HAI))
    assert [(one.year, one.level, one.number, one.stands) for one in mine] == [
        (2024, GOOD, "01-QĐ/ĐU", False), (2024, EXCELLENT, "02-QĐ/ĐU", True),
    ]  # fmt: skip
    assert {(one.kind, one.level) for one in of_unit(story.house, HERE)} == {("organisation", FAIR), ("collective", GOOD)}


def _member(story: Story, name: str) -> int:
    return story.subject(name, "member")


def _members(story: Story) -> list[int]:
    """Hải, the other secretaries of cells, and the four members of his cell."""
    return [_member(story, name) for name in (HAI, SECRETARIES["YT-2"], SECRETARIES["YT-BP1"], *MEMBERS.values())]


def _rated(story: Story, one: int, level: RatingLevel) -> None:
    now = at("2024-12-04 08:30")
    self_rate(story.house, one, Judgement(level), now, actor="tự xếp")
    appraise(story.house, one, HERE, Judgement(level), now, actor="Phúc")


def _papers(story: Story, one: int) -> None:
    with story.house.db.read() as connection:
        who = find_subject(connection, one)
    which = Which(CODE, who.unit_code, LIST, who.person_code)
    filed(story.house, which, ("ho-so-xep-loai",), at("2024-12-16 16:00"), actor="Phúc")


def _done(story: Story, unit: str, milestone: str, moment: str) -> None:
    act(story.house, look.item_id(story.house, unit, milestone, CODE), "submit", at(moment), actor="bí thư")
