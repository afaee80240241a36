"""``python -m hanchot.board``: quick to start, without Prefect, and only for this machine."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from hanchot.board.__main__ import main
from hanchot.service.services import Services

WITHOUT_PREFECT = "import sys; sys.modules['prefect'] = None; from hanchot.board.__main__ import main; sys.exit(main())"
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
PATIENCE = 20.0


def test_it_starts_without_prefect_and_answers(house: Services) -> None:
    environment = {**os.environ, "HANCHOT_HOME": str(house.settings.home)}
    begun = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-c", WITHOUT_PREFECT, "--port", "0"], stdout=subprocess.PIPE, text=True, env=environment
    )
    try:
        assert process.stdout is not None
        ready = process.stdout.readline()
        seconds = time.monotonic() - begun
        assert ready.startswith("ready http://127.0.0.1:"), ready
        with DIRECT.open(ready.split()[1], timeout=PATIENCE) as answer:
            assert "Chưa mở đợt nào." in answer.read().decode()
        assert seconds <= 1.5 * _slowness(), seconds
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


def _slowness() -> float:
    """How busy this machine is: how much longer a bare interpreter takes than on a quiet one (0.05 s)."""
    begun = time.monotonic()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    return max(1.0, (time.monotonic() - begun) / 0.05)


def test_it_is_not_served_to_others_without_a_sign_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--host", "0.0.0.0"]) == 2
    assert "chưa có đăng nhập" in capsys.readouterr().err
