"""How this installation is set: what holds and where it comes from, the switch “gửi thật”, holding the mail, the doctor."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from hanchot.board.admin_form import done_of, typed_of
from hanchot.board.desk_form import Fault, faults_of
from hanchot.board.doors import Door, Page, whole
from hanchot.board.frame import Board
from hanchot.board.language import gettext as _
from hanchot.board.who import viewer_of
from hanchot.board.writing import Form, Write, to
from hanchot.domain.access import Action
from hanchot.domain.errors import AlreadyDone, HanChotError
from hanchot.service.mail import hold, real, trial
from hanchot.settings import Settings


@dataclass(frozen=True)
class Said:
    """One setting in words: its name in the environment, and whether it was set there."""

    what: str
    value: str
    variable: str
    from_environment: bool


def settings(board: Board, request: Request) -> Response:
    return _settings(board, request)


def _settings(
    board: Board, request: Request, faults: tuple[Fault, ...] = (), form: Form | None = None, status: int = 200
) -> Response:
    house = board.services.settings
    with board.services.db.read() as connection:
        how, held = real.sending(house, connection), hold.held(connection)
    facts = {
        "how": how, "held": held, "tried": trial.last_trial(board.services), "rows": _rows(house), "done": done_of(request),
        "faults": faults, "phrase": real.PHRASE, "typed": typed_of(form),
    }  # fmt: skip
    return board.page(request, "settings", board.clock(), status=status, **facts)


def _rows(house: Settings) -> tuple[Said, ...]:
    """What people ask about; no password is shown, only whether there is one."""

    def said(what: str, value: object, *fields: str) -> Said:
        named = ", ".join(f"HANCHOT_{field.upper()}" for field in fields)
        return Said(what, str(value), named, any(field in house.model_fields_set for field in fields))

    relay = f"{house.smtp_host}:{house.smtp_port}, {house.smtp_security}" if house.smtp_host else _("hộp thư thử trên máy này")
    account = (house.smtp_user or _("không có")) + (_(", có mật khẩu") if house.smtp_password else "")
    sign_in = _("luôn đăng nhập") if house.sign_in == "always" else _("không hỏi trên chính máy này")
    return (
        said(_("Máy chủ thư"), relay, "smtp_host", "smtp_port", "smtp_security"),
        said(_("Tài khoản gửi thư"), account, "smtp_user", "smtp_password"),
        said(_("Người gửi"), f"{house.mail_from_name} <{house.mail_from}>", "mail_from_name", "mail_from"),
        said(_("Thư trả lời về"), house.mail_reply_to or _("địa chỉ người gửi"), "mail_reply_to"),
        said(_("Giờ gửi thư"), f"{house.window_start:%H:%M}–{house.window_end:%H:%M}", "window_start", "window_end"),
        said(_("Tối đa mỗi người mỗi ngày"), _("%(n)s thư") % {"n": house.daily_cap}, "daily_cap"),
        said(_("Nhịp gửi"), _("%(n)s thư mỗi phút") % {"n": house.pace_per_minute}, "pace_per_minute"),
        said(_("Địa chỉ của bảng"), house.board, "board_url", "board_host", "board_port"),
        said(_("Đăng nhập"), sign_in, "sign_in"),
        said(_("Đăng nhập bằng dịch vụ của tỉnh"), house.oidc_name if house.oidc_issuer else _("không"), "oidc_issuer"),
    )  # fmt: skip


def sending(board: Board, request: Request, form: Form) -> Response:
    """Real mail on or off."""
    on = form.text("do") == "on"
    try:
        who = viewer_of(board, request).name
        real.turn(board.services, on, board.clock(), actor=who, typed=form.text("typed")[:100])
    except AlreadyDone:
        pass
    except HanChotError as error:
        return _settings(board, request, faults_of(error), form, 422)
    return to(f"/settings?done={'real' if on else 'safe'}#sending")


def allowed(board: Board, request: Request, form: Form) -> Response:
    now, who, do = board.clock(), viewer_of(board, request).name, form.text("do")
    try:
        if do == "remove":
            real.disallow(board.services, form.text("address"), now, actor=who)
            return to("/settings?done=disallowed#allowed")
        real.allow(board.services, form.text("address")[:254], now, actor=who)
    except AlreadyDone:
        pass
    except HanChotError as error:
        return _settings(board, request, faults_of(error), form, 422)
    return to("/settings?done=allowed#allowed")


def holding(board: Board, request: Request, form: Form) -> Response:
    """Hold all mail, with a reason, or let it go on."""
    now, who, db = board.clock(), viewer_of(board, request).name, board.services.db
    if form.text("do") == "release":
        hold.release_hold(db, who, now)
        return to("/settings?done=released#hold")
    try:
        hold.hold_mail(db, form.text("reason")[:300], now, actor=who)
    except AlreadyDone:
        pass
    except HanChotError as error:
        return _settings(board, request, faults_of(error), form, 422)
    return to("/settings?done=held#hold")


def trying(board: Board, request: Request, form: Form) -> Response:
    """One mail to oneself; ``allow`` puts the address on the list first, where the mode is the safe one."""
    now, who, address = board.clock(), viewer_of(board, request).name, form.text("to")[:254]
    try:
        if form.text("allow"):
            _allow(board, address, who)
        trial.send_trial(board.services, address, who, now)
    except HanChotError as error:
        return _settings(board, request, faults_of(error, "to"), form, 422)
    return to("/first-hour?done=tried#mail" if form.text("back") == "first-hour" else "/settings?done=tried#trial")


def _allow(board: Board, address: str, who: str) -> None:
    with board.services.db.read() as connection:
        reached = real.sending(board.services.settings, connection).reaches(address)
    if not reached and address:
        real.allow(board.services, address, board.clock(), actor=who)


def doctor(board: Board, request: Request) -> Response:
    """Everything is looked at when the page is asked for; what does not answer takes three seconds to say so."""
    from hanchot.service.doctor import examine

    now = board.clock()
    found = examine(board.services.settings, now, board.services.db)
    return board.page(request, "doctor", now, found=found)


PAGES: dict[str, Door[Page]] = {
    "/settings": Door(settings, Action.SETTINGS, whole),
    "/settings/doctor": Door(doctor, Action.SETTINGS, whole),
}
WRITES: dict[str, Door[Write]] = {
    "/settings/sending": Door(sending, Action.SETTINGS, whole),
    "/settings/allowed": Door(allowed, Action.SETTINGS, whole),
    "/settings/hold": Door(holding, Action.SETTINGS, whole),
    "/settings/trial": Door(trying, Action.SETTINGS, whole),
}
