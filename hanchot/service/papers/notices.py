"""Notice of a decided result to whom it concerns (366-QĐ/TW Điều 15), from the frozen decision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from hanchot.domain.errors import Refused
from hanchot.domain.rating_level import RatingLevel
from hanchot.papers import words
from hanchot.papers.views import ResultNotice
from hanchot.service.judging.subjects import find_subject
from hanchot.service.papers.desk import About, Desk, Office, sentence
from hanchot.service.shortcomings import Seen, shortcomings
from hanchot.store.db import Row
from hanchot.store.judging_tables import rating


def notice(desk: Desk, about: About) -> ResultNotice:
    """The notice of the result that stands. Raises ``Refused`` where nothing is decided, or it was reopened."""
    who = find_subject(desk.connection, about.need("subject"))
    decision = _decision(desk, who)
    office = desk.office(desk.unit(decision.unit_id))
    faults = shortcomings(desk.connection, desk.cycle_id, who.unit_id, who.person_id) if _owns(who) else ()
    name = _name(who)
    return ResultNotice(
        head=office.head("TB"), signature=office.signature(), recipients=_recipients(name, decision.why, office),
        bases=(desk.rules_basis(), desk.plan_basis()), summary=f"kết quả đánh giá, xếp loại chất lượng {desk.period.vi}",
        subject=name, post=_post(desk, who),
        opening=f"{decision.why.get('body') or office.name} thông báo kết quả đánh giá, xếp loại chất lượng "
        f"{desk.period.vi} như sau:",
        level=sentence(desk.rules.regulation.words_of(RatingLevel(decision.level))), decision=_paper(decision, office),
        shortcomings=tuple(f"{one.words}." for one in faults), requests=_requests(faults),
        complaint=f"Nếu có ý kiến khác, đề nghị gửi văn bản đến {desk.department().name} để báo cáo cấp có thẩm quyền "
        "xem xét.",
        notes=("Thời hạn kiến nghị chưa thấy quy định trong văn bản đã đối chiếu; cơ quan ra thông báo tự ấn định.",
               *desk.unverified()),
    )  # fmt: skip


def _decision(desk: Desk, who: Row) -> Row:
    mine = (rating.c.subject_id == who.id) & (rating.c.step == "decided") & rating.c.current
    row = desk.connection.execute(sa.select(rating).where(mine)).first()
    if row is None:
        raise Refused(
            f"{who.label} chưa có kết quả được quyết định, hoặc kết quả đang mở lại.",
            way_out="Thông báo sau khi cấp có thẩm quyền quyết định.",
        )
    return row


def _owns(who: Row) -> bool:
    """Shortcomings are recorded of a person, or of a unit as such; not of each of the unit's two kinds."""
    return who.person_id is not None or who.kind == "collective"


def _name(who: Row) -> str:
    if who.person_id is not None:
        return f"Đồng chí {who.label}"
    return f"Tập thể lãnh đạo, quản lý {who.label}" if who.kind == "collective" else str(who.label)


def _post(desk: Desk, who: Row) -> str:
    if who.person_id is None:
        return ""
    return desk.titles({who.person_id}).get(who.person_id) or str(who.unit_name)


def _recipients(name: str, why: Any, office: Office) -> tuple[str, ...]:
    told = [sentence(one) for one in why.get("told", ())]
    return words.recipients(list(dict.fromkeys([name, *told, f"Lưu {office.name}"])))


def _paper(decision: Row, office: Office) -> str:
    body = decision.why.get("body") or office.name
    return f"Văn bản số {decision.number} ngày {decision.decided_on:%d/%m/%Y} của {body}"


def _requests(faults: Sequence[Seen]) -> tuple[str, ...]:
    days = [one.last_day for one in faults if one.last_day]
    if not faults:
        return ()
    until = f", hạn sau cùng là ngày {max(days):%d/%m/%Y}" if days else ""
    return (f"Thực hiện kế hoạch khắc phục đã được phê duyệt{until}; báo cáo kết quả kèm minh chứng.",)
