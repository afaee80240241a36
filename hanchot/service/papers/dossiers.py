"""The table of contents of a dossier (mục lục hồ sơ), and the dossier as one zip with the papers that were handed in."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

import sqlalchemy as sa

from hanchot.domain.dossier import Paper as Wanted
from hanchot.domain.errors import NotFound
from hanchot.domain.stage import STAGES, Stage
from hanchot.papers.dossier_zip import DossierFile, names_inside, write_dossier
from hanchot.papers.views import DossierContents, DossierItem, DossierSet, Signature
from hanchot.service.folders import Folder, Paper, Standing, checklist_of, of_unit, stand
from hanchot.service.papers.desk import About, Desk
from hanchot.store.keeping_tables import paper
from hanchot.store.tables import cycle_stage


def standing(desk: Desk, about: About) -> Standing:
    """The folder beside its checklist, as of the furthest stage that has begun. Raises ``NotFound``."""
    branch = desk.branch(about.need("unit"))
    checklist = checklist_of(desk.services, desk.connection, desk.cycle_id, about.need("checklist"))
    mine = of_unit(desk.connection, desk.cycle_id, checklist.key, branch.id)
    folder = next((one for one in mine if one.person == about.person), None)
    if folder is None:
        raise NotFound(
            f"Chưa lập hồ sơ của “{about.person}” ở “{branch.code}”.", way_out="Nộp giấy đầu tiên để lập.", value=about.person
        )
    return stand(folder, checklist, _stage(desk))


def contents(desk: Desk, about: About) -> DossierContents:
    """What the list asks for, what is there, and what is missing; files by the names that they have in the zip."""
    found = standing(desk, about)
    office = desk.office(desk.unit(found.folder.unit_id))
    doubts = tuple(f"({one.paper.no}) {one.paper.doubt}" for one in found.judged.papers if one.required and one.paper.doubt)
    return DossierContents(
        head=office.head("HS", desk.today), signature=Signature(authority="NGƯỜI LẬP", title="(ký, ghi rõ họ tên)"),
        summary=f"đánh giá, xếp loại chất lượng {desk.period.vi}", subject=_subject(found.folder, office.name),
        period=desk.period.vi, completeness=_completeness(found), items=_items(found), sets=_sets(found), notes=doubts,
    )  # fmt: skip


def zipped(desk: Desk, found: Standing, contents_docx: bytes) -> bytes:
    """The contents, the papers and their SHA-256. Each paper passes over the disk, so that no two stand in memory."""
    filed, target = _filed(found), io.BytesIO()
    with tempfile.TemporaryDirectory(prefix="hanchot-ho-so-") as folder:
        files = []
        for wanted, there in filed:
            copy = Path(folder) / str(there.id)
            copy.write_bytes(desk.connection.execute(sa.select(paper.c.body).where(paper.c.id == there.id)).scalar_one())
            files.append(_file(wanted, there, copy))
        write_dossier(target, contents_docx, files)
    return target.getvalue()


def _stage(desk: Desk) -> Stage:
    begun = (cycle_stage.c.cycle_id == desk.cycle_id) & (cycle_stage.c.state != "pending")
    stages = [Stage(one) for one in desk.connection.execute(sa.select(cycle_stage.c.stage).where(begun)).scalars()]
    return max([Stage.SELF_ASSESS, *stages], key=STAGES.index)


def _filed(found: Standing) -> list[tuple[Wanted, Paper]]:
    """The papers of the list that lie there as files."""
    there = ((wanted, found.folder.paper(wanted.key)) for wanted in found.checklist.papers)
    return [(wanted, one) for wanted, one in there if one is not None and one.sha256]


def _file(wanted: Wanted, there: Paper, content: bytes | Path) -> DossierFile:
    return DossierFile(number=wanted.no, title=wanted.words, came_as=there.name or "", content=content)


def _items(found: Standing) -> tuple[DossierItem, ...]:
    filed = _filed(found)
    files = names_inside([_file(wanted, there, b"") for wanted, there in filed])
    inside = {there.id: name for (_, there), name in zip(filed, files, strict=True)}
    required = {one.paper.key: one for one in found.judged.papers}
    waived = {one.paper: one.reason for one in found.folder.waivers}
    made = []
    for wanted in found.checklist.papers:
        there, asked = found.folder.paper(wanted.key), required.get(wanted.key)
        if there is None and asked is None:
            continue  # a paper of other people
        if there is not None:
            standing_ = "Có" if there.sha256 else f"Có, bản giấy: {there.place}"
        elif wanted.key in waived:
            standing_ = f"Được miễn: {waived[wanted.key]}"
        else:
            standing_ = "Thiếu" if asked and asked.required else f"Chưa có ({asked.why})" if asked else ""
        made.append(DossierItem(
            number=str(wanted.no), title=wanted.words, basis=wanted.cited.clause, standing=standing_,
            copies="01" if there else "", file=inside.get(there.id, "") if there else "",
            fingerprint=there.sha256 or "" if there else "",
        ))  # fmt: skip
    return tuple(made)


def _completeness(found: Standing) -> str:
    """``3/4 văn bản bắt buộc; còn thiếu văn bản số 4``."""
    needed = [one.paper for one in found.judged.papers if one.required]
    waived = {one.paper for one in found.folder.waivers}
    lacking = [one for one in needed if not found.folder.paper(one.key) and not (one.waivable and one.key in waived)]
    said = f"{len(needed) - len(lacking)}/{len(needed)} văn bản bắt buộc đến bước {found.stage.vi}"
    numbers = ", ".join(str(one.no) for one in lacking)
    return f"{said}; còn thiếu văn bản số {numbers}" if lacking else f"{said}; đủ"


def _sets(found: Standing) -> tuple[DossierSet, ...]:
    kept = {one.set_no: one for one in found.folder.kept}
    return tuple(
        DossierSet(
            number=str(n), kept_at=kept[n].place if n in kept else copy.words,
            receipt=f"ngày {kept[n].day:%d/%m/%Y}{f', số đến {kept[n].number}' if kept[n].number else ''}" if n in kept else "",
        )
        for n, copy in enumerate(found.checklist.sets, 1)
    )  # fmt: skip


def _subject(folder: Folder, unit: str) -> str:
    return f"đồng chí {folder.whose.name}, {unit}" if folder.person else folder.whose.name
