"""``hanchot meeting``, ``hanchot topic`` and ``hanchot opinion`` from the shell."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hanchot import bootstrap
from hanchot.cli import say
from hanchot.cli.main import run
from hanchot.settings import Settings
from tests.commune import LU, YEAR, commune

Shell = Callable[..., tuple[int, Any]]
SU = "CB002"  # Giàng A Sử, secretary of the standing committee


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    """Runs one command on the commune; returns its exit code and its document, or the words of the error or the answer."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HANCHOT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HANCHOT_NOW", "2025-12-08T09:00:00+07:00")
    house = bootstrap.services(Settings(_env_file=None))
    commune(house)
    house.db.close()

    def hanchot(*words: str, plain: bool = False) -> tuple[int, Any]:
        monkeypatch.setattr(say.wish, "json", False)
        code = run([*words] if plain else [*words, "--json"])
        said = capsys.readouterr()
        return code, said.out if plain else json.loads(said.out) if said.out else said.err

    return hanchot


def test_a_meeting_from_the_booking_to_its_minutes(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    when = ("2025-12-16T08:00", "2025-12-16T17:00")
    assert shell("meeting", "book", YEAR, "TH", *when, "--directs", SU, "--place", "Trường")[0] == 0
    code, said = shell("meeting", "book", YEAR, "TY", *when, "--directs", SU)
    assert code == 2 and "Giàng A Sử đã có lịch dự kiểm điểm tại Chi bộ Trường học cùng lúc" in said
    code, [one] = shell("meeting", "show", YEAR, "TH")
    assert (code, [missing["code"] for missing in one["missing"]]) == (1, ["papers-late"])
    assert shell("meeting", "papers", YEAR, "TH", "thành phần dự", "--on", "08/12/2025")[1]["missing"] == []
    _, found = shell("meeting", "week", "16/12/2025")
    assert [(who["name"], [m["unit"] for m in who["meetings"]]) for who in found["people"]] == [("Giàng A Sử", ["TH"])]
    assert "08:00 16/12/2025" in shell("meeting", "week", "16/12/2025", plain=True)[1]
    moved = shell("meeting", "move", YEAR, "TH", "2025-12-17T08:00", "2025-12-17T17:00", "--reason", "bão")
    assert moved[0] == 0
    monkeypatch.setenv("HANCHOT_NOW", "2025-12-18T09:00:00+07:00")
    assert shell("meeting", "held", YEAR, "TH", "01-BB")[0] == 0
    code, said = shell("meeting", "cancel", YEAR, "TH", "--reason", "nhầm")
    assert code == 2 and "đã họp, biên bản 01-BB" in said


def test_a_topic_from_a_file_to_the_report(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "goi-y.txt").write_text("bí mật: nội bộ", encoding="utf-8-sig")
    assert shell("topic", "draft", YEAR, "TH", "goi-y.txt", "--by", "Ban Xây dựng Đảng", "--ground", "disunity")[1]["no"] == 1
    code, said = shell("topic", "issue", YEAR, "TH", "1")
    assert code == 2 and "chưa được Ban Thường vụ Đảng ủy quyết định" in said
    assert shell("topic", "decide", YEAR, "TH", "1", "XA-BTV", "--number", "03-TB/ĐU", "--on", "08/12/2025")[0] == 0
    assert shell("topic", "issue", YEAR, "TH", "1")[0] == 0
    assert shell("topic", "answer", YEAR, "TH", "1", "mục II")[0] == 0
    assert "bí mật" not in shell("topic", "show", YEAR, plain=True)[1]
    assert shell("topic", "show", YEAR, "TH", "--words")[1][0]["words"] == "bí mật: nội bộ"


def test_an_opinion_asked_and_received(shell: Shell, tmp_path: Path) -> None:
    asked = shell(
        "opinion", "ask", YEAR, "TH", "residence", "--person", LU, "--source", "Chi bộ thôn 2", "--until", "15/12/2025"
    )
    assert asked == (0, {"cycle": f"{YEAR}-yk", "opinions": [1], "items": asked[1]["items"]})
    assert shell("opinion", "show", YEAR)[0] == 1
    (tmp_path / "nhan-xet.txt").write_text("kín: gương mẫu", encoding="utf-8")
    assert shell("opinion", "receive", "1", "nhan-xet.txt", "--number", "02-NX")[0] == 0
    code, said = shell("opinion", "show", YEAR, plain=True)
    assert code == 0 and "đã nhận 08/12/2025" in said and "kín" not in said
    code, said = shell("opinion", "attenders", YEAR, "TH", "--until", "15/12/2025")
    assert code == 2 and "chưa đăng ký" in said
