"""Writes ``templates/papers/*.docx``: ``python -m hanchot.papers.make_templates [FOLDER]``.

The templates in the repository are what this script makes, so a change of form can be read as a change of text. Staff may
replace any of them by a file of their own with the same placeholders (``hanchot.papers.placeholders.names``).
"""

from __future__ import annotations

import sys
from pathlib import Path

from docx.document import Document as Doc
from docx.table import _Cell

from hanchot.papers import form
from hanchot.papers.word import FOLDER


def results(decided: bool) -> Doc:
    """Danh sách kết quả, đề xuất (Phụ lục 13) or decided (Phụ lục 14); lying, with a column more once it is decided."""
    document = form.new("Danh sách kết quả đánh giá, xếp loại", wide=True)
    form.line(document, "{{ form }}", align=form.RIGHT, italic=True, size=13)
    _head(document)
    _title(document, "DANH SÁCH")
    form.control(document, "{%p if opening %}")
    form.line(document, "({{ opening }})", italic=True, before=2)
    form.control(document, "{%p endif %}")
    _bases(document)
    wide = 0 if decided else 30
    titles = [("TT", 12), ("Họ và tên / Tập thể", 52 + wide // 3), ("Chức vụ, đơn vị", 47 + wide // 3), ("Điểm", 16)]
    titles += [("Tự xếp loại", 34), ("Mức đề xuất", 34), *([("Mức quyết định", 34)] if decided else [])]
    table = form.grid(document, [*titles, ("Ghi chú", 28 + wide // 3 + (0 if decided else 4))])
    fields = ["number", "name", "post", "score", "self_rated", "proposed", *(["decided"] if decided else []), "note"]
    form.command_row(table, "{%tr for group in groups %}")
    form.spanning_row(table, "{{ group.title }}")
    form.command_row(table, "{%tr for row in group.rows %}")
    form.row(table, [f"{{{{ row.{field} }}}}" for field in fields], centered=(0, 3))
    form.command_row(table, "{%tr endfor %}")
    form.command_row(table, "{%tr endfor %}")
    form.gap(document)
    form.control(document, "{%p if totals %}")
    form.body(document, "", "Tổng hợp:").paragraph_format.keep_with_next = True
    form.control(document, "{%p endif %}")
    form.each(
        document,
        "total",
        "- {{ total.level }}: {{ total.count }}{% if total.share %} ({{ total.share }}){% endif %}.",
        "totals",
        last=True,
    )
    form.control(document, "{%p if quota %}")
    form.body(document, "{{ quota }}").paragraph_format.keep_with_next = True
    form.control(document, "{%p endif %}")
    return _end(document)


def tally_minutes() -> Doc:
    """Biên bản kiểm phiếu: tallies only, two signatures."""
    document = form.new("Biên bản kiểm phiếu")
    _head(document)
    _title(document, "BIÊN BẢN")
    _bases(document)
    form.body(document, "{{ opened }}, tại {{ place }}, {{ purpose }}.")
    form.heading(document, "I. THÀNH PHẦN")
    form.body(document, "- Chủ trì: {{ chair }}.")
    form.body(document, "- Thư ký: {{ secretary }}.")
    form.body(document, "- Số người được triệu tập: {{ convened }}; có mặt: {{ present }}; vắng mặt: {{ absent }}.")
    form.body(document, "- Tổ kiểm phiếu gồm:")
    form.each(document, "teller", "+ {{ teller }}.", "tellers")
    form.heading(document, "II. KẾT QUẢ KIỂM PHIẾU")
    form.control(document, "{%p for round in rounds %}")
    form.body(document, "", "{{ round.title }}").paragraph_format.keep_with_next = True
    counts = "Số phiếu phát ra: {{ round.issued }}; thu vào: {{ round.collected }}; hợp lệ: {{ round.valid }}; "
    form.body(document, counts + "không hợp lệ: {{ round.invalid }}.").paragraph_format.keep_with_next = True
    levels = [("Hoàn thành xuất sắc", 22), ("Hoàn thành tốt", 21), ("Hoàn thành nhiệm vụ", 22), ("Không hoàn thành", 22)]
    table = form.grid(document, [("TT", 11), ("Tập thể, cá nhân", 40), *levels, ("Kết quả", 27)], size=11)
    form.command_row(table, "{%tr for line in round.lines %}")
    fields = ("number", "name", "excellent", "good", "done", "failed", "outcome")
    form.row(table, [f"{{{{ line.{field} }}}}" for field in fields], centered=(0, 2, 3, 4, 5))
    form.command_row(table, "{%tr endfor %}")
    form.gap(document, 3)
    form.control(document, "{%p endfor %}")
    form.body(document, "{{ rule }}.", "Cách tính: ")
    form.heading(document, "III. KẾT LUẬN")
    form.each(document, "sentence", "{{ sentence }}", "conclusion", last=True)
    form.body(document, "{{ closed }}.").paragraph_format.keep_with_next = True
    _notes(document)
    form.gap(document)
    left, right = form.columns(document, (80, 85))
    _signed(left, "teller_signature")
    _signed(right, "signature")
    _recipients_below(document)
    return document


def result_notice() -> Doc:
    """Thông báo kết quả."""
    document = form.new("Thông báo kết quả đánh giá, xếp loại")
    _head(document)
    _title(document, "THÔNG BÁO")
    _bases(document)
    form.body(document, "{{ opening }}")
    form.body(document, "{{ subject }}{% if post %}, {{ post }}{% endif %}.", "1. Đối tượng: ")
    form.body(document, "{{ level }}.", "2. Mức xếp loại: ")
    form.body(document, "{{ decision }}.", "3. Căn cứ quyết định: ")
    for title, over in (("Ưu điểm nổi bật:", "strengths"), ("Hạn chế, khuyết điểm cần khắc phục:", "shortcomings"),
                        ("Yêu cầu thực hiện:", "requests")):  # fmt: skip
        _listed(document, title, over)
    form.control(document, "{%p if complaint %}")
    form.body(document, "{{ complaint }}").paragraph_format.keep_with_next = True
    form.control(document, "{%p endif %}")
    return _end(document)


def reminder_letter() -> Doc:
    """Công văn đôn đốc: no title, the matter stands under the number."""
    document = form.new("Công văn đôn đốc")
    left, _ = _head(document)
    form.line(left, "{{ reference }}", size=12, italic=True)
    form.line(document, "", size=10)
    label, names = form.columns(document, (55, 110))
    form.line(label, "Kính gửi:", align=form.RIGHT)
    form.control(names, "{%p for name in to %}")
    form.line(names, "{{ name }}", align=form.LEFT)
    form.control(names, "{%p endfor %}")
    form.line(names, "", size=6)  # Word wants a paragraph at the end of a cell
    _bases(document)
    form.body(document, "{{ opening }}")
    titles = (("TT", 11), ("Tập thể, đơn vị", 45), ("Việc phải làm", 47), ("Hạn", 34), ("Tình trạng", 28))
    _table(document, titles, "duties", ("number", "unit", "duty", "deadline", "standing"))
    form.each(document, "request", "{{ request }}", "requests", last=True)
    form.control(document, "{%p if closing %}")
    form.body(document, "{{ closing }}").paragraph_format.keep_with_next = True
    form.control(document, "{%p endif %}")
    return _end(document)


def remediation_plan() -> Doc:
    """Kế hoạch khắc phục, lying, so that measures have room."""
    document = form.new("Kế hoạch khắc phục hạn chế, khuyết điểm", wide=True)
    _head(document)
    _title(document, "KẾ HOẠCH")
    _bases(document)
    form.heading(document, "I. MỤC ĐÍCH, YÊU CẦU")
    form.each(document, "sentence", "{{ sentence }}", "purpose")
    form.heading(document, "II. NỘI DUNG KHẮC PHỤC")
    titles = (("TT", 12), ("Hạn chế, khuyết điểm", 66), ("Biện pháp khắc phục", 70), ("Người chịu trách nhiệm", 40),
              ("Thời hạn", 30), ("Minh chứng hoàn thành", 39))  # fmt: skip
    _table(document, titles, "items", ("number", "shortcoming", "measure", "responsible", "deadline", "evidence"), (0, 4))
    form.heading(document, "III. TỔ CHỨC THỰC HIỆN")
    form.each(document, "sentence", "{{ sentence }}", "execution", last=True)
    form.control(document, "{%p if approval %}")
    form.body(document, "{{ approval }}").paragraph_format.keep_with_next = True
    form.control(document, "{%p endif %}")
    return _end(document)


def progress_report() -> Doc:
    """Báo cáo tiến độ."""
    document = form.new("Báo cáo tiến độ")
    _head(document)
    _title(document, "BÁO CÁO")
    form.line(document, "(Số liệu tính đến {{ as_of }})", italic=True)
    _bases(document)
    form.control(document, "{%p if opening %}")
    form.body(document, "{{ opening }}")
    form.control(document, "{%p endif %}")
    form.heading(document, "I. TIẾN ĐỘ THEO BƯỚC")
    titles = (
        ("Bước", 40),
        ("Hạn", 35),
        ("Tổng số", 16),
        ("Đúng hạn", 18),
        ("Xong muộn", 18),
        ("Đang chờ", 18),
        ("Quá hạn", 20),
    )
    fields = ("stage", "deadline", "total", "on_time", "done_late", "waiting", "overdue")
    _table(document, titles, "stages", fields, (2, 3, 4, 5, 6), row_name="stage")
    form.control(document, "{%p if late %}")
    form.heading(document, "II. TẬP THỂ, ĐƠN VỊ QUÁ HẠN")
    form.control(document, "{%p else %}")
    form.heading(document, "II. KHÔNG CÓ TẬP THỂ, ĐƠN VỊ QUÁ HẠN")
    form.control(document, "{%p endif %}")
    form.control(document, "{%p if late %}")
    late_titles = (("TT", 11), ("Tập thể, đơn vị", 47), ("Việc", 45), ("Hạn", 34), ("Tình trạng", 28))
    _table(document, late_titles, "late", ("number", "unit", "duty", "deadline", "standing"))
    form.control(document, "{%p endif %}")
    _listed(document, "Nhận xét:", "remarks")
    _listed(document, "Đề xuất, kiến nghị:", "proposals")
    return _end(document)


def dossier_contents() -> Doc:
    """Mục lục hồ sơ."""
    document = form.new("Mục lục hồ sơ")
    _head(document)
    _title(document, "MỤC LỤC HỒ SƠ")
    form.body(document, "{{ subject }}.", "Hồ sơ của: ")
    form.body(document, "{{ period }}.", "Kỳ đánh giá: ")
    form.body(document, "{{ completeness }}.", "Mức đầy đủ: ")
    _bases(document)
    titles = (("TT", 11), ("Tên văn bản", 46), ("Căn cứ", 18), ("Tình trạng", 30), ("Số bản", 13), ("Tệp kèm theo", 47))
    fields = ("number", "title", "basis", "standing", "copies", "file")
    _table(document, titles, "items", fields, (0, 4), fingerprint=True)
    form.control(document, "{%p if sets %}")
    form.body(document, "", "Nơi lưu giữ:").paragraph_format.keep_with_next = True
    form.control(document, "{%p endif %}")
    form.each(
        document, "set", "- Bộ {{ set.number }}: {{ set.kept_at }}{% if set.receipt %}; {{ set.receipt }}{% endif %}.", "sets"
    )
    return _end(document)


def item_page() -> Doc:
    """Phiếu việc: one duty on one sheet, to be filled in by hand and handed over."""
    document = form.new("Phiếu việc")
    _head(document)
    _title(document, "PHIẾU VIỆC")
    _bases(document)
    facts, code = form.columns(document, (125, 40))
    labels = (("Đơn vị: ", "unit"), ("Việc: ", "duty"), ("Theo: ", "clause"), ("Hạn: ", "deadline"), ("Nay: ", "standing"))
    for label, field in labels:
        form.said(facts, label, f"{{{{ {field} }}}}")
    form.picture(code, "qr", 30)
    form.line(code, "Quét để mở việc này", size=9, italic=True)
    form.line(code, "{{ address }}", size=8, italic=True)
    form.control(document, "{%p for wait in waits %}")
    form.body(document, "{{ wait }}.", "Chỉ làm được sau khi xong: ")
    form.control(document, "{%p endfor %}")
    form.control(document, "{%p if papers %}")
    form.body(document, "", "Giấy tờ kèm theo").paragraph_format.keep_with_next = True
    form.control(document, "{%p endif %}")
    form.control(document, "{%p if papers %}")
    titles = (("TT", 12), ("Tên giấy tờ", 103), ("Yêu cầu", 30), ("Đã kèm", 20))
    table = form.grid(document, titles, size=11)
    form.command_row(table, "{%tr for row in papers %}")
    form.row(table, ["{{ row.number }}", "{{ row.title }}", "{{ row.standing }}", "☐"], (0, 3), size=11)
    form.command_row(table, "{%tr endfor %}")
    form.gap(document, 3)
    form.control(document, "{%p endif %}")
    form.body(document, "{{ hand_to }}.", "Nộp cho: ")
    form.heading(document, "PHẦN ĐƠN VỊ GHI")
    day = "ngày …… / …… / …………"
    asked = (
        (f"☐ Đã làm xong {day}, văn bản số ", 54),
        (f"☐ Xin thêm thời gian đến {day}, lý do: ", 44),
        ("Nội dung khác: ", 84),
    )
    for text, dots in asked:
        form.line(document, text + "." * dots, align=form.LEFT, size=12, before=4).paragraph_format.keep_with_next = True
    _notes(document)
    form.gap(document, 3)
    left, right = form.columns(document, (80, 85))
    form.line(left, "NGƯỜI NỘP", bold=True)
    form.line(left, "(ký, ghi rõ họ tên)", italic=True, size=12)
    _signed(right, "signature", room=1)
    _recipients(document)
    return document


def _head(document: Doc) -> tuple[_Cell, _Cell]:
    room = form.width(document)
    right_mm = 95 if room < 200 else 120
    left, right = form.columns(document, (room - right_mm, right_mm))
    form.line(left, "{{ head.superior }}")
    form.line(left, "{{ head.issuer }}", bold=True)
    form.line(left, "*")
    form.line(left, "{{ head.number }}")
    form.ruled(form.line(right, "ĐẢNG CỘNG SẢN VIỆT NAM", size=15, bold=True), (right_mm - 80) / 2)
    form.line(right, "{{ head.place_and_date }}", italic=True, before=8)
    return left, right


def _title(document: Doc, kind: str) -> None:
    form.line(document, kind, size=16, bold=True, before=14)
    form.line(document, "{{ summary }}", size=14, bold=True)
    form.line(document, "-----")


def _bases(document: Doc) -> None:
    form.control(document, "{%p for basis in bases %}")
    form.body(document, "{{ basis }}", italic=True)
    form.control(document, "{%p endfor %}")


def _notes(document: Doc) -> None:
    form.control(document, "{%p if notes %}")
    form.line(document, "Ghi chú:", align=form.LEFT, size=12, bold=True, before=6).paragraph_format.keep_with_next = True
    form.control(document, "{%p endif %}")
    form.control(document, "{%p for note in notes %}")
    form.line(document, "- {{ note }}", align=form.LEFT, size=12, italic=True).paragraph_format.keep_with_next = True
    form.control(document, "{%p endfor %}")


def _listed(document: Doc, title: str, over: str) -> None:
    form.control(document, f"{{%p if {over} %}}")
    form.body(document, "", title).paragraph_format.keep_with_next = True
    form.control(document, "{%p endif %}")
    form.each(document, "sentence", "- {{ sentence }}", over, last=True)


def _table(
    document: Doc,
    titles: tuple[tuple[str, int], ...],
    over: str,
    fields: tuple[str, ...],
    centered: tuple[int, ...] = (0,),
    row_name: str = "row",
    fingerprint: bool = False,
) -> None:
    table = form.grid(document, titles)
    form.command_row(table, f"{{%tr for {row_name} in {over} %}}")
    made = form.row(table, [f"{{{{ {row_name}.{field} }}}}" for field in fields], centered)
    if fingerprint:
        for text in (f"{{%p if {row_name}.fingerprint %}}", f"SHA-256: {{{{ {row_name}.fingerprint }}}}", "{%p endif %}"):
            form.line(made.cells[-1], text, align=form.LEFT, size=9, italic=True)
    form.command_row(table, "{%tr endfor %}")
    form.gap(document)


def _end(document: Doc) -> Doc:
    """Notes, then recipients at the left and the signature at the right, kept together."""
    _notes(document)
    room = form.width(document)
    form.gap(document, 8)
    left, right = form.columns(document, (room - 85, 85))
    _recipients(left)
    _signed(right, "signature")
    return document


def _recipients(place: Doc | _Cell) -> None:
    form.control(place, "{%p if recipients %}")
    form.line(place, "Nơi nhận:", align=form.LEFT, underline=True)
    form.control(place, "{%p endif %}")
    form.control(place, "{%p for recipient in recipients %}")
    form.line(place, "- {{ recipient }}", align=form.LEFT, size=12)
    form.control(place, "{%p endfor %}")
    form.line(place, "", size=6)  # Word wants a paragraph at the end of a cell


def _recipients_below(document: Doc) -> None:
    form.line(document, "", size=8)
    _recipients(document)


def _signed(cell: _Cell, who: str, room: int = 4) -> None:
    form.line(cell, f"{{{{ {who}.authority }}}}", bold=True)
    form.line(cell, f"{{{{ {who}.title }}}}")
    for _ in range(room):
        form.line(cell, "")
    form.line(cell, f"{{{{ {who}.name }}}}", bold=True)
    for paragraph in cell.paragraphs[:-1]:
        paragraph.paragraph_format.keep_with_next = True


def all_templates() -> dict[str, bytes]:
    """Every template by the name of its paper."""
    made = {
        "results_proposed": results(decided=False),
        "results_decided": results(decided=True),
        "tally_minutes": tally_minutes(),
        "result_notice": result_notice(),
        "reminder_letter": reminder_letter(),
        "remediation_plan": remediation_plan(),
        "progress_report": progress_report(),
        "dossier_contents": dossier_contents(),
        "item_page": item_page(),
    }
    return {name: form.finished(document) for name, document in made.items()}


def main(folder: Path = FOLDER) -> None:
    """Write them all; files that staff have put there under the same names are replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in all_templates().items():
        (folder / f"{name}.docx").write_bytes(data)


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))
