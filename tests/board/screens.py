"""The pictures of README and guides: ``make screens``. Needs Playwright and a Chromium; nothing else does.

Everybody on them is invented: a commune whose season is half over, a cell that rates its members, a signed plan.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import sqlalchemy as sa
from PIL import Image
from playwright.sync_api import sync_playwright

from hanchot import bootstrap
from hanchot.service import drafts
from hanchot.service.opening import open_cycle
from hanchot.service.sample.names import person_name
from hanchot.service.services import Services
from hanchot.settings import Settings
from hanchot.store.tables import cycle, person
from tests import judging, plans
from tests.board import village
from tests.board.chromium import binary
from tests.board.journeys.town import Person, Town, Way, founded
from tests.board.people import DECIDER, ORGANISER
from tests.cast import settle
from tests.drafts import BODY, draft
from tests.look import at

SCREENS = Path(__file__).parents[2] / "docs" / "screens"
PHONE, DESK = 360, 1400
TALLEST = {PHONE: 1100, DESK: 1000}  # pixels of the page; what is below is cut off
SHARPNESS = {PHONE: 2, DESK: 1}  # a phone's pixels are small
MOST = 150 * 1024
BOTH = (PHONE, DESK)


class Shot(NamedTuple):
    """A picture ``<name>-<width>.png`` of a page as ``who`` sees it (empty: whoever sits at the machine).

    ``then``: what is done on the page before; ``top``: the CSS of the place that the picture begins at.
    """

    name: str
    who: str
    path: str
    widths: tuple[int, ...] = BOTH
    then: Callable[[Person], object] | None = None
    top: str = ""
    tallest: int = 0


def small(picture: bytes) -> bytes:
    """The same with as many colours as fit into ``MOST`` bytes."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    for colours in (128, 64, 40, 24, 16):
        out = io.BytesIO()
        image.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if out.tell() <= MOST:
            break
    return out.getvalue()


def take(town: Town, shot: Shot, target: Path) -> None:
    """Look at a page at its widths and keep what is seen."""
    for width in shot.widths:
        town.way = Way(width, True)
        one = _at(town, shot.who, width)
        one.goes(shot.path)
        if shot.then:
            shot.then(one)
        one.page.evaluate("document.activeElement.blur()")
        top = one.page.evaluate(f"document.querySelector({shot.top!r}).getBoundingClientRect().top - 12") if shot.top else 0
        tall = one.page.evaluate("document.documentElement.scrollHeight") - top
        clip = {"x": 0, "y": top, "width": width, "height": min(tall, shot.tallest or TALLEST[width])}
        (target / f"{shot.name}-{width}.png").write_bytes(small(one.page.screenshot(clip=clip, full_page=True)))
        one.page.context.close()


def _at(town: Town, who: str, width: int) -> Person:
    return town.signed_in(who, sharp=SHARPNESS[width]) if who else town.somebody(sharp=SHARPNESS[width])


def season(found: Callable[..., Town]) -> tuple[Town, tuple[Shot, ...]]:
    """The commune on a morning in mid-season: the department's pages, a secretary's, the committee's."""
    town = found(village.TODAY, board_url="https://hanchot.tanlap.example")
    village.settled(town.house)
    village.live(town.house)
    known = village.village(town.house)
    hall, own, cycle, mine = known.head, known.secretary, f"/cycles/{village.CODE}", f"/my/items/{known.item}"

    def read_the_letter(one: Person) -> None:
        body = town.mail_of(own)[-1].get_body(("html",))
        assert body
        one.page.goto("about:blank")  # away from the board's policy, which lets no style of a letter in
        one.page.set_content(body.get_content())

    return town, (
        Shot("letter", "", "/sign-in", (PHONE,), read_the_letter),
        Shot("sign-in", "", "/sign-in", (PHONE,)),
        Shot("my", own, "/my", (PHONE,)),
        Shot("my-item", own, mine, (PHONE,)),
        Shot("my-submit", own, mine, (PHONE,), top="#papers fieldset"),
        Shot("my-done", own, f"/my/items/{known.done}/done", (PHONE,)),
        Shot("my-more-time", own, f"{mine}/more-time", (PHONE,)),
        Shot("my-hand-over", own, "/my/hand-over", (PHONE,)),
        Shot("my-print", own, f"{mine}/print", (DESK,)),
        Shot("branch", known.superior, "/branch", (PHONE,)),
        Shot("overview", hall, "/"),
        Shot("late", hall, "/late"),
        Shot("bulk", hall, "/bulk/remind?all=1", (DESK,)),
        Shot("matrix", hall, f"{cycle}/matrix"),
        Shot("cycle", hall, cycle),
        Shot("coming", hall, "/coming", (DESK,)),
        Shot("unit", hall, f"/units/{known.cell}", (DESK,)),
        Shot("item", hall, f"/items/{known.late_item}", (DESK,)),
        Shot("tracking", hall, "/tracking", (DESK,)),
        Shot("letters", hall, "/letters"),
        Shot("dossiers", hall, f"{cycle}/dossiers", (DESK,)),
        Shot("dossier", hall, f"{cycle}/dossiers/ho-so-trung-uong/{known.cell}", (DESK,)),
        Shot("meetings", hall, "/meetings", (DESK,)),
    )


def judged(found: Callable[..., Town]) -> tuple[Town, tuple[Shot, ...]]:
    """A cell that has rated its members and voted: what the deciding level sees."""
    town = found("2024-12-20 12:00")
    house = town.house
    settle(house.db)
    members = judging.cell_of(house, 24)
    _call_by_name(house)
    judging.appraised(house, members)
    judging.both_rounds(house, members, members[:5])
    code = _renamed(house)
    paper = f"/cycles/{code}/decisions/{judging.CELL}"

    def choose(one: Person) -> None:
        for number, member in enumerate(members[:5]):
            line = one.main.locator(f"#line-{member}")
            line.locator("select").select_option("excellent" if number < 4 else "good")
            if number < 4:
                line.get_by_label("Lý do, nếu khác thẩm định").fill("theo kết quả phiếu kín, vòng 2")
        one.types("Số văn bản", "05-QĐ/CB").types("Ngày văn bản", "19/12/2024").presses("Tính lại")
        one.reads("Còn 0 suất")

    return town, (
        Shot("judging", ORGANISER, f"/cycles/{code}/judging", (DESK,)),
        Shot("deciding", DECIDER, "/deciding", (DESK,)),
        Shot("decision", ORGANISER, paper, BOTH, choose),
        Shot("subjects", ORGANISER, f"/cycles/{code}/subjects", (DESK,)),
        Shot("ballots", ORGANISER, f"/cycles/{code}/ballots", (DESK,)),
    )


def _renamed(house: Services) -> str:
    """The cycle under a name of its own: the guidance whose rules it borrows is a real province's."""
    with house.db.write() as connection:
        connection.execute(sa.update(cycle).where(cycle.c.code == judging.CODE).values(code="kiem-diem-2024"))
    house.db.remembered.clear()  # no code changes in life, and pages remember it
    return "kiem-diem-2024"


def _call_by_name(house: Services) -> None:
    """The members of the cell get names as people have them."""
    rng = Random(7)
    with house.db.write() as connection:
        for code in connection.execute(sa.select(person.c.code).where(person.c.code.like("M__")).order_by(person.c.code)):
            connection.execute(sa.update(person).where(person.c.code == code[0]).values(name=person_name(rng)))


def begun(found: Callable[..., Town]) -> tuple[Town, tuple[Shot, ...]]:
    """A new installation, a signed plan that is being read, and the plans that came with the program."""
    town = found("2024-11-18 09:00", sign_in="auto")
    settle(town.house.db)
    open_cycle(town.house, plans.plan(), at("2024-11-18 07:00"))
    town.post()
    drafts.keep(town.house, BODY, "15-KH-ĐUK.docx", "docx", draft(), at(town.time), ORGANISER)
    return town, (
        Shot("first-hour", "", "/first-hour", (DESK,)),
        Shot("confirm", "", "/documents/1"),
        Shot("inbox", "", "/inbox"),
        Shot("plans", "", "/plans", (DESK,)),
        Shot("renew", "", "/plans/lung-phinh-2025/renew?year=2026"),
        Shot("chain", "", "/chain?plans=quang-ngai-13-hd-tu,huyen-2023"),
        Shot("people", "", "/people", (DESK,)),
        Shot("settings", "", "/settings", (DESK,)),
    )


SCENES = {"season": season, "judged": judged, "begun": begun}


@contextmanager
def towns() -> Iterator[Callable[..., Town]]:
    """Founds towns in a browser and folders that are gone afterwards. While their past is told, the time is a chosen one."""
    program = binary()
    if program is None:
        raise SystemExit("No Chromium on this machine.")
    with sync_playwright() as driver, tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"], env={**os.environ, "LANGUAGE": "vi"})
        stack.callback(browser.close)

        def found(time: str, **settings: Any) -> Town:
            home = Path(tempfile.mkdtemp(dir=folder))
            os.environ["HANCHOT_NOW"] = time.replace(" ", "T")
            install = partial(_installed, home)
            return founded(stack, browser, Way(DESK, True), home / "mail", install, time, **{"sign_in": "always"} | settings)

        yield found


def _installed(home: Path, **settings: Any) -> Services:
    return bootstrap.services(Settings(_env_file=None, home=home, **settings))


def main(names: list[str]) -> None:
    """Make the pictures of all scenes, or of those that are named."""
    with towns() as found:
        for name in names or SCENES:
            town, shots = SCENES[name](found)
            os.environ.pop("HANCHOT_NOW")  # or the pages would say that the clock is a demonstration's
            for shot in shots:
                take(town, shot, SCREENS)
                print(shot.name)


if __name__ == "__main__":
    main(sys.argv[1:])
