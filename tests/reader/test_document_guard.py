"""Hostile and mistaken files: each is refused with a sentence, in bounded time and memory, and nothing in it ever runs."""

from __future__ import annotations

import io
import struct
import time
import zipfile
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hanchot.domain.errors import BadDocument
from hanchot.reader import workshop
from hanchot.reader.files import Text, read_bytes, read_file
from tests.reader.papers import PLAN, paragraph, pdf_of, table, tc, word, zipped

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'


@pytest.fixture(autouse=True)
def _bounded_time() -> Iterator[None]:
    """No file, whatever it is, keeps anyone waiting."""
    started = time.monotonic()
    yield
    assert time.monotonic() - started < 60


def refused(data: bytes, name: str, why: str) -> None:
    with pytest.raises(BadDocument, match=why) as refusal:
        read_bytes(data, name)
    assert name in refusal.value.message
    assert refusal.value.way_out
    assert refusal.value.code == "bad-document"


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("rỗng.pdf", b"", "rỗng"),
        ("kế hoạch.doc", OLE + bytes(600), "kiểu cũ"),
        ("kế hoạch.docx", OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "có mật khẩu"),
        ("kế hoạch.rtf", rb"{\rtf1 plan}", "RTF"),
        ("kế hoạch.doc", b"<html><body>plan</body></html>", "trang web"),
        ("kế hoạch.odt", zipped({"mimetype": "application/vnd.oasis.opendocument.text"}), "OpenDocument"),
        ("kế hoạch.docx", b"MZ\x90\x00\x03\x00\x00\x00" + bytes(200), "chương trình"),
        ("kế hoạch.txt", b"MZ\x90\x00\x03\x00\x00\x00" + bytes(200), "chương trình"),
        ("kế hoạch.docx", b"%PDF-1.7\n", "bên trong là PDF, không phải Word"),
        ("kế hoạch.pdf", "kế hoạch năm 2024".encode(), "bên trong là văn bản thuần, không phải PDF"),
        ("kế hoạch.txt", b"\x89PNG\r\n\x1a\n", "bên trong là ảnh"),
        ("kế hoạch.docx", zipped({"xl/workbook.xml": "<x/>"}), "bên trong là Excel"),
        ("kế hoạch.zip", zipped({"a.txt": "a"}), "tệp nén"),
        ("ảnh.heic", b"\x00\x00\x00\x18ftypheic" + bytes(40), "heic"),
        ("kế hoạch.csv", b"a,b", "loại tệp"),
        ("hỏng.docx", word(paragraph("x"))[:-30], "bị hỏng"),
        ("hỏng.pdf", b"%PDF-1.7\n" + bytes(50), "bị hỏng"),
        ("hỏng.png", b"\x89PNG\r\n\x1a\n" + bytes(50), "bị hỏng|Tesseract|bản quét"),
    ],
)  # fmt: skip
def test_what_is_no_document_of_ours_is_named(name: str, data: bytes, why: str) -> None:
    refused(data, name, why)


def test_a_word_file_without_an_ending_is_known_by_its_bytes() -> None:
    assert read_bytes(word(paragraph("Đảng ủy")), "tải xuống").lines == ("Đảng ủy",)


def test_300_megabytes_are_refused_by_their_size(tmp_path: Path) -> None:
    path = tmp_path / "lớn.pdf"
    with path.open("wb") as file:
        file.truncate(300 * 2**20)
    started = time.process_time()
    with pytest.raises(BadDocument, match="nặng 300 MB, quá 20 MB"):
        read_file(path)
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize("what", ["missing", "a folder"])
def test_a_path_that_is_no_file(tmp_path: Path, what: str) -> None:
    with pytest.raises(BadDocument, match=r"Không đọc được|không phải là tệp"):
        read_file(tmp_path / "không có.docx" if what == "missing" else tmp_path)


class TestWord:
    def test_a_zip_bomb(self) -> None:
        refused(word(paragraph("x"), extra={"word/media/a.bin": bytes(80 * 2**20)}), "bom.docx", "bung ra 80 MB")

    @pytest.mark.parametrize(("paragraphs", "why"), [(300_000, "dài bất thường"), (600_000, "lớn bất thường")])
    def test_more_text_than_any_plan_though_it_packs_like_text(self, paragraphs: int, why: str) -> None:
        body = "".join(f"<w:p><w:r><w:t>{n * n:x}</w:t></w:r></w:p>" for n in range(paragraphs))
        refused(word(body), "dài.docx", why)

    def test_thousands_of_members(self) -> None:
        refused(word("", extra={f"word/media/{n}": b"" for n in range(1500)}), "bom.docx", "lớn bất thường")

    def test_a_directory_that_lies_about_sizes(self) -> None:
        data = bytearray(word(paragraph("x" * 500_000)))
        at = data.rindex(b"PK\x01\x02", 0, data.index(b"word/document.xml", data.index(b"PK\x01\x02")))
        data[at + 24 : at + 28] = struct.pack("<L", 100)
        refused(bytes(data), "dối.docx", "bị hỏng")

    @pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml", "_rels/.rels"])
    def test_an_entity_bomb(self, part: str) -> None:
        bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'
        refused(_with(word(paragraph("x")), {part: bomb}), "bom.docx", "khai báo XML lạ")

    def test_an_entity_bomb_behind_a_long_comment(self) -> None:
        bomb = "<!--" + "x" * 100_000 + '--><!DOCTYPE x [<!ENTITY a "ha">]><x>&a;</x>'
        refused(_with(word(paragraph("x")), {"word/document.xml": bomb}), "bom.docx", "bị hỏng")

    def test_macros(self) -> None:
        refused(word("", extra={"word/vbaProject.bin": b"x"}), "kế hoạch.docx", "macro")
        types = '<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'
        refused(_with(word(""), {"[Content_Types].xml": types}), "kế hoạch.docx", "macro")

    def test_embedded_programs(self) -> None:
        refused(word("", extra={"word/embeddings/oleObject1.bin": OLE}), "kế hoạch.docx", "oleObject1")

    def test_a_template_elsewhere_is_refused_and_one_on_the_own_disk_is_only_a_name(self) -> None:
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
        link = '<Relationship Id="r1" Type="{}" Target="{}" TargetMode="External"/>'
        far = RELATIONS.format(link.format(kind, "http://example.test/x.dotm"))
        refused(
            word(paragraph("x"), extra={"word/_rels/settings.xml.rels": far.encode()}), "kế hoạch.docx", "mẫu Word ở máy khác"
        )
        near = RELATIONS.format(link.format(kind, "file:///C:\\Mau\\Normal.dotm"))
        text = read_bytes(word(paragraph("Đảng ủy"), extra={"word/_rels/settings.xml.rels": near.encode()}), "kế hoạch.docx")
        assert text.lines == ("Đảng ủy",)

    def test_a_zip_with_a_password(self) -> None:
        data = bytearray(word(paragraph("x")))
        for at in (data.index(b"PK\x03\x04") + 6, data.index(b"PK\x01\x02") + 8):
            data[at] |= 1
        refused(bytes(data), "khóa.docx", "có mật khẩu")

    @pytest.mark.parametrize("depth", [2_000, 50_000])
    def test_controls_nested_without_end(self, depth: int) -> None:
        refused(word("<w:sdt>" * depth + "</w:sdt>" * depth), "sâu.docx", "không theo chuẩn")

    def test_a_table_cell_as_wide_as_the_sea(self) -> None:
        wide = tc(paragraph("x"), '<w:gridSpan w:val="99999999999"/>')
        assert len(read_bytes(word(table((wide,))), "rộng.docx").lines[0]) < 100


class TestPictures:
    def test_a_picture_that_unpacks_to_gigabytes(self) -> None:
        """A PNG of 60 000 × 60 000 white points packs into a few kilobytes; only its head is ever read."""
        head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
        chunks = b"".join(
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
            for kind, body in ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b""))
        )
        refused(b"\x89PNG\r\n\x1a\n" + chunks, "bom.png", "lớn bất thường|bản quét")


class TestWorkshop:
    """The child may hang, swell or die: the parent says a sentence and goes on."""

    @pytest.mark.parametrize(
        "does",
        [
            "import time; time.sleep(600)",
            "import os; os.abort()",
            "import sys; sys.stdout.write('{half')",
            "from hanchot.reader.opening import _limit; _limit(); bytearray(2 * 2**30); print('{}')",
        ],
        ids=["hangs", "dies", "breaks off", "swells"],
    )
    def test_a_parser_that_fails(self, monkeypatch: pytest.MonkeyPatch, does: str) -> None:
        if "sleep" in does:
            monkeypatch.setattr(workshop, "FIRST", 2.0)
        monkeypatch.setattr(workshop, "COMMAND", ("-c", does))
        refused(pdf_of(PLAN), "ác.pdf", "quá thời gian hoặc bộ nhớ")

    def test_a_child_sees_no_secrets_of_ours(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HANCHOT_SMTP_PASSWORD", "x")
        assert not [key for key in workshop._environment("/") if key.startswith("HANCHOT")]


@cache
def _samples() -> tuple[tuple[str, bytes], ...]:
    text = "\n".join(PLAN).encode()
    return (("a.docx", word("".join(map(paragraph, PLAN)))), ("a.pdf", pdf_of(PLAN)), ("a.txt", text))


def read_or_refused(data: bytes, name: str) -> None:
    """Text or a sentence; anything else would be our fault."""
    try:
        assert isinstance(read_bytes(data, name), Text)
    except BadDocument as refusal:
        assert refusal.message
        assert "{name}" not in refusal.message


fuzz = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)


@fuzz
@given(st.binary(max_size=400), st.sampled_from(["a.docx", "a.pdf", "a.txt", "a", "a.md"]))
@example(b"%PDF-1.4\n1 0 obj", "a.pdf")
@example(b"PK\x05\x06" + bytes(18), "a.docx")
def test_random_bytes(data: bytes, name: str) -> None:
    read_or_refused(data, name)


@fuzz
@given(st.data())
def test_bits_flipped_and_ends_cut_off(data: st.DataObject) -> None:
    name, sound = data.draw(st.sampled_from(_samples()))
    broken = bytearray(sound)
    for place in data.draw(st.lists(st.integers(0, len(sound) - 1), max_size=8)):
        broken[place] ^= data.draw(st.integers(1, 255))
    read_or_refused(bytes(broken[: data.draw(st.integers(1, len(sound)))]), name)


@fuzz
@given(st.data())
def test_the_xml_of_a_word_file_broken_inside_a_sound_zip(data: st.DataObject) -> None:
    _, sound = _samples()[0]
    body = bytearray(zipfile.ZipFile(io.BytesIO(sound)).read("word/document.xml"))
    for place in data.draw(st.lists(st.integers(0, len(body) - 1), min_size=1, max_size=6)):
        body[place] = data.draw(st.integers(32, 126))
    read_or_refused(_with(sound, {"word/document.xml": bytes(body)}), "a.docx")


def _with(data: bytes, parts: dict[str, str] | dict[str, bytes]) -> bytes:
    """The file with parts put in place of its own."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return zipped({name: archive.read(name) for name in archive.namelist()} | dict(parts))
