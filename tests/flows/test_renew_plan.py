"""The October flow: next season's plans are drafted and the department is told, however often it runs."""

from __future__ import annotations

import pytest
from prefect.client.orchestration import PrefectClient

from flows.renew_plan import renew_plan
from hanchot.service.services import Services
from tests import look

OCTOBER = "2027-10-01T08:00:00+07:00"


async def test_october_drafts_and_tells_once(client: PrefectClient, here: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANCHOT_NOW", OCTOBER)
    first = await renew_plan()
    assert "khoi-binh-thuan-2027" in first and (here.settings.home / "drafts" / "khoi-binh-thuan-2027.yaml").is_file()
    await renew_plan()
    [told] = [row for row in look.ledger(here, tone="renewal") if "khoi-binh-thuan" in row.rung]
    assert told.state == "planned"
