"""Prefect is never the truth: when its server cannot start, the board, the letters and the watchdog go on."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from hanchot.up.ports import free_from

UP = "import sys; from hanchot.settings import Settings; from hanchot.up import run; sys.exit(run(Settings()))"
PATIENCE = 120.0


@pytest.mark.slow
def test_up_goes_on_and_says_so(tmp_path: Path) -> None:
    home, out = tmp_path / "home", tmp_path / "up.out"
    env = os.environ | {
        "HANCHOT_HOME": str(home),
        "HANCHOT_PREFECT_PORT": str(free_from(0)),
        "HANCHOT_BOARD_PORT": str(free_from(0)),
        "HANCHOT_CATCHER_PORT": str(free_from(0)),
        "HANCHOT_NOW": "2026-11-30T09:00:00+07:00",
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{tmp_path / 'no' / 'such' / 'folder.db'}",
    }
    with out.open("wb") as file, subprocess.Popen([sys.executable, "-c", UP], env=env, stdout=file, stderr=file) as up:
        try:
            text = _printed(out, up)
            board = re.findall(r"Bảng theo dõi +(http://127\.0\.0\.1:\d+)", text)[0]
            assert "prefect không khởi động được" in text and "Vẫn chạy tiếp" in text
            assert "Không có Prefect" in httpx.get(f"{board}/incidents", trust_env=False).text
            assert "116 thư" in httpx.get(f"{board}/inbox", trust_env=False).text
        finally:
            up.send_signal(signal.SIGTERM)
            assert up.wait(30) == 0, out.read_text()


def _printed(out: Path, up: subprocess.Popen[bytes]) -> str:
    """What ``up`` has printed once the addresses are there."""
    deadline = time.monotonic() + PATIENCE
    while "Ctrl-C" not in (text := out.read_text()):
        assert up.poll() is None and time.monotonic() < deadline, text
        time.sleep(0.1)
    return text
