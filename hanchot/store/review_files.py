"""Rules of review: ``calendars/reviews/*.yaml`` to ``ReviewRules``, with errors that a person can act on.

``python -m hanchot.store.review_files`` writes ``calendars/reviews/schema.json``, which editors read for completion.
"""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import ValidationError

from hanchot.domain.errors import BadPlan, NotFound
from hanchot.domain.review_rules import ReviewRules, in_force
from hanchot.settings import ROOT
from hanchot.store.plan_faults import problems_of
from hanchot.store.yaml_text import file_name, read_yaml

REVIEWS = ROOT / "calendars" / "reviews"


def load_review_rules(path: Path) -> ReviewRules:
    """The rules in one file. Raises ``BadPlan``: the first error is the message, all of them are ``problems``."""
    text = read_yaml(path)
    try:
        return ReviewRules.model_validate(text.data)
    except ValidationError as wrong:
        problems = problems_of(wrong, text)
        first = problems[0]
        where = f"{file_name(path)}, dòng {first['line']}, {first['path'] or 'cả tệp'}"
        raise BadPlan(f"{where}: {first['message']}.", problems=tuple(problems)) from None


def review_rules_of(key: str, folder: Path = REVIEWS) -> ReviewRules:
    """The rules of a plan with its silences filled from the central ones. Raises ``NotFound`` or ``BadPlan``."""
    known = {rules.key: rules for rules in map(load_review_rules, sorted(folder.glob("*.yaml")))}
    try:
        return in_force(key, known)
    except KeyError as unknown:
        name = unknown.args[0]
        way_out = f"Thêm tệp {name}.yaml, hoặc chọn một trong: {', '.join(known)}."
        said = f"Không thấy quy tắc kiểm điểm “{name}” trong {file_name(folder)}."
        raise NotFound(said, way_out=way_out, thing="quy tắc kiểm điểm", value=name) from None
    except ValueError as wrong:
        raise BadPlan(f"{file_name(folder)}, {key}: {wrong}", thing="quy tắc kiểm điểm", value=key) from None


def schema_text() -> str:
    """The JSON Schema of a file, as it stands in ``calendars/reviews/schema.json``."""
    schema = ReviewRules.model_json_schema(by_alias=True)
    return json.dumps({"$schema": "https://json-schema.org/draft/2020-12/schema"} | schema, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    (REVIEWS / "schema.json").write_text(schema_text(), encoding="utf-8")
