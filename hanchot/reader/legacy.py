"""Vietnamese as it was typed before Unicode: TCVN3 (fonts .VnTime…) and VNI (fonts VNI-Times…), turned into Unicode.

Both put Vietnamese letters where other alphabets have theirs, so that “Đảng” is stored as “§¶ng” or “Ñaûng”: only the font, or
the words that come out, can tell. TCVN3 is TCVN 5712:1993 (its one-byte set); VNI is the two-byte Windows set of VNI-Win.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

_TCVN3_CODES = (
    "µ¶·¸¹" "¨»¼½¾Æ" "©ÇÈÉÊË" "®" "ÌÎÏÐÑ" "ªÒÓÔÕÖ" "×ØÜÝÞ" "ßáâãä" "«åæçèé" "¬êëìíî" "ïñòóô" "\xadõö÷øù" "úûüýþ" "¡¢£¤¥¦§"
)  # fmt: skip
_TCVN3_LETTERS = (
    "àảãáạ" "ăằẳẵắặ" "âầẩẫấậ" "đ" "èẻẽéẹ" "êềểễếệ" "ìỉĩíị" "òỏõóọ" "ôồổỗốộ" "ơờởỡớợ" "ùủũúụ" "ưừửữứự" "ỳỷỹýỵ" "ĂÂÊÔƠƯĐ"
)  # fmt: skip
_TCVN3 = str.maketrans(_TCVN3_CODES, _TCVN3_LETTERS)

_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT = "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"
_HAT, _BREVE, _HORN = "\u0302", "\u0306", "\u031b"
_VNI_MARKS = {
    "ø": _GRAVE, "ù": _ACUTE, "û": _HOOK, "õ": _TILDE, "ï": _DOT,
    "â": _HAT, "à": _HAT + _GRAVE, "á": _HAT + _ACUTE, "å": _HAT + _HOOK, "ã": _HAT + _TILDE, "ä": _HAT + _DOT,
    "ê": _BREVE, "è": _BREVE + _GRAVE, "é": _BREVE + _ACUTE, "ú": _BREVE + _HOOK, "ü": _BREVE + _TILDE, "ë": _BREVE + _DOT,
}  # fmt: skip
_VNI_LETTERS = {"ô": "o" + _HORN, "ö": "u" + _HORN, "ñ": "đ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI_MARKS |= {low.upper(): marks for low, marks in list(_VNI_MARKS.items())}
_VNI_LETTERS |= {low.upper(): letter.upper() for low, letter in list(_VNI_LETTERS.items())}
_VNI = re.compile(f"([aeouyôöAEOUYÔÖ])([{''.join(_VNI_MARKS)}])|([{''.join(_VNI_LETTERS)}])")

# Syllables that hardly a page of an administrative text is without, each with a letter that only Vietnamese writes.
_COMMON = """
    đảng của được các tổ chức việc kế hoạch đánh giá kiểm điểm chất lượng cấp ủy uỷ thực hiện tháng năm báo cáo gửi trước
    thời hạn và nhiệm vụ đơn vị cơ cán bộ huyện tỉnh xã phường quy định hướng dẫn điều số kết quả tập thể ngày
"""
_TELLING = frozenset(word for word in _COMMON.split() if not word.isascii())
_WORD = re.compile(r"[^\W\d_]+")


def from_tcvn3(text: str, *, capitals: bool = False) -> str:
    """TCVN3 to Unicode. ``capitals``: the font is one whose small letters show as capitals (name ending in “H”)."""
    plain = unicodedata.normalize("NFC", text.translate(_TCVN3))
    return plain.upper() if capitals else plain


def from_vni(text: str) -> str:
    """VNI to Unicode."""

    def put(found: re.Match[str]) -> str:
        if found[3]:
            return _VNI_LETTERS[found[3]]
        return _VNI_LETTERS.get(found[1], found[1]) + _VNI_MARKS[found[2]]

    return unicodedata.normalize("NFC", _VNI.sub(put, unicodedata.normalize("NFC", text)))


CODES: dict[str, Callable[[str], str]] = {"TCVN3": from_tcvn3, "VNI": from_vni}


def common_words(text: str) -> int:
    """How many words are common Vietnamese syllables with a mark: near a third of a real page, hardly one of a garbled one."""
    return sum(word.lower() in _TELLING for word in _WORD.findall(unicodedata.normalize("NFC", text)))


def looks_garbled(text: str) -> bool:
    """Whether a text of some length holds next to no Vietnamese words: a lost encoding, or another language."""
    words = len(_WORD.findall(text))
    return words >= 20 and common_words(text) < words / 50


def old_code(text: str) -> str | None:
    """The old code (a key of ``CODES``) in which a garbled text reads as Vietnamese; None for a sound one, or one in none."""
    if not looks_garbled(text):
        return None
    readings = {code: decode(text) for code, decode in CODES.items()}
    best = max(readings, key=lambda code: common_words(readings[code]))
    return None if looks_garbled(readings[best]) else best


def from_font(text: str, font: str) -> tuple[str, str] | None:
    """Unicode text and the old code's name by the font of a run in Word; None where font or text are not of that kind.

    A run in an old font may still hold Unicode (Word then shows another font): a letter outside the old set says so.
    """
    if text.isascii() or any(ord(letter) > 0xFF and letter.isalpha() for letter in text):
        return (text.upper(), "TCVN3") if font.startswith(".Vn") and font.endswith("H") and text.isascii() else None
    if font.startswith(".Vn"):
        return from_tcvn3(text, capitals=font.endswith("H")), "TCVN3"
    if font.upper().startswith("VNI-"):
        return from_vni(text), "VNI"
    return None
