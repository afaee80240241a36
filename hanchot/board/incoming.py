"""A form's body, taken apart while it comes in: texts and files within bounds, the rest read past and thrown away.

What is too large is never whole in memory nor on disk, and the texts around it are kept: whoever chose a film by mistake
does not type a note twice.
"""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import unquote_plus

from python_multipart import MultipartParser, QuerystringParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header

MAX_FILE = 20 * 2**20  # bytes of all files of a form; as the guards of documents and papers say, and static/board.js
MAX_KEPT = 4_000_000  # bytes of text kept, as they are sent: more than a form may hold, to be shown again
MAX_DRAIN = 600_000_000  # what is read and thrown away, so that a browser hears the refusal and not a broken line
MAX_FIELDS, MAX_FILES = 2_000, 4
logging.getLogger("python_multipart").setLevel(logging.ERROR)  # what a stranger sends is no line in our log


class Broken(Exception):
    """This body is no form, or none that a page of ours has made."""


@dataclass(frozen=True)
class Upload:
    """A file that came with a form: the name that the person's machine gave it, and its bytes."""

    name: str
    data: bytes


@dataclass
class Part:
    """One field as it comes in; ``cut``: it was longer than what may be kept."""

    name: bytearray = field(default_factory=bytearray)
    file: str | None = None
    data: bytearray = field(default_factory=bytearray)
    cut: bool = False


class Incoming:
    """What has come so far. ``large``: field → name of each file that was too large; ``long``: some text was cut off."""

    def __init__(self) -> None:
        self.texts: list[tuple[str, str]] = []
        self.files: dict[str, Upload] = {}
        self.large: dict[str, str] = {}
        self.long = False
        self._file_room, self._text_room = MAX_FILE, MAX_KEPT
        self._fields = self._files = 0

    def begin(self, part: Part) -> None:
        self._fields, self._files = self._fields + (part.file is None), self._files + (part.file is not None)
        if self._fields > MAX_FIELDS or self._files > MAX_FILES:
            raise Broken

    def take(self, part: Part, data: bytes) -> None:
        """Bytes of a field. A file over its bound is let go at once; of a text, what fits is kept."""
        if part.cut:
            return
        if part.file is not None:
            self._file_room -= len(data)
            part.cut = self._file_room < 0
            if part.cut:
                self._file_room += len(data) + len(part.data)
                part.data = bytearray()
            else:
                part.data += data
            return
        part.data += data[: self._text_room]
        part.cut = len(data) > self._text_room
        self.long |= part.cut
        self._text_room = max(0, self._text_room - len(data))

    def end(self, part: Part, name: str, text: Callable[[bytearray], str]) -> None:
        if part.file is None:
            self.texts.append((name, text(part.data)))
        elif part.cut:
            self.large[name] = part.file
        else:
            self.files[name] = Upload(part.file, bytes(part.data))
        part.data = bytearray()


class _Multipart:
    """Parts with headers of their own, as a form with files is sent."""

    def __init__(self, boundary: bytes, into: Incoming) -> None:
        if not boundary:
            raise Broken
        self._into, self._part, self._ended = into, Part(), False
        self._head, self._value, self._disposition = bytearray(), bytearray(), b""
        self.parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin, "on_header_field": self._on_head, "on_header_value": self._on_value,
                "on_header_end": self._header, "on_headers_finished": self._headers, "on_part_data": self._data,
                "on_part_end": self._end, "on_end": self._finished,
            },
        )  # fmt: skip

    def close(self, *, whole: bool) -> None:
        """``whole``: the body has come to its end, and so must the form."""
        if whole and not self._ended:
            raise Broken
        if not self._ended and self._part.cut:
            self._end()

    def _begin(self) -> None:
        self._part, self._disposition = Part(), b""

    def _on_head(self, data: bytes, start: int, end: int) -> None:
        self._head += data[start:end]

    def _on_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header(self) -> None:
        if self._head.lower() == b"content-disposition":
            self._disposition = bytes(self._value)
        self._head, self._value = bytearray(), bytearray()

    def _headers(self) -> None:
        _, options = parse_options_header(self._disposition)
        if b"name" not in options:
            raise Broken
        self._part.name += options[b"name"]
        if b"filename" in options:
            self._part.file = plain_name(_text(options[b"filename"]))
        self._into.begin(self._part)

    def _data(self, data: bytes, start: int, end: int) -> None:
        self._into.take(self._part, data[start:end])

    def _end(self) -> None:
        self._into.end(self._part, _text(self._part.name), _text)

    def _finished(self) -> None:
        self._ended = True


class _Plain:
    """``name=text&…``, as a form without files is sent."""

    def __init__(self, into: Incoming) -> None:
        self._into, self._part = into, Part()
        self.parser = QuerystringParser({
            "on_field_start": self._begin, "on_field_name": self._name, "on_field_data": self._data, "on_field_end": self._end,
        })  # fmt: skip

    def close(self, *, whole: bool) -> None:
        if whole:
            self.parser.finalize()

    def _begin(self) -> None:
        self._part = Part()

    def _name(self, data: bytes, start: int, end: int) -> None:
        self._part.name += data[start:end]
        if len(self._part.name) > MAX_KEPT:
            raise Broken

    def _data(self, data: bytes, start: int, end: int) -> None:
        self._into.take(self._part, data[start:end])

    def _end(self) -> None:
        self._into.begin(self._part)
        self._into.end(self._part, _unquoted(self._part.name), _unquoted)


class _Body:
    """Hands what comes in to whoever reads a body of its type; of what is no form the rest is only counted."""

    def __init__(self, content_type: str) -> None:
        self.found, self.broken = Incoming(), False
        self._reads: _Multipart | _Plain | None = None
        with self._watched():
            self._reads = _reader(content_type, self.found)

    def write(self, data: bytes) -> None:
        if self._reads and not self.broken:
            with self._watched():
                self._reads.parser.write(data)

    def close(self, *, whole: bool) -> None:
        if self._reads and not self.broken:
            with self._watched():
                self._reads.close(whole=whole)

    @contextmanager
    def _watched(self) -> Iterator[None]:
        try:
            yield
        except (Broken, FormParserError):
            self.broken = True


async def receive(content_type: str, stream: AsyncIterator[bytes]) -> Incoming | None:
    """What a form said, once its body has come to its end or past ``MAX_DRAIN``; None where it is no form.

    Whatever is wrong with it, the body is read on. Raises starlette's ``ClientDisconnect`` where the line breaks.
    """
    body, size = _Body(content_type), 0
    async for data in stream:
        size += len(data)
        if size > MAX_DRAIN:
            break
        body.write(data)
    body.close(whole=size <= MAX_DRAIN)
    return None if body.broken else body.found


def _reader(content_type: str, into: Incoming) -> _Multipart | _Plain | None:
    """Who reads a body of this type; None: nobody, and the form is empty."""
    kind, options = parse_options_header(content_type)
    if kind == b"multipart/form-data":
        return _Multipart(options.get(b"boundary", b""), into)
    return _Plain(into) if kind == b"application/x-www-form-urlencoded" else None


def _text(data: bytes | bytearray) -> str:
    """UTF-8, as our pages ask for; what was cut off within a letter loses that letter."""
    return data.decode("utf-8", "ignore")


def _unquoted(data: bytes | bytearray) -> str:
    return unquote_plus(data.decode("latin-1"))


def plain_name(name: str) -> str:
    """A file's name without folders or signs that control something."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable()).strip()[:200]
