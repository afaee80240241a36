"""Gathers for the catalogue what a person may read that is written in Python: ``make catalogue`` runs ``extract``.

Read are texts in ``_()``, words of tables (``…_VI``, ``vi`` of an enum), sentences of refusals, and in a file marked
``whole`` every Vietnamese text but the docstrings. A text with values is kept with named holes: ``Còn %(left)s ngày``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import IO

from hanchot.board.language import SAID

Message = tuple[int, str, str, list[str]]
_VIETNAMESE = re.compile("[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]|^(sau|Qua)$", re.IGNORECASE)
_ASKING = frozenset({"_", "gettext"})
_PATTERN = re.compile(r"[\\|]|\(\?|^\[")  # expressions to be looked for, not said
_REFUSALS = frozenset({
    "Refused", "NotFound", "Conflict", "AlreadyDone", "HanChotError", "BadImport", "BadDocument", "Outside", "BadPlan",
    "UncheckedYear", "BadDeadline", "Fault", "Refusal",
})  # fmt: skip
_SENTENCES = frozenset({"_VI", "words", "message", "way_out", "why"})  # what is put together before it is said
# what is looked for in a text, not said
_MATCHING = frozenset({"compile", "partition", "startswith", "endswith", "removeprefix", "removesuffix"})
_NOT_READ = frozenset({"thing", "value", "actor", "reason", "code", "command"})  # arguments that name something to the program


def extract(file: IO[bytes], keywords: object, comment_tags: object, options: Mapping[str, str]) -> Iterator[Message]:
    """Babel's way of asking: (line, function, text, comments) of each text in the file."""
    tree = ast.parse(file.read())
    asked = {id(one.args[0]) for one in ast.walk(tree) if isinstance(one, ast.Call) and one.args and _called(one) in _ASKING}
    for node in _read(tree, whole=bool(options.get("whole"))):
        text = _text(node)
        if text and (id(node) in asked or (_VIETNAMESE.search(text) and not _PATTERN.search(text))):
            yield node.lineno, "gettext", text, [] if id(node) in asked else [SAID]


def _read(tree: ast.AST, *, whole: bool) -> list[ast.expr]:
    """The texts of a file that are read by a person, each once."""
    found: dict[int, ast.expr] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) in _ASKING:
            found |= _texts(node.args[:1])
        elif isinstance(node, ast.Call) and _called(node) in _REFUSALS:
            found |= _texts([*node.args, *(one.value for one in node.keywords if one.arg not in _NOT_READ)])
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value and any(_is_read(one) for one in _targets(node)):
            found |= _texts([node.value])
        elif _says_words(node) or (whole and isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)):
            found |= _texts(_code(node))
    return list(found.values())


def _says_words(node: ast.AST) -> bool:
    """``vi`` of an enum, or a function ``…_vi``."""
    return isinstance(node, ast.FunctionDef) and (node.name == "vi" or node.name.endswith("_vi"))


def _code(node: ast.AST) -> list[ast.stmt]:
    """The body without its docstring, nor those of what is defined in it."""
    plain = [
        one for one in getattr(node, "body", ()) if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))
    ]
    return [one for one in plain if not isinstance(one, ast.FunctionDef | ast.ClassDef)]


def _texts(nodes: Sequence[ast.AST]) -> dict[int, ast.expr]:
    """Strings and f-strings in these nodes, at any depth; the pieces of an f-string are no texts of their own."""
    found: dict[int, ast.expr] = {}
    for node in nodes:
        inner: list[ast.AST] = []
        if isinstance(node, ast.Compare) or (isinstance(node, ast.Call) and _called(node) in _MATCHING):
            continue
        if isinstance(node, ast.keyword) and node.arg == "command":  # typed, and in no language
            continue
        if isinstance(node, ast.JoinedStr):
            found[id(node)] = node
            inner = [one.value for one in node.values if isinstance(one, ast.FormattedValue)]
        elif isinstance(node, ast.Constant):
            found |= {id(node): node} if isinstance(node.value, str) else {}
        else:
            inner = list(ast.iter_child_nodes(node))
        found |= _texts(inner)
    return found


def _text(node: ast.expr) -> str:
    """The text as it stands in the catalogue. Holes bear the names of what fills them."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    assert isinstance(node, ast.JoinedStr)
    names: list[str] = []
    pieces: list[str] = []
    for part in node.values:
        if isinstance(part, ast.Constant):
            pieces.append(str(part.value).replace("%", "%%"))
        elif isinstance(part, ast.FormattedValue):
            names.append(_name(part.value, names))
            pieces.append(f"%({names[-1]})s")
    return "".join(pieces)


def _name(node: ast.expr, taken: list[str]) -> str:
    name = getattr(node, "id", "") or getattr(node, "attr", "") or "n"
    return name if name not in taken else f"{name}{len(taken) + 1}"


def _called(node: ast.Call) -> str:
    """The name of what is called: ``_``, ``Refused``, ``compile``."""
    return getattr(node.func, "id", "") or getattr(node.func, "attr", "")


def _is_read(target: ast.expr) -> bool:
    return isinstance(target, ast.Name) and (target.id.endswith("_VI") or target.id in _SENTENCES)


def _targets(node: ast.Assign | ast.AnnAssign) -> list[ast.expr]:
    return node.targets if isinstance(node, ast.Assign) else [node.target]
