"""The forms of a draft: what stands in their fields, and what a person typed, read into the domain's own types.

A field that cannot be read has one sentence beside it; what was typed is kept as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from hanchot.board.days import read_day
from hanchot.board.writing import Form
from hanchot.domain.deadline import EVENTS_VI, Deadline
from hanchot.domain.decisions import Answer, Head
from hanchot.domain.proposal import Proposal, key_of

T = TypeVar("T", bound=BaseModel)
Values = dict[str, Any]
Faults = dict[str, str]
KIND_VI = {
    "before": "trước ngày (không tính ngày ấy)",
    "by": "chậm nhất ngày, đến hết ngày",
    "within": "trong khoảng: tháng, quý, từ … đến …",
    "weekly": "hằng tuần",
    "monthly": "hằng tháng",
    "quarterly": "hằng quý",
    "yearly": "hằng năm: ngày, tháng không năm",
    "lead": "mấy ngày trước một sự kiện",
    "after": "mấy ngày sau một sự kiện",
    "announced": "lịch gửi sau",
    "order": "chỉ nêu thứ tự trước sau",
    "unset": "không nêu hạn",
}
# which fields a kind of deadline has; the page shows only these, the reader takes only these
KIND_FIELDS = {
    "before": ("date", "time", "inclusive"),
    "by": ("date", "time"),
    "within": ("start", "end"),
    "weekly": ("weekday", "time", "bound"),
    "monthly": ("day", "time", "bound"),
    "quarterly": ("day", "month_of_quarter", "time", "bound"),
    "yearly": ("month_day", "bound", "next_year"),
    "lead": ("days", "working_days", "anchor"),
    "after": ("days", "working_days", "anchor"),
    "announced": ("anchor",),
    "order": ("anchor",),
    "unset": (),
}
_NEEDED = {"date", "weekday", "day", "month_of_quarter", "month_day", "days", "bound"}
_MONTH_DAY = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})")
_CLOCK = re.compile(r"(\d{1,2})\s*(?:h|g|giờ|:)\s*(\d{1,2})?")
_HEAD = ("key", "organiser", "issuer", "number", "issued_on", "year", "regulation", "parent", "name")
_DEADLINE: TypeAdapter[Deadline] = TypeAdapter(Deadline)
_FIELD_VI = {
    "title": "Tên mốc", "stage": "Bước", "applies_to": "Áp dụng cho", "clause": "Mục", "phrase": "Câu chữ về hạn",
    "to": "Gửi ai", "via": "Qua", "settled": "Cách hiểu", "key": "Khóa", "organiser": "Cấp tổ chức thực hiện", "kind": "Loại",
    "issuer": "Cơ quan ban hành", "number": "Số", "issued_on": "Ngày ban hành", "year": "Năm", "regulation": "Quy định áp dụng",
    "parent": "Văn bản cấp trên", "quarters": "Các quý", "weekday": "Thứ", "day": "Ngày trong tháng",
    "month_of_quarter": "Tháng của quý", "days": "Số ngày",
}  # fmt: skip


def values_of(one: Answer | Proposal) -> Values:
    """What stands in the fields of a milestone's form."""
    kinds = one.applies_to if isinstance(one, Answer) else one.kinds
    return {
        "title": one.title, "stage": str(one.stage or ""), "applies_to": [str(kind) for kind in kinds], "clause": one.clause,
        "phrase": one.phrase or "", "to": one.to or "", "via": one.via or "", "period": one.period,
        "optional": "1" if one.optional else "", "provides": one.provides or "", "until": getattr(one, "until", None) or "",
        "settled": getattr(one, "settled", None) or "", **deadline_values(one.deadline),
    }  # fmt: skip


def blank_values() -> Values:
    """The form of a milestone to be added: without a date until the document gives one."""
    names = ("title", "stage", "clause", "phrase", "to", "via", "optional", "provides", "until", "settled", "reason")
    return {name: "" for name in names} | {"applies_to": [], "period": "annual"} | _no_deadline("unset")


def deadline_values(deadline: Deadline) -> Values:
    """The fields of a deadline, every field of every kind, as a person would type them."""
    said = deadline.model_dump()
    shown = {name: _shown(value) for name, value in said.items() if value is not None}
    if deadline.kind == "yearly":
        shown["month_day"] = f"{deadline.date[5:7]}/{deadline.date[2:4]}"
        shown["date"] = ""
    if deadline.kind == "before":
        shown["inclusive"] = "1" if deadline.reading == "inclusive" else ""
    return _no_deadline(deadline.kind) | shown


def _no_deadline(kind: str) -> Values:
    names = {name for fields in KIND_FIELDS.values() for name in fields}
    return {name: "" for name in names} | {"bound": "before", "kind": kind}


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else ""
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else f"{value:%H:%M}" if hasattr(value, "hour") else str(value)


def typed_values(form: Form) -> Values:
    """What was typed, to be shown again."""
    typed = blank_values() | {name: "" for name in _HEAD} | {name: form.text(name) for name in form.texts}
    return typed | {
        "applies_to": list(form.all("applies_to")),
        "quarters": [int(q) for q in form.all("quarters") if q.isdecimal()],
    }


def read_answer(form: Form) -> tuple[Answer | None, Faults]:
    """The milestone in a form, or what is wrong with it, by field."""
    faults: Faults = {}
    deadline = _deadline(form, faults)
    names = ("stage", "clause", "phrase", "to", "via", "provides", "until", "settled")
    raw: Values = {name: form.text(name) or None for name in names}
    raw |= {"title": form.text("title"), "applies_to": form.all("applies_to"), "deadline": deadline}
    raw |= {"period": form.text("period") or "annual", "optional": bool(form.text("optional"))}
    if not raw["applies_to"]:
        faults["applies_to"] = "Chọn ít nhất một loại tổ chức phải làm việc này."
    if not raw["stage"]:
        faults["stage"] = "Chọn bước của việc này."
    made = _made(Answer, raw, faults)
    return (None, faults) if faults else (made, {})


def read_head(form: Form) -> tuple[Head | None, Faults]:
    """The head in a form, or what is wrong with it, by field. An empty year means a standing guidance."""
    faults: Faults = {}
    names = ("organiser", "kind", "title", "issuer", "number", "regulation", "parent", "year")
    raw: Values = {name: form.text(name) or None for name in names}
    raw |= {"key": key_of(form.text("key")) if form.text("key") else None, "quarters": form.all("quarters")}
    raw["issued_on"] = _parsed("issued_on", form.text("issued_on"), read_day, faults)
    made = _made(Head, raw, faults)
    return (None, faults) if faults else (made, {})


def _deadline(form: Form, faults: Faults) -> Deadline | None:
    kind = form.text("kind")
    if kind not in KIND_FIELDS:
        faults["kind"] = "Chọn loại hạn."
        return None
    raw: Values = {"kind": kind}
    for name in KIND_FIELDS[kind]:
        text = form.text(name)
        value = _parsed(name, text, _READERS.get(name, str), faults)
        if value is None and name in _NEEDED and name not in faults:
            faults[name] = "Điền chỗ này theo văn bản, hoặc chọn loại hạn khác."
        if value is not None:
            raw["date" if name == "month_day" else name] = value
    if raw.pop("inclusive", False):
        raw["reading"] = "inclusive"
    if kind in ("lead", "after") and not raw.get("anchor"):
        faults["anchor"] = "Chọn sự kiện mà hạn được tính từ đó."
    if kind == "within" and not faults and not raw.keys() & {"start", "end"}:
        faults["end"] = "Điền ngày đầu hoặc ngày cuối; văn bản không nêu thì chọn “không nêu hạn”."
    if "start" in raw and "end" in raw and raw["start"] > raw["end"]:
        faults["end"] = "Ngày cuối đứng trước ngày đầu; đổi chỗ hai ngày."
    if faults:
        return None
    try:
        return _DEADLINE.validate_python(raw)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        field = str(first["loc"][-1]) if first["loc"] and first["loc"][-1] in raw else "kind"
        faults["month_day" if (kind, field) == ("yearly", "date") else field] = _sentence(first, field)
        return None


def _parsed(name: str, text: str, reader: Callable[[str], Any], faults: Faults) -> Any:
    if not text:
        return None
    try:
        return reader(text)
    except ValueError as wrong:
        faults[name] = f"“{text[:40]}”: {wrong}"
        return None


def _month_day(text: str) -> str:
    found = _MONTH_DAY.fullmatch(text)
    if not found:
        raise ValueError("viết ngày/tháng, ví dụ 30/11.")
    return f"--{int(found[2]):02}-{int(found[1]):02}"


def _clock(text: str) -> str:
    found = _CLOCK.fullmatch(text.lower())
    if not found or int(found[1]) > 23 or int(found[2] or 0) > 59:
        raise ValueError("viết giờ:phút, ví dụ 15:00.")
    return f"{int(found[1]):02}:{int(found[2] or 0):02}"


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 4:
        raise ValueError("viết một số, ví dụ 5.")
    return int(text)


def _anchor(text: str) -> str:
    """One of the known events, or a name of the person's own."""
    return text if text in EVENTS_VI else key_of(text)


_READERS: dict[str, Callable[[str], Any]] = {
    "date": read_day, "start": read_day, "end": read_day, "month_day": _month_day, "time": _clock, "weekday": _number,
    "day": _number, "month_of_quarter": _number, "days": _number, "anchor": _anchor, "working_days": bool, "next_year": bool,
    "inclusive": bool,
}  # fmt: skip


def _made(model: type[T], raw: Values, faults: Faults) -> T | None:
    try:
        return model.model_validate(raw)
    except ValidationError as wrong:
        for error in wrong.errors():
            field = str(error["loc"][0]) if error["loc"] else "kind"
            if field != "deadline":
                faults.setdefault(field, _sentence(error, field))
        return None


def _sentence(error: Any, field: str = "") -> str:
    """pydantic's error as one sentence."""
    name, ctx = _FIELD_VI.get(field, "Chỗ này"), error.get("ctx", {})
    if error["type"] == "value_error":
        text = str(ctx.get("error", ""))
        return f"{text[:1].upper()}{text[1:]}."
    if error["type"] == "string_too_long":
        return f"{name} dài quá {ctx['max_length']} ký tự; viết gọn lại."
    if error["type"] in ("missing", "string_too_short", "string_type", "enum", "literal_error", "none_required"):
        return f"{name} còn trống hoặc không có trong danh sách; điền hoặc chọn lại."
    if error["type"] in ("greater_than_equal", "less_than_equal"):
        return f"{name} phải từ {ctx['ge']} trở lên." if "ge" in ctx else f"{name} không được quá {ctx['le']}."
    return f"{name} viết chưa đúng; xem lại theo văn bản."
