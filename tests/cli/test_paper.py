"""``hanchot paper`` and ``hanchot template`` from the shell."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hanchot import bootstrap
from hanchot.cli import say
from hanchot.cli.main import run
from hanchot.settings import Settings
from tests.commune import YEAR, commune

Shell = Callable[..., tuple[int, Any]]


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    """Runs one command with ``--json`` on the commune three days after its dossiers were due."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HANCHOT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HANCHOT_NOW", "2025-12-22T09:00:00+07:00")
    house = bootstrap.services(Settings(_env_file=None))
    commune(house)
    house.db.close()

    def hanchot(*words: str) -> tuple[int, Any]:
        monkeypatch.setattr(say.wish, "json", False)
        code = run([*words, "--json"])
        said = capsys.readouterr()
        return code, json.loads(said.out) if said.out else said.err

    return hanchot


def test_a_paper_goes_into_the_named_file_in_the_form_of_its_ending(shell: Shell, tmp_path: Path) -> None:
    for name in ("bc.docx", "bc.xlsx"):
        code, made = shell("paper", "progress-report", "--cycle", YEAR, "-o", name)
        assert code == 0 and made["bytes"] == (tmp_path / name).stat().st_size
        assert made["name"] == f"Báo cáo tiến độ - năm 2025{Path(name).suffix}"
    code, made = shell("paper", "dossier-zip", "--cycle", YEAR, "--unit", "TH", "--list", "ho-so-nam", "-o", "hs.zip")
    assert code == 0 and zipfile.ZipFile(tmp_path / "hs.zip").namelist()[-1] == "SHA256.txt"


def test_without_a_key_the_papers_are_listed(shell: Shell) -> None:
    code, papers = shell("paper")
    assert code == 0 and {"key": "item_page", "name": "Phiếu việc", "formats": ["docx"], "needs": ["item"],
                          "takes": ["cycle"], "confidential": False} in papers  # fmt: skip


def test_refusals_write_no_file(shell: Shell, tmp_path: Path) -> None:
    assert shell("paper", "progress-report", "--cycle", YEAR)[0] == 2
    code, said = shell("paper", "progress-report", "--cycle", YEAR, "-o", "bc.pdf")
    assert code == 2 and "Các dạng: docx, xlsx" in said and not (tmp_path / "bc.pdf").exists()
    (tmp_path / "co.docx").write_text("của người khác")
    code, said = shell("paper", "progress-report", "--cycle", YEAR, "-o", "co.docx")
    assert code == 2 and "đã có" in said and (tmp_path / "co.docx").read_text() == "của người khác"


def test_a_template_is_taken_out_put_back_and_reset(shell: Shell) -> None:
    assert shell("template", "show", "reminder_letter", "-o", "mau.docx") == (0, {"file": "mau.docx", "own": False})
    assert shell("template", "put", "reminder_letter", "mau.docx") == (
        0, {"paper": "reminder_letter", "left_out": [], "kept": None},
    )  # fmt: skip
    assert shell("template", "show", "reminder_letter", "-o", "mau-2.docx")[1]["own"] is True
    assert shell("template", "reset", "reminder_letter")[0] == 0
    code, said = shell("template", "reset", "reminder_letter")
    assert code == 2 and "đang dùng mẫu gốc" in said
