"""Plain text: the encoding is found by what comes out as Vietnamese, and a text in none that we know is refused."""

from __future__ import annotations

import unicodedata

from hanchot.domain.errors import BadDocument
from hanchot.reader.legacy import common_words, from_tcvn3, from_vni
from hanchot.reader.pages import Pages, refuse_endless

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_CONTROLS = frozenset(chr(code) for code in range(32)) - set("\t\n\r\f\v\x1a")


def read_plain(data: bytes, name: str) -> Pages:
    """The lines of a text file. BadDocument: not text, in no encoding we know, or longer than ``MAX_CHARS``."""
    text, notes = _decoded(data, name)
    if _CONTROLS & set(text):
        raise BadDocument(f"Tệp “{name}” không phải văn bản.", way_out="Nhận tệp .docx, .pdf, .txt và ảnh .png, .jpg, .tif.")
    refuse_endless(len(text), name)
    text = unicodedata.normalize("NFC", text.replace("\x1a", "")).replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n")
    return Pages("txt", text.replace("\f", "\n\f\n").split("\n"), notes)


def _decoded(data: bytes, name: str) -> tuple[str, list[tuple[str, str]]]:
    for encoding in _unicode(data):
        try:
            return data.decode(encoding), []
        except UnicodeDecodeError:
            continue
    one_byte = data.decode("latin-1")
    readings = {"Windows-1258": _windows_1258(data), "TCVN3": from_tcvn3(one_byte), "VNI": from_vni(one_byte)}
    code, text = max(readings.items(), key=lambda reading: common_words(reading[1]))
    if common_words(text) < 3:
        raise BadDocument(
            f"Không nhận ra bảng mã chữ của tệp “{name}”.",
            way_out="Mở bằng Notepad, chọn Lưu thành (Save As), mã hóa UTF-8, rồi nộp tệp mới.",
        )
    return text, [("old-encoding", f"Văn bản viết bằng bảng mã {code}, đã chuyển sang Unicode; nên đối chiếu với bản gốc.")]


def _unicode(data: bytes) -> list[str]:
    """The Unicode encodings to try. UTF-16 without its mark shows in the zero bytes of spaces and digits."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return [encoding]
    start = data[:4096]
    if len(data) % 2 == 0 and start.count(0) > len(start) / 10:
        return ["utf-16-be" if start[::2].count(0) > start[1::2].count(0) else "utf-16-le"]
    return ["utf-8"]


def _windows_1258(data: bytes) -> str:
    return unicodedata.normalize("NFC", data.decode("cp1258", errors="replace"))
