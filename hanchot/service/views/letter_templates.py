"""The letters as people get them: each kind written about a real item of an open cycle, as it would be sent today."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from hanchot.domain.instants import end_of, local_day
from hanchot.domain.stage import Stage
from hanchot.letters.compose import TemplateTrouble, compose
from hanchot.letters.view import TEMPLATES, Envelope, LateUnit, Line, Summary
from hanchot.service.services import Services
from hanchot.store.tables import cycle, cycle_milestone, unit, work_item

TONE_VI = {
    "opened": "Báo mở việc", "stage_opened": "Báo mở bước", "reminder": "Nhắc trước hạn", "due": "Nhắc đúng ngày hạn",
    "overdue": "Nhắc quá hạn", "escalation": "Báo cấp trên", "returned": "Báo bị trả lại", "extended": "Báo gia hạn",
    "time_asked": "Báo có đề nghị thêm thời gian", "time_refused": "Báo giữ nguyên hạn", "chase": "Giục lịch còn thiếu",
    "result": "Báo có kết quả", "remediation": "Báo mở việc khắc phục", "renewal": "Báo có dự thảo kế hoạch năm sau",
    "summary": "Bản tin sáng của Ban Tổ chức",
}  # fmt: skip
_DAYS = {"due": 0, "overdue": -3, "escalation": -5, "extended": 6, "reminder": 3}  # left on the day of the preview


@dataclass(frozen=True, slots=True)
class Preview:
    """One kind of letter; ``trouble`` (file, line, reason) stands where its template cannot be written."""

    tone: str
    name: str
    folder: str
    subject: str = ""
    text: str = ""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Previews:
    """``about`` names the item that all of them speak of; ``real`` is False where there is none yet."""

    about: str
    real: bool
    letters: tuple[Preview, ...]


def previews(services: Services, now: datetime) -> Previews:
    """Every kind of letter, written today about one unfinished item; no bytes are kept and nothing is sent."""
    today = local_day(now)
    found = _item(services)
    line = found or Line(
        tone="reminder", unit="Chi bộ Văn phòng", milestone="Nộp hồ sơ kiểm điểm", stage_vi=Stage.SELF_ASSESS.vi, clause="II.4",
        plan="Kế hoạch (ví dụ)", url=f"{services.settings.board}/my",
    )  # fmt: skip
    made = tuple(_preview(services, tone, line, today) for tone in TEMPLATES)
    return Previews(f"{line.unit} – {line.milestone}", found is not None, made)


def _preview(services: Services, tone: str, line: Line, today: date) -> Preview:
    folder, name = TEMPLATES[tone], TONE_VI.get(tone, tone)
    settings = services.settings
    letter = Envelope(
        to_name="Nguyễn Văn A", to_title="Bí thư", lines=(_dressed(tone, line, today),), today=today,
        board_url=settings.board, summaries=(_summary(line),) if tone == "summary" else (),
        sender=settings.mail_from_name, ask=settings.mail_reply_to or "",
    )  # fmt: skip
    try:
        said = compose(letter, settings.templates_dir / "letters")
    except TemplateTrouble as trouble:
        return Preview(tone, name, folder, trouble=str(trouble))
    return Preview(tone, name, folder, said.subject, said.text)


def _dressed(tone: str, line: Line, today: date) -> Line:
    """The item as the letter of this tone would find it."""
    days = _DAYS.get(tone, 10)
    last_day = today + timedelta(days=days)
    dated = replace(line, tone=tone, days=days, last_day=last_day, last_moment=end_of(last_day), revision=1)
    if tone == "extended":
        return replace(dated, was_day=today + timedelta(days=1))
    if tone == "chase":
        return replace(dated, days=None, last_day=None, last_moment=None)
    if tone in ("result", "renewal", "summary"):
        return replace(dated, days=0 if tone == "summary" else None, last_day=today if tone == "summary" else None,
                       last_moment=None)  # fmt: skip
    if tone == "escalation":
        return replace(dated, holder_name="Nguyễn Văn A", holder_phone="0900 000 000", standing="Quá hạn 5 ngày")
    return replace(dated, reason="bổ sung một giấy còn thiếu") if tone == "returned" else dated


def _summary(line: Line) -> Summary:
    late = LateUnit(line.unit, 3, line.task)
    return Summary(cycle=line.plan or "Đợt kiểm điểm", period="năm nay", stage_vi=line.stage_vi, done=142, total=230, late=1,
                   due_soon=5, undated=0, late_units=(late,), url=line.url)  # fmt: skip


def _item(services: Services) -> Line | None:
    """The last opened cycle's first item that has a date."""
    query = (
        sa.select(work_item.c.id, unit.c.name, cycle_milestone.c.title, cycle_milestone.c.stage, cycle.c.title.label("cycle"))
        .join(unit, unit.c.id == work_item.c.unit_id)
        .join(cycle_milestone, cycle_milestone.c.id == work_item.c.milestone_id)
        .join(cycle, cycle.c.id == work_item.c.cycle_id)
        .where(cycle.c.state == "open", work_item.c.last_day.is_not(None))
        .order_by(cycle.c.opened_at.desc(), work_item.c.id)
        .limit(1)
    )
    with services.db.read() as connection:
        row = connection.execute(query).first()
    if row is None:
        return None
    url = f"{services.settings.board}/items/{row.id}"
    return Line(tone="reminder", unit=row.name, milestone=row.title, stage_vi=Stage(row.stage).vi, plan=row.cycle, url=url,
                item_id=row.id)  # fmt: skip
