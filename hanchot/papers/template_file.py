"""Looks at a Word template before any parser does. Staff may replace templates, so each one is a stranger's file."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from hanchot.domain.errors import BadDocument

MAX_FILE = 5 * 2**20
MAX_MEMBERS = 300
MAX_UNPACKED = 30 * 2**20
MAX_TEXT_PART = 2**20  # a form of three pages that Word saved has some 200 KB
MAX_MARKS = 400
MAX_EFFORT = 60_000_000  # marks × length: what the patterns that mend torn placeholders take; some 3 s at the worst
_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError, NotImplementedError)
_WAY_OUT = "Mở mẫu bằng Word, bỏ phần lạ, lưu thành “Word Document (.docx)”; hoặc dùng lại mẫu gốc."
_MARK = re.compile(rb"\{(?:<[^<>]*>)*[{%#]")
_RENDERED = re.compile(r"word/(?:document|header\d*|footer\d*)\.xml$")
_HARMFUL = re.compile(r"(?:vbaProject\.bin|word/(?:embeddings|activeX|afchunk\w*)[./])", re.IGNORECASE)


def check_container(data: bytes) -> None:
    """BadDocument: not a .docx, too large, locked, swelling, with macros, embedded things or calls to other machines."""
    if len(data) > MAX_FILE:
        raise _refused(f"nặng {len(data) / 2**20:.0f} MB, quá {MAX_FILE // 2**20} MB")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_directory(archive)
            for member in archive.infolist():
                content = archive.read(member)  # also of pictures: a broken one shows here
                if member.filename.endswith((".xml", ".rels")):
                    _check_part(member.filename, content)
    except _BROKEN as error:
        raise _refused("không phải là tệp Word (.docx) lành lặn") from error


def _check_directory(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    names = [member.filename for member in members]
    if "word/document.xml" not in names:
        raise _refused("không phải là văn bản Word (.docx)")
    if len(names) != len(set(names)):
        raise _refused("có phần trùng tên bên trong")
    if any(member.flag_bits & 1 for member in members):
        raise _refused("có mật khẩu")
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED:
        raise _refused("bung ra lớn bất thường")
    if harmful := next((name for name in names if _HARMFUL.search(name)), None):
        raise _refused(f"có macro hoặc đối tượng nhúng ({harmful.rpartition('/')[2]})")


def check_source(xml: str) -> None:
    """BadDocument: a part to be filled is longer, or asks for more, than the patterns that read it can bear."""
    if len(xml) > MAX_TEXT_PART:
        raise _refused(f"có phần chữ quá dài ({len(xml) // 1024} KB)")
    marks = len(_MARK.findall(xml.encode()))
    if marks > MAX_MARKS or marks * len(xml) > MAX_EFFORT:
        raise _refused(f"có {marks} chỗ trống và lệnh trong {len(xml) // 1024} KB chữ, nhiều hơn mức xử lý được")


def _check_part(name: str, content: bytes) -> None:
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise _refused(f"có khai báo XML lạ ({name})")
    if name.endswith(".rels"):
        _check_relations(content)
    elif name.startswith("word/") and not _RENDERED.match(name) and _MARK.search(content):
        raise _refused(f"đặt chỗ trống ở phần không được điền ({name})")


def _check_relations(content: bytes) -> None:
    from lxml import etree

    try:
        relations = etree.fromstring(content, etree.XMLParser(resolve_entities=False))
    except etree.LxmlError as error:
        raise _refused("có danh sách liên kết bị hỏng") from error
    for relation in relations.iter(etree.Element):
        far = relation.get("TargetMode", "").strip().lower() == "external"
        if far and not relation.get("Type", "").endswith("/hyperlink"):
            raise _refused("gọi tệp ở ngoài (ảnh, mẫu hoặc đối tượng liên kết)")


def _refused(why: str) -> BadDocument:
    return BadDocument(f"Tệp mẫu {why}.", way_out=_WAY_OUT, thing="template")
