"""What every paper needs: what it is about, who issues it, and the words that several of them share."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from hanchot.domain.errors import HanChotError, NotFound
from hanchot.domain.instants import local_day
from hanchot.domain.plan import Document, Period
from hanchot.domain.regulation import Regulation
from hanchot.domain.unit import ORGANISERS, PostRole, UnitKind
from hanchot.letters.words import lower_first
from hanchot.papers import words
from hanchot.papers.views import Head, Signature
from hanchot.service.book import Book, book, cycle_id_of
from hanchot.service.judging.rulebook import Rulebook, rulebook
from hanchot.service.org.lookup import holders_as_of, posts_of, responsible_role
from hanchot.service.services import Services
from hanchot.store.db import Row
from hanchot.store.tables import unit

_BLANK = "............"
# A commune's papers bear its name; those of a higher level bear the town where it sits, which nobody has told us.
_PLACE = re.compile(r"(?<!thị )\b(?:xã|phường|thị trấn)\s+([^\W\d_].*)$", re.IGNORECASE)
_TITLE = re.compile(r"(?P<kind>Quy định|Hướng dẫn)(?P<about>(?: một số nội dung)? về [^(]+)?")
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
# HD 36-HD/VPTW abbreviates the issuing body; read in a third party's summary, so that staff look over it in Word.
_SYMBOL: Mapping[UnitKind, str] = {
    UnitKind.PROVINCIAL_COMMITTEE: "TU", UnitKind.DISTRICT_COMMITTEE: "HU", UnitKind.TOWN_COMMITTEE: "ThU",
    UnitKind.BLOC_COMMITTEE: "ĐUK", UnitKind.COMMUNE_COMMITTEE: "ĐU", UnitKind.GRASSROOTS_COMMITTEE: "ĐU",
    UnitKind.SECTION_COMMITTEE: "ĐUBP", UnitKind.GRASSROOTS_CELL: "CB", UnitKind.CELL: "CB",
    UnitKind.CELL_OF_SECTION: "CB", UnitKind.GOVERNMENT: "UBND", UnitKind.FRONT: "MTTQ", UnitKind.OFFICE: "VP",
}  # fmt: skip
_AUTHORITY: Mapping[UnitKind, tuple[str, str]] = {
    UnitKind.GRASSROOTS_COMMITTEE: ("T/M ĐẢNG ỦY", "BÍ THƯ"),
    UnitKind.SECTION_COMMITTEE: ("T/M ĐẢNG ỦY BỘ PHẬN", "BÍ THƯ"),
    UnitKind.GRASSROOTS_CELL: ("T/M CHI BỘ", "BÍ THƯ"),
    UnitKind.CELL: ("T/M CHI BỘ", "BÍ THƯ"),
    UnitKind.CELL_OF_SECTION: ("T/M CHI BỘ", "BÍ THƯ"),
    UnitKind.ORGANISATION_DEPARTMENT: ("TRƯỞNG BAN", ""),
    UnitKind.GOVERNMENT: ("T/M ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
    UnitKind.FRONT: ("T/M BAN THƯỜNG TRỰC", "CHỦ TỊCH"),
    UnitKind.OFFICE: ("CHÁNH VĂN PHÒNG", ""),
} | dict.fromkeys((*ORGANISERS, UnitKind.STANDING_COMMITTEE), ("T/M BAN THƯỜNG VỤ", "BÍ THƯ"))


@dataclass(frozen=True, slots=True)
class About:
    """What a paper is about: codes of cycle, unit and person, key of the checklist, numbers of subject, ballot and item."""

    cycle: str | None = None
    unit: str | None = None
    person: str | None = None
    checklist: str | None = None
    subject: int | None = None
    ballot: int | None = None
    item: int | None = None

    def given(self) -> dict[str, Any]:
        """What was named, by name."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    def need(self, name: str) -> Any:
        """A part that the paper cannot do without. Raises ``HanChotError`` naming it."""
        value = getattr(self, name)
        if value is None:
            raise HanChotError(
                f"Chưa nêu {ABOUT_VI[name]} của văn bản.", way_out="Nêu rồi lập lại.",
                command=f"hanchot paper VĂN-BẢN --{OPTION.get(name, name)} {name.upper()}",
            )  # fmt: skip
        return value


ABOUT_VI = {
    "cycle": "mã đợt", "unit": "mã đơn vị", "person": "mã người", "checklist": "khóa danh mục hồ sơ",
    "subject": "số đối tượng", "ballot": "số phiếu", "item": "số việc",
}  # fmt: skip
OPTION = {"checklist": "list"}


@dataclass(frozen=True)
class Desk:
    """One paper being made: a connection that reads, and the moment. ``cycle_id`` is that of the paper."""

    services: Services
    connection: sa.Connection
    cycle_id: int
    now: datetime

    @classmethod
    def of_cycle(cls, services: Services, connection: sa.Connection, code: str, now: datetime) -> Desk:
        return cls(services, connection, cycle_id_of(connection, code), now)

    @property
    def today(self) -> date:
        return local_day(self.now)

    @cached_property
    def known(self) -> Book:
        return book(self.services.db, self.connection, self.cycle_id)

    @cached_property
    def rules(self) -> Rulebook:
        return rulebook(self.services, self.connection, self.cycle_id)

    @property
    def period(self) -> Period:
        return self.known.period

    def branch(self, code: str | None) -> Row:
        """The unit by its code, or the committee at the head of the cycle. Raises ``NotFound`` for one outside its tree."""
        root = self.unit(self.known.root_id)
        if code is None:
            return root
        row = self.connection.execute(_UNIT.where(unit.c.code == code, unit.c.path.startswith(root.path))).first()
        if row is None:
            raise NotFound(
                f"Đợt “{self.known.code}” không có đơn vị mã “{code}”.", way_out="Xem mã trong danh sách đơn vị.",
                command="hanchot org list", thing="đơn vị", value=code,
            )  # fmt: skip
        return row

    def unit(self, unit_id: int) -> Row:
        return self.connection.execute(_UNIT.where(unit.c.id == unit_id)).one()

    def department(self) -> Row:
        """The department that advises the committee of the cycle; the committee itself where it has none."""
        kind = UnitKind.ORGANISATION_DEPARTMENT
        mine = (unit.c.parent_id == self.known.root_id) & (unit.c.kind == kind)
        return self.connection.execute(_UNIT.where(mine).order_by(unit.c.id)).first() or self.unit(self.known.root_id)

    def office(self, row: Row) -> Office:
        """The issuing body. A standing committee issues in the name of the committee that it stands under."""
        if row.kind == UnitKind.STANDING_COMMITTEE and row.parent_id is not None:
            row = self.unit(row.parent_id)
        above = self.unit(row.parent_id) if row.parent_id is not None else None
        named = (row.name, above.name if above else "", self.known.plan.document.issuer)
        return Office(row, above, _place(named), self._signs(row))

    def plan_basis(self) -> str:
        """The plan as a basis: ``Căn cứ Kế hoạch số 211-KH/ĐUK ngày … của …;``."""
        return f"Căn cứ {cited_document(self.known.plan.document)};"

    def rules_basis(self) -> str:
        """The regulation as a basis: ``Căn cứ Quy định số 366-QĐ/TW của Bộ Chính trị về …;``."""
        return f"Căn cứ {cited_regulation(self.rules.regulation)};"

    def unverified(self) -> tuple[str, ...]:
        """What a reader must know of the rules: that their text was not seen itself, where it was not."""
        seen = self.rules.regulation.seen
        return (f"Quy tắc theo {self.rules.regulation.number}: {lower_first(seen)}",) if "không phải bản gốc" in seen else ()

    def _signs(self, row: Row) -> str:
        """Who holds the responsible post on the day; empty where it is vacant."""
        post_id = posts_of(self.connection, row.id).get(responsible_role(UnitKind(row.kind)))
        held = holders_as_of(self.connection, self.today, [post_id]) if post_id is not None else {}
        return held[post_id].name if post_id in held else ""

    def titles(self, people: set[int]) -> dict[int, str]:
        """What a person is, in words: the titles of the posts held on the day, by person."""
        found: dict[int, list[str]] = {}
        names = {row.id: row.name for row in self.connection.execute(sa.select(unit.c.id, unit.c.name))}
        for held in holders_as_of(self.connection, self.today).values():
            if held.person_id in people and held.role != PostRole.MEMBER_IN_CHARGE:
                title = held.title or f"{held.role.vi.capitalize()} {lower_first(names[held.unit_id])}"
                found.setdefault(held.person_id, []).append(title)
        return {who: "; ".join(titles) for who, titles in found.items()}


@dataclass(frozen=True)
class Office:
    """Who issues a paper: the body, the one above it, the place, and who signs."""

    row: Row
    above: Row | None
    place: str
    signs: str

    @property
    def name(self) -> str:
        return str(self.row.name)

    def head(self, kind: str, day: date | None = None) -> Head:
        """``kind``: what the number's symbol begins with (“CV”); the number, and the day if None, are left for the pen."""
        return Head(
            superior=self.above.name.upper() if self.above else "", issuer=self.name.upper(),
            number=words.number_and_symbol(None, f"{kind}/{self._symbol()}"),
            place_and_date=words.place_and_date(self.place, day),
        )  # fmt: skip

    def signature(self) -> Signature:
        authority, title = _AUTHORITY.get(UnitKind(self.row.kind), ("THỦ TRƯỞNG", ""))
        return Signature(authority=authority, title=title, name=self.signs)

    def _symbol(self) -> str:
        if self.row.kind == UnitKind.ORGANISATION_DEPARTMENT:
            if self.name.casefold().startswith("ban xây dựng đảng"):
                return "BXDĐ"
            return f"BTC{_SYMBOL.get(UnitKind(self.above.kind), '') if self.above else ''}"
        return _SYMBOL.get(UnitKind(self.row.kind), "CQ")


@dataclass(frozen=True)
class File:
    """A finished file. ``name``: as a person's machine shall call it."""

    name: str
    media: str
    data: bytes


def cited_document(document: Document) -> str:
    """``Kế hoạch số 01-KH/ĐUK ngày 05/11/2024 của Đảng ủy Khối``; what the document lacks is left out."""
    kind = {"plan": "Kế hoạch", "guidance": "Hướng dẫn", "letter": "Công văn", "regulation": "Quy định"}[document.kind]
    number = f" số {document.number}" if document.number else ""
    day = f" ngày {document.issued_on:%d/%m/%Y}" if document.issued_on else ""
    year = f" năm {document.year}" if document.year and not (number or day) else ""
    return f"{kind}{number}{day}{year} của {document.issuer}"


def cited_regulation(rules: Regulation) -> str:
    """With what it is about, where that is the document's own title and not our words for a text that was not seen."""
    named = _TITLE.match(rules.title)
    if named is None:
        return f"{rules.number} của {rules.issuer}"
    about = (named["about"] or "").strip().removesuffix(f" của {rules.issuer}")
    return f"{named['kind']} số {rules.number} của {rules.issuer} {about}".strip()


def file_name(*parts: str, ending: str) -> str:
    """A name that every system takes, of at most 120 letters: ``Danh sách kết quả - Chi bộ Kho bạc - năm 2024.docx``."""
    plain = " - ".join(part for part in parts if part)
    kept = _FORBIDDEN.sub("-", unicodedata.normalize("NFC", plain))
    seen = "".join(char for char in kept if unicodedata.category(char)[0] != "C")
    return f"{seen[:120].rstrip(' .')}.{ending}"


def sentence(text: str) -> str:
    """The first letter large."""
    return text[:1].upper() + text[1:]


def _place(names: tuple[str, ...]) -> str:
    """The place of a paper's head, out of the names of the body, the one above it and the plan's issuer; else dots."""
    return next((found[1] for name in names if (found := _PLACE.search(name))), _BLANK)


_UNIT = sa.select(unit.c.id, unit.c.code, unit.c.name, unit.c.kind, unit.c.parent_id, unit.c.path)
