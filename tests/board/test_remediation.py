"""The cycle of remediation on the board: a cycle like any other, and no word of a shortcoming on a page."""

from __future__ import annotations

import pytest

from hanchot.service.remediating import open_for
from tests import look
from tests.board.conftest import Visit
from tests.commune import commune
from tests.conftest import NewHouse
from tests.service.test_remediating import CONFIDENTIAL, KP, LINES, NOW, RESULT


@pytest.mark.parametrize("path", ["/", f"/cycles/{KP}", f"/cycles/{KP}/matrix", "/late", "/items/{item}"])
def test_its_pages_count_shortcomings_and_say_none(new_house: NewHouse, visit: Visit, path: str) -> None:
    house = commune(new_house(""))
    open_for(house, RESULT, LINES, NOW, actor="ban")
    item = look.item_id(house, "TH", "khac-phuc-1", KP)
    page = visit(house, "2026-04-10 08:00").page(path.format(item=item))
    assert "khắc phục" in page.lower()
    assert not [word for word in CONFIDENTIAL if word in page]
