"""What the administrator's rooms share: what was done, said once on the page after; days that may be left empty."""

from __future__ import annotations

from datetime import date

from starlette.requests import Request

from hanchot.board.desk_form import Fault, read_day
from hanchot.board.language import gettext as _
from hanchot.board.writing import Form

# ``?done=`` → what has just been done; anything else says nothing
DONE = {
    "corrected": "Đã sửa thông tin.",
    "same": "Không có gì đổi.",
    "appointed": "Đã ghi người giữ chức vụ.",
    "vacated": "Đã ghi chức vụ khuyết.",
    "granted": "Đã cấp quyền.",
    "ended": "Đã thu lại quyền.",
    "logins": "Đã kết thúc mọi phiên đăng nhập của người này.",
    "handed": "Đã ghi người làm thay.",
    "back": "Đã kết thúc việc làm thay.",
    "imported": "Đã nhập danh sách.",
    "real": "Đã bật gửi thật. Từ lần gửi sau, thư đến mọi người.",
    "safe": "Đã về chế độ an toàn. Thư chỉ đến địa chỉ trong danh sách.",
    "allowed": "Đã thêm vào danh sách cho phép.",
    "disallowed": "Đã bỏ khỏi danh sách cho phép.",
    "held": "Đã giữ mọi thư.",
    "released": "Đã cho gửi tiếp.",
    "tried": "Máy chủ thư đã nhận thư thử. Mở hộp thư xem thư có đến và đọc rõ không.",
    "replaced": "Đã thay mẫu.",
    "restored": "Đã về mẫu gốc.",
    "founded": "Đã ghi cấp ủy.",
    "sample_left": "Đã bỏ danh sách mẫu.",
    "opened": "Đã mở đợt.",
}


def done_of(request: Request) -> str:
    """The sentence about what was just done, in the page's language, or empty."""
    said = DONE.get(request.query_params.get("done", ""))
    return _(said) if said else ""


def day_of(form: Form, field: str) -> date:
    """A day that must be there. Raises ``Wrong``."""
    found = read_day(form.text(field), field)
    if isinstance(found, Fault):
        raise Wrong(found)
    return found


def day_or_none(form: Form, field: str) -> date | None:
    """A day, or nothing where the field was left empty. Raises ``Wrong``."""
    return day_of(form, field) if form.text(field) else None


class Typed(dict[str, str]):
    """What was typed into a form, to be shown again; a field that was not sent is empty."""

    def __missing__(self, _field: str) -> str:
        return ""


def typed_of(form: Form | None) -> Typed:
    return Typed({name: form.text(name) for name in form.texts} if form else {})


class Wrong(Exception):
    """A field that cannot be read."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.message)
