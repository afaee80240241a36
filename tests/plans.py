"""The plan of the tests: short, with every kind of duty that a cycle must carry. Dates are of December 2024.

12/12/2024 is a Thursday, 18/12 a Wednesday, 20/12 a Friday, 10/01/2025 a Friday.
"""

from __future__ import annotations

from typing import Any

from hanchot.domain.plan import Plan

CELLS = ["cell", "cell_of_section", "grassroots_cell"]
GRASSROOTS = ["grassroots_committee", "grassroots_cell"]


def duty(key: str, stage: str, who: list[str], deadline: dict[str, Any], *after: str, **more: Any) -> dict[str, Any]:
    """A milestone in short. ``after``: ``key/scope``."""
    clauses = [{"milestone": a.split("/")[0], "scope": a.split("/")[1], "clause": "II.2"} for a in after]
    return {
        "key": key, "stage": stage, "title": f"Mốc {key}", "applies_to": who, "deadline": deadline,
        "source": {"clause": "II.1"}, "after": clauses, **more,
    }  # fmt: skip


MILESTONES = (
    duty("phan-cong", "prepare", ["organisation_department"], {"kind": "by", "date": "2024-11-29"}),
    duty("giay-moi", "prepare", GRASSROOTS, {"kind": "lead", "days": 5, "anchor": "review-meeting"}, optional=True),
    duty("chi-bo", "self_assess", CELLS, {"kind": "by", "date": "2024-12-12"}),
    duty("co-so", "self_assess", ["grassroots_committee"], {"kind": "by", "date": "2024-12-18"}, "chi-bo/below"),
    duty("ho-so", "self_assess", GRASSROOTS, {"kind": "before", "date": "2024-12-21"}, "co-so/own"),
    duty("lich", "appraise", ["standing_committee"], {"kind": "announced"}),
    duty("tham-dinh", "appraise", ["organisation_department"], {"kind": "unset"}, "ho-so/all"),
    duty("quyet-dinh", "decide", ["standing_committee"], {"kind": "by", "date": "2025-01-10"}, "tham-dinh/all",
         provides="result"),
    duty("thong-bao", "notify", ["organisation_department"], {"kind": "unset"}),
    duty("chinh-quyen", "notify", ["government"], {"kind": "unset"}),
    duty("khac-phuc", "remediate", GRASSROOTS,
         {"kind": "after", "days": 5, "working_days": True, "anchor": "result"}, "quyet-dinh/all"),
)  # fmt: skip


def plan(*milestones: dict[str, Any], **more: Any) -> Plan:
    """The plan of the tests, or one of the given milestones."""
    return Plan.model_validate(
        {
            "schema": 1, "key": "mau-2024", "organiser": "bloc_committee", "year": 2024,
            "document": {"kind": "plan", "number": "01-KH/ĐUK", "issuer": "Đảng ủy Khối", "title": "Kế hoạch năm 2024",
                         "year": 2024},
            "milestones": milestones or MILESTONES, **more,
        }
    )  # fmt: skip
