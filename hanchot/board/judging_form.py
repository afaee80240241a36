"""What the forms of judging share: a level with points, answers and a reason, read from what was typed; faults at fields."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

import sqlalchemy as sa
from starlette.requests import Request

from hanchot.board.desk_form import Fault
from hanchot.board.language import gettext as _
from hanchot.board.writing import Form
from hanchot.domain.criteria import faults_of as group_faults
from hanchot.domain.criteria import score_of
from hanchot.domain.errors import HanChotError
from hanchot.domain.rating_level import RatingLevel
from hanchot.domain.unit import UnitKind
from hanchot.service import access
from hanchot.service.judging.ratings import Judgement
from hanchot.service.judging.refusing import Forbidden
from hanchot.service.views.judging_step import Said, StepPage

YES_NO = {"yes": True, "no": False}
LEVELS_VI = {
    RatingLevel.EXCELLENT: "Xuất sắc",
    RatingLevel.GOOD: "Tốt",
    RatingLevel.FAIR: "Hoàn thành",
    RatingLevel.FAIL: "Không hoàn thành",
}
STEPS_VI = {"self": "Tự xếp loại", "proposed": "Đề nghị", "appraised": "Thẩm định", "decided": "Quyết định"}
SUBJECTS_VI = {"organisation": "Tổ chức", "collective": "Tập thể", "leader": "Cá nhân lãnh đạo, quản lý", "member": "Đảng viên"}
STATES_VI = {
    "draft": "Chờ xác nhận", "confirmed": "Đã xác nhận", "withdrawn": "Đã rút", "first": "Chờ người thứ hai nhập",
    "disputed": "Hai lần nhập khác nhau", "open": "Chờ trả lời", "kept": "Giữ nguyên kết quả", "reopened": "Đã mở lại",
}  # fmt: skip
STATES_LOOK = {"draft": "due_soon", "first": "due_soon", "open": "due_soon", "disputed": "overdue", "confirmed": "done",
               "kept": "done", "reopened": "returned", "withdrawn": "excused"}  # fmt: skip
_FIELD_OF = {"no-reason-for-difference": "reason", "doubt-unsettled": "reason", "above-rules": "level",
             "score-out-of-range": "score", "score-too-fine": "score", "no-points": "score"}  # fmt: skip


def group_vi(comparison: str) -> str:
    """The group of a quota as a person calls it: ``leader:cell`` → ``Cá nhân lãnh đạo, quản lý, chi bộ``."""
    kind, _colon, of = comparison.partition(":")
    words = _("Cá nhân") if kind == "person" else _(SUBJECTS_VI.get(kind, kind))
    return f"{words}, {UnitKind(of).vi}" if of in list(UnitKind) else words


WORDS: dict[str, Any] = {
    "levels": LEVELS_VI, "steps": STEPS_VI, "subjects": SUBJECTS_VI, "states": STATES_VI, "state_look": STATES_LOOK,
    "all_levels": tuple(RatingLevel), "group_vi": group_vi,
}  # fmt: skip


def subject_there(connection: sa.Connection, request: Request) -> str | None:
    """The unit of the subject that ``{id}`` names."""
    return access.subject_path(connection, request.path_params["id"])


def body_there(connection: sa.Connection, request: Request) -> str | None:
    """The unit that ``{unit}`` names, of a cycle that exists."""
    access.cycle_path(connection, request.path_params["code"])
    return access.unit_path(connection, request.path_params["unit"])


def some_of_cycle(connection: sa.Connection, request: Request) -> str | None:
    """A list of a cycle that exists, or of one branch (``?unit=``): it shows what the viewer's right reaches."""
    access.cycle_path(connection, request.path_params["code"])
    branch = request.query_params.get("unit")
    return access.unit_path(connection, branch) if branch else None


def judgement_faults(error: HanChotError) -> tuple[Fault, ...]:
    """A refusal as faults, each at the field that can be put right."""
    if isinstance(error, Forbidden):
        return tuple(Fault(_FIELD_OF.get(one.code, ""), one.vi) for one in error.refusals)
    return (Fault("", f"{error.message} {error.way_out}".strip()),)


def number(text: str) -> Decimal | None:
    """``89,99`` or ``89.99``; None for what is no number. Nothing is rounded."""
    try:
        found = Decimal(text.replace(" ", "").replace(",", "."))
    except InvalidOperation:
        return None
    return found if found.is_finite() and len(text) <= 20 else None


class Typed(dict[str, str]):
    """What stands in the fields of a form, by name; a field that nobody has filled is empty."""

    def __missing__(self, field: str) -> str:
        return ""


def typed_in(form: Form | None) -> Typed:
    """Everything of the form as it was typed."""
    return Typed({name: texts[0] for name, texts in form.texts.items() if name != "token"} if form else {})


def standing_judgement(said: Said | None) -> Typed:
    """What stands already, as the form shows it; the reason belongs to one step and is not taken over."""
    if said is None:
        return Typed()
    found = Typed(level=said.level.value, score=said.score)
    for key, value in said.facts.items():
        text = ("yes" if value else "no") if isinstance(value, bool) else str(value).replace(".", ",")
        found[key if key.startswith("points.") else f"fact.{key}"] = text
    return found


def read_judgement(form: Form, view: StepPage) -> tuple[Judgement | None, tuple[Fault, ...]]:
    """The level as it was typed, or what is wrong at which field."""
    faults: list[Fault] = []
    facts: dict[str, bool | Decimal] = {}
    level = form.text("level")
    if level not in list(RatingLevel):
        faults.append(Fault("level", _("Chọn một mức.")))
    score = _number(form, "score", faults)
    for question in view.questions:
        name = f"fact.{question.fact}"
        if not question.is_number:
            if form.text(name) in YES_NO:
                facts[question.fact] = YES_NO[form.text(name)]
        elif (value := _number(form, name, faults)) is not None:
            facts[question.fact] = value
    points, sum_ = _points(form, view, faults)
    facts |= points
    if faults:
        return None, tuple(faults)
    return Judgement(RatingLevel(level), score if sum_ is None else sum_, facts, form.text("reason") or None), ()


def _number(form: Form, name: str, faults: list[Fault]) -> Decimal | None:
    if not form.text(name):
        return None
    found = number(form.text(name))
    if found is None:
        faults.append(Fault(name, _("“%(text)s” không phải số; viết như 89,5.") % {"text": form.text(name)[:30]}))
    return found


def _points(form: Form, view: StepPage, faults: list[Fault]) -> tuple[dict[str, Decimal], Decimal | None]:
    """The points of the groups of criteria and their sum, where the regulation's form has groups and somebody used them."""
    for criteria in view.forms:
        given = {
            group.key: found for group in criteria.groups if (found := _number(form, f"points.{group.key}", faults)) is not None
        }
        if not given:
            continue
        wrong = group_faults(criteria, given)
        faults += (Fault("score", one.vi) for one in wrong)
        kept = {f"points.{key}": value for key, value in given.items()}
        return kept, None if wrong else score_of(criteria, given)
    return {}, None
