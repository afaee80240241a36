"""``hanchot rules``: what a regulation says, with its citations, and what level it gives to points and facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

import typer

from hanchot.cli.say import answer, day, now, settings
from hanchot.domain.ballot import VoteRules
from hanchot.domain.cited import Cited
from hanchot.domain.errors import HanChotError
from hanchot.domain.instants import local_day
from hanchot.domain.quota import Quota
from hanchot.domain.rating import Judged, level_of, questions, score_faults
from hanchot.domain.rating_level import Subject
from hanchot.domain.regulation import Regulation, cites
from hanchot.store.regulation_files import find_regulation, load_regulations

app = typer.Typer(help="Quy định: mức, điểm, điều kiện, tỷ lệ, biểu quyết, mỗi điều kèm căn cứ.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="khóa hoặc số, ví dụ 366-qd-tw, 13-HD/TU", metavar="QUY-ĐỊNH")]


@app.command("list")
def list_all() -> None:
    """Các quy định đã có."""
    known = load_regulations(settings().own_calendars)
    rows = [{"key": r.key, "number": r.number, "extends": r.extends, "in_force_from": r.in_force_from} for r in known]
    words = [f"{r.key:<14} {r.number}" + (f" (trên nền {r.extends})" if r.extends else "") for r in known]
    answer(rows, "\n".join(words))


@app.command()
def show(name: Name) -> None:
    """Một quy định, từng điều với văn bản, điều, mục; điều chưa thấy nguyên văn mang dấu “chưa kiểm chứng”."""
    rules = find_regulation(name, settings().own_calendars)
    document = rules.model_dump(mode="json", by_alias=True) | {"unverified": sum(one.unverified for one in cites(rules))}
    answer(document, "\n".join(_lines(rules)).replace("[", "\\["))


@app.command()
def judge(
    name: Name,
    score: Annotated[str, typer.Option(help="điểm, không làm tròn, ví dụ 89.99")],
    who: Annotated[Subject, typer.Option(help="loại đối tượng")] = Subject.MEMBER,
    fact: Annotated[
        list[str] | None, typer.Option(help="điều đã biết, ví dụ disciplined=không, tasks_done_percent=100")
    ] = None,
    on: Annotated[str | None, typer.Option(help="ngày áp dụng quy định, mặc định hôm nay")] = None,
) -> None:
    """Mức mà quy định cho với số điểm và các điều đã biết, từng bước kèm căn cứ. Mã thoát 1 nếu còn điều chưa rõ."""
    rules = find_regulation(name, settings().own_calendars)
    points = _number(score, "--score")
    if wrong := score_faults(points, rules):
        raise HanChotError(wrong[0].message, way_out=f"{wrong[0].way_out} [{wrong[0].basis.vi}]")
    facts = _facts(fact or (), who, rules)
    judged = level_of(points, facts, who, rules, as_of=day(on) if on else local_day(now()))
    answer(_document(judged), "\n".join(_steps(judged)).replace("[", "\\["))
    if not judged.firm:
        raise typer.Exit(1)


def _number(text: str, option: str) -> Decimal:
    try:
        return Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        raise HanChotError(f"{option} “{text}” không phải số.", way_out="Viết số, ví dụ 89.99.") from None


def _facts(given: Sequence[str], who: Subject, rules: Regulation) -> dict[str, bool | Decimal]:
    """``key=value``: a number where one is asked, otherwise có, không, true or false."""
    asked = {question.fact: question for question in questions(who, rules)}
    facts: dict[str, bool | Decimal] = {}
    for text in given:
        key, _, value = (part.strip() for part in text.partition("="))
        if key not in asked:
            raise HanChotError(f"--fact “{key}” không phải điều được hỏi.", way_out=f"Có: {', '.join(asked)}.")
        if asked[key].is_number:
            facts[key] = _number(value, f"--fact {key}")
        elif value.casefold() in _YES_NO:
            facts[key] = _YES_NO[value.casefold()]
        else:
            raise HanChotError(f"--fact {key} “{value}” không rõ.", way_out=f"“{asked[key].ask}” Viết có hoặc không.")
    return facts


_YES_NO = {"có": True, "co": True, "true": True, "không": False, "khong": False, "false": False}


def _document(judged: Judged) -> dict[str, Any]:
    return {
        "level": judged.level,
        "firm": judged.firm,
        "capped_by": judged.capped_by,
        "why": [{"words": one.words, "level": one.level, "basis": one.basis.model_dump()} for one in judged.why],
        "unanswered": [{"fact": one.fact, "ask": one.ask, "basis": one.basis.model_dump()} for one in judged.unanswered],
        "doubts": list(judged.doubts),
    }


def _steps(judged: Judged) -> Iterable[str]:
    level = f"“{judged.level.vi}”" if judged.level else "chưa xác định được"
    yield f"Mức: {level}" if judged.firm else f"Mức cao nhất còn có thể: {level}"
    for one in judged.why:
        yield f"  · {one.words} [{one.basis.vi}]"
    for asked in judged.unanswered:
        yield f"  ? {asked.ask} ({asked.fact}) [{asked.basis.vi}]"
    for doubt in judged.doubts:
        yield f"  ! {doubt}"


def _lines(rules: Regulation) -> Iterable[str]:
    yield f"{rules.number} · {rules.title} ({rules.issuer})"
    end = f", đã thay bằng {rules.replaced_by}" if rules.replaced_by else ""
    begins = f"{rules.in_force_from:%d/%m/%Y}" if rules.in_force_from else "ngày không ghi"
    yield f"Hiệu lực từ {begins}{end}. Nguồn: {rules.seen}"
    yield from _part("Bốn mức", ((f"{one.words}", one.cited) for one in rules.levels))
    yield from _part("Điểm", ((f"từ {one.at_least}: {rules.words_of(one.level)}", one.cited) for one in rules.bands))
    yield from _part("Điều kiện", ((f"{one.level.vi}: {one.words} ({_who(one.who)})", one.cited) for one in rules.requirements))
    caps = ((f"{one.words}: {one.effect} ({_who(one.who)})", one.cited) for one in rules.caps)
    yield from _part("Trường hợp giữ mức", caps)
    yield from _part("Tỷ lệ xuất sắc", _quota(rules.quota))
    yield from _part("Biểu quyết", _votes(rules.votes))
    yield from _part("Biểu mẫu", ((f"{one.number}: {one.title} ({_who(one.who)})", one.cited) for one in rules.forms))
    yield from _part("Cần chốt", _doubts(rules))


def _quota(quota: Quota | None) -> Iterable[tuple[str, Cited]]:
    if quota is None:
        return
    yield f"{quota.percent} % · mẫu số: {quota.base.vi} · phạm vi: {quota.scope}", quota.cited
    yield "làm tròn xuống", quota.rounding.cited
    if quota.higher:
        yield quota.higher.words, quota.higher.cited


def _votes(votes: VoteRules | None) -> Iterable[tuple[str, Cited]]:
    if votes is None:
        return
    secret = "phiếu kín" if votes.secret else "biểu quyết"
    yield f"{secret}, trên {votes.more_than_percent} % tổng số người được triệu tập", votes.cited
    yield from ((f"vòng {number}: {one.level.vi}", one.cited) for number, one in enumerate(votes.rounds, 1))
    yield from ((f"loại {one.number}: {one.title}", one.cited) for one in votes.kinds)


def _part(title: str, rows: Iterable[tuple[str, Cited]]) -> Iterable[str]:
    rows = tuple(rows)
    yield ""
    if not rows:
        yield f"{title}: chưa thấy trong các nguồn đã đọc"
    else:
        yield title
        yield from (f"  · {words} [{cited.vi}]" for words, cited in rows)


def _doubts(rules: Regulation) -> Iterable[tuple[str, Cited]]:
    yield from ((one.words, one.cited) for one in rules.doubts)
    for parts in (rules.requirements, rules.caps, rules.forms):
        yield from ((one.doubt, one.cited) for one in parts if one.doubt)
    for one in (rules.quota, rules.votes, *(rules.votes.kinds if rules.votes else ())):
        if one and one.doubt:
            yield one.doubt, one.cited


def _who(who: Iterable[Subject]) -> str:
    return "mọi đối tượng" if set(who) == set(Subject) else "; ".join(one.vi for one in who)
