"""YAML that people write by hand: safe, small, and every value keeps its line for the error message.

Dates, times and words such as ``off`` stay text; a duplicate key, an alias or a bottomless nesting is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from hanchot.domain.errors import BadPlan, HanChotError

MAX_BYTES = 1_000_000
MAX_DEPTH = 24
PathKey = tuple[str | int, ...]

_BOOL = re.compile(r"true|false")
_INT = re.compile(r"-?(?:0|[1-9][0-9]*)")
_NULL = re.compile(r"null|~|")


class YamlFault(Exception):
    """One thing wrong in the text; ``line`` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


@dataclass(frozen=True)
class Text:
    """Plain data and the line on which each path begins (the key's line, for a mapping's entry)."""

    data: Any
    lines: dict[PathKey, int]

    def line_of(self, path: PathKey) -> int:
        """The line of ``path``, or of its nearest parent that the text holds."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def file_name(path: Path) -> str:
    """How messages name a file: as it was given, or folder and name when the path is absolute."""
    return f"{path.parent.name}/{path.name}" if path.is_absolute() else str(path)


def read_yaml(path: Path, error: type[HanChotError] = BadPlan) -> Text:
    """The data of a YAML file. Raises ``error`` with file, line and way out."""
    name = file_name(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise error(f"{name}: tệp lớn hơn {MAX_BYTES // 1_000_000} MB; một kế hoạch chỉ vài chục KB, xem lại tệp.")
        return parse_yaml(path.read_text(encoding="utf-8-sig"))
    except YamlFault as fault:
        raise error(f"{name}, dòng {fault.line}: {fault.message}") from None
    except UnicodeDecodeError:
        raise error(f"{name}: tệp không phải chữ UTF-8; lưu lại với bảng mã UTF-8.") from None
    except OSError:
        raise error(f"{name}: không mở được tệp; kiểm tra tên và quyền đọc.") from None


def parse_yaml(text: str) -> Text:
    """Data and lines of one YAML document. Raises ``YamlFault``."""
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as broken:
        mark = broken.problem_mark or broken.context_mark
        line = mark.line + 1 if mark else 1
        raise YamlFault(line, "không đọc được YAML; xem thụt lề, dấu hai chấm, dấu nháy.") from None
    except yaml.YAMLError:
        raise YamlFault(1, "có ký tự không được phép trong YAML; gõ lại chỗ đó.") from None
    if root is None:
        raise YamlFault(1, "tệp trống; chép một kế hoạch có sẵn rồi sửa.")
    lines: dict[PathKey, int] = {}
    return Text(_plain(root, (), lines), lines)


class _Loader(yaml.SafeLoader):
    """Composes nodes only; keeps dates and times as text, refuses aliases and deep nesting."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event: yaml.Event = self.peek_event()  # type: ignore[no-untyped-call]
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise YamlFault(line, f"dùng bí danh “*{event.anchor}”; chép thẳng nội dung vào đây.")
        if self.depth >= MAX_DEPTH:
            raise YamlFault(line, f"lồng quá {MAX_DEPTH} tầng; kế hoạch không cần sâu như vậy, xem lại thụt lề.")
        self.depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1


def _plain(node: yaml.Node, path: PathKey, lines: dict[PathKey, int]) -> Any:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, lines)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, (*path, n), lines) for n, child in enumerate(node.value)]
    return _scalar(node)


def _mapping(node: yaml.MappingNode, path: PathKey, lines: dict[PathKey, int]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise YamlFault(line, "khóa phải là một từ; viết “khóa: giá trị”.")
        key = key_node.value
        if key in data:
            raise YamlFault(line, f"khóa “{key}” viết hai lần; giữ một.")
        lines[(*path, key)] = line
        data[key] = _plain(value_node, (*path, key), lines)
    return data


def _scalar(node: yaml.Node) -> Any:
    if not isinstance(node, yaml.ScalarNode) or node.style is not None:  # quoted or block: always text
        return node.value
    for pattern, convert in _SCALARS:
        if pattern.fullmatch(node.value):
            return convert(node.value)
    return node.value


_SCALARS: tuple[tuple[re.Pattern[str], Callable[[str], Any]], ...] = (
    (_NULL, lambda _: None),
    (_BOOL, lambda word: word == "true"),
    (_INT, lambda digits: int(digits) if len(digits) < 19 else digits),
)
