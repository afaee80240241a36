"""The parts of a .docx as trees of plain names: ``w:p`` is ``p`` and ``w:val`` is ``val``, in old and strict files alike."""

from __future__ import annotations

import io
import posixpath
import zipfile
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from hanchot.domain.errors import BadDocument
from hanchot.reader import office_zip

_OFF = ("0", "false", "off", "none")


class Package:
    """An opened .docx. Parts are found by their relation, for their names differ between the programs that write them."""

    def __init__(self, data: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except office_zip.BROKEN as error:
            raise _broken() from error
        self._names = set(self._archive.namelist())
        self.main = self._related("", "officeDocument") or "word/document.xml"

    def part(self, kind: str) -> Element | None:
        """The tree of the part related to the main one as ``kind`` (styles, numbering, footnotes …); None if there is none."""
        name = self._related(self.main, kind)
        return self._tree(name) if name in self._names else None

    def body(self) -> Element:
        """The document's body. BadDocument: there is none."""
        tree = self._tree(self.main) if self.main in self._names else None
        body = tree.find("body") if tree is not None else None
        if body is None:
            raise _broken()
        return body

    def _related(self, source: str, kind: str) -> str:
        folder, name = posixpath.split(source)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        for one in self._tree(rels) if rels in self._names else ():
            if one.get("Type", "").endswith(f"/{kind}") and one.get("TargetMode") != "External":
                return posixpath.normpath(posixpath.join("/", folder, one.get("Target", ""))).lstrip("/")
        return ""

    def _tree(self, name: str) -> Element:
        try:
            root = fromstring(self._archive.read(name), forbid_dtd=True)
        except (ParseError, DefusedXmlException, LookupError, *office_zip.BROKEN) as error:
            raise _broken() from error
        for element in root.iter():
            element.tag = _local(element.tag)
            if element.attrib:
                element.attrib = {_local(key): value for key, value in element.attrib.items()}
        return root


def value(element: Element | None, path: str, default: str | None = None) -> str | None:
    """The ``val`` of what stands at ``path``."""
    found = element.find(path) if element is not None else None
    return found.get("val", default) if found is not None else default


def number(text: str | None, default: int = 0, most: int = 1_000_000) -> int:
    """A whole number from 0 to ``most``; ``default`` where the file has none or nonsense."""
    try:
        return min(max(int(text or ""), 0), most)
    except ValueError:
        return default


def switch(element: Element | None, path: str) -> bool | None:
    """An on/off property: True, False, or None where it is not set here."""
    found = element.find(path) if element is not None else None
    return None if found is None else found.get("val", "true").lower() not in _OFF


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _broken() -> BadDocument:
    return BadDocument("Tệp “{name}” bị hỏng, không mở được.", way_out="Mở tệp bằng Word, lưu thành .docx mới rồi nộp lại.")
