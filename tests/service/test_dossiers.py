"""Dossiers: what a list asks of whom and when, papers in and out, sets and receipts, and the submission that waits for them.

The lists are Lùng Phình's: five papers a quarter (V.2.1), thirteen a year (V.2.2), three sets (V.1). Worked out by hand.
"""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from hanchot.domain.dossier import Fact
from hanchot.domain.errors import AlreadyDone, BadDocument, NotFound, Refused
from hanchot.domain.plan import Plan
from hanchot.domain.stage import Stage
from hanchot.reader.document_guard import MAX_FILE
from hanchot.service import dossiers, items
from hanchot.service.cycles import close_cycle
from hanchot.service.dossiers import Which, completeness_of, describe, hand_in, hand_in_on_paper, say_fact, who_lacks
from hanchot.service.folders import Standing
from hanchot.service.opening import open_cycle
from hanchot.service.services import Services
from hanchot.store.keeping_tables import paper
from hanchot.store.plan_files import find_plan, plans_in
from hanchot.store.review_files import review_rules_of
from tests import look
from tests.commune import LU, NOW, PDF, QUARTER, YEAR, commune, office_file, plan_with_dossier, sheet
from tests.conftest import NewHouse
from tests.look import at

CELL = Which(YEAR, "TH", "ho-so-nam")
SECRETARY = Which(YEAR, "TH", "ho-so-nam", LU)


@pytest.fixture
def here(new_house: NewHouse, database_url: str) -> Services:
    """The commune with its year open, once on each database."""
    return commune(new_house(database_url))


def give(house: Services, which: Which, *keys: str) -> None:
    for key in keys:
        hand_in(house, which, key, PDF + key.encode(), f"{key}.pdf", NOW, actor="bí thư chi bộ")


def submit(house: Services) -> None:
    items.act(house, look.item_id(house, "TH", "ho-so-nam", YEAR), "submit", NOW, actor="bí thư chi bộ")


def numbers(standing: Standing) -> list[int]:
    """The numbers of the missing papers, as the list counts them."""
    return [int(refusal.message.split("thiếu (")[1].split(")")[0]) for refusal in standing.missing]


@pytest.mark.parametrize(
    ("stage", "cell", "secretary"),
    [("self_assess", [1, 3], [1, 2, 3, 9, 10, 11]), ("appraise", [1, 3, 4], [1, 2, 3, 4, 9, 10, 11]),
     ("decide", [1, 3, 4, 5], [1, 2, 3, 4, 5, 9, 10, 11])],
)  # fmt: skip
def test_the_thirteen_papers_of_a_year(here: Services, stage: str, cell: list[int], secretary: list[int]) -> None:
    """Those “(nếu có)”, 6 to 8, 12 and 13, never block."""
    describe(here, SECRETARY, NOW, actor="cán bộ", cadre=True)
    assert numbers(completeness_of(here, CELL, Stage(stage))) == cell
    assert numbers(completeness_of(here, SECRETARY, Stage(stage))) == secretary


@pytest.mark.parametrize(
    ("managed", "stage", "missing"),
    [("above", "self_assess", [1, 2, 3]), ("above", "appraise", [1, 2, 3, 4]), ("above", "decide", [1, 2, 3, 4]),
     ("here", "appraise", [1, 2, 3]), ("here", "decide", [1, 2, 3, 5]), ("none", "decide", [1, 2, 3])],
)  # fmt: skip
def test_the_five_papers_of_a_quarter(here: Services, managed: str, stage: str, missing: list[int]) -> None:
    """Phụ lục 13 goes up for cadres managed above, Phụ lục 14 stays for those managed here."""
    open_cycle(here, plan_with_dossier(), at("2025-12-01 07:00"), period="2025-Q3")
    which = Which(QUARTER, "TH", "ho-so-quy", LU)
    describe(here, which, NOW, actor="cán bộ", managed=managed)  # type: ignore[arg-type]
    assert numbers(completeness_of(here, which, Stage(stage))) == missing
    assert numbers(completeness_of(here, Which(QUARTER, "TH", "ho-so-quy"))) == [1, 3]


def test_a_list_of_the_other_period_is_not_one_of_the_cycle(here: Services) -> None:
    with pytest.raises(NotFound, match=r"không có danh mục hồ sơ “ho-so-quy”\. Các danh mục: ho-so-nam"):
        completeness_of(here, Which(YEAR, "TH", "ho-so-quy"))


def test_topics_that_were_issued_make_paper_six_required(here: Services) -> None:
    give(here, CELL, "ban-kiem-diem", "bien-ban")
    assert completeness_of(here, CELL).missing == ()
    say_fact(here, CELL, Fact.TOPICS, NOW, actor="Ban Xây dựng Đảng")
    [refusal] = completeness_of(here, CELL).missing
    assert refusal.message == (
        "Hồ sơ của Chi bộ Trường học thiếu (6) Văn bản gợi ý kiểm điểm: bắt buộc vì đã có gợi ý kiểm điểm."
    )
    assert refusal.basis.vi == "Kế hoạch Lùng Phình 2025 V.2.2"
    say_fact(here, CELL, Fact.TOPICS, NOW, actor="Ban Xây dựng Đảng", holds=False)
    assert completeness_of(here, CELL).missing == ()


def test_a_dossier_without_a_required_paper_is_not_handed_in(here: Services) -> None:
    give(here, CELL, "ban-kiem-diem")
    before = look.item(here, "TH", "ho-so-nam", YEAR), len(look.events(here))
    with pytest.raises(Refused) as said:
        submit(here)
    assert "thiếu (3) Biên bản hội nghị kiểm điểm" in str(said.value)
    assert "Nộp bổ sung giấy số 3. [Kế hoạch Lùng Phình 2025 V.2.2]" in str(said.value)
    assert (look.item(here, "TH", "ho-so-nam", YEAR), len(look.events(here))) == before
    give(here, CELL, "bien-ban")
    submit(here)
    assert look.item(here, "TH", "ho-so-nam", YEAR).state == "submitted"


def test_the_dossiers_of_a_units_people_go_with_its_own(here: Services) -> None:
    give(here, CELL, "ban-kiem-diem", "bien-ban")
    give(here, SECRETARY, "ban-kiem-diem", "bien-ban", "phieu-dang-vien", "ke-khai-tai-san")
    with pytest.raises(Refused, match=r"Hồ sơ của Cư Seo Lử thiếu \(2\) Nhận xét của cấp ủy nơi cư trú"):
        submit(here)
    give(here, SECRETARY, "nhan-xet-noi-cu-tru")
    submit(here)


def test_where_the_plan_links_no_list_nothing_is_asked(new_house: NewHouse) -> None:
    plan = find_plan("lung-phinh-2025")
    unlinked = [m.model_copy(update={"dossier": None}) for m in plan.milestones]
    house = commune(new_house(""), plan.model_copy(update={"milestones": tuple(unlinked)}))
    submit(house)
    assert look.item(house, "TH", "ho-so-nam", YEAR).state == "submitted"


@pytest.mark.parametrize("plan", plans_in(), ids=lambda plan: plan.key)
def test_every_delivered_plan_says_which_list_is_handed_in_and_its_rules_have_it(plan: Plan) -> None:
    lists = {(one.key, one.period) for one in review_rules_of(plan.key).dossiers}
    linked = {(m.dossier, m.period) for m in plan.milestones if m.dossier}
    assert linked and linked <= lists


def test_a_paper_is_waived_only_where_the_plan_lets_it_and_with_a_reason(here: Services) -> None:
    give(here, SECRETARY, "ban-kiem-diem", "bien-ban", "phieu-dang-vien", "nhan-xet-noi-cu-tru")
    with pytest.raises(Refused, match=r"chưa nêu lý do\..*V\.2\.2"):
        dossiers.waive(here, SECRETARY, "ke-khai-tai-san", NOW, actor="bí thư", reason=" ")
    with pytest.raises(Refused, match=r"\(9\) Phiếu bổ sung hồ sơ đảng viên là giấy bắt buộc.*không được miễn"):
        dossiers.waive(here, SECRETARY, "phieu-dang-vien", NOW, actor="bí thư", reason="bận")
    dossiers.waive(here, SECRETARY, "ke-khai-tai-san", NOW, actor="bí thư", reason="không thuộc diện kê khai")
    assert completeness_of(here, SECRETARY).missing == ()


def test_a_paper_that_is_not_of_this_dossier_is_refused_with_its_clause(here: Services) -> None:
    with pytest.raises(
        Refused, match=r"\(2\) Nhận xét của cấp ủy nơi cư trú không thuộc hồ sơ của Chi bộ Trường học \[.*V\.2\.2"
    ):
        give(here, CELL, "nhan-xet-noi-cu-tru")
    with pytest.raises(NotFound, match="không có giấy “giay-khac”"):
        give(here, CELL, "giay-khac")


def test_the_same_file_again_changes_nothing_another_one_wants_a_reason(here: Services) -> None:
    first = hand_in(here, CELL, "bien-ban", PDF, "Biên bản.pdf", NOW, actor="bí thư")
    events = len(look.events(here))
    assert hand_in(here, CELL, "bien-ban", PDF, "Biên bản (1).pdf", NOW, actor="bí thư") == first
    assert len(look.events(here)) == events
    with pytest.raises(Refused, match=r"đã có \(3\) Biên bản hội nghị kiểm điểm\. Nêu lý do thay"):
        hand_in(here, CELL, "bien-ban", PDF + b"2", "Biên bản.pdf", NOW, actor="bí thư")
    second = hand_in(here, CELL, "bien-ban", PDF + b"2", "Biên bản.pdf", NOW, actor="bí thư", replacing="thiếu chữ ký")
    assert dossiers.original(here, first) == ("Biên bản.pdf", PDF)  # never deleted
    with here.db.read() as connection:
        rows = connection.execute(sa.select(paper.c.id, paper.c.withdrawn_reason).order_by(paper.c.id)).all()
    assert [tuple(row) for row in rows] == [(first, "thiếu chữ ký"), (second, None)]


def test_the_database_lets_one_paper_be_the_current_one(here: Services) -> None:
    give(here, CELL, "bien-ban")
    with pytest.raises(IntegrityError), here.db.write() as connection:
        row = connection.execute(sa.select(paper)).one()._asdict()
        del row["id"]
        connection.execute(sa.insert(paper).values({**row, "inner_name": "another"}))


def test_nothing_is_taken_out_of_a_dossier_that_was_handed_in(here: Services) -> None:
    give(here, CELL, "ban-kiem-diem", "bien-ban")
    submit(here)
    with pytest.raises(Refused, match=r"đã nộp lên cấp trên, không rút giấy được\. Đề nghị trả lại"):
        dossiers.withdraw(here, CELL, "bien-ban", NOW, actor="bí thư", reason="nộp nhầm")
    items.act(here, look.item_id(here, "TH", "ho-so-nam", YEAR), "return", NOW, actor="ban", reason="sai biên bản")
    dossiers.withdraw(here, CELL, "bien-ban", NOW, actor="bí thư", reason="nộp nhầm")
    with pytest.raises(Refused, match=r"thiếu \(3\)"):
        submit(here)


def test_a_paper_may_lie_in_a_cupboard(here: Services) -> None:
    with pytest.raises(Refused, match="Chưa ghi nơi để bản giấy"):
        hand_in_on_paper(here, CELL, "bien-ban", " ", NOW, actor="bí thư")
    made = hand_in_on_paper(here, CELL, "bien-ban", "bản giấy, tủ 3", NOW, actor="bí thư")
    assert numbers(completeness_of(here, CELL)) == [1]
    with pytest.raises(NotFound, match="Bản giấy để tại: bản giấy, tủ 3"):
        dossiers.original(here, made)


def test_three_sets_each_with_its_receipt(here: Services) -> None:
    dossiers.receive(here, CELL, 1, date(2025, 12, 9), NOW, actor="văn thư")
    dossiers.receive(here, CELL, 2, date(2025, 12, 10), NOW, actor="văn thư", place="Đảng ủy xã, phòng 2", number="118")
    with pytest.raises(AlreadyDone, match="Bộ 2 của Chi bộ Trường học đã ghi nhận"):
        dossiers.receive(here, CELL, 2, date(2025, 12, 11), NOW, actor="văn thư")
    with pytest.raises(NotFound, match="không có bộ số 4"):
        dossiers.receive(here, CELL, 4, date(2025, 12, 11), NOW, actor="văn thư")
    standing = completeness_of(here, CELL)
    assert [(kept.set_no, kept.place) for kept in standing.folder.kept] == [
        (1, "lưu tại cấp ủy, cơ quan, đơn vị nơi công tác"), (2, "Đảng ủy xã, phòng 2"),
    ]  # fmt: skip
    [left] = standing.folder.sets_missing(standing.checklist)
    assert "cơ quan tham mưu về công tác cán bộ cấp trên" in left.message and left.basis.clause == "V.1"


def test_the_department_sees_who_lacks_what_and_who_has_handed_in_nothing(here: Services) -> None:
    give(here, CELL, "ban-kiem-diem", "bien-ban")
    assert [(one.folder.unit, numbers(one)) for one in who_lacks(here, YEAR, "ho-so-nam")] == [("TY", [1, 3])]
    assert [one.folder.unit for one in who_lacks(here, YEAR, "ho-so-nam", Stage.APPRAISE)] == ["TH", "TY"]


MACRO = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.exe", b"MZ\x00\x00", "không nhận loại tệp"),
        ("a.pdf", b"MZ\x90\x00" + bytes(60), "chương trình chạy được"),
        ("a.txt", "biên bản".encode(), "không nhận loại tệp"),
        ("a.svg", b"<svg/>", "không nhận loại tệp"),
        ("a.pdf", b"", "rỗng"),
        ("a.xlsx", b"", "rỗng"),
        ("a.pdf", PDF + bytes(MAX_FILE), "20 MB"),
        ("a.xlsx", sheet() + bytes(MAX_FILE), "20 MB"),
        ("a.jpg", b"\x89PNG\r\n\x1a\n" + bytes(20), "không phải ảnh .jpg"),
        ("a.png", b"\xff\xd8\xff\xe0" + bytes(20), "không phải ảnh .png"),
        ("a.png", b"II*\x00" + bytes(20), "không phải ảnh .png"),
        ("a.docx", sheet(), "Excel"),
        ("a.xlsx", office_file("word/document.xml", main=WORD), "Word"),
        ("a.xlsx", sheet("xl/vbaProject.bin"), "macro"),
        ("a.xlsx", sheet("xl/macrosheets/sheet1.xml"), "macro"),
        ("a.xlsx", office_file("xl/workbook.xml", main=f"{MACRO} spreadsheetml"), "macro"),
        ("a.docx", office_file("word/document.xml", "word/vbaProject.bin", main=WORD), "macro"),
        ("a.xlsx", b"PK\x03\x04 broken", "hỏng"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_one_of_the_five_kinds_is_refused_and_nothing_is_kept(
    new_house: NewHouse, name: str, data: bytes, said: str
) -> None:
    house = commune(new_house(""))
    with pytest.raises(BadDocument, match=said):
        hand_in(house, CELL, "bien-ban", data, name, NOW, actor="bí thư")
    with house.db.read() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(paper)).scalar() == 0


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.PDF", PDF), ("a.jpeg", b"\xff\xd8\xff\xe0" + bytes(20)), ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(20)),
     ("a.xlsx", sheet()), ("a.docx", office_file("word/document.xml", main=WORD))],
)  # fmt: skip
def test_the_five_kinds_come_back_as_they_were_given(new_house: NewHouse, name: str, data: bytes) -> None:
    house = commune(new_house(""))
    assert dossiers.original(house, hand_in(house, CELL, "bien-ban", data, name, NOW, actor="bí thư")) == (name, data)


def test_what_a_person_called_a_file_never_becomes_a_path(here: Services) -> None:
    made = hand_in(here, CELL, "bien-ban", PDF, "..\\..\\etc/Biên bản\r\n họp.pdf", NOW, actor="bí thư")
    assert dossiers.original(here, made)[0] == "Biên bản họp.pdf"
    with here.db.read() as connection:
        inner = connection.execute(sa.select(paper.c.inner_name)).scalar_one()
    assert len(inner) == 36 and inner.endswith(".pdf")


def test_events_say_which_paper_never_whose_name(here: Services) -> None:
    hand_in(here, SECRETARY, "ban-kiem-diem", PDF, "Kiểm điểm Cư Seo Lử.pdf", NOW, actor="văn thư", on_behalf="bí thư")
    [event] = look.events(here, "paper.handed_in")
    assert event.on_behalf == "bí thư" and '"list":"ho-so-nam"' in event.data.replace(" ", "")
    assert "Lử" not in " ".join(map(str, event))


def test_a_closed_cycle_keeps_its_dossiers_as_they_are(here: Services) -> None:
    close_cycle(here, YEAR, NOW, actor="ban", reason="thử")
    with pytest.raises(Refused, match=f"Đợt “{YEAR}” đã đóng"):
        give(here, CELL, "bien-ban")
    assert numbers(completeness_of(here, CELL)) == [1, 3]


def test_a_unit_or_a_person_that_nobody_knows_is_said(new_house: NewHouse) -> None:
    house = commune(new_house(""))
    with pytest.raises(NotFound, match="không có đơn vị mã “KHO”"):
        give(house, Which(YEAR, "KHO", "ho-so-nam"), "bien-ban")
    with pytest.raises(NotFound, match="Không có người mã “X1”"):
        give(house, Which(YEAR, "TH", "ho-so-nam", "X1"), "bien-ban")
