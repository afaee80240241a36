"""The board's words: instants, fates of letters, rungs and events, as a person reads them. Pure."""

from __future__ import annotations

import re
from datetime import date, datetime

from hanchot.board.log_words import EVENTS_VI
from hanchot.domain.fate import FATE_VI as FATE_VI
from hanchot.domain.fate import INCIDENT_VI as INCIDENT_VI
from hanchot.domain.instants import ZONE, local_day
from hanchot.domain.plan import Milestone
from hanchot.domain.unit import UnitKind
from hanchot.domain.work_item import ACTION_VI, STATE_VI, State
from hanchot.domain.workdays import weekday_vi

# how a fate looks: the class of its shape and colour
FATE_LOOK = {
    "accepted": "done",
    "failed": "overdue",
    "bounced": "overdue",
    "expired": "overdue",
    "uncertain": "due_soon",
    "retry": "due_soon",
    "withheld": "waiting",
}
LETTER_VI = {"planned": "Chờ đóng thư", "skipped": "Bỏ qua, đã có nấc cao hơn", "superseded": "Thôi gửi: không còn cần",
             "vacant": "Chức vụ đang khuyết, đã báo cấp trên"}  # fmt: skip
STAGE_STATE_VI = {"pending": "Chưa đến lượt", "open": "Đang làm", "closed": "Đã xong"}
_TONE_VI = {"escalation": "báo cấp trên", "summary": "bản tin sáng", "opened": "báo mở việc", "result": "báo kết quả",
            "remediation": "báo việc khắc phục"}  # fmt: skip
_RUNG = re.compile(r"T([+-]\d+)?")
_EVENT_VI = EVENTS_VI | {"cycle.opened": "mở đợt", "unit.event": "đặt ngày sự kiện", "milestone.dated": "đặt hạn",
             "item.remind": "nhắc thêm", "time.asked": "xin thêm thời gian", "time.granted": "cho thêm thời gian",
             "time.refused": "giữ nguyên hạn", "time.withdrawn": "rút đề nghị thêm thời gian",
             "item.escalated": "báo Ban Tổ chức", "post.handed_over": "giao người làm thay",
             "post.taken_back": "thôi giao thay", "feed.made": "tạo lịch riêng",
             "feed.ended": "thôi dùng lịch riêng"}  # fmt: skip


def day_vi(day: date | None) -> str:
    """``thứ Sáu 19/12/2025``."""
    return f"{weekday_vi(day)} {day:%d/%m/%Y}" if day else ""


def at_vi(instant: datetime | None) -> str:
    """``08:00 19/12/2025``, local time."""
    return f"{instant.astimezone(ZONE):%H:%M %d/%m/%Y}" if instant else ""


def ago_vi(instant: datetime | None, now: datetime) -> str:
    """``vừa xong``, ``3 phút trước``, ``2 giờ trước``, ``5 ngày trước``."""
    if instant is None:
        return "chưa lần nào"
    seconds = int((now - instant).total_seconds())
    if seconds < 60:
        return "vừa xong"
    for size, word in ((86400, "ngày"), (3600, "giờ"), (60, "phút")):
        if seconds >= size:
            return f"{seconds // size} {word} trước"
    return "vừa xong"


def undated_vi(milestone: Milestone) -> str:
    """What stands where a date would: the plan's own words, or that it has none."""
    kind = milestone.deadline.kind
    if kind == "announced":
        return "lịch gửi sau"
    if kind == "unset" or not milestone.source.phrase:
        return "kế hoạch không nêu hạn"
    return f"“{milestone.source.phrase}”"


def kinds_vi(kinds: tuple[UnitKind, ...]) -> str:
    return "; ".join(kind.vi for kind in kinds)


def rung_vi(rung: str, tone: str = "") -> str:
    """``nhắc trước 3 ngày làm việc``, ``báo cấp trên, quá hạn 1 ngày làm việc``."""
    if found := _RUNG.fullmatch(rung):
        days = int(found[1] or 0)
        if days < 0:
            return f"nhắc trước {-days} ngày làm việc"
        if days == 0:
            return "nhắc đúng ngày hạn"
        who = "báo cấp trên" if tone == "escalation" else "nhắc"
        return f"{who}, quá hạn {days} ngày làm việc"
    head = rung.split("-")[0]
    known = {"open": "báo mở việc", "stage": "báo mở bước", "summary": "bản tin sáng", "returned": "báo bị trả lại",
             "extended": "báo gia hạn", "chase": "giục văn bản còn thiếu", "asked": "báo có đề nghị thêm thời gian",
             "refused": "báo giữ nguyên hạn", "escalated": "cấp dưới báo việc chậm", "now": "nhắc thêm",
             "renewal": "dự thảo kế hoạch năm sau"}  # fmt: skip
    return known.get(head) or _TONE_VI.get(tone, rung)


def letter_vi(state: str, fate: str | None) -> str:
    """What became of a letter: its envelope's fate once it is in one."""
    return FATE_VI.get(fate, fate) if fate and state == "planned" else LETTER_VI.get(state, state)


def event_vi(action: str) -> str:
    """``nộp``, ``trả lại``, ``gia hạn`` …"""
    return ACTION_VI.get(action.removeprefix("item."), "") or _EVENT_VI.get(action, action)


def state_vi(text: str | None) -> str:
    """A state or a date of an event in words."""
    if text in list(State):
        return STATE_VI[State(text)]
    try:
        return f"{date.fromisoformat(text or ''):%d/%m/%Y}"
    except ValueError:
        return text or ""


def week_vi(monday: date, now: datetime) -> str:
    """``Tuần này``, ``Tuần sau``, or the week's days."""
    today = local_day(now)
    weeks = (monday - date.fromordinal(today.toordinal() - today.weekday())).days // 7
    span = f"{monday:%d/%m} – {date.fromordinal(monday.toordinal() + 6):%d/%m/%Y}"
    return f"{['Tuần này', 'Tuần sau'][weeks]}, {span}" if weeks in (0, 1) else f"Tuần {span}"
