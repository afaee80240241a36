"""The workshop: a child process with a ceiling on time and memory, in which a stranger's file is opened.

PDF and picture decoders are C code that a hostile file can crash, hang or swell; so can an XML tree. A child may die, the
board may not. The child gets the bytes on stdin, no environment worth stealing, and a scratch folder that is removed with it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty, Queue
from tempfile import TemporaryDirectory
from threading import Thread
from time import monotonic
from typing import IO, Any

import hanchot
from hanchot.domain.errors import BadDocument
from hanchot.reader.pages import NAME, Pages, Progress, silent

FIRST = 20.0  # seconds to the first word: by then a text is read, or a page has gone to character recognition
QUIET = 60.0  # seconds from word to word afterwards: a page is read at most twice, upright and upside down
LONGEST = 900.0  # seconds in all: sixty scanned pages on a slow machine
COMMAND = ("-m", "hanchot.reader.opening")
_KEPT = ("PATH", "LANG", "LC_ALL", "TESSDATA_PREFIX", "SYSTEMROOT", "VIRTUAL_ENV")


def open_in_workshop(data: bytes, name: str, form: str, tell: Progress | None = None) -> Pages:
    """The lines of a file that the guard has let through. ``tell(page, pages)`` is called in this thread.

    BadDocument: refused by the parser, too slow, too large in memory, or the parser died of it.
    """
    with TemporaryDirectory(prefix="hanchot-") as scratch, _child(form, scratch) as child:
        answer = _answer(child, data, tell or silent)
    if answer is None:
        raise BadDocument(
            f"Đọc tệp “{name}” quá thời gian hoặc bộ nhớ cho phép nên đã dừng.",
            way_out="Lưu tệp thành PDF mới bằng phần mềm đã tạo ra nó, hoặc chia nhỏ, rồi nộp lại.",
        )
    if "refused" in answer:
        raise BadDocument(answer["refused"].replace(NAME, name), way_out=answer["way_out"], value=answer.get("why"))
    return Pages(answer["kind"], answer["lines"], [(code, message) for code, message in answer["notes"]])


@contextmanager
def _child(form: str, scratch: str) -> Iterator[subprocess.Popen[bytes]]:
    """The process, which does not outlive this block; nor does whatever it has started."""
    child = subprocess.Popen(  # noqa: S603
        [sys.executable, *COMMAND, form],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        cwd=scratch, env=_environment(scratch), start_new_session=True,
    )  # fmt: skip
    try:
        yield child
    finally:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        for pipe in (child.stdin, child.stdout):
            with suppress(OSError):
                pipe.close() if pipe else None


def _environment(scratch: str) -> dict[str, str]:
    kept = {key: os.environ[key] for key in _KEPT if key in os.environ}
    home = str(Path(hanchot.__file__).resolve().parent.parent)
    return kept | {"PYTHONPATH": home, "PYTHONIOENCODING": "utf-8", "OMP_THREAD_LIMIT": "1", "TMPDIR": scratch, "HOME": scratch}


def _answer(child: subprocess.Popen[bytes], data: bytes, tell: Progress) -> dict[str, Any] | None:
    """The child's last word; None where it died or was not done in time."""
    assert child.stdin and child.stdout
    words: Queue[bytes] = Queue()
    Thread(target=_feed, args=(child.stdin, data), daemon=True).start()
    Thread(target=_listen, args=(child.stdout, words), daemon=True).start()
    end, patience = monotonic() + LONGEST, FIRST
    while True:
        try:
            line = words.get(timeout=max(0.0, min(patience, end - monotonic())))
        except Empty:
            return None
        if not line.endswith(b"\n"):
            return None
        said: dict[str, Any] = json.loads(line)
        if "page" not in said:
            return said
        patience = QUIET
        tell(said["page"], said["pages"])


def _feed(stdin: IO[bytes], data: bytes) -> None:
    with suppress(OSError, ValueError):  # the child has died, or has been ended: its silence says so
        stdin.write(data)
        stdin.close()


def _listen(stdout: IO[bytes], words: Queue[bytes]) -> None:
    with suppress(OSError, ValueError):
        for line in stdout:
            words.put(line)
    words.put(b"")
