"""Papers out of the database: every one of the register, what it says, what it refuses, and what is recorded of it.

Two houses: a grassroots cell that has voted and decided (13-HD/TU), and the commune of Lùng Phình with work that is late.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date, datetime

import pytest
from docx import Document

from hanchot.domain.errors import BadDocument, HanChotError, NotFound, Refused
from hanchot.papers import word
from hanchot.service.dossiers import Which, hand_in, hand_in_on_paper, receive
from hanchot.service.judging.ballots import enter
from hanchot.service.papers.desk import About, File, cited_regulation, file_name
from hanchot.service.papers.out import MEDIA, PAPERS_OUT, export, paper_out
from hanchot.service.papers.templates import delivered, replace_template, restore_template, template_of
from hanchot.service.remediating import Line, Result, open_for
from hanchot.service.services import Services
from hanchot.store.regulation_files import find_regulation
from tests import commune, judging, look
from tests.conftest import NewHouse
from tests.look import at

LATE = at("2025-12-22 09:00")
CELL = About(cycle=commune.YEAR, unit="TH", checklist="ho-so-nam")
SECRET = ("xuất sắc", "hoàn thành tốt", "đảng phí", "phiếu kín", "Đảng viên M")


def said(made: File) -> str:
    """All the words of a Word paper."""
    return "\n".join(_texts(made.data))


def _texts(data: bytes) -> Iterator[str]:
    document = Document(io.BytesIO(data))
    yield from (paragraph.text for paragraph in document.paragraphs)
    for table in document.tables:
        for row in table.rows:
            yield from (cell.text for cell in row.cells)


def take(house: Services, key: str, now: datetime = LATE, form: str | None = None, **about: object) -> File:
    return export(house, key, About(**about), now, actor="Bình", form=form)  # type: ignore[arg-type]


@pytest.fixture
def cell(house: Services) -> tuple[Services, list[int]]:
    """Chi bộ Kho bạc: of twelve members ten are voted good, three of them excellent; six are decided, one as excellent."""
    members = judging.cell_of(house, 12)
    judging.appraised(house, members)
    judging.both_rounds(house, members[:10], members[:3])
    judging.decided(house, members[0], judging.EXCELLENT)
    for one in members[1:6]:
        judging.decided(house, one, judging.GOOD)
    return house, members


@pytest.fixture
def here(new_house: NewHouse) -> Services:
    """The commune on Monday 22/12/2025: the dossiers were due before 20/12; one paper of two lies there as a file."""
    house = commune.commune(new_house(""))
    which = Which(commune.YEAR, "TH", "ho-so-nam")
    hand_in(house, which, "ban-kiem-diem", commune.PDF, "kiểm điểm.pdf", commune.NOW, actor="Lử")
    hand_in_on_paper(house, which, "bien-ban", "tủ 3, ngăn 2", commune.NOW, actor="Lử")
    receive(house, which, 1, date(2025, 12, 18), commune.NOW, actor="Lử", number="15")
    return house


def remedied(house: Services) -> None:
    result = Result(commune.YEAR, "TH", commune.DECIDED_ON, approved_on=date(2025, 12, 26), approved_by="Đảng ủy xã")
    line = Line("chậm đóng đảng phí", "lập lịch thu", "đồng chí Hạng", date(2026, 3, 31), "sổ thu quý I")
    open_for(house, result, [line], LATE, actor="ban")


def test_the_list_of_decided_results_counts_what_is_decided_and_says_who_is_left(cell: tuple[Services, list[int]]) -> None:
    house, _ = cell
    made = take(house, "results_decided", judging.NOW, cycle=judging.CODE, unit="KHO")
    words = said(made)
    assert made.name == "Danh sách kết quả - Chi bộ Kho bạc - năm 2024.docx"
    assert "CHI BỘ KHO BẠC" in words and "T/M CHI BỘ" in words and "Đặng Thị Nga" in words
    assert "- Hoàn thành xuất sắc nhiệm vụ: 1 (16,66 %)." in words  # of six, never rounded up
    assert "- Hoàn thành tốt nhiệm vụ: 5 (83,33 %)." in words
    assert "Chi bộ Kho bạc, cá nhân: còn 1 suất trong 2: 20 % của 12 hoàn thành tốt, 13-HD/TU PL.3" in words
    assert "Còn 6 tập thể, cá nhân chưa có mức ở bước này." in words


def test_the_list_of_proposals_is_also_a_sheet_for_excel(cell: tuple[Services, list[int]]) -> None:
    from openpyxl import load_workbook

    house, _ = cell
    made = take(house, "results_proposed", judging.NOW, form="xlsx", cycle=judging.CODE)
    page = load_workbook(io.BytesIO(made.data)).worksheets[0]
    rows = [[cell.value or "" for cell in row] for row in page.iter_rows()]
    assert made.media == MEDIA["xlsx"]
    assert [row[2] for row in rows if str(row[2]).startswith("Đảng viên M")] == [f"Đảng viên M{n:02}" for n in range(1, 13)]
    assert not any("Mức quyết định" in row for row in rows)


def test_the_form_of_a_list_is_named_where_the_rules_name_it(here: Services) -> None:
    """Lùng Phình V.2.1 calls the quarterly list of proposals Phụ lục 13; other rules name no form, and none is invented."""
    from hanchot.service.papers.desk import Desk
    from hanchot.service.papers.results import _form

    with here.db.read() as connection:
        desk = Desk.of_cycle(here, connection, commune.YEAR, LATE)
        assert [_form(desk, key) for key in ("danh-sach-de-xuat", "danh-sach-ket-qua", "bien-ban")] == [
            "Phụ lục 13", "Phụ lục 14", "",
        ]  # fmt: skip


def test_minutes_hold_tallies_the_majority_and_dashes_where_the_round_does_not_ask(cell: tuple[Services, list[int]]) -> None:
    house, _ = cell
    words = said(take(house, "tally_minutes", judging.NOW, ballot=1))
    assert "Số 01-BB" in words and "ngày 19 tháng 12 năm 2024" in words
    assert "phải quá nửa trong tổng số 30 người được triệu tập, tức ít nhất 16 phiếu (13-HD/TU V)" in words
    assert "10 trong 10 tập thể, cá nhân có một mức được đa số thông qua." in words
    assert "\n–\n30\n0\n0\nHoàn thành tốt nhiệm vụ" in words  # round 1 does not ask for “excellent”
    assert "\n30\n0\n–\n–\nHoàn thành xuất sắc nhiệm vụ" in said(take(house, "tally_minutes", judging.NOW, ballot=2))


def test_minutes_are_not_printed_before_both_entries_agree(house: Services) -> None:
    [one] = judging.cell_of(house, 1)
    enter(house, judging.CODE, judging.minutes({one: {judging.GOOD: 30}}), judging.NOW, actor="Hòa")
    with pytest.raises(Refused, match="Biên bản 01-BB chưa được người thứ hai xác nhận"):
        take(house, "tally_minutes", judging.NOW, ballot=1)


def test_a_notice_says_the_frozen_decision_and_only_of_a_decided_result(cell: tuple[Services, list[int]]) -> None:
    house, members = cell
    words = said(take(house, "result_notice", judging.NOW, subject=members[1]))
    assert "2. Mức xếp loại: Hoàn thành tốt nhiệm vụ." in words
    assert "Văn bản số 05-QĐ/CB ngày 19/12/2024 của Chi bộ Kho bạc" in words
    with pytest.raises(Refused, match="chưa có kết quả được quyết định"):
        take(house, "result_notice", judging.NOW, subject=members[-1])


def test_a_reminder_names_what_is_late_in_the_branch_and_is_refused_when_nothing_is(here: Services) -> None:
    words = said(take(here, "reminder_letter", cycle=commune.YEAR, unit="TH"))
    assert "Kính gửi:" in words and "hết ngày thứ Sáu 19/12/2025" in words and "quá hạn 3 ngày" in words
    assert "BAN XÂY DỰNG ĐẢNG" in words and "-CV/BXDĐ" in words and "Chi bộ Trạm Y tế" not in words
    assert "Chi bộ Trạm Y tế" in said(take(here, "reminder_letter", cycle=commune.YEAR))
    with pytest.raises(Refused, match="không có việc nào quá hạn"):
        take(here, "reminder_letter", commune.NOW, cycle=commune.YEAR)


def test_a_report_counts_every_item_once(here: Services) -> None:
    words = said(take(here, "progress_report", cycle=commune.YEAR))
    assert "(Số liệu tính đến 09 giờ 00 ngày thứ Hai 22/12/2025)" in words
    assert "\nTự đánh giá\nhết ngày thứ Sáu 19/12/2025\n8\n0\n0\n6\n2\n" in words
    assert "2 việc của 2 tổ chức, đơn vị đang quá hạn, lâu nhất 3 ngày." in words


def test_a_remediation_plan_is_the_only_paper_that_says_a_shortcoming(here: Services) -> None:
    with pytest.raises(Refused, match="Chưa ghi hạn chế nào"):
        take(here, "remediation_plan", cycle=commune.YEAR, unit="TH")
    remedied(here)
    for code in (commune.YEAR, f"{commune.YEAR}-kp"):
        words = said(take(here, "remediation_plan", cycle=code, unit="TH"))
        assert "\nchậm đóng đảng phí\nlập lịch thu\nđồng chí Hạng\n31/03/2026\nsổ thu quý I" in words
    assert "phê duyệt (Kế hoạch Lùng Phình 2025 VI.2)." in words
    item = look.item_id(here, "TH", "khac-phuc-1", f"{commune.YEAR}-kp")
    assert "đảng phí" not in said(take(here, "item_page", item=item))


def test_the_contents_say_what_is_there_where_it_lies_and_what_is_missing(here: Services) -> None:
    words = said(export(here, "dossier_contents", CELL, LATE, actor="Lử"))
    assert "2/2 văn bản bắt buộc đến bước tự đánh giá; đủ." in words and "Có, bản giấy: tủ 3, ngăn 2" in words
    assert "- Bộ 1: lưu tại cấp ủy, cơ quan, đơn vị nơi công tác; ngày 18/12/2025, số đến 15." in words
    other = said(export(here, "dossier_contents", About(commune.YEAR, "TY", checklist="ho-so-nam"), LATE, actor="Lử"))
    assert "0/2 văn bản bắt buộc đến bước tự đánh giá; còn thiếu văn bản số 1, 3." in other


def test_a_dossier_leaves_as_one_zip_whose_sums_agree(here: Services) -> None:
    made = export(here, "dossier_zip", CELL, LATE, actor="Lử")
    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        contents, filed, sums = archive.namelist()
        assert (contents, sums) == ("00 - Mục lục hồ sơ.docx", "SHA256.txt")
        assert archive.read(filed) == commune.PDF
        listed = "\n".join(_texts(archive.read(contents)))
        told = dict(line.split("  ")[::-1] for line in archive.read(sums).decode().splitlines())
        assert told == {name: hashlib.sha256(archive.read(name)).hexdigest() for name in (contents, filed)}
    assert filed in listed and f"SHA-256: {told[filed]}" in listed  # the page calls the file as the zip does
    assert made.data == export(here, "dossier_zip", CELL, LATE, actor="Lử").data


def test_the_sheet_of_an_item_says_what_until_when_with_what_and_to_whom(here: Services) -> None:
    item = look.item_id(here, "TH", "ho-so-nam", commune.YEAR)
    made = take(here, "item_page", commune.NOW, item=item)
    words = said(made)
    assert "Hạn: hết ngày thứ Sáu 19/12/2025" in words and "Nay: Còn 11 ngày" in words
    assert "Nộp cho: Ban Thường vụ Đảng ủy xã (qua Ban Xây dựng Đảng Đảng ủy xã)" in words
    assert "đồng chí Vàng Thị Mẩy" in words and "Văn bản gợi ý kiểm điểm\nnếu có" in words
    assert f"{here.settings.board}/items/{item}" in words
    assert made.data != take(here, "item_page", commune.NOW, item=look.item_id(here, "TY", "ho-so-nam", commune.YEAR)).data


def test_the_qr_code_of_the_sheet_takes_the_place_of_the_templates_picture(here: Services) -> None:
    from hanchot.service.papers.item_page import qr

    item = look.item_id(here, "TH", "ho-so-nam", commune.YEAR)
    with zipfile.ZipFile(io.BytesIO(take(here, "item_page", item=item).data)) as archive:
        pictures = [archive.read(name) for name in archive.namelist() if name.startswith("word/media/")]
    assert pictures == [qr(f"{here.settings.board}/items/{item}")]


def recorded(house: Services) -> list[dict[str, object]]:
    """What the chain keeps of every paper that was taken: never a word of the paper."""
    events = look.events(house, "paper.exported")
    for event in events:
        kept = f"{event.subject} {event.reason} {event.data}".casefold()
        assert event.actor == "Bình" and not any(one.casefold() in kept for one in SECRET)
    return [json.loads(event.data) for event in events]


def test_who_took_which_paper_of_what_is_recorded(cell: tuple[Services, list[int]]) -> None:
    house, members = cell
    take(house, "result_notice", judging.NOW, subject=members[0])
    take(house, "tally_minutes", judging.NOW, ballot=1)
    take(house, "results_decided", judging.NOW, form="xlsx", cycle=judging.CODE)
    assert recorded(house) == [
        {"paper": "result_notice", "form": "docx", "of": {"subject": members[0]}},
        {"paper": "tally_minutes", "form": "docx", "of": {"ballot": 1}},
        {"paper": "results_decided", "form": "xlsx", "of": {"cycle": judging.CODE}},
    ]


def test_that_a_person_has_shortcomings_is_no_matter_of_the_chain(here: Services) -> None:
    about = About(commune.YEAR, "TH", commune.LU)
    result = Result(commune.YEAR, "TH", commune.DECIDED_ON, commune.LU, date(2025, 12, 26), "Đảng ủy xã", "07-KH/CB")
    open_for(here, result, [Line("kín", "lập lịch", "Lử", date(2026, 3, 31), "sổ")], LATE, actor="ban")
    assert "của đồng chí Cư Seo Lử" in said(export(here, "remediation_plan", about, LATE, actor="Bình"))
    [kept] = recorded(here)
    assert kept["of"] == {"cycle": commune.YEAR, "unit": "TH", "one_person": True}


@pytest.mark.parametrize(
    ("about", "error", "words"),
    [
        ({"key": "giay-khen", "cycle": "x"}, NotFound, r"Không có văn bản “giay-khen”\. Có: results_proposed"),
        ({"key": "reminder-letter"}, HanChotError, r"Chưa nêu mã đợt của văn bản\. Nêu rồi lập lại\."),
        ({"key": "dossier-zip", "cycle": commune.YEAR, "unit": "TH"}, HanChotError, "Chưa nêu khóa danh mục hồ sơ"),
        ({"key": "progress_report", "cycle": commune.YEAR, "ballot": 1}, HanChotError, "“Báo cáo tiến độ” không dùng số phiếu"),
        ({"key": "item_page", "item": 1, "form": "xlsx"}, HanChotError, r"không có dạng “xlsx”\. Các dạng: docx"),
        ({"key": "reminder_letter", "cycle": commune.YEAR, "unit": "KHO"}, NotFound, "không có đơn vị mã “KHO”"),
        ({"key": "item_page", "item": 1, "cycle": "khac-2025"}, NotFound, "thuộc đợt “lung-phinh-2025”, không phải"),
        ({"key": "item_page", "item": 999}, NotFound, "Không có việc số 999"),
        ({"key": "tally_minutes", "ballot": 999}, NotFound, "Không có phiếu số 999"),
        ({"key": "results_decided", "cycle": commune.YEAR}, Refused, "chưa có kết quả nào để lập danh sách"),
    ],
    ids=lambda value: value["key"] if isinstance(value, dict) else "",
)
def test_what_cannot_be_printed_is_said_and_not_recorded(
    here: Services, about: dict[str, object], error: type[HanChotError], words: str
) -> None:
    wanted = dict(about)
    with pytest.raises(error, match=words):
        take(here, str(wanted.pop("key")), form=wanted.pop("form", None), **wanted)  # type: ignore[arg-type]
    assert look.events(here, "paper.exported") == []


def test_staffs_own_template_is_used_kept_recorded_and_given_back(here: Services) -> None:
    own = _template("{{ reference }} – mẫu của xã")
    left_out = replace_template(here, "reminder_letter", own, "Mẩy", LATE).left_out
    assert "head.number" in left_out
    assert "V/v đôn đốc" in said(take(here, "reminder_letter", cycle=commune.YEAR))
    assert "mẫu của xã" in said(take(here, "reminder_letter", cycle=commune.YEAR))
    second = replace_template(here, "reminder_letter", _template("{{ reference }} lần hai"), "Mẩy", LATE)
    assert second.kept is not None and second.kept.read_bytes() == own
    assert restore_template(here, "reminder_letter", "Mẩy", LATE).exists()
    assert template_of(here, "reminder_letter") is None
    assert "BAN XÂY DỰNG ĐẢNG" in said(take(here, "reminder_letter", cycle=commune.YEAR))
    [first, *_] = look.events(here, "template.replaced")
    assert first.became == hashlib.sha256(own).hexdigest() and len(look.events(here, "template.restored")) == 1


def test_a_template_that_asks_for_what_is_not_there_is_refused_and_changes_nothing(here: Services) -> None:
    with pytest.raises(BadDocument, match="không có trong danh sách chỗ trống"):
        replace_template(here, "reminder_letter", _template("{{ rating }}"), "Mẩy", LATE)
    with pytest.raises(NotFound, match=r"Không có mẫu văn bản “\.\./etc”"):
        replace_template(here, "../etc", delivered("reminder_letter"), "Mẩy", LATE)
    assert template_of(here, "reminder_letter") is None and look.events(here, "template.replaced") == []


def test_a_paper_that_holds_ratings_votes_or_shortcomings_is_marked_so() -> None:
    marked = {key for key, paper in PAPERS_OUT.items() if paper.confidential}
    assert marked == {
        "results_proposed", "results_decided", "tally_minutes", "result_notice", "remediation_plan", "dossier_zip",
    }  # fmt: skip
    assert paper_out("item-page").formats == ("docx",)
    assert set(PAPERS_OUT) - {"dossier_zip"} == {file.stem for file in word.FOLDER.glob("*.docx")}


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("366-qd-tw", "Quy định số 366-QĐ/TW của Bộ Chính trị về kiểm điểm và đánh giá, xếp loại chất lượng đối với tập thể"),
        ("13-hd-tu", "Hướng dẫn số 13-HD/TU của Ban Thường vụ Tỉnh ủy Quảng Ngãi một số nội dung về kiểm điểm và đánh giá"),
        ("09-qd-tu", "Quy định số 09-QĐ/TU của Ban Thường vụ Tỉnh ủy Lào Cai"),  # its title was not seen
        ("thi-xa-2022", "Kế hoạch thị xã 2022 của Ban Thường vụ Thị ủy"),
    ],
)
def test_a_basis_is_cited_as_a_paper_cites_it_and_never_by_a_title_of_ours(key: str, words: str) -> None:
    said = cited_regulation(find_regulation(key))
    assert said.startswith(words) and " mà " not in said and "(" not in said


@pytest.mark.parametrize("name", ["a/b\\c:d*?.x", "Đảng\u202ephf", "x" * 300])
def test_a_files_name_is_one_that_every_system_takes(name: str) -> None:
    made = file_name("Công văn", name, ending="docx")
    assert len(made) <= 125 and made.endswith(".docx") and not set(made) & set('/\\:*?"<>|\u202e')


def _template(text: str) -> bytes:
    document, target = Document(), io.BytesIO()
    document.add_paragraph(text)
    document.save(target)
    return target.getvalue()
