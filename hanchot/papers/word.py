"""A view poured into its Word template. The same view and template give the same bytes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from hanchot.domain.errors import BadDocument
from hanchot.papers import placeholders, words
from hanchot.papers.packing import repacked
from hanchot.papers.template_file import check_container, check_source
from hanchot.papers.views import Paper

if TYPE_CHECKING:
    from docxtpl import DocxTemplate

FOLDER = Path(__file__).resolve().parents[2] / "templates" / "papers"
MAX_RENDERED = 32 * 2**20  # characters of one part: a list of some 5 000 people
_SKELETON = frozenset({"body", "tbl", "tr", "tc", "p", "r", "hdr", "ftr"})
_PARAGRAPH, _TAG = re.compile(r"<w:p([ >])"), re.compile(r"<[^>]*>")
_HINT = "Mở mẫu bằng Word và sửa chỗ vừa nêu; mẫu gốc nằm trong templates/papers."


def render(view: Paper, template: bytes | None = None, pictures: Mapping[str, bytes] | None = None) -> bytes:
    """The paper as .docx. ``template``: staff's own instead of the one in ``templates/papers``; ``pictures``: PNG by the
    name (or alternative text) of the picture of the template that it takes the place of; a template may leave one out.

    BadDocument: the template is harmful, unreadable, or asks for what is not in the closed list.
    """
    data = (FOLDER / f"{view.paper}.docx").read_bytes() if template is None else template
    check_template(data, view.paper)
    opened = _opened(data)
    with _in_words(view.paper):
        opened.render(asdict(view), _jinja())
        opened.allow_missing_pics = True
        for name, picture in (pictures or {}).items():
            opened.replace_pic(name, io.BytesIO(picture))
        target = io.BytesIO()
        opened.save(target)
    return repacked(target.getvalue())


@lru_cache(maxsize=32)
def check_template(data: bytes, paper: str) -> tuple[str, ...]:
    """The placeholders of the paper that this template leaves out, for a warning. BadDocument: it cannot be used."""
    check_container(data)
    asked: set[str] = set()
    with _in_words(paper):
        opened = _opened(data)
        opened.render_init()
        for source in _sources(opened):
            check_source(source)
            asked |= placeholders.used(_parsed(opened.patch_xml(source), paper), paper)
    return tuple(name for name in placeholders.names(paper) if name.removesuffix("[]") not in asked)


def _parsed(source: str, paper: str) -> nodes.Template:
    """The syntax tree, one line per paragraph, so that a slip can be shown with the words around it."""
    lines = _PARAGRAPH.sub(r"\n<w:p\1", source)
    try:
        return _jinja().parse(lines)
    except TemplateSyntaxError as error:
        near = _TAG.sub("", lines.split("\n")[error.lineno - 1])[:80]
        raise BadDocument(f"Mẫu “{paper}” viết sai ở “{near}”: {error.message}.", way_out=_HINT, thing="template") from error


def _sources(opened: DocxTemplate) -> Iterator[str]:
    """The XML of every part that docxtpl fills."""
    yield opened.get_xml()
    for uri in (opened.HEADER_URI, opened.FOOTER_URI):
        for _, part in opened.get_headers_footers(uri):
            yield opened.get_part_xml(part)


@lru_cache(maxsize=1)
def _jinja() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined, finalize=_in_xml, cache_size=0)


def _in_xml(value: object) -> Markup:
    """A text inside ``<w:t>`` so that it comes back to the letter.

    A bare carriage return would be read as a line feed, and docxtpl takes ``{_{`` for its own escape of ``{{``: both
    travel as character references.
    """
    return Markup(escape(words.printable(str(value))).replace("\r", Markup("&#13;")).replace("_", Markup("&#95;")))  # noqa: S704


def _opened(data: bytes) -> DocxTemplate:
    """A template that fills body, headers and footers only, and no more than ``MAX_RENDERED`` of each."""
    from docxtpl import DocxTemplate

    class Bounded(DocxTemplate):  # type: ignore[misc]  # docxtpl is untyped
        def render_xml_part(self, src_xml: str, part: Any, context: dict[str, Any], jinja_env: Any = None) -> str:
            total, pieces = 0, list[str]()
            for piece in jinja_env.from_string(src_xml).generate(context):
                total += len(piece)
                if total > MAX_RENDERED:
                    raise BadDocument("Văn bản quá dài.", way_out="Chia danh sách thành nhiều văn bản.", thing="template")
                pieces.append(piece)
            return _sound(self.resolve_listing("".join(pieces)))

        def render_properties(self, context: dict[str, Any], jinja_env: Any = None) -> None:
            """The file's own author and title are no place for names."""

        def render_footnotes(self, context: dict[str, Any], jinja_env: Any = None) -> None:
            """``check_container`` has found no placeholder there."""

    return Bounded(io.BytesIO(data))


def _sound(xml: str) -> str:
    """Refuse what Word would drop in silence: broken nesting (docxtpl repairs it by losing text), text outside of runs."""
    from lxml import etree

    root = etree.fromstring(xml.encode(), etree.XMLParser(resolve_entities=False, huge_tree=True))
    for element in root.iter(etree.Element):
        name = etree.QName(element)
        inside = name.localname in _SKELETON and name.namespace == root.nsmap.get("w")
        loose = [element.text, *(child.tail for child in element)] if inside else []
        if stray := next((text for text in loose if text and text.strip()), None):
            raise BadDocument(
                f"“{stray.strip()[:60]}” đứng ngoài đoạn chữ.", way_out="Viết {{ … }}, không viết {{r … }} hay {{p … }}."
            )
    return xml


@contextmanager
def _in_words(paper: str) -> Iterator[None]:
    """Whatever a parser says of a template, in one sentence. ValueError: a number of a million digits, broken XML parts."""
    from lxml.etree import LxmlError

    try:
        yield
    except TemplateError as error:
        raise BadDocument(f"Mẫu “{paper}” viết sai: {error.message}.", way_out=_HINT, thing="template") from error
    except (LxmlError, ValueError, KeyError, AttributeError, TypeError, RecursionError) as error:
        raise BadDocument(f"Mẫu “{paper}” không dùng được: cấu trúc tệp hỏng.", way_out=_HINT, thing="template") from error
