"""Kinds of units in a committee's tree, and the posts in them that letters go to."""

from __future__ import annotations

from enum import StrEnum


class UnitKind(StrEnum):
    """What a unit is. Plans say by kind who a milestone applies to; ``ORGANISER`` kinds stand at the root."""

    PROVINCIAL_COMMITTEE = "provincial_committee"
    DISTRICT_COMMITTEE = "district_committee"
    TOWN_COMMITTEE = "town_committee"
    BLOC_COMMITTEE = "bloc_committee"
    COMMUNE_COMMITTEE = "commune_committee"
    STANDING_COMMITTEE = "standing_committee"
    ORGANISATION_DEPARTMENT = "organisation_department"
    OFFICE = "office"
    ADVISORY_BODY = "advisory_body"
    GOVERNMENT = "government"
    FRONT = "front"
    AGENCY = "agency"
    LEADERSHIP = "leadership"
    GRASSROOTS_COMMITTEE = "grassroots_committee"
    GRASSROOTS_CELL = "grassroots_cell"
    SECTION_COMMITTEE = "section_committee"
    CELL = "cell"
    CELL_OF_SECTION = "cell_of_section"

    @property
    def vi(self) -> str:
        return _VI[self]


_VI = {
    UnitKind.PROVINCIAL_COMMITTEE: "tỉnh ủy",
    UnitKind.DISTRICT_COMMITTEE: "huyện ủy",
    UnitKind.TOWN_COMMITTEE: "thị ủy",
    UnitKind.BLOC_COMMITTEE: "đảng ủy khối",
    UnitKind.COMMUNE_COMMITTEE: "đảng ủy xã, phường",
    UnitKind.STANDING_COMMITTEE: "ban thường vụ cấp ủy",
    UnitKind.ORGANISATION_DEPARTMENT: "ban tổ chức",
    UnitKind.OFFICE: "văn phòng cấp ủy",
    UnitKind.ADVISORY_BODY: "cơ quan tham mưu, giúp việc",
    UnitKind.GOVERNMENT: "Hội đồng nhân dân, Ủy ban nhân dân",
    UnitKind.FRONT: "Mặt trận và tổ chức chính trị - xã hội",
    UnitKind.AGENCY: "cơ quan, đơn vị",
    UnitKind.LEADERSHIP: "tập thể lãnh đạo, quản lý",
    UnitKind.GRASSROOTS_COMMITTEE: "đảng bộ cơ sở",
    UnitKind.GRASSROOTS_CELL: "chi bộ cơ sở",
    UnitKind.SECTION_COMMITTEE: "đảng bộ bộ phận",
    UnitKind.CELL: "chi bộ trực thuộc đảng bộ cơ sở",
    UnitKind.CELL_OF_SECTION: "chi bộ trực thuộc đảng bộ bộ phận",
}

ORGANISERS = frozenset(
    {
        UnitKind.PROVINCIAL_COMMITTEE,
        UnitKind.DISTRICT_COMMITTEE,
        UnitKind.TOWN_COMMITTEE,
        UnitKind.BLOC_COMMITTEE,
        UnitKind.COMMUNE_COMMITTEE,
    }
)

# Bodies that act for the committee they stand under: what they decide, the committee has decided.
ORGANS = frozenset({UnitKind.STANDING_COMMITTEE, UnitKind.ORGANISATION_DEPARTMENT, UnitKind.OFFICE})


class PostRole(StrEnum):
    """What a post does for the ladder: who holds the unit's duties, who is in charge of it from above."""

    SECRETARY = "secretary"
    DEPUTY = "deputy"
    HEAD = "head"
    OFFICER = "officer"
    MEMBER_IN_CHARGE = "member_in_charge"

    @property
    def vi(self) -> str:
        return _ROLE_VI[self]


_ROLE_VI = {
    PostRole.SECRETARY: "bí thư",
    PostRole.DEPUTY: "phó bí thư",
    PostRole.HEAD: "thủ trưởng",
    PostRole.OFFICER: "cán bộ theo dõi",
    PostRole.MEMBER_IN_CHARGE: "cấp ủy viên phụ trách",
}
