"""What one basis says of review besides its dates (quy tắc kiểm điểm), and what holds where a plan is silent.

One file per plan and per central rule in ``calendars/reviews``. Every value carries its own clause, so that a central rule
that fills a plan's silence is shown as what it is (13-HD/TU VI.4).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field

from hanchot.domain.authority import Matrix
from hanchot.domain.dossier import Checklist
from hanchot.domain.eligibility import EligibilityRules
from hanchot.domain.places import PlaceRules
from hanchot.domain.plan import Key
from hanchot.domain.quarters import QuarterRules
from hanchot.domain.regulation import Doubt
from hanchot.domain.remediation import RemediationRules
from hanchot.domain.review_order import ReviewOrder
from hanchot.domain.session import SessionRules
from hanchot.domain.topics import TopicRules

Part = TypeVar("Part", bound=BaseModel)


class ReviewRules(BaseModel):
    """The rules of one basis. ``key``: the plan's, or the central rule's; ``silent``: keys of the bases asked next, in turn."""

    version: int = Field(alias="schema", default=1, ge=1, le=1)
    key: Key
    basis: str = Field(min_length=1, max_length=200)
    silent: tuple[Key, ...] = ()
    eligibility: EligibilityRules = EligibilityRules()
    places: PlaceRules = PlaceRules()
    order: ReviewOrder = ReviewOrder()
    topics: TopicRules = TopicRules()
    sessions: SessionRules = SessionRules()
    authority: Matrix | None = None
    dossiers: tuple[Checklist, ...] = ()
    quarters: QuarterRules = QuarterRules()
    remediation: RemediationRules = RemediationRules()
    doubts: tuple[Doubt, ...] = ()

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True, populate_by_name=True)

    def over(self, central: ReviewRules) -> ReviewRules:
        """These rules, and ``central`` where they are silent, value by value. Orders add up; a dossier's list replaces the
        central one of the same period whole. Raises ``ValueError`` when the two orders together run in a circle."""
        periods = {checklist.period for checklist in self.dossiers}
        matrix, above = self.authority, central.authority
        return self.model_copy(
            update={
                "eligibility": _filled(self.eligibility, central.eligibility),
                "places": _filled(self.places, central.places),
                "order": self.order.joined(central.order),
                "topics": _filled(self.topics, central.topics),
                "sessions": _filled(self.sessions, central.sessions),
                "authority": matrix.over(above) if matrix and above else matrix or above,
                "dossiers": (*self.dossiers, *(c for c in central.dossiers if c.period not in periods)),
                "quarters": _filled(self.quarters, central.quarters),
                "remediation": _filled(self.remediation, central.remediation),
                "doubts": (*self.doubts, *central.doubts),
            }
        )

    def dossier(self, key: str) -> Checklist | None:
        return next((checklist for checklist in self.dossiers if checklist.key == key), None)


def in_force(key: str, known: Mapping[str, ReviewRules], above: tuple[str, ...] = ()) -> ReviewRules:
    """The rules of ``key`` with every silence filled from the bases it names, in turn.

    Raises ``KeyError`` for an unknown key, ``ValueError`` when bases refer to each other in a circle or their orders do.
    """
    if key in above:
        raise ValueError(f"các bộ quy tắc dẫn nhau đi vòng: {' → '.join((*above, key))}; bỏ một “silent”")
    rules = known[key]
    for other in rules.silent:
        rules = rules.over(in_force(other, known, (*above, key)))
    return rules


def _filled(own: Part, central: Part) -> Part:
    """``own`` with the values of ``central`` where its own are None."""
    update = {
        name: value
        for name in type(own).model_fields
        if getattr(own, name) is None and (value := getattr(central, name)) is not None
    }
    return own.model_copy(update=update)
