"""One member of a cell at a time: added to the list of who is rated, the facts put right, taken off when listed by mistake.

Facts are personnel words: events say that they were told, of which number, never what. Who has a rating is not moved.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from hanchot.domain.collate import folded
from hanchot.domain.errors import Conflict, NotFound, Refused
from hanchot.domain.instants import ZONE, local_day
from hanchot.domain.membership import UNTOLD, Membership
from hanchot.domain.quarters import may_rate
from hanchot.domain.rating_level import Subject
from hanchot.service import audit
from hanchot.service.book import closed, cycle_id_of
from hanchot.service.judging import memberships
from hanchot.service.judging.committees import CELLS
from hanchot.service.judging.refusing import Forbidden, demand
from hanchot.service.judging.rulebook import Rulebook, rulebook
from hanchot.service.judging.subjects import SUBJECT, Tree, base_shrinks, group_of, leads_of, ratee_of, units_of
from hanchot.service.services import Services
from hanchot.store.db import Row, new_id
from hanchot.store.judging_tables import ballot_count, decision_line, rating, subject
from hanchot.store.keeping_tables import dossier
from hanchot.store.tables import event, person, post, tenure, unit

MAX_NAME, MAX_CODE = 300, 64
FACTS = "subjects.facts"


class Why(StrEnum):
    """Why somebody is taken off the list: a closed list, so that no word about a person gets into the log."""

    WRONG_UNIT = "wrong_unit"
    TWICE = "twice"
    MOVED = "moved"

    @property
    def vi(self) -> str:
        return {
            Why.WRONG_UNIT: "thêm nhầm đơn vị",
            Why.TWICE: "trùng với một người đã có",
            Why.MOVED: "đã chuyển sinh hoạt đi nơi khác",
        }[self]  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewMember:
    """``code``: where the member has one already. ``namesakes``: how many of that name the person who adds has seen listed."""

    name: str
    facts: Membership
    code: str = ""
    namesakes: int = 0


class AlreadyListed(Conflict):
    """Somebody of that name is on the unit's list: the same one, or a second person. ``subject_id`` of the first;
    ``namesakes`` there are; ``same``: surely the same, by the code.
    """

    def __init__(self, name: str, unit_name: str, subject_id: int, namesakes: int, *, same: bool) -> None:
        self.subject_id, self.namesakes, self.same = subject_id, namesakes, same
        way_out = "Xem người đã có." if same else "Là người khác cùng tên thì đánh dấu “Vẫn thêm” rồi gửi lại."
        super().__init__(f"“{name}” đã có trong danh sách của {unit_name}.", way_out=way_out, thing="name")


def add_member(
    services: Services, code: str, unit_code: str, said: NewMember, now: datetime, *, actor: str, anywhere: bool = True
) -> int:
    """Put a member on the list of a cell; returns the subject. Without ``anywhere`` only people who belong nowhere else.

    AlreadyListed: a second click, or a second person of that name, who is asked about. Refused: at the field ``thing``.
    """
    said = replace(said, name=" ".join(said.name.split()), code=said.code.strip())
    with services.db.write() as connection:
        rules = open_rules(services, connection, code)
        at, tree = _cell(connection, rules, unit_code, now)
        listed = _listed(connection, rules.cycle_id, at.id)
        _check_name(said)
        known = connection.execute(sa.select(person).where(person.c.code == said.code)).first() if said.code else None
        if known:
            _check_known(connection, rules, known, said, at, listed, anywhere=anywhere)
            if elsewhere := leads_of(connection, rules, now, known.id).keys() - {at.code}:
                way_out = "Ban Tổ chức lập danh sách từ cây tổ chức trước: mỗi người xếp loại một nơi."
                raise Refused(f"Người mã “{said.code}” giữ chức vụ ở {min(elsewhere)}.", way_out=way_out, thing="code")
        _ask_about_namesakes(said, at, listed)
        who = known.id if known else _person(connection, rules.cycle_id, said, at.code)
        stored = memberships.kept(connection, [who])
        facts = _check_facts(_merged(stored.get(who, UNTOLD), said.facts), now, new=True)
        memberships.keep(connection, {who: facts}, stored)
        exempt, awaits = memberships.standing_of_member(facts, said.name, rules, now)
        kind = Subject.MEMBER
        made = connection.execute(sa.insert(subject).values(
            cycle_id=rules.cycle_id, unit_id=at.id, person_id=who, kind=kind, ratee=ratee_of(at, kind),
            scope_id=tree.scope_of(at, own=True), comparison=group_of(kind, at), exempt=exempt, awaits=awaits,
        ))  # fmt: skip
        number = new_id(made)
        audit.record(connection, now, actor, "subjects.member_added", str(number), cycle_id=rules.cycle_id)
        return number


def mark_of(facts: Membership) -> str:
    """What a page has shown, so that nobody writes over what somebody else has told since."""
    text = "|".join(str(getattr(facts, one.name) or "") for one in fields(facts))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def correct_facts(
    services: Services, code: str, unit_code: str, subject_id: int, facts: Membership, now: datetime, *, actor: str,
    seen: str | None = None,
) -> bool:  # fmt: skip
    """Keep the facts of somebody on the list; whether anything changed. ``seen``: ``mark_of`` what the page showed.

    Conflict: somebody has changed them since. Refused: a fact that cannot be meant, or a rating that would hang in the air.
    """
    with services.db.write() as connection:
        rules = open_rules(services, connection, code)
        row = listed_person(connection, rules.cycle_id, unit_code, subject_id)
        stored = memberships.kept(connection, [row.person_id])
        known = stored.get(row.person_id, UNTOLD)
        if facts == known:
            return False
        if seen is not None and seen != mark_of(known):
            raise _changed_since(connection, subject_id)
        facts = _check_facts(facts, now)
        stands = memberships.standing_of_member(facts, row.label, rules, now)
        steps = frozenset(connection.execute(sa.select(rating.c.step).where(rating.c.subject_id == row.id)).scalars())
        if fault := standing_fault(row, stands, steps):
            raise Refused(f"{row.label}: {fault[0]}.", way_out=f"{fault[1].capitalize()}.")
        memberships.keep(connection, {row.person_id: facts}, stored)
        connection.execute(sa.update(subject).where(subject.c.id == row.id).values(exempt=stands[0], awaits=stands[1]))
        if stands[0] and not row.exempt:
            demand(base_shrinks(connection, rules, row))
        audit.record(connection, now, actor, FACTS, str(subject_id), cycle_id=rules.cycle_id)
        return True


def standing_fault(row: Row, stands: tuple[str | None, str | None], steps: Collection[str]) -> tuple[str, str] | None:
    """Why new facts may not change how a subject stands: reason and way out. ``steps``: those that have a rating."""
    if stands == (row.exempt, row.awaits):
        return None
    if "decided" in steps:
        return "đã có kết quả được quyết định", "mở lại kết quả trước rồi sửa"
    if stands[0] and steps:
        return "đã có mức ghi ở các bước trước mà nay thuộc diện không xếp loại", "báo Ban Tổ chức xem lại hồ sơ"
    return None


def take_out(services: Services, code: str, unit_code: str, subject_id: int, why: Why, now: datetime, *, actor: str) -> bool:
    """Take somebody off the list who was put there by mistake; False: nobody of that number is (a second click).

    Refused: somebody with a post (the tree puts them there), a rating, a vote, a draft or a dossier.
    """
    with services.db.write() as connection:
        rules = open_rules(services, connection, code)
        try:
            row = listed_person(connection, rules.cycle_id, unit_code, subject_id)
        except NotFound:
            return False
        if fault := removal_fault(connection, rules, row, now):
            raise Refused(f"{row.label}: {fault[0]}.", way_out=f"{fault[1]}.")
        connection.execute(sa.delete(subject).where(subject.c.id == row.id))
        audit.record(connection, now, actor, "subjects.taken_out", str(row.id), cycle_id=rules.cycle_id, reason=why.vi)
        return True


def removal_fault(connection: sa.Connection, rules: Rulebook, row: Row, now: datetime) -> tuple[str, str] | None:
    """Why somebody stays on the list: the reason and the way out; the page asks this before it shows the button."""
    if row.unit_code in leads_of(connection, rules, now, row.person_id).get(row.person_id, {}):
        return "đang giữ chức vụ ở đơn vị nên có trong danh sách theo cây tổ chức", "Sửa chức vụ ở “Con người” trước"
    of = (
        (rating, "đã có mức xếp loại"),
        (ballot_count, "đã có trong biên bản kiểm phiếu"),
        (decision_line, "đã có trong quyết định"),
    )
    for table, words in of:
        if connection.execute(sa.select(table.c.subject_id).where(table.c.subject_id == row.id).limit(1)).first():
            return words, "Người đã được xếp loại thì ở lại trong danh sách"
    mine = dossier.c.cycle_id == row.cycle_id, dossier.c.unit_id == row.unit_id, dossier.c.person_id == row.person_id
    if connection.execute(sa.select(dossier.c.id).where(*mine).limit(1)).first():
        return "đã có hồ sơ trong đợt", "Báo Ban Tổ chức xem lại hồ sơ trước"
    return None


def listed_person(connection: sa.Connection, cycle_id: int, unit_code: str, subject_id: int) -> Row:
    """The person of that number on the unit's list of the cycle, as ``find_subject`` gives it. Raises ``NotFound``."""
    mine = (
        subject.c.id == subject_id,
        subject.c.cycle_id == cycle_id,
        unit.c.code == unit_code,
        subject.c.person_id.is_not(None),
    )
    row = connection.execute(SUBJECT.where(*mine)).first()
    if row is None:
        raise NotFound("Không có người này trong danh sách của đơn vị.", way_out="Về danh sách của đơn vị.")
    return row


def open_rules(services: Services, connection: sa.Connection, code: str) -> Rulebook:
    """The rules of a cycle whose list may be changed; else raises what ``standstill`` says."""
    rules = rulebook(services, connection, cycle_id_of(connection, code))
    if stop := standstill(rules):
        raise stop
    return rules


def standstill(rules: Rulebook) -> Refused | None:
    """Why nobody may change the list of a cycle: it is closed, or its quarter is not rated on its own."""
    if not rules.is_open:
        return closed(rules.code)
    refusals = may_rate(rules.quarter, rules.review.quarters) if rules.quarter else ()
    return Forbidden(refusals) if refusals else None


def _cell(connection: sa.Connection, rules: Rulebook, code: str, now: datetime) -> tuple[Row, Tree]:
    """The cell and the units above it. NotFound: not in the cycle's tree; Refused: no cell."""
    path = connection.execute(sa.select(unit.c.path).where(unit.c.code == code)).scalar() or ""
    steps = [int(step) for step in path.split("/") if step]
    units = units_of(connection, rules, now, unit.c.id.in_(steps))
    at = next((row for row in units if row.code == code), None)
    if at is None:
        raise NotFound(f"Không có đơn vị “{code}” trong đợt “{rules.code}”.", way_out="Chọn đơn vị trong danh sách của đợt.")
    if at.kind not in CELLS:
        raise Refused(f"{at.name} không phải chi bộ.", way_out="Đảng viên được xếp loại ở chi bộ sinh hoạt chính thức.")
    return at, Tree(units, rules.root_id)


def _listed(connection: sa.Connection, cycle_id: int, unit_id: int) -> list[Row]:
    query = sa.select(subject.c.id, subject.c.person_id, person.c.name).join(person, person.c.id == subject.c.person_id)
    mine = query.where(subject.c.cycle_id == cycle_id, subject.c.unit_id == unit_id)
    return list(connection.execute(mine.order_by(subject.c.id)))


def same_name(one: str, other: str) -> bool:
    """Spaces and capitals aside; accents count: Hòa is not Hoà's typing but may be Hoa."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _check_name(said: NewMember) -> None:
    if not any(c.isalpha() for c in said.name) or len(said.name) > MAX_NAME:
        raise Refused("Chưa ghi họ và tên.", way_out=f"Gõ đủ họ và tên, không quá {MAX_NAME} chữ.", thing="name")
    if said.code and not re.fullmatch(rf"\S{{1,{MAX_CODE}}}", said.code):
        raise Refused(f"Mã người “{said.code[:30]}” có khoảng trắng hoặc quá dài.", way_out="Viết liền.", thing="code")


def _check_known(
    connection: sa.Connection, rules: Rulebook, known: Row, said: NewMember, at: Row, listed: list[Row], *, anywhere: bool
) -> None:  # fmt: skip
    """Whoever has the code already must be the person meant, listed nowhere else, and the unit's own to add."""
    if not same_name(known.name, said.name):
        raise Refused(
            f"Mã người “{said.code}” đã là của một người tên khác.", way_out="Xem lại mã, hoặc để trống mã.", thing="code"
        )
    if mine := next((row for row in listed if row.person_id == known.id), None):
        raise AlreadyListed(said.name, at.name, mine.id, 1, same=True)
    here = sa.select(subject.c.id).where(subject.c.cycle_id == rules.cycle_id, subject.c.person_id == known.id)
    if connection.execute(here).first():
        raise Refused(f"Người mã “{said.code}” đã có trong đợt, ở đơn vị khác.", way_out="Báo Ban Tổ chức.", thing="code")
    ever = sa.select(subject.c.id).where(subject.c.person_id == known.id, subject.c.unit_id != at.id).limit(1)
    posts = sa.select(tenure.c.id).join(post, post.c.id == tenure.c.post_id)
    posts = posts.where(tenure.c.person_id == known.id, post.c.unit_id != at.id).limit(1)
    if not anywhere and (connection.execute(ever).first() or connection.execute(posts).first()):
        raise Refused(
            f"Người mã “{said.code}” thuộc đơn vị khác.", way_out="Đề nghị Ban Tổ chức thêm vào danh sách.", thing="code"
        )


def _ask_about_namesakes(said: NewMember, at: Row, listed: list[Row]) -> None:
    """A second click finds one more of that name than its page has shown, and adds nobody."""
    same = [row for row in listed if same_name(row.name, said.name)]
    if len(same) != said.namesakes and same:
        raise AlreadyListed(said.name, at.name, same[-1].id, len(same), same=False)


def _person(connection: sa.Connection, cycle_id: int, said: NewMember, unit_code: str) -> int:
    """A person of one's own code. Who was taken off the list before comes back as the same person."""
    if said.code:
        return new_id(connection.execute(sa.insert(person).values(code=said.code, name=said.name)))
    made = code_made_of(said.name, unit_code)
    like = sa.select(person.c.id, person.c.code, person.c.name).where(person.c.code.startswith(made, autoescape=True))
    taken = {row.code: row for row in connection.execute(like)}
    code, number = made, 2
    while row := taken.get(code):
        listed = sa.select(subject.c.id).where(subject.c.cycle_id == cycle_id, subject.c.person_id == row.id)
        if same_name(row.name, said.name) and not connection.execute(listed).first():
            return int(row.id)
        code, number = f"{made}-{number}", number + 1
    return new_id(connection.execute(sa.insert(person).values(code=code, name=said.name)))


def code_made_of(name: str, unit_code: str) -> str:
    """A code for somebody who has none: as the import of the organisation makes it, so that both mean the same person."""
    words = re.findall(r"[^\W_]+", folded(name))
    return f"{'.'.join(words)}@{unit_code}"


def _merged(known: Membership, said: Membership) -> Membership:
    """An empty field of a form for somebody new takes nothing away that is known."""
    told = {one.name: value for one in fields(said) if (value := getattr(said, one.name)) is not None}
    return replace(known, **told)


def _check_facts(facts: Membership, now: datetime, *, new: bool = False) -> Membership:
    if new and facts.admitted_on is None:
        raise Refused(
            "Chưa ghi ngày vào Đảng.", way_out="Ghi theo lý lịch; chưa đủ 6 tháng thì không xếp loại.", thing="admitted_on"
        )
    for field, words in facts.faults(local_day(now)):
        raise Refused(f"{words[:1].upper()}{words[1:]}.", way_out="Xem lại ngày.", thing=field)
    return facts


def _changed_since(connection: sa.Connection, subject_id: int) -> Conflict:
    mine = event.c.action == FACTS, event.c.subject == str(subject_id)
    last = connection.execute(sa.select(event.c.actor, event.c.at).where(*mine).order_by(event.c.seq.desc())).first()
    who = f"{last.actor} sửa lúc {last.at.astimezone(ZONE):%H:%M %d/%m/%Y}" if last else "người khác sửa"
    return Conflict(f"Thông tin của người này vừa được {who}, sau khi mở trang.", way_out="Xem lại rồi ghi.")
