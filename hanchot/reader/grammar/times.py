"""Expressions of time as documents write them: a table of forms, each with an example, and what each one means.

What is found here is only a time; whether it is a deadline is for the phrases around it (``phrases.py``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Literal

from hanchot.reader.grammar.template import SLOTS, Sieve, compiled, mark

Mark = Literal["", "next", "every"]
_NEXT = "(năm sau|của năm sau|năm kế tiếp|năm tiếp theo|năm liền kề|năm tới|của năm kế tiếp|của năm tiếp theo|của năm liền kề)"
_EVERY = "(hằng năm|hàng năm|mỗi năm|của hằng năm|của hàng năm|của năm đánh giá|của năm)"
_WORDS = {
    "một": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10, "mười lăm": 15,
    "hai mươi": 20, "ba mươi": 30,
}  # fmt: skip
_WEEKDAYS = {"hai": 1, "ba": 2, "tư": 3, "năm": 4, "sáu": 5, "bảy": 6, **{str(n): n - 1 for n in range(2, 8)}}
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, **{str(n): n for n in range(1, 5)}}


@dataclass(frozen=True)
class Time:
    """One expression found: ``slot`` its sort, ``start``/``end`` its place in the sentence. Unused fields are None.

    ``parts`` are first and last day of a part of a month (31 for its end). ``mark`` is ``next`` for “năm sau”, ``every``
    for “hằng năm”. ``number`` counts the days of a span; a month counts thirty
    (Bộ luật Dân sự 2015, Điều 146).
    """

    slot: str
    start: int
    end: int
    day: int | None = None
    month: int | None = None
    year: int | None = None
    quarter: int | None = None
    mark: Mark = ""
    clock: time | None = None
    midnight: bool = False
    number: int | None = None
    working: bool = False
    parts: tuple[int, int] | None = None
    day2: int | None = None
    month2: int | None = None


Groups = Mapping[str, str | None]


@dataclass(frozen=True)
class Form:
    """One way of writing a time. ``example`` is read by a test: the form must find exactly that."""

    slot: str
    template: str
    example: str
    more: Callable[[Groups], dict[str, object]] = lambda groups: {}


def _marked(word: Mark) -> Callable[[Groups], dict[str, object]]:
    return lambda groups: {"mark": word}


def _clock(groups: Groups) -> dict[str, object]:
    hour, minute = int(groups["h"] or 0), int(groups.get("min") or 0)
    return {"midnight": True} if hour == 24 else {"clock": time(hour, minute)}


def _afternoon(groups: Groups) -> dict[str, object]:
    hour = int(groups["h"] or 0)
    return {"clock": time(hour + 12 if hour < 12 else hour)}


def _span(per: int, working: bool = False) -> Callable[[Groups], dict[str, object]]:
    def made(groups: Groups) -> dict[str, object]:
        return {"number": int(groups["n"] or 0) * per, "working": working}

    return made


def _said(number: int, per: int, working: bool = False) -> Callable[[Groups], dict[str, object]]:
    return lambda groups: {"number": number * per, "working": working}


def _part(first: int, last: int) -> Callable[[Groups], dict[str, object]]:
    return lambda groups: {"parts": (first, last)}


def _number(value: int) -> Callable[[Groups], dict[str, object]]:
    return lambda groups: {"number": value}


def _days() -> list[Form]:
    forms = [
        Form("pair", "[ngày] {d} (-|đến|tới) [hết] [ngày] {d}/{m}/{y}", "01-15/12/2024"),
        Form("pair", "[ngày] {d} (-|đến|tới) [hết] [ngày] {d} tháng {m} năm {y}", "ngày 01 đến ngày 15 tháng 12 năm 2024"),
        Form("pair", "[ngày] {d} (-|đến|tới) [hết] [ngày] {d}/{m}", "01-15/12"),
        Form("pair", "ngày {d} (-|đến|tới) [hết] [ngày] {d} tháng {m}", "ngày 01 đến 15 tháng 12"),
    ]
    for sep in "-.":
        forms.append(
            Form("pair", f"[ngày] {{d}} (đến|tới) [hết] [ngày] {{d}}{sep}{{m}}{sep}{{y}}", f"01 đến 08{sep}12{sep}2021")
        )
        forms.append(
            Form(
                "pair", f"{{d}}{sep}{{m}} (đến|tới) [hết] [ngày] {{d}}{sep}{{m}}{sep}{{y}}", f"30{sep}11 đến 04{sep}12{sep}2020"
            )
        )
        forms.append(Form("day", f"[ngày] {{d}}{sep}{{m}} {_NEXT}", f"15{sep}01 năm sau", _marked("next")))
        forms.append(Form("day", f"[ngày] {{d}}{sep}{{m}} {_EVERY}", f"30{sep}11 hằng năm", _marked("every")))
        forms.append(Form("day", f"{{d}}{sep}{{m}}", f"10{sep}12"))
    for sep in "/-.":
        forms.append(Form("day", f"[ngày] {{d}}{sep}{{m}}{sep}{{y}}", f"ngày 05{sep}12{sep}2022"))
    forms += [
        Form("day", "[ngày] {d} [,] tháng {m} [,] năm {y}", "ngày 05 tháng 12 năm 2024"),
        Form("day", "[ngày] {d} tháng {m}/{y}", "ngày 05 tháng 12/2024"),
        Form("day", "[ngày] {d} tháng {m}-{y}", "05 tháng 12-2024"),
        Form("day", "[ngày] {d}/{m} năm {y}", "05/12 năm 2024"),
        Form("day", f"[ngày] {{d}}/{{m}} {_NEXT}", "15/01 năm sau", _marked("next")),
        Form("day", f"[ngày] {{d}} tháng {{m}} {_NEXT}", "ngày 15 tháng 01 năm sau", _marked("next")),
        Form("day", f"[ngày] {{d}}/{{m}} {_EVERY}", "30/11 hằng năm", _marked("every")),
        Form("day", f"[ngày] {{d}} tháng {{m}} {_EVERY}", "ngày 30 tháng 11 hàng năm", _marked("every")),
        Form("day", "[ngày] {d} tháng {m}", "ngày 05 tháng 12"),
        Form("day", "[ngày] {d}/{m}", "5/12"),
        Form("day", "ngày {d}-{m}", "ngày 5-12"),
        Form("day", "ngày {d}.{m}", "ngày 5.12"),
    ]
    return forms


_PARTS = (
    ("(đầu tháng)", "đầu tháng", 1, 10),
    ("(tuần đầu tháng|tuần đầu tiên của tháng|tuần thứ nhất của tháng|tuần 1 tháng|tuần đầu của tháng)", "tuần đầu tháng", 1, 7),
    ("(mười ngày đầu tháng|10 ngày đầu tháng|10 ngày đầu của tháng)", "10 ngày đầu tháng", 1, 10),
    ("(05 ngày đầu tháng|5 ngày đầu tháng|05 ngày đầu của tháng)", "05 ngày đầu tháng", 1, 5),
    ("(tuần thứ hai của tháng|tuần thứ 2 của tháng|tuần 2 tháng|tuần thứ hai tháng|tuần thứ 2 tháng)", "tuần thứ hai của tháng", 8, 14),
    ("(giữa tháng|trung tuần tháng)", "giữa tháng", 11, 20),
    ("(tuần thứ ba của tháng|tuần thứ 3 của tháng|tuần 3 tháng|tuần thứ ba tháng|tuần thứ 3 tháng)", "tuần thứ ba của tháng", 15, 21),
    ("(thượng tuần tháng|nửa đầu tháng)", "nửa đầu tháng", 1, 15),
    ("(nửa cuối tháng|nửa sau tháng)", "nửa cuối tháng", 16, 31),
    ("(cuối tháng|hạ tuần tháng|10 ngày cuối tháng)", "cuối tháng", 21, 31),
    ("(tuần cuối tháng|tuần cuối của tháng|tuần cuối cùng của tháng|tuần thứ tư của tháng|tuần thứ 4 của tháng|tuần 4 tháng)",
     "tuần cuối tháng", 22, 31),
)  # fmt: skip


def _months() -> list[Form]:
    forms = []
    for words, example, first, last in _PARTS:
        for rest in ("{m}/{y}", "{m} năm {y}", "{m}-{y}", "{m}"):
            forms.append(Form("month", f"{words} {rest}", f"{example} {rest.format(m=12, y=2024)}", _part(first, last)))
    forms += [
        Form("month", "tháng {m}/{y}", "tháng 12/2024"),
        Form("month", "tháng {m} năm {y}", "tháng 02 năm 2022"),
        Form("month", "tháng {m}-{y}", "tháng 12-2024"),
        Form("month", "tháng {m}.{y}", "tháng 12.2024"),
        Form("month", f"tháng {{m}} {_NEXT}", "tháng 01 năm sau", _marked("next")),
        Form("month", f"tháng {{m}} {_EVERY}", "tháng 12 hằng năm", _marked("every")),
        Form("month", "tháng mười hai năm {y}", "tháng mười hai năm 2024", lambda groups: {"month": 12}),
        Form("month", "tháng mười một năm {y}", "tháng mười một năm 2024", lambda groups: {"month": 11}),
        Form("month", "tháng {m}", "tháng 12"),
    ]
    return forms


_SPAN_OF = (
    ("ngày làm việc", 1, True), ("ngày", 1, False), ("tuần làm việc", 5, True), ("tuần", 7, False), ("tháng", 30, False),
)  # fmt: skip


def _spans() -> list[Form]:
    forms = [
        Form("span", "24 giờ", "24 giờ", _said(1, 1)),
        Form("span", "48 giờ", "48 giờ", _said(2, 1)),
        Form("span", "72 giờ", "72 giờ", _said(3, 1)),
    ]
    for unit, per, working in _SPAN_OF:
        forms.append(Form("span", f"{{n}} {{said}} {unit}", f"05 (năm) {unit}", _span(per, working)))
        forms += [
            Form("span", f"{word} {unit}", f"{word} {unit}", _said(value, per, working)) for word, value in _WORDS.items()
        ]
    return forms


_OF_QUARTER = "[của] [mỗi|từng|hằng|hàng] quý"
_NEXT_QUARTER = "[của] quý (sau|tiếp theo|kế tiếp|liền kề|tới)"


def _recurring() -> list[Form]:
    return [
        Form("moq", f"[của] tháng (đầu|đầu tiên|thứ nhất) {_NEXT_QUARTER}", "tháng đầu quý sau", _number(1)),
        Form("moq", f"[của] tháng (cuối|cuối cùng|thứ ba|thứ 3) {_OF_QUARTER}", "tháng cuối quý", _number(3)),
        Form("moq", f"[của] tháng (giữa|thứ hai|thứ 2) {_OF_QUARTER}", "tháng thứ hai của quý", _number(2)),
        Form("moq", f"[của] tháng (đầu|đầu tiên|thứ nhất) {_OF_QUARTER}", "tháng đầu của mỗi quý", _number(1)),
        Form("moq", "[của] tháng (sau|liền sau|tiếp theo|kế tiếp|liền kề) [của] quý", "tháng liền sau quý", _number(1)),
        Form("moq", "[của] [các] tháng (3|03) , (6|06) , (9|09) [(,|và|và tháng) 12]", "tháng 3, 6, 9 và 12", _number(3)),
        Form("moq", "[của] [các] tháng (3|03) , (6|06) và (9|09)", "các tháng 3, 6 và 9", _number(3)),
        Form("moq", "[của] [các] tháng (4|04) , (7|07) , (10) [(,|và|và tháng) (01|1)]", "tháng 4, 7, 10 và 01", _number(1)),
        Form("moq", "[của] [các] tháng (4|04) , (7|07) và 10", "tháng 4, 7 và 10", _number(1)),
        Form("eom", "ngày [làm việc] (cuối cùng|cuối) [của|trong] [(hằng|hàng|mỗi|từng)] tháng", "ngày cuối cùng của tháng"),
        Form("monthly", "[của] (hằng|hàng|mỗi|từng) tháng", "hằng tháng"),
        Form("monthly", "[của] tháng (sau|kế tiếp|tiếp theo|liền kề|liền sau|kế sau)", "tháng kế tiếp"),
        Form("weekly", "(hằng|hàng|mỗi) tuần", "hằng tuần"),
        Form("quarterly", "[của] (hằng|hàng|mỗi|từng) quý", "hằng quý"),
        Form("yearly", "(hằng|hàng|mỗi) năm", "hằng năm"),
    ]


def _others() -> list[Form]:
    forms = [
        Form("quarter", "quý {q}/{y}", "quý I/2025"),
        Form("quarter", "quý {q} [,] năm {y}", "quý IV năm 2025"),
        Form("quarter", "quý {q}-{y}", "quý I-2025"),
        Form("quarter", f"quý {{q}} {_NEXT}", "quý I năm sau", _marked("next")),
        Form("quarter", "quý {q}", "quý III"),
        Form("time", "{h} giờ (sáng|trưa)", "10 giờ sáng", _clock),
        Form("time", "{h} giờ (chiều|tối)", "3 giờ chiều", _afternoon),
        Form("time", "{h} giờ {min} [phút] (sáng|trưa)", "10 giờ 30 phút sáng", _clock),
        Form("time", "{h} giờ {min} [phút]", "17 giờ 00", _clock),
        Form("time", "{h}h{min} [phút]", "17h00", _clock),
        Form("time", "{h}:{min}", "16:30", _clock),
        Form("time", "{h} giờ", "15 giờ", _clock),
        Form("time", "{h}h", "15h", _clock),
        Form("time", "{h}g{min}", "16g30", _clock),
        Form("weekday", "[ngày] chủ nhật", "chủ nhật", _number(7)),
        Form("dom", "ngày [mùng|mồng] {d}", "ngày 20"),
        Form("dom", "(mùng|mồng) {d}", "mồng 5"),
        Form("year", "năm {y}", "năm 2025"),
    ]
    return forms + [Form("weekday", f"[ngày] thứ {word}", f"thứ {word}", _number(number)) for word, number in _WEEKDAYS.items()]


FORMS: tuple[Form, ...] = (*_days(), *_recurring(), *_months(), *_spans(), *_others())
# a day or a month that belongs to a cited document: “Quy định số 124-QĐ/TW ngày 04/10/2023”
_CITED = re.compile(
    r"(?:\bsố\s*:?\s*[\w/.-]+(?:\s*-\s*\w+)?|\b\d+\s?[-/]\s?[\w/]*[^\W\d_][\w/-]*)\s*,?\s*(?:đã\s+)?(?:ký|ban hành|được ban hành)?\s*(?:vào\s+)?$"
)
# what makes “10/12” a share and no day
_SHARE = re.compile(
    r"\s*(?:%|phiếu|số\b|đảng viên|đồng chí|thành viên|tổng số|chỉ tiêu|tiêu chí|đơn vị|người|điểm|phòng|chi bộ|cơ quan|nội dung|/|-\s?[^\W\d])"
)
_TRIGGER = re.compile(r"\d|quý|thứ|tuần|tháng|năm|ngày|chủ nhật", re.IGNORECASE)


_SIEVE = Sieve([form.template for form in FORMS])


def find_times(folded: str) -> list[Time]:
    """Every expression of time in a folded sentence, by place; of two that overlap the longer, then the earlier form."""
    if not _TRIGGER.search(folded):
        return []
    found = [one for place in _SIEVE.passing(folded) for one in _found(FORMS[place], folded)]
    taken, chosen = bytearray(len(folded)), []
    for one in sorted(found, key=lambda one: one.start - one.end):
        if not any(taken[one.start : one.end]):
            taken[one.start : one.end] = b"\x01" * (one.end - one.start)
            chosen.append(_or_cited(one, folded))
    return sorted(chosen, key=lambda one: one.start)


def _found(form: Form, folded: str) -> Iterator[Time]:
    for match in compiled(form.template).finditer(folded):
        if form.slot not in ("day", "pair") or _is_a_day(folded, match):
            yield _time(form, match, match.start() + len(match[0]) - len(match[0].lstrip(" ,(")))


def annotated(folded: str, times: list[Time]) -> str:
    """The sentence with a mark of equal length in place of each time."""
    for index, one in enumerate(times):
        folded = folded[: one.start] + mark(one.slot, index, one.end - one.start) + folded[one.end :]
    return folded


def _time(form: Form, match: re.Match[str], start: int) -> Time:
    groups = match.groupdict()
    facts: dict[str, object] = {
        field: int(groups[name]) for field, name in (("day", "d"), ("day2", "d2"), ("month", "m"), ("month2", "m2"), ("year", "y"))
        if groups.get(name)
    }  # fmt: skip
    if quarter := groups.get("q"):
        facts["quarter"] = _QUARTERS[quarter]
    facts |= form.more(groups)
    return Time(form.slot, start, match.end(), **facts)  # type: ignore[arg-type]  # the table's own fields


def _is_a_day(text: str, match: re.Match[str]) -> bool:
    if "y" in match.groupdict() or "ngày" in match[0] or "tháng" in match[0]:
        return not re.match(r"/\w|-[^\W\d]", text[match.end() :])
    before = text[: match.start()].rstrip()
    if "/" not in match[0]:  # “10-12” may be anything; only beside a word of time is it a day
        return bool(re.search(r"(?:^|nhất|trước|hết|hạn|đến|từ|ngày|vào|là)$", before)) and not _SHARE.match(text, match.end())
    return not _SHARE.match(text, match.end()) and not before.endswith(
        ("số", "số:", "điều", "điểm", "mẫu", "khoản", "đạt", "/")
    )


def _or_cited(one: Time, folded: str) -> Time:
    if one.slot == "day" and one.year and _CITED.search(folded[: one.start]):
        return Time("cited", one.start, one.end, day=one.day, month=one.month, year=one.year)
    return one


assert {form.slot for form in FORMS} <= set(SLOTS)
