"""``hanchot sign-in`` from the shell: codes on paper, rights, and the end of somebody's sign-ins."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hanchot.cli.main import run
from hanchot.service import signing_in as door
from hanchot.service.services import Services
from tests.look import at

NOW = "2024-11-18T12:00:00+07:00"


@pytest.fixture(autouse=True)
def _here(house: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANCHOT_HOME", str(house.settings.home))
    monkeypatch.setenv("HANCHOT_NOW", NOW)


def said(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    """What the command answers as JSON."""
    from hanchot.cli import say

    assert run(["sign-in", *words, "--json"]) == 0
    say.wish.json = False
    return json.loads(capsys.readouterr().out)


def test_codes_and_the_end_of_what_they_opened(house: Services, capsys: pytest.CaptureFixture[str]) -> None:
    sheets = said(capsys, "codes", "CB007", "CB002", "--each", "1")
    assert [(one["person_code"], one["until"]) for one in sheets] == [("CB007", "2024-12-18"), ("CB002", "2024-12-18")]
    door.enter_printed(house, "CB007", "b" * 43, sheets[0]["codes"][0], at("2024-11-18 12:00"))
    assert said(capsys, "end", "CB007") == {"person": "CB007", "ended": 1}
    assert run(["sign-in", "codes", "CB999"]) == 2
    assert "Không có người mang mã “CB999”" in capsys.readouterr().err


def test_rights(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "grant", "CB007", "inspector", "YT", "--to", "31/12/2024") == {"grant": 1}
    [held] = said(capsys, "grants")
    assert (held["person_code"], held["unit_code"], held["ends"]) == ("CB007", "YT", "2024-12-31")
    assert run(["sign-in", "grants"]) == 0 and "kiểm tra, giám sát, nhánh Đảng bộ Sở Y tế (YT)" in capsys.readouterr().out
    assert said(capsys, "revoke", "1") == {"ended": 1}
    assert said(capsys, "grants") == []
    assert len(said(capsys, "grants", "--all")) == 1
    assert run(["sign-in", "grant", "CB007", "vua", "YT"]) == 2
