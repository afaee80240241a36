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
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response

from hanchot.board.frame import Board
from hanchot.board.incoming import MAX_FILE, Incoming, Upload, receive
from hanchot.board.language import gettext as _
from hanchot.board.tokens import FIELD

MAX_TEXT = 1_000_000  # bytes of text in one form
Typed = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Form:
    """What was sent. Texts are NFC, without white space around them and with plain line ends. ``large``: field → name of
    a file that was over the limit; its bytes are gone.
    """

    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: Mapping[str, Upload] = field(default_factory=dict)
    large: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The field's first text; empty when it was not sent."""
        return self.texts.get(name, ("",))[0]

    def all(self, name: str) -> tuple[str, ...]:
        """Every text of a field that may come several times (boxes that are ticked)."""
        return self.texts.get(name, ())

    def typed(self) -> Typed:
        """What a person typed, to be shown again when it could not be taken."""
        return tuple((name, text) for name, texts in self.texts.items() if name != FIELD for text in texts if text)

    def too_large(self) -> tuple[str, str]:
        """Which file was over the limit, in one sentence, and the way out; both empty where none was."""
        if not self.large:
            return "", ""
        name = next(iter(self.large.values())) or _("gửi lên")
        said = _("Tệp “%(name)s” lớn hơn %(most)s MB nên không nhận.") % {"name": name, "most": MAX_FILE // 2**20}
        return said, _("Lưu lại tệp cho nhỏ hơn: giảm cỡ ảnh, hoặc chỉ giữ các trang cần gửi.")


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
        try:
            sent = await receive(request.headers.get("content-type", ""), request.stream())
        except ClientDisconnect:  # the line broke in mid-form: nothing is written, and nobody listens any more
            return Response(status_code=400)
        if sent is None:
            return board.refuse(request, 400, "Không đọc được biểu mẫu vừa gửi.", "Tải lại trang rồi gửi lại.")
        form = _form(sent)
        if sent.long or sum(len(text.encode()) for texts in form.texts.values() for text in texts) > MAX_TEXT:
            return board.refuse(request, 413, "Phần chữ gửi lên dài hơn 1 MB nên không nhận.",
                                "Rút ngắn rồi gửi lại; điều đã gõ còn ở dưới.", form.typed())  # fmt: skip
        if not await run_in_threadpool(board.tokens.fits, request, form.text(FIELD)):
            return board.refuse(request, 403, "Trang đã mở quá lâu nên không nhận được điều vừa gửi.",
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


def _form(sent: Incoming) -> Form:
    texts: dict[str, tuple[str, ...]] = {}
    for name, text in sent.texts:
        texts[name] = (*texts.get(name, ()), _clean(text))
    return Form(texts, sent.files, sent.large)


def _clean(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\x00", "")).strip()
