"""What a person need only look at: for each statement of a draft, the milestone that it most likely means. Pure.

Nothing here is a decision. What cannot be guessed is left empty, and the person must fill it in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from hanchot.domain.actor import organiser_of, who_is
from hanchot.domain.collate import folded
from hanchot.domain.deadline import After, Deadline, Lead, Order, Quarterly
from hanchot.domain.draft import Draft, Statement
from hanchot.domain.plan import PeriodKind
from hanchot.domain.stage import Stage
from hanchot.domain.unit import UnitKind

TITLE = 120  # characters
OPENING = "mở đầu"  # the clause of what stands before the first clause
# Words of a document for the event that a deadline counts from; the first row that fits. Keys: EVENTS_VI in deadline.py.
ANCHORS: tuple[tuple[str, str], ...] = (
    ("xếp loại chất lượng đảng viên", "member-rating"),  # “trước khi đánh giá, xếp loại chất lượng đảng viên”
    ("xếp loại đảng viên", "member-rating"),
    ("tổng kết", "year-end-meeting"),  # “trước khi tổng kết năm”
    ("kết quả", "result"),  # “ngay sau khi có kết quả kiểm điểm, đánh giá, xếp loại”
    ("gửi sau", "announcement"),
    ("thông báo sau", "announcement"),
    ("kiểm điểm", "review-meeting"),  # “ít nhất trước 05 ngày tổ chức kiểm điểm”
    ("cuộc họp", "review-meeting"),
    ("hội nghị", "review-meeting"),
    ("họp", "review-meeting"),
)
_EMPTY = re.compile(
    r"^(?:thời (?:gian|hạn)|tiến độ|hạn)\b(?: (?:thực hiện|hoàn thành|nộp|gửi))*", re.IGNORECASE
)  # heads of lines
_NO_NAME = re.compile(rf"{_EMPTY.pattern}|^(?:đối với|riêng) |\d\d/\d|\d{{4}}", re.IGNORECASE)
_ALSO = re.compile(r",?\s(?:và )?đồng thời\s")
_BEHIND = 40  # characters behind the words of an event in which its name may go on
_BEGINS = re.compile(
    r"^(?:trước|sau) khi [^.;:]*?\b(?:phải|thì|cần)\s+", re.IGNORECASE
)  # “Trước khi A thì phải B”: B is the duty
_QUARTERLY = re.compile(r"\b(?:hang|tung|moi|cuoi) quy\b|\bquy (?:i|ii|iii|iv)\b(?! nam)")
_OPTIONAL = re.compile(r"\(?\b(?:neu co|neu can|khi can thiet)\b")
_MARK = re.compile(r"^\s*(?:[-–+•*●]\s*|\(?\d+(?:\.\d+)*[.)]\s+|[a-zđ]\)\s*|[IVX]+\.\s+)+")
_ASIDE = re.compile(r"\s*\([^)]*\)|\s*<[^>]*>")
_LOOSE_END = re.compile(
    r"(?:[\s,;:.–-]|\b(?:hoàn thành|chậm nhất|xong|trước|trong|vào|đến|và|là|để|từ|từ ngày|ngày|gửi về|thời gian))+$",
    re.IGNORECASE,
)
_FOR = re.compile(r"^(?:đối với|riêng)\s+[^:]{3,160}:\s*", re.IGNORECASE)
_STOP = re.compile(r"[.;]\s|,?\s(?=để (?:tổng hợp|sắp xếp|làm căn cứ|báo cáo))")
_VIA = re.compile(r"^(?P<name>.+?)\s*(?:,\s*|\()?\b(?:thông qua|qua)\s+(?P<via>[^()]+?)\)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one statement most likely means.

    ``kinds`` may be empty (“chưa rõ”); ``sure`` says whether every word for somebody was understood. ``stage`` is None
    where the reader could not tell. ``repeats`` is the place of an earlier statement that seems to say the same.
    """

    key: str
    title: str
    stage: Stage | None
    kinds: tuple[UnitKind, ...]
    sure: bool
    deadline: Deadline
    clause: str
    phrase: str
    to: str | None
    via: str | None
    period: PeriodKind
    optional: bool
    provides: str | None
    doubt: str | None
    repeats: int | None = None


def propose(draft: Draft, organiser: UnitKind | None = None) -> tuple[Proposal, ...]:
    """One proposal for each statement, in the draft's order; keys are unique. ``organiser`` None: by the issuer."""
    organiser = organiser or organiser_of(draft.document.issuer)
    made: list[Proposal] = []
    for statement in draft.deadlines:
        one = _proposal(statement, organiser, _heading(draft, statement.clause))
        taken = {other.key for other in made}
        made.append(replace(one, key=_unique(one.key, taken), repeats=_repeats(one, statement, made, draft)))
    return tuple(_with_result(made))


def _proposal(statement: Statement, organiser: UnitKind | None, heading: str) -> Proposal:
    who = who_is(statement.actor, organiser)
    name, via = recipient_of(statement.recipient)
    title = title_of(statement, heading)
    said = folded(statement.quote)
    quarterly = isinstance(statement.deadline, Quarterly) or bool(_QUARTERLY.search(said))
    return Proposal(
        key=key_of(title), title=title, stage=statement.stage, kinds=who.kinds, sure=who.sure,
        deadline=anchored(statement), clause=statement.clause or OPENING, phrase=statement.phrase, to=name, via=via,
        period="quarterly" if quarterly else "annual", optional=bool(_OPTIONAL.search(said)), provides=None,
        doubt=statement.doubt,
    )  # fmt: skip


def _repeats(one: Proposal, statement: Statement, earlier: list[Proposal], draft: Draft) -> int | None:
    """A document may say a duty twice (in its body and in who carries it out); a person decides whether it did."""
    said = _words(statement.quote)
    for place, other in enumerate(earlier):
        same = other.deadline == one.deadline and other.stage == one.stage and other.kinds == one.kinds
        if same and other.repeats is None:
            known = _words(draft.deadlines[place].quote)
            if len(said & known) >= 0.6 * min(len(said), len(known)):
                return place
    return None


def _with_result(made: list[Proposal]) -> list[Proposal]:
    """The last decision of the standing committee is what “sau khi có kết quả” waits for, if anything is."""
    deciders = [
        place for place, one in enumerate(made)
        if one.stage is Stage.DECIDE and UnitKind.STANDING_COMMITTEE in one.kinds and one.repeats is None
    ]  # fmt: skip
    if deciders:
        made[deciders[-1]] = replace(made[deciders[-1]], provides="result")
    return made


def title_of(statement: Statement, heading: str = "") -> str:
    """The duty in the document's words: capitalised, without number, date and who, at most 120 characters.

    A sentence that says nothing but the date (“Thời gian thực hiện: trước ngày …”) is named after its clause's ``heading``.
    """
    phrases = [part for part in (" ".join(part.split()) for part in statement.phrase.split("…")) if part]
    text = _BEGINS.sub("", _MARK.sub("", _part_with(phrases, " ".join(statement.quote.split()))))
    for phrase in phrases:
        text = text.replace(phrase, " ", 1)
    text = _FOR.sub("", _ASIDE.sub("", _MARK.sub("", text)))
    if statement.actor and folded(text).startswith(folded(statement.actor)):
        text = text[len(statement.actor) :].lstrip(" :,–-")
    text = " ".join(text.split()).replace(" ,", ",") + " "
    text = _LOOSE_END.sub("", _STOP.split(text, maxsplit=1)[0]).strip(" ,;:.-–")
    if len(text.split()) < 3 or _EMPTY.match(text):
        text = heading or _by_stage(statement)
    return _short(text[:1].upper() + text[1:])


def _part_with(phrases: list[str], quote: str) -> str:
    """Of a sentence that names two duties (“gửi hồ sơ …, đồng thời gửi giấy mời …”) the part that has the phrase."""
    parts = _ALSO.split(quote)
    return next((part for part in parts if any(phrase in part for phrase in phrases)), parts[0])


def _by_stage(statement: Statement) -> str:
    step = f"bước {statement.stage.vi}" if statement.stage else "việc"
    return f"hoàn thành {step}" + (f": {statement.actor}" if statement.actor else "")


def _heading(draft: Draft, clause: str | None) -> str:
    """What a clause is called: the first words of its first paragraph; empty where they say nothing themselves."""
    first = next((paragraph.text for paragraph in draft.paragraphs if clause and paragraph.clause == clause), "")
    text = re.split(r"[:.;]\s|[:.;]$", _MARK.sub("", " ".join(first.split())), maxsplit=1)[0].strip(" ,;:.-–")
    return "" if len(text.split()) < 3 or _NO_NAME.search(text) else text


def key_of(title: str) -> str:
    """A name for files and addresses: ASCII, at most eight syllables."""
    return "-".join(re.findall(r"[a-z0-9]+", folded(title))[:8])[:60].strip("-") or "moc"


def anchored(statement: Statement) -> Deadline:
    """The deadline with its event under the name that the house knows; an unknown event keeps a name of its own."""
    deadline = statement.deadline
    if isinstance(deadline, Lead | After) or (isinstance(deadline, Order) and deadline.anchor):
        words = deadline.anchor or ""
        behind = statement.quote.partition(words)[2] if words else ""
        return deadline.model_copy(update={"anchor": event_of(words) or event_of(words + behind[:_BEHIND]) or key_of(words)})
    return deadline


def event_of(words: str) -> str | None:
    """The event that some words name, by the table."""
    text = folded(words)
    return next((event for phrase, event in ANCHORS if folded(phrase) in text or text == event), None)


def recipient_of(words: str | None) -> tuple[str | None, str | None]:
    """Who gets it, and through whom: “Ban Thường vụ Huyện ủy (qua Ban Tổ chức)” has both."""
    text = " ".join((words or "").split()).strip(" ,.;")
    if not text:
        return None, None
    found = _VIA.match(text)
    return (found["name"].strip(" ,("), found["via"].strip()) if found else (text, None)


def year_kind(draft: Draft) -> Literal["year", "standing"]:
    """A guidance whose dates are all yearly serves every year; anything else is for one."""
    kinds = {statement.deadline.kind for statement in draft.deadlines}
    return "standing" if "yearly" in kinds and not kinds & {"by", "before", "within"} else "year"


def _short(text: str) -> str:
    if len(text) <= TITLE:
        return text
    cut = text[: TITLE - 1]
    return cut[: max(cut.rfind(" "), TITLE // 2)].rstrip(" ,;:-–") + "…"


def _unique(key: str, taken: set[str]) -> str:
    made, number = key, 1
    while made in taken:
        number += 1
        made = f"{key}-{number}"
    return made


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]+", folded(text)))
