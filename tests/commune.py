"""A small commune of the tests that goes by the plan of Lùng Phình: two grassroots cells under its committee.

XA      Đảng ủy xã           bí thư Lý Văn Páo
├ XA-BTV  Ban Thường vụ      bí thư Giàng A Sử
├ XA-BXD  Ban Xây dựng Đảng  trưởng ban Vàng Thị Mẩy
├ TH      Chi bộ Trường học  bí thư Cư Seo Lử
└ TY      Chi bộ Trạm Y tế   bí thư Sùng Thị Chú
"""

from __future__ import annotations

import io
import zipfile
from datetime import date

from hanchot.domain.plan import Plan
from hanchot.domain.unit import UnitKind
from hanchot.service.opening import open_cycle
from hanchot.service.services import Services
from hanchot.store.plan_files import find_plan
from tests.cast import Body, settle
from tests.look import at

COMMUNE = (
    Body("XA", "Đảng ủy xã", UnitKind.COMMUNE_COMMITTEE, None, "Lý Văn Páo"),
    Body("XA-BTV", "Ban Thường vụ Đảng ủy xã", UnitKind.STANDING_COMMITTEE, "XA", "Giàng A Sử"),
    Body("XA-BXD", "Ban Xây dựng Đảng", UnitKind.ORGANISATION_DEPARTMENT, "XA", "Vàng Thị Mẩy"),
    Body("TH", "Chi bộ Trường học", UnitKind.GRASSROOTS_CELL, "XA", "Cư Seo Lử"),
    Body("TY", "Chi bộ Trạm Y tế", UnitKind.GRASSROOTS_CELL, "XA", "Sùng Thị Chú"),
)
LU = "CB004"  # Cư Seo Lử, the fourth to take a post
YEAR = "lung-phinh-2025"
QUARTER = "lung-phinh-2025-Q3"
NOW = at("2025-12-08 09:00")
PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


def plan_with_dossier() -> Plan:
    """The plan of Lùng Phình, whose submission sends the list of thirteen papers."""
    plan = find_plan("lung-phinh-2025")
    linked = [m.model_copy(update={"dossier": "ho-so-nam"}) if m.key == "ho-so-nam" else m for m in plan.milestones]
    return plan.model_copy(update={"milestones": tuple(linked)})


def commune(house: Services, plan: Plan | None = None) -> Services:
    """The commune with its year opened on Monday 01/12/2025."""
    settle(house.db, COMMUNE)
    open_cycle(house, plan or plan_with_dossier(), at("2025-12-01 07:00"), period="2025")
    return house


def next_year(plan: Plan) -> Plan:
    """The same plan a year later, under the same rules of review: for what one review finds of the one before."""
    document = plan.document.model_copy(update={"year": 2026})
    milestones = tuple(m for m in plan.milestones if m.key in ("chuan-bi-kiem-diem", "xep-loai-nam"))
    undated = [
        m.model_copy(update={"deadline": plan.milestone("chuan-bi-kiem-diem").deadline, "after": ()}) for m in milestones
    ]
    return plan.model_copy(update={"key": "lung-phinh-2026", "year": 2026, "document": document, "milestones": tuple(undated)})


def office_file(*parts: str, main: str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml") -> bytes:
    """The least of an Office file: its directory says what it is. ``parts`` are further members."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", f'<Types><Override ContentType="{main}"/></Types>')
        for part in parts:
            archive.writestr(part, "<x/>")
    return made.getvalue()


def sheet(*parts: str) -> bytes:
    return office_file("xl/workbook.xml", *parts)


DECIDED_ON = date(2025, 12, 24)
