"""Minutes of a count (biên bản kiểm phiếu) from a ballot that two people have entered alike: tallies, never who voted what.

What the database does not know (hour, place, chair, tellers) is left for the pen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import sqlalchemy as sa

from hanchot.domain.ballot import Outcome, Round, Tally, VoteKind, VoteRules, outcome, votes_needed
from hanchot.domain.errors import NotFound, Refused
from hanchot.domain.rating_level import RatingLevel
from hanchot.letters.words import lower_first
from hanchot.papers import words
from hanchot.papers.views import Signature, TallyLine, TallyMinutes, TallyRound
from hanchot.service.judging.subjects import find_subject
from hanchot.service.papers.desk import About, Desk, sentence
from hanchot.store.db import Row
from hanchot.store.judging_tables import ballot, ballot_count

_PEN = "......................................"
_NOT_ASKED = "–"


def ballot_row(connection: sa.Connection, number: int) -> Row:
    """The ballot. Raises ``NotFound``."""
    row = connection.execute(sa.select(ballot).where(ballot.c.id == number)).first()
    if row is None:
        raise NotFound(f"Không có phiếu số {number}.", way_out="Xem số phiếu khi nhập lần một.", thing="phiếu", value=number)
    return row


def minutes(desk: Desk, about: About) -> TallyMinutes:
    """The minutes that the ballot stands in, with all their rounds. Raises ``Refused`` before both entries agree."""
    asked = ballot_row(desk.connection, about.need("ballot"))
    rows = _rounds(desk, asked)
    if any(row.state != "confirmed" for row in rows):
        raise Refused(
            f"Biên bản {asked.minutes} chưa được người thứ hai xác nhận.",
            way_out="Người thứ hai nhập lại độc lập từ biên bản đã ký, rồi in.",
            command=f"hanchot ballot confirm {asked.id} TỆP --actor NGƯỜI-NHẬP",
        )
    rules = desk.rules.regulation.votes
    if rules is None:
        raise Refused("Căn cứ của đợt không nêu quy tắc biểu quyết.", way_out="Nhập quy tắc kèm số văn bản rồi in.")
    kind, office = rules.kind(asked.kind), desk.office(desk.unit(asked.unit_id))
    counted = [(row, _results(desk, row, rules)) for row in rows]
    return TallyMinutes(
        head=replace(office.head("BB", asked.held_on), number=f"Số {asked.minutes}"),
        summary=f"kiểm phiếu, {lower_first(kind.title)} {desk.period.vi}",
        opened=f"Ngày {asked.held_on:%d/%m/%Y}, lúc ...... giờ ......", place=_PEN, purpose=_purpose(office.name, kind, rules),
        chair=_PEN, secretary=_PEN, tellers=(_PEN, _PEN), convened=str(asked.convened), present=str(asked.present),
        absent=str(asked.convened - asked.present), rounds=tuple(_round(row, lines, kind, rules) for row, lines in counted),
        rule=_rule(asked.convened, rules), conclusion=tuple(_conclusion(counted)),
        closed="Biên bản lập xong lúc ...... giờ ...... cùng ngày", recipients=words.recipients(["Lưu hồ sơ hội nghị"]),
        bases=(desk.rules_basis(),), notes=(_entered(asked, kind), *desk.unverified()),
        signature=Signature(authority="CHỦ TRÌ HỘI NGHỊ", title="(ký, ghi rõ họ tên)"),
        teller_signature=Signature(authority="T/M TỔ KIỂM PHIẾU", title="TỔ TRƯỞNG"),
    )  # fmt: skip


_Results = Sequence[tuple[str, Tally, Outcome]]


def _rounds(desk: Desk, asked: Row) -> list[Row]:
    """The rounds that the same signed minutes hold."""
    same = [ballot.c[name] == getattr(asked, name) for name in ("cycle_id", "kind", "unit_id", "minutes", "held_on")]
    return list(desk.connection.execute(sa.select(ballot).where(*same).order_by(ballot.c.round)))


def _results(desk: Desk, row: Row, rules: VoteRules) -> _Results:
    counts: dict[int, dict[RatingLevel, int]] = {}
    query = sa.select(ballot_count).where(ballot_count.c.ballot_id == row.id).order_by(ballot_count.c.subject_id)
    for one in desk.connection.execute(query):
        counts.setdefault(one.subject_id, {})[RatingLevel(one.level)] = one.votes
    found = []
    for subject_id, per_level in counts.items():
        tally = Tally(row.convened, row.present, row.issued, row.collected, row.valid, row.invalid, per_level)
        found.append((find_subject(desk.connection, subject_id).label, tally, outcome(tally, rules)))
    return found


def _round(row: Row, results: _Results, kind: VoteKind, rules: VoteRules) -> TallyRound:
    asked = rules.rounds[row.round - 1] if kind.two_rounds and row.round <= len(rules.rounds) else None
    title = f"Vòng {row.round}: {asked.level.vi}" if asked else sentence(lower_first(kind.title))
    lines = tuple(_line(n, name, tally, said, asked) for n, (name, tally, said) in enumerate(results, 1))
    counts = {name: str(getattr(row, name)) for name in ("issued", "collected", "valid", "invalid")}
    return TallyRound(title=title, lines=lines, **counts)


def _line(number: int, name: str, tally: Tally, said: Outcome, asked: Round | None) -> TallyLine:
    excellent, good, done, failed = (_votes(tally, level, asked) for level in RatingLevel)
    result = sentence(said.level.vi) if said.level else "Không quá nửa"
    return TallyLine(
        number=str(number), name=name, excellent=excellent, good=good, done=done, failed=failed, outcome=result
    )  # fmt: skip


def _votes(tally: Tally, level: RatingLevel, asked: Round | None) -> str:
    """The votes of a level, or a dash where the round does not ask for it."""
    above = asked is not None and level.rank < asked.level.rank
    below = asked is not None and asked.among is not None and level.rank > asked.among.rank
    return _NOT_ASKED if above or below else str(tally.per_level.get(level, 0))


def _rule(convened: int, rules: VoteRules) -> str:
    percent = rules.more_than_percent.normalize()
    share = "quá nửa" if percent == 50 else f"quá {percent:f} %"
    needed = votes_needed(convened, rules)
    return f"phải {share} trong tổng số {convened} người được triệu tập, tức ít nhất {needed} phiếu ({rules.cited.vi})"


def _conclusion(counted: Sequence[tuple[Row, _Results]]) -> Iterable[str]:
    for row, results in counted:
        carried = sum(1 for _, _, said in results if said.carried)
        where = f"Vòng {row.round}: " if len(counted) > 1 else ""
        yield f"{where}{carried} trong {len(results)} tập thể, cá nhân có một mức được đa số thông qua."


def _purpose(name: str, kind: VoteKind, rules: VoteRules) -> str:
    secret = "bỏ phiếu kín" if rules.secret else "bỏ phiếu"
    return f"hội nghị {name} {secret}, {lower_first(kind.title)}"


def _entered(row: Row, kind: VoteKind) -> str:
    doubt = f" {sentence(kind.doubt)}" if kind.doubt else ""
    return f"Số phiếu theo biên bản {row.minutes} đã ký, do hai người nhập độc lập và khớp nhau.{doubt}"
