"""The papers of the three judged years as pictures: ``make papers``. Needs LibreOffice and poppler; nothing else does.

All papers are made from the stories' databases and converted by one call of LibreOffice, with a profile of its own, so that
one that stands open on the machine is left alone.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from hanchot.papers.packing import repacked
from hanchot.service.papers.desk import File
from hanchot.service.services import Services
from tests.story.cell import year_of_a_cell
from tests.story.district import year_of_a_district
from tests.story.grassroots import year_of_a_grassroots_organisation
from tests.story.judged import Story, lived

MISSING = "needs LibreOffice (soffice) and poppler (pdftoppm, pdftotext, pdfinfo)"
STORIES: dict[str, Callable[[Services, Path], Story]] = {
    "cell": year_of_a_cell,
    "grassroots": year_of_a_grassroots_organisation,
    "district": year_of_a_district,
}
DOTS_PER_INCH = 75
SCREENS = Path(__file__).parents[2] / "docs" / "screens"
# The pictures that the documentation shows: story, paper, which one of that kind, page.
SHOWN = (
    ("cell", "dossier_contents", 1, 1),
    ("cell", "tally_minutes", 1, 1),
    ("cell", "results_decided", 1, 1),
    ("cell", "remediation_plan", 1, 1),
    ("grassroots", "tally_minutes", 1, 1),
    ("grassroots", "item_page", 1, 1),
    ("grassroots", "result_notice", 2, 1),
    ("district", "reminder_letter", 1, 1),
    ("district", "progress_report", 1, 1),
    ("district", "results_decided", 1, 1),
)

# The stories live under real plans, their people are invented: no real body is shown beside an invented rating.
INVENTED = {
    "Lùng Phình": "Tân Lập", "LÙNG PHÌNH": "TÂN LẬP", "Tỉnh ủy Lào Cai": "Tỉnh ủy", "Tỉnh ủy Bình Thuận": "Tỉnh ủy",
    "Bình Thuận": "mẫu", "Lào Cai": "mẫu",
}  # fmt: skip


def missing_program() -> str | None:
    """The first program that is not on this machine."""
    return next((name for name in ("soffice", "pdftoppm", "pdftotext", "pdfinfo") if shutil.which(name) is None), None)


def as_pdf(printed: Sequence[tuple[str, File]], folder: Path) -> list[tuple[str, Path]]:
    """Word papers as PDF, in their order, by one call of LibreOffice."""
    words = [(key, folder / f"{number:02}-{key}.docx") for number, (key, _) in enumerate(printed, 1)]
    for (_, target), (_, made) in zip(words, printed, strict=True):
        target.write_bytes(made.data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    _run("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *(str(file) for _, file in words))
    return [(key, file.with_suffix(".pdf")) for key, file in words]


def with_invented_names(made: File) -> File:
    """The same paper with the names of real bodies replaced."""

    def mended(_name: str, content: bytes) -> bytes:
        for real, invented in INVENTED.items():
            content = content.replace(real.encode(), invented.encode())
        return content

    return replace(made, data=repacked(made.data, mended))


def pages_of(pdf: Path) -> int:
    found = re.search(r"^Pages:\s+(\d+)", _run("pdfinfo", str(pdf)), re.MULTILINE)
    assert found is not None
    return int(found[1])


def letters_of(pdf: Path) -> str:
    """What stands in a PDF, see ``dense``."""
    return dense(_run("pdftotext", str(pdf), "-"))


def dense(text: str) -> str:
    """Without white space: a justified line has gaps that pdftotext takes for spaces, also inside a word."""
    return "".join(text.split())


def pictures_of(pdf: Path) -> list[Path]:
    """A grey picture of every page, beside the PDF."""
    _run("pdftoppm", "-r", str(DOTS_PER_INCH), "-gray", "-png", str(pdf), str(pdf.with_suffix("")))
    return sorted(pdf.parent.glob(f"{pdf.stem}-*.png"))


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=True)
    return done.stdout


def main(target: Path) -> None:
    """Live the stories, print everything into ``target``, and put what is shown among the screens."""
    if name := missing_program():
        raise SystemExit(f"“{name}” is not here: {MISSING}.")
    printed: list[tuple[str, File]] = []
    for story_name, live in STORIES.items():
        with tempfile.TemporaryDirectory() as folder, lived(live, Path(folder)) as story:
            printed += [(f"{story_name}-{key}", with_invented_names(made)) for key, made in story.printed]
    target.mkdir(parents=True, exist_ok=True)
    pages: dict[str, list[list[Path]]] = {}
    for key, pdf in as_pdf(printed, target):
        pages.setdefault(key, []).append(pictures_of(pdf))
    for story_name, key, which, page in SHOWN:
        picture = pages[f"{story_name}-{key}"][which - 1][page - 1]
        shutil.copyfile(picture, SCREENS / f"story-{story_name}-{key.replace('_', '-')}.png")
    print(f"{len(printed)} papers, {sum(len(one) for of in pages.values() for one in of)} pages in {target}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp(prefix="hanchot-papers-")))
