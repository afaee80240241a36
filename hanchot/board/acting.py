"""What an officer's forms have in common: which right opens which act, its words, and what was typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from hanchot.board.days import read_day
from hanchot.board.language import gettext as _
from hanchot.board.writing import Form
from hanchot.domain.access import Action
from hanchot.domain.officer_act import NEEDS_DAY, NEEDS_REASON, Do, Wish

LONGEST = 500  # letters of a reason
RIGHT: dict[Do, Action] = {
    Do.RECEIVE: Action.RECORD,
    Do.ACCEPT: Action.RETURN,
    Do.RETURN: Action.RETURN,
    Do.EXTEND: Action.EXTEND,
    Do.EXCUSE: Action.RECORD,
    Do.REOPEN: Action.RECORD,
    Do.REMIND: Action.REMIND,
}
FIELDS = ("day", "reason", "approver")


@dataclass(frozen=True)
class Face:
    """How an act looks: its name, its button, and the labels of what it asks for (None: it does not ask)."""

    name: str
    button: str
    day: str | None = None
    reason: str | None = None
    approver: str | None = None


FACES: dict[Do, Face] = {
    Do.RECEIVE: Face("Ghi đã nhận bản giấy", "Ghi đã nhận", "Nhận ngày", "Ghi chú (nếu có)"),
    Do.ACCEPT: Face("Nhận hồ sơ đã nộp", "Nhận hồ sơ"),
    Do.RETURN: Face("Trả lại, nêu lý do", "Trả lại", reason="Trả lại vì sao"),
    Do.EXTEND: Face("Gia hạn", "Gia hạn", "Hạn mới, tính cả ngày ấy", "Gia hạn vì sao", "Người duyệt (nếu có)"),
    Do.EXCUSE: Face("Ghi “không áp dụng”", "Ghi không áp dụng", reason="Không áp dụng vì sao"),
    Do.REOPEN: Face("Rút lại, mở lại việc", "Mở lại", reason="Rút lại vì sao"),
    Do.REMIND: Face("Nhắc ngay một thư", "Nhắc ngay"),
}


@dataclass(frozen=True)
class Trouble:
    """Why nothing was written: for which act, in words, at which fields, and what had been typed."""

    do: Do
    message: str
    faults: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)


def read_wish(form: Form, do: Do) -> tuple[Wish, Trouble | None]:
    """What a form asks for, and what is wrong with it."""
    typed = {name: form.text(name)[:LONGEST] for name in FIELDS}
    faults: dict[str, str] = {}
    day: date | None = None
    if do in NEEDS_DAY and typed["day"]:
        try:
            day = read_day(typed["day"])
        except ValueError as wrong:
            faults["day"] = f"“{typed['day'][:20]}”: {wrong}"
    elif do in NEEDS_DAY:
        faults["day"] = _("Ghi ngày, ví dụ 20/12/2024.")
    if do in NEEDS_REASON and not typed["reason"]:
        faults["reason"] = _("Nêu lý do; lý do được ghi vào nhật ký.")
    wish = Wish(do, typed["reason"], day, typed["approver"] if do is Do.EXTEND else "")
    return wish, Trouble(do, _("Chưa ghi được: còn ô phải sửa."), faults, typed) if faults else None


def refused(do: Do, form: Form, message: str) -> Trouble:
    """A guard's refusal, with what was typed."""
    return Trouble(do, message, typed={name: form.text(name)[:LONGEST] for name in FIELDS})
