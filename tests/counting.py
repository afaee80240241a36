"""When coverage is counted: while the tests of the measured floors run. It rests during all others.

Counting adds half to the time that Python takes, and what a story or a Prefect server passes through on its way shows
little: a line of the domain or of a service is covered when a test close to it covers it.
"""

from __future__ import annotations

from collections.abc import Generator

import pytest

COUNTED = ("tests/unit/", "tests/service/", "tests/store/", "tests/cli/", "tests/board/")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    counter = getattr(item.config.pluginmanager.getplugin("_cov"), "cov_controller", None)
    if counter is None or item.nodeid.startswith(COUNTED):
        return (yield)
    counter.pause()
    try:
        return (yield)
    finally:
        counter.resume()
