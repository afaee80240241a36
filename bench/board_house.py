"""The house that the board is measured in: a province with 10,000 cells, judged, half of what is due done and half late.

What one person does is done by the services; what ten thousand do is written at once, as the services would leave it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

from bench.board_addresses import addresses, known_words
from hanchot.board.app import PAGES
from hanchot.bootstrap import services as open_house
from hanchot.domain.access import Role
from hanchot.domain.instants import parse_instant
from hanchot.domain.officer_act import Do, Wish
from hanchot.domain.rating_level import RatingLevel
from hanchot.domain.unit import PostRole, UnitKind
from hanchot.domain.work_item import State
from hanchot.service import audit, bulk, readings, sample, signing_in
from hanchot.service.demo import plan_named
from hanchot.service.feed import feed_of, make_feed
from hanchot.service.items import act
from hanchot.service.judging.subjects import name_subjects
from hanchot.service.opening import open_cycle
from hanchot.service.services import Services
from hanchot.service.signing_in.granting import grant
from hanchot.service.sweep import sweep
from hanchot.service.views.late import Chosen, late_ids
from hanchot.settings import Settings
from hanchot.store.db import Row, new_id
from hanchot.store.desk_tables import time_request
from hanchot.store.judging_tables import ballot, ballot_count, complaint, decision, decision_line, rating, subject
from hanchot.store.keeping_tables import dossier, paper
from hanchot.store.meeting_tables import meeting
from hanchot.store.tables import cycle_milestone, envelope, person, post, tenure, unit, work_item

OPENED = parse_instant("2024-11-18T07:00")
NOW = parse_instant("2024-12-20T09:00")  # three deadlines are past, one is today
CHECKLIST = "ho-so-de-nghi"
DOCUMENT = Path(__file__).parents[1] / "tests" / "reader" / "documents"
GOOD, FAIR, EXCELLENT = RatingLevel.GOOD, RatingLevel.FAIR, RatingLevel.EXCELLENT
WHO = {  # whoever holds the first post of this kind
    "department": (PostRole.HEAD, UnitKind.ORGANISATION_DEPARTMENT),
    "authority": (PostRole.SECRETARY, UnitKind.STANDING_COMMITTEE),
    "superior": (PostRole.SECRETARY, UnitKind.DISTRICT_COMMITTEE),
    "secretary": (PostRole.SECRETARY, UnitKind.GRASSROOTS_CELL),
    "admin": (PostRole.OFFICER, UnitKind.ORGANISATION_DEPARTMENT),
}


class Person(NamedTuple):
    """Somebody who looks at the board. ``token`` is what the cookie of their sign-in holds."""

    role: str
    code: str
    token: str


@dataclass(frozen=True)
class House:
    """``addresses``: living addresses of every page, by its place in the table of routes."""

    home: Path
    units: int
    items: int
    people: tuple[Person, ...]
    addresses: dict[str, tuple[str, ...]]


def build(home: Path, cells: int) -> House:
    """Some ten seconds for each thousand cells."""
    services = open_house(Settings(home=home))
    sample.make(services.db, "province", cells=cells, now=OPENED)
    plan = plan_named(services)
    bases = plan.document.model_copy(update={"legal_bases": ()})
    adapted = {"organiser": UnitKind.PROVINCIAL_COMMITTEE, "document": bases, "regulation": "13-HD/TU"}  # has rules of voting
    plan = plan.model_copy(update=adapted)
    opened = open_cycle(services, plan, OPENED)
    for day in (0, 14, 21, 28):
        sweep(services, OPENED + timedelta(days=day, minutes=5))
    _letters_are_sent(services)
    _half_is_done(services)
    sweep(services, NOW - timedelta(minutes=10))
    name_subjects(services, opened.code, OPENED, actor="Bình")
    _dossiers(services, opened.cycle_id)
    _ratings(services)
    papers = _papers_and_votes(services, opened.cycle_id)
    meetings = _meetings(services, opened.cycle_id)
    people = _people(services)
    _document(services)
    secretary = _holder(services, *WHO["secretary"])
    made = {name: str(one) for name, one in (papers | meetings).items()}
    made |= {"cell": secretary.unit, "token": _feed(services, secretary.id), "bulk": _in_one_go(services)}
    made |= _handed_in(services, secretary.unit)
    living = addresses(PAGES, known_words(services, opened.code, made))
    services.db.close()
    return House(home, opened.units, opened.items, people, living)


def _letters_are_sent(services: Services) -> None:
    """The server has taken them; a body as long as a digest's makes the rows as long as they are."""
    with services.db.write() as connection:
        took = {"state": "accepted", "attempts": 1, "settled_at": envelope.c.release_at, "address": "nguoi.nhan@mau.example"}
        said = {"subject": "[Còn 3 ngày] Chi bộ – kiểm điểm", "body": sa.func.zeroblob(6000), "sha256": "0" * 64}
        connection.execute(sa.update(envelope).values(**took, **said))


def _half_is_done(services: Services) -> None:
    """Every second unit has done what is due by now, the day before it was."""
    with services.db.write() as connection:
        due = sa.select(work_item.c.id, work_item.c.cycle_id, work_item.c.last_moment).where(
            work_item.c.last_moment < NOW, work_item.c.unit_id % 2 == 0
        )
        rows = connection.execute(due).all()
        for row in rows:
            at = row.last_moment - timedelta(days=1)
            audit.record(
                connection, at, "Bí thư", "item.submit", f"item:{row.id}", cycle_id=row.cycle_id, item_id=row.id,
                was=State.OPEN, became=State.SUBMITTED,
            )  # fmt: skip
        at = sa.type_coerce(work_item.c.last_moment, sa.BigInteger) - 86_400
        done = {"state": State.SUBMITTED, "finished_at": at, "finished_by": "Bí thư", "next_action_at": None}
        connection.execute(sa.update(work_item).where(work_item.c.id.in_(due.with_only_columns(work_item.c.id))).values(done))
        mine = work_item.c.milestone_id == cycle_milestone.c.id
        finished = sa.select(sa.func.count()).where(mine, work_item.c.state == State.SUBMITTED).scalar_subquery()
        connection.execute(sa.update(cycle_milestone).values(finished=finished))


def _dossiers(services: Services, cycle_id: int) -> None:
    """Every unit that is rated has a folder; in every second one lies its paper."""
    with services.db.write() as connection:
        units = connection.execute(sa.select(subject.c.unit_id).distinct().order_by(subject.c.unit_id)).scalars().all()
        of = {"cycle_id": cycle_id, "person_id": None, "checklist": CHECKLIST, "member": False, "cadre": False,
              "managed": "none", "opened_at": OPENED, "opened_by": "Bình"}  # fmt: skip
        connection.execute(sa.insert(dossier), [{"unit_id": one, **of} for one in units])
        lies = {"key": "ho-so-xep-loai", "no": 1, "kind": "hard_copy", "place": "tủ 3", "handed_at": NOW, "handed_by": "Bình"}
        ids = connection.execute(sa.select(dossier.c.id).where(dossier.c.unit_id % 2 == 0)).scalars().all()
        connection.execute(sa.insert(paper), [{"dossier_id": one, **lies} for one in ids])


def _ratings(services: Services) -> None:
    """All have rated themselves, all but each tenth are appraised, half of those are decided: one in six excellent."""
    with services.db.write() as connection:
        rows = connection.execute(sa.select(subject.c.id, subject.c.unit_id).order_by(subject.c.id)).all()
        for step, share in (("self", 10), ("appraised", 9), ("decided", 4)):
            mine = [row for row in rows if row.id % 10 < share]
            connection.execute(sa.insert(rating), [_rating(row, step) for row in mine])


def _rating(row: Row, step: str) -> dict[str, object]:
    level = EXCELLENT if row.id % 6 == 0 else FAIR if row.id % 6 == 1 else GOOD
    made = {"subject_id": row.id, "step": step, "level": level, "unit_id": row.unit_id, "entered_by": "Hòa",
            "regulation": "124-QĐ/TW", "why": {"salt": "0" * 16}, "at": NOW, "current": True}  # fmt: skip
    signed = {"confirmed_by": "Lan", "number": "05-QĐ", "decided_on": NOW.date()} if step == "decided" else {}
    return made | dict.fromkeys(("confirmed_by", "number", "decided_on")) | signed


def _papers_and_votes(services: Services, cycle_id: int) -> dict[str, int]:
    """A draft of a decision with fifty lines, a vote about fifty, a complaint."""
    with services.db.write() as connection:
        head = connection.execute(sa.select(unit.c.id).where(unit.c.kind == UnitKind.STANDING_COMMITTEE)).scalar_one()
        waiting = connection.execute(sa.select(subject.c.id).where(subject.c.id % 10 == 8).limit(50)).scalars().all()
        draft = {"number": "07-QĐ", "decided_on": NOW.date(), "state": "draft", "drafted_by": "Hòa", "drafted_at": NOW}
        signed = new_id(connection.execute(sa.insert(decision).values(cycle_id=cycle_id, unit_id=head, **draft)))
        said: dict[str, object] = {"score": None, "facts": {}, "reason": None, "dossier_elsewhere": None}
        said |= {"done": [], "applicable": []}
        line = {"decision_id": signed, "level": GOOD, "said": said, "pending": True}
        connection.execute(sa.insert(decision_line), [{"subject_id": s, "position": n, **line} for n, s in enumerate(waiting)])
        sums = dict.fromkeys(("convened", "present", "issued", "collected", "valid"), 30) | {"invalid": 0}
        vote = {
            "kind": "dang-vien-o-cap-co-tham-quyen",
            "held_on": NOW.date(),
            "minutes": "01-BB",
            "entered_by": "Hòa",
            "at": NOW,
            "round": 1,
        }
        held = new_id(connection.execute(sa.insert(ballot).values(cycle_id=cycle_id, unit_id=head, **vote, **sums)))
        count = {"ballot_id": held, "level": GOOD, "votes": 30}
        connection.execute(sa.insert(ballot_count), [{"subject_id": one, **count} for one in waiting])
        about = connection.execute(sa.select(rating).where(rating.c.step == "decided").limit(1)).one()
        words = {"complainant": "Một đồng chí", "received_on": NOW.date(), "reason": "xem lại", "state": "open"}
        by = {"registered_by": "Hòa", "registered_at": NOW}
        asked = new_id(
            connection.execute(sa.insert(complaint).values(rating_id=about.id, unit_id=about.unit_id, **words, **by))
        )
        return {"decision": signed, "ballot": held, "complaint": asked, "decided": about.subject_id, "waiting": waiting[0]}


def _meetings(services: Services, cycle_id: int) -> dict[str, int]:
    """Every grassroots committee has its meeting; each fiftieth late item is asked more time for."""
    with services.db.write() as connection:
        units = connection.execute(sa.select(unit.c.id).where(unit.c.kind == UnitKind.GRASSROOTS_COMMITTEE)).scalars().all()
        at = {"starts": NOW + timedelta(days=3), "ends": NOW + timedelta(days=3, hours=4), "place": "phòng họp", "revision": 0}
        by = {"cycle_id": cycle_id, "step": "collective_review", "registered_at": OPENED, "registered_by": "Bí thư"}
        connection.execute(sa.insert(meeting), [{"unit_id": one, **at, **by} for one in units])
        late = sa.select(work_item.c.id).where(work_item.c.last_moment < NOW, work_item.c.finished_at.is_(None))
        asked = {"asked_by": "Bí thư", "asked_at": NOW, "until": date(2024, 12, 27), "reason": "chờ số liệu", "state": "asked"}
        ids = connection.execute(late).scalars().all()[::50]
        connection.execute(sa.insert(time_request), [{"item_id": one, **asked} for one in ids])
        return {"asked": ids[0]}


def _people(services: Services) -> tuple[Person, ...]:
    """One of each role, signed in with a printed code."""
    found = {role: _holder(services, *where) for role, where in WHO.items()}
    root = found["authority"].path.split("/")[1]
    with services.db.read() as connection:
        whole = connection.execute(sa.select(unit.c.code).where(unit.c.id == int(root))).scalar_one()
    grant(services, found["admin"].code, Role.ADMIN, whole, OPENED, actor="Bình")
    return tuple(Person(role, one.code, _signed_in(services, one.code)) for role, one in found.items())


def _holder(services: Services, role: PostRole, kind: UnitKind) -> Row:
    """The holder of the post in the first unit of the kind."""
    query = (
        sa.select(person.c.code, person.c.id, unit.c.path, unit.c.code.label("unit"))
        .join(tenure, tenure.c.person_id == person.c.id)
        .join(post, post.c.id == tenure.c.post_id)
        .join(unit, unit.c.id == post.c.unit_id)
        .where(post.c.role == role, unit.c.kind == kind)
    )
    with services.db.read() as connection:
        return connection.execute(query.order_by(unit.c.id).limit(1)).one()


def _signed_in(services: Services, code: str) -> str:
    sheet = signing_in.print_codes(services, [code], NOW, actor="Quản trị")
    return signing_in.enter_printed(services, code, secrets.token_urlsafe(32), sheet[0].codes[0], NOW).token


def _handed_in(services: Services, cell: str) -> dict[str, str]:
    """The secretary's cell has handed in what was due first."""
    mine = sa.select(work_item.c.id).join(unit, unit.c.id == work_item.c.unit_id)
    first = mine.where(unit.c.code == cell, work_item.c.last_moment.is_not(None)).order_by(work_item.c.last_moment).limit(1)
    with services.db.read() as connection:
        done, state = connection.execute(first.add_columns(work_item.c.state)).one()
        slip = connection.execute(sa.select(paper.c.id).limit(1)).scalar_one()
    if state == State.OPEN:
        act(services, done, "submit", NOW, actor="Bí thư")
    return {"done": str(done), "slip": str(slip)}


def _in_one_go(services: Services) -> str:
    """Twenty late items received on paper together."""
    key = secrets.token_hex(8)
    wish = Wish(Do.REMIND)
    ids = late_ids(services, NOW, ("/",), Chosen(), 20)[:20]
    seen = {line.line.id: line.line.stamp for line in bulk.look(services, ids, wish, NOW, ("/",)).lines}
    bulk.carry_out(services, key, seen, wish, NOW, actor="Bình", scopes=("/",), leave=True)
    return key


def _document(services: Services) -> None:
    file = min(DOCUMENT.glob("*.txt"))
    number, claim = readings.receive(services, file.read_bytes(), file.name, NOW, "Bình")
    assert claim is not None
    readings.read(services, number, claim, lambda: NOW)


def _feed(services: Services, person_id: int) -> str:
    make_feed(services, person_id, NOW, actor="Hải")
    made = feed_of(services, person_id)
    assert made is not None
    return made.path.removeprefix("/feed/").removesuffix(".ics")
