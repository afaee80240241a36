"""Who is meant: the words of a document for committees, cells and agencies, as kinds of units. A guess, to be confirmed.

Each row of a table is read as: whoever writes the words on the left means the kinds on the right. Longer words are
looked for first, and what they cover is not looked at again: “chi bộ trực thuộc đảng bộ bộ phận” names no đảng bộ bộ
phận. Words are compared without diacritics, because scans lose them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from hanchot.domain.collate import folded
from hanchot.domain.unit import UnitKind

K = UnitKind
_BOTH = (K.GRASSROOTS_COMMITTEE, K.GRASSROOTS_CELL)

# fmt: off
ACTORS: tuple[tuple[str, tuple[UnitKind, ...]], ...] = (
    ("chi bộ trực thuộc đảng bộ bộ phận", (K.CELL_OF_SECTION,)),
    ("chi bộ trực thuộc đảng ủy bộ phận", (K.CELL_OF_SECTION,)),
    ("chi ủy trực thuộc đảng ủy bộ phận", (K.CELL_OF_SECTION,)),
    ("chi bộ trực thuộc đảng bộ cơ sở", (K.CELL,)),
    ("chi bộ trực thuộc đảng ủy cơ sở", (K.CELL,)),
    ("chi ủy trực thuộc đảng ủy cơ sở", (K.CELL,)),
    ("đảng bộ bộ phận", (K.SECTION_COMMITTEE,)),
    ("đảng ủy bộ phận", (K.SECTION_COMMITTEE,)),
    ("chi, đảng bộ cơ sở", _BOTH),  # 211-KH/ĐUK III.4
    ("chi, đảng bộ trực thuộc", _BOTH),
    ("chi bộ, đảng bộ cơ sở", _BOTH),
    ("chi bộ, đảng bộ trực thuộc", _BOTH),
    ("đảng bộ, chi bộ cơ sở", _BOTH),
    ("đảng bộ, chi bộ trực thuộc", _BOTH),
    ("đảng ủy, chi bộ trực thuộc", _BOTH),  # plan of a thị xã 2022, II.1
    ("đảng ủy, chi ủy cơ sở", _BOTH),
    ("đảng ủy, chi bộ cơ sở", _BOTH),
    ("cấp ủy, chi bộ trực thuộc", _BOTH),  # Lùng Phình 2025 VI.1.b
    ("cấp ủy, tổ chức đảng", _BOTH),
    ("cấp ủy cơ sở", _BOTH),
    ("cấp ủy trực thuộc", _BOTH),
    ("tổ chức cơ sở đảng", _BOTH),
    ("tổ chức đảng cơ sở", _BOTH),
    ("tổ chức đảng trực thuộc", _BOTH),
    ("ban thường vụ đảng ủy cơ sở", (K.GRASSROOTS_COMMITTEE,)),
    ("ban chấp hành đảng bộ cơ sở", (K.GRASSROOTS_COMMITTEE,)),
    ("đảng bộ cơ sở", (K.GRASSROOTS_COMMITTEE,)),
    ("đảng ủy cơ sở", (K.GRASSROOTS_COMMITTEE,)),
    ("chi bộ cơ sở", (K.GRASSROOTS_CELL,)),
    ("chi ủy cơ sở", (K.GRASSROOTS_CELL,)),
    ("chi bộ trực thuộc", (K.GRASSROOTS_CELL,)),
    ("cơ quan tổ chức - nội vụ", (K.ORGANISATION_DEPARTMENT,)),
    ("ban xây dựng đảng", (K.ORGANISATION_DEPARTMENT,)),
    ("ban tổ chức", (K.ORGANISATION_DEPARTMENT,)),
    ("văn phòng", (K.OFFICE,)),
    ("ban thường vụ", (K.STANDING_COMMITTEE,)),
    ("ban thường trực ủy ban mặt trận", (K.FRONT,)),
    ("thường trực hội đồng nhân dân", (K.GOVERNMENT,)),
    ("thường trực hđnd", (K.GOVERNMENT,)),
    ("thường trực", (K.STANDING_COMMITTEE,)),
    ("hội đồng nhân dân", (K.GOVERNMENT,)),
    ("ủy ban nhân dân", (K.GOVERNMENT,)),
    ("hđnd", (K.GOVERNMENT,)),
    ("ubnd", (K.GOVERNMENT,)),
    ("mặt trận tổ quốc", (K.FRONT,)),
    ("tổ chức chính trị - xã hội", (K.FRONT,)),
    ("đoàn thể", (K.FRONT,)),
    ("cơ quan chuyên trách tham mưu, giúp việc", (K.ADVISORY_BODY,)),
    ("cơ quan tham mưu, giúp việc", (K.ADVISORY_BODY,)),
    ("ban xây dựng đảng, văn phòng", (K.ADVISORY_BODY, K.OFFICE)),
    ("ủy ban kiểm tra", (K.ADVISORY_BODY,)),
    ("các ban đảng", (K.ADVISORY_BODY,)),
    ("cơ quan, đơn vị", (K.AGENCY,)),
    ("phòng, ban", (K.AGENCY,)),
    ("sở, ban, ngành", (K.AGENCY,)),
    ("ban, ngành", (K.AGENCY,)),
    ("đơn vị sự nghiệp", (K.AGENCY,)),
    ("nhà trường", (K.AGENCY,)),
    ("tập thể lãnh đạo, quản lý", (K.LEADERSHIP,)),
    ("tập thể lãnh đạo cơ quan, đơn vị", (K.LEADERSHIP,)),
    ("tập thể lãnh đạo", (K.LEADERSHIP,)),
    ("huyện ủy", (K.DISTRICT_COMMITTEE,)),
    ("thị ủy", (K.TOWN_COMMITTEE,)),
    ("thành ủy", (K.TOWN_COMMITTEE,)),
    ("đảng ủy khối", (K.BLOC_COMMITTEE,)),
    ("đảng ủy các cơ quan", (K.BLOC_COMMITTEE,)),
)
# Who stands at the head, by the words of the issuer; the first row that fits.
ORGANISER_WORDS: tuple[tuple[str, UnitKind], ...] = (
    ("đảng ủy khối", K.BLOC_COMMITTEE),
    ("đảng ủy các cơ quan", K.BLOC_COMMITTEE),
    ("đảng ủy ủy ban nhân dân", K.BLOC_COMMITTEE),
    ("huyện ủy", K.DISTRICT_COMMITTEE),
    ("thị ủy", K.TOWN_COMMITTEE),
    ("tỉnh ủy", K.PROVINCIAL_COMMITTEE),
    ("thành ủy", K.TOWN_COMMITTEE),
    ("đảng ủy xã", K.COMMUNE_COMMITTEE),
    ("đảng ủy phường", K.COMMUNE_COMMITTEE),
    ("đảng ủy đặc khu", K.COMMUNE_COMMITTEE),
    ("đảng ủy thị trấn", K.COMMUNE_COMMITTEE),
)
# fmt: on
CENTRAL_CITIES = ("hà nội", "hồ chí minh", "hải phòng", "đà nẵng", "cần thơ", "huế")  # their Thành ủy is a province's
_COMMUNE = r"(?:xa|phuong|thi tran|dac khu)\b"
_COMMUNES = re.compile(rf"dang (?:uy|bo) (?:cac )?{_COMMUNE}(?:,? (?:va )?{_COMMUNE})*")
_UNDER = re.compile(r"\bdang (?:uy|bo) truc thuoc\b")
_WHOLE = re.compile(r"\bban chap hanh dang bo (?:huyen|thi xa|thanh pho|tinh|khoi|xa|phuong)\b")
_BELOW = frozenset({K.DISTRICT_COMMITTEE, K.TOWN_COMMITTEE, K.BLOC_COMMITTEE})
_COMMITTEE = r"(?: (?:cua )?(?:huyen uy|thi uy|thanh uy|tinh uy|dang uy)\b(?: (?:khoi|xa|phuong|thi tran)\b)?)?"
_ASIDE = re.compile(r"\([^)]*\)|\(?\btru (?:truong hop|cac)\b.*")
# Whose a body is says nothing about what it is: “chi bộ trực thuộc Thị ủy”, “cán bộ diện Ban Thường vụ Tỉnh ủy quản lý”.
_OVER = re.compile(
    r"(?:(truc thuoc)|dien|do) (?:ban thuong vu )?"
    r"(?:huyen uy|thi uy|thanh uy|tinh uy|dang uy(?: khoi| xa| phuong)?(?! co so| bo phan))\b"
)
# Words for somebody that no row above has covered: then the guess is not the whole answer.
_SOMEBODY = re.compile(
    r"\b(?<!dong )(?:chi bo|chi uy|dang bo|dang uy|cap uy|tap the|ca nhan|dang vien|can bo|nguoi dung dau|don vi)\b"
)


@dataclass(frozen=True, slots=True)
class Who:
    """The kinds that some words mean. ``sure`` is False where nothing, or not everything, was understood."""

    kinds: tuple[UnitKind, ...]
    sure: bool


def who_is(words: str | None, organiser: UnitKind | None) -> Who:
    """The kinds of units that ``words`` name, in the order of the words, in a plan of an ``organiser``."""
    if not words:
        return Who((), False)
    text = _OVER.sub(r"\1", _ASIDE.sub(" ", _plain(words)))
    found: list[tuple[int, tuple[UnitKind, ...]]] = []
    for pattern, kinds in _patterns(organiser):
        for match in pattern.finditer(text):
            found.append((match.start(), kinds))
        text = pattern.sub(lambda match: "·" * len(match[0]), text)
    named = dict.fromkeys(kind for _, kinds in sorted(found, key=lambda one: one[0]) for kind in kinds)
    return Who(tuple(named), bool(named) and not _SOMEBODY.search(text))


def organiser_of(issuer: str | None) -> UnitKind | None:
    """The committee at the head, by the issuer's words; None when they do not say."""
    text = _plain(issuer or "")
    for words, kind in ORGANISER_WORDS:
        if _plain(words) in text:
            central = kind is K.TOWN_COMMITTEE and any(_plain(city) in text for city in CENTRAL_CITIES)
            return K.PROVINCIAL_COMMITTEE if central else kind
    return None


def _patterns(organiser: UnitKind | None) -> list[tuple[re.Pattern[str], tuple[UnitKind, ...]]]:
    """Longest first. The communes of a district are its grassroots committees; those of a province are committees."""
    communes = (K.GRASSROOTS_COMMITTEE,) if organiser in _BELOW else (K.COMMUNE_COMMITTEE,)
    under = (K.BLOC_COMMITTEE,) if organiser is K.PROVINCIAL_COMMITTEE else (K.GRASSROOTS_COMMITTEE,)
    head = [(_WHOLE, (organiser,))] if organiser else []
    return [*_LONG, *head, (_COMMUNES, communes), (_UNDER, under), *_SHORT]


def _plain(words: str) -> str:
    return " ".join(folded(words).replace("–", "-").replace(" ,", ",").split())


def _compiled(long: bool) -> list[tuple[re.Pattern[str], tuple[UnitKind, ...]]]:
    rows = sorted(((_plain(words), kinds) for words, kinds in ACTORS), key=lambda row: -len(row[0]))
    made = [(re.compile(rf"\b{re.escape(words)}\b{_COMMITTEE}"), kinds) for words, kinds in rows if words not in _NAMES]
    names = [(re.compile(rf"\b{re.escape(words)}\b"), kinds) for words, kinds in rows if words in _NAMES]
    return made if long else names


_NAMES = frozenset(map(_plain, ("huyện ủy", "thị ủy", "thành ủy", "đảng ủy khối", "đảng ủy các cơ quan")))
_LONG, _SHORT = _compiled(True), _compiled(False)
