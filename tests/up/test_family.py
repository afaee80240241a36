"""Children: restarted with growing pauses, ended together, and their failures said in one sentence."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hanchot.domain.errors import Outside
from hanchot.up import family as family_module
from hanchot.up.answer import wait_for
from hanchot.up.family import Family
from hanchot.up.home import born
from hanchot.up.ports import free_from

DIE = "raise SystemExit(3)"
STAY = "import time; time.sleep(60)"


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def family(tmp_path: Path, said: list[str]) -> Iterator[Family]:
    made = Family(tmp_path, {}, said.append)
    yield made
    made.end()


def test_a_child_that_dies_is_said_and_started_again(family: Family, said: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(family_module, "FIRST_PAUSE", 0.01)
    child = family.start("board", sys.executable, "-c", DIE)
    child.pause = 0.01
    pids = {child.process.pid}
    deadline = time.monotonic() + 20
    while len(pids) < 3 and time.monotonic() < deadline:
        family.check()
        pids.add(child.process.pid)
    assert len(pids) == 3
    assert "board đã dừng (mã 3)" in said[0]
    assert child.pause > 0.01, "the pauses grow"


def test_a_child_that_may_end_is_not_started_again(family: Family, said: list[str]) -> None:
    child = family.start("demo", sys.executable, "-c", "", may_end=True)
    child.popen.wait(20)
    family.check()
    assert child.restart_at is None and said == []


def test_all_children_end_together(family: Family) -> None:
    children = [family.start(name, sys.executable, "-c", STAY) for name in ("one", "two")]
    family.end()
    assert not any(born(child.process.pid) == child.process.born for child in children)


def test_a_chore_that_fails_is_one_sentence_with_its_log(family: Family) -> None:
    family.run("fine", sys.executable, "-c", "print('xong')", timeout=20)
    with pytest.raises(Outside, match=r"deploy không xong: RuntimeError: hỏng.*deploy\.log"):
        family.run("deploy", sys.executable, "-X", "utf8", "-c", "raise RuntimeError('hỏng')", timeout=20)


def test_a_chore_that_hangs_is_given_up(family: Family) -> None:
    with pytest.raises(Outside, match="deploy không xong"):
        family.run("deploy", sys.executable, "-c", STAY, timeout=0.3)


def test_waiting_ends_when_the_server_answers_or_dies(family: Family) -> None:
    port = free_from(0)
    url = f"http://127.0.0.1:{port}/"
    server = family.start("server", sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(port))
    wait_for(url, server, patience=20)
    dead = family.start("dead", sys.executable, "-c", DIE)
    with pytest.raises(Outside, match=r"dead không khởi động được \(mã 3\)"):
        wait_for(f"http://127.0.0.1:{free_from(0)}/", dead, patience=20)
    with pytest.raises(Outside, match="không trả lời"):
        wait_for(f"http://127.0.0.1:{free_from(0)}/", server, patience=0.3)
