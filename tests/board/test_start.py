"""``python -m hanchot.board``: quick to start, without Prefect, and only for this machine."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
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
    before = _spent_by_children()
    process = subprocess.Popen(
        [sys.executable, "-c", WITHOUT_PREFECT, "--port", "0"], stdout=subprocess.PIPE, text=True, env=environment
    )
    try:
        assert process.stdout is not None
        ready = process.stdout.readline()
        assert ready.startswith("ready http://127.0.0.1:"), ready
        with DIRECT.open(ready.split()[1], timeout=PATIENCE) as answer:
            assert "Chưa mở đợt nào." in answer.read().decode()
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)
    assert _spent_by_children() - before <= 2.0


def _spent_by_children() -> float:
    """Seconds of the processor in processes that have ended. Not of the wall: other tests share the machine."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_it_is_not_served_to_others_without_an_address(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--host", "0.0.0.0"]) == 2
    assert "HANCHOT_BOARD_URL" in capsys.readouterr().err
