"""What a paper may say: plain frozen views with the words already chosen, never rows.

Every text is printed as it stands (see ``hanchot.papers.words`` for dates and lists of recipients). Numbers that people
read are texts too (“89,99”, “12”), so that nothing is rounded or reformatted on the way to the paper. The field names of
these views are the closed list of placeholders of the templates: to offer staff a new placeholder, add a field here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The head of a Party document (HD 36-HD/VPTW, HD 05-HD/VPTW): issuing body left, “Số 05-KH/ĐU” without a colon."""

    superior: str
    issuer: str
    number: str
    place_and_date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who signs: ``T/M BAN THƯỜNG VỤ`` · ``BÍ THƯ`` · the name; an empty name leaves room for the pen only."""

    authority: str
    title: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """What every issued paper has. ``bases``: cited rules; ``notes``: what is unverified or left to the department."""

    head: Head
    signature: Signature
    recipients: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow:
    """One collective or person in a list of results; ``decided`` stays empty in a list of proposals."""

    number: str
    name: str
    post: str = ""
    score: str = ""
    self_rated: str = ""
    proposed: str = ""
    decided: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultGroup:
    """Rows that are judged beside one another: collectives, or people of comparable posts."""

    title: str
    rows: tuple[ResultRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelTotal:
    """How many got one level; ``share`` in words of the list, as “20 %”."""

    level: str
    count: str
    share: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultList(Issued):
    """A list of results. The plan of Lùng Phình 2025 (V.2.1) names annexes 13 and 14; their columns were not seen: these are
    ours.
    """

    form: str
    summary: str
    opening: str = ""
    groups: tuple[ResultGroup, ...]
    totals: tuple[LevelTotal, ...] = ()
    quota: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedResults(ResultList):
    """List of proposed results (plan of Lùng Phình 2025, V.2.1 item 4: Phụ lục 13)."""

    paper: ClassVar[str] = "results_proposed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedResults(ResultList):
    """List of decided results (plan of Lùng Phình 2025, V.2.1 item 5: Phụ lục 14)."""

    paper: ClassVar[str] = "results_decided"


@dataclass(frozen=True, slots=True, kw_only=True)
class TallyLine:
    """Votes of one voted-on collective or person per level; “–” where the round does not ask for a level."""

    number: str
    name: str
    excellent: str
    good: str
    done: str
    failed: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TallyRound:
    """One round of a secret vote: sheets issued, collected, valid, invalid, and a line per subject."""

    title: str
    issued: str
    collected: str
    valid: str
    invalid: str
    lines: tuple[TallyLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TallyMinutes(Issued):
    """Minutes of a count (biên bản kiểm phiếu): tallies only, never who voted what. ``signature`` is the chair's."""

    paper: ClassVar[str] = "tally_minutes"
    summary: str
    opened: str
    place: str
    purpose: str
    chair: str
    secretary: str
    tellers: tuple[str, ...]
    convened: str
    present: str
    absent: str
    rounds: tuple[TallyRound, ...]
    rule: str
    conclusion: tuple[str, ...]
    closed: str
    teller_signature: Signature


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultNotice(Issued):
    """Notice of a decided result to whom it concerns (366-QĐ/TW Điều 15). ``complaint``: how to answer, with its basis."""

    paper: ClassVar[str] = "result_notice"
    summary: str
    subject: str
    post: str = ""
    opening: str
    level: str
    decision: str
    strengths: tuple[str, ...] = ()
    shortcomings: tuple[str, ...] = ()
    requests: tuple[str, ...] = ()
    complaint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One duty that is due or late. ``standing`` in words: “quá hạn 3 ngày”."""

    number: str
    unit: str
    duty: str
    deadline: str
    standing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderLetter(Issued):
    """Official letter (công văn) that presses for what is late. Names duties and days, never ratings, votes or faults."""

    paper: ClassVar[str] = "reminder_letter"
    reference: str
    to: tuple[str, ...]
    opening: str
    duties: tuple[Duty, ...]
    requests: tuple[str, ...] = ()
    closing: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemediationItem:
    """A shortcoming, its measure, who answers for it, until when, and what will show that it is done."""

    number: str
    shortcoming: str
    measure: str
    responsible: str
    deadline: str
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemediationPlan(Issued):
    """Plan to mend shortcomings after a result (plan of Lùng Phình 2025, VI.2: made by the unit, approved by the committee)."""

    paper: ClassVar[str] = "remediation_plan"
    summary: str
    purpose: tuple[str, ...]
    items: tuple[RemediationItem, ...]
    execution: tuple[str, ...] = ()
    approval: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageProgress:
    """Counts of one stage's work items, as texts."""

    stage: str
    deadline: str
    total: str
    on_time: str
    done_late: str
    waiting: str
    overdue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressReport(Issued):
    """How far a cycle is on one day. Late units by name and days; no ratings."""

    paper: ClassVar[str] = "progress_report"
    summary: str
    as_of: str
    opening: str = ""
    stages: tuple[StageProgress, ...]
    late: tuple[Duty, ...] = ()
    remarks: tuple[str, ...] = ()
    proposals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierItem:
    """One paper of a dossier's checklist. ``standing``: có, thiếu, không có (nếu có); ``file``: its name in the zip."""

    number: str
    title: str
    basis: str = ""
    standing: str
    copies: str = ""
    file: str = ""
    fingerprint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierSet:
    """One of the sets and where it is kept (plan of Lùng Phình 2025, V.1: three), with the receipt if there is one."""

    number: str
    kept_at: str
    receipt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierContents(Issued):
    """Table of contents of a dossier (mục lục hồ sơ)."""

    paper: ClassVar[str] = "dossier_contents"
    summary: str
    subject: str
    period: str
    completeness: str
    items: tuple[DossierItem, ...]
    sets: tuple[DossierSet, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedPaper:
    """A paper that goes with a work item. ``standing``: bắt buộc, nếu có, đã nộp."""

    number: str
    title: str
    standing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPage(Issued):
    """One work item on one sheet, for who has no computer: it is filled in by hand, signed and handed over.

    Beside these texts the template may hold a picture called “qr”: the address of the item.
    """

    paper: ClassVar[str] = "item_page"
    summary: str
    unit: str
    duty: str
    clause: str
    deadline: str
    standing: str
    hand_to: str
    address: str
    waits: tuple[str, ...] = ()
    papers: tuple[WantedPaper, ...] = ()


Paper = (
    ProposedResults
    | DecidedResults
    | TallyMinutes
    | ResultNotice
    | ReminderLetter
    | RemediationPlan
    | ProgressReport
    | DossierContents
    | ItemPage
)
PAPERS: dict[str, type[Paper]] = {
    view.paper: view
    for view in (
        ProposedResults,
        DecidedResults,
        TallyMinutes,
        ResultNotice,
        ReminderLetter,
        RemediationPlan,
        ProgressReport,
        DossierContents,
        ItemPage,
    )
}
