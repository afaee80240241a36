"""Regulation files: ``calendars/regulations/*.yaml`` to ``Regulation``, with errors that a person can act on.

A file that ``extends`` another says only what differs: ``requirements``, ``caps`` and ``doubts`` are joined by key, every
other part replaces the one below. ``python -m hanchot.store.regulation_files`` writes ``calendars/regulations/schema.json``.
"""

from __future__ import annotations

import json
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from hanchot.domain.acts import number_key
from hanchot.domain.errors import BadPlan, NotFound
from hanchot.domain.regulation import Regulation
from hanchot.store.act_files import REGISTER
from hanchot.store.plan_faults import problems_of
from hanchot.store.yaml_text import Text, file_name, read_yaml

REGULATIONS = REGISTER.parent
SCHEMA = REGULATIONS / "schema.json"
JOINED = ("requirements", "caps", "doubts")
# What a file says of itself and never takes from the one below.
HEAD = frozenset({"schema", "key", "number", "title", "issuer", "guidance", "in_force_from", "replaced_by", "extends", "seen"})


def load_regulations(calendars: Path | None = None) -> tuple[Regulation, ...]:
    """The delivered regulations and those beside the calendars in ``calendars``, by key; read once. Raises ``BadPlan``.

    A file of one's own hides the delivered one of the same name, and may extend a delivered one.
    """
    files = _files(REGULATIONS) | (_files(calendars / "regulations") if calendars else {})
    return _load(tuple((files[name].resolve(), files[name].stat().st_mtime_ns) for name in sorted(files)))


def find_regulation(name: str, calendars: Path | None = None) -> Regulation:
    """A regulation by key or by number, however it is spelled. Raises ``NotFound`` or ``BadPlan``."""
    known = load_regulations(calendars)
    for one in known:
        if name == one.key or number_key(name) == number_key(one.number):
            return one
    keys = [one.key for one in known]
    close = get_close_matches(name.casefold(), keys, n=1) or keys
    raise NotFound(f"Không thấy quy định “{name}”.", way_out=f"Có: {', '.join(close)}.", thing="quy định", value=name)


def schema_text() -> str:
    """The JSON Schema of a regulation file. A file that extends another may leave out what it takes from there."""
    made = Regulation.model_json_schema(by_alias=True)
    made["properties"].pop("lineage")
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(dialect | made, ensure_ascii=False, indent=1) + "\n"


def _files(folder: Path) -> dict[str, Path]:
    return {path.name: path for path in folder.glob("*.yaml") if path.name != REGISTER.name}


@lru_cache(maxsize=8)
def _load(files: tuple[tuple[Path, int], ...]) -> tuple[Regulation, ...]:
    texts = {path.stem: (path, read_yaml(path)) for path, _ in files}
    return tuple(_one(key, texts) for key in texts)


def _one(key: str, texts: dict[str, tuple[Path, Text]]) -> Regulation:
    path, text = texts[key]
    name = file_name(path)
    if not isinstance(text.data, dict):
        raise BadPlan(f"{name}, dòng 1: cả tệp phải là các khóa như “key:”, “number:”; xem một quy định có sẵn.")
    if text.data.get("key") != key:
        line = text.line_of(("key",))
        raise BadPlan(f"{name}, dòng {line}, key: “{text.data.get('key')}” khác tên tệp; viết key: {key}.")
    lineage = _lineage(key, texts)
    for base in lineage:
        text = _joined(texts[base][1], text)
    try:
        return Regulation.model_validate(text.data | {"lineage": lineage})
    except ValidationError as wrong:
        problems = problems_of(wrong, text)
        first, more = problems[0], len(problems) - 1
        where = f"{name}, dòng {first['line']}" + (f", {first['path']}" if first["path"] else "")
        way_out = f"Còn {more} lỗi khác." if more else ""
        raise BadPlan(f"{where}: {first['message']}.", way_out=way_out, problems=tuple(problems)) from None


def _lineage(key: str, texts: dict[str, tuple[Path, Text]]) -> list[str]:
    """The keys below ``key``, nearest first."""
    found: list[str] = []
    at = key
    while base := texts[at][1].data.get("extends"):
        path, text = texts[at]
        where = f"{file_name(path)}, dòng {text.line_of(('extends',))}, extends"
        if base not in texts:
            raise BadPlan(f"{where}: không có tệp “{base}”; có: {', '.join(texts)}.")
        if base in (key, *found):
            raise BadPlan(f"{where}: “{base}” đi vòng về chính nó; bỏ một “extends”.")
        found.append(base)
        at = base
    return found


def _joined(below: Text, own: Text) -> Text:
    """``own`` with what it leaves out taken from ``below``; every path of its own keeps its line."""
    data: dict[str, Any] = {name: part for name, part in below.data.items() if name not in HEAD} | own.data
    moved: dict[str, int] = {}
    for name in JOINED:
        mine, theirs = own.data.get(name), below.data.get(name)
        if isinstance(mine, list) and isinstance(theirs, list):
            keys = {part.get("key") for part in mine if isinstance(part, dict)}
            kept = [part for part in theirs if not (isinstance(part, dict) and part.get("key") in keys)]
            data[name] = [*kept, *mine]
            moved[name] = len(kept)
    lines = {}
    for path, line in own.lines.items():
        if len(path) > 1 and isinstance(path[1], int) and path[0] in moved:
            path = (path[0], path[1] + moved[str(path[0])], *path[2:])
        lines[path] = line
    return Text(data, lines)


if __name__ == "__main__":
    SCHEMA.write_text(schema_text(), encoding="utf-8")
