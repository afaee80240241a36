"""Order and room: what is needed first must not be due last, and who receives must have days to go on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from hanchot.domain.checks.subject import Subject, duty, duty_en, inner, inner_en, vi
from hanchot.domain.collate import folded
from hanchot.domain.dated_plan import Line
from hanchot.domain.finding import Said, Severity
from hanchot.domain.handover import Handover, handovers, sent_on
from hanchot.domain.level import kinds_of
from hanchot.domain.stage import Stage

# Preparations that a review cannot do without, as titles word them (without diacritics).
_BEFORE_THE_REVIEW = ("chia nhom", "goi y kiem diem", "giay moi", "moi thanh phan", "moi du", "dang ky", "du thao bao cao")


def contradiction(s: Subject) -> Iterator[Said]:
    """An error where the plan itself needs the one for the other; a warning where only the usual order is turned round."""
    told = set()
    for hand in handovers(s.dated, s.workdays):
        if hand.late:
            told.add(hand.giver.milestone.key)
            yield _turned(hand.giver, hand.taker, hand.clause, Severity.ERROR)
    for day, line in s.dated.dated:
        if line.milestone.key in told or not line.fixed:
            continue
        later = _later_stage_done_earlier(s, day, line)
        if later is None:
            continue
        must = line.milestone.stage is Stage.PREPARE and later.milestone.stage is Stage.SELF_ASSESS
        must = must and any(words in folded(line.milestone.title) for words in _BEFORE_THE_REVIEW)
        yield _turned(line, later, None, Severity.ERROR if must else Severity.WARNING)


def predecessor_without_date(s: Subject) -> Iterator[Said]:
    """The plan says that one comes first, and dates only the other. Between stages ``stage-without-date`` says it."""
    for line in s.dated.annual:
        for before in line.milestone.after:
            first = s.dated.of(before.milestone)
            if first is None or first.milestone.deadline.kind not in ("order", "unset"):
                continue
            waits = getattr(first.milestone.deadline, "anchor", None)
            if line.day is None or waits or first.milestone.stage is not line.milestone.stage:
                continue
            yield Said(
                f"{duty(first.milestone)} phải xong trước {inner(line.milestone)}, hạn {vi(line.day)}, mà không có hạn riêng.",
                f"{duty_en(first.milestone)} must be done before {inner_en(line.milestone)}, due on {line.day}, "
                "and has no date of its own.",
                "Ban Tổ chức ấn định hạn sớm hơn cho việc đi trước.",
                "The department sets an earlier date for what comes first.",
                first.milestone.source.clause,
                first.milestone.key,
            )


def no_slack(s: Subject) -> Iterator[Said]:
    for hand in handovers(s.dated, s.workdays):
        if hand.tight:
            yield tight(hand, "", "")


def tight(hand: Handover, above: str, above_en: str) -> Said:
    """Too few working days for whoever takes it up; ``above`` names the plan of the taker where it is another."""
    giver, taker = hand.giver, hand.taker
    one, other = _day(giver), _day(taker)
    a, b = giver.milestone, taker.milestone
    count = "không còn ngày làm việc nào" if not hand.slack else f"chỉ còn {hand.slack} ngày làm việc"
    count_en = f"{hand.slack or 'no'} working day{'s' if not hand.slack else ''}"
    return Said(
        f"{duty(a)} xong ngày {vi(one)}, {above}{inner(b)} phải xong ngày {vi(other)}: {count} ở giữa.",
        f"{duty_en(a)} ends on {one}, {above_en}{inner_en(b)} is due on {other}: {count_en} between them.",
        "Một câu, một ngày: tự đặt ngày sớm hơn cho việc trước trong nội bộ."
        if hand.one_sentence
        else "Đưa hạn trước sớm lên hoặc giục nơi gửi nộp sớm.",
        "One sentence, one date: set an earlier day inside for what comes first."
        if hand.one_sentence
        else "Bring the first date forward, or ask the senders to hand in early.",
        b.source.clause if not above else a.source.clause,
        b.key if not above else a.key,
        Severity.NOTE if hand.one_sentence else None,
    )


def _turned(first: Line, then: Line, clause: str | None, severity: Severity) -> Said:
    a, b = first.milestone, then.milestone
    one, other = _day(first), _day(then)
    if severity is Severity.ERROR:
        because, because_en = (f" (mục {clause})", f" (clause {clause})") if clause else ("", "")
        seen = f"việc ấy cần làm trước{because}"
        seen_en = f"which must come first{because_en}"
    else:
        seen = f"dù bước {a.stage.vi} thường đứng trước bước {b.stage.vi}"
        seen_en = f"although {a.stage} usually comes before {b.stage}"
    return Said(
        f"{duty(a)} có hạn {vi(one)}, sau {inner(b)} có hạn {vi(other)}, {seen}.",
        f"{duty_en(a)} is due on {one}, after {inner_en(b)} due on {other}, {seen_en}.",
        f"Hỏi nơi ban hành; nếu chưa sửa, giục mục {a.source.clause} xong trước {vi(other)}.",
        f"Ask the issuer; until it is mended, have clause {a.source.clause} done before {other}.",
        a.source.clause,
        a.key,
        severity,
    )


def _later_stage_done_earlier(s: Subject, day: date, line: Line) -> Line | None:
    """The last duty of the nearest later stage of the same units, if all of that stage is due before ``day``.

    What prepares a review is too late after the review, even if its dossier is due later still.
    """
    kinds = kinds_of(s.plan, line.milestone)
    preparing = line.milestone.stage is Stage.PREPARE
    after = [
        (other.milestone.stage.position, then, other)
        for then, other in s.dated.dated
        if other.milestone.stage.position > line.milestone.stage.position
        and not (preparing and sent_on(s.plan, other.milestone))
        and kinds & kinds_of(s.plan, other.milestone)
    ]
    for position in sorted({position for position, _, _ in after}):
        then, other = max(((then, other) for p, then, other in after if p == position), key=lambda pair: pair[0])
        if then < day:
            return other
    return None


def _day(line: Line) -> date:
    assert line.day is not None
    return line.day
