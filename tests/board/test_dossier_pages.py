"""Dossiers on the board: who lacks what, one dossier beside its list, what may be done with it and by whom."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from hanchot.service.book import cycle_id_of
from hanchot.service.dossiers import Which, completeness_of, hand_in, hand_in_on_paper
from hanchot.service.services import Services
from hanchot.store.db import new_id
from hanchot.store.judging_tables import subject
from hanchot.store.keeping_tables import paper
from hanchot.store.tables import person, unit
from tests.board.conftest import Visitor, words
from tests.board.forms import deed
from tests.board.people import signed_in
from tests.commune import PDF, YEAR, commune
from tests.look import at, events

LU, CHU, MAY, PAO = "Cư Seo Lử", "Sùng Thị Chú", "Vàng Thị Mẩy", "Lý Văn Páo"
NOON = "2025-12-08 12:00"
LIST = f"/cycles/{YEAR}/dossiers"
TH = f"{LIST}/ho-so-nam/TH"
FILE = {"file": ("bien-ban.pdf", PDF, "application/pdf")}


@pytest.fixture
def house(empty_house: Services) -> Services:
    return commune(empty_house)


@pytest.fixture
def may(house: Services) -> Visitor:
    """Vàng Thị Mẩy, head of the department."""
    return signed_in(house, MAY, NOON)


@pytest.fixture
def lu(house: Services) -> Visitor:
    """Cư Seo Lử, secretary of the school's cell."""
    return signed_in(house, LU, NOON)


def missing(house: Services) -> list[str]:
    return [one.code for one in completeness_of(house, Which(YEAR, "TH", "ho-so-nam")).missing]


def test_the_list_says_who_lacks_what(house: Services, may: Visitor) -> None:
    said = may.reads(LIST)
    assert "Chưa có giấy nào (2)" in said and "Chi bộ Trường học" in said and "Chi bộ Trạm Y tế" in said
    hand_in(house, Which(YEAR, "TH", "ho-so-nam"), "bien-ban", PDF, "bb.pdf", at(NOON), actor=LU)
    assert "Đang gom giấy (1)" in may.reads(LIST)
    begun = may.reads(f"{LIST}?show=begun")
    assert "Chi bộ Trường học Có 1 trên" in begun and "Chi bộ Trạm Y tế" not in begun
    assert "Chi bộ Trường học" in may.reads(f"{LIST}?branch=TH") and "Chi bộ Trạm Y tế" not in may.reads(f"{LIST}?branch=TH")
    assert "Chi bộ Trạm Y tế" in may.reads(f"{LIST}?q=tram") and "Trường học" not in may.reads(f"{LIST}?q=tram")


def test_one_dossier_stands_in_the_words_and_order_of_the_plan(house: Services, lu: Visitor) -> None:
    page = lu.page(TH)
    wanted = completeness_of(house, Which(YEAR, "TH", "ho-so-nam")).judged.papers
    said = words(page)
    places = [said.index(f"({one.paper.no}) {one.paper.words}") for one in wanted]
    assert places == sorted(places)
    optional = [one for one in wanted if not one.required]
    assert optional and said.count("Nếu có") >= len([one for one in optional if one.why == "nếu có"])
    assert "Chưa nộp được vì:" in said and '<button disabled aria-describedby="refusals">' in page
    assert all(code == "paper-missing" for code in missing(house))


def test_a_file_is_handed_in_once_and_taken_back_with_a_reason(house: Services, lu: Visitor) -> None:
    assert deed(lu, TH, "attach", files=FILE, paper="bien-ban") == f"{TH}#papers"
    deed(lu, TH, "attach", files=FILE, paper="bien-ban", seen="0")  # a double click
    assert [row.action for row in events(house)].count("paper.handed_in") == 1
    link = lu.page(TH).partition('href="/dossiers/papers/')[2].partition('"')[0]
    answer = lu.client.get(f"/dossiers/papers/{link}")
    assert answer.content == PDF and answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "Rút giấy khỏi hồ sơ phải nêu lý do" in words(deed(lu, TH, "withdraw", 422, paper="bien-ban", reason=" "))
    deed(lu, TH, "withdraw", paper="bien-ban", reason="nộp nhầm")
    assert "bien-ban.pdf" not in lu.reads(TH)
    assert [(e.actor, e.reason) for e in events(house, "paper.withdrawn")] == [(LU, "nộp nhầm")]


@pytest.mark.parametrize(
    ("files", "typed", "why"),
    [
        ({"file": ("anh.heic", b"x", "")}, {}, "không nhận loại tệp"),
        ({"file": ("a.pdf", b"MZ", "application/pdf")}, {}, "Chưa ghi được"),
        (None, {"place": ""}, "Chưa chọn tệp, cũng chưa ghi nơi để bản giấy"),
    ],
)
def test_what_is_no_paper_is_refused_in_one_sentence(lu: Visitor, files: Any, typed: dict[str, Any], why: str) -> None:
    came_back = deed(lu, TH, "attach", 422, files=files, paper="kiem-diem-tap-the", **typed)
    assert why in words(came_back)
    with lu.house.db.read() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(paper)).scalar() == 0


def test_nobody_writes_over_a_paper_that_came_meanwhile(house: Services, lu: Visitor) -> None:
    lu.page(TH)
    hand_in_on_paper(house, Which(YEAR, "TH", "ho-so-nam"), "bien-ban", "tủ 3", at("2025-12-08 11:55"), actor=MAY)
    came_back = deed(lu, TH, "attach", 409, files=FILE, paper="bien-ban", seen="0")
    assert f"{MAY} vừa nộp giấy số" in words(came_back) and "11:55 08/12/2025" in words(came_back)
    deed(lu, TH, "attach", files=FILE, paper="bien-ban")  # having seen it
    assert "bien-ban.pdf" in lu.reads(TH)


def test_the_department_records_on_behalf_and_a_unit_does_not_waive_for_itself(
    house: Services, lu: Visitor, may: Visitor
) -> None:
    deed(may, TH, "attach", paper="bien-ban", place="tủ 3, ngăn 2")
    assert [(e.actor, e.on_behalf) for e in events(house, "paper.handed_in")] == [(MAY, "Chi bộ Trường học")]
    assert "Bản giấy: tủ 3, ngăn 2" in lu.reads(TH)
    assert "không thuộc phần việc" in words(deed(lu, TH, "waive", 422, paper="bien-ban", reason="x"))
    required = next(p for p in completeness_of(house, Which(YEAR, "TH", "ho-so-nam")).judged.papers if not p.paper.waivable)
    refused = words(deed(may, TH, "waive", 422, paper=required.paper.key, reason="bỏ qua"))
    assert "không được miễn" in refused


def test_facts_make_papers_required_and_sets_have_their_places(house: Services, lu: Visitor) -> None:
    before = len(missing(house))
    deed(lu, TH, "facts", shown="complaint-made", fact="complaint-made")
    assert len(missing(house)) >= before
    assert [(e.was, e.became) for e in events(house, "dossier.fact")] == [(None, "complaint-made")]
    came_back = deed(lu, TH, "receive", 422, set="1", day="32/12/2025")
    assert "Không có ngày 32/12/2025" in words(came_back) and 'value="32/12/2025"' in came_back
    deed(lu, TH, "receive", set="1", day="08/12/2025", number="15")
    deed(lu, TH, "receive", set="1", day="08/12/2025", number="15")  # a double click
    assert "08/12/2025" in lu.reads(TH)
    assert completeness_of(house, Which(YEAR, "TH", "ho-so-nam")).folder.kept[0].day == date(2025, 12, 8)


def test_a_person_has_a_dossier_of_their_own(lu: Visitor) -> None:
    mine = f"{TH}/people/CB004"
    assert f'href="{mine}"' in lu.page(TH)
    assert f"Hồ sơ của {LU}" in lu.reads(mine)
    is_member: dict[str, Any] = {"is": "member", "managed": "here"}
    deed(lu, mine, "describe", **is_member)
    assert "selected>Diện cấp này quản lý" in lu.page(mine)
    lu.page(f"{TH}/people/CB999", status=404)


def test_whoever_is_rated_in_the_unit_has_a_dossier_there_without_a_post(house: Services, lu: Visitor) -> None:
    with house.db.write() as connection:
        hang = new_id(connection.execute(sa.insert(person).values(code="CB050", name="Lù Thị Hạng")))
        cycle_id = cycle_id_of(connection, YEAR)
        unit_id = connection.execute(sa.select(unit.c.id).where(unit.c.code == "TH")).scalar_one()
        root = connection.execute(sa.select(unit.c.id).where(unit.c.code == "XA")).scalar_one()
        row = {
            "cycle_id": cycle_id,
            "unit_id": unit_id,
            "person_id": hang,
            "kind": "member",
            "scope_id": root,
            "comparison": "x",
        }
        connection.execute(sa.insert(subject).values(**row))
    assert "Lù Thị Hạng được đánh giá ở đây" in lu.reads(TH)
    deed(lu, f"{TH}/people/CB050", "attach", files=FILE, paper="bien-ban")


@pytest.mark.parametrize(("who", "status"), [(CHU, 404), (PAO, 200), (MAY, 200)])
def test_a_dossier_is_for_its_own_branch(house: Services, lu: Visitor, who: str, status: int) -> None:
    deed(lu, TH, "attach", files=FILE, paper="bien-ban")
    link = lu.page(TH).partition('href="/dossiers/papers/')[2].partition('"')[0]
    visitor = signed_in(house, who, NOON)
    visitor.page(TH, status=status)
    assert visitor.client.get(f"/dossiers/papers/{link}").status_code == status
    if who == CHU:
        visitor.page(LIST, status=404)
        visitor.page(f"/papers/dossier_zip?cycle={YEAR}&unit=TH&checklist=ho-so-nam", status=404)


def test_the_whole_dossier_leaves_as_a_zip_and_is_recorded(house: Services, lu: Visitor) -> None:
    deed(lu, TH, "attach", files=FILE, paper="bien-ban")
    answer = lu.client.get(f"/papers/dossier_zip?cycle={YEAR}&unit=TH&checklist=ho-so-nam")
    assert answer.content[:2] == b"PK" and "attachment" in answer.headers["content-disposition"]
    assert [e.actor for e in events(house, "paper.exported")] == [LU]
