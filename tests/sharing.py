"""How the tests are shared out between processes: file by file, what takes longest first, and Prefect in one process only.

A file stays together, because some of its tests share a fixture that is dear (the story's years). Whatever starts
Prefect stays together as one lot, so that no two of its servers stand on one machine at the same time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from xdist.scheduler import LoadFileScheduling

STARTS_PREFECT = ("tests/flows/", "tests/up/")
# The minutes of the suite, begun first: a long lot that begins last keeps one process busy while the others have gone.
LONGEST = (*STARTS_PREFECT, "tests/story/", "tests/faults/", "tests/board/journeys/", "tests/board/test_browser")


def lot(nodeid: str) -> str:
    """The name of the lot of a test: all of a lot run in one process, one after the other."""
    return "prefect" if nodeid.startswith(STARTS_PREFECT) else nodeid.partition("::")[0]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Among several processes the longest come first; alone the order is that of the folders."""
    if hasattr(config, "workerinput"):
        items.sort(key=_rank)


def _rank(item: pytest.Item) -> int:
    return next((rank for rank, start in enumerate(LONGEST) if item.nodeid.startswith(start)), len(LONGEST))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling:
    from xdist.scheduler import LoadFileScheduling

    class ByLot(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return lot(nodeid)

    config.option.loadscopereorder = False  # it would put the lots with the most tests first, not the longest
    return ByLot(config, log)
