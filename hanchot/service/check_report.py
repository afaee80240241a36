"""What the check says about the delivered plans, as a page of the documentation.

``python -m hanchot.service.check_report`` writes ``docs/plan-check.md``; a test holds it up to date.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hanchot.domain.checks import CHECKS
from hanchot.domain.finding import Finding
from hanchot.domain.plan import Plan
from hanchot.service.checking import check_plans, counts
from hanchot.settings import ROOT
from hanchot.store.act_files import load_acts
from hanchot.store.plan_files import plans_in
from hanchot.store.workday_files import load_workdays

PAGE = ROOT / "docs" / "plan-check.md"
_HEAD = """\
# Kết quả kiểm tra năm kế hoạch

`hanchot plan check` đọc một hay nhiều lịch và nói từng điều sai, chật hoặc còn bỏ ngỏ, kèm mục của văn bản và cách xử lý.
**Lỗi** là điều không thể hiểu theo chữ đã viết; **cảnh báo** là điều sẽ làm ai đó mất một ngày; **lưu ý** là điều nên biết.
Mã thoát là 1 khi có lỗi. Ngày in trong văn bản không bao giờ tự đổi.

Trang này do `make findings` viết từ `calendars/*.yaml`, năm kế hoạch kiểm tra cùng nhau; đừng sửa tay.
"""


def report(plans: Sequence[Plan], findings: Iterable[Finding]) -> str:
    """The page as Markdown: the table of checks, then a table for each plan, Vietnamese beside English."""
    found = list(findings)
    parts = [_HEAD, _checks(), _totals(plans, found)]
    parts += [_plan(plan, [finding for finding in found if finding.plan == plan.key]) for plan in plans]
    return "\n".join(parts)


def delivered() -> str:
    """The page for the five delivered plans, checked together."""
    plans = plans_in()
    return report(plans, check_plans(plans, load_workdays(), load_acts()))


def _checks() -> str:
    rows = [f"| `{one.code}` | {one.severity.vi} | {one.looks_for} |" for one in CHECKS]
    return "\n".join(["## Kiểm tra những gì", "", "| mã | mức | tìm điều gì |", "|---|---|---|", *rows, ""])


def _totals(plans: Sequence[Plan], found: Sequence[Finding]) -> str:
    rows = []
    for plan in plans:
        n = counts(finding for finding in found if finding.plan == plan.key)
        rows.append(f"| [{plan.key}](#{plan.key}) | {n['error']} | {n['warning']} | {n['note']} |")
    return "\n".join(["## Tổng số", "", "| kế hoạch | lỗi | cảnh báo | lưu ý |", "|---|--:|--:|--:|", *rows, ""])


def _plan(plan: Plan, found: Sequence[Finding]) -> str:
    head = "| mức | mã | mục | phát hiện và cách xử lý | in English |"
    rows = [f"| {f.severity.vi} | `{f.code}` | {f.clause or ''} | {_cell(f.message)} | {_cell(f.message_en)} |" for f in found]
    return "\n".join([f"## {plan.key}", "", f"{plan.document.title}.", "", head, "|---|---|---|---|---|", *rows, ""])


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(delivered(), encoding="utf-8")
