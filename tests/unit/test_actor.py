"""Who is meant by the words of a document: kinds of units, and the committee at the head."""

from __future__ import annotations

import pytest

from hanchot.domain.actor import organiser_of, who_is
from hanchot.domain.unit import UnitKind
from hanchot.store.plan_files import plans_in

K = UnitKind
BOTH = {K.GRASSROOTS_COMMITTEE, K.GRASSROOTS_CELL}


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("chi bộ trực thuộc đảng bộ bộ phận", {K.CELL_OF_SECTION}),
        ("đảng bộ bộ phận và chi bộ trực thuộc đảng ủy cơ sở", {K.SECTION_COMMITTEE, K.CELL}),
        ("Chi, đảng bộ cơ sở", BOTH),
        ("Các chi uỷ cơ sở, đảng uỷ cơ sở", BOTH),
        ("CAC DANG UY, CHI BO TRUC THUOC THI UY", BOTH),  # a scan without marks
        ("Các đảng ủy, chi bộ trực thuộc Thị ủy", BOTH),
        ("Ban Thường vụ Huyện ủy", {K.STANDING_COMMITTEE}),
        ("Các đồng chí Ủy viên Ban Thường vụ Huyện ủy", {K.STANDING_COMMITTEE}),
        ("Thường trực HĐND, UBND huyện", {K.GOVERNMENT}),
        ("Cơ quan Tổ chức - Nội vụ thị xã", {K.ORGANISATION_DEPARTMENT}),
        ("Ban Xây dựng Đảng Đảng ủy xã", {K.ORGANISATION_DEPARTMENT}),
        ("các cơ quan tham mưu, giúp việc và Văn phòng Huyện ủy", {K.ADVISORY_BODY, K.OFFICE}),
        ("Mặt trận Tổ quốc và các tổ chức chính trị - xã hội thị xã", {K.FRONT}),
        ("Các cơ quan, đơn vị", {K.AGENCY}),
        ("Tập thể lãnh đạo, quản lý diện Ban Thường vụ Huyện ủy quản lý", {K.LEADERSHIP}),
        ("Đảng ủy các xã, thị trấn", {K.GRASSROOTS_COMMITTEE}),
        ("Ban Chấp hành Đảng bộ huyện", {K.DISTRICT_COMMITTEE}),
    ],
)
def test_words_in_a_plan_of_a_district(words: str, kinds: set[UnitKind]) -> None:
    who = who_is(words, K.DISTRICT_COMMITTEE)
    assert set(who.kinds) == kinds
    assert who.sure


@pytest.mark.parametrize("words", [None, "", "các chi bộ", "đảng viên", "Người đứng đầu", "Các đồng chí được phân công"])
def test_words_that_name_no_kind_are_left_to_a_person(words: str | None) -> None:
    who = who_is(words, K.DISTRICT_COMMITTEE)
    assert who.kinds == ()
    assert not who.sure


def test_what_is_only_half_understood_is_said_to_be() -> None:
    who = who_is("Ban Tổ chức Huyện ủy và các cá nhân có liên quan", K.DISTRICT_COMMITTEE)
    assert who.kinds == (K.ORGANISATION_DEPARTMENT,)
    assert not who.sure


def test_those_who_are_excepted_are_not_meant() -> None:
    assert who_is("Chi bộ cơ sở (trừ đảng bộ bộ phận)", K.BLOC_COMMITTEE).kinds == (K.GRASSROOTS_CELL,)


def test_the_same_words_mean_others_at_another_level() -> None:
    words = "các huyện ủy, thị ủy, thành ủy, đảng ủy trực thuộc Tỉnh ủy"
    assert set(who_is(words, K.PROVINCIAL_COMMITTEE).kinds) == {K.DISTRICT_COMMITTEE, K.TOWN_COMMITTEE, K.BLOC_COMMITTEE}
    assert who_is("Đảng ủy các xã, phường", K.PROVINCIAL_COMMITTEE).kinds == (K.COMMUNE_COMMITTEE,)


@pytest.mark.parametrize("plan", plans_in(), ids=lambda plan: plan.key)
def test_the_issuer_names_the_head_of_every_delivered_plan(plan) -> None:  # type: ignore[no-untyped-def]
    assert organiser_of(plan.document.issuer) is plan.organiser


def test_a_central_citys_committee_is_a_provinces() -> None:
    assert organiser_of("Thành ủy Hải Phòng") is K.PROVINCIAL_COMMITTEE
    assert organiser_of("Ban Thường vụ Thành ủy Vinh") is K.TOWN_COMMITTEE
    assert organiser_of("Phòng Giáo dục và Đào tạo") is None
    assert organiser_of(None) is None
