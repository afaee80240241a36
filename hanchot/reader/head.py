"""The head of a document: number, issuer, kind, title, year, day of issue, and what it is based on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from hanchot.domain.draft import DocumentKind, Head
from hanchot.domain.plan import LegalBasis
from hanchot.reader.grammar.spelling import fold
from hanchot.reader.grammar.times import find_times
from hanchot.reader.lines import Block

KINDS: tuple[tuple[str, DocumentKind], ...] = (
    ("kế hoạch", "plan"), ("hướng dẫn", "guidance"), ("quy định", "regulation"), ("quy chế", "regulation"),
    ("quyết định", "regulation"), ("công văn", "letter"), ("thông báo", "letter"), ("kính gửi", "letter"), ("v/v", "letter"),
    ("thông tri", "guidance"),
)  # fmt: skip
_FOLDED_KINDS = tuple((fold(word), kind) for word, kind in KINDS)
_NUMBER = re.compile(r"\bsố\s*:?\s*(?P<number>\d{1,5}(?:\s?[-/]\s?[\w]+)+)", re.IGNORECASE)
_OWN_NUMBER = re.compile(
    r"(?:kèm theo|ban hành kèm)\s+\w+\s+\w+\s+số\s+(?P<number>[\w/-]+)"
    r"(?:\s+ngày\s+(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4}))?",
    re.IGNORECASE,
)
_CITED = re.compile(r"(?:số\s*:?\s*)?(?P<number>\d{1,5}\s?[-/]\s?(?:\d{4}\s?/\s?)?\w*[A-ZĐ]\w*(?:\s?[-/]\s?[A-ZĐ]\w*)*)")
_OF = re.compile(r"[^;.]{0,45}?\bcủa\s+(?P<issuer>[A-ZĐ][^;,.()]{2,60})")
_OF_ENDS = re.compile(
    r"\s+(?:về|hướng dẫn|quy định|thực hiện|ban hành|ngày|và (?=[A-ZĐ][^;]{0,30}số)|sửa đổi|khóa|chủ trương|kiểm điểm)\b.*$"
)
_PLACE_DAY = re.compile(r"(?:[^,]{1,40},\s*|\W*)ngày\s")
_BODY = re.compile(
    r"^(?:đảng\s+(?:ủy|bộ)|ban\s|(?:huyện|thị|thành|tỉnh|quận)\s+ủy|chi\s+(?:bộ|ủy)|ủy\s+ban|ubnd|sở\s|phòng\s|trường\s|"
    r"bệnh\s+viện|trung\s+tâm|văn\s+phòng|"
    r"cục\s|chi\s+cục|hội\s|đoàn\s|công\s+an|bộ\s|tổng\s+cục|viện\s|cơ\s+quan|ngân\s+hàng|công\s+ty|học\s+viện|đại\s+học|của\s+ban)"
)
_ISSUES = re.compile(
    r"(?P<who>[A-ZĐÀ-Ỵ][^.;:]{3,110}?)\s+(?:xây dựng|ban hành|hướng dẫn|đề nghị|yêu cầu|thông báo|triển khai|tổ chức)\b"
)
_MOTTO = ("đảng cộng sản việt nam", "cộng hòa xã hội", "độc lập")


def read_head(blocks: list[Block]) -> Head:
    """What stands before the first clause (and in the line that names an annex's document)."""
    opening = _opening(blocks)
    number, issued = _number(opening, blocks)
    kind, title, at = _title(opening)
    issued = issued or _issued(opening)
    bases = _bases(opening)
    year = _year(title) or _year(" ".join(block.text for block in opening)[:1500])
    if title and re.search(r"(?:hằng|hàng) năm", fold(title)) and _year(title) is None:
        year = None  # a standing guidance
    return Head(
        number=number,
        issuer=_issuer(opening, at),
        title=title,
        kind=kind,
        year=year,
        issued_on=issued,
        legal_bases=bases,
    )


def _opening(blocks: list[Block]) -> list[Block]:
    first = next((index for index, block in enumerate(blocks) if block.clause), None)
    return blocks[: first if first is not None else min(len(blocks), 25)]


def _number(opening: list[Block], blocks: list[Block]) -> tuple[str | None, date | None]:
    for block in opening:
        if block.marker is None and not fold(block.text).startswith(("căn cứ", "thực hiện", "kính gửi", "theo")):
            for part in re.split(r"\t", block.text):
                if (found := _NUMBER.match(part.strip())) and not re.match(r"^\s*ngày", part[found.end() :]):
                    return re.sub(r"\s", "", found["number"]), None
    for block in blocks:
        if found := _OWN_NUMBER.search(block.text):
            return found["number"], _day(found)
    return None, None


def _title(opening: list[Block]) -> tuple[DocumentKind, str | None, int]:
    """Kind, title in one line, and the index of the block that holds the kind."""
    for index, block in enumerate(opening):
        low = fold(block.text)
        for word, kind in _FOLDED_KINDS:
            if not low.startswith(word) or (kind != "letter" and not block.text[: len(word)].isupper()):
                continue
            if word == "kính gửi":
                return kind, _subject(opening), index
            return kind, _whole_title(opening, index), index
    return ("letter" if _subject(opening) else "plan"), _subject(opening), -1


def _subject(opening: list[Block]) -> str | None:
    for block in opening:
        for part in block.text.split("\t"):
            if found := re.search(r"\b[Vv]/v\s*:?\s*(.{5,300})", part):
                return found[1].strip()
    return None


def _whole_title(opening: list[Block], index: int) -> str:
    parts = [opening[index].text]
    for block in opening[index + 1 : index + 5]:
        low = fold(block.text)
        if (
            low.startswith(("thực hiện", "căn cứ", "kính gửi", "- căn cứ", "số ", "trên cơ sở", "nhằm", "để "))
            or len(" ".join(parts)) > 320
            or block.text.endswith(("như sau:", ";"))
        ):
            break
        parts.append(block.text)
    return re.sub(r"\s+", " ", " ".join(parts)).strip()[:400]


def _issued(opening: list[Block]) -> date | None:
    """“Tân Lập, ngày 05 tháng 11 năm 2025”; None where the day is left blank."""
    for block in opening:
        for part in block.text.split("\t"):
            low = fold(part).strip()
            times = find_times(low) if _PLACE_DAY.match(low) else []
            if times and times[-1].end >= len(low) - 1 and times[-1].slot == "day" and times[-1].year:
                return _real(times[-1].year, times[-1].month, times[-1].day)
    return None


def _issuer(opening: list[Block], at: int) -> str | None:
    """Who issues it: “của Ban …” under the title, else who the preamble says issues it, else the letterhead's last body."""
    for block in opening[max(at, 0) : at + 3]:
        if fold(block.text).startswith("của ban"):
            return _cased(block.text[4:])
    for block in reversed(opening):
        text = re.sub(r"^.*[,;.]\s+(?=(?:Ban|Đảng|Ủy|Uỷ|Sở|Phòng|Chi|Huyện|Tỉnh|Trường|Bệnh)\s)", "", block.text)
        if (found := _ISSUES.match(text)) and _BODY.match(fold(found["who"])):
            return re.sub(r"\s+(?:đã|sẽ|tiếp tục)$", "", found["who"].strip())
    bodies = list(_letterhead(opening[: at if at > 0 else 8]))
    return _cased(bodies[-1]) if bodies else None


def _letterhead(top: list[Block]) -> Iterator[str]:
    """The bodies in capitals above the title; “ỦY BAN NHÂN DÂN” takes the place that stands in the line below it."""
    parts = [part.strip() for block in top for part in block.text.split("\t")]
    for part, below in zip(parts, [*parts[1:], ""], strict=True):
        low = fold(part)
        if part.isupper() and _BODY.match(low) and not low.startswith(_MOTTO):
            place = below if low == "ủy ban nhân dân" and below.isupper() and not fold(below).startswith(_MOTTO) else ""
            yield f"{part} {place}".strip()


def _cased(text: str) -> str:
    """“BAN THƯỜNG VỤ HUYỆN ỦY” → “Ban thường vụ huyện ủy”: names keep what cannot be known."""
    return text.strip().capitalize() if text.isupper() else text.strip()


def _bases(opening: list[Block]) -> tuple[LegalBasis, ...]:
    """What the preamble cites, in order; a number cited twice with two days stands twice."""
    found: dict[tuple[str, date | None], LegalBasis] = {}
    for block in opening:
        if re.search(r"(?:^|[.;]\s*|- )(?:thực hiện|căn cứ|theo|trên cơ sở|tiếp theo|thi hành)\b", fold(block.text)):
            for basis in _cited(block.text):
                known = [key for key in found if key[0] == basis.number]
                if basis.issued_on or not known:
                    found.setdefault((basis.number, basis.issued_on), basis)
    return tuple(found.values())


def _cited(text: str) -> Iterator[LegalBasis]:
    times = find_times(fold(text))
    for match in _CITED.finditer(text):
        number = re.sub(r"\s", "", match["number"])
        if not re.search(r"[A-ZĐ]{2}|/NĐ|/QH", number):
            continue
        day = next((one for one in times if 0 <= one.start - match.end() <= 4 and one.year and one.day), None)
        of = _OF.match(text, day.end if day else match.end())
        issuer = _OF_ENDS.sub("", of["issuer"]).strip() if of else None
        yield LegalBasis(number=number, issued_on=_real(day.year, day.month, day.day) if day else None, issuer=issuer)


def _real(year: int | None, month: int | None, day: int | None) -> date | None:
    try:
        return date(year or 0, month or 0, day or 0)
    except ValueError:
        return None


def _day(found: re.Match[str]) -> date | None:
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except (TypeError, ValueError):
        return None


def _year(text: str | None) -> int | None:
    if not text:
        return None
    folded = fold(text)
    if found := re.search(r"năm học\s+(20\d\d)\s?-\s?(20\d\d)", folded):
        return int(found[2])
    years = [
        int(found[1])
        for found in re.finditer(r"(?<!tháng )(?:năm|năm:|quý [ivx\d]+/)\s*(20\d\d)(?!\s?-\s?20)", _without_days(folded))
    ]
    return years[0] if years else None


def _without_days(folded: str) -> str:
    for one in reversed(find_times(folded)):
        if one.slot in ("day", "cited", "month"):
            folded = folded[: one.start] + " " * (one.end - one.start) + folded[one.end :]
    return folded
