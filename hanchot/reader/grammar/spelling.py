"""Matching Vietnamese words as real files spell them: both ways of placing a tone, lost marks, split words, digit slips.

Every function keeps the length of the text, so that a match found in the folded text points into the original.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

# the old and the new way of writing one tone: "hoà" and "hòa", "uỷ" and "ủy"
_TONE_PAIRS = {
    old: new
    for olds, news in (
        ("oà oá oả oã oạ", "òa óa ỏa õa ọa"), ("oè oé oẻ oẽ oẹ", "òe óe ỏe õe ọe"), ("uỳ uý uỷ uỹ uỵ", "ùy úy ủy ũy ụy"),
    )
    for old, new in zip(olds.split(), news.split(), strict=True)
}  # fmt: skip
_TONES = re.compile(rf"(?<!q)(?:{'|'.join(_TONE_PAIRS)})(?!\w)")  # not in "quý", where the u belongs to the q
_NUMBER_SLIP = re.compile(
    r"(?<![\w/-])(?=[\dOoIl]*\d)[\dOoIl]{1,2}(?=\s?[/.-]\s?[\dOoIl]{1,2}\b)|(?<=\d[/.-])[OoIl]\d|(?<=[/.-])\d[OoIl]\b"
)
_DAY_SLIP = re.compile(r"(?<!\w)ngay(?=\s?\d{1,2}[\s/.-])", re.IGNORECASE)
_SLIPS = str.maketrans("OoIl", "0011")
_DASHES = str.maketrans("–—−‑\u00a0\u2009\t", "---- " + "  ")

# words that are other words once their marks are changed: a lost mark is only forgiven where no other word is meant
CONFUSABLE = {
    "ngày": "ngay ngây ngáy", "ngay": "ngày ngây", "quý": "quy quỳ quỹ", "năm": "nam nấm", "nam": "năm",
    "sau": "sáu sâu", "sáu": "sau sâu", "từ": "tư tự tu tứ", "tư": "từ tự tứ tu", "trong": "trọng trống", "thứ": "thư thử thu thú",
    "tuần": "tuân", "hằng": "hẳng", "hàng": "hạng hãng", "có": "cơ cố cô co cỗ", "khi": "khí khỉ", "hết": "hệt",
    "đến": "đền", "là": "la lá lạ", "lần": "lân lẫn", "bảy": "bày bấy", "hai": "hại hải", "ba": "bà bá bả", "đầu": "đâu đấu dâu",
    "cuối": "cưới", "họp": "hộp hợp", "lịch": "lích", "xong": "xông", "gửi": "gùi", "chỉ": "chi chí", "riêng": "riềng", "tháng": "thang thắng",
    "mới": "mời mỗi môi", "phải": "phái phai", "quá": "qua quả quà", "mỗi": "mới mời môi", "giờ": "gió giỏ", "thì": "thi thị",
}  # fmt: skip


def fold(text: str) -> str:
    """``text`` in lower case, one way of placing tones, plain dashes and spaces, digits where letters stood for them."""
    low = unicodedata.normalize("NFC", text).translate(_DASHES)
    low = _NUMBER_SLIP.sub(lambda found: found[0].translate(_SLIPS), low)
    low = _DAY_SLIP.sub("ngày", low)
    lowered = low.lower()
    if len(lowered) != len(low):  # a letter such as “İ” grows in lower case
        lowered = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in low)
    return _TONES.sub(lambda found: _TONE_PAIRS[found[0]], lowered)


def bare(text: str) -> str:
    """``text`` without any Vietnamese mark, in lower case: for comparing, never for showing."""
    return unicodedata.normalize("NFC", text).translate(_bare_letters())


@cache
def _bare_letters() -> dict[int, str]:
    """Every letter of the Latin blocks to the plain one it is built on: a table is ten times as fast as taking apart."""
    codes = (*range(0x41, 0x5B), *range(0xC0, 0x250), *range(0x1EA0, 0x1EFA))
    apart = {code: unicodedata.normalize("NFD", chr(code).lower().replace("đ", "d")) for code in codes}
    marks = {code: "" for code in range(0x300, 0x370)}
    return marks | {code: "".join(one for one in letters if not unicodedata.combining(one)) for code, letters in apart.items()}


@cache
def _variants() -> dict[str, str]:
    """Every letter that a slip may turn a base letter into, as a character class."""
    found: dict[str, set[str]] = {}
    for code in (*range(0xC0, 0x1B1), *range(0x1EA0, 0x1EFA)):
        letter = chr(code).lower()
        if len(letter) == 1 and len(base := bare(letter)) == 1 and base.isascii() and base.isalpha():
            found.setdefault(base, {base}).add(letter)
    return {base: f"[{''.join(sorted(letters))}]" for base, letters in found.items()}


@cache
def loose(word: str, *, split: bool = False) -> str:
    """A regular expression for ``word`` with any of its marks lost or changed, unless that makes another word.

    With ``split``, a space may have crept in between two letters.
    """
    word = fold(word)
    if not any(letter.isalpha() for letter in word):
        return re.escape(word)
    letters = [_variants().get(bare(letter), re.escape(letter)) for letter in word]
    body = (r"\s?" if split and len(word) > 3 else "").join(letters)
    others = "|".join(fold(other) for other in CONFUSABLE.get(word, "").split())
    return (rf"(?!(?:{others})\b)" if others else "") + body
