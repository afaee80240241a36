"""What the forms of a desk share: faults beside their fields, dates as people write them, files that are handed back."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple
from urllib.parse import quote

from starlette.responses import Response

from hanchot.board.days import numbers_of
from hanchot.board.language import gettext as _
from hanchot.domain.errors import HanChotError, NotFound
from hanchot.service import dossiers
from hanchot.service.judging.refusing import Forbidden
from hanchot.service.services import Services
from hanchot.service.views.my import Slip

MEDIA = {
    "pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip


class Fault(NamedTuple):
    """What is wrong, and the field it stands at (empty: the form as a whole)."""

    field: str
    message: str


def faults_of(error: HanChotError, field: str = "") -> tuple[Fault, ...]:
    """A refusal as faults: each rule's own sentence, or the error's at the field that it names."""
    if isinstance(error, Forbidden):
        return tuple(Fault(field, one.vi) for one in error.refusals)
    return (Fault(error.thing or field, f"{error.message} {error.way_out}".strip()),)


def read_day(text: str, field: str) -> date | Fault:
    """``2024-12-25`` (from the browser's own field) or ``25/12/2024``."""
    if not text:
        return Fault(field, _("Chưa ghi ngày."))
    numbers = numbers_of(text)
    if numbers is None:
        return Fault(field, _("“%(text)s” chưa phải ngày; viết như 25/12/2024.") % {"text": text[:30]})
    try:
        return date(*numbers)
    except ValueError:
        return Fault(field, _("Không có ngày %(text)s.") % {"text": text[:30]})


def handed_back(services: Services, slips: tuple[Slip, ...], number: str) -> Response:
    """A file of one of these papers, to be saved and opened on the person's own machine. Raises ``NotFound``."""
    paper = next((slip.paper for slip in slips if slip.paper and str(slip.paper.id) == number), None)
    if paper is None or paper.name is None:
        raise NotFound("Không có tệp này trong hồ sơ của việc.", way_out="Về trang việc này.")
    name, data = dossiers.original(services, paper.id)
    return download(name, data, MEDIA[paper.kind])


def download(name: str, data: bytes, media: str) -> Response:
    return Response(data, media_type=media, headers={"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"})
