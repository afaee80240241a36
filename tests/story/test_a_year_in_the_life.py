"""A year in the life of a committee, once for each of the five plans: from the opening letter to the last duty.

Real mail over SMTP, a real database, people who are late three times in ten. The days below were worked out by hand
with a wall calendar; rungs fall on working days at 08:00.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from hanchot import bootstrap
from hanchot.domain.instants import local_iso
from hanchot.domain.ladder import DEFAULT_LADDER
from hanchot.domain.plan import Plan
from hanchot.service import audit, progress
from hanchot.service.mail.posting import Sent
from hanchot.service.simulate import simulate
from hanchot.settings import Settings
from hanchot.store.plan_files import find_plan
from tests import look
from tests.conftest import NewHouse
from tests.look import at
from tests.story.year import CELLS, HABITS, Year, lived

pytestmark = pytest.mark.slow


class Known(NamedTuple):
    """What the wall calendar says about one duty of a plan: the first day of the year's run, and the duty's rungs."""

    plan: str
    opens: str
    duty: str
    t_minus_3: str
    t: str
    t_plus_1: str
    t_plus_3: str


CALENDAR = (
    # trước ngày 20/12/2023: the last day is Tuesday 19/12
    Known("huyen-2023", "2023-11-23", "kiem-diem-to-chuc-dang", "2023-12-14", "2023-12-19", "2023-12-20", "2023-12-22"),
    # chậm nhất ngày 15/12/2024, a Sunday: T is Friday 13/12, late starts on Monday
    Known("khoi-binh-thuan-2024", "2024-11-19", "kiem-diem-co-so", "2024-12-10", "2024-12-13", "2024-12-16",
          "2024-12-18"),
    # trước ngày 20/12/2025: the last day is Friday 19/12
    Known("lung-phinh-2025", "2025-12-03", "ho-so-nam", "2025-12-16", "2025-12-19", "2025-12-22", "2025-12-24"),
    # trước ngày 30/11: the last day is Wednesday 29/11/2023
    Known("quang-ngai-13-hd-tu", "2023-11-08", "kiem-diem", "2023-11-24", "2023-11-29", "2023-11-30", "2023-12-04"),
    # chậm nhất ngày 05/12/2022, a Monday
    Known("thi-xa-2022", "2022-10-19", "kiem-diem", "2022-11-30", "2022-12-05", "2022-12-06", "2022-12-08"),
)  # fmt: skip
ON_POSTGRES_IN_FULL = ("khoi-binh-thuan-2024", "lung-phinh-2025")
HAVE_REMEDIATION_BY_RESULT = {"huyen-2023": "ke-hoach-khac-phuc", "lung-phinh-2025": "ke-hoach-khac-phuc"}


@pytest.fixture(scope="module", params=CALENDAR, ids=lambda known: known.plan)
def known(request: pytest.FixtureRequest) -> Known:
    chosen: Known = request.param
    return chosen


@pytest.fixture(scope="module")
def year(known: Known, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    """The whole year of one plan, lived once; the tests below look back on it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HANCHOT_NOW", "2024-01-01T00:00")  # the clock is ours: walking through a year is no jump
        folder = tmp_path_factory.mktemp(known.plan)
        house = bootstrap.services(Settings(_env_file=None, home=folder))
        with lived(house, find_plan(known.plan), folder / "inbox") as made:
            yield made
        house.db.close()


def test_the_year_begins_with_the_opening_letter(year: Year, known: Known) -> None:
    opening = [one for one in year.letters if one.rung == "open"]
    assert {local_iso(one.at)[:16] for one in opening} == {f"{known.opens}T08:00"}
    assert len(opening) + len(_passed_before_the_opening(year)) == year.opened.items
    first = [one for one in year.mails if _day(one["Date"]) == known.opens]
    assert len(first) == len({one["To"] for one in first}) >= len({one.to for one in opening})  # one mail each


def test_reminders_come_three_working_days_before_to_those_who_are_not_done(year: Year, known: Known) -> None:
    _only_the_unfinished(year, known.duty, "T-3", known.t_minus_3)


def test_on_the_day_it_is_due(year: Year, known: Known) -> None:
    _only_the_unfinished(year, known.duty, "T", known.t)


def test_the_day_after_the_post_above_is_told(year: Year, known: Known) -> None:
    late = _only_the_unfinished(year, known.duty, "T+1", known.t_plus_1)
    assert late, "with three in ten late, somebody is"
    told = [one for one in year.told(known.duty, "T+1") if one.tone == "escalation"]
    assert {one.unit_code: one.to for one in told} == {code: year.answering_above(code) for code in late}
    assert {local_iso(one.at)[:10] for one in told} == {known.t_plus_1}


def test_the_third_day_after_the_organisation_department_is_told(year: Year, known: Known) -> None:
    late = _only_the_unfinished(year, known.duty, "T+3", known.t_plus_3)
    told = [one for one in year.told(known.duty, "T+3") if one.tone == "escalation"]
    assert {one.unit_code for one in told} == late
    assert {one.to for one in told} <= {year.department()}


def test_stages_open_in_order_and_all_are_done_in_the_end(year: Year) -> None:
    shown = progress.of(year.house.db, year.opened.code, year.letters[-1].at)
    stages = [one for one in shown.stages if one.opened_at]  # a stage whose work is all done already is only closed
    moments = [one.opened_at for one in stages if one.opened_at]
    assert moments == sorted(moments)
    assert {one.state for one in shown.stages} == {"closed"}
    assert shown.headline == "Xong mọi bước, chờ đóng đợt"


def test_a_stage_that_overruns_is_said_once_with_its_numbers(year: Year) -> None:
    said = [one.stage for _, one, _ in year.overruns]
    assert said and len(said) == len(set(said))
    for _, one, headline in year.overruns:
        assert one.late > 0 and one.done < one.total
        assert headline.startswith("Quá hạn: ")


def test_the_result_opens_remediation_where_the_plan_has_it(year: Year, known: Known) -> None:
    told = [one for one in year.letters if one.tone == "remediation"]
    duty = HAVE_REMEDIATION_BY_RESULT.get(known.plan)
    assert {one.milestone for one in told} == ({duty} if duty else set())
    if duty:
        [decided] = year.finished(_decision(year)).values()
        assert decided is not None
        assert {one.unit_code for one in told} == set(year.finished(duty))  # every unit that has to mend something
        assert all(one.at >= decided for one in told)


def test_every_letter_left_once_inside_the_window(year: Year) -> None:
    keys = [(one.unit_code, one.milestone, one.rung, one.tone, one.to) for one in year.letters if one.milestone]
    assert len(keys) == len(set(keys))
    for one in year.letters:
        assert "07:00" <= local_iso(one.at)[11:16] <= "20:30"
    assert len(year.mails) == len({one.envelope_id for one in year.letters})
    identities = [mail["Message-ID"] for mail in year.mails]
    assert len(identities) == len(set(identities))


def test_no_mail_says_anything_about_a_rating_or_a_fault(year: Year) -> None:
    words = ("xuất sắc", "không hoàn thành", "kỷ luật", "phiếu")
    for mail in year.mails:
        body = mail.get_body(("plain",))
        assert body is not None
        said = f"{mail['Subject']}\n{body.get_content()}".lower()
        assert not [word for word in words if word in said and not _in_a_title(word, year.plan)]


def test_the_journal_of_the_year_holds(year: Year) -> None:
    verdict = audit.check(year.house.db)
    assert verdict.broken_at is None
    assert verdict.length > year.opened.items  # the opening, every submission, every stage


def test_the_simulation_told_it_all_beforehand(year: Year, known: Known, tmp_path: Path) -> None:
    """What ``hanchot simulate`` lists is exactly what the live year sent, letter by letter."""
    foreseen = simulate(
        bootstrap.in_memory(Settings(_env_file=None, home=tmp_path)),
        year.plan, units=CELLS, habits=HABITS,
    )  # fmt: skip
    assert foreseen.sweeps == year.sweeps
    assert _listed(foreseen.letters) == _listed(year.letters)


@pytest.mark.parametrize("known", CALENDAR, ids=lambda known: known.plan)
def test_the_same_year_on_postgresql(
    known: Known, new_postgres: Callable[[], str], new_house: NewHouse, tmp_path: Path
) -> None:
    """The same letters from the other database; three of the plans only up to a week after the duty above."""
    url = new_postgres()
    plan = find_plan(known.plan)
    last = None if known.plan in ON_POSTGRES_IN_FULL else date.fromisoformat(known.t_plus_3)
    with lived(new_house(url), plan, tmp_path / "inbox", last=last) as year:
        foreseen = simulate(
            bootstrap.in_memory(Settings(_env_file=None, home=tmp_path)),
            plan, units=CELLS, habits=HABITS, end=last,
        )  # fmt: skip
        assert _listed(year.letters) == _listed(foreseen.letters)
        assert audit.check(year.house.db).broken_at is None
        with year.house.db.read() as connection:
            assert look.counters_agree(connection)


# How the story is read


def _only_the_unfinished(year: Year, duty: str, rung: str, day: str) -> set[str]:
    """Who was told on that rung, which must be who had not finished by 08:00 of that day; and on no other day."""
    morning = at(f"{day} 08:00")
    unfinished = {code for code, moment in year.finished(duty).items() if moment is None or moment >= morning}
    told = [one for one in year.told(duty, rung) if one.tone != "escalation"]
    assert {one.unit_code for one in told} == unfinished
    assert len(told) == len(unfinished)
    assert {local_iso(one.at)[:16] for one in told} <= {f"{day}T08:00"}
    return unfinished


def _listed(letters: list[Sent]) -> list[tuple[str, ...]]:
    """Letters as a person compares them: to the minute, because mail takes seconds."""
    return sorted(
        (local_iso(one.at)[:16], one.to, one.unit_code, one.milestone, one.rung, one.tone, one.subject) for one in letters
    )


def _passed_before_the_opening(year: Year) -> list[Sent]:
    """Duties whose first rung had passed when the cycle was opened: told by that rung instead."""
    first = min(one.at for one in year.letters)
    rungs = {rung.name for rung in DEFAULT_LADDER.rungs}
    own = [one for one in year.letters if one.rung in rungs and one.at < first + timedelta(hours=1)]
    return list({(one.unit_code, one.milestone): one for one in own}.values())


def _day(date_header: str) -> str:
    from email.utils import parsedate_to_datetime

    return local_iso(parsedate_to_datetime(date_header))[:10]


def _decision(year: Year) -> str:
    return next(m.key for m in year.plan.milestones if m.provides == "result")


def _in_a_title(word: str, plan: Plan) -> bool:
    return any(word in m.title.lower() for m in plan.milestones)
