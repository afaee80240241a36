"""A plan (kế hoạch): what one issued document says, frozen. Never what is happening; that is a cycle."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from hanchot.domain.deadline import DATED, Announced, Context, Deadline, Due, resolve
from hanchot.domain.errors import NotFound
from hanchot.domain.ladder import DEFAULT_LADDER, Ladder
from hanchot.domain.stage import STAGES, Stage
from hanchot.domain.unit import ORGANISERS, UnitKind
from hanchot.domain.workdays import WorkCalendar

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=400, strip_whitespace=True)]
PeriodKind = Literal["annual", "quarterly"]
_ROMAN = ("I", "II", "III", "IV")
PERIOD = re.compile(r"(\d{4})(?:-Q([1-4]))?")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class LegalBasis(_Part):
    """A document that the plan cites, as it is cited. One cited differently elsewhere stands once for each wording."""

    number: Text
    issued_on: date | None = None
    issuer: Text | None = None
    cited_in: Text | None = Field(default=None, description="the clause of a citation outside the opening lines")


class Document(_Part):
    """The head of the issued document. ``number`` and ``issued_on`` are null where the document leaves them out."""

    kind: Literal["plan", "guidance", "letter", "regulation"]
    number: Text | None = None
    issuer: Text
    title: Text
    issued_on: date | None = None
    year: int | None = Field(default=None, ge=2000, le=2100, description="null for a standing guidance")
    legal_bases: tuple[LegalBasis, ...] = ()


class Source(_Part):
    """Where the document says it: clause path (``II.4``, ``VI.1.b``) and the short phrase of the date."""

    clause: Text
    phrase: Text | None = None


class Roles(_Part):
    """Who does what, as worded by the plan; empty where the plan is silent."""

    directs: tuple[Text, ...] = ()
    advises: tuple[Text, ...] = ()
    carries_out: tuple[Text, ...] = ()
    coordinates: tuple[Text, ...] = ()
    proposes: tuple[Text, ...] = ()


class Recipient(_Part):
    """To whom the result goes, and through whom."""

    name: Text
    via: Text | None = None


class Predecessor(_Part):
    """An order clause: this milestone may begin only when ``milestone`` is finished.

    ``scope``: ``own`` the same unit's, ``below`` all units under it, ``all`` every unit of the cycle.
    """

    milestone: Key
    scope: Literal["own", "below", "all"] = "own"
    clause: Text


class Milestone(_Part):
    """One duty (mốc) of a plan, dated or not."""

    key: Key
    stage: Stage
    title: Text
    period: PeriodKind = "annual"
    applies_to: tuple[UnitKind, ...] = Field(min_length=1)
    deadline: Deadline
    source: Source
    roles: Roles = Roles()
    to: tuple[Recipient, ...] = ()
    after: tuple[Predecessor, ...] = ()
    needs: tuple[Key, ...] = Field(
        default=(), description="milestones whose result this one uses, though no order is written: checked, never held back"
    )
    provides: Key | None = Field(default=None, description="the event that happens when this is finished, e.g. result")
    until: Key | None = Field(default=None, description="for recurrences: the milestone that the last occurrence serves")
    optional: bool = False
    dossier: Key | None = Field(default=None, description="the checklist that must be complete before this is handed in")
    ladder: Ladder | None = None
    doubt: Text | None = Field(default=None, description="what a person must settle; never settled silently")
    note: Text | None = None


class Provenance(_Part):
    """Where a plan came from: the document that was read (kept in the database by its hash), and who confirmed it."""

    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    file: Text
    read_at: AwareDatetime
    confirmed_at: AwareDatetime
    confirmed_by: Text


class Plan(_Part):
    """One issued document as data. ``key`` names the file; ``year`` the year under review (null: any year)."""

    version: Literal[1] = Field(alias="schema", default=1)
    key: Key
    organiser: UnitKind
    document: Document
    year: int | None = Field(default=None, ge=2000, le=2100)
    parent: Text | None = Field(default=None, description="key or number of the plan above, as the document names it")
    periods: tuple[PeriodKind, ...] = ("annual",)
    quarters: tuple[Annotated[int, Field(ge=1, le=4)], ...] = ()
    regulation: Text | None = Field(default=None, description="the legal basis whose rules apply")
    starts: date | None = Field(default=None, description="first day on which the cycle may be opened, if it is said")
    provisional: bool = False
    unconfirmed: bool = Field(default=False, description="drafted from a document; no cycle opens before a person confirms it")
    carried_from: Text | None = None
    provenance: Provenance | None = Field(default=None, description="for a plan that was confirmed from a document")
    ladder: Ladder = DEFAULT_LADDER
    milestones: tuple[Milestone, ...] = Field(min_length=1)
    doubts: tuple[Text, ...] = ()

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True, populate_by_name=True)

    @model_validator(mode="after")
    def _hangs_together(self) -> Plan:
        if self.organiser not in ORGANISERS:
            kinds = ", ".join(sorted(ORGANISERS))
            raise ValueError(f"organiser: “{self.organiser}” không phải cấp ủy đứng đầu; chọn một trong {kinds}")
        keys = [m.key for m in self.milestones]
        twice = {key for key in keys if keys.count(key) > 1}
        if twice:
            raise ValueError(f"khóa mốc trùng nhau: {', '.join(sorted(twice))}; mỗi mốc một key riêng")
        for m in self.milestones:
            for other in [p.milestone for p in m.after] + [*m.needs, *([m.until] if m.until else [])]:
                if other not in keys:
                    raise ValueError(f"mốc “{m.key}” nhắc đến “{other}” không có trong kế hoạch; sửa key hoặc thêm mốc")
        if loop := _loop(self.milestones):
            raise ValueError(f"thứ tự đi vòng: {' → '.join(loop)}; bỏ một trong các “after”")
        if "quarterly" in self.periods and not self.quarters:
            raise ValueError("kế hoạch có kỳ quý thì phải nêu quarters, ví dụ [1, 2, 3]")
        return self

    def milestone(self, key: str) -> Milestone:
        for m in self.milestones:
            if m.key == key:
                return m
        raise NotFound(
            f"Kế hoạch {self.key} không có mốc “{key}”.",
            way_out="Xem các mốc của kế hoạch.",
            command=f"hanchot plan show {self.key}",
        )

    def of_period(self, kind: PeriodKind) -> tuple[Milestone, ...]:
        """The milestones of annual or of quarterly cycles, in order of stage, then of the document."""
        chosen = [m for m in self.milestones if m.period == kind]
        return tuple(sorted(chosen, key=lambda m: m.stage.position))

    def ladder_of(self, milestone: Milestone) -> Ladder:
        return milestone.ladder or self.ladder


class Period(_Part):
    """What a cycle reviews: a year, or a quarter of it."""

    year: int
    quarter: int | None = None

    @property
    def kind(self) -> PeriodKind:
        return "quarterly" if self.quarter else "annual"

    @property
    def code(self) -> str:
        """``2025`` or ``2025-Q3``."""
        return f"{self.year}-Q{self.quarter}" if self.quarter else str(self.year)

    @property
    def vi(self) -> str:
        return f"quý {_ROMAN[self.quarter - 1]} năm {self.year}" if self.quarter else f"năm {self.year}"


def resolve_milestone(plan: Plan, milestone: Milestone, period: Period, workdays: WorkCalendar) -> Due:
    """The deadline of one milestone in one period, before any unit's own events are known.

    A recurrence is read up to the milestone named by ``until``: the last occurrence that can still serve it.
    """
    ctx = Context(period.year, period.quarter, workdays=workdays)
    if milestone.until:
        served = resolve_milestone(plan, plan.milestone(milestone.until), period, workdays)
        if served.last_day:
            ctx = Context(period.year, period.quarter, window=(date(period.year, 1, 1), served.last_day), workdays=workdays)
    return resolve(milestone.deadline, ctx)


def chase_from(plan: Plan, milestone: Milestone, period: Period, workdays: WorkCalendar) -> date | None:
    """From when the issuer is chased for an announced date: the last dated day of the stages up to this one.

    None for every other kind. Chasing begins the working day after (source: 211-KH/ĐUK IV has no date of its own).
    """
    if not isinstance(milestone.deadline, Announced):
        return None
    days = [
        due.last_day
        for m in plan.of_period(period.kind)
        if m.stage.position <= milestone.stage.position
        and m.deadline.kind in DATED
        and (due := resolve_milestone(plan, m, period, workdays)).last_day
    ]
    return max(days, default=None)


def stages_of(plan: Plan, kind: PeriodKind) -> tuple[Stage, ...]:
    """The stages that have at least one milestone, in order."""
    present = {m.stage for m in plan.of_period(kind)}
    return tuple(stage for stage in STAGES if stage in present)


def _loop(milestones: tuple[Milestone, ...]) -> list[str]:
    after = {m.key: [p.milestone for p in m.after] for m in milestones}

    def walk(key: str, seen: list[str]) -> list[str]:
        if key in seen:
            return [*seen[seen.index(key) :], key]
        for other in after[key]:
            if found := walk(other, [*seen, key]):
                return found
        return []

    for key in after:
        if found := walk(key, []):
            return found
    return []
