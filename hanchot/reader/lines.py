"""Lines of a file into paragraphs: page furniture dropped, broken lines joined, each paragraph with its clause."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hanchot.reader.clauses import Marker, Path, marker_of

_MARKDOWN = (
    (re.compile(r"<sup>\s*\(?(\w{1,3})\)?\s*</sup>"), r"(\1)"),
    (re.compile(r"</?\w+(?:\s[^<>]*)?>|[\u200b\ufeff\xad]"), ""),
    (re.compile(r"(?<=\S)([¹²³⁴-⁹])"), lambda found: f"({unicodedata.normalize('NFKC', found[1])})"),
    (re.compile(r"^\s*#{1,6}\s+"), ""),
    (re.compile(r"\*\*|__|(?<![\w*])\*(?=\S)|(?<=\S)\*(?![\w*])"), ""),
    (re.compile(r"\\([*_#().-])"), r"\1"),
    (re.compile(r"^\s*([-+])\s+([-+])\s+"), r"\2 "),
    (re.compile(r"^\s*\|(.*)\|\s*$"), lambda found: "\t".join(cell.strip() for cell in found[1].split("|"))),
    (re.compile(r"^ *[_|~][ _|~]*(?=\w)|(?<=\S) *[_|~][ _|~]*$"), ""),  # specks of a scan
)
# the two columns of a letterhead on one line
_TWO_HEADS = re.compile(r"(?<=\S)\s{3,}(?=ĐẢNG CỘNG SẢN|CỘNG HÒA|CỘNG HOÀ|Độc lập|T/M |TM\.|\w[\w ]{1,30}, ngày )")
_PAGE = re.compile(
    r"^\s*(?:-\s*\d{1,3}\s*-|–\s*\d{1,3}\s*–|\d{1,3}|trang\s+\d+(?:\s*(?:/|trên)\s*\d+)?|\d{1,3}\s*/\s*\d{1,3})\s*$",
    re.IGNORECASE,
)
_RULE = re.compile(r"^[\s\-_–—=*.|:+]+$")
_ENDED = re.compile(r"[.;:!?…][\"”’)\]]*$|[./]/\.?$")
_FOOTNOTE = re.compile(
    r"^\((\d{1,2})\)\s+|^(\d{1,2})\s+(?=(?:Theo|Xem|Quy định|Công văn|Nghị|Kế hoạch|Hướng dẫn|Gồm|Căn cứ|Tại|Thông|Quyết)\b)"
)
_ROW_NUMBER = re.compile(r"\d{1,2}(?:\.\d{1,2})*\.?\t|[IVX]{1,4}\.?\t")
_BREAK = "\x1e"  # a ruled line: what stands above and below it are two paragraphs, whatever their ends look like
_TAIL = re.compile(r"^(?:nơi nhận|t/m|tm\.|k/t|kt\.|t/l|tl\.)\b", re.IGNORECASE)


@dataclass
class Block:
    """A paragraph being put together. ``cells`` are a table row's; ``footnote`` the mark it answers to."""

    text: str
    path: Path
    marker: Marker | None = None
    footnote: str | None = None
    bullet: bool = False

    @property
    def clause(self) -> str | None:
        return self.path.text

    @property
    def cells(self) -> tuple[str, ...]:
        return tuple(cell.strip() for cell in self.text.split("\t")) if "\t" in self.text else ()


def paragraphs(lines: Iterable[str]) -> list[Block]:
    """The paragraphs of a document, in order. Footnotes carry the clause that refers to them."""
    kept = [line for line in (_clean(line) for line in lines) if line is not None]
    width = _width(kept)
    blocks: list[Block] = []
    path, open_ = Path(), False
    for index, line in enumerate(kept):
        if line in ("", _BREAK):
            open_ = open_ and line == ""
            continue
        last = blocks[-1] if blocks and open_ else None
        marker = marker_of(line)
        heading = marker is not None and line[marker.length :].isupper()  # capitals are no rest of a sentence
        if marker and not path.expects(marker, fresh=heading or last is None or _closed(last.text)):
            marker = None
        if last and marker is None and _goes_on(last, line, kept, index, width):
            last.text = _joined(last.text, line)
            continue
        path = path.after(marker) if marker else path
        blocks.append(Block(line, path, marker, _footnote(line, blocks), bool(marker and marker.bullet)))
        open_ = True
    return list(_settled(blocks))


def _clean(line: str) -> str | None:
    """The line without markdown, page number or rule; None where nothing of it is text, empty where it was empty."""
    text = _TWO_HEADS.sub("\t", unicodedata.normalize("NFC", line.replace("\f", "").rstrip()))
    for pattern, put in _MARKDOWN:
        text = pattern.sub(put, text)
    if _PAGE.match(text):
        return None
    if text.strip() and _RULE.match(text):
        return _BREAK
    cells = [re.sub(r"\s+", " ", cell).strip() for cell in text.split("\t")]
    return "\t".join(cells) if sum(bool(cell) for cell in cells) > 1 else " ".join(cells).strip()


def _width(lines: list[str]) -> int:
    """The width at which the file breaks its lines, or 0 where it does not break them."""
    lengths = sorted(len(line) for line in lines if line and "\t" not in line)
    if len(lengths) < 8:
        return 0
    long = lengths[int(len(lengths) * 0.9)]
    return long if long <= 140 else 0


def _closed(text: str) -> bool:
    return bool(_ENDED.search(text)) or len(text) < 60


def _goes_on(last: Block, line: str, lines: list[str], index: int, width: int) -> bool:
    """Whether ``line`` is the rest of the paragraph before it."""
    if "\t" in line and "\t" in last.text:  # a row that the file broke in two: the first half has its number, the second none
        return bool(_ROW_NUMBER.match(last.text)) and last.text.count("\t") < 2 and not _ROW_NUMBER.match(line)
    if "\t" in line or "\t" in last.text or _TAIL.match(line) or (_FOOTNOTE.match(line) and _ENDED.search(last.text)):
        return False
    if line[0].islower() or line[0] in ",;.)”%" or last.text.endswith(("-", ",", "(", "/")):
        return not (line[0].islower() and last.text.endswith((".", ":")) and width == 0)
    if line[0].isdigit() and len(last.text) >= 30 and not _ENDED.search(last.text):
        return True  # “… trước ngày” / “27/12/2023”
    if _ENDED.search(last.text) or line.isupper() != last.text.isupper():
        return False
    if width and not line.isupper():
        return len(last.text.rsplit("\n")[-1]) > 0 and _broken_at(last, lines, index) >= 0.72 * width
    return last.text.isupper() and line.isupper() and last.marker is not None


def _broken_at(last: Block, lines: list[str], index: int) -> int:
    """How long the line before was as the file had it."""
    return next((len(lines[at]) for at in range(index - 1, -1, -1) if lines[at]), 0)


def _joined(text: str, line: str) -> str:
    if re.search(r"\d\s?-$", text) and re.match(r"[A-ZĐ]{2}", line):  # "22-" + "HD/TU"
        return text + line
    return f"{text} {line}"


def _footnote(line: str, before: list[Block]) -> str | None:
    found = _FOOTNOTE.match(line)
    if not found:
        return None
    number = found[1] or found[2]
    called = any(re.search(rf"\S\s?\({number}\)(?!\s*\w+\s*:)|[^\W\d]{number}(?=[\s,;.)]|$)", block.text) for block in before)
    return number if called else None


def _settled(blocks: list[Block]) -> Iterator[Block]:
    """Footnotes are given the clause of the paragraph that calls them."""
    for block in blocks:
        if block.footnote:
            call = re.compile(rf"\S\s?\({block.footnote}\)|[^\W\d]{block.footnote}(?=[\s,;.)]|$)")
            home = next(
                (other for other in blocks if other is not block and not other.footnote and call.search(other.text)), None
            )
            block.path = home.path if home else block.path
        yield block
