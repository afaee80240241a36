"""The decision: a paper of the body that may decide, drafted by one person and confirmed by another, all lines or none.

What is decided is a snapshot; to change it, it is reopened, with a reason and another approver, and decided anew. Places of
the quota are settled at the moment of confirming, over the whole paper: what was free when it was drafted may be gone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import sqlalchemy as sa

from hanchot.domain.authority import Decided, Ratee, Reopening, may_reopen
from hanchot.domain.cited import Refusal
from hanchot.domain.errors import Refused
from hanchot.domain.house_rules import FOUR_EYES, RECORD
from hanchot.domain.rating_level import RatingLevel
from hanchot.domain.review_order import Step
from hanchot.domain.verdict import explanation
from hanchot.service import audit
from hanchot.service.judging import papers
from hanchot.service.judging.bodies import find_body
from hanchot.service.judging.digests import rating_seal
from hanchot.service.judging.gathering import gather_lines
from hanchot.service.judging.guards import Hands, Known, Line, against, notes, snapshot
from hanchot.service.judging.ratings import Judgement, Rated, gather, write
from hanchot.service.judging.refusing import Forbidden, demand
from hanchot.service.judging.subjects import find_subjects
from hanchot.service.judging.telling import tell_results
from hanchot.service.services import Services
from hanchot.store.judging_tables import rating


@dataclass(frozen=True)
class Paper:
    """A decision as it is typed from the signed paper: the deciding ``unit`` by code, ``decided_on`` its local day."""

    unit: str
    number: str
    decided_on: date
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Decision:
    """A paper about one subject, typed with both names at once. ``dossier_elsewhere``: see ``guards.Line``."""

    said: Judgement
    unit: str
    number: str
    decided_on: date
    confirmed_by: str
    dossier_elsewhere: str | None = None
    done: frozenset[Step] = frozenset()
    applicable: frozenset[Step] = frozenset()

    def about(self, subject_id: int) -> Paper:
        line = Line(subject_id, self.said, self.done, self.applicable, self.dossier_elsewhere)
        return Paper(self.unit, self.number, self.decided_on, (line,))


@dataclass(frozen=True)
class Drafted:
    """A paper that waits for its second person."""

    id: int
    lines: int

    def to_json(self) -> dict[str, object]:
        return {"decision": self.id, "state": "draft", "lines": self.lines}


@dataclass(frozen=True)
class Confirmed:
    """A paper that holds. ``told``: how many letters were planned; ``closed``: items of notice that it finished."""

    id: int
    rated: tuple[Rated, ...]
    told: int
    closed: tuple[int, ...] = ()

    def to_json(self) -> dict[str, object]:
        lines = [one.to_json() for one in self.rated]
        return {"decision": self.id, "state": "confirmed", "lines": lines, "told": self.told, "closed": list(self.closed)}


class PaperRefused(Forbidden):
    """Lines of a paper may not stand, so that none does. ``lines``: the refusals by subject, for the page."""

    code = "paper-refused"

    def __init__(self, lines: Mapping[int, tuple[Refusal, ...]], names: Mapping[int, str]) -> None:
        self.lines = dict(lines)
        several = len(names) > 1
        named = [
            replace(one, message=f"{names[who]}: {one.message}") if several else one
            for who, found in lines.items()
            for one in found
        ]
        super().__init__(named)


def draft_decision(services: Services, paper: Paper, now: datetime, *, actor: str) -> Drafted:
    """Write a decision paper down for a second person to confirm. Nothing is decided yet.

    Raises ``PaperRefused`` with what stands against each line, ``AlreadyDone`` for a draft of that number or subject.
    """
    with services.db.write() as connection:
        known = _judged(services, connection, paper, Hands(paper.number, paper.decided_on, actor), now)
        return Drafted(papers.keep_draft(connection, _filed(known, paper), known, now, actor), len(known))


def confirm_decision(services: Services, decision_id: int, now: datetime, *, actor: str) -> Confirmed:
    """The second person confirms a draft: all its lines are decided, the units are told, or nothing happens at all.

    Raises ``PaperRefused`` with what stands against each line now, ``AlreadyDone`` for a paper that is no draft any more.
    """
    with services.db.write() as connection:
        row = papers.find(connection, decision_id)
        papers.demand_draft(row)
        if row.drafted_by == actor:
            words = f"{actor} đã lập quyết định số {decision_id}, không tự xác nhận được."
            demand([Refusal("same-confirmer", words, "Để một người khác đối chiếu với văn bản rồi xác nhận.", FOUR_EYES)])
        paper = Paper(row.unit_code, row.number, row.decided_on, papers.lines_of(connection, decision_id))
        hands = Hands(row.number, row.decided_on, row.drafted_by, actor)
        return _confirm(services, connection, decision_id, _judged(services, connection, paper, hands, now), hands, now)


def withdraw_decision(services: Services, decision_id: int, now: datetime, *, actor: str, reason: str) -> None:
    """Take a draft back; its subjects are free for another paper. Raises ``Refused`` without a reason."""
    if not reason.strip():
        raise Refused("Rút dự thảo quyết định phải nêu lý do.", way_out="Ghi một câu, ví dụ “ghi nhầm số”.")
    with services.db.write() as connection:
        row = papers.find(connection, decision_id)
        papers.demand_draft(row)
        papers.withdraw(connection, row, now, actor, reason.strip())


def decide(services: Services, subject_id: int, decision: Decision, now: datetime, *, actor: str) -> Rated:
    """Draft and confirm at once a paper about one subject: two people stand before one screen.

    Raises ``PaperRefused`` with everything that stands against it; nothing is kept then.
    """
    paper = decision.about(subject_id)
    hands = Hands(paper.number, paper.decided_on, actor, decision.confirmed_by.strip())
    with services.db.write() as connection:
        known = _judged(services, connection, paper, hands, now)
        decision_id = papers.keep_draft(connection, _filed(known, paper), known, now, actor)
        return _confirm(services, connection, decision_id, known, hands, now).rated[0]


def reopen(services: Services, subject_id: int, now: datetime, *, actor: str, approver: str, reason: str) -> int:
    """Open a decided rating again: it stays as it was, but is no longer current. Returns its id.

    Raises ``Forbidden`` without a reason or another approver, ``Refused`` when nothing is decided.
    """
    with services.db.write() as connection:
        return reopen_in(services, connection, subject_id, now, actor=actor, approver=approver, reason=reason)


def reopen_in(
    services: Services, connection: sa.Connection, subject_id: int, now: datetime, *, actor: str, approver: str, reason: str
) -> int:
    """The same within the caller's transaction."""
    case = gather(services, connection, subject_id)
    row = case.current.get("decided")
    if row is None:
        raise Refused(f"{case.name} chưa có kết quả được quyết định.", way_out="Không cần mở lại.")
    ratee = Ratee(case.who.ratee)
    decided = Decided(ratee, case.name, RatingLevel(row.level), "", row.number, row.decided_on, "", "", RECORD)
    demand(may_reopen(decided, Reopening(reason, actor, approver.strip())))
    said = {"reopened_at": now, "reopened_by": actor, "approved_by": approver.strip(), "reopened_reason": reason}
    connection.execute(sa.update(rating).where(rating.c.id == row.id).values(current=False, **said))
    about: dict[str, object] = {"rating": row.id, "digest": rating_seal(row._asdict())}
    audit.record(
        connection, now, actor, "rating.reopened", f"subject:{subject_id}", on_behalf=approver,
        cycle_id=case.rules.cycle_id, data=about,
    )  # fmt: skip
    return int(row.id)


def _judged(services: Services, connection: sa.Connection, paper: Paper, hands: Hands, now: datetime) -> tuple[Known, ...]:
    """All lines with what is known of them, or ``PaperRefused``."""
    _demand_one_cycle(connection, paper.lines)
    known = gather_lines(services, connection, paper.lines, find_body(connection, paper.unit), paper.decided_on)
    refused = {one.case.who.id: found for one in known if (found := against(one, hands, now))}
    if refused:
        raise PaperRefused(refused, {one.case.who.id: one.case.name for one in known})
    return known


def _demand_one_cycle(connection: sa.Connection, lines: Sequence[Line]) -> None:
    if not lines:
        raise Refused("Quyết định chưa nêu ai.", way_out="Ghi từng đối tượng và mức của họ.")
    ids = [line.subject_id for line in lines]
    whos = find_subjects(connection, ids)
    if twice := [one for one, times in Counter(ids).items() if times > 1]:
        name = whos[min(twice)].label
        raise Refused(f"{name} có hai dòng trong quyết định.", way_out="Giữ một dòng cho mỗi đối tượng.")
    codes = sorted({str(who.cycle_code) for who in whos.values()})
    if len(codes) > 1:
        raise Refused(
            f"Quyết định nêu đối tượng của {len(codes)} đợt: {', '.join(codes)}.", way_out="Lập mỗi đợt một quyết định."
        )


def _filed(known: Sequence[Known], paper: Paper) -> papers.Filed:
    first = known[0]
    return papers.Filed(first.case.rules.cycle_id, first.body.id, paper.number.strip(), paper.decided_on)


def _confirm(
    services: Services, connection: sa.Connection, decision_id: int, known: Sequence[Known], hands: Hands, now: datetime
) -> Confirmed:
    assert hands.confirmed_by is not None
    papers.claim(connection, decision_id, hands.confirmed_by, now)
    rated = tuple(_write(connection, one, hands, now) for one in known)
    papers.became(connection, decision_id, rated)
    cycle_id = known[0].case.rules.cycle_id
    data: dict[str, object] = {"lines": len(known), "elsewhere": sum(bool(one.line.dossier_elsewhere) for one in known)}
    audit.record(
        connection, now, hands.confirmed_by, "decision.confirmed", f"decision:{decision_id}", cycle_id=cycle_id,
        data=data,
    )  # fmt: skip
    told, closed = tell_results(services, connection, decision_id, [one.case.who for one in known], now, hands.confirmed_by)
    return Confirmed(decision_id, rated, told, closed)


def _write(connection: sa.Connection, known: Known, hands: Hands, now: datetime) -> Rated:
    said = known.said
    why = explanation(known.case.rules.regulation, known.judged, said.facts, notes=notes(known)) | snapshot(known)
    replaced = {"replaces_id": known.earlier_id} if known.earlier_id else {}
    return write(
        connection, known.case, "decided", known.body, said, why, now, hands.drafted_by, confirmed_by=hands.confirmed_by,
        number=hands.number.strip(), decided_on=hands.decided_on, **replaced,
    )  # fmt: skip
