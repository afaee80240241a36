"""A real Chromium, driven over its own debugging protocol: one browser, many pages."""

from __future__ import annotations

import base64
import itertools
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

PATIENCE = 30.0
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--remote-debugging-port=0", "about:blank",
)  # fmt: skip


def binary() -> str | None:
    """The browser of this machine, if it has one."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)


class Tab:
    """One tab. ``complaints``: whatever the page complained about, a policy broken or a script that failed."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket, self._ids = socket, itertools.count(1)
        self._seen: list[dict[str, Any]] = []
        self.complaints: list[str] = []
        for domain in ("Page", "Runtime", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        number = next(self._ids)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = self._read()
            if message.get("id") == number:
                assert "error" not in message, message
                result: dict[str, Any] = message["result"]
                return result

    def visit(self, url: str, width: int, *, script: bool = True) -> None:
        """Load a page in a window of ``width`` pixels and wait until it has loaded."""
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 700}
        self.call("Emulation.setDeviceMetricsOverride", **size)
        self.call("Emulation.setScriptExecutionDisabled", value=not script)
        self._seen.clear()
        self.call("Page.navigate", url=url)
        end = time.monotonic() + PATIENCE
        while not any(seen.get("method") == "Page.loadEventFired" for seen in self._seen):
            assert time.monotonic() < end, f"{url} did not load"
            self._read()

    def ask(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page."""
        return self.call("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def wait(self, expression: str) -> None:
        """Until a JavaScript expression is true in whatever page is there by then."""
        end = time.monotonic() + PATIENCE
        while self.ask(expression) is not True:
            assert time.monotonic() < end, expression
            time.sleep(0.05)

    def picture(self, path: Path, height: int = 900) -> None:
        """The first ``height`` pixels of the page, as PNG."""
        clip = {"x": 0, "y": 0, "width": self.ask("innerWidth"), "height": height, "scale": 1}
        shot = self.call("Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(shot["data"]))

    def _read(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(self._socket.recv(timeout=PATIENCE))
        self._seen.append(message)
        if message.get("method") in ("Log.entryAdded", "Runtime.exceptionThrown"):
            self.complaints.append(json.dumps(message["params"], ensure_ascii=False))
        return message


@contextmanager
def tab(program: str, folder: Path) -> Iterator[Tab]:
    """A browser with its own profile in ``folder``, ended with the block."""
    process = subprocess.Popen(
        [program, *FLAGS, f"--user-data-dir={folder}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        with connect(_address(folder), max_size=None, proxy=None) as browser:
            first = Tab.__new__(Tab)
            first._socket, first._ids, first._seen, first.complaints = browser, itertools.count(1), [], []
            target = first.call("Target.createTarget", url="about:blank")["targetId"]
            base = _address(folder).partition("/devtools/")[0]
            with connect(f"{base}/devtools/page/{target}", max_size=None, proxy=None) as page:
                yield Tab(page)
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _address(folder: Path) -> str:
    """Where the browser listens: it writes port and path into its profile."""
    file, end = folder / "DevToolsActivePort", time.monotonic() + PATIENCE
    while True:
        lines = file.read_text().splitlines() if file.exists() else []
        if len(lines) == 2:
            return f"ws://127.0.0.1:{lines[0]}{lines[1]}"
        assert time.monotonic() < end, "Chromium did not start"
        time.sleep(0.05)
