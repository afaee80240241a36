"""A refusal is read by people who know Word and Zalo: the command that helps stands beside the way out, never in it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from hanchot.cli.main import app
from hanchot.cli.say import refuse
from hanchot.domain.errors import BadImport, NotFound
from hanchot.service.book import closed

ROOT = Path(__file__).parents[2]
SOURCES = ("board", "domain", "letters", "papers", "reader", "service", "store")
TYPED = re.compile(r"\bhanchot [a-z]|[ (]--\w")
HOLE = "HOLE"
AT_THE_MACHINE = {
    "board/__main__.py": "printed where the board is started",
    "domain/deadline.py": "--11-30 is how a calendar file writes a day without a year",
    "reader/scan.py": "options for the program that recognises letters",
    "service/backup.py": "backing up and restoring are done at the machine",
    "service/check_report.py": "writes the page about the command itself",
    "service/install.py": "another schema stops every command and the start of the board",
    "store/db.py": "the board says of a broken database only that it does not answer",
}
TEMPLATES = {"settings.html": "how the machine is backed up: the file may not pass through the board"}


def texts(file: Path) -> Iterator[tuple[str, bool]]:
    """Every text of a source file but its docstrings, and whether it is a ``command=``. What is filled in is ``HOLE``."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    docs = {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)}
    pieces = {id(part) for one in ast.walk(tree) if isinstance(one, ast.JoinedStr) for part in one.values}
    commands = {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.keyword) and one.arg == "command"}
    for node in ast.walk(tree):
        if id(node) in docs | pieces:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value, id(node) in commands
        elif isinstance(node, ast.JoinedStr):
            parts = (str(one.value) if isinstance(one, ast.Constant) else HOLE for one in node.values)
            yield "".join(parts), id(node) in commands


def sources() -> dict[str, list[tuple[str, bool]]]:
    files = [file for name in SOURCES for file in sorted((ROOT / "hanchot" / name).rglob("*.py"))]
    return {str(file.relative_to(ROOT / "hanchot")): list(texts(file)) for file in files}


def test_no_text_of_the_lower_floors_names_a_command() -> None:
    """When this fails: say in words what to do, and put what is typed into ``command=`` of the error."""
    found = {
        name: said for name, all_of_it in sources().items()
        if (said := [text for text, is_command in all_of_it if TYPED.search(text) and not is_command])
    }  # fmt: skip
    assert {name: said for name, said in found.items() if name not in AT_THE_MACHINE} == {}
    assert AT_THE_MACHINE.keys() == found.keys(), "an exception that nothing needs any more"


def test_no_page_names_a_command() -> None:
    pages = {file.name for file in (ROOT / "templates" / "board").glob("*.html") if "<code>hanchot " in file.read_text("utf-8")}
    assert pages == TEMPLATES.keys()


COMMANDS = sorted({text for all_of_it in sources().values() for text, is_command in all_of_it if is_command})


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_that_is_told_exists_with_its_options(line: str) -> None:
    name, *words = line.split()
    command: Any = typer.main.get_command(app)
    while inner := getattr(command, "commands", None):
        command = inner[words.pop(0)]
    known = {option for one in command.params for option in (*one.opts, *one.secondary_opts)}
    assert name == "hanchot"
    assert {word for word in words if word.startswith("--") and word != f"--{HOLE}"} <= known


def test_the_command_line_says_it_last_to_be_copied(capsys: pytest.CaptureFixture[str]) -> None:
    error = closed("khoi-2024")
    assert str(error) == "Đợt “khoi-2024” đã đóng. Ban Tổ chức mở lại đợt này rồi làm tiếp."
    assert refuse(error) == 2
    said = capsys.readouterr().err
    assert said == f"hanchot: {error} Lệnh: hanchot cycle reopen khoi-2024 --reason LÝ-DO --approver NGƯỜI-DUYỆT\n"


def test_without_a_command_nothing_is_added(capsys: pytest.CaptureFixture[str]) -> None:
    refuse(BadImport("Tệp hỏng.", way_out="Sửa tệp.", rows=({"message": "dòng 2"}, {"message": "dòng 3"})))
    assert capsys.readouterr().err == "hanchot: Tệp hỏng. Sửa tệp.\n  dòng 3\n"
    assert NotFound("Không có.").typed_out == "Không có."
