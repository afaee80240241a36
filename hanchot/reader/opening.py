"""The child in the workshop: ``python -m hanchot.reader.opening FORM``, a file on stdin, one JSON answer on stdout.

Nothing heavy is imported here: a 20-page document is read within half a second, the start of this process included.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from typing import Any

from hanchot.domain.errors import HanChotError
from hanchot.reader.pages import Pages, refuse_endless

MEMORY = 1536 * 2**20  # bytes of address space; Tesseract and a page at 300 dpi need about half
PROCESSOR = 300  # seconds
SAVE_ANEW = "Mở tệp bằng phần mềm đã tạo ra nó, lưu thành tệp mới, rồi nộp lại."
SCRATCH = 512 * 2**20  # bytes in one scratch file


def main() -> None:
    _limit()
    data = sys.stdin.buffer.read()
    try:
        _say(_packed(_opened(data, sys.argv[1])))
    except HanChotError as refusal:
        _say({"refused": refusal.message, "way_out": refusal.way_out})
    except MemoryError:
        sys.exit(1)
    except Exception as error:  # whatever a hostile file makes a parser raise, it is the file that is wrong
        _say(
            {"refused": "Tệp “{name}” bị hỏng hoặc không theo chuẩn, không đọc được.", "way_out": SAVE_ANEW, "why": repr(error)}
        )


def _limit() -> None:
    """The ceilings, where the system knows any (Windows does not: there only time is limited, by the parent)."""
    try:
        import resource
    except ImportError:
        return
    ceilings = {"RLIMIT_AS": MEMORY, "RLIMIT_CPU": PROCESSOR, "RLIMIT_FSIZE": SCRATCH, "RLIMIT_CORE": 0}
    for what, most in ceilings.items():
        with suppress(ValueError, OSError):
            resource.setrlimit(getattr(resource, what), (most, most))


def _opened(data: bytes, form: str) -> Pages:
    if form == "docx":
        from hanchot.reader.word import read_word

        return read_word(data)
    if form == "pdf":
        from hanchot.reader.pdf import read_pdf

        return read_pdf(data, _progress)
    from hanchot.reader.scan import read_pictures

    return read_pictures(data, _progress)


def _packed(pages: Pages) -> dict[str, Any]:
    refuse_endless(sum(map(len, pages.lines)))
    return {"kind": pages.kind, "lines": pages.lines, "notes": pages.notes}


def _progress(page: int, pages: int) -> None:
    _say({"page": page, "pages": pages})


def _say(what: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(what).encode() + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
