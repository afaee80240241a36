"""Signing in without a password: a code by mail into the browser that asked, a printed code, or the province's service."""

from hanchot.service.signing_in.asking import ask_code, ask_code_again
from hanchot.service.signing_in.entering import enter_code, enter_printed, step_up
from hanchot.service.signing_in.granting import end_grant, grant, grants
from hanchot.service.signing_in.limits import TooMany
from hanchot.service.signing_in.logins import Login, end_logins, login_of, sign_out
from hanchot.service.signing_in.printing import last_printed, print_codes

__all__ = [
    "Login",
    "TooMany",
    "ask_code",
    "ask_code_again",
    "end_grant",
    "end_logins",
    "enter_code",
    "enter_printed",
    "grant",
    "grants",
    "last_printed",
    "login_of",
    "print_codes",
    "sign_out",
    "step_up",
]
