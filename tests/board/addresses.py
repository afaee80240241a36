"""A house with something in every room, and one living address for every route of the board."""

from __future__ import annotations

import re

import sqlalchemy as sa

from hanchot.board.app import PAGES, WRITES
from hanchot.letters.catcher import Maildir
from hanchot.service import drafts
from hanchot.service.services import Services
from hanchot.service.sweep import sweep
from tests.board.judged import judging_addresses
from tests.board.living import keeping_addresses
from tests.drafts import BODY, draft
from tests.look import CODE, at, item_id

DAY = "2024-11-18 08:00"
MAIL = b"From: a@b.example\r\nTo: c@d.example\r\nSubject: Thu\r\n\r\nx\r\n"
PREVIEWS = {"/bulk/remind", "/bulk/extend", "/bulk/receive", "/bulk/reopen"}


def living_addresses(house: Services) -> dict[str, str]:
    """By route, GET and POST alike. What names a unit or an item speaks of the cell BAO, which its own branch ends at."""
    day = at(DAY)
    sweep(house, day)
    mail = Maildir(house.settings.mail_dir).keep(MAIL)
    handed_in, _ = drafts.keep(house, BODY, "ke-hoach.docx", "docx", draft(), day, "Trần Thị Bình")
    with house.db.read() as connection:
        letter = connection.execute(sa.text("SELECT min(id) FROM envelope")).scalar_one()
    living = keeping_addresses(house, day) | judging_addresses(house)
    own: dict[str, dict[str, object]] = {
        "units": {"code": "BAO"}, "people": {"id": 4, "code": "BAO"}, "documents": {"id": handed_in},
        "letters": {"id": letter}, "plans": {"key": "huyen-2023"}, "settings": {"key": "item_page"}, "inbox": {"key": mail},
        "export": {"key": "units", "form": "csv"}, "export-all": {"key": "units", "form": "csv"}, "rules": {"key": "124-qd-tw"},
        "results": {"code": "BAO"}, "cycles": {"key": "tham-dinh"}, "incidents": {"id": 1},
    }  # fmt: skip
    item = item_id(house, "BAO", "chi-bo")
    found = {}
    for path in (*PAGES, *WRITES):
        values = {"code": CODE, "id": item, "unit": "BAO", "key": "x", **own.get(path.split("/")[1], {})}
        filled = re.sub(r"\{(\w+)(?::\w+)?\}", lambda part, values=values: str(values.get(part[1], "x")), path)  # type: ignore[misc]
        found[path] = living.get(path, filled) + (f"?item={item}" if path in PREVIEWS else "")
    return found
