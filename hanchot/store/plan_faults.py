"""What is wrong in a plan file, in Vietnamese: pydantic's errors as line, key path, value and way out."""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from hanchot.domain.deadline import Deadline
from hanchot.domain.plan import Plan
from hanchot.store.yaml_text import PathKey, Text

Problem = dict[str, object]
# tags of the deadline union: part of pydantic's path, not of the file's
_KINDS = frozenset(kind.__name__.lower() for kind in get_args(get_args(Deadline)[0]))


def problems_of(wrong: ValidationError, text: Text) -> list[Problem]:
    """Every error as ``line``, ``path``, ``value`` and ``message`` (no full stop), in the order of the file."""
    errors = wrong.errors(include_url=False)
    found = [_problem(details, text) for details in errors if not _echo(details, errors)]
    return sorted(found, key=lambda problem: int(str(problem["line"])))


def _echo(details: ErrorDetails, errors: list[ErrorDetails]) -> bool:
    """A list is called too short when its members are the ones that are wrong: said once is enough."""
    loc = details["loc"]
    return details["type"] == "too_short" and any(e["loc"][: len(loc)] == loc and e["loc"] != loc for e in errors)


def _problem(details: ErrorDetails, text: Text) -> Problem:
    path = _file_path(details["loc"], text.data)
    message = _message(details, path)
    if not path and (n := _named_milestone(message, text.data)) is not None:
        path = ("milestones", n)
    return {"line": text.line_of(path), "path": _shown(path), "value": details["input"], "message": message}


def _file_path(loc: tuple[int | str, ...], data: Any) -> PathKey:
    """pydantic's path without the union tags: only steps that lead somewhere in the file, and a last missing key."""
    path: list[int | str] = []
    for n, step in enumerate(loc):
        holder = data
        inside = isinstance(holder, dict | list)
        if isinstance(holder, dict) and step not in holder and step in _KINDS and path and path[-1] == "deadline":
            continue
        path.append(step)
        if inside:
            data = _step(holder, step)
        elif n + 1 < len(loc):
            break
    return tuple(path)


def _step(holder: Any, step: int | str) -> Any:
    if isinstance(holder, dict):
        return holder.get(step)
    return holder[step] if isinstance(step, int) and step < len(holder) else None


def _shown(path: PathKey) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")


def _named_milestone(message: str, data: Any) -> int | None:
    """The last milestone whose key an error of the whole plan speaks of."""
    words = set(re.findall(r"[a-z0-9]+(?:-[a-z0-9]+)*", message))
    milestones = data.get("milestones") if isinstance(data, dict) else None
    keys = [m.get("key") if isinstance(m, dict) else None for m in milestones or []]
    return next((n for n in reversed(range(len(keys))) if keys[n] in words), None)


def _message(details: ErrorDetails, path: PathKey) -> str:
    kind, ctx = details["type"], details.get("ctx", {})
    say = _SAYINGS.get(kind)
    if say:
        return say(_quoted(details["input"]), ctx, path)
    if kind == "value_error":
        return str(ctx.get("error", details["msg"]))
    return f"{_quoted(details['input'])}: {details['msg']}"


def _quoted(value: object) -> str:
    if value is None:
        return "trống"
    shown = "cả mục" if isinstance(value, dict | list | tuple) else str(value)
    return f"“{shown[:60]}…”" if len(shown) > 60 else f"“{shown}”"


def _choice(value: str, ctx: dict[str, Any], _: PathKey) -> str:
    expected = str(ctx.get("expected") or ctx.get("expected_tags", ""))
    allowed = re.findall(r"'([^']*)'", expected) or [expected]
    close = get_close_matches(value.strip("“”"), allowed, n=1, cutoff=0.5)
    way_out = f"có phải ý là “{close[0]}”" if close else f"chọn một trong: {', '.join(allowed)}"
    return f"{value} không có trong danh sách; {way_out}"


def _not_a_date(value: str, _: dict[str, Any], __: PathKey) -> str:
    if re.fullmatch(r"“\d{4}-\d\d-\d\d”", value):
        return f"{value} không phải ngày có thật; sửa theo văn bản gốc"
    return f"{value} không phải ngày; viết năm-tháng-ngày, ví dụ 2024-12-15"


def _extra(_: str, __: dict[str, Any], path: PathKey) -> str:
    known = sorted(Plan.model_fields) if len(path) == 1 else []
    close = get_close_matches(str(path[-1]), known, n=1)
    hint = f"có phải ý là “{close[0]}”" if close else "xóa đi hoặc xem lại loại của mục này"
    return f"“{path[-1]}” không dùng ở đây; {hint}"


_Saying = Callable[[str, dict[str, Any], PathKey], str]
_SAYINGS: dict[str, _Saying] = {
    "date_from_datetime_parsing": _not_a_date,
    "date_parsing": _not_a_date,
    "date_type": _not_a_date,
    "date_from_datetime_inexact": _not_a_date,
    "time_parsing": lambda v, _c, _p: f'{v} không phải giờ; viết trong dấu nháy, ví dụ "15:00"',
    "time_type": lambda v, _c, _p: f'{v} không phải giờ; viết trong dấu nháy, ví dụ "15:00"',
    "enum": _choice,
    "literal_error": _choice,
    "union_tag_invalid": lambda v, c, p: _choice(f"“{c.get('tag')}”", c, p),
    "union_tag_not_found": lambda _v, _c, _p: "thiếu “kind”; nói rõ loại hạn, không nêu hạn thì viết kind: unset",
    "missing": lambda _v, _c, p: f"thiếu “{p[-1]}”; bổ sung theo văn bản gốc",
    "extra_forbidden": _extra,
    "int_type": lambda v, _c, _p: f"{v} không phải số; viết một số nguyên",
    "int_parsing": lambda v, _c, _p: f"{v} không phải số; viết một số nguyên",
    "bool_type": lambda v, _c, _p: f"{v} không phải true hay false; chọn một trong hai",
    "bool_parsing": lambda v, _c, _p: f"{v} không phải true hay false; chọn một trong hai",
    "string_type": lambda v, _c, _p: f"{v} không phải chữ; viết trong dấu nháy",
    "string_too_short": lambda _v, _c, _p: "để trống; điền nội dung hoặc xóa dòng",
    "string_too_long": lambda v, c, _p: f"{v} dài quá {c['max_length']} ký tự; viết gọn lại",
    "string_pattern_mismatch": lambda v, _c, _p: f"{v} sai cách viết; chỉ dùng chữ thường không dấu, số và gạch nối",
    "greater_than_equal": lambda v, c, _p: f"{v} nhỏ hơn {c['ge']}; sửa theo văn bản gốc",
    "less_than_equal": lambda v, c, _p: f"{v} lớn hơn {c['le']}; sửa theo văn bản gốc",
    "too_short": lambda _v, c, _p: f"cần ít nhất {c['min_length']} mục; bổ sung",
    "too_long": lambda _v, c, _p: f"nhiều quá {c['max_length']} mục; bớt lại",
    "tuple_type": lambda v, _c, _p: f"{v} phải là danh sách; viết [a, b] hoặc mỗi dòng một gạch đầu dòng",
    "model_type": lambda v, _c, _p: f"{v} phải là một mục có các khóa; viết {{khóa: giá trị}}",
    "model_attributes_type": lambda v, _c, _p: f"{v} phải là một mục có các khóa; viết {{khóa: giá trị}}",
}
