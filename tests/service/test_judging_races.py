"""Several people decide at once: the quota holds, and one subject is decided once. Real threads, each its own connection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from hanchot.service import audit
from hanchot.service.judging.quotas import standings
from hanchot.service.judging.refusing import Forbidden
from hanchot.service.services import Services
from hanchot.store.db import Database
from tests.judging import CODE, EXCELLENT, GOOD, appraised, both_rounds, cell_of, decided, minutes, ratings, voted


def at_once(house: Services, people: Sequence[int]) -> list[str]:
    """Everybody decides “excellent” in the same moment; what each was told, sorted."""
    start = Barrier(len(people))

    def one(member: int) -> str:
        mine = Services(Database(house.db.url), house.settings, house.workdays)
        start.wait()
        try:
            decided(mine, member, EXCELLENT)
        except Forbidden as said:
            return " ".join(said.codes)
        finally:
            mine.db.close()
        return "decided"

    work: Callable[[int], str] = one
    with ThreadPoolExecutor(len(people)) as pool:
        return sorted(pool.map(work, people))


def test_six_deciders_four_places(any_house: Services) -> None:
    members = cell_of(any_house, 24)
    appraised(any_house, members)
    both_rounds(any_house, members, members[:6])
    assert at_once(any_house, members[:6]) == ["decided"] * 4 + ["quota-exceeded"] * 2
    [now] = standings(any_house, CODE)
    assert (now.picked, now.allowance.places) == (4, 4)
    assert audit.check(any_house.db).broken_at is None


def test_two_deciders_of_one_subject(any_house: Services) -> None:
    members = cell_of(any_house, 6)
    appraised(any_house, members)
    both_rounds(any_house, members, members[:1])
    told = at_once(any_house, [members[0]] * 3)
    assert told[-1] == "decided" and all(one.startswith("already-decided") for one in told[:-1])
    assert len(ratings(any_house, members[0])) == 1


def test_two_first_entries_of_the_same_minutes(any_house: Services) -> None:
    [one] = cell_of(any_house, 1)
    from hanchot.domain.errors import AlreadyDone
    from hanchot.service.judging.ballots import enter
    from tests.judging import NOW

    start, said = Barrier(2), minutes({one: {GOOD: 30}})

    def first(actor: str) -> str:
        mine = Services(Database(any_house.db.url), any_house.settings, any_house.workdays)
        start.wait()
        try:
            return enter(mine, CODE, said, NOW, actor=actor).state
        except AlreadyDone:
            return "known"
        finally:
            mine.db.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(first, ("Hòa", "Lan"))) == ["first", "known"]
    assert voted(any_house, minutes({one: {GOOD: 30}}, number="02-BB"))
