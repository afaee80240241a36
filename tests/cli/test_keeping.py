"""``hanchot dossier`` and ``hanchot remediation`` from the shell."""

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
from tests.commune import LU, PDF, YEAR, commune

Shell = Callable[..., tuple[int, Any]]
LIST = (YEAR, "TH", "ho-so-nam")
OPEN = ("remediation", "open", YEAR, "TH", "han-che.csv", "--decided-on", "24/12/2025")
APPROVED = ("--approved-on", "26/12/2025", "--approved-by", "Đảng ủy xã")


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    """Runs one command with ``--json`` on the commune; returns its exit code and its document, or the error's words."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HANCHOT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HANCHOT_NOW", "2025-12-29T09:00:00+07:00")
    house = bootstrap.services(Settings(_env_file=None))
    commune(house)
    house.db.close()

    def hanchot(*words: str) -> tuple[int, Any]:
        monkeypatch.setattr(say.wish, "json", False)
        code = run([*words, "--json"])
        said = capsys.readouterr()
        return code, json.loads(said.out) if said.out else said.err

    return hanchot


def test_a_dossier_from_the_first_paper_to_the_last_set(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "bien-ban.pdf").write_bytes(PDF)
    assert shell("dossier", "add", *LIST, "bien-ban", "bien-ban.pdf", "--on-behalf", "bí thư") == (0, {"paper": 1})
    code, [one] = shell("dossier", "show", YEAR, "ho-so-nam", "TH")
    assert code == 1 and [missing["basis"] for missing in one["missing"]] == ["Kế hoạch Lùng Phình 2025 V.2.2"]
    assert shell("dossier", "paper", *LIST, "ban-kiem-diem", "tủ 3")[0] == 0
    assert shell("dossier", "show", YEAR, "ho-so-nam", "TH")[0] == 0
    assert shell("dossier", "fact", *LIST, "topics-issued")[0] == 0
    assert shell("dossier", "show", YEAR, "ho-so-nam", "TH")[0] == 1
    assert shell("dossier", "fact", *LIST, "topics-issued", "--no")[0] == 0
    code, lacking = shell("dossier", "show", YEAR, "ho-so-nam")
    assert (code, [one["unit"] for one in lacking]) == (1, ["TY"])
    assert shell("dossier", "receive", *LIST, "1", "--on", "28/12/2025") == (0, {"set": 1, "day": "2025-12-28"})
    assert shell("item", "done", YEAR, "TH", "ho-so-nam")[0] == 0


def test_refusals_name_the_clause_and_the_way_out(shell: Shell, tmp_path: Path) -> None:
    code, said = shell("item", "done", YEAR, "TH", "ho-so-nam")
    assert code == 2 and "Nộp bổ sung giấy số" in said and "V.2.2" in said
    (tmp_path / "a.exe").write_bytes(b"MZ")
    code, said = shell("dossier", "add", *LIST, "bien-ban", "a.exe")
    assert code == 2 and "Hồ sơ nhận tệp .pdf, .docx, .xlsx" in said
    code, said = shell("dossier", "waive", *LIST, "bien-ban", "--reason", "bận")
    assert code == 2 and "không được miễn" in said


def test_a_persons_dossier(shell: Shell) -> None:
    assert shell("dossier", "describe", *LIST, "--person", LU, "--cadre", "--managed", "above")[0] == 0
    code, [one] = shell("dossier", "show", YEAR, "ho-so-nam", "TH", "--person", LU)
    assert code == 1 and [paper["no"] for paper in one["papers"] if paper["required"]] == [1, 2, 3, 9, 10, 11]
    assert shell("dossier", "waive", *LIST, "ke-khai-tai-san", "--person", LU, "--reason", "không thuộc diện")[0] == 0
    assert shell("dossier", "paper", *LIST, "bien-ban", "tủ 1", "--person", LU)[0] == 0
    assert shell("dossier", "withdraw", *LIST, "bien-ban", "--person", LU, "--reason", "ghi nhầm")[0] == 0


def test_dossier_show_reads_as_the_list(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shell("dossier", "paper", *LIST, "bien-ban", "tủ 3")
    monkeypatch.setattr(say.wish, "json", False)
    assert run(["dossier", "show", YEAR, "ho-so-nam", "TH"]) == 1
    said = capsys.readouterr().out
    assert "(3) Biên bản hội nghị kiểm điểm: có (giấy số 1: tủ 3) [Kế hoạch Lùng Phình 2025 V.2.2]" in said
    assert "(6) Văn bản gợi ý kiểm điểm: chưa có, nếu có" in said
    assert "Bộ hồ sơ “gửi cấp ủy cấp trên trực tiếp” chưa có ngày lưu, ngày nhận." in said


def test_remediation_from_a_file_to_its_evidence(shell: Shell, tmp_path: Path) -> None:
    lines = "hạn chế;giải pháp;người thực hiện;thời hạn;minh chứng\nbí mật;kín;bí thư;31/03/2026;sổ thu\n"
    (tmp_path / "han-che.csv").write_text(lines, encoding="utf-8-sig")  # as Excel saves it
    code, said = shell(*OPEN)
    assert code == 2 and "chưa được Đảng ủy xã phê duyệt" in said
    code, begun = shell(*OPEN, *APPROVED)
    assert (code, begun["cycle"], begun["numbers"]) == (0, f"{YEAR}-kp", [1])
    code, [one] = shell("remediation", "show", YEAR)
    assert one["last_day"] == "2026-03-31" and "bí mật" not in str(one)
    assert shell("remediation", "show", YEAR, "TH", "--words")[1][0]["words"] == "bí mật"
    (tmp_path / "minh-chung.txt").write_text("biên bản", encoding="utf-8")
    assert shell("remediation", "fix", YEAR, "TH", "1", "--proof", "minh-chung.txt") == (0, {"item": begun["items"][0]})


def test_a_file_without_its_columns_is_said(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "han-che.csv").write_text("hạn chế,giải pháp\nx,y\n", encoding="utf-8")
    code, said = shell(*OPEN, *APPROVED)
    assert code == 2 and "thiếu cột người thực hiện, thời hạn" in said
    (tmp_path / "han-che.csv").unlink()
    assert "Không đọc được tệp" in shell(*OPEN, *APPROVED)[1]
