"""Paragraphs into sentences, and a sentence's deadlines: times found, phrases matched, duties told from history."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from hanchot.reader.grammar.building import Built, Season, build, words_of
from hanchot.reader.grammar.duties import is_duty, is_held, is_receipt, leads_to_a_time
from hanchot.reader.grammar.phrases import LABELS, TABLE, WEAK_LABELS, Phrase
from hanchot.reader.grammar.spelling import fold
from hanchot.reader.grammar.template import Sieve, compiled, index_of, slots_in
from hanchot.reader.grammar.times import Time, annotated, find_times

_STOP = re.compile(r"(?<=[.!?…])[\"”’)]*\s+(?=[\"“(]?[A-ZĐÀ-Ỵ])")
_ABBREVIATED = re.compile(r"(?:\b(?:TP|Tp|tp|Q|P|TX|tx|Th[sS]|TS|PGS|GS|BS|đ/c|Đ/c|v\.v|tr|NĐ|sđd|No|St)|\b[A-ZĐ])\.$")
_TRIGGER = re.compile(r"[\ue000-\uf8fe]|trước|sau|lịch|riêng|ngay|truoc|mới|thời gian")
_LATEST = re.compile(r"(?:chậm|muộn|trễ) nhất|hạn c|không")
_FOR = re.compile(r"\s*(?:đối với|cho|với)\s[^;.\ue000-\uf8ff]{3,70}(?:,|;|và|còn)\s*$")
_AND = re.compile(r"\s*\)?\s*(?:,|;|và|,\s*và)?\s*(?:[\ue000-\uf8ff]+|đối với)?\s*[(:]?\s*$")
_DONE = re.compile(r"(?<!\w)đã\s+(?:hoàn thành|xong|thực hiện|tổ chức|ban hành|gửi|triển khai)")
_TRUE_ONE_FOLLOWS = re.compile(r"\s*[:(]?\s*(?:trước|chậm|muộn|từ|không quá)(?!\w)")  # “quý II trước ngày 22/6”
_ENDED = re.compile(
    r"\([^)]*$|(?:kết thúc|bắt đầu|khai giảng)\s*$"
)  # in brackets, or of a school year that “kết thúc trước ngày …”
_SENDS = re.compile(r"(?<!\w)(?:gửi|mời|tài liệu|chuyển|thông báo)(?!\w)")
_FROM = re.compile(r"(?<!\w)(?:từ|sau)\s*$")  # “từ ngày 15/11”: when it begins, not when it is due
_EVERY = re.compile(r"(?:hằng|hàng|mỗi)\s+năm")


@dataclass(frozen=True)
class Sentence:
    """A sentence of a paragraph: its own words, their folded form, and where it starts in the paragraph."""

    text: str
    folded: str
    start: int


@dataclass(frozen=True)
class Found:
    """A deadline in a sentence: what it says and where its words stand (in the sentence)."""

    deadline: Built
    start: int
    end: int


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of one paragraph. An abbreviation's point ends none."""
    start = 0
    for stop in _STOP.finditer(text):
        if _ABBREVIATED.search(text[start : stop.start() + 1]) or _ABBREVIATED.search(text[start : stop.start()]):
            continue
        yield Sentence(text[start : stop.start()], fold(text[start : stop.start()]), start)
        start = stop.end()
    if text[start:].strip():
        yield Sentence(text[start:], fold(text[start:]), start)


def deadlines_in(sentence: Sentence, season: Season, *, labelled: bool = False) -> list[Found]:
    """Every deadline that the sentence words, by place. ``labelled``: it stands in a column of deadlines."""
    times = find_times(sentence.folded)
    text = annotated(sentence.folded, times)
    if not times and not _TRIGGER.search(text):
        return []
    label, weak = _label(text, LABELS), _label(text, WEAK_LABELS)
    weak = weak if weak is not None else leads_to_a_time(text)
    found: list[Found] = []
    taken = bytearray(len(text))
    for split in (False, True):
        for phrase, match in _matches(text, split):
            start, end = _bounds(match)
            if any(taken[start:end]) or not _is_meant(phrase, match, sentence.folded, label or weak, labelled):
                continue
            taken[start:end] = b"\x01" * (end - start)
            found += (
                one
                for one in _built(phrase, match, times, text, taken, season, sentence)
                if not _is_past(one, season, phrase, sentence.folded)
            )
        if not _left_over(times, taken):
            break
    if label is not None or weak is not None or labelled:
        found += _bare(times, text, taken, label or weak or 0, season, days=labelled or label is not None, cell=labelled)
    return sorted(_without_anchors(found, sentence.folded), key=lambda one: one.start)


def _is_past(one: Found, season: Season, phrase: Phrase, folded: str) -> bool:
    """A day before the document's own is history, unless firm words make it a duty: then it stays, with its doubt.

    So is a stretch of half a year and more: a period that is looked at.
    """
    deadline = one.deadline[0]
    start, end = getattr(deadline, "start", None), getattr(deadline, "end", None)
    if (
        start
        and end
        and not phrase.firm
        and (end - start).days > 150
        and phrase.kind == "within"
        and "{year}" not in phrase.words
    ):
        return True
    day = end or getattr(deadline, "date", None)
    if not isinstance(day, date) or season.issued_on is None or day >= season.issued_on:
        return False
    return not phrase.firm or bool(_ENDED.search(folded[: one.start]))


def _without_anchors(found: list[Found], folded: str) -> list[Found]:
    """“Sau khi có kết luận, thông báo trong 03 ngày”: what the days are counted from is no order of its own."""
    counted = any(one.deadline[0].kind != "order" for one in found)
    return [
        one
        for one in found
        if not (counted and one.deadline[0].kind == "order" and one.start <= 8 and folded.startswith("sau khi", one.start))
    ]


def _matches(text: str, split: bool) -> list[tuple[Phrase, re.Match[str]]]:
    """Candidates, in the order of the table's sections; of one section the longest first."""
    found = [
        (TABLE[rank], match, rank)
        for rank in _SIEVE.passing(text, slots_in(text))
        if not split or TABLE[rank].kind not in ("order", "announced")
        for match in compiled(TABLE[rank].words, split=split).finditer(text)
    ]
    found.sort(key=lambda one: (_SECTION[one[0].kind], -_weight(one[1]), one[2]))
    return [(phrase, match) for phrase, match, _ in found]


_SIEVE = Sieve([phrase.words for phrase in TABLE])
_SECTION = {
    "weekly": 0,
    "monthly": 0,
    "quarterly": 0,
    "lead": 1,
    "after": 1,
    "within": 2,
    "before": 2,
    "by": 2,
    "announced": 3,
    "order": 4,
}


def _weight(match: re.Match[str]) -> int:
    return match.end() - match.start()


def _bounds(match: re.Match[str]) -> tuple[int, int]:
    lead = len(match[0]) - len(match[0].lstrip(" ,("))
    return match.start() + lead, match.end()


def _is_meant(phrase: Phrase, match: re.Match[str], folded: str, label: int | None, labelled: bool) -> bool:
    start, end = _bounds(match)
    named = labelled or (label is not None and start >= label - 1)
    if phrase.words == "trước {span}":
        return bool(_SENDS.search(folded[:start])) and bool(re.match(r"\s*(?:[.;,)]|$)", folded[end:]))
    if not phrase.firm and phrase.kind in ("lead", "after") and match.groupdict().get("event"):
        return is_held(match["event"]) if phrase.kind == "lead" else is_receipt(match["event"])
    return is_duty(phrase.kind, folded, start, end, firm=phrase.firm, labelled=named)


def _built(
    phrase: Phrase, match: re.Match[str], times: list[Time], text: str, taken: bytearray, season: Season, sentence: Sentence
) -> Iterator[Found]:
    slots, (start, end) = _slots(match, times), _bounds(match)
    slots["bound"] = "before" if "trước" in match[0] and not _LATEST.search(match[0]) else "by"
    slots["fixed"] = (phrase.days, phrase.working)
    slots["open"] = (
        phrase.kind == "within" and "đến" not in match[0] and " - " not in match[0] and bool(re.search(r"\btừ\b", match[0]))
    )
    if slots.get("event") or phrase.kind in ("lead", "after"):
        slots["event"] = words_of(_said(sentence.text, match))
    if phrase.kind in ("before", "by") and slots["days"]:
        for extra in _listed(times, text, end):
            slots["days"].append(extra)
            end = extra.end
        taken[start:end] = b"\x01" * (end - start)
    every = bool(_EVERY.search(sentence.folded))
    for deadline in build(phrase.kind, slots, season, every=every):
        yield Found(deadline, start, end)


def _slots(match: re.Match[str], times: list[Time]) -> dict[str, Any]:
    slots: dict[str, Any] = {"days": []}
    days: list[Time] = []
    for name, letter in match.groupdict().items():
        if letter is None or name.startswith("event"):
            slots |= {"event": letter} if letter else {}
        elif name in ("day", "day2"):
            days.append(times[index_of(letter)])
        else:
            slots[name] = times[index_of(letter)]
    return slots | {"days": days}


def _said(text: str, match: re.Match[str]) -> str | None:
    return text[match.start("event") : match.end("event")] if match.groupdict().get("event") else None


def _listed(times: list[Time], text: str, end: int) -> Iterator[Time]:
    """Days that go on a list: “trước ngày 20/3, 20/6 và 20/9”."""
    for one in times:
        between = text[end : one.start]
        if one.start >= end and one.slot == "day" and ((between.strip(" ()") and _AND.match(between)) or _FOR.match(between)):
            yield one
            end = one.end


def _left_over(times: list[Time], taken: bytearray) -> bool:
    """A day with no phrase: perhaps a word was split."""
    return any(one.slot in ("day", "dom", "span") and not taken[one.start] for one in times)


def _label(text: str, labels: tuple[str, ...]) -> int | None:
    """Where what a label announces begins, or None."""
    found = _labels(labels).search(text)
    return found.end() if found else None


@cache
def _labels(labels: tuple[str, ...]) -> re.Pattern[str]:
    words = "|".join(compiled(label).pattern for label in sorted(labels, key=len, reverse=True))
    return re.compile(rf"(?:^|[-+*•.;)\s]\s*)(?:{words})[^.;:\ue000-\uf8ff]{{0,160}}:\s*")


def _bare(
    times: list[Time], text: str, taken: bytearray, label: int, season: Season, *, days: bool, cell: bool
) -> Iterator[Found]:
    """Days, months and quarters that stand alone after a label or in a column (``cell``); days only where asked."""
    for one in times:
        if one.start < label or taken[one.start] or one.slot not in ("day", "pair", "month", "quarter"):
            continue
        begins = bool(_FROM.search(text[: one.start]))
        if _DONE.search(text[: one.start]) or _TRUE_ONE_FOLLOWS.match(text, one.end):
            continue
        if one.slot == "day" and (not days or _is_event(times, one) or (begins and not cell)):
            continue
        kind, slots = ("by", {"days": [one]}) if one.slot == "day" else ("within", {"days": [], one.slot: one})
        if begins and one.slot == "day":
            kind, slots = "within", {"days": [one], "open": True}
        for built in build(kind, {**slots, "bound": "by"}, season, every=False):
            yield Found(built, one.start, one.end)


def _is_event(times: list[Time], day: Time) -> bool:
    """“08h00 ngày 20/12”: somebody meets then; nothing is due."""
    return any(one.slot == "time" and 0 <= day.start - one.end <= 3 for one in times)
