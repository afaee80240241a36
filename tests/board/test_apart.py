"""What is large is made in a process of its own: the same bytes, the same refusals, and the event is written."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from datetime import datetime

import pytest

from hanchot.board import apart as rooms
from hanchot.board.apart import apart
from hanchot.bootstrap import services as open_house
from hanchot.domain.errors import NotFound, Outside
from hanchot.service import exports, sample
from hanchot.service.services import Services
from hanchot.settings import Settings
from tests import look
from tests.look import at

NOW = at("2024-12-02 09:00")


@pytest.fixture
def large(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """A house on disk that counts as large."""
    monkeypatch.setattr(rooms, "LARGE", 5)
    house = open_house(Settings(home=tmp_path_factory.mktemp("large")))
    sample.make(house.db, "province", cells=20, now=NOW)
    yield house
    house.db.close()


def process_of(_services: Services) -> int:
    return os.getpid()


def ends_itself(_services: Services) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def clock_of(_services: Services, now: datetime) -> datetime:
    return now


def test_only_a_large_house_needs_another_process(large: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    assert apart(large, process_of) != os.getpid()
    monkeypatch.setattr(rooms, "LARGE", 1_000)
    assert apart(large, process_of) == os.getpid()


def test_a_list_made_apart_is_the_list(large: Services) -> None:
    here = exports.export(large, "units", {"format": "xlsx"}, NOW)
    assert apart(large, exports.export, "units", {"format": "xlsx"}, NOW) == here
    assert apart(large, clock_of, NOW) == NOW


def test_who_took_a_list_apart_is_written_down(large: Services) -> None:
    apart(large, exports.export, "units", {"format": "csv"}, NOW, actor="Bình")
    last = look.events(large)[-1]
    assert (last.action, last.subject, last.actor) == ("list.exported", "units", "Bình")


def test_a_refusal_comes_back_whole(large: Services) -> None:
    with pytest.raises(NotFound) as refused:
        apart(large, exports.export, "không có", {}, NOW)
    assert refused.value.message == "Không có danh sách “không có”." and "late" in refused.value.way_out


def test_a_process_that_dies_is_one_sentence(large: Services) -> None:
    with pytest.raises(Outside, match="Không lập được tệp lớn này"):
        apart(large, ends_itself)
