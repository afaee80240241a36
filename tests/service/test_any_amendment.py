"""Whatever a new plan changes: nothing that has happened is lost, and the stored progress stays true."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hanchot.domain.plan import Plan
from hanchot.domain.work_item import DONE
from hanchot.service import audit
from hanchot.service.amending import amend_cycle
from hanchot.service.install import install
from hanchot.service.items import act
from hanchot.service.opening import open_cycle
from hanchot.service.services import Services
from hanchot.service.sweep import sweep
from hanchot.settings import Settings
from hanchot.store.db import Database
from hanchot.store.workday_files import load_workdays
from tests import look, plans
from tests.cast import settle
from tests.conftest import OPENED_AT
from tests.look import CODE, at, item_id

WORKDAYS = load_workdays()
DATED = [m["key"] for m in plans.MILESTONES if m["deadline"]["kind"] in ("by", "before")]
FREE = [m["key"] for m in plans.MILESTONES if not any(p["milestone"] == m["key"] for o in plans.MILESTONES for p in o["after"])]

changes = st.fixed_dictionaries(
    {
        "moved": st.dictionaries(st.sampled_from(DATED), st.integers(-30, 30), max_size=4),
        "dropped": st.sets(st.sampled_from(FREE), max_size=3),
        "undated": st.sets(st.sampled_from(DATED), max_size=2),
        "added": st.booleans(),
    }
)


def changed(moved: dict[str, int], dropped: set[str], undated: set[str], added: bool) -> Plan:
    kept: list[dict[str, Any]] = []
    for one in plans.MILESTONES:
        deadline = dict(one["deadline"])
        if one["key"] in undated:
            deadline = {"kind": "unset"}
        elif one["key"] in moved:
            deadline["date"] = str(date.fromisoformat(deadline["date"]) + timedelta(moved[one["key"]]))
        if one["key"] not in dropped:
            kept.append({**one, "deadline": deadline})
    if added:
        kept.append(plans.duty("moi", "notify", plans.GRASSROOTS, {"kind": "by", "date": "2025-01-20"}, "chi-bo/all"))
    return plans.plan(*kept)


@given(st.lists(changes, min_size=1, max_size=2))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_nothing_that_happened_is_lost(amendments: list[dict[str, Any]]) -> None:
    services = Services(Database("sqlite://"), Settings(_env_file=None), WORKDAYS, live=False)
    install(services.db)
    settle(services.db)
    open_cycle(services, plans.plan(), at(OPENED_AT))
    day = date(2024, 12, 3)
    for code, key in (("BAO", "chi-bo"), ("DUK-BTC", "phan-cong")):
        act(services, item_id(services, code, key), "submit", at("2024-11-20 09:00"), actor="x")
    for number, one in enumerate(amendments):
        sweep(services, at(f"{day + timedelta(number)} 08:00"))
        said, done = look.ledger(services), _done(services)
        amend_cycle(services, CODE, changed(**one), at(f"{day + timedelta(number)} 09:00"), actor="x", reason="y")
        assert look.ledger(services)[: len(said)] == said
        assert _done(services) == done
        with services.db.read() as connection:
            assert look.counters_agree(connection)
    for later in (4, 9, 13, 20, 41):  # a rung said twice under one revision would break the ledger's key
        sweep(services, at(f"{day + timedelta(later)} 08:00"))
    assert audit.check(services.db).broken_at is None
    services.db.close()


def _done(services: Services) -> list[tuple[object, ...]]:
    """Finished items with all that is known of them."""
    found = [look.item(services, code, key) for code, key in (("BAO", "chi-bo"), ("DUK-BTC", "phan-cong"))]
    assert all(row.state in DONE for row in found)
    return [tuple(row) for row in found]
