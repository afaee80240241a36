"""The remediation plan of a unit or a person after a review (plan of Lùng Phình 2025, VI.2). Its words are confidential."""

from __future__ import annotations

import sqlalchemy as sa

from hanchot.domain.errors import NotFound, Refused
from hanchot.domain.remediation import REMEDY, Outcome
from hanchot.papers import words
from hanchot.papers.views import RemediationItem, RemediationPlan
from hanchot.service.papers.desk import About, Desk
from hanchot.service.shortcomings import Seen, shortcomings
from hanchot.store.tables import person


def plan(desk: Desk, about: About) -> RemediationPlan:
    """Every shortcoming that the review found, with its measure. Raises ``Refused`` where it found none."""
    branch = desk.branch(about.need("unit"))
    who, person_id = branch.name, None
    if about.person is not None:
        row = desk.connection.execute(sa.select(person.c.id, person.c.name).where(person.c.code == about.person)).first()
        if row is None:
            raise NotFound(f"Không có người mã “{about.person}”.", way_out="Xem mã trong danh sách người.", value=about.person)
        who, person_id = f"đồng chí {row.name}", row.id
    found = shortcomings(desk.connection, desk.cycle_id, branch.id, person_id)
    if not found:
        raise Refused(
            f"Chưa ghi hạn chế nào của {who} sau đợt “{desk.known.code}”.", way_out="Ghi các hạn chế trước.",
            command=f"hanchot remediation open {desk.known.code} {branch.code} TỆP --decided-on NGÀY",
        )  # fmt: skip
    office, rules = desk.office(branch), desk.rules.review.remediation
    above = (f"{office.above.name} (báo cáo)",) if office.above else ()
    return RemediationPlan(
        head=office.head("KH"), signature=office.signature(), recipients=words.recipients((*above, f"Lưu {office.name}")),
        bases=(desk.plan_basis(),),
        summary=f"khắc phục hạn chế, khuyết điểm sau kiểm điểm {desk.period.vi}{f' của {who}' if person_id else ''}",
        purpose=("Khắc phục các hạn chế, khuyết điểm đã được chỉ ra; mỗi việc rõ người chịu trách nhiệm, thời hạn và "
                 "minh chứng hoàn thành.",),
        items=tuple(_item(one) for one in found), execution=_execution(desk, office.name),
        approval=f"Kế hoạch này do {rules.approver or 'cấp ủy cấp trên trực tiếp'} phê duyệt ({rules.approved.vi})."
        if rules.approved else "",
    )  # fmt: skip


def review_code(code: str) -> str:
    """The code of the review, also where the cycle of its remediation was named."""
    return code.removesuffix(REMEDY)


def _item(one: Seen) -> RemediationItem:
    done = f"Đã có: {one.proof}" if one.proof and one.outcome is Outcome.FIXED else one.proof or one.expected
    deadline = f"{one.last_day:%d/%m/%Y}" if one.last_day else one.event or ""
    return RemediationItem(
        number=str(one.no), shortcoming=one.words, measure=one.measure, responsible=one.responsible, deadline=deadline,
        evidence=done,
    )  # fmt: skip


def _execution(desk: Desk, name: str) -> tuple[str, ...]:
    department = desk.department().name
    return (f"{name} tổ chức thực hiện; {department} theo dõi, đôn đốc và tổng hợp kết quả.",)
