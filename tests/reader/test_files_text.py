"""Plain text: whatever encoding an office saved it in, the same lines come out; where none fits, a sentence says so."""

from __future__ import annotations

import hashlib
import unicodedata
from pathlib import Path

import pytest

from hanchot.domain.errors import BadDocument
from hanchot.reader.files import read_bytes, read_file
from tests.reader.papers import PLAN

TEXT = "\n".join(PLAN)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_in_every_form(encoding: str) -> None:
    text = read_bytes(TEXT.encode(encoding), "kế hoạch.txt")
    assert text.lines == PLAN
    assert (text.kind, text.remarks) == ("txt", ())


def test_composed_letters_windows_lines_and_page_breaks(tmp_path: Path) -> None:
    path = tmp_path / "kế hoạch.txt"
    path.write_bytes(unicodedata.normalize("NFD", "Đảng ủy\r\ntrước ngày 10/12\ftrang hai").encode())
    text = read_file(path)
    assert text.lines == ("Đảng ủy", "trước ngày 10/12", "\f", "trang hai")
    assert text.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_windows_1258() -> None:
    """Vietnamese Windows of old: letters and tone marks apart, one byte each."""
    apart = unicodedata.normalize("NFC", TEXT)
    for mark in "\u0300\u0301\u0303\u0309\u0323":
        for base in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY":
            apart = apart.replace(unicodedata.normalize("NFC", base + mark), base + mark)
    text = read_bytes(apart.encode("cp1258"), "cũ.txt")
    assert text.lines == PLAN
    assert [remark.code for remark in text.remarks] == ["old-encoding"]


@pytest.mark.parametrize(
    "typed",
    [
        "§¶ng ñy x· yªu cÇu c¸c chi bé nép hå s¬ tr\xadíc ngµy 10/12/2024 ®Ó tæng hîp, b¸o c¸o cÊp trªn.",
        "Ñaûng uûy xaõ yeâu caàu caùc chi boä noäp hoà sô tröôùc ngaøy 10/12/2024 ñeå toång hôïp, baùo caùo caáp treân.",
    ],
    ids=["TCVN3", "VNI"],
)
def test_codes_of_before_unicode(typed: str) -> None:
    text = read_bytes(typed.encode("latin-1"), "cũ.txt")
    assert text.lines == ("Đảng ủy xã yêu cầu các chi bộ nộp hồ sơ trước ngày 10/12/2024 để tổng hợp, báo cáo cấp trên.",)
    assert [remark.code for remark in text.remarks] == ["old-encoding"]


def test_an_unknown_encoding_is_refused_not_guessed() -> None:
    with pytest.raises(BadDocument, match="Không nhận ra bảng mã"):
        read_bytes("計画を提出する期限は十二月十日です。".encode("shift-jis"), "lạ.txt")


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(BadDocument, match="không phải văn bản"):
        read_bytes(b"abc\x01\x02", "lạ.txt")


def test_another_language_is_read_but_said() -> None:
    text = read_bytes(b"The committees shall hand in their reports before the tenth of December. " * 4, "plan.txt")
    assert [remark.code for remark in text.remarks] == ["not-vietnamese"]


def test_a_text_longer_than_any_plan_is_refused() -> None:
    with pytest.raises(BadDocument, match="dài bất thường"):
        read_bytes(TEXT.encode() * 3000, "dài.txt")
