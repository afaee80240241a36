"""The closed list of placeholders of each paper, and the judgement of what a template asks for.

A template may do three things: print a text, repeat over a list, show a part only where something is there. Whatever else
Jinja knows (calls, filters, arithmetic, literals, macros, imports) is refused while it is still a syntax tree, before
anything of it runs; so the size of a paper is bounded by its data. The sandbox around the rendering is the second wall.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from jinja2 import nodes

from hanchot.domain.errors import BadDocument
from hanchot.papers.views import PAPERS

TEXT, FLAG = "text", "flag"


class Many:
    """A list of the given shape: only to be repeated over."""

    def __init__(self, each: Shape) -> None:
        self.each = each


Shape = str | Many | Mapping[str, Any]


@cache
def shape(paper: str) -> Mapping[str, Shape]:
    """The names a template of this paper may use, as a tree: texts, flags, lists, parts."""
    found = _shape(PAPERS[paper])
    assert isinstance(found, Mapping)
    return found


def names(paper: str) -> tuple[str, ...]:
    """All placeholders, flat, as staff write them: ``head.issuer``, ``groups[].rows[].name``."""
    return tuple(_flat("", shape(paper)))


def used(tree: nodes.Template, paper: str) -> set[str]:
    """The placeholders that a template asks for, in the words of ``names``. BadDocument: it asks for anything else."""
    judge = _Judge(paper)
    judge.body(tree.body, {name: (name, found) for name, found in shape(paper).items()}, None)
    return judge.used


Scope = Mapping[str, tuple[str, Shape]]


class _Judge:
    """Walks a template's syntax tree. A scope maps each name in reach to its full name and shape."""

    def __init__(self, paper: str) -> None:
        self.paper, self.used = paper, set[str]()

    def body(self, body: list[nodes.Node], scope: Scope, innermost: str | None) -> None:
        for node in body:
            match node:
                case nodes.Output():
                    for part in node.nodes:
                        self._printed(part, scope)
                case nodes.For():
                    self._repeated(node, scope, innermost)
                case nodes.If():
                    self._asked(node, scope, innermost)
                case _:
                    raise self._foreign(node)

    def _printed(self, part: nodes.Node, scope: Scope) -> None:
        if isinstance(part, nodes.TemplateData):
            return
        name, found = self._looked_up(part, scope)
        if found != TEXT:
            raise self._refused(_said(part), "không phải là một ô chữ nên không in thẳng ra được")
        self.used.add(name)

    def _repeated(self, node: nodes.For, scope: Scope, innermost: str | None) -> None:
        """A list inside a list must belong to the row at hand, or a template of ten lines could print for years."""
        if not isinstance(node.target, nodes.Name) or node.test is not None or node.recursive:
            raise self._foreign(node)
        name, found = self._looked_up(node.iter, scope)
        if not isinstance(found, Many):
            raise self._refused(_said(node.iter), "không phải là danh sách nên không lặp được")
        if innermost is not None and _root(node.iter) != innermost:
            raise self._refused(_said(node.iter), f"không thuộc “{innermost}” của vòng lặp bên ngoài")
        self.used.add(name)
        target = node.target.name
        self.body(node.body, {**scope, target: (f"{name}[]", found.each)}, target)
        self.body(node.else_, scope, innermost)

    def _asked(self, node: nodes.If, scope: Scope, innermost: str | None) -> None:
        test = node.test.node if isinstance(node.test, nodes.Not) else node.test
        self.used.add(self._looked_up(test, scope)[0])
        self.body(node.body, scope, innermost)
        self.body([*node.elif_], scope, innermost)
        self.body(node.else_, scope, innermost)

    def _looked_up(self, node: nodes.Node, scope: Scope) -> tuple[str, Shape]:
        found = self._found(node, scope)
        if found is None:
            raise self._refused(_said(node), "không có trong danh sách chỗ trống của mẫu này")
        return found

    def _found(self, node: nodes.Node, scope: Scope) -> tuple[str, Shape] | None:
        """Full name and shape of a path; None if no such path is in reach."""
        if isinstance(node, nodes.Name):
            return scope.get(node.name)
        if not isinstance(node, nodes.Getattr):
            raise self._foreign(node)
        outer = self._found(node.node, scope)
        if outer is None or not isinstance(outer[1], Mapping) or node.attr not in outer[1]:
            return None
        return f"{outer[0]}.{node.attr}", outer[1][node.attr]

    def _foreign(self, node: nodes.Node) -> BadDocument:
        return self._refused(_said(node), "là lệnh mà mẫu văn bản không được dùng")

    def _refused(self, name: str, why: str) -> BadDocument:
        return BadDocument(
            f"Mẫu “{self.paper}”: “{name}” {why}.",
            way_out=f"Chỉ dùng các chỗ trống: {', '.join(names(self.paper))}.",
            thing="placeholder",
            value=name,
        )


def _said(node: nodes.Node) -> str:
    """What a person would recognise of a node: the path as written, else the first name in it, else its kind."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name | nodes.Getattr):
        return f"{_said(node.node)}.{node.attr}"
    if isinstance(node, nodes.Getattr):
        return node.attr
    if isinstance(node, nodes.Filter | nodes.Test):
        return node.name
    first = next(node.find_all((nodes.Getattr, nodes.Name)), None)
    return _said(first) if first is not None else type(node).__name__.lower()


def _root(node: nodes.Node) -> str:
    while isinstance(node, nodes.Getattr):
        node = node.node
    return node.name if isinstance(node, nodes.Name) else ""


def _shape(kind: Any) -> Shape:
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return {field.name: _shape(hints[field.name]) for field in fields(kind)}
    if get_origin(kind) is tuple:
        return Many(_shape(get_args(kind)[0]))
    return FLAG if kind is bool else TEXT


def _flat(name: str, found: Shape) -> Iterator[str]:
    if isinstance(found, Many):
        found, name = found.each, f"{name}[]"
    if isinstance(found, Mapping):
        for field, inner in found.items():
            yield from _flat(f"{name}.{field}" if name else field, inner)
    else:
        yield name
