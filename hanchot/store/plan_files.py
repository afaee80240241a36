"""Plan files: ``calendars/*.yaml`` to ``Plan`` and back, with errors that a person can act on.

``python -m hanchot.store.plan_files`` writes ``calendars/schema.json``, which editors read for completion.
"""

from __future__ import annotations

import json
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from hanchot.domain.errors import BadPlan, NotFound
from hanchot.domain.plan import Plan
from hanchot.settings import ROOT
from hanchot.store.plan_faults import problems_of
from hanchot.store.yaml_text import file_name, read_yaml

CALENDARS = ROOT / "calendars"


def load_plan(path: Path) -> Plan:
    """The plan in one file. Raises ``BadPlan``: the first error is the message, all of them are ``problems``."""
    text = read_yaml(path)
    name = file_name(path)
    if not isinstance(text.data, dict):
        raise BadPlan(f"{name}, dòng 1: cả tệp phải là các khóa như “key:”, “document:”; xem một kế hoạch có sẵn.")
    try:
        return Plan.model_validate(text.data)
    except ValidationError as wrong:
        problems = problems_of(wrong, text)
        first, more = problems[0], len(problems) - 1
        where = f"{name}, dòng {first['line']}" + (f", {first['path']}" if first["path"] else "")
        way_out = f"Còn {more} lỗi khác." if more else ""
        raise BadPlan(f"{where}: {first['message']}.", way_out=way_out, problems=tuple(problems)) from None


def find_plan(name_or_path: str, *folders: Path) -> Plan:
    """A plan by path, by file name (with or without ``.yaml``) or by key. Raises ``NotFound`` or ``BadPlan``.

    Folders are asked in their order (``Settings.calendar_dirs``); none named means the delivered one.
    """
    folders = folders or (CALENDARS,)
    named = [folder / name for folder in folders for name in (name_or_path, f"{name_or_path}.yaml")]
    for path in (Path(name_or_path), *named):
        if path.is_file():
            return load_plan(path)
    for plan in plans_in(*folders):
        if plan.key == name_or_path:
            return plan
    names = [path.stem for path in plan_paths(*folders)]
    close = get_close_matches(name_or_path, names, n=1) or names
    way_out = f"Có: {', '.join(close)}." if close else f"Thư mục {file_name(folders[-1])} chưa có kế hoạch nào."
    raise NotFound(f"Không thấy kế hoạch “{name_or_path}”.", way_out=way_out, thing="kế hoạch", value=name_or_path)


def plans_in(*folders: Path) -> tuple[Plan, ...]:
    """Every plan of the folders, by file name."""
    return tuple(load_plan(path) for path in plan_paths(*(folders or (CALENDARS,))))


def plan_paths(*folders: Path) -> tuple[Path, ...]:
    """The plan files of the folders, by name; a file hides one of the same name in a later folder."""
    files = {path.name: path for folder in reversed(folders) for path in folder.glob("*.yaml")}
    return tuple(files[name] for name in sorted(files))


def dump_plan(plan: Plan) -> str:
    """The plan as YAML text; loading it gives an equal plan. What equals the schema's default is left out."""
    data = plan.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    data = {"schema": plan.version} | data | {"year": plan.year, "milestones": data.pop("milestones")}
    head = "# yaml-language-server: $schema=schema.json\n"
    return head + yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)


def schema() -> dict[str, Any]:
    """The JSON Schema of a plan file."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | Plan.model_json_schema(by_alias=True)


def schema_text() -> str:
    """The schema as it stands in ``calendars/schema.json``."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


class _Dumper(yaml.SafeDumper):
    """Writes dates without quotes (our reader keeps them as text) and quotes all that YAML 1.1 would misread."""

    def ignore_aliases(self, data: object) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


_Dumper.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeDumper.yaml_implicit_resolvers.items()
}


if __name__ == "__main__":
    (CALENDARS / "schema.json").write_text(schema_text(), encoding="utf-8")
