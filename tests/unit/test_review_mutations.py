"""The tables of ``tests/golden/rules`` hold the rules: change one number, order or decider in the data and a case fails."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from hanchot.domain.review_rules import ReviewRules, in_force
from hanchot.store.review_files import REVIEWS
from hanchot.store.yaml_text import read_yaml
from tests.unit import test_review_golden as golden

Path = tuple[str | int, ...]
Check = Callable[[dict[str, Any]], None]
FILES: dict[str, Any] = {path.stem: read_yaml(path).data for path in sorted(REVIEWS.glob("*.yaml"))}
TABLES: tuple[tuple[Check, str], ...] = (
    (golden.test_who_is_reviewed, "who.yaml"),
    (golden.test_where_a_person_is_reviewed, "where.yaml"),
    (golden.test_what_must_come_first, "order.yaml"),
    (golden.test_whether_a_meeting_may_be_booked, "sessions.yaml"),
    (golden.test_who_may_decide, "authority.csv"),
    (golden.test_what_a_dossier_lacks, "dossiers.yaml"),
    (golden.test_what_quarters_do, "quarters.csv"),
)
CASES = [(check, row.values[0]) for check, name in TABLES for row in golden.cases(name)]
SAME = {
    ("huyen-2023", "order.edges[0]"),  # follows from the other edges of IV.4, IV.5 and III
    ("quang-ngai-13-hd-tu", "authority.rows[4].decides"),  # in doubt: nobody decides, whoever is named
}


def changes(node: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Numbers up and down by one, every decider another, every edge, row and paper left out (None)."""
    for step, value in node.items() if isinstance(node, dict) else enumerate(node):
        here = (*path, step)
        if step in ("schema", "no"):
            continue
        if isinstance(value, int) and not isinstance(value, bool):
            yield from ((here, value + 1), (here, value - 1))
        elif step == "decides" and path[0] == "authority":
            yield here, "other"
        elif path and path[-1] in ("edges", "rows"):
            yield here, None
        if isinstance(value, dict | list):
            yield from changes(value, here)


def changed(key: str, path: Path, value: Any) -> dict[str, Any]:
    files = copy.deepcopy(FILES)
    node = files[key]
    for step in path[:-1]:
        node = node[step]
    if value is None:
        del node[path[-1]]
    elif value == "other":
        node[path[-1]] = next(body for body in files[key]["authority"]["bodies"] if body != node[path[-1]])
    else:
        node[path[-1]] = value
    return files


def is_held(files: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the models or a case notice."""
    try:
        known = {key: ReviewRules.model_validate(data) for key, data in files.items()}
        rules = {key: in_force(key, known) for key in known}
    except ValueError:
        return True
    monkeypatch.setattr(golden, "rules_of", rules.__getitem__)
    for check, case in CASES:
        try:
            check(case)
        except (AssertionError, KeyError):
            return True
    return False


def shown(path: Path) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")


@pytest.mark.parametrize("key", FILES)
def test_every_number_order_and_decider_is_held_by_a_case(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    calendar = golden.load_workdays()
    monkeypatch.setattr(golden, "load_workdays", lambda: calendar)
    assert not is_held(FILES, monkeypatch)
    loose = {shown(path) for path, value in changes(FILES[key]) if not is_held(changed(key, path, value), monkeypatch)}
    assert loose == {path for other, path in SAME if other == key}
