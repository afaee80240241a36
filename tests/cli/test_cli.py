"""The command line: one JSON document or words for a person; 0 done, 1 the answer is no, 2 bad input and one sentence."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hanchot.cli import say
from hanchot.cli.main import run
from hanchot.letters.catcher import catching

NOW = "2024-12-09T08:00:00+07:00"
PLAN = """
schema: 1
key: nho-2024
organiser: bloc_committee
year: 2024
document: {kind: plan, issuer: Đảng ủy Khối, title: Kế hoạch nhỏ năm 2024, year: 2024}
milestones:
  - key: kiem-diem
    stage: self_assess
    title: Kiểm điểm ở chi bộ
    applies_to: [grassroots_cell]
    deadline: {kind: by, date: 2024-12-12}
    source: {clause: II.4}
  - key: tham-dinh
    stage: appraise
    title: Thẩm định
    applies_to: [organisation_department]
    deadline: {kind: unset}
    source: {clause: IV}
    after: [{milestone: kiem-diem, scope: all, clause: IV}]
  - key: giay-moi
    stage: appraise
    title: Giấy mời
    applies_to: [grassroots_cell]
    deadline: {kind: lead, days: 5, anchor: review-meeting}
    source: {clause: V}
    optional: true
"""
UNITS = """Mã,Tên,Loại,Mã cấp trên,Bí thư,Email
DUK,Đảng ủy Khối,đảng ủy khối,,Nguyễn Văn An,an@khoi.example
BTC,Ban Tổ chức,ban tổ chức,DUK,Trần Thị Bình,binh@khoi.example
CB1,Chi bộ Báo,chi bộ cơ sở,DUK,Phan Văn Lâm,lam@khoi.example
CB2,Chi bộ Kho bạc,chi bộ cơ sở,DUK,Đặng Thị Nga,nga@khoi.example
"""


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of its own: nothing of the machine is read, and what a command sets is gone after the test."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HANCHOT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HANCHOT_NOW", NOW)
    monkeypatch.setenv("HANCHOT_DATABASE_URL", "")
    monkeypatch.setattr(say.wish, "json", False)
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "nho-2024.yaml").write_text(PLAN, encoding="utf-8")
    (tmp_path / "don-vi.csv").write_text(UNITS, encoding="utf-8")
    yield tmp_path


Hanchot = Callable[..., tuple[int, str, str]]


@pytest.fixture
def hanchot(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Hanchot:
    """Run one command in this process: (exit code, stdout, stderr)."""

    def one(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(say.wish, "json", False)
        database, now = os.environ["HANCHOT_DATABASE_URL"], os.environ["HANCHOT_NOW"]
        capsys.readouterr()
        code = run(list(arguments))
        out, err = capsys.readouterr()
        monkeypatch.setenv("HANCHOT_DATABASE_URL", database)  # --database and --now are for one command
        monkeypatch.setenv("HANCHOT_NOW", now)
        return code, out, err

    return one


@pytest.fixture
def answer(hanchot: Hanchot) -> Callable[..., Any]:
    """What a command answers with --json; it must succeed, say nothing else, and be one document."""

    def one(*arguments: str) -> Any:
        code, out, err = hanchot(*arguments, "--json")
        assert (code, err) == (0, ""), err
        return json.loads(out)

    return one


@pytest.fixture
def refusal(hanchot: Hanchot) -> Callable[..., str]:
    """The one sentence on stderr of a command that is refused with 2."""

    def one(*arguments: str) -> str:
        code, out, err = hanchot(*arguments)
        assert (code, out) == (2, "")
        assert err.startswith("hanchot: ") and err.count("\n") == 1, err
        assert "Traceback" not in err
        return err.removeprefix("hanchot: ").strip()

    return one


@pytest.fixture
def opened(answer: Callable[..., Any]) -> Callable[..., Any]:
    """A bloc of two cells, and its small plan opened in November."""
    answer("org", "import", "don-vi.csv")
    answer("cycle", "open", "nho-2024.yaml", "--now", "2024-11-18T07:00:00+07:00")
    return answer


# What it does


def test_a_cycle_from_the_shell_from_end_to_end(opened: Callable[..., Any]) -> None:
    answer = opened
    assert answer("cycle", "list")[0]["code"] == "nho-2024"
    shown = answer("cycle", "show", "nho-2024")
    assert [(s["stage"], s["done"], s["total"]) for s in shown["stages"]] == [("self_assess", 0, 2), ("appraise", 0, 3)]
    assert answer("sweep")["letters"] == 2 + 3 + 1  # T-3 of two cells, three openings that were missed, the summary
    assert answer("sweep")["nothing"]
    assert answer("item", "done", "nho-2024", "CB1", "kiem-diem")["became"] == "submitted"
    back = answer("item", "return", "nho-2024", "CB1", "kiem-diem", "--reason", "thiếu biên bản")
    assert (back["was"], back["became"]) == ("submitted", "returned")
    answer("item", "done", "nho-2024", "CB1", "kiem-diem", "--on-behalf", "Phan Văn Lâm")
    assert answer("item", "accept", "nho-2024", "CB1", "kiem-diem")["became"] == "accepted"
    assert answer("item", "reopen", "nho-2024", "CB1", "kiem-diem", "--reason", "sửa")["became"] == "open"
    assert answer("item", "excuse", "nho-2024", "CB1", "kiem-diem", "--reason", "giải thể")["became"] == "excused"
    longer = answer("item", "extend", "nho-2024", "CB2", "kiem-diem", "--to", "27/12/2024", "--reason", "bão")
    assert longer["last_day"] == "2024-12-27"
    assert answer("cycle", "date", "nho-2024", "tham-dinh", "--on", "2024-12-30", "--reason", "TB 5")["items"] == 1
    assert answer("cycle", "event", "nho-2024", "CB2", "review-meeting", "--on", "2024-12-20")["items"] == 1
    assert answer("cycle", "close", "nho-2024", "--reason", "thử xong")["unfinished"] == 4
    assert answer("cycle", "reopen", "nho-2024", "--reason", "nhầm", "--approver", "An")["state"] == "open"
    verdict = answer("audit", "verify")
    assert verdict["broken_at"] is None and verdict["length"] > 10


def test_words_for_a_person(opened: object, hanchot: Hanchot) -> None:
    for arguments, words in [
        (("plan", "list"), "khoi-binh-thuan-2024"),
        (("plan", "show", "nho-2024.yaml"), "2024-12-12T23:59:59+07:00"),
        (("plan", "renew", "nho-2024.yaml", "--year", "2025"), "tạm tính"),
        (("org", "list"), "Chi bộ Báo"),
        (("cycle", "list"), "đang mở"),
        (("cycle", "show", "nho-2024"), "tự đánh giá"),
        (("sweep",), "tin trong"),
        (("sweep",), "Không có gì phải làm"),
        (("item", "done", "nho-2024", "CB1", "kiem-diem"), "chưa nộp → đã nộp"),
        (("audit", "verify"), "Chuỗi nguyên vẹn"),
        (("release",), "Không có gì bị giữ"),
    ]:
        code, out, err = hanchot(*arguments)
        assert (code, err) == (0, "") and words in out, (arguments, out, err)


def test_plan_show_and_list(answer: Callable[..., Any]) -> None:
    shown = answer("plan", "show", "huyen-2023")
    moments = {m["key"]: m["last_moment"] for m in shown["milestones"]}
    assert moments["kiem-diem-to-chuc-dang"] == "2023-12-19T23:59:59+07:00"  # trước ngày 20/12/2023
    bloc = {m["key"]: m for m in answer("plan", "show", "khoi-binh-thuan-2024")["milestones"]}
    assert bloc["kiem-diem-co-so"]["last_moment"] == "2024-12-15T23:59:59+07:00"
    assert bloc["kiem-diem-co-so"]["day_off"] == "Chủ nhật"
    assert {p["key"] for p in answer("plan", "list")} >= {"huyen-2023", "thi-xa-2022", "lung-phinh-2025"}


def test_plan_renew_writes_next_years_file(answer: Callable[..., Any], refusal: Callable[..., str]) -> None:
    made = answer("plan", "renew", "nho-2024.yaml", "--year", "2025", "-o", "nho-2025.yaml")
    assert made["provisional"] and Path("nho-2025.yaml").exists()
    assert answer("plan", "show", "nho-2025.yaml")["milestones"][0]["last_day"] == "2025-12-12"
    assert "nho-2025.yaml đã có" in refusal("plan", "renew", "nho-2024.yaml", "--year", "2025", "-o", "nho-2025.yaml")


DOCUMENT = """ĐẢNG ỦY KHỐI
Số 05-KH/ĐUK

KẾ HOẠCH
kiểm điểm, đánh giá, xếp loại chất lượng năm 2025

III. TIẾN ĐỘ THỰC HIỆN

1. Các chi bộ cơ sở hoàn thành kiểm điểm ở chi bộ chậm nhất ngày 16/12/2025.

2. Các chi bộ cơ sở gửi giấy mời ít nhất trước 03 ngày tổ chức kiểm điểm.
"""


def test_a_new_document_is_compared_confirmed_and_opened(answer: Callable[..., Any], refusal: Callable[..., str]) -> None:
    answer("org", "import", "don-vi.csv")
    Path("05-KH.txt").write_text(DOCUMENT, encoding="utf-8")
    made = answer("plan", "renew", "nho-2024.yaml", "--year", "2025", "--from", "05-KH.txt", "-o", "nho-2025.yaml")
    by_key = {change["key"]: change for change in made["changes"]}
    assert (made["number"], made["unconfirmed"]) == ("05-KH/ĐUK", True)
    assert (by_key["kiem-diem"]["what"], by_key["kiem-diem"]["shift_days"]) == ("moved", 4)
    assert by_key["kiem-diem"]["new"]["quote"].startswith("Các chi bộ cơ sở hoàn thành")
    assert made["organisation"]["vacant_posts"] == []
    assert "chưa có người xác nhận" in refusal("cycle", "open", "nho-2025.yaml")
    assert answer("plan", "confirm", "nho-2025.yaml", "--by", "Trần Thị Bình")["key"] == "nho-2025"
    assert answer("cycle", "open", "nho-2025")["items"] == 5


def test_one_command_runs_a_new_year_and_another_replaces_its_plan(answer: Callable[..., Any], hanchot: Hanchot) -> None:
    answer("org", "import", "don-vi.csv")
    made = answer("cycle", "renew", "nho-2024.yaml", "--year", "2025")
    assert (made["plan"], made["cycle"]["code"]) == ("nho-2025", "nho-2025")
    Path("that.yaml").write_text(PLAN.replace("2024", "2025").replace("2025-12-12", "2025-12-16"), encoding="utf-8")
    looked = answer("cycle", "amend", "nho-2025", "that.yaml", "--reason", "05-KH/ĐUK", "--dry-run")
    assert looked["dry_run"] and [m["what"] for m in looked["milestones"]] == ["moved", "kept", "kept"]
    done = answer("cycle", "amend", "nho-2025", "that.yaml", "--reason", "05-KH/ĐUK")
    assert done["changed"] and done["milestones"][0] == {
        "what": "moved", "key": "kiem-diem", "title": "Kiểm điểm ở chi bộ", "was": "2025-12-12", "becomes": "2025-12-16",
        "items": 2,
    }  # fmt: skip
    code, out, _ = hanchot("cycle", "amend", "nho-2025", "that.yaml", "--reason", "05-KH/ĐUK")
    assert code == 0 and "không có gì đổi" in out


def test_plan_schema_is_json(hanchot: Hanchot) -> None:
    code, out, _ = hanchot("plan", "schema")
    assert code == 0 and "milestones" in json.loads(out)["properties"]


def test_org_import_dry_run_twice_and_template(answer: Callable[..., Any], refusal: Callable[..., str]) -> None:
    answer("org", "import", "don-vi.csv", "--dry-run")
    assert answer("org", "list") == []
    answer("org", "import", "don-vi.csv")
    before = answer("org", "list")
    answer("org", "import", "don-vi.csv")
    assert answer("org", "list") == before and len(before) == 4
    answer("org", "template", "mau.xlsx")
    assert Path("mau.xlsx").stat().st_size > 1000
    assert "mau.xlsx đã có" in refusal("org", "template", "mau.xlsx")


def test_org_sample(answer: Callable[..., Any], refusal: Callable[..., str]) -> None:
    assert answer("org", "sample", "commune", "--cells", "12")["kind"] == "commune"
    assert len(answer("org", "list")) > 12
    assert "Không có mẫu “lạ”" in refusal("org", "sample", "lạ")


def test_simulate_touches_no_real_database(answer: Callable[..., Any], hanchot: Hanchot) -> None:
    arguments = ("simulate", "nho-2024.yaml", "--units", "9", "--overrun", "0.5", "--seed", "3")
    made = answer(*arguments)
    assert made == answer(*arguments) and made["letters"] and not Path("home/hanchot.db").exists()
    code, out, _ = hanchot(*arguments, "--from", "2024-12-01", "--to", "2024-12-15")
    assert code == 0 and "nho-2024" in out and "2024-12-15" in out


def test_simulate_over_units_of_a_file(answer: Callable[..., Any]) -> None:
    made = answer("simulate", "nho-2024.yaml", "--org", "don-vi.csv")
    assert (made["units"], made["items"]) == (3, 5)


def test_backup_and_restore(opened: Callable[..., Any], hanchot: Hanchot, refusal: Callable[..., str]) -> None:
    size = opened("backup", "sao.db")["bytes"]
    assert Path("sao.db").stat().st_size == size
    assert "sao.db đã có" in refusal("backup", "sao.db")
    kept = opened("restore", "sao.db")["kept"]
    assert Path(kept).exists()
    assert "phục hồi" in opened("release")["released"]
    assert "không phải bản sao lưu" in refusal("restore", "don-vi.csv")


def test_doctor_says_no_with_one(opened: object, hanchot: Hanchot, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        nobody = str(server.getsockname()[1])
    monkeypatch.setenv("HANCHOT_CATCHER_PORT", nobody)
    monkeypatch.setenv("HANCHOT_PREFECT_PORT", nobody)
    code, out, err = hanchot("doctor", "--json")
    assert (code, err) == (1, "")
    assert {one["name"]: one["ok"] for one in json.loads(out)}["cơ sở dữ liệu"]
    code, out, _ = hanchot("doctor")
    assert code == 1 and "không trả lời" in out


def test_audit_verify_says_no_with_one(opened: object, hanchot: Hanchot) -> None:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect("home/hanchot.db")) as connection:
        connection.execute("UPDATE event SET actor = 'ai khác' WHERE seq = 1")
        connection.commit()
    code, out, err = hanchot("audit", "verify", "--json")
    assert (code, err) == (1, "") and json.loads(out)["broken_at"] == 1


def test_deliver_into_the_local_catcher(opened: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    opened("sweep")

    async def drain() -> Any:
        async with catching(Path("mail")) as port:
            monkeypatch.setenv("HANCHOT_CATCHER_PORT", str(port))
            return await asyncio.to_thread(opened, "deliver")

    report = asyncio.run(drain())
    assert report["accepted"] == 3 and report["held"] is None


def test_the_database_may_be_named(answer: Callable[..., Any]) -> None:
    elsewhere = ("--database", "sqlite:///khac.db")
    answer("org", "import", "don-vi.csv", *elsewhere)
    assert len(answer("org", "list", "--database=sqlite:///khac.db")) == 4
    assert answer("org", "list") == []


# What it refuses, in one sentence


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            ("date: 2024-12-12", "date: 2024-11-31"),
            "dòng 12, milestones[0].deadline.date: “2024-11-31” không phải ngày có thật",
        ),
        (("[grassroots_cell]", "[chi_bo]"), "chi_bo"),
        (("stage: self_assess", "stage: tu_danh_gia"), "tu_danh_gia"),
        (("kind: by, date", "kind: truoc, date"), "truoc"),
        (("milestones:", "milestone:"), "milestone"),
        (("milestones:", "milestones: ["), "nho-2024.yaml"),
        (("milestone: kiem-diem,", "milestone: khong-co,"), "khong-co"),
    ],
)
def test_a_malformed_plan(refusal: Callable[..., str], change: tuple[str, str], said: str) -> None:
    Path("nho-2024.yaml").write_text(PLAN.replace(*change), encoding="utf-8")
    err = refusal("plan", "show", "nho-2024.yaml")
    assert "nho-2024.yaml" in err and said in err, err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("plan", "show", "khong-co"), "khong-co"),
        (("cycle", "open", "nho-2024.yaml"), "đã mở lúc 2024-11-18T07:00:00+07:00, không mở lần hai"),
        (("cycle", "open", "nho-2024.yaml", "--period", "2024-Q1"), "không có kỳ quý I năm 2024"),
        (("cycle", "open", "huyen-2023"), "cây tổ chức chưa có đơn vị loại đó"),
        (("cycle", "open", "huyen-2023", "--root", "XX"), "mã “XX”"),
        (("cycle", "show", "la"), "Không có đợt “la”. Các đợt hiện có: nho-2024."),
        (("cycle", "close", "nho-2024"), "còn 5 việc chưa xong"),
        (("cycle", "reopen", "nho-2024", "--reason", "x", "--approver", "y"), "đang mở"),
        (("cycle", "date", "nho-2024", "la", "--on", "2024-12-30", "--reason", "x"), "không có mốc “la”"),
        (("cycle", "date", "nho-2024", "tham-dinh", "--on", "31/11/2024", "--reason", "x"), "“31/11/2024” không phải ngày"),
        (("cycle", "date", "nho-2024", "tham-dinh", "--on", "2024-12-01", "--reason", "x"), "01/12/2024 đã qua"),
        (("cycle", "event", "nho-2024", "CB9", "review-meeting", "--on", "2024-12-20"), "mã “CB9”"),
        (("item", "done", "nho-2024", "CB9", "kiem-diem"), "đơn vị “CB9”"),
        (("item", "done", "nho-2024", "CB1", "la"), "“la”"),
        (("item", "done", "nho-2024", "BTC", "tham-dinh"), "còn chờ Kiểm điểm ở chi bộ (mục IV)"),
        (("item", "accept", "nho-2024", "CB1", "kiem-diem"), "không thể nhận"),
        (("sweep", "--now", "hôm nay"), "--now “hôm nay” không phải thời điểm"),
        (("sweep", "--now"), "Thiếu giá trị sau --now"),
        (("org", "import", "khong-co.csv"), "khong-co.csv"),
        (("sweep", "--database", "sqlite:////proc/khong/co.db"), "co.db"),
        (("sweep", "--database", "bừa"), "bừa"),
        (("sweep", "--database", "postgresql://127.0.0.1:1/x"), "127.0.0.1"),
        (("sweep", "--database", "mysql://127.0.0.1/x"), "mysql"),
    ],
)
def test_refusals(opened: object, refusal: Callable[..., str], arguments: tuple[str, ...], said: str) -> None:
    assert said in refusal(*arguments)


def test_an_import_with_a_broken_row_takes_nothing_in(refusal: Callable[..., str], answer: Callable[..., Any]) -> None:
    Path("hong.csv").write_text(UNITS + "CB3,Chi bộ Ba,chi đội,DUK,Ai đó,ai@khoi.example\n", encoding="utf-8")
    err = refusal("org", "import", "hong.csv")
    assert "dòng 6" in err and "chi đội" in err, err
    assert answer("org", "list") == []


def test_a_database_that_is_damaged(refusal: Callable[..., str]) -> None:
    Path("hong.db").write_text("không phải cơ sở dữ liệu" * 200)
    assert "hong.db không dùng được" in refusal("sweep", "--database", "sqlite:///hong.db")


def test_a_database_of_another_program_version(opened: object, refusal: Callable[..., str]) -> None:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect("home/hanchot.db")) as connection:
        connection.execute("UPDATE meta SET value = '99' WHERE key = 'schema'")
        connection.commit()
    assert "lược đồ 99" in refusal("sweep")


def test_a_mail_server_that_is_down_loses_nothing(
    opened: Callable[..., Any], hanchot: Hanchot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("HANCHOT_CATCHER_PORT", str(server.getsockname()[1]))
    opened("sweep")
    code, out, err = hanchot("deliver", "--json")
    assert "Traceback" not in err and code in (0, 2)
    assert json.loads(out)["accepted"] == 0 and json.loads(out)["held"]

    async def later() -> Any:
        async with catching(Path("mail")) as port:
            monkeypatch.setenv("HANCHOT_CATCHER_PORT", str(port))
            return await asyncio.to_thread(opened, "deliver", "--now", "2024-12-09T09:00:00+07:00")

    assert asyncio.run(later())["accepted"] == 3


@pytest.mark.parametrize("arguments", [("lạ",), ("cycle", "lạ"), ("cycle", "open"), ("sweep", "--la")])
def test_words_that_are_no_command(hanchot: Hanchot, arguments: tuple[str, ...]) -> None:
    code, out, err = hanchot(*arguments)
    assert code == 2 and out == "" and err


def test_help_is_no_error(hanchot: Hanchot) -> None:
    code, out, _ = hanchot("--help")
    assert code == 0 and "cycle" in out
