"""Each October: the coming season's plans are drafted from the season before, and the department is told, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hanchot.domain.errors import HanChotError
from hanchot.domain.instants import local_day
from hanchot.domain.plan import Plan
from hanchot.service import audit, incidents
from hanchot.service.directory import directory
from hanchot.service.mail.ledger import Entry, add_once
from hanchot.service.mail.lines import RENEWAL, renewal_rung
from hanchot.service.renewing import Outlook, last_cycle, outlook
from hanchot.service.services import Services
from hanchot.store.plan_files import dump_plan, plans_in


@dataclass(frozen=True)
class Drafts:
    """What the October run drafted: files written, and plans that were left alone with the reason. ``letters`` are new."""

    written: tuple[str, ...]
    left: tuple[str, ...]
    letters: int = 0


def draft_next_year(services: Services, now: datetime) -> Drafts:
    """Draft the coming season's plan of every calendar of a season before, the newest first, once; the department is
    told by one letter for each plan and by one incident.

    Drafts lie in ``<home>/drafts`` and are opened by nobody but a person.
    """
    year = local_day(now).year
    known = plans_in(*services.settings.calendar_dirs)
    keys = {plan.key for plan in known}
    written, left, letters = [], [], 0
    for plan in sorted(known, key=lambda plan: (-(_base(plan) or 0), plan.key)):
        if (_base(plan) or 0) >= year:
            left.append(f"{plan.key}: đã là kế hoạch của năm {_base(plan)}")
            continue
        try:
            seen = outlook(services, plan, year, now)
        except HanChotError as error:
            left.append(f"{plan.key}: {error}")
            continue
        if seen.already_open:
            left.append(f"{plan.key}: năm {year} đã mở đợt {seen.last_cycle}")
            continue
        if seen.renewal.plan.key in keys:
            left.append(f"{plan.key}: đã có kế hoạch {seen.renewal.plan.key}")
            continue
        keys.add(seen.renewal.plan.key)
        if _write(services.settings.home / "drafts" / f"{seen.renewal.plan.key}.yaml", seen.renewal.plan):
            written.append(seen.renewal.plan.key)
        else:
            left.append(f"{seen.renewal.plan.key}: đã có bản nháp")
        letters += _tell_department(services, plan, year, seen, now)
    if written:
        _report(services, written, year, now)
    return Drafts(tuple(written), tuple(left), letters)


def what_to_look_at(seen: Outlook) -> str:
    """One line for a letter, counts and numbers of documents only: ``17 mốc chuyển sang năm 2026, 3 mốc rơi vào …``."""
    made, gaps = seen.renewal, seen.gaps
    undated = sum(change.becomes is None for change in made.changes)
    said = [f"{len(made.changes)} mốc chuyển sang năm {made.plan.year}"]
    said += [f"{len(made.days_off)} mốc rơi vào ngày nghỉ"] if made.days_off else []
    said += [f"{undated} mốc chưa có ngày"] if undated else []
    said += [f"{len(gaps.ended)} tổ chức đã sáp nhập hoặc giải thể"] if gaps.ended else []
    said += [f"{len(gaps.vacant)} chức vụ đang khuyết"] if gaps.vacant else []
    said += [f"{len(gaps.without_mail)} người chưa có địa chỉ thư"] if gaps.without_mail else []
    said += ["quy định làm căn cứ đã thay đổi"] if any(n.code.startswith("replaced") for n in made.notices) else []
    return "; ".join(said)


def _base(plan: Plan) -> int | None:
    return plan.year or plan.document.year


def _write(path: Path, plan: Plan) -> bool:
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dump_plan(plan), encoding="utf-8")
    return True


def _tell_department(services: Services, plan: Plan, year: int, seen: Outlook, now: datetime) -> int:
    """One letter to the department's posts, about the last cycle of this committee; its key makes it one for ever. Where
    no cycle was ever opened there is nobody to tell but by the incident.
    """
    with services.db.write() as connection:
        before = last_cycle(connection, plan)
        if before is None:
            return 0
        posts = directory(services.db, connection, before.root_id, local_day(now)).department
        entry, rung, note = Entry(before.id, None, 0), renewal_rung(plan.key, year), what_to_look_at(seen)
        rows = [entry.row(rung, RENEWAL, one.post_id, now, note=note) for one in posts if one.person_id is not None]
        return add_once(connection, rows)


def _report(services: Services, written: list[str], year: int, now: datetime) -> None:
    names = ", ".join(written)
    with services.db.write() as connection:
        message = f"Đã dự thảo kế hoạch năm {year} (ngày tạm tính): {names}. Xem, sửa rồi mở đợt khi kế hoạch được ban hành."
        incidents.report(connection, f"renew:{year}", "plan", message, now)
        audit.record(connection, now, "hạn chót", "plan.drafted", f"năm {year}", data={"plans": names})
