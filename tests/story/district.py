"""The story of one district: 25 grassroots cells and four leaderships, by the plan of its standing committee for 2023.

Reviews end before 20/12/2023 (III.1), dossiers come before 25/12 (III.2), the standing committee rates before 05/01/2024
(III.4). 20 % of those rated good may be excellent, alike units together (124-QĐ/TW Điều 12).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from hanchot.domain.carry import carry_over
from hanchot.domain.plan import Plan
from hanchot.domain.remediation import Outcome
from hanchot.domain.review_order import Step
from hanchot.domain.unit import UnitKind
from hanchot.service.items import act
from hanchot.service.judging.ratings import Judgement, appraise, self_rate
from hanchot.service.judging.subjects import Told, name_subjects
from hanchot.service.meetings import Which as Meeting
from hanchot.service.meetings import Wish, book_meeting, hold, mark
from hanchot.service.opening import open_cycle
from hanchot.service.remediating import Line, Result, conclude, fix, open_for
from hanchot.service.services import Services
from hanchot.service.shortcomings import shortcomings
from hanchot.service.views.judging import awaiting_decision, judging_page
from hanchot.store.plan_files import find_plan
from tests import look
from tests.cast import Body
from tests.cast import settle as settled_in
from tests.look import at
from tests.reviews import code_of
from tests.story.judged import EXCELLENT, FAIR, GOOD, Story, decided, paper, refuses

CODE, NEXT_YEAR = "huyen-2023", "huyen-2024"
COMMITTEE, DEPARTMENT, GOVERNMENT = "HU-BTV", "HU-BTC", "UBND"
CELLS = tuple(f"CB{n:02}" for n in range(1, 26))
LEADERSHIPS = ("LD1", "LD2", "LD3", "LD4")
LATE_ONE, SECRETARY = "CB25", "Bí thư CB25"
AGREES = "Ủy viên Ban Thường vụ Huyện ủy phụ trách"
PAPERS_TO = ("Ủy viên Ban Thường vụ phụ trách", "Tổ trưởng tổ công tác")
FAULT = "chưa duy trì đủ kỳ sinh hoạt chuyên đề"
DISTRICT = (
    Body("HU", "Huyện ủy", UnitKind.DISTRICT_COMMITTEE, None, "Trương Văn Khải"),
    Body(COMMITTEE, "Ban Thường vụ Huyện ủy", UnitKind.STANDING_COMMITTEE, "HU", "Đoàn Thị Lý"),
    Body(DEPARTMENT, "Ban Tổ chức Huyện ủy", UnitKind.ORGANISATION_DEPARTMENT, "HU", "Mai Văn Sơn"),
    Body(GOVERNMENT, "Ủy ban nhân dân huyện", UnitKind.GOVERNMENT, "HU", "Hồ Văn Tài"),
    *(Body(code, f"Tập thể lãnh đạo phòng số {code[2:]}", UnitKind.LEADERSHIP, "HU", f"Trưởng phòng {code}")
      for code in LEADERSHIPS),
    *(Body(code, f"Chi bộ cơ sở số {code[2:]}", UnitKind.GRASSROOTS_CELL, "HU", f"Bí thư {code}") for code in CELLS),
)  # fmt: skip


def year_of_a_district(house: Services, mail: Path) -> Story:
    """All that happens; what the rules refuse on the way is part of it."""
    story = Story(house, CODE, mail, [FAULT, "sinh hoạt chuyên đề", "nổi bật hơn"])
    the_plan_comes_into_force(story)
    meetings_are_registered_by_thursday(story)
    one_cell_is_late(story)
    everybody_is_appraised(story)
    four_of_twenty_four_may_be_excellent(story)
    four_good_ones_give_no_place(story)
    what_was_found_is_remedied_and_concluded(story)
    return story


def the_plan_comes_into_force(story: Story) -> None:
    settled_in(story.house.db, DISTRICT)
    now = at("2023-11-27 07:00")
    open_cycle(story.house, find_plan(CODE), now)
    told = Told(committees=dict.fromkeys(CELLS, False))
    assert name_subjects(story.house, CODE, now, actor="Sơn", told=told).questions == ()
    story.morning(at("2023-11-27 08:00"))
    assert story.told(SECRETARY)


def meetings_are_registered_by_thursday(story: Story) -> None:
    """IV.1: before Thursday 15h for the week after, agreed to, papers two days before; nobody attends in two places."""
    thursday = at("2023-12-07 15:00")
    khai = code_of(story.house, "Trương Văn Khải")

    def wish(day: str) -> Wish:
        return Wish(at(f"{day} 07:30"), at(f"{day} 11:30"), "hội trường", (khai,))

    with refuses("registered-late", "trước 15h00 thứ Năm", "thứ Hai 18/12/2023", "IV.1"):
        book_meeting(story.house, Meeting(CODE, "CB01"), wish("2023-12-13"), thursday, actor="bí thư")
    made = book_meeting(story.house, Meeting(CODE, "CB01"), wish("2023-12-18"), thursday, actor="bí thư")
    assert made.dated == 1 and look.item(story.house, "CB01", "gui-du-thao-bao-cao", CODE).last_day == date(2023, 12, 16)
    assert {one.code for one in made.missing} == {"papers-not-sent-to", "papers-late", "not-approved"}
    with refuses("clash", "Trương Văn Khải đã có lịch dự kiểm điểm tại Chi bộ cơ sở số 01"):
        book_meeting(story.house, Meeting(CODE, "CB02"), wish("2023-12-18"), thursday, actor="bí thư")
    first = Meeting(CODE, "CB01")
    mark(story.house, first, "approved", AGREES, date(2023, 12, 8), at("2023-12-08 09:00"), actor="văn phòng")
    for who in PAPERS_TO:
        mark(story.house, first, "papers", who, date(2023, 12, 15), at("2023-12-15 16:00"), actor="bí thư")
    _done(story, "CB01", "gui-du-thao-bao-cao", "2023-12-15 16:10")
    assert hold(story.house, first, "12-BB/CB", at("2023-12-18 12:00"), actor="bí thư").missing == ()


def one_cell_is_late(story: Story) -> None:
    """The government side first (IV.4), then the cells, all but one: it is reminded, reported, and written to."""
    _done(story, GOVERNMENT, "kiem-diem-chinh-quyen", "2023-12-12 16:00")
    for code in CELLS:
        _done(story, code, "dang-ky-lich-kiem-diem", "2023-12-12 17:00")
    for code in LEADERSHIPS:
        _done(story, code, "kiem-diem-lanh-dao", "2023-12-18 15:00")
    for code in CELLS[:-1]:
        _done(story, code, "kiem-diem-to-chuc-dang", "2023-12-18 16:00")
    for day in ("14", "19", "20", "22"):  # T-3, T, T+1, T+3
        story.morning(at(f"2023-12-{day} 08:00"))
    assert any("Quá hạn" in said for said in story.told(SECRETARY))
    assert any("Chi bộ cơ sở số 25" in said for said in story.told("Mai Văn Sơn")), "the third day the department is told"
    now = at("2023-12-22 09:00")
    story.print_out("reminder_letter", now, cycle=CODE, unit=LATE_ONE)
    story.print_out("progress_report", now, cycle=CODE)
    _done(story, LATE_ONE, "kiem-diem-to-chuc-dang", "2023-12-25 10:00")


def everybody_is_appraised(story: Story) -> None:
    """24 cells and the four leaderships are good; the late one is not."""
    now = at("2023-12-27 09:00")
    for code in CELLS:
        level = FAIR if code == LATE_ONE else GOOD
        one = _cell(story, code)
        self_rate(story.house, one, Judgement(level), now, actor="bí thư")
        appraise(story.house, one, DEPARTMENT, Judgement(level), now, actor="Sơn")
    for one in _leaderships(story):
        self_rate(story.house, one, Judgement(GOOD), now, actor="trưởng phòng")
        appraise(story.house, one, DEPARTMENT, Judgement(GOOD), now, actor="Sơn")
    quotas = {standing.words for standing in judging_page(story.house, CODE, now).quotas}
    assert "còn 4 suất trong 4: 20 % của 24 hoàn thành tốt, 124-QĐ/TW Điều 12 (chưa kiểm chứng)" in quotas, quotas
    story.print_out("results_proposed", now, cycle=CODE)


def four_of_twenty_four_may_be_excellent(story: Story) -> None:
    """20 % of 24 is 4,8: four places. By the plan's matrix the standing committee decides (III), and nobody else."""
    now, day = at("2024-01-03 15:00"), date(2024, 1, 3)
    cells = [_cell(story, code) for code in CELLS]
    best = Judgement(EXCELLENT, reason="nổi bật hơn trong nhóm")
    five = dict.fromkeys(cells[:-1], GOOD) | dict.fromkeys(cells[:5], best) | {cells[-1]: FAIR}
    with refuses("quota-exceeded", "Chọn 5 xuất sắc là quá 4 suất: 20 % của", "Chuyển 1 trường hợp", "124-QĐ/TW Điều 12"):
        decided(story, paper(COMMITTEE, "21-QĐ/HU", day, five), now)
    with refuses("no-authority", "thẩm quyền thuộc Ban Thường vụ Huyện ủy", "Kế hoạch huyện 2023 III"):
        decided(story, paper("CB01", "01-QĐ/CB", day, {cells[0]: best}), now)
    four = {**five, cells[4]: GOOD}
    assert len(decided(story, paper(COMMITTEE, "21-QĐ/HU", day, four), now).rated) == len(CELLS)
    story.print_out("results_decided", now, cycle=CODE)
    story.morning(at("2024-01-04 08:00"))
    assert any("thông báo kết quả" in said for said in story.told(SECRETARY))


def four_good_ones_give_no_place(story: Story) -> None:
    """20 % of 4 is no whole place: said with the rule, before and instead of any rounding up. The state side rates first."""
    now, day = at("2024-01-04 15:00"), date(2024, 1, 4)
    first, *others = _leaderships(story)
    best = Judgement(EXCELLENT, reason="nổi bật hơn trong nhóm")
    state_first = {"applicable": frozenset({Step.STATE_RATING})}
    with refuses("out-of-order", "chính quyền, đoàn thể đánh giá, xếp loại xong", "Kế hoạch huyện 2023 IV.4"):
        decided(story, paper(COMMITTEE, "22-QĐ/HU", day, {first: GOOD}, **state_first), now)
    done = {"done": frozenset({Step.STATE_RATING})}
    with refuses("quota-exceeded", "quá 0 suất", "không ai được xếp hoàn thành xuất sắc nhiệm vụ"):
        decided(story, paper(COMMITTEE, "22-QĐ/HU", day, {first: best}, **done), now)
    with refuses("no-authority", "Ủy ban nhân dân huyện", "thẩm quyền thuộc Ban Thường vụ Huyện ủy"):
        decided(story, paper(GOVERNMENT, "05-QĐ/UBND", day, {first: GOOD}, **done), now)
    decided(story, paper(COMMITTEE, "22-QĐ/HU", day, dict.fromkeys((first, *others), GOOD), **done), now)
    assert awaiting_decision(story.house, now).drafts == ()


def what_was_found_is_remedied_and_concluded(story: Story) -> None:
    """IV.1: a plan of remediation after the rating; the next year's review concludes what became of it."""
    now = at("2024-01-10 09:00")
    line = Line(FAULT, "mỗi quý một kỳ", "bí thư chi bộ", date(2024, 6, 28), "biên bản sinh hoạt quý I, II")
    open_for(story.house, Result(CODE, LATE_ONE, date(2024, 1, 3)), [line], now, actor="Sơn")
    story.print_out("remediation_plan", now, cycle=CODE, unit=LATE_ONE)
    story.morning(at("2024-01-10 14:00"))
    assert any("khắc phục" in said.casefold() for said in story.told(SECRETARY))
    fix(story.house, CODE, LATE_ONE, 1, "biên bản các kỳ", at("2024-06-27 09:00"), actor="bí thư")
    later = at("2024-12-09 09:00")
    open_cycle(story.house, _next_year(), at("2024-12-02 07:00"))
    conclude(story.house, NEXT_YEAR, LATE_ONE, 1, Outcome.FIXED, later, actor="Sơn", proof="đã đối chiếu biên bản")
    with story.house.db.read() as connection:
        review = look.item(story.house, LATE_ONE, "kiem-diem-to-chuc-dang", CODE).cycle_id
        [found] = shortcomings(connection, review)
    assert (found.unit, found.outcome, found.proof) == (LATE_ONE, Outcome.FIXED, "đã đối chiếu biên bản")


def _next_year() -> Plan:
    """The plan of the year after, as it is carried over before the real document comes."""
    return carry_over(find_plan(CODE), 2024)


def _cell(story: Story, code: str) -> int:
    return story.subject(f"Chi bộ cơ sở số {code[2:]}", "organisation")


def _leaderships(story: Story) -> list[int]:
    return [story.subject(f"Tập thể lãnh đạo phòng số {code[2:]}", "collective") for code in LEADERSHIPS]


def _done(story: Story, unit: str, milestone: str, moment: str) -> None:
    act(story.house, look.item_id(story.house, unit, milestone, CODE), "submit", at(moment), actor="bí thư")
