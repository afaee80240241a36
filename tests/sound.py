"""A sound plan of a district for 2024, about which the check has nothing to say, and a sound one of its province.

Every test of a finding takes one thing away from them. 06/12/2024 is a Friday, 12/12 a Thursday, 18/12 a Wednesday,
24/12 and 31/12 Tuesdays, 15/01/2025 a Wednesday.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hanchot.domain.plan import Plan

GRASSROOTS = ["grassroots_committee", "grassroots_cell"]
TWO_BASES = [
    {"number": "124-QĐ/TW", "issued_on": "2023-10-04", "issuer": "Bộ Chính trị"},
    {"number": "25-HD/BTCTW", "issued_on": "2023-11-10", "issuer": "Ban Tổ chức Trung ương"},
]


def duty(key: str, stage: str, title: str, who: list[str], last: str, clause: str, *after: str, **more: Any) -> dict[str, Any]:
    """A milestone in short: ``last`` is a day that counts, ``after`` are ``key/scope``."""
    clauses = [{"milestone": a.split("/")[0], "scope": a.split("/")[1], "clause": clause} for a in after]
    return {
        "key": key, "stage": stage, "title": title, "applies_to": who, "deadline": {"kind": "by", "date": last},
        "source": {"clause": clause, "phrase": f"chậm nhất ngày {last}"}, "roles": {"carries_out": ["Các nơi được giao"]},
        "after": clauses, **more,
    }  # fmt: skip


DISTRICT = (
    duty("giay-moi", "prepare", "Gửi giấy mời dự kiểm điểm", GRASSROOTS, "2024-11-20", "II.1"),
    duty("kiem-diem", "self_assess", "Kiểm điểm ở chi, đảng bộ cơ sở", GRASSROOTS, "2024-12-06", "II.2"),
    duty("ho-so", "self_assess", "Gửi hồ sơ kiểm điểm", GRASSROOTS, "2024-12-12", "II.3", "kiem-diem/own",
         to=[{"name": "Ban Thường vụ Huyện ủy", "via": "Ban Tổ chức Huyện ủy"}]),
    duty("tham-dinh", "appraise", "Thẩm định kết quả", ["organisation_department"], "2024-12-18", "II.4", "ho-so/all"),
    duty("xep-loai", "decide", "Quyết định xếp loại", ["standing_committee"], "2024-12-24", "II.5", "tham-dinh/all",
         provides="result"),
    duty("bao-cao", "notify", "Gửi hồ sơ, báo cáo kết quả", ["district_committee"], "2024-12-31", "II.6", "xep-loai/all",
         to=[{"name": "Ban Thường vụ Tỉnh ủy", "via": "Ban Tổ chức Tỉnh ủy"}]),
    duty("khac-phuc", "remediate", "Lập kế hoạch khắc phục", GRASSROOTS, "2025-01-15", "II.7", "xep-loai/all"),
)  # fmt: skip
PROVINCE = (
    duty("ke-hoach", "prepare", "Xây dựng kế hoạch cấp mình", ["district_committee"], "2024-11-29", "III.1"),
    duty("kiem-diem", "self_assess", "Hoàn thành kiểm điểm", ["district_committee"], "2024-12-13", "III.2"),
    duty("nop-ho-so", "self_assess", "Báo cáo kết quả, gửi hồ sơ", ["district_committee"], "2025-01-03", "III.3",
         to=[{"name": "Ban Tổ chức Tỉnh ủy"}]),
    duty("tham-dinh", "appraise", "Thẩm định", ["organisation_department"], "2025-01-10", "III.4", "nop-ho-so/all"),
    duty("xep-loai", "decide", "Ban Thường vụ Tỉnh ủy xếp loại", ["standing_committee"], "2025-01-15", "III.5",
         "tham-dinh/all", provides="result"),
    duty("thong-bao", "notify", "Thông báo kết quả", ["organisation_department"], "2025-01-17", "III.6", "xep-loai/all"),
    duty("khac-phuc", "remediate", "Khắc phục hạn chế", ["district_committee"], "2025-03-31", "III.7", "xep-loai/all"),
)  # fmt: skip


def district(*, milestones: Iterable[dict[str, Any]] = DISTRICT, document: dict[str, Any] | None = None, **more: Any) -> Plan:
    """The district's plan, with other milestones, other facts of its head, or other fields."""
    head = {"kind": "plan", "number": "15-KH/HU", "issuer": "Ban Thường vụ Huyện ủy Mẫu", "title": "Kế hoạch năm 2024",
            "issued_on": "2024-11-01", "year": 2024, "legal_bases": TWO_BASES}  # fmt: skip
    fields = {"key": "huyen-mau-2024", "organiser": "district_committee", "year": 2024, "regulation": "124-QĐ/TW"}
    return Plan.model_validate({**fields, "document": {**head, **(document or {})}, "milestones": list(milestones), **more})


def province(*, milestones: Iterable[dict[str, Any]] = PROVINCE, **more: Any) -> Plan:
    """The plan of the province above it."""
    head = {"kind": "plan", "number": "90-KH/TU", "issuer": "Ban Thường vụ Tỉnh ủy Mẫu", "title": "Kế hoạch năm 2024",
            "issued_on": "2024-10-15", "year": 2024, "legal_bases": TWO_BASES}  # fmt: skip
    fields = {"key": "tinh-mau-2024", "organiser": "provincial_committee", "year": 2024, "regulation": "124-QĐ/TW"}
    return Plan.model_validate({**fields, "document": head, "milestones": list(milestones), **more})


def changed(key: str, milestones: Iterable[dict[str, Any]] = DISTRICT, **fields: Any) -> list[dict[str, Any]]:
    """The milestones with other fields in one of them."""
    assert any(m["key"] == key for m in milestones), key
    return [{**m, **fields} if m["key"] == key else m for m in milestones]


def moved(key: str, last: str, milestones: Iterable[dict[str, Any]] = DISTRICT) -> list[dict[str, Any]]:
    """The milestones with another last day in one of them."""
    return changed(key, milestones, deadline={"kind": "by", "date": last})


def without(key: str, milestones: Iterable[dict[str, Any]] = DISTRICT) -> list[dict[str, Any]]:
    """The milestones but one, and nothing waiting for it."""
    return [{**m, "after": [a for a in m["after"] if a["milestone"] != key]} for m in milestones if m["key"] != key]
