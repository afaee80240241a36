"""The register of papers that go out, and the one door through which they leave: made, recorded, handed over."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from hanchot.domain.errors import HanChotError, NotFound
from hanchot.papers import tables
from hanchot.papers.sheet import Sheet, workbook
from hanchot.papers.views import Paper
from hanchot.papers.word import render
from hanchot.service import audit
from hanchot.service.judging.subjects import find_subject
from hanchot.service.papers import dossiers, item_page, minutes, notices, progress, remediation, results
from hanchot.service.papers.desk import ABOUT_VI, About, Desk, File, file_name
from hanchot.service.papers.templates import template_of
from hanchot.service.services import Services
from hanchot.store.db import Row
from hanchot.store.tables import cycle, work_item

MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}
View = Callable[[Desk, About], Any]
Sheets = Callable[[Desk, Any], Sequence[Sheet]]


@dataclass(frozen=True)
class PaperOut:
    """One paper that can be taken. ``needs`` and ``takes``: what it must and may be about (fields of ``About``).

    ``confidential``: it holds ratings, votes or shortcomings; the board asks for more before it hands it over.
    """

    key: str
    vi: str
    needs: tuple[str, ...]
    view: View
    takes: tuple[str, ...] = ()
    sheets: Sheets | None = None
    confidential: bool = False
    zipped: bool = False

    @property
    def formats(self) -> tuple[str, ...]:
        """The first is the usual one."""
        return ("zip",) if self.zipped else ("docx", "xlsx") if self.sheets else ("docx",)

    def make(self, services: Services, connection: sa.Connection, about: About, now: datetime, form: str | None = None) -> File:
        """The file, from what is true now. Raises ``HanChotError`` for a wrong ``about`` or ``form``, ``NotFound``,
        ``Refused`` where there is nothing to put on paper, ``BadDocument`` for a template of staff's that cannot be used.
        """
        form = self.check(about, form)
        desk = desk_of(services, connection, about, now)
        view = self.view(desk, about)
        name = file_name(self.vi, _whose(desk, about), desk.period.vi, ending=form)
        return File(name, MEDIA[form], self._bytes(desk, about, view, form))

    def _bytes(self, desk: Desk, about: About, view: Any, form: str) -> bytes:
        if form == "xlsx":
            assert self.sheets is not None
            return workbook(self.sheets(desk, view))
        made = _word(desk, about, view)
        return dossiers.zipped(desk, dossiers.standing(desk, about), made) if self.zipped else made

    def check(self, about: About, form: str | None = None) -> str:
        """The form that is meant. Raises ``HanChotError`` naming what is lacking, too much, or of no such form."""
        for name in self.needs:
            about.need(name)
        strange = about.given().keys() - {*self.needs, *self.takes}
        if strange:
            words = ", ".join(ABOUT_VI[name] for name in sorted(strange))
            raise HanChotError(f"“{self.vi}” không dùng {words}.", way_out="Bỏ phần thừa.", thing=self.key)
        if form is not None and form not in self.formats:
            raise HanChotError(
                f"“{self.vi}” không có dạng “{form}”.", way_out=f"Các dạng: {', '.join(self.formats)}.", value=form
            )
        return form or self.formats[0]


def paper_out(key: str) -> PaperOut:
    """By its key, written with ``_`` or ``-``. Raises ``NotFound`` with the keys that there are."""
    found = PAPERS_OUT.get(key.replace("-", "_"))
    if found is None:
        raise NotFound(f"Không có văn bản “{key}”.", way_out=f"Có: {', '.join(PAPERS_OUT)}.", thing="văn bản", value=key)
    return found


def export(
    services: Services, key: str, about: About, now: datetime, *, actor: str, form: str | None = None,
    on_behalf: str | None = None,
) -> File:  # fmt: skip
    """Make a paper and record who took it, before it leaves: which one, of what, in which form; never what it says."""
    paper = paper_out(key)
    form = paper.check(about, form)
    with services.db.read() as connection:
        desk = desk_of(services, connection, about, now)
        made = paper.make(services, connection, about, now, form)
    said: dict[str, object] = {"paper": paper.key, "form": form, "of": _recorded(paper, about)}
    with services.db.write() as connection:
        audit.record(
            connection, now, actor, "paper.exported", f"paper:{paper.key}", on_behalf=on_behalf, cycle_id=desk.cycle_id,
            item_id=about.item, data=said,
        )  # fmt: skip
    return made


def desk_of(services: Services, connection: sa.Connection, about: About, now: datetime) -> Desk:
    """The desk of the cycle that the paper is about, named or found by the subject, ballot or item. Raises ``NotFound``."""
    if about.subject is not None:
        cycle_id = find_subject(connection, about.subject).cycle_id
    elif about.ballot is not None:
        cycle_id = minutes.ballot_row(connection, about.ballot).cycle_id
    elif about.item is not None:
        found = connection.execute(sa.select(work_item.c.cycle_id).where(work_item.c.id == about.item)).scalar()
        if found is None:
            raise NotFound(f"Không có việc số {about.item}.", way_out="Tìm tổ chức theo tên trên bảng theo dõi.")
        cycle_id = found
    else:
        code = remediation.review_code(about.need("cycle"))
        return Desk.of_cycle(services, connection, code, now)
    if about.cycle is not None:
        _demand_same(connection, about.cycle, cycle_id)
    return Desk(services, connection, cycle_id, now)


def unit_about(desk: Desk, about: About) -> Row:
    """The unit that a paper is about: who may see that unit's papers may take it."""
    if about.subject is not None:
        return desk.unit(find_subject(desk.connection, about.subject).unit_id)
    if about.ballot is not None:
        return desk.unit(minutes.ballot_row(desk.connection, about.ballot).unit_id)
    if about.item is not None:
        return item_page.unit_of(desk, about.item)
    return desk.branch(about.unit)


def _word(desk: Desk, about: About, view: Paper) -> bytes:
    pictures = {"qr": item_page.qr(item_page.address(desk, about.item))} if about.item is not None else None
    return render(view, template_of(desk.services, view.paper), pictures)


def _whose(desk: Desk, about: About) -> str:
    """Whose paper it is, for the file's name."""
    if about.subject is not None:
        return str(find_subject(desk.connection, about.subject).label)
    whole = about.unit is None and about.ballot is None and about.item is None
    return "" if whole else str(unit_about(desk, about).name)


def _recorded(paper: PaperOut, about: About) -> dict[str, object]:
    """What the event keeps of ``about``. That a person has shortcomings is no matter of the chain: no code of a person."""
    said = about.given()
    if said.pop("person", None) is not None:
        said["one_person"] = True
    return said


def _demand_same(connection: sa.Connection, code: str, cycle_id: int) -> None:
    mine = connection.execute(sa.select(cycle.c.code).where(cycle.c.id == cycle_id)).scalar_one()
    if mine != code:
        raise NotFound(f"Việc, phiếu hoặc đối tượng này thuộc đợt “{mine}”, không phải “{code}”.", way_out="Xem lại số.")


def _lists(desk: Desk, view: Any) -> Sequence[Sheet]:
    return (tables.results_sheet(view, results.levels(desk)),)


_ALL = (
    PaperOut("results_proposed", "Danh sách kết quả đề xuất", ("cycle",), results.proposed, ("unit",), _lists, True),
    PaperOut("results_decided", "Danh sách kết quả", ("cycle",), results.decided, ("unit",), _lists, True),
    PaperOut("tally_minutes", "Biên bản kiểm phiếu", ("ballot",), minutes.minutes, ("cycle",), None, True),
    PaperOut("result_notice", "Thông báo kết quả", ("subject",), notices.notice, ("cycle",), None, True),
    PaperOut("reminder_letter", "Công văn đôn đốc", ("cycle",), progress.reminder, ("unit",)),
    PaperOut(
        "remediation_plan", "Kế hoạch khắc phục", ("cycle", "unit"), remediation.plan, ("person",),
        lambda _, view: (tables.remediation_sheet(view),), True,
    ),
    PaperOut(
        "progress_report", "Báo cáo tiến độ", ("cycle",), progress.report, ("unit",),
        lambda _, view: tables.progress_sheets(view),
    ),
    PaperOut(
        "dossier_contents", "Mục lục hồ sơ", ("cycle", "unit", "checklist"), dossiers.contents, ("person",),
        lambda _, view: (tables.contents_sheet(view),),
    ),
    PaperOut(
        "dossier_zip", "Hồ sơ", ("cycle", "unit", "checklist"), dossiers.contents, ("person",), confidential=True, zipped=True
    ),
    PaperOut("item_page", "Phiếu việc", ("item",), item_page.page, ("cycle",)),
)  # fmt: skip
PAPERS_OUT: Mapping[str, PaperOut] = {paper.key: paper for paper in _ALL}
