"""What the plan rests on: its legal bases among themselves, in plans checked together, and in the register of acts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from hanchot.domain.acts import number_key
from hanchot.domain.checks.subject import Subject, at, at_en, named, vi, within, within_en
from hanchot.domain.collate import folded
from hanchot.domain.finding import Said, Severity
from hanchot.domain.plan import LegalBasis, Plan

_CENTRAL = re.compile(r"(tw|cp|/qh\d+)$")
_WITH_SIGN = re.compile(r"\d+.*[-/].*[^\W\d]")  # 25-HD/BTCTW, 90/2020/NĐ-CP; “22” alone lacks the sign


def issued_before_basis(s: Subject) -> Iterator[Said]:
    issued = s.document.issued_on
    for basis in s.document.legal_bases:
        if issued and basis.issued_on and basis.issued_on > issued:
            yield Said(
                f"Kế hoạch ban hành ngày {vi(issued)}, trước căn cứ {basis.number} ngày {vi(basis.issued_on)}.",
                f"The plan was issued on {issued}, before its basis {basis.number} of {basis.issued_on}.",
                "Đối chiếu hai văn bản gốc: một trong hai ngày ghi sai.",
                "Compare the two originals: one of the dates is wrong.",
                basis.cited_in,
            )


def two_dates(s: Subject) -> Iterator[Said]:
    """Inside this document, in the plans checked with it, and against the register; each other date once."""
    for basis in s.document.legal_bases:
        if basis.issued_on is None:
            continue
        for other, where, where_en in _other_dates(s, basis):
            yield Said(
                f"{basis.number} ghi ngày {vi(basis.issued_on)}, {where} ghi {vi(other)}.",
                f"{basis.number} is cited with {basis.issued_on}, {where_en} says {other}.",
                "Đối chiếu bản gốc của văn bản ấy, sửa ngày ghi sai trong lịch (document.legal_bases).",
                "Look into the original and mend the wrong date in document.legal_bases.",
                basis.cited_in,
            )


def _other_dates(s: Subject, basis: LegalBasis) -> Iterator[tuple[date, str, str]]:
    seen = {basis.issued_on}
    act = s.acts.find(basis.number)
    if act and act.issued_on not in seen:
        seen.add(act.issued_on)
        yield act.issued_on, "danh mục văn bản", "the register of acts"
    others = () if act else _others_that_mean_the_same(s, basis)  # what the register knows, it settles
    before = s.document.legal_bases[: s.document.legal_bases.index(basis)]  # the later citation is the one that differs
    cited = [(one, within(one.cited_in), within_en(one.cited_in)) for one in before]
    cited += [(one, f"kế hoạch {named(o)}", f"plan {named(o)}") for o in others for one in o.document.legal_bases]
    for one, where, where_en in cited:
        if number_key(one.number) == number_key(basis.number) and one.issued_on and one.issued_on not in seen:
            seen.add(one.issued_on)
            yield one.issued_on, where, where_en


def _others_that_mean_the_same(s: Subject, basis: LegalBasis) -> tuple[Plan, ...]:
    """Only central numbers mean one document everywhere; every province has a 09-QĐ/TU of its own, and a new one each term."""
    if _CENTRAL.search(number_key(basis.number)):
        return (*((s.parent.plan,) if s.parent else ()), *s.others)
    return (s.parent.plan,) if s.parent and number_key(s.plan.parent or "") == number_key(named(s.parent.plan)) else ()


def two_issuers(s: Subject) -> Iterator[Said]:
    first: dict[str, LegalBasis] = {}
    for basis in s.document.legal_bases:
        if basis.issuer is None:
            continue
        known = first.setdefault(number_key(basis.number), basis)
        if known.issuer and folded(known.issuer) != folded(basis.issuer):
            act = s.acts.find(basis.number)
            right = f" Danh mục văn bản ghi {act.issuer}." if act else ""
            right_en = f" The register says {act.issuer}." if act else ""
            yield Said(
                f"{basis.number} ghi của {known.issuer}, {within(basis.cited_in)} ghi của {basis.issuer}.{right}",
                f"{basis.number} is said to be by {known.issuer}, {within_en(basis.cited_in)} says {basis.issuer}.{right_en}",
                "Ghi thống nhất một cơ quan theo bản gốc.",
                "Name one issuer, as the original has it.",
                basis.cited_in,
            )


def number_incomplete(s: Subject) -> Iterator[Said]:
    for basis in s.document.legal_bases:
        if not _WITH_SIGN.search(basis.number):
            full = next((b.number for b in s.document.legal_bases if b.number.startswith(f"{basis.number}-")), None)
            meant = f", chắc là {full}" if full else ""
            meant_en = f", most likely {full}" if full else ""
            yield Said(
                f"{at(basis.cited_in)} ghi căn cứ “số {basis.number}”, thiếu ký hiệu{meant}.",
                f"{at_en(basis.cited_in)} cites “number {basis.number}” without its sign{meant_en}.",
                "Viết đủ số và ký hiệu.",
                "Write number and sign in full.",
                basis.cited_in,
            )


def not_in_force(s: Subject) -> Iterator[Said]:
    """Bases are read for the last day of the year under review, when the ratings are made."""
    if s.year is None:
        return
    end = date(s.year, 12, 31)
    cited = {number_key(b.number): b.number for b in s.document.legal_bases}
    if s.plan.regulation:
        cited.setdefault(number_key(s.plan.regulation), s.plan.regulation)
    for number in cited.values():
        act = s.acts.find(number)
        ended = s.acts.ended(act) if act else None
        if act and ended and ended <= end and (successor := s.acts.successor(act)):
            yield Said(
                f"{number} không còn hiệu lực cuối năm {s.year}: {successor.number} thay từ {vi(ended)}.",
                f"{number} is no longer in force at the end of {s.year}: {successor.number} replaced it from {ended}.",
                f"Căn cứ vào {successor.number}; xem lại mức xếp loại, hồ sơ và hạn theo văn bản mới.",
                f"Rest on {successor.number}; read levels, dossiers and dates anew.",
            )
    for basis in s.document.legal_bases:
        if basis.issued_on and basis.issued_on > end and not s.document.issued_on:
            yield Said(
                f"{basis.number} ngày {vi(basis.issued_on)} chưa ban hành khi hết năm {s.year}.",
                f"{basis.number} of {basis.issued_on} was not yet issued when {s.year} ended.",
                "Xem lại ngày của căn cứ hoặc năm của kế hoạch.",
                "Look again at the date of the basis or the year of the plan.",
                basis.cited_in,
            )


def regulation_not_cited(s: Subject) -> Iterator[Said]:
    regulation = s.plan.regulation
    if regulation and number_key(regulation) not in {number_key(b.number) for b in s.document.legal_bases}:
        yield Said(
            f"Bộ quy tắc {regulation} được áp dụng nhưng văn bản không nêu làm căn cứ.",
            f"The rules of {regulation} are applied, but the document does not cite it.",
            "Người phụ trách xác nhận bộ quy tắc đúng cho kế hoạch này.",
            "Somebody in charge confirms that these are the rules for this plan.",
        )
    elif regulation is None:
        yield Said(
            "Kế hoạch chưa nêu bộ quy tắc xếp loại nào.",
            "The plan names no set of rating rules.",
            "Ghi số quy định vào lịch (regulation), ví dụ 366-QĐ/TW.",
            "Write the regulation's number into regulation, for instance 366-QĐ/TW.",
            severity=Severity.NOTE,
        )
