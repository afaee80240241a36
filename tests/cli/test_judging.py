"""``hanchot rating`` and ``hanchot ballot``: one member of a cell from the list to the register, from the shell."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from hanchot import bootstrap
from hanchot.cli import say
from hanchot.cli.main import run
from hanchot.service.opening import open_cycle
from hanchot.settings import Settings
from hanchot.store.tables import person
from tests.cast import settle
from tests.judging import CODE, quang_ngai
from tests.look import at

Shell = Any
PAPERS = ("bao-cao-ket-qua", "trich-bien-ban", "nhan-xet-noi-cu-tru", "bao-cao-tham-dinh")
LIST = "ho-so-de-nghi"


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    """Runs one command with ``--json`` on an open cycle; returns its exit code and its document, or the error's words."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HANCHOT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HANCHOT_NOW", "2024-12-20T09:00:00+07:00")
    house = bootstrap.services(Settings(_env_file=None))
    settle(house.db)
    open_cycle(house, quang_ngai(), at("2024-11-18 07:00"))
    with house.db.write() as connection:
        connection.execute(sa.insert(person).values(code="M01", name="Đảng viên M01"))
    house.db.close()

    def hanchot(*words: str) -> tuple[int, Any]:
        monkeypatch.setattr(say.wish, "json", False)
        capsys.readouterr()
        code = run([*words, "--json"])
        said = capsys.readouterr()
        return code, json.loads(said.out) if said.out else said.err

    return hanchot


def minutes(folder: Path, subject: int, good: int) -> str:
    said = {"kind": "dang-vien-o-cap-co-tham-quyen", "unit": "KHO", "held_on": "2024-12-18", "number": "01-BB", "convened": 15,
            "present": 14, "issued": 14, "collected": 14, "valid": 14, "invalid": 0,
            "votes": {str(subject): {"good": good, "fair": 14 - good}}}  # fmt: skip
    file = folder / f"{good}.json"
    file.write_text(json.dumps(said), encoding="utf-8")
    return str(file)


def test_from_the_list_to_the_register(shell: Shell, tmp_path: Path) -> None:
    code, made = shell("rating", "subjects", CODE)
    assert code == 1 and "Chi bộ Kho bạc có chi ủy hay không?" in made["questions"]
    one = shell("rating", "add", CODE, "--unit", "KHO", "--person", "M01")[1]["subject"]
    assert shell("rating", "self", str(one), "good")[0] == 0
    assert shell("rating", "appraise", str(one), "good", "--unit", "KHO")[0] == 0
    ballot = str(shell("ballot", "enter", CODE, minutes(tmp_path, one, 9), "--actor", "Hòa")[1]["ballot"])
    code, made = shell("ballot", "confirm", ballot, minutes(tmp_path, one, 8), "--actor", "Lan")
    assert (code, made["state"]) == (1, "disputed")
    code, made = shell("ballot", "confirm", ballot, minutes(tmp_path, one, 9), "--actor", "Lan")
    assert (code, made["state"]) == (0, "confirmed")
    assert shell("ballot", "show", ballot)[1]["subjects"][0]["carried"] == "good"
    decide = ("rating", "decide", str(one), "good", "--unit", "KHO", "--number", "05-QĐ/CB", "--on", "19/12/2024",
              "--confirmed-by", "Lan")  # fmt: skip
    code, said = shell(*decide)
    assert code == 2 and "thiếu (1) Báo cáo kết quả kiểm điểm" in said and "[13-HD/TU VI.1]" in said
    mine = (CODE, "KHO", LIST, "--person", "M01")
    for paper in PAPERS:
        assert shell("dossier", "paper", *mine[:3], paper, "tủ 3", *mine[3:])[0] == 0
    assert shell(*decide)[0] == 0
    assert shell("rating", "register", "--person", "M01")[1][0]["level"] == "good"
    assert shell("rating", "reopen", str(one), "--reason", "khiếu nại", "--approver", "An")[0] == 0
    row = next(r for r in shell("rating", "list", CODE, "--unit", "KHO")[1] if r["subject"] == one)
    assert (row["appraised"], row["decided"]) == ("good", None)


def test_a_paper_is_drafted_shown_and_confirmed_by_another_and_a_complaint_answered(shell: Shell, tmp_path: Path) -> None:
    one = shell("rating", "add", CODE, "--unit", "KHO", "--person", "M01")[1]["subject"]
    assert shell("rating", "self", str(one), "good")[0] == 0
    assert shell("rating", "appraise", str(one), "good", "--unit", "KHO")[0] == 0
    number = str(shell("ballot", "enter", CODE, minutes(tmp_path, one, 9), "--actor", "Hòa")[1]["ballot"])
    assert shell("ballot", "confirm", number, minutes(tmp_path, one, 9), "--actor", "Lan")[0] == 0
    line = {"subject": one, "level": "good", "reason": "theo phiếu", "dossier_elsewhere": "lưu tại Tỉnh ủy"}
    file = tmp_path / "qd.json"
    file.write_text(json.dumps({"unit": "KHO", "number": "05-QĐ/CB", "decided_on": "2024-12-19", "lines": [line]}))
    code, made = shell("decision", "draft", str(file), "--actor", "Hòa")
    assert (code, made["state"]) == (0, "draft")
    paper = str(made["decision"])
    code, page = shell("decision", "show", paper)
    assert (code, page["lines"][0]["refusals"]) == (0, [])
    code, said = shell("decision", "confirm", paper, "--actor", "Hòa")
    assert code == 2 and "không tự xác nhận được" in said
    code, made = shell("decision", "confirm", paper, "--actor", "Lan")
    assert (code, made["told"], made["lines"][0]["level"]) == (0, 1, "good")
    assert [row["state"] for row in shell("decision", "list", CODE)[1]] == ["confirmed"]
    assert shell("decision", "withdraw", paper, "--reason", "nhầm", "--actor", "Hòa")[0] == 2
    assert shell("rating", "quarters", str(one))[1]["levels"] == {}
    register = (
        "complaint",
        "register",
        str(one),
        "--by",
        "M01",
        "--on",
        "19/12/2024",
        "--reason",
        "sáng kiến",
        "--actor",
        "Hòa",
    )
    complaint = str(shell(*register)[1]["complaint"])
    say_no = ("complaint", "answer", complaint, "--unit", "KHO", "--words", "chưa công nhận", "--actor", "Lan")
    assert shell(*say_no)[1]["state"] == "kept"
    assert [row["state"] for row in shell("complaint", "list", str(one))[1]] == ["kept"]


def test_the_quota_as_it_stands(shell: Shell) -> None:
    shell("rating", "add", CODE, "--unit", "KHO", "--person", "M01")
    code, [pool] = shell("rating", "quota", CODE)
    assert (code, pool["places"]) == (0, 0) and "13-HD/TU PL.3" in pool["words"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("rating", "self", "99", "good"), "Không có đối tượng số 99"),
        (("rating", "register"), "cần một đơn vị hoặc một người"),
        (("rating", "self", "1", "good", "--score", "chín mươi"), "không phải số"),
        (("rating", "settle", CODE, "quota.base", "group", "--reason", "TB"), "không nhận “group”"),
        (("ballot", "enter", CODE, "thieu.json", "--actor", "Hòa"), "Không đọc được tệp"),
        (("decision", "draft", "thieu.json", "--actor", "Hòa"), "Không đọc được tệp"),
        (("decision", "confirm", "9", "--actor", "Hòa"), "Không có quyết định số 9"),
    ],
)
def test_bad_input_is_one_sentence_with_a_way_out(shell: Shell, words: tuple[str, ...], said: str) -> None:
    code, error = shell(*words)
    assert code == 2 and said in error
