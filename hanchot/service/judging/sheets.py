"""The dossier beside its subject: what the folder still wants before the decision."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from hanchot.domain.authority import Ratee
from hanchot.domain.cited import Refusal
from hanchot.domain.dossier import Checklist, Fact, Incomplete, Whose, completeness
from hanchot.domain.rating_level import Subject
from hanchot.domain.stage import Stage
from hanchot.service.folders import Folder, folders
from hanchot.service.judging.rulebook import Rulebook
from hanchot.store.db import Row
from hanchot.store.judging_tables import complaint, rating

_ABOVE = frozenset({Ratee.CADRE_OF_ABOVE, Ratee.CADRE_DELEGATED_HERE})
_PERSONS = (Subject.LEADER, Subject.MEMBER)


def checklist_of_rules(rules: Rulebook) -> Checklist | None:
    """The list of papers of the cycle's period; None where the rules have none."""
    period = "quarterly" if rules.quarter else "annual"
    return next((one for one in rules.review.dossiers if one.period == period), None)


def papers_missing(connection: sa.Connection, rules: Rulebook, whos: Sequence[Row]) -> dict[int, tuple[Refusal, ...]]:
    """The papers that each subject's own folder still wants before the decision, each with its clause.

    ``whos``: rows of ``find_subjects``, of one cycle; by the number of the subject, nothing where the rules have no list.
    """
    checklist = checklist_of_rules(rules)
    if checklist is None or not whos:
        return {}
    found = folders(connection, rules.cycle_id, checklist.key, units={who.unit_id for who in whos})
    of = {(one.unit_id, one.person): one for one in found}
    complained = _complained(connection, [who.id for who in whos])
    missing = {}
    for who in whos:
        folder = of.get((who.unit_id, who.person_code))
        missing[who.id] = _lacking(checklist, _whose(who, folder), folder, complained=who.id in complained)
    return missing


def _lacking(checklist: Checklist, who: Whose, folder: Folder | None, *, complained: bool) -> tuple[Refusal, ...]:
    """Pure: what the folder lacks as of the decision. A complaint makes its papers exist."""
    facts = (folder.facts if folder else frozenset()) | ({Fact.COMPLAINT} if complained else frozenset())
    papers, waivers = ([one.key for one in folder.papers], folder.waivers) if folder else ([], ())
    judged = completeness(checklist, who, papers, facts, stage=Stage.APPRAISE, waivers=waivers)
    return judged.missing if isinstance(judged, Incomplete) else ()


def _whose(who: Row, folder: Folder | None) -> Whose:
    """Whose dossier it is, from what the subject is rated as; only membership is told by the folder itself."""
    kind = Subject(who.kind)
    managed = "above" if who.ratee in _ABOVE else "here" if kind is Subject.LEADER else "none"
    return Whose(
        who.label, "individual" if kind in _PERSONS else "collective", member=folder.whose.member if folder else True,
        cadre=kind is Subject.LEADER, managed=managed,  # type: ignore[arg-type]  # one of two words of a Literal
    )  # fmt: skip


def _complained(connection: sa.Connection, subject_ids: Collection[int]) -> frozenset[int]:
    """About whose results a complaint was ever registered."""
    about = sa.select(rating.c.subject_id).join(complaint, complaint.c.rating_id == rating.c.id)
    return frozenset(connection.execute(about.where(rating.c.subject_id.in_(subject_ids))).scalars())
