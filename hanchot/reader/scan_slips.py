"""What recognition gets wrong at the head of a line, where a letter decides the clause: “IL MỤC ĐÍCH” was “II. MỤC ĐÍCH”.

Only marks that Tesseract was seen to misread are mended, and only where a heading or a sentence follows. A stroke that was lost
(“I, II, II, IV”) shows in the order: sections of a document are counted without a repeat.
"""

from __future__ import annotations

import re

_UPPER = "A-ZÀ-ỸĐ"
# a numeral as it was read: its point runs into the last stroke (L), two strokes into one (H); a heading follows
_ROMAN = re.compile(
    rf"^(?P<read>[IVXLHTl1|]{{1,5}})\s?(?P<mark>[.,:-]?)\s+(?=[{_UPPER}])(?=(?P<capitals>[{_UPPER}][{_UPPER}\s,;:()–-]{{5,}})?)"
)
_SLIPS = (("H", "II"), ("TI", "II"), ("TV", "IV"), ("l", "I"), ("1", "I"), ("|", "I"))
_ORDER = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")
_NUMBER = re.compile(rf"^(\d{{1,2}}(?:[.,]\s?\d{{1,2}}){{0,2}})[.,]\s+(?=[{_UPPER}“\"(])")


def mended(lines: list[str], last: int = 0) -> tuple[list[str], int]:
    """The lines with the marks of their clauses as printed, and the number of the last section seen (``last`` before them).

    >>> mended(["I, MỤC ĐÍCH, YÊU CẦU", "IL TIẾN ĐỘ THỰC HIỆN", "1,3. Đảng viên", "HI- Tổ chức thực hiện"])
    (['I. MỤC ĐÍCH, YÊU CẦU', 'II. TIẾN ĐỘ THỰC HIỆN', '1.3. Đảng viên', 'III- Tổ chức thực hiện'], 3)
    """
    made = []
    for line in lines:
        if (found := _ROMAN.match(line)) and (section := _section(found, last)):
            last = section
            line = f"{_ORDER[section]}{'-' if found['mark'] == '-' else '.'} {line[found.end() :]}"
        elif found := _NUMBER.match(line):
            line = f"{re.sub(r'[.,] ?', '.', found[1])}. {line[found.end() :]}"
        made.append(line)
    return made, last


def _section(found: re.Match[str], last: int) -> int:
    """The number of the section that was printed; 0 where the line begins none."""
    printed, marked = found["read"], bool(found["mark"])
    if printed.endswith("L") and "T" not in printed:  # “TL.” stands before a signature: thừa lệnh
        printed, marked = f"{printed[:-1]}I", True
    for slip, stroke in _SLIPS:
        printed = printed.replace(slip, stroke)
    if found["read"].isdigit() or printed not in _ORDER or not (found["capitals"] or found["mark"] == "-"):
        return 0
    number = _ORDER.index(printed)
    if number == last and number + 1 < len(_ORDER):
        return number + 1
    return number if marked or number == last + 1 else 0
