"""Ports that are free, and what the children see."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from hanchot.settings import Settings
from hanchot.up.environment import environment, settled
from hanchot.up.ports import choose, free_from


def test_a_taken_port_gives_the_next_free_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_from(port) > port


def test_three_wishes_for_one_port_give_three_ports(tmp_path: Path) -> None:
    wished = free_from(0)
    settings = Settings(home=tmp_path, prefect_port=wished, board_port=wished, catcher_port=wished)
    ports = choose(settings)
    assert len({ports.prefect, ports.board, ports.catcher}) == 3
    assert settled(settings, ports).board == f"http://127.0.0.1:{ports.board}"


def test_prefect_keeps_to_itself(tmp_path: Path) -> None:
    seen = environment(Settings(home=tmp_path), {"PATH": "/bin", "NO_PROXY": "intern.vn"})
    assert seen["PREFECT_HOME"] == str(tmp_path / "prefect")
    assert seen["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert seen["DO_NOT_TRACK"] == "1"
    assert seen["NO_PROXY"] == "intern.vn,127.0.0.1,localhost"
    assert seen["PATH"] == "/bin"


@pytest.mark.parametrize("given", ["", "sqlite:////srv/hanchot.db"])
def test_all_children_use_the_same_database(tmp_path: Path, given: str) -> None:
    settings = Settings(home=tmp_path, database_url=given)
    assert environment(settings, {})["HANCHOT_DATABASE_URL"] == settings.url
