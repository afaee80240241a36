"""Waiting until a local web server answers."""

from __future__ import annotations

import time
import urllib.error
import urllib.request

from hanchot.domain.errors import Outside
from hanchot.up.family import Child

_EVERY = 0.1
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a proxy must not stand before loopback


def wait_for(url: str, child: Child, patience: float) -> None:
    """Return as soon as ``url`` answers, with whatever status. Raises ``Outside`` when ``child`` ends or time is up."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if answers(url):
            return
        if (code := child.popen.poll()) is not None:
            raise Outside(f"{child.name} không khởi động được (mã {code}).", way_out=f"Xem {child.log}.")
        time.sleep(_EVERY)
    raise Outside(f"{child.name} không trả lời tại {url} sau {patience:.0f} giây.", way_out=f"Xem {child.log}.")


def answers(url: str) -> bool:
    """True when a server answers there now; an error status is an answer too, "not ready" (503) is none."""
    try:
        with _DIRECT.open(url, timeout=2):
            return True
    except urllib.error.HTTPError as error:
        return error.code != 503
    except OSError:
        return False
