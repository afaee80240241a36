"""Authority (thẩm quyền): who proposes, who decides and who is told, as a matrix per plan; and the decision itself.

Sources: 211-KH/ĐUK III.2 (in full), the plans of the district 2023 III, of Lùng Phình VI.1.a, of the town 2022 II and III,
13-HD/TU PL 3 to PL 5, 43-HD/BTCTW mục 3. A row with a ``doubt`` decides nothing before the department has settled it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, model_validator

from hanchot.domain.cited import Cited, Refusal
from hanchot.domain.house_rules import FOUR_EYES, NO_TEXT, RECORD, SNAPSHOT
from hanchot.domain.rating_level import RatingLevel
from hanchot.domain.unit import UnitKind


class Ratee(StrEnum):
    """What or who is rated, as finely as authority tells them apart; coarser kinds are ``rating_level.Subject``."""

    OWN_ORGANISATION = "own_organisation"
    OWN_STANDING = "own_standing"
    GRASSROOTS_ORGANISATION = "grassroots_organisation"
    GRASSROOTS_STANDING = "grassroots_standing"
    GRASSROOTS_CELL = "grassroots_cell"
    GRASSROOTS_CELL_COMMITTEE = "grassroots_cell_committee"
    SECTION_ORGANISATION = "section_organisation"
    CELL = "cell"
    CELL_OF_SECTION = "cell_of_section"
    MEMBER = "member"
    MEMBER_OF_GRASSROOTS_CELL = "member_of_grassroots_cell"
    COUNCIL_OWN = "council_own"
    GOVERNMENT_OWN = "government_own"
    COUNCIL_BELOW = "council_below"
    GOVERNMENT_BELOW = "government_below"
    FRONT_BELOW = "front_below"
    STATE_AGENCY = "state_agency"
    LEADERSHIP = "leadership"
    CADRE = "cadre"
    CADRE_DELEGATED_DOWN = "cadre_delegated_down"
    CADRE_OF_ABOVE = "cadre_of_above"
    CADRE_DELEGATED_HERE = "cadre_delegated_here"

    @property
    def vi(self) -> str:
        return _VI[self]


_VI = {
    Ratee.OWN_ORGANISATION: "đảng bộ cấp mình",
    Ratee.OWN_STANDING: "ban thường vụ cấp mình",
    Ratee.GRASSROOTS_ORGANISATION: "đảng bộ cơ sở",
    Ratee.GRASSROOTS_STANDING: "ban thường vụ (nơi không có: ban chấp hành) đảng bộ cơ sở",
    Ratee.GRASSROOTS_CELL: "chi bộ cơ sở",
    Ratee.GRASSROOTS_CELL_COMMITTEE: "chi ủy cơ sở",
    Ratee.SECTION_ORGANISATION: "đảng bộ bộ phận",
    Ratee.CELL: "chi bộ trực thuộc đảng bộ cơ sở",
    Ratee.CELL_OF_SECTION: "chi bộ trực thuộc đảng bộ bộ phận",
    Ratee.MEMBER: "đảng viên của đảng bộ cơ sở",
    Ratee.MEMBER_OF_GRASSROOTS_CELL: "đảng viên của chi bộ cơ sở",
    Ratee.COUNCIL_OWN: "Thường trực Hội đồng nhân dân cùng cấp",
    Ratee.GOVERNMENT_OWN: "Ủy ban nhân dân cùng cấp",
    Ratee.COUNCIL_BELOW: "Thường trực Hội đồng nhân dân cấp dưới",
    Ratee.GOVERNMENT_BELOW: "Ủy ban nhân dân cấp dưới",
    Ratee.FRONT_BELOW: "Mặt trận và tổ chức chính trị - xã hội cấp dưới",
    Ratee.STATE_AGENCY: "phòng, ban, đơn vị thuộc Ủy ban nhân dân",
    Ratee.LEADERSHIP: "tập thể lãnh đạo, quản lý",
    Ratee.CADRE: "cán bộ diện cấp mình quản lý",
    Ratee.CADRE_DELEGATED_DOWN: "cán bộ diện cấp mình quản lý, ủy quyền cho cấp dưới",
    Ratee.CADRE_OF_ABOVE: "cán bộ diện cấp trên quản lý",
    Ratee.CADRE_DELEGATED_HERE: "cán bộ diện cấp trên quản lý, ủy quyền cho cấp mình",
}


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Row(_Part):
    """One row. ``decides`` null: the plan does not say who (then ``doubt`` says why). ``alternatives``: the other readings."""

    subject: Ratee
    proposes: tuple[str, ...] = ()
    decides: str | None = None
    told: tuple[str, ...] = ()
    cited: Cited
    doubt: str | None = None
    alternatives: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _somebody_decides(self) -> Row:
        if self.decides is None and self.doubt is None:
            raise ValueError(f"dòng “{self.subject}” không có người quyết định; nêu decides, hoặc doubt nói rõ vì sao chưa có")
        return self


class Matrix(_Part):
    """All rows of one plan. ``bodies`` names each body as the plan does; ``kinds``: the kinds of units that are such a body,
    none for one outside the tree. ``stands_for``: which body of the plan a body of the central rule is here, e.g. the
    standing committee next above.
    """

    bodies: Mapping[str, str]
    kinds: Mapping[str, tuple[UnitKind, ...]] = Field(default_factory=dict)
    stands_for: Mapping[str, str] = Field(default_factory=dict)
    rows: tuple[Row, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _hangs_together(self) -> Matrix:
        subjects = [row.subject for row in self.rows]
        if twice := sorted({s for s in subjects if subjects.count(s) > 1}):
            raise ValueError(f"đối tượng có hai dòng thẩm quyền: {', '.join(twice)}; giữ một dòng, ghi nghi vấn vào doubt")
        if unknown := sorted(set(self.stands_for.values()) - set(self.bodies)):
            raise ValueError(f"stands_for nhắc {', '.join(unknown)} không có trong bodies; thêm tên của tổ chức ấy")
        if unknown := sorted(set(self.kinds) - set(self.bodies)):
            raise ValueError(f"kinds nhắc {', '.join(unknown)} không có trong bodies; thêm tên của tổ chức ấy")
        for row in self.rows:
            for body in (*row.proposes, *filter(None, [row.decides]), *row.told, *row.alternatives):
                if body not in self.bodies:
                    raise ValueError(f"dòng “{row.subject}” nhắc “{body}” không có trong bodies; thêm tên của tổ chức ấy")
        return self

    def row(self, subject: Ratee) -> Row | None:
        return next((row for row in self.rows if row.subject == subject), None)

    def over(self, central: Matrix) -> Matrix:
        """Own rows, and the central rule's for the subjects on which the plan is silent (13-HD/TU VI.4)."""
        own = {row.subject for row in self.rows}
        rows = (*self.rows, *(self._here(row) for row in central.rows if row.subject not in own))
        bodies = {key: name for key, name in central.bodies.items() if key not in self.stands_for}
        kinds = {key: found for key, found in central.kinds.items() if key not in self.bodies and key in bodies}
        return Matrix(bodies={**bodies, **self.bodies}, kinds={**kinds, **self.kinds}, stands_for=self.stands_for, rows=rows)

    def _here(self, row: Row) -> Row:
        """A central row with this plan's own bodies in it; its clause stays the central one."""
        named = self.stands_for
        update = {
            "decides": named.get(row.decides, row.decides) if row.decides else None,
            "proposes": tuple(named.get(body, body) for body in row.proposes),
            "told": tuple(named.get(body, body) for body in row.told),
        }
        return row.model_copy(update=update)

    def settled(self, chosen: Mapping[Ratee, str]) -> Matrix:
        """The matrix after the department has settled its doubts: the body chosen for each subject decides, also for one on
        whom every text is silent. Raises ``ValueError`` for a body that the matrix does not know.
        """
        rows = [
            row.model_copy(update={"decides": chosen[row.subject], "doubt": None}) if row.subject in chosen else row
            for row in self.rows
        ] + [Row(subject=subject, decides=body, cited=NO_TEXT) for subject, body in chosen.items() if self.row(subject) is None]
        checked = tuple(Row.model_validate(row.model_dump()) for row in rows)
        return Matrix(bodies=self.bodies, kinds=self.kinds, stands_for=self.stands_for, rows=checked)


def may_decide(body: str, subject: Ratee, matrix: Matrix) -> tuple[Refusal, ...]:
    """Why ``body`` may not decide the rating of ``subject``, naming who may; empty when it may."""
    row = matrix.row(subject)
    if row is None:
        return (_no_row(subject),)
    name = matrix.bodies.get(body, body)
    if row.doubt:
        names = ", ".join(matrix.bodies[b] for b in (*filter(None, [row.decides]), *row.alternatives))
        way = f"Ban Tổ chức chọn cấp quyết định{f' ({names})' if names else ''} và ghi căn cứ."
        return (Refusal(code="authority-in-doubt", message=f"{_up(subject.vi)}: {row.doubt}", way_out=way, basis=row.cited),)
    if row.decides == body:
        return ()
    assert row.decides is not None
    holder = matrix.bodies[row.decides]
    only = " chỉ được đề nghị," if body in row.proposes else ""
    return (
        Refusal(
            code="no-authority",
            message=f"{name} không có thẩm quyền quyết định xếp loại {subject.vi};{only} thẩm quyền thuộc {holder}.",
            way_out=f"Trình {holder} xem xét, quyết định.",
            basis=row.cited,
        ),
    )


@dataclass(frozen=True, slots=True)
class Draft:
    """A decision about to be made. ``number`` and ``decided_on`` are those of the signed paper."""

    subject: Ratee
    name: str
    level: RatingLevel
    body: str
    number: str
    decided_on: date | None
    proposed_by: str = ""
    entered_by: str = ""
    confirmed_by: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """A decided rating: a snapshot. ``told``: the bodies to be told; ``replaces`` and ``reason`` after a reopening."""

    subject: Ratee
    name: str
    level: RatingLevel
    body: str
    number: str
    decided_on: date
    entered_by: str
    confirmed_by: str
    basis: Cited
    told: tuple[str, ...] = ()
    replaces: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Reopening:
    """Leave to decide anew what is decided: why, asked by whom, approved by whom."""

    reason: str
    asked_by: str
    approved_by: str


def decide(
    draft: Draft, matrix: Matrix, earlier: Decided | None = None, leave: Reopening | None = None
) -> Decided | tuple[Refusal, ...]:
    """The decision as a snapshot, or everything that stands against it. ``earlier``: what is decided of the same subject."""
    row = matrix.row(draft.subject)
    against = (
        *may_decide(draft.body, draft.subject, matrix),
        *four_eyes(draft),
        *_paper(draft),
        *(may_reopen(earlier, leave) if earlier else ()),
    )
    if against:
        return against
    assert row is not None and draft.decided_on is not None
    made = Decided(
        draft.subject, draft.name, draft.level, draft.body, draft.number.strip(), draft.decided_on,
        draft.entered_by, draft.confirmed_by, row.cited, row.told,
    )  # fmt: skip
    return replace(made, replaces=earlier.number, reason=leave.reason) if earlier and leave else made


def four_eyes(draft: Draft) -> tuple[Refusal, ...]:
    """Who proposes does not decide; who types the result in does not confirm it."""
    found = []
    if draft.proposed_by and draft.proposed_by == draft.body:
        found.append(("same-proposer", "Cấp đề nghị và cấp quyết định là một.", "Trình cấp có thẩm quyền khác cấp đề nghị."))
    if not draft.confirmed_by or not draft.entered_by:
        found.append(
            ("not-confirmed", "Kết quả chưa có đủ người ghi và người xác nhận.", "Nhờ người thứ hai đối chiếu và xác nhận.")
        )
    elif draft.entered_by == draft.confirmed_by:
        words = f"{draft.entered_by} vừa ghi vừa xác nhận kết quả."
        found.append(("same-confirmer", words, "Để một người khác đối chiếu với văn bản rồi xác nhận."))
    return tuple(Refusal(code=code, message=words, way_out=way, basis=FOUR_EYES) for code, words, way in found)


def may_reopen(decided: Decided, leave: Reopening | None) -> tuple[Refusal, ...]:
    """A decided rating changes only by reopening: with a reason, approved by somebody other than who asks for it."""
    if leave is None:
        words = f"{decided.name} đã có kết quả theo {decided.number} ngày {decided.decided_on:%d/%m/%Y}."
        way = "Muốn đổi phải mở lại: nêu lý do và có người khác duyệt."
        return (Refusal(code="already-decided", message=words, way_out=way, basis=SNAPSHOT),)
    found = []
    if not leave.reason.strip():
        found.append(
            ("no-reason", "Mở lại kết quả mà chưa nêu lý do.", "Nêu lý do: khiếu nại, sai sót hoặc tình tiết mới.", SNAPSHOT)
        )
    if not leave.approved_by or leave.approved_by == leave.asked_by:
        found.append(
            (
                "same-approver",
                "Người đề nghị mở lại không được tự duyệt.",
                "Trình một người khác có thẩm quyền duyệt.",
                FOUR_EYES,
            )
        )
    return tuple(Refusal(code=c, message=m, way_out=w, basis=b) for c, m, w, b in found)


def _paper(draft: Draft) -> tuple[Refusal, ...]:
    if draft.number.strip() and draft.decided_on:
        return ()
    lacks = " và ".join(["số"] * (not draft.number.strip()) + ["ngày"] * (draft.decided_on is None))
    words = f"Kết quả của {draft.name} chưa có {lacks} của văn bản quyết định."
    return (Refusal(code="no-number", message=words, way_out=f"Ghi {lacks} theo văn bản đã ký.", basis=RECORD),)


def _no_row(subject: Ratee) -> Refusal:
    return Refusal(
        code="authority-unknown",
        message=f"Chưa có quy định ai quyết định xếp loại {subject.vi}.",
        way_out="Ban Tổ chức nhập dòng thẩm quyền theo phân cấp, kèm văn bản và điều khoản.",
        basis=NO_TEXT,
    )


def _up(words: str) -> str:
    return words[0].upper() + words[1:]
