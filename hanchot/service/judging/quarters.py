"""Quarters of one subject: the rated ones that feed the year, those without a result, and what a bad one bars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from hanchot.domain.cited import Refusal
from hanchot.domain.quarters import QuarterNote, bars_excellent, missing_for_year, notes_on
from hanchot.domain.rating_level import RatingLevel
from hanchot.service.judging.register import quarter_levels
from hanchot.service.judging.rulebook import Rulebook, rulebook
from hanchot.service.judging.subjects import find_subject
from hanchot.service.services import Services
from hanchot.store.db import Row


@dataclass(frozen=True)
class Quarters:
    """``rated``: the quarters with a review of their own, None where the basis is silent; the others go into the year.

    ``missing``: rated quarters without a result, ``bars``: why the year may not be excellent, each with its clause.
    """

    rated: tuple[int, ...] | None
    levels: Mapping[int, RatingLevel]
    missing: tuple[Refusal, ...]
    bars: tuple[Refusal, ...]
    notes: tuple[QuarterNote, ...]

    def to_json(self) -> dict[str, object]:
        return {
            "rated": list(self.rated) if self.rated is not None else None,
            "levels": {str(quarter): level for quarter, level in sorted(self.levels.items())},
            "missing": [one.vi for one in self.missing], "bars": [one.vi for one in self.bars],
            "notes": [f"{one.words} [{one.basis.vi}]" for one in self.notes],
        }  # fmt: skip


def quarters_of(services: Services, subject_id: int) -> Quarters:
    """The quarters of the year in which this subject is reviewed. Raises ``NotFound``."""
    with services.db.read() as connection:
        who = find_subject(connection, subject_id)
        return quarters_in(connection, rulebook(services, connection, who.cycle_id), who)


def quarters_in(connection: sa.Connection, rules: Rulebook, who: Row) -> Quarters:
    """The same for a row of ``find_subject``; in a quarter's own cycle nothing is missing yet."""
    of, levels = rules.review.quarters, quarter_levels(connection, who, rules.year)
    missing = () if rules.quarter else missing_for_year(levels, of)
    return Quarters(of.rated, levels, missing, bars_excellent(levels, of), notes_on(levels, of))
