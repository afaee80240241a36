"""Which papers also go out as Excel or CSV, and with which columns. Pure."""

from __future__ import annotations

from hanchot.papers.sheet import Column, Sheet
from hanchot.papers.views import DecidedResults, DossierContents, ProgressReport, RemediationPlan, ResultList


def results_sheet(view: ResultList, levels: tuple[str, ...]) -> Sheet:
    """A list of results; ``levels`` are the regulation's words, offered in the three level columns."""
    decided = isinstance(view, DecidedResults)
    columns = [
        Column(title="TT", width=6, centered=True),
        Column(title="Nhóm", width=14),
        Column(title="Họ và tên / Tập thể", width=26),
        Column(title="Chức vụ, đơn vị", width=28),
        Column(title="Điểm", width=9, centered=True),
        Column(title="Tự xếp loại", width=20, choices=levels),
        Column(title="Mức đề xuất", width=20, choices=levels),
    ]
    columns += [Column(title="Mức quyết định", width=20, choices=levels)] if decided else []
    rows = []
    for group in view.groups:
        for row in group.rows:
            cells = (row.number, group.title, row.name, row.post, row.score, row.self_rated, row.proposed)
            rows.append((*cells, *((row.decided,) if decided else ()), row.note))
    return Sheet(
        name=view.form or "Kết quả",
        heading=(view.head.issuer, f"DANH SÁCH {view.summary}"),
        columns=(*columns, Column(title="Ghi chú", width=20)),
        rows=tuple(rows),
        notes=tuple(text for text in (view.quota, *view.notes) if text),
    )


def remediation_sheet(view: RemediationPlan) -> Sheet:
    """The items of a remediation plan."""
    titles = ("Hạn chế, khuyết điểm", "Biện pháp khắc phục", "Người chịu trách nhiệm", "Thời hạn", "Minh chứng hoàn thành")
    return Sheet(
        name="Khắc phục",
        heading=(view.head.issuer, f"KẾ HOẠCH {view.summary}"),
        columns=(Column(title="TT", width=6, centered=True), *(Column(title=title, width=30) for title in titles)),
        rows=tuple((i.number, i.shortcoming, i.measure, i.responsible, i.deadline, i.evidence) for i in view.items),
        notes=view.notes,
    )


def progress_sheets(view: ProgressReport) -> tuple[Sheet, Sheet]:
    """Progress by stage, and the late units."""
    heading = (view.head.issuer, f"BÁO CÁO {view.summary}", f"Số liệu tính đến {view.as_of}")
    counts = ("Tổng số", "Đúng hạn", "Xong muộn", "Đang chờ", "Quá hạn")
    stages = Sheet(
        name="Tiến độ",
        heading=heading,
        columns=(
            Column(title="Bước", width=24),
            Column(title="Hạn", width=28),
            *(Column(title=title, width=11, centered=True) for title in counts),
        ),
        rows=tuple((s.stage, s.deadline, s.total, s.on_time, s.done_late, s.waiting, s.overdue) for s in view.stages),
        notes=view.notes,
    )
    late = Sheet(
        name="Quá hạn",
        heading=heading,
        columns=(
            Column(title="TT", width=6, centered=True),
            *(Column(title=title, width=30) for title in ("Tập thể, đơn vị", "Việc", "Hạn", "Tình trạng")),
        ),
        rows=tuple((d.number, d.unit, d.duty, d.deadline, d.standing) for d in view.late),
    )
    return stages, late


def contents_sheet(view: DossierContents) -> Sheet:
    """The table of contents of a dossier."""
    return Sheet(
        name="Mục lục",
        heading=(f"MỤC LỤC HỒ SƠ {view.summary}", view.subject, view.period),
        columns=(
            Column(title="TT", width=6, centered=True),
            Column(title="Tên văn bản", width=48),
            Column(title="Căn cứ", width=24),
            Column(title="Tình trạng", width=18),
            Column(title="Số bản", width=8, centered=True),
            Column(title="Tệp kèm theo", width=36),
            Column(title="SHA-256", width=24),
        ),
        rows=tuple((i.number, i.title, i.basis, i.standing, i.copies, i.file, i.fingerprint) for i in view.items),
        notes=view.notes,
    )
