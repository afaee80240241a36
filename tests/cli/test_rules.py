"""``hanchot rules``: a regulation with its citations, and the level it gives."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hanchot.cli import say
from hanchot.cli.main import run


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANCHOT_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(say.wish, "json", False)


def test_show_marks_what_was_not_seen(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "show", "124-qd-tw"]) == 0
    said = capsys.readouterr().out
    assert "20 % · mẫu số: văn bản không nêu" in said
    assert "[124-QĐ/TW Điều 12 (chưa kiểm chứng)]" in said
    assert "Điểm: chưa thấy trong các nguồn đã đọc" in said


def test_show_is_one_document_with_every_citation(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "show", "13-HD/TU", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["votes"]["cited"] == {"document": "13-HD/TU", "clause": "V", "unverified": False, "note": None}
    assert len(document["votes"]["kinds"]) == 7
    assert document["unverified"] > 0


def test_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "list", "--json"]) == 0
    keys = {one["key"] for one in json.loads(capsys.readouterr().out)}
    assert {"132-qd-tw", "124-qd-tw", "366-qd-tw", "13-hd-tu", "08-hd-tu", "09-qd-tu"} <= keys


CLEAN = ["tasks_done_percent=100", "tasks_late_percent=0", "tasks_failed_percent=0", "degradation_concluded=không"]


def judge(*facts: str) -> list[str]:
    given = [word for fact in facts for word in ("--fact", fact)]
    return ["rules", "judge", "366-qd-tw", "--score", "89,99", "--on", "2025-12-15", *given, "--json"]


def test_judge_is_zero_when_nothing_is_open(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(judge(*CLEAN, "disciplined=không")) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["level"], document["firm"], document["unanswered"]) == ("good", True, [])


def test_judge_is_one_while_a_question_is_open(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(judge(*CLEAN)) == 1
    assert [one["fact"] for one in json.loads(capsys.readouterr().out)["unanswered"]] == ["disciplined"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["rules", "show", "999-qd"], "Không thấy quy định “999-qd”"),
        (["rules", "judge", "366-qd-tw", "--score", "chín mươi"], "--score “chín mươi” không phải số"),
        (["rules", "judge", "366-qd-tw", "--score", "101"], "Điểm 101 ngoài thang 0 đến 100"),
        (["rules", "judge", "13-hd-tu", "--score", "90"], "không có thang điểm"),
        (judge("khac=1"), "--fact “khac” không phải điều được hỏi"),
        (judge("disciplined=2"), "Viết có hoặc không"),
        (judge("tasks_done_percent=nhiều"), "không phải số"),
    ],
)
def test_bad_input_is_two_with_the_way_out(arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 2
    assert says in capsys.readouterr().err
