"""``hanchot up``: everything that a committee needs on one machine, started, watched and ended by one process.

Our database comes first and Prefect second: should Prefect die later, it is started again, and until it is back the
watchdog sweeps and sends.
"""

from __future__ import annotations

import asyncio
import signal
import sys
import time
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from hanchot import clock
from hanchot.bootstrap import services
from hanchot.domain.errors import Outside
from hanchot.service import incidents
from hanchot.service.mail.deliver import deliver
from hanchot.service.services import Services
from hanchot.service.sweep import sweep
from hanchot.settings import Settings
from hanchot.up import first_start
from hanchot.up.answer import wait_for
from hanchot.up.environment import environment, prefect_url, settled
from hanchot.up.family import Child, Family
from hanchot.up.home import end_leftovers, locked
from hanchot.up.play import Play
from hanchot.up.ports import HOST, choose
from hanchot.up.watchdog import Watchdog

PREFECT_PATIENCE, BOARD_PATIENCE, CHORE_PATIENCE = 120.0, 30.0, 120.0  # seconds
PREFECT_DOWN = "prefect-down"
_LOOK_EVERY = 0.5


def run(settings: Settings, *, demo: str | None = None, speed: float = 0.0, open_browser: bool = False) -> int:
    """Start all, print the addresses, watch until Ctrl-C or SIGTERM, end all; returns the exit code.

    ``demo`` is a plan's key: its season is played in a folder of its own, on a clock that runs ``speed`` times as fast
    (0: about five minutes for the whole season). Raises ``Refused`` when another ``hanchot up`` holds the folder and
    ``Outside`` when Prefect cannot be started.
    """
    play = Play.of(settings, demo, speed) if demo else None
    if play:
        settings = play.set_up(settings)
    with _signals(), locked(settings.home):
        for name in end_leftovers(settings.home):
            _say(f"Đã dừng {name} còn lại từ lần chạy trước.")
        settings = settled(settings, choose(settings))
        family = Family(settings.home, environment(settings), _say)
        begun = time.monotonic()
        try:
            _say("Đang khởi động…")
            house = _bring_up_play(family, settings, play) if play else _bring_up(family, settings)
            _show(settings, time.monotonic() - begun)
            if open_browser:
                webbrowser.open(settings.board)
            _watch(family, house)
        except KeyboardInterrupt:
            _say("Đang dừng…")
        finally:
            _deaf()
            family.end()
    _say("Đã dừng.")
    return 0


def _bring_up(family: Family, settings: Settings) -> Services:
    """Prefect takes the longest, so it starts first and the rest is made ready beside it."""
    prefect = _start_prefect(family, settings)
    house = services(settings)
    first_start.prepare(house)
    board = _start_pages(family, settings)
    wait_for(settings.board, board, BOARD_PATIENCE)
    try:
        _deploy(family, settings, prefect)
        family.run("sweep", sys.executable, "-m", "flows.sweep", timeout=CHORE_PATIENCE)
        _start_worker(family)  # after the first mirror: both write to Prefect's SQLite
        with house.db.write() as connection:
            incidents.resolve(connection, PREFECT_DOWN, clock.now())
    except Outside as error:
        _go_without_prefect(house, error)
    asyncio.run(deliver(house, clock.now()))  # what is due stands in the inbox before the addresses are printed
    return house


def _go_without_prefect(house: Services, error: Outside) -> None:
    """Prefect shows and beats the time, and is never the truth: the board, the letters and the watchdog go on."""
    _say(f"{error.typed_out}\nVẫn chạy tiếp: bảng theo dõi và thư nhắc không cần Prefect; chương trình tự quét.")
    with house.db.write() as connection:
        message = f"Không có Prefect: {error.message} Chương trình tự quét; xem nhật ký rồi chạy lại hanchot up."
        incidents.report(connection, PREFECT_DOWN, "prefect", message, clock.now())
    sweep(house, clock.now())


def _bring_up_play(family: Family, settings: Settings, play: Play) -> Services:
    """The clock of the play starts when there is something to see: whoever reads it starts after that."""
    _deploy(family, settings, _start_prefect(family, settings))
    family.env |= play.begin()
    house = services(settings)
    first_start.prepare(house, play.plan)
    board = _start_pages(family, settings)
    _start_worker(family)
    family.start("demo", sys.executable, "-m", "flows.demo", may_end=True)
    wait_for(settings.board, board, BOARD_PATIENCE)
    return house


def _start_prefect(family: Family, settings: Settings) -> Child:
    port = str(settings.prefect_port)
    return family.start("prefect", sys.executable, "-m", "prefect", "server", "start", "--host", HOST, "--port", port)


def _deploy(family: Family, settings: Settings, prefect: Child) -> None:
    wait_for(f"{prefect_url(settings)}/api/health", prefect, PREFECT_PATIENCE)
    family.run("deploy", sys.executable, "-m", "tasks.deploy", timeout=CHORE_PATIENCE)


def _start_worker(family: Family) -> None:
    family.start("worker", sys.executable, "-m", "prefect", "worker", "start", "--pool", "hanchot", "--type", "process")


def _start_pages(family: Family, settings: Settings) -> Child:
    """The board and, where no relay is named, the mail catcher behind its inbox; returns the board."""
    if settings.relay_is_catcher:
        catcher = ["--port", str(settings.catcher_port), "--dir", str(settings.mail_dir)]
        family.start("catcher", sys.executable, "-m", "hanchot.letters.catcher", *catcher)
    return family.start("board", sys.executable, "-m", "hanchot.board", "--port", str(settings.board_port))


def _watch(family: Family, house: Services) -> None:
    """Look after the children until a signal comes."""
    watchdog = Watchdog(house, _say)
    watchdog.start()
    try:
        while True:
            family.check()
            time.sleep(_LOOK_EVERY)
    finally:
        watchdog.stop()


def _show(settings: Settings, seconds: float) -> None:
    inbox = f"\n  Hộp thư thử      {settings.board}/inbox" if settings.relay_is_catcher else ""
    _say(
        f"""
Hạn Chót đã chạy (sau {seconds:.0f} giây).

  Bảng theo dõi    {settings.board}/
  Prefect          {prefect_url(settings)}/runs{inbox}

Xem trước tiên: bảng theo dõi nói ai còn nợ việc gì; trong Prefect mỗi đợt là một dòng,
tên trạng thái nói đang ở bước nào, xong bao nhiêu.
Ctrl-C dừng tất cả. Nhật ký: {settings.home / "logs"}
"""
    )


@contextmanager
def _signals() -> Iterator[None]:
    """SIGTERM and a closed terminal end the run as Ctrl-C does."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _deaf() -> None:
    """A second Ctrl-C must not leave half of the children behind."""
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)


def _say(text: str) -> None:
    print(text, flush=True)
