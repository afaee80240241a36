"""The members of all cells as a workbook on the board: taken away, filled in, looked at, written; both commands too."""

from __future__ import annotations

import html
import io
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook

from hanchot.service.judging.member_sheet import members_sheet
from hanchot.service.judging.subjects import name_subjects
from hanchot.service.opening import open_cycle
from hanchot.service.services import Services
from tests import plans
from tests.board.conftest import Visitor, words
from tests.board.people import ORGANISER, SECRETARY, STRANGER, SUPERIOR, signed_in, with_fresh_code
from tests.board.test_my_desk import send
from tests.judging import NOW, subjects
from tests.look import at
from tests.service.test_members import LOAN, filled

KHOI = "khoi-binh-thuan-2024"
NOON = "2024-12-20 12:00"
HERE = f"/cycles/{KHOI}/members"
SAME_SITE = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def khoi(house: Services) -> Services:
    open_cycle(house, plans.plan(key=KHOI, regulation="124-QĐ/TW"), at("2024-11-18 07:00"))
    name_subjects(house, KHOI, NOW, actor="Bình")
    return house


def sent(who: Visitor, data: bytes, status: int = 200) -> str:
    """The preview of a file."""
    return send(who, HERE, status, files={"file": ("dang-vien.xlsx", data, "application/octet-stream")})


def test_taken_away_filled_in_looked_at_and_written_once(khoi: Services) -> None:
    binh = signed_in(khoi, ORGANISER, NOON)
    took = binh.client.get(f"{HERE}.xlsx?branch=YT")
    names = {row[3] for row in load_workbook(io.BytesIO(took.content))["Đảng viên"].iter_rows(values_only=True)}
    assert SECRETARY in names and STRANGER not in names
    new = {**LOAN, "name": "Lê Mới", "excused_from": "01/06/2024"}
    page = sent(binh, filled(khoi, LOAN, new))
    said = words(page)
    assert "thêm 2, sửa 0" in said and "Không xếp loại: 1 người." in said
    assert "được miễn công tác và sinh hoạt đảng [211-KH/ĐUK II.1.2]" in said and len(subjects(khoi)) == 20
    held = dict(re.findall(r'name="(mark|seal|called|token)" value="([^"]*)"', page))
    answers = [
        binh.client.post(f"{HERE}/write", data={k: html.unescape(v) for k, v in held.items()}, headers=SAME_SITE,
                         follow_redirects=False)
        for _ in range(2)
    ]  # fmt: skip
    assert answers[0].headers["location"] == f"{HERE}?added=2&changed=0"
    assert answers[1].headers["location"] == f"{HERE}?done=again" and len(subjects(khoi)) == 22
    assert "thêm 2 người, sửa 0 người" in binh.reads(f"{HERE}?added=2&changed=0")
    assert "Tệp không đổi gì" in words(sent(binh, members_sheet(khoi, KHOI, NOW)))


def test_a_bad_file_is_refused_with_the_cell_and_nothing_is_written(khoi: Services) -> None:
    binh = signed_in(khoi, ORGANISER, NOON)
    said = words(sent(binh, filled(khoi, {**LOAN, "admitted_on": "31/02/2010"}, {**LOAN, "unit": "YT-9"}), 422))
    assert "2 ô không nhận được; chưa ghi gì." in said and "Không phải ngày có thật." in said and "Ghi 2 người" not in said
    assert "không phải Excel" in words(sent(binh, b"x", 422)) and "Chưa chọn tệp." in words(send(binh, HERE, 422))
    assert len(subjects(khoi)) == 20


def test_the_whole_house_asks_for_a_fresh_code_and_others_find_no_page(khoi: Services) -> None:
    binh = signed_in(khoi, ORGANISER, NOON)
    binh.time = "2024-12-20 12:20"
    answer = binh.client.get(f"{HERE}.xlsx?branch=", follow_redirects=True)
    assert "/sign-in/again" in str(answer.url)
    assert with_fresh_code(khoi, ORGANISER, NOON).client.get(f"{HERE}-all.xlsx").content[:2] == b"PK"
    for name in (SECRETARY, SUPERIOR):
        for path in (HERE, f"{HERE}.xlsx", f"{HERE}-all.xlsx"):
            signed_in(khoi, name, NOON).page(path, status=404)


def test_both_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], khoi: Services
) -> None:
    from hanchot.cli import members, say
    from hanchot.cli.main import run

    monkeypatch.setattr(members, "services", lambda: khoi)
    monkeypatch.setattr(members, "now", lambda: NOW)
    monkeypatch.setattr(say.wish, "json", False)
    file, new = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    assert run(["rating", "members-sheet", KHOI, str(file)]) == 0
    assert run(["rating", "members", KHOI, str(file)]) == 0 and "thêm 0, sửa 0" in capsys.readouterr().out
    new.write_bytes(filled(khoi, LOAN))
    for more, words_ in ((["--dry-run"], "Mới xem, chưa ghi."), ([], "Đã ghi."), ([], "thêm 0")):
        assert run(["rating", "members", KHOI, str(new), *more]) == 0 and words_ in capsys.readouterr().out
    new.write_bytes(filled(khoi, {**LOAN, "unit": "YT-9"}))
    assert run(["rating", "members", KHOI, str(new)]) == 1 and "không có đơn vị này" in capsys.readouterr().out
