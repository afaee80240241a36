"""The board's words: instants, fates of letters, rungs and events, in the language of the page."""

from __future__ import annotations

import re
from datetime import date, datetime

from hanchot.board.language import counted, said, spoken
from hanchot.board.language import gettext as _
from hanchot.board.log_words import EVENTS_VI
from hanchot.domain.fate import FATE_VI as FATE_VI
from hanchot.domain.fate import INCIDENT_VI as INCIDENT_VI
from hanchot.domain.instants import ZONE, local_day
from hanchot.domain.plan import Milestone
from hanchot.domain.unit import UnitKind
from hanchot.domain.work_item import ACTION_VI, STATE_VI, State
from hanchot.domain.workdays import weekday_vi
from hanchot.letters.words import deadline_vi

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
    """``thứ Sáu 19/12/2025``, ``Friday 19/12/2025``."""
    return f"{_(weekday_vi(day))} {day:%d/%m/%Y}" if day else ""


def at_vi(instant: datetime | None) -> str:
    """``08:00 19/12/2025``, local time."""
    return f"{instant.astimezone(ZONE):%H:%M %d/%m/%Y}" if instant else ""


def deadline(last_day: date, last_moment: datetime | None) -> str:
    """The last moment: ``hết ngày thứ Sáu 19/12/2025``; ``by the end of Friday 19/12/2025``, ``before 15:00 Friday …``."""
    words = deadline_vi(last_day, last_moment)
    if spoken() == "vi":
        return words
    if words.startswith("hết ngày"):
        return _("hết ngày %(day)s") % {"day": day_vi(last_day)}
    clock = "{:0>2}:{:0>2}".format(*(*re.findall(r"\d+", words.partition("thứ")[0].partition("Chủ")[0]), "0")[:2])
    return (_("trước %(clock)s %(day)s") if words.startswith("trước") else "%(clock)s %(day)s") % {
        "clock": clock, "day": day_vi(last_day),
    }  # fmt: skip


def ago_vi(instant: datetime | None, now: datetime) -> str:
    """``vừa xong``, ``3 phút trước``, ``2 giờ trước``, ``5 ngày trước``."""
    if instant is None:
        return _("chưa lần nào")
    seconds = int((now - instant).total_seconds())
    for size, words in ((86400, _("%(n)s ngày trước")), (3600, _("%(n)s giờ trước")), (60, _("%(n)s phút trước"))):
        if seconds >= size:
            return counted(words % {"n": seconds // size})
    return _("vừa xong")


def undated_vi(milestone: Milestone) -> str:
    """What stands where a date would: the plan's own words, or that it has none."""
    kind = milestone.deadline.kind
    if kind == "announced":
        return _("lịch gửi sau")
    if kind == "unset":
        return _("kế hoạch không nêu hạn")
    if not milestone.source.phrase:
        return _("tính theo việc trước; có ngày khi việc ấy xong")
    return f"“{milestone.source.phrase}”"


def kinds_vi(kinds: tuple[UnitKind, ...]) -> str:
    return "; ".join(_(kind.vi) for kind in kinds)


def rung_vi(rung: str, tone: str = "") -> str:
    """``nhắc trước 3 ngày làm việc``, ``báo cấp trên, quá hạn 1 ngày làm việc``."""
    if found := _RUNG.fullmatch(rung):
        days = int(found[1] or 0)
        if days < 0:
            return _("nhắc trước %(n)s ngày làm việc") % {"n": -days}
        if days == 0:
            return _("nhắc đúng ngày hạn")
        late = (
            _("báo cấp trên, quá hạn %(n)s ngày làm việc") if tone == "escalation" else _("nhắc, quá hạn %(n)s ngày làm việc")
        )
        return late % {"n": days}
    head = rung.split("-")[0]
    known = {"open": "báo mở việc", "stage": "báo mở bước", "summary": "bản tin sáng", "returned": "báo bị trả lại",
             "extended": "báo gia hạn", "chase": "giục văn bản còn thiếu", "asked": "báo có đề nghị thêm thời gian",
             "refused": "báo giữ nguyên hạn", "escalated": "cấp dưới báo việc chậm", "now": "nhắc thêm",
             "renewal": "dự thảo kế hoạch năm sau"}  # fmt: skip
    return _(known.get(head) or _TONE_VI.get(tone, rung))


def letter_vi(state: str, fate: str | None) -> str:
    """What became of a letter: its envelope's fate once it is in one."""
    return _(FATE_VI.get(fate, fate) if fate and state == "planned" else LETTER_VI.get(state, state))


def event_vi(action: str) -> str:
    """``nộp``, ``trả lại``, ``gia hạn`` …"""
    return _(ACTION_VI.get(action.removeprefix("item."), "") or _EVENT_VI.get(action, action))


def state_vi(text: str | None) -> str:
    """A state or a date of an event in words."""
    if text in list(State):
        return _(STATE_VI[State(text)])
    try:
        return f"{date.fromisoformat(text or ''):%d/%m/%Y}"
    except ValueError:
        return said(text)


def week_vi(monday: date, now: datetime) -> str:
    """``Tuần này``, ``Tuần sau``, or the week's days."""
    today = local_day(now)
    weeks = (monday - date.fromordinal(today.toordinal() - today.weekday())).days // 7
    span = f"{monday:%d/%m} – {date.fromordinal(monday.toordinal() + 6):%d/%m/%Y}"
    words = {0: _("Tuần này, %(days)s"), 1: _("Tuần sau, %(days)s")}.get(weeks, _("Tuần %(days)s"))
    return words % {"days": span}
