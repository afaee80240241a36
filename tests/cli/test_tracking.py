"""``hanchot export`` and ``hanchot import``: 0 done, 1 a cell was refused and nothing was taken, 2 no sheet of ours."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from hanchot import bootstrap
from hanchot.cli import say
from hanchot.cli.main import run
from hanchot.service.opening import open_cycle
from hanchot.settings import Settings
from tests import plans
from tests.cast import settle
from tests.look import CODE, at
from tests.service.test_tracking import put

Shell = Callable[..., tuple[int, Any]]


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    """Runs one command with ``--json`` on the cast's cycle; returns its exit code and its document, or the error's words."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HANCHOT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HANCHOT_NOW", "2024-12-16T09:00:00+07:00")
    house = bootstrap.services(Settings(_env_file=None))
    settle(house.db)
    open_cycle(house, plans.plan(), at("2024-11-18 07:00"))
    house.db.close()

    def hanchot(*words: str) -> tuple[int, Any]:
        monkeypatch.setattr(say.wish, "json", False)
        code = run([*words, "--json"])
        said = capsys.readouterr()
        return code, json.loads(said.out) if said.out else said.err

    return hanchot


def fill(*cells: tuple[object, ...], **more: Any) -> None:
    book = openpyxl.load_workbook("bảng.xlsx")
    put(*cells, **more)(book)  # type: ignore[arg-type]
    book.save("bảng.xlsx")


def test_out_filled_in_looked_at_taken_in_and_once_more(shell: Shell) -> None:
    assert shell("export", CODE, "-o", "bảng.xlsx")[0] == 0
    fill(("BAO", "Mốc chi-bo", "Đã nộp", "12/12/2024"))

    code, looked = shell("import", "bảng.xlsx", "--dry-run")
    (change,) = looked["changes"]
    assert (code, looked["total"], looked["dry_run"]) == (0, 1, True)
    assert change | {"cell": "", "title": ""} == {
        "cell": "", "title": "", "unit": "BAO", "unit_name": "Chi bộ Báo tỉnh", "milestone": "chi-bo",
        "from": "Chưa nộp", "to": "Đã nộp", "day": "2024-12-12", "note": None,
    }  # fmt: skip
    assert shell("import", "bảng.xlsx")[1]["total"] == 1
    code, again = shell("import", "bảng.xlsx")
    assert (code, again["total"], again["message"]) == (0, 0, "bảng.xlsx: 0 thay đổi.")


def test_one_refused_cell_refuses_all(shell: Shell) -> None:
    shell("export", CODE, "--branch", "YT", "-o", "bảng.xlsx")
    fill(("YT-1", "Mốc chi-bo", "Đã nộp"), ("YT-2", "Mốc chi-bo", "Không áp dụng"))

    code, said = shell("import", "bảng.xlsx")

    assert (code, said["total"]) == (1, 0)
    assert [error["unit"] for error in said["errors"]] == ["YT-2"] and "phải có lý do" in said["errors"][0]["message"]


def test_no_sheet_of_ours(shell: Shell) -> None:
    Path("thư.xlsx").write_bytes(b"xin chao")

    code, said = shell("import", "thư.xlsx")
    assert code == 2 and "hỏng hoặc không phải Excel" in said
    assert shell("export", "khong-co", "-o", "x.xlsx")[0] == 2 and not Path("x.xlsx").exists()
