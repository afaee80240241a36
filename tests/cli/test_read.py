"""``hanchot plan read``: the Draft that scripts rely on, and one sentence for what cannot be read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hanchot.cli import say
from hanchot.cli.main import run

FIELDS = {
    "kind", "date", "bound", "time", "start", "end", "weekday", "day", "month_of_quarter", "next_year", "days", "working_days",
    "anchor", "stage", "actor", "recipient", "clause", "phrase", "quote", "doubt",
}  # fmt: skip
PLAN = """Số 15-KH/ĐUK
KẾ HOẠCH
kiểm điểm, đánh giá, xếp loại chất lượng năm 2024

Thực hiện Kế hoạch số 99-KH/TU ngày 30/10/2024 của Ban Thường vụ Tỉnh ủy, Ban Thường vụ Đảng ủy Khối ban hành kế hoạch như sau:
II. VỀ KIỂM ĐIỂM
4. Tiến độ thực hiện:
- Đối với chi bộ trực thuộc đảng bộ bộ phận: Hoàn thành chậm nhất ngày 10/12/2024.
- Các chi bộ gửi hồ sơ về Ban Tổ chức Đảng ủy Khối chậm nhất ngày 31/11/2024.
"""


@pytest.fixture(autouse=True)
def words_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(say.wish, "json", False)
    monkeypatch.setenv("COLUMNS", "160")


def read(path: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert run(["plan", "read", str(path), "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_a_draft_has_the_shape_that_the_contract_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "ke-hoach.txt"
    path.write_text(PLAN, encoding="utf-8")
    draft = read(path, capsys)
    assert draft["document"] == {
        "number": "15-KH/ĐUK",
        "issuer": "Ban Thường vụ Đảng ủy Khối",
        "title": "KẾ HOẠCH kiểm điểm, đánh giá, xếp loại chất lượng năm 2024",
        "kind": "plan",
        "year": 2024,
        "issued_on": None,
        "legal_bases": [{"number": "99-KH/TU", "issued_on": "2024-10-30", "issuer": "Ban Thường vụ Tỉnh ủy", "cited_in": None}],
    }
    first, second = draft["deadlines"]
    assert set(first) >= FIELDS
    assert (first["kind"], first["date"], first["clause"], first["stage"]) == ("by", "2024-12-10", "II.4", "self_assess")
    assert first["actor"] == "chi bộ trực thuộc đảng bộ bộ phận"
    assert first["phrase"] == "chậm nhất ngày 10/12/2024"
    assert first["quote"].startswith("- Đối với chi bộ")
    assert (second["kind"], second["date"]) == ("unset", None)
    assert second["doubt"] == "không có ngày 31/11/2024; người phụ trách sửa theo bản gốc"
    assert {warning["code"] for warning in draft["warnings"]} == {"missing-issue-date", "doubt"}


def test_a_person_gets_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "ke-hoach.txt"
    path.write_text(PLAN, encoding="utf-8")
    assert run(["plan", "read", str(path)]) == 0
    assert "15-KH/ĐUK" in capsys.readouterr().out


def test_a_file_that_is_not_there_is_refused_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plan", "read", str(tmp_path / "khong-co.pdf")]) == 2
    said = capsys.readouterr().err
    assert "khong-co.pdf" in said
    assert len(said.strip().splitlines()) == 1
