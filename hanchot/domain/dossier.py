"""Dossiers (hồ sơ): which papers one must hold, for whom, from which stage on, in how many sets, and what is missing.

Sources: the plan of Lùng Phình V (5 papers a quarter, 13 a year, three sets), the plan of the town 2022 II.9.1 (three papers
to three addressees), 13-HD/TU V and PL 3 to PL 5, 366-QĐ/TW Điều 17. “(nếu có)” never blocks: such a paper is wanted only
once the fact is recorded that makes it exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from hanchot.domain.cited import Cited, Refusal
from hanchot.domain.plan import Key, PeriodKind
from hanchot.domain.stage import Stage


class Fact(StrEnum):
    """What makes a paper “(nếu có)” exist."""

    TOPICS = "topics-issued"
    OPINIONS = "opinions-given"
    COMPLAINT = "complaint-made"
    DIPLOMAS = "new-diplomas"
    OTHER = "other-papers"
    REWARD = "reward-proposed"

    @property
    def vi(self) -> str:
        return _FACT_VI[self]


_FACT_VI = {
    Fact.TOPICS: "đã có gợi ý kiểm điểm",
    Fact.OPINIONS: "đã có ý kiến tham gia, góp ý",
    Fact.COMPLAINT: "đã có khiếu nại, kiến nghị",
    Fact.DIPLOMAS: "có văn bằng, chứng chỉ mới trong năm",
    Fact.OTHER: "có văn bản khác",
    Fact.REWARD: "đề nghị khen thưởng",
}


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Paper(_Part):
    """One item of a checklist. ``since``: the first stage in which it can exist; ``only_if``: the “(nếu có)”."""

    key: Key
    no: int = Field(ge=1)
    words: str = Field(min_length=1, max_length=300)
    who: Literal["any", "collective", "individual", "member", "cadre"] = "any"
    managed: Literal["any", "above", "here"] = "any"
    only_if: Fact | None = None
    since: Stage = Stage.SELF_ASSESS
    waivable: bool = False
    to: str | None = Field(default=None, description="an addressee of its own")
    doubt: str | None = None
    cited: Cited


class Copy(_Part):
    """One of the sets (bộ) and where it is kept or sent."""

    key: Key
    words: str = Field(min_length=1, max_length=200)


class Checklist(_Part):
    """The papers of one dossier."""

    key: Key
    title: str
    period: PeriodKind = "annual"
    papers: tuple[Paper, ...] = Field(min_length=1)
    sets: tuple[Copy, ...] = ()
    sets_cited: Cited | None = None
    together: Cited | None = Field(default=None, description="all papers leave on the same day, each to its addressee")
    cited: Cited

    @model_validator(mode="after")
    def _numbered(self) -> Checklist:
        if [paper.no for paper in self.papers] != list(range(1, len(self.papers) + 1)):
            raise ValueError(f"hồ sơ “{self.key}”: số thứ tự phải là 1 đến {len(self.papers)}, không sót, không lặp")
        if self.sets and self.sets_cited is None:
            raise ValueError(f"hồ sơ “{self.key}” nêu sets thì phải nêu sets_cited")
        return self

    def paper(self, key: str) -> Paper:
        """Raises ``KeyError`` for a paper that is not on the list."""
        return {paper.key: paper for paper in self.papers}[key]


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose dossier it is. ``managed``: by the level above, here, or neither (a plain member)."""

    name: str
    kind: Literal["collective", "individual"]
    member: bool = True
    cadre: bool = False
    managed: Literal["none", "above", "here"] = "none"


@dataclass(frozen=True, slots=True)
class Waiver:
    """A paper done without, and why."""

    paper: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A paper of the list for this dossier. ``required`` False: optional now, with ``why`` in words."""

    paper: Paper
    required: bool
    why: str


@dataclass(frozen=True, slots=True)
class Complete:
    """Nothing required is missing."""

    papers: tuple[Wanted, ...]


@dataclass(frozen=True, slots=True)
class Incomplete:
    """What is missing, each with its clause."""

    papers: tuple[Wanted, ...]
    missing: tuple[Refusal, ...]


def wanted(checklist: Checklist, whose: Whose, facts: frozenset[Fact], stage: Stage) -> tuple[Wanted, ...]:
    """The papers that concern this dossier, in the order of the list; those that do not concern it are left out."""
    return tuple(_wanted(paper, facts, stage) for paper in checklist.papers if concerns(paper, whose))


def concerns(paper: Paper, whose: Whose) -> bool:
    """Whether the paper is one for such a collective or person at all."""
    if paper.managed != "any" and paper.managed != whose.managed:
        return False
    match paper.who:
        case "any":
            return True
        case "collective" | "individual":
            return whose.kind == paper.who
        case "member":
            return whose.kind == "individual" and whose.member
        case "cadre":
            return whose.kind == "individual" and whose.cadre
    raise AssertionError(paper.who)


def completeness(
    checklist: Checklist,
    whose: Whose,
    handed: Iterable[str],
    facts: frozenset[Fact] = frozenset(),
    *,
    stage: Stage = Stage.SELF_ASSESS,
    waivers: Iterable[Waiver] = (),
) -> Complete | Incomplete:
    """Whether the dossier may be handed in at ``stage``. ``handed``: keys of papers; one not on the list hinders nothing."""
    list_of = wanted(checklist, whose, facts, stage)
    have, waived = frozenset(handed), {waiver.paper: waiver for waiver in waivers}
    missing = [
        refusal
        for item in list_of
        if item.required and item.paper.key not in have
        for refusal in _lacking(item.paper, whose, item.why, waived.get(item.paper.key))
    ]
    return Incomplete(list_of, tuple(missing)) if missing else Complete(list_of)


@dataclass(frozen=True, slots=True)
class Receipt:
    """That a set arrived or was filed: when, and under which number of the register."""

    on: date
    number: str = ""


def sets_missing(checklist: Checklist, receipts: Mapping[str, Receipt]) -> tuple[Refusal, ...]:
    """The sets without a receipt; ``receipts`` by key of the set."""
    if checklist.sets_cited is None:
        return ()
    return tuple(
        Refusal(
            code="set-without-receipt",
            message=f"Bộ hồ sơ “{copy.words}” chưa có ngày lưu, ngày nhận.",
            way_out="Ghi ngày (và số đến) khi bộ hồ sơ được lưu hoặc được nhận.",
            basis=checklist.sets_cited,
        )
        for copy in checklist.sets
        if copy.key not in receipts
    )


def not_together(checklist: Checklist, sent: Mapping[str, date]) -> tuple[Refusal, ...]:
    """Papers with an addressee of their own leave on the same local day (the plan of the town 2022 II.9.1: “cùng lúc”)."""
    if checklist.together is None or not sent:
        return ()
    last = max(sent.values())
    return tuple(
        Refusal(
            code="not-together",
            message=f"“{paper.words}” phải gửi {paper.to} cùng lúc với hồ sơ.",
            way_out=f"Gửi trong ngày {last:%d/%m/%Y} và ghi ngày gửi.",
            basis=checklist.together,
        )
        for paper in checklist.papers
        if paper.to and sent.get(paper.key) != last
    )


def _wanted(paper: Paper, facts: frozenset[Fact], stage: Stage) -> Wanted:
    if paper.since.position > stage.position:
        return Wanted(paper, False, f"chỉ có từ bước {paper.since.vi}")
    if paper.only_if is None:
        return Wanted(paper, True, "bắt buộc")
    if paper.only_if in facts:
        return Wanted(paper, True, f"bắt buộc vì {paper.only_if.vi}")
    return Wanted(paper, False, "nếu có")


def _lacking(paper: Paper, whose: Whose, why: str, waiver: Waiver | None) -> Iterable[Refusal]:
    if waiver and paper.waivable and waiver.reason.strip() and waiver.by.strip():
        return
    way = f"Nộp bổ sung giấy số {paper.no}"
    code = "paper-missing"
    if waiver and not paper.waivable:
        code, way = "not-waivable", f"{way}; giấy này không được miễn"
    elif paper.waivable:
        way = f"{way}, hoặc ghi lý do được miễn và người cho miễn"
    message = f"Hồ sơ của {whose.name} thiếu ({paper.no}) {paper.words}: {why}."
    yield Refusal(code=code, message=message, way_out=f"{way}.", basis=paper.cited)
