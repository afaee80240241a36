"""The zip of a dossier: names that stay inside, caps, and the same bytes for the same papers."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hanchot.domain.errors import BadDocument
from hanchot.papers import dossier_zip
from hanchot.papers.dossier_zip import CONTENTS, SUMS, DossierFile, names_inside, write_dossier

HOSTILE = ["../../etc/passwd", "/etc/passwd", "C:\\Windows\\x.exe", "..", ".", "", "CON", "nul.txt", "a\x00b", "a\nb",
           "x" * 400, "ảnh\u202egpj.exe", "a:b", "a/../../b", "\ufeff", "đ" * 300, "tên.", "tên "]  # fmt: skip
anything = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=80))


def paper(number: int, title: str, came_as: str = "x.pdf", content: bytes | Path = b"x") -> DossierFile:
    return DossierFile(number=number, title=title, came_as=came_as, content=content)


def written(*files: DossierFile) -> bytes:
    target = io.BytesIO()
    write_dossier(target, b"table of contents", files)
    return target.getvalue()


def test_a_dossier_opens_with_its_table_of_contents_and_ends_with_sums(tmp_path: Path) -> None:
    scan = tmp_path / "b7f3"
    scan.write_bytes(b"%PDF" * 1000)
    data = written(paper(1, "Bản kiểm điểm cá nhân", "ban kiem diem.DOCX"), paper(3, "Biên bản hội nghị", "quet.pdf", scan))

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        assert names == [CONTENTS, "01 - Bản kiểm điểm cá nhân.docx", "03 - Biên bản hội nghị.pdf", SUMS]
        for line in archive.read(SUMS).decode().splitlines():
            sum_, _, name = line.partition("  ")
            assert hashlib.sha256(archive.read(name)).hexdigest() == sum_
        assert all(member.flag_bits & 0x800 for member in archive.infolist() if not member.filename.isascii())  # UTF-8 names


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 99), anything, anything), max_size=12))
def test_no_name_escapes_collides_or_hides(given_names: list[tuple[int, str, str]]) -> None:
    names = names_inside([paper(number, title, came_as) for number, title, came_as in given_names])

    assert len({name.casefold() for name in (*names, CONTENTS, SUMS)}) == len(names) + 2
    for name in names:
        assert PureWindowsPath(name).name == name
        assert not PureWindowsPath(name).is_reserved()
        assert name.isprintable()
        assert len(name.encode()) <= 200
        assert name.rstrip(" .") == name


def test_the_zip_unpacks_inside_its_folder(tmp_path: Path) -> None:
    data = written(*(paper(n, title, title) for n, title in enumerate(HOSTILE)))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path / "in")

    assert [path.name for path in tmp_path.iterdir()] == ["in"]
    assert len(list((tmp_path / "in").iterdir())) == len(HOSTILE) + 2
    assert all(path.is_file() for path in (tmp_path / "in").iterdir())


def test_two_papers_of_one_title_keep_both() -> None:
    assert names_inside([paper(4, "Ý kiến góp ý"), paper(4, "ý kiến góp ý")]) == (
        "04 - Ý kiến góp ý.pdf",
        "04 - ý kiến góp ý (2).pdf",
    )


def test_the_same_papers_give_the_same_bytes() -> None:
    assert written(paper(1, "a")) == written(paper(1, "a"))


def test_caps_are_refusals_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dossier_zip, "MAX_FILE", 1000)
    monkeypatch.setattr(dossier_zip, "MAX_ALL", 1500)
    with pytest.raises(BadDocument, match="01 - to"):
        written(paper(1, "to", content=b"x" * 1001))
    with pytest.raises(BadDocument, match="02 - b"):
        written(paper(1, "a", content=b"x" * 900), paper(2, "b", content=b"x" * 900))
    with pytest.raises(BadDocument, match="501 tệp"):
        written(*(paper(n, "a") for n in range(501)))


def test_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadDocument, match="02 - Bản nhận xét"):
        written(paper(2, "Bản nhận xét", content=tmp_path / "gone"))
