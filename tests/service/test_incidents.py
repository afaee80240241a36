"""What needs a person is said once and counted."""

from __future__ import annotations

from hanchot.service.incidents import report, resolve
from hanchot.service.services import Services
from tests import look
from tests.look import at

NOW = at("2024-12-09 12:00")


def test_the_same_thing_is_counted_not_repeated(any_house: Services) -> None:
    with any_house.db.write() as connection:
        for words in ("hỏng", "vẫn hỏng"):
            report(connection, "mail", "mail", words, NOW)
    assert look.incidents(any_house) == {"mail": ("vẫn hỏng", 2, False)}


def test_what_was_settled_and_comes_back_is_open_again(any_house: Services) -> None:
    with any_house.db.write() as connection:
        report(connection, "mail", "mail", "hỏng", NOW)
        assert resolve(connection, "mail", NOW)
        assert not resolve(connection, "mail", NOW)  # nothing open
        report(connection, "mail", "mail", "lại hỏng", NOW)
    assert look.incidents(any_house) == {"mail": ("lại hỏng", 2, False)}


def test_nothing_under_that_key(any_house: Services) -> None:
    with any_house.db.write() as connection:
        assert not resolve(connection, "khac", NOW)
