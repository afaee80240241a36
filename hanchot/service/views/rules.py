"""The rules as data: every regulation and what was read of it, and the rules of review of every plan."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel

from hanchot.domain.errors import NotFound
from hanchot.domain.regulation import Regulation, cites
from hanchot.domain.review_rules import ReviewRules
from hanchot.service.services import Services
from hanchot.store.regulation_files import find_regulation, load_regulations
from hanchot.store.review_files import REVIEWS, load_review_rules, review_rules_of


@dataclass(frozen=True)
class RulesRow:
    """One set of rules. ``values``: citations in all; ``unverified``: those whose text nobody has compared."""

    key: str
    name: str
    title: str
    values: int
    unverified: int


@dataclass(frozen=True)
class RulesList:
    regulations: tuple[RulesRow, ...]
    reviews: tuple[RulesRow, ...]


@dataclass(frozen=True)
class RulesPage:
    """``review``: the rules of review with its silences filled; at least one of the two is there. ``below``: numbers of the
    regulations that this one stands on, nearest first.
    """

    row: RulesRow
    regulation: Regulation | None
    review: ReviewRules | None
    below: tuple[str, ...] = ()


def rules_list(services: Services) -> RulesList:
    """All that are known, by number or name."""
    found = load_regulations(services.settings.own_calendars)
    known = {one.key for one in found}
    reviews = (one for one in _reviews(services).values() if one.key not in known)
    return RulesList(tuple(sorted(map(_of_regulation, found), key=_name)), tuple(sorted(map(_of_review, reviews), key=_name)))


def rules_page(services: Services, key: str) -> RulesPage:
    """By key, or by the number of a regulation. Raises ``NotFound``."""
    review = _reviews(services).get(key)
    try:
        found = find_regulation(key, services.settings.own_calendars)
    except NotFound:
        if review is None:
            raise
        return RulesPage(_of_review(review), None, review)
    numbers = {one.key: one.number for one in load_regulations(services.settings.own_calendars)}
    return RulesPage(_of_regulation(found), found, review, tuple(numbers[one] for one in found.lineage))


def _reviews(services: Services) -> dict[str, ReviewRules]:
    """Files do not change while a process runs."""
    key = "all rules of review"
    if key not in services.db.remembered:
        keys = [load_review_rules(path).key for path in sorted(REVIEWS.glob("*.yaml"))]
        services.db.remembered[key] = {one: review_rules_of(one) for one in keys}
    found: dict[str, ReviewRules] = services.db.remembered[key]
    return found


def _of_regulation(one: Regulation) -> RulesRow:
    return RulesRow(one.key, one.number, one.title, *_count(one))


def _of_review(one: ReviewRules) -> RulesRow:
    return RulesRow(one.key, one.basis, "", *_count(one))


def _count(part: BaseModel) -> tuple[int, int]:
    said = cites(part)
    return len(said), sum(one.unverified for one in said)


def _name(row: RulesRow) -> str:
    return row.name
