"""A living address for every page of the board: what stands in its braces, and the questions that make a page work hard."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from hanchot.service.services import Services
from hanchot.store.judging_tables import subject
from hanchot.store.tables import draft, letter, person, unit, work_item

# Asked beside the bare address; a name in braces is one of ``known``.
ASKED = {
    "/units": ("?q=xa",),
    "/late": ("?q=chi+bo", "?branch={branch}&page=3"),
    "/cycles/{code}/matrix": ("?branch={branch}", "?branch={committee}", "?q=chi+bo&late=1"),
    "/letters": ("?q=nguyen", "?page=50"),
    "/people": ("?q=nguyen",),
    "/bulk/remind": ("?{items}",),
    "/bulk/extend": ("?{items}",),
    "/bulk/receive": ("?{items}",),
    "/cycles/{code}/judging": ("?unit={branch}", "?page=20"),
    "/cycles/{code}/subjects": ("?kind=leader&page=20", "?state=exempt"),
    "/cycles/{code}/committees": ("?answered=1",),
}


def addresses(templates: Mapping[str, object], known: Mapping[str, Mapping[str, str]]) -> dict[str, tuple[str, ...]]:
    """By place in the table of routes. A page for which nothing living is known has none, which the bench says."""
    return {template: tuple(_of(template, known)) for template in templates}


def _of(template: str, known: Mapping[str, Mapping[str, str]]) -> list[str]:
    words: dict[str, str] = {}
    for beginning in sorted((one for one in known if template.startswith(one)), key=len):
        words |= known[beginning]
    plain = template.replace(":int", "")
    try:
        return [plain.format(**words) + query.format(**words) for query in ("", *ASKED.get(template, ()))]
    except KeyError:
        return []


def known_words(services: Services, code: str, made: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """What the words in braces stand for, by the beginning of the addresses that have them; the longest beginning wins."""
    with services.db.read() as connection:
        one = connection.execute
        district = one(_units("district_committee")).first()
        committee = one(_units("grassroots_committee")).first()
        cell = made["cell"]
        ours = one(_items("open", made["cell"])).scalars().all()
        below = one(_below(str(district.path) if district else "/")).scalar()
        sent = one(sa.select(sa.func.max(letter.c.envelope_id)).where(letter.c.item_id.is_not(None))).scalar()
        whose = one(sa.select(person.c.code, person.c.id).order_by(person.c.id).offset(40)).first()
        paper = one(sa.select(draft.c.id)).scalar()
        listed = one(sa.select(subject.c.id, unit.c.code).join(unit, unit.c.id == subject.c.unit_id)
                     .where(subject.c.person_id.is_not(None)).order_by(subject.c.id.desc()).limit(1)).first()  # fmt: skip
        many = one(sa.select(work_item.c.id).where(work_item.c.state == "open").limit(50)).scalars().all()
    assert district and committee and whose and listed
    items = "&".join(f"item={one}" for one in many)
    return {
        "/inbox/": {"key": "none"},  # the inbox is only there in a trial without sign-in
        "/": {"branch": district.code, "committee": committee.code, "items": items},
        "/cycles/": {"code": code, "unit": committee.code, "list": "ho-so-de-nghi", "person": whose.code},
        "/cycles/{code}/dates/": {"key": "co-so-xep-loai"},
        "/cycles/{code}/subjects/{unit}": {"unit": listed.code, "id": str(listed.id)},
        "/papers": {"key": "late_list"},
        "/dossiers/papers/": {"id": made["slip"]},
        "/units/": {"code": district.code},
        "/results/units/": {"code": committee.code},
        "/results/people/": {"code": whose.code},
        "/rules/": {"key": "124-qd-tw"},
        "/plans/": {"key": "khoi-binh-thuan-2024"},
        "/my/items/": {"id": str(ours[-1]), "key": made["slip"]},
        "/my/items/{id:int}/done": {"id": made["done"]},
        "/branch/items/": {"id": str(below)},
        "/branch/items/{id:int}/papers/": {"id": str(ours[-1]), "key": made["slip"]},
        "/feed/": {"key": made["token"]},
        "/bulk/done/": {"key": made["bulk"]},
        "/items/": {"id": made["done"]},
        "/letters/": {"id": str(sent)},
        "/export/": {"key": "units", "form": "csv"},
        "/export-all/": {"key": "late", "form": "xlsx"},
        "/documents/": {"id": str(paper)},
        "/people/": {"id": str(whose.id)},
        "/people/units/": {"code": cell},
        "/settings/papers/": {"key": "late_list"},
        "/judging/": {"id": made["waiting"]},
        "/judging/{id:int}/complaint": {"id": made["decided"]},
        "/judging/{id:int}/reopen": {"id": made["decided"]},
        "/complaints/": {"id": made["complaint"]},
        "/decisions/": {"id": made["decision"]},
        "/ballots/": {"id": made["ballot"]},
    }


def _units(kind: str) -> sa.Select[tuple[str, str]]:
    return sa.select(unit.c.code, unit.c.path).where(unit.c.kind == kind).order_by(unit.c.id)


def _items(state: str, cell: str) -> sa.Select[tuple[int]]:
    mine = sa.select(work_item.c.id).join(unit, unit.c.id == work_item.c.unit_id)
    return mine.where(unit.c.code == cell, work_item.c.state == state).order_by(work_item.c.id)


def _below(path: str) -> sa.Select[tuple[int]]:
    mine = sa.select(work_item.c.id).join(unit, unit.c.id == work_item.c.unit_id)
    return mine.where(unit.c.path.startswith(path), work_item.c.state == "open").order_by(work_item.c.id.desc())
