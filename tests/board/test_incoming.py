"""A form's body is taken apart while it comes in: what is too large is let go, what was typed is kept."""

from __future__ import annotations

import asyncio
import tracemalloc
from collections.abc import AsyncIterator, Iterable, Iterator

import pytest

from hanchot.board import incoming
from hanchot.board.incoming import Incoming, receive

BOUNDARY = "----x"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
PLAIN = "application/x-www-form-urlencoded"


def head(name: str, file: str | None = None) -> bytes:
    filename = f'; filename="{file}"' if file is not None else ""
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{filename}\r\n\r\n'.encode()


END = f"--{BOUNDARY}--\r\n".encode()


def text(name: str, said: str) -> bytes:
    return head(name) + said.encode() + b"\r\n"


def with_file(size: int) -> Iterator[bytes]:
    """A form as a browser sends it: the file stands between two texts."""
    block = bytes(1 << 16)
    yield text("token", "t") + head("file", "C:\\Ảnh\\họp.jpg")
    for at in range(0, size, len(block)):
        yield block[: size - at]
    yield b"\r\n" + text("note", "Đã họp") + END


def taken(chunks: Iterable[bytes], content_type: str = MULTIPART) -> Incoming | None:
    async def stream() -> AsyncIterator[bytes]:
        for chunk in chunks:
            yield chunk

    return asyncio.run(receive(content_type, stream()))


@pytest.mark.parametrize("size", [1, 3, 50, 5_000])
def test_however_the_line_cuts_it_the_form_is_the_same(size: int) -> None:
    whole = b"".join(with_file(1_000)) if size > 1 else text("note", "Đã họp") + END
    found = taken(whole[at : at + size] for at in range(0, len(whole), size))
    assert found and ("note", "Đã họp") in found.texts
    assert size == 1 or found.files["file"] == incoming.Upload("họp.jpg", bytes(1_000))


def test_a_file_at_the_limit_is_taken_and_one_byte_more_is_not() -> None:
    found = taken(with_file(incoming.MAX_FILE))
    assert found and len(found.files["file"].data) == incoming.MAX_FILE and not found.large
    found = taken(with_file(incoming.MAX_FILE + 1))
    assert found and found.files == {} and found.large == {"file": "họp.jpg"}
    assert found.texts == [("token", "t"), ("note", "Đã họp")]


def test_300_mb_pass_through_30_mb_of_memory() -> None:
    tracemalloc.start()
    try:
        found = taken(with_file(300_000_000))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found and found.large and ("note", "Đã họp") in found.texts
    assert peak < 30_000_000


def test_two_files_share_one_limit() -> None:
    half = bytes(incoming.MAX_FILE // 2 + 1)
    found = taken([head("a", "a.pdf"), half, b"\r\n", head("b", "b.pdf"), half, b"\r\n", END])
    assert found and set(found.files) == {"a"} and found.large == {"b": "b.pdf"}


def test_what_never_ends_is_read_so_far_and_no_further() -> None:
    read = 0

    def endless() -> Iterator[bytes]:
        nonlocal read
        yield text("note", "Đã họp") + head("file", "phim.mp4")
        while True:
            read += 1 << 20
            yield bytes(1 << 20)

    found = taken(endless())
    assert found and found.large == {"file": "phim.mp4"} and ("note", "Đã họp") in found.texts
    assert read < incoming.MAX_DRAIN + (2 << 20)


def test_long_texts_are_cut_and_said_to_be() -> None:
    found = taken([b"a=1&note=" + b"d%C3%A0i+" * 500_000], PLAIN)
    assert found and found.long and found.texts[0] == ("a", "1") and found.texts[1][1].startswith("dài dài ")
    found = taken([head("note"), "dài ".encode() * 1_000_000, b"\r\n", END])
    assert found and found.long and len(found.texts[0][1]) < incoming.MAX_KEPT


@pytest.mark.parametrize(
    "chunks",
    [
        [b"no form at all"], [text("a", "b")], [END.replace(b"x", b"y")], [head("file", "a.pdf"), b"torn off"],
        [b"--" + BOUNDARY.encode() + b"\r\nContent-Type: text/plain\r\n\r\nx\r\n", END],
        [b"--" + BOUNDARY.encode() + b"\r\nX: " + b"y" * 10_000 + b"\r\n\r\nx\r\n", END],
        [head("f", "f") + b"\r\n"] * (incoming.MAX_FILES + 1) + [END], [text("f", "")] * (incoming.MAX_FIELDS + 1) + [END],
    ],
    ids=["words", "no end", "another boundary", "torn file", "no name", "endless header", "many files", "many fields"],
)  # fmt: skip
def test_what_is_no_form_is_none(chunks: list[bytes]) -> None:
    assert taken(chunks) is None


def test_a_body_of_another_kind_says_nothing() -> None:
    assert taken([b"{}"], "application/json").texts == [] and taken([], "").texts == []  # type: ignore[union-attr]
    assert taken([b"abc"], "multipart/form-data") is None
