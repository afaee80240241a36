"""``hanchot plan check``: exit 1 if any error, one JSON document, a table for people."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hanchot.cli import say
from hanchot.cli.main import run
from hanchot.store.plan_files import dump_plan
from tests.sound import district, moved, province


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HANCHOT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.setattr(say.wish, "json", False)
    (tmp_path / "huyen.yaml").write_text(dump_plan(district()), encoding="utf-8")
    (tmp_path / "huyen-muon.yaml").write_text(dump_plan(district(milestones=moved("bao-cao", "2025-01-06"))), encoding="utf-8")
    (tmp_path / "tinh.yaml").write_text(dump_plan(province()), encoding="utf-8")
    return tmp_path


def test_a_sound_plan_is_zero_and_an_empty_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plan", "check", "huyen.yaml", "--parent", "tinh.yaml", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_an_error_is_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plan", "check", "huyen-muon.yaml", "--parent=tinh.yaml", "--json"]) == 1
    (only,) = json.loads(capsys.readouterr().out)
    assert {
        "severity": "error",
        "code": "later-than-parent",
        "clause": "II.6",
        "plan": "huyen-mau-2024",
    }.items() <= only.items()
    assert only["message"].endswith(only["way_out"]) and only["message_en"].endswith(only["way_out_en"])


def test_warnings_and_notes_alone_are_zero() -> None:
    assert run(["plan", "check", "huyen-2023", "--json"]) == 0


def test_several_calendars_are_one_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plan", "check", "thi-xa-2022", "huyen-2023", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert {one["plan"] for one in said} == {"thi-xa-2022", "huyen-2023"}
    assert {"III.3", "II.2"} == {one["clause"] for one in said if one["severity"] == "error"}


def test_a_standing_guidance_is_read_for_the_year_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plan", "check", "quang-ngai-13-hd-tu", "--year", "2026", "--json"]) == 0
    said = {one["code"]: one["message"] for one in json.loads(capsys.readouterr().out)}
    assert "năm 2026" in said["missing-year"] and "wrong-legal-basis" in said


def test_people_get_a_table_with_errors_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plan", "check", "huyen-2023", "thi-xa-2022"]) == 1
    out = capsys.readouterr().out
    assert out.startswith("2 lỗi, ")
    assert out.index("Lỗi") < out.index("Cảnh báo") < out.index("Lưu ý")
    assert "[order-contradiction]" in out


def test_an_unknown_calendar_is_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plan", "check", "khong-co"]) == 2
    assert "Không thấy kế hoạch “khong-co”" in capsys.readouterr().err
