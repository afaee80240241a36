"""One work item on one printable sheet, for a secretary without a computer: what, until when, which papers, to whom."""

from __future__ import annotations

import io

from hanchot.domain.errors import NotFound
from hanchot.letters.words import deadline_vi
from hanchot.papers.views import ItemPage as View
from hanchot.papers.views import Signature, WantedPaper
from hanchot.service.folders import checklist_of, of_unit, stand
from hanchot.service.items import waits_for
from hanchot.service.org.lookup import holders_as_of, posts_of, responsible_role
from hanchot.service.papers.desk import About, Desk, cited_document
from hanchot.service.views.common import ItemRow, item_rows
from hanchot.store.db import Row
from hanchot.store.tables import work_item


def page(desk: Desk, about: About) -> View:
    """The sheet of one item. Raises ``NotFound``."""
    item = row_of(desk, about.need("item"))
    office = desk.office(desk.department())
    plan, milestone = desk.known.plan, item.milestone
    milestone_id = desk.known.ids[milestone.key]
    waits = waits_for(desk.connection, desk.known, milestone_id, item.id) if item.state == "waiting" else ()
    return View(
        head=office.head("PV", desk.today), summary=f"kiểm điểm, đánh giá, xếp loại chất lượng {desk.period.vi}",
        signature=Signature(authority="NGƯỜI NHẬN", title="(ký, ghi rõ họ tên, ngày nhận)"), unit=item.unit_name,
        duty=milestone.title, clause=f"{cited_document(plan.document)}, mục {milestone.source.clause}",
        deadline=deadline_vi(item.last_day, item.last_moment) if item.last_day else f"{office.name} báo sau",
        standing=item.standing.vi, hand_to=_hand_to(desk, item), address=address(desk, item.id), waits=tuple(waits),
        papers=_papers(desk, item),
        notes=("Không dùng máy tính được thì ghi vào phiếu này, ký, gửi kèm giấy tờ; nơi nhận ghi lên hệ thống thay.",),
    )  # fmt: skip


def row_of(desk: Desk, item_id: int) -> ItemRow:
    """The item in its cycle. Raises ``NotFound``."""
    rows = item_rows(desk.services, desk.connection, work_item.c.id == item_id, desk.now)
    if not rows:
        raise NotFound(f"Không có việc số {item_id}.", way_out="Tìm tổ chức theo tên trên bảng theo dõi.", value=item_id)
    return rows[0]


def address(desk: Desk, item_id: int) -> str:
    """The item's page on the board. It signs nobody in."""
    return f"{desk.services.settings.board}/items/{item_id}"


def qr(text: str) -> bytes:
    """The text as a QR code (PNG), readable with a quarter of it smudged."""
    import segno

    target = io.BytesIO()
    segno.make(text, error="q", micro=False).save(target, kind="png", scale=10, border=2)
    return target.getvalue()


def _hand_to(desk: Desk, item: ItemRow) -> str:
    """To whom the plan sends it and through whom; the department with its holder and telephone otherwise."""
    department = desk.department()
    post_id = posts_of(desk.connection, department.id).get(responsible_role(department.kind))
    held = holders_as_of(desk.connection, desk.today, [post_id]) if post_id is not None else {}
    holder = held.get(post_id) if post_id is not None else None
    phone = f", điện thoại {holder.phone}" if holder and holder.phone else ""
    at = f"{department.name}{f' (đồng chí {holder.name}{phone})' if holder else ''}"
    named = "; ".join(f"{one.name}{f' (qua {one.via})' if one.via else ''}" for one in item.milestone.to)
    return f"{named}. Đầu mối: {at}" if named else at


def _papers(desk: Desk, item: ItemRow) -> tuple[WantedPaper, ...]:
    """The papers of the checklist that this duty sends, where the plan links one."""
    key = item.milestone.dossier
    if key is None:
        return ()
    checklist = checklist_of(desk.services, desk.connection, desk.cycle_id, key)
    folder = of_unit(desk.connection, desk.cycle_id, key, item.unit_id)[0]
    judged = stand(folder, checklist, item.milestone.stage).judged
    return tuple(
        WantedPaper(
            number=str(one.paper.no), title=one.paper.words,
            standing="đã nộp" if folder.paper(one.paper.key) else one.why,
        )
        for one in judged.papers if one.required or one.paper.only_if or folder.paper(one.paper.key)
    )  # fmt: skip


def unit_of(desk: Desk, item_id: int) -> Row:
    return desk.unit(row_of(desk, item_id).unit_id)
