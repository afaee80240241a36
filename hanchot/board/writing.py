"""What holds for every form that is sent to the board: who may send it, how large it may be, and what it said.

A page that writes is a function ``(board, request, form) -> Response`` and stands in ``WRITES`` of ``app.py``. It runs
in a thread, like every page, and answers a success by sending the browser on (``to``): loading the page anew, or a
second click, then writes nothing twice.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Message

from hanchot.board.frame import Board
from hanchot.board.tokens import FIELD

MAX_BODY = 20_000_000 + 100_000  # bytes: one document of 20 MB and the words around it
MAX_TEXT = 1_000_000  # bytes of text in one form
MAX_DRAIN = 600_000_000  # what is read and thrown away, so that a browser hears the refusal and not a broken line
MAX_FIELDS = 2_000
Typed = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Upload:
    """A file that came with a form: the name that the person's machine gave it, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Form:
    """What was sent. Texts are NFC, without white space around them and with plain line ends."""

    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The field's first text; empty when it was not sent."""
        return self.texts.get(name, ("",))[0]

    def all(self, name: str) -> tuple[str, ...]:
        """Every text of a field that may come several times (boxes that are ticked)."""
        return self.texts.get(name, ())

    def typed(self) -> Typed:
        """What a person typed, to be shown again when it could not be taken."""
        return tuple((name, text) for name, texts in self.texts.items() if name != FIELD for text in texts if text)


Write = Callable[[Board, Request, Form], Response]


def to(path: str) -> Response:
    """Post, redirect, get: the browser goes on to ``path`` (of this board, with an anchor if wished)."""
    return RedirectResponse(path, status_code=303)


def endpoint(board: Board, write: Write) -> Callable[[Request], Awaitable[Response]]:
    """The route of a page that writes: refuses with one sentence, or hands the form over."""

    async def answer(request: Request) -> Response:
        if not _same_origin(request.headers, request.url.scheme):
            return board.refuse(request, 403, "Biểu mẫu được gửi từ một trang khác nên không nhận.",
                                "Mở lại trang này trên bảng rồi gửi lại.")  # fmt: skip
        body = await _body(request)
        if body is None:
            return board.refuse(request, 413, "Tệp gửi lên lớn hơn 20 MB nên không nhận.",
                                "Lưu lại tệp cho nhỏ hơn: giảm cỡ ảnh, hoặc chỉ giữ các trang cần gửi.")  # fmt: skip
        form = await _parse(request, body)
        if form is None:
            return board.refuse(request, 400, "Không đọc được biểu mẫu vừa gửi.", "Tải lại trang rồi gửi lại.")
        if sum(len(text.encode()) for texts in form.texts.values() for text in texts) > MAX_TEXT:
            return board.refuse(request, 413, "Phần chữ gửi lên dài hơn 1 MB nên không nhận.",
                                "Rút ngắn rồi gửi lại; điều đã gõ còn ở dưới.", form.typed())  # fmt: skip
        if not await run_in_threadpool(board.tokens.fits, request, form.text(FIELD)):
            return board.refuse(request, 403, "Trang đã mở quá lâu, hoặc trình duyệt không giữ cookie, nên không nhận.",
                                "Tải lại trang rồi gửi lại; điều đã gõ còn ở dưới.", form.typed())  # fmt: skip
        return await run_in_threadpool(write, board, request, form)

    return answer


def _same_origin(headers: Headers, scheme: str) -> bool:
    """What browsers say of where a form came from. Who says nothing at all is no browser, and is refused."""
    if site := headers.get("sec-fetch-site"):
        return site in ("same-origin", "none")
    origin = headers.get("origin", "")
    try:
        return bool(origin) and urlsplit(origin)[:2] in ((scheme, headers["host"]), ("https", headers["host"]))
    except ValueError:
        return False


async def _body(request: Request) -> bytes | None:
    """The whole body, or None when it is too large; what is too large is read to its end all the same."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size <= MAX_BODY:
            parts.append(part)
        elif size > MAX_DRAIN:
            break
        else:
            parts.clear()
    return b"".join(parts) if size <= MAX_BODY else None


async def _parse(request: Request, body: bytes) -> Form | None:
    async def again() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    texts: dict[str, tuple[str, ...]] = {}
    files: dict[str, Upload] = {}
    try:
        async with Request(request.scope, again).form(max_files=4, max_fields=MAX_FIELDS, max_part_size=MAX_BODY) as sent:
            for name, value in sent.multi_items():
                if isinstance(value, UploadFile):
                    files[name] = Upload(_plain_name(value.filename or ""), await value.read())
                else:
                    texts[name] = (*texts.get(name, ()), _clean(value))
    except (HTTPException, ValueError):
        return None
    return Form(texts, files)


def _clean(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\x00", "")).strip()


def _plain_name(name: str) -> str:
    """A file's name without folders or signs that control something."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable()).strip()[:200]
