"""A draft as people confirm it: the document with the found phrases marked, beside them what each would become."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hanchot.domain.confirm import Confirmed, confirm, proposed_answer, proposed_head
from hanchot.domain.deadline import Context, Deadline, Due, resolve
from hanchot.domain.decisions import Added, Answer, Verdict
from hanchot.domain.draft import Draft, Statement
from hanchot.domain.errors import UncheckedYear
from hanchot.domain.proposal import Proposal, propose
from hanchot.domain.workdays import WorkCalendar
from hanchot.service.drafts import Mark, Record, find, records
from hanchot.service.services import Services

_BY_YEAR = ("weekly", "monthly", "quarterly", "yearly")


@dataclass(frozen=True, slots=True)
class Reading:
    """A deadline in plain words. ``day_off`` says why the last day is not worked, ``advised`` is the working day before;
    ``unchecked`` is the year whose days off nobody has checked.
    """

    due: Due
    day_off: str | None = None
    advised: date | None = None
    unchecked: int | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """One statement and what would become of it, or an added milestone (no statement, no proposal).

    ``place`` names it in forms and anchors; ``number`` counts statements from 1. ``answer`` is what was accepted, or the
    proposal if a person may take it with one look. ``first`` is the number of an earlier statement that says the same.
    """

    place: str
    number: int
    statement: Statement | None
    proposal: Proposal | None
    verdict: Verdict
    answer: Answer | None
    reason: str | None
    reading: Reading
    mark: Mark | None
    first: int | None = None
    added: Added | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; ``number`` is the statement whose phrase it is, or None."""

    text: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A paragraph cut at the phrases found in it. ``beside``: statements whose phrase could not be found word by word."""

    clause: str | None
    pieces: tuple[Piece, ...]
    beside: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftPage:
    """All that the confirming page shows. ``head`` are the facts of the head, confirmed or proposed."""

    record: Record
    head: dict[str, object]
    paragraphs: tuple[Shown, ...]
    cards: tuple[Card, ...]
    added: tuple[Card, ...]
    outcome: Confirmed
    year: int | None

    @property
    def keys(self) -> list[tuple[str, str]]:
        """Key and title of every milestone that another may serve."""
        proposed = [(card.proposal.key, card) for card in self.cards if card.proposal and card.verdict != "dropped"]
        titled = [(key, card.answer.title if card.answer else card.proposal.title) for key, card in proposed if card.proposal]
        return titled + [(one.added.key, one.added.answer.title) for one in self.added if one.added]

    @property
    def seen(self) -> int:
        """How many statements have been decided."""
        return sum(card.verdict != "undecided" for card in self.cards)

    @property
    def next_place(self) -> str:
        """Where a person goes on: the first part that is not decided, then the confirmation."""
        if self.record.decisions.head is None and not self.seen:
            return "head"
        waiting = (card.place for card in self.cards if card.verdict == "undecided")
        return next(waiting, "head" if self.record.decisions.head is None else "confirm")


def draft_list(services: Services) -> list[Record]:
    """Every document given to us, the one touched last first."""
    with services.db.read() as connection:
        return records(connection)


def draft_page(services: Services, draft_id: int) -> DraftPage:
    """Raises ``NotFound``."""
    record = find(services, draft_id)
    draft, made = record.draft, record.decisions
    head = made.head.model_dump() if made.head else proposed_head(draft)
    year = head["year"] if isinstance(head["year"], int) else None
    proposals = propose(draft, made.head.organiser if made.head else None)
    cards = tuple(_card(record, n, one, year, services.workdays) for n, one in enumerate(proposals))
    added = tuple(_added(record, one, year, services.workdays) for one in made.added)
    return DraftPage(record, head, shown(draft), cards, added, confirm(draft, made), year)


def _card(record: Record, n: int, proposal: Proposal, year: int | None, workdays: WorkCalendar) -> Card:
    decision = record.decisions.statements.get(n)
    answer = decision.answer if decision else proposed_answer(proposal)
    reading = read(answer.deadline if answer else proposal.deadline, year, workdays)
    return Card(
        f"s{n}", n + 1, record.draft.deadlines[n], proposal, record.decisions.verdict(n), answer,
        decision.reason if decision else None, reading, record.marks.get(f"s{n}"),
        first=proposal.repeats + 1 if proposal.repeats is not None else None,
    )  # fmt: skip


def _added(record: Record, one: Added, year: int | None, workdays: WorkCalendar) -> Card:
    place = f"a{one.key}"
    reading = read(one.answer.deadline, year, workdays)
    return Card(place, 0, None, None, "accepted", one.answer, one.reason, reading, record.marks.get(place), added=one)


def read(deadline: Deadline, year: int | None, workdays: WorkCalendar) -> Reading:
    """What the words come to in ``year``. Recurrences of a document for every year wait for the cycle's year."""
    if year is None and deadline.kind in _BY_YEAR:
        return Reading(Due(why="văn bản dùng cho mọi năm: ngày tính theo năm của từng đợt"))
    due = resolve(deadline, Context(year or 2000, workdays=workdays))  # kinds that need a year have one here
    if due.last_day is None:
        return Reading(due)
    try:
        day_off = workdays.why_off(due.last_day)
        return Reading(due, day_off, workdays.at_or_before(due.last_day) if day_off else None)
    except UncheckedYear:
        return Reading(due, unchecked=due.last_day.year)


def shown(draft: Draft) -> tuple[Shown, ...]:
    """The document's paragraphs, cut where a phrase was found; the same phrase twice is met in order."""
    by_paragraph: dict[int, list[int]] = {}
    for n, statement in enumerate(draft.deadlines):
        by_paragraph.setdefault(statement.paragraph, []).append(n)
    return tuple(
        _cut(paragraph.clause, paragraph.text, [(n, draft.deadlines[n]) for n in by_paragraph.get(place, ())])
        for place, paragraph in enumerate(draft.paragraphs)
    )


def _cut(clause: str | None, text: str, statements: Sequence[tuple[int, Statement]]) -> Shown:
    taken: list[tuple[int, int, int]] = []
    beside: list[int] = []
    for n, statement in statements:
        span = _place_of(statement, text, taken)
        if span:
            taken.append((*span, n))
        else:
            beside.append(n + 1)
    pieces, here = [], 0
    for start, end, n in sorted(taken):
        pieces += [Piece(text[here:start]), Piece(text[start:end], n + 1)]
        here = end
    return Shown(clause, tuple(piece for piece in (*pieces, Piece(text[here:])) if piece.text), tuple(beside))


def _place_of(statement: Statement, text: str, taken: Sequence[tuple[int, int, int]]) -> tuple[int, int] | None:
    """Where the phrase stands: inside the statement's own sentence if that is found, and where nothing else is marked."""
    sentence = _loosely(statement.quote).search(text)
    spans = [(sentence.start(), sentence.end())] if sentence else []
    for start, end in (*spans, (0, len(text))):
        for part in (part for part in statement.phrase.split("…") if part.strip()):
            for found in _loosely(part).finditer(text, start, end):
                if all(found.end() <= a or found.start() >= b for a, b, _ in taken):
                    return found.start(), found.end()
    return None


def _loosely(words: str) -> re.Pattern[str]:
    return re.compile(r"\s+".join(re.escape(word) for word in words.split()) or r"(?!)", re.IGNORECASE)
