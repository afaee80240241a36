"""The guides show what there is: every picture that they name is in the house, and small enough for a slow line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
MOST = 150 * 1024
PAGES = ("huong-dan.md", "huong-dan-bi-thu.md", "../README.md", "../README.vi.md")


@pytest.mark.parametrize("name", PAGES)
def test_every_picture_and_page_that_is_named_is_there(name: str) -> None:
    page = DOCS / name
    text = page.read_text(encoding="utf-8")
    for link in re.findall(r'(?:src="|\]\()([^")#]+)', text):
        if not link.startswith("http"):
            assert (page.parent / link).exists(), link


def test_no_picture_of_a_guide_is_heavy() -> None:
    shown = {link for name in PAGES for link in re.findall(r"screens/([\w-]+\.png)", (DOCS / name).read_text(encoding="utf-8"))}
    assert len(shown) > 20
    assert [one for one in shown if (DOCS / "screens" / one).stat().st_size > MOST] == []


@pytest.mark.parametrize("name", ["huong-dan.md", "huong-dan-bi-thu.md"])
def test_every_section_that_is_named_is_there(name: str) -> None:
    text = (DOCS / name).read_text(encoding="utf-8")
    heads = {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in re.findall(r"^## (.+)$", text, re.MULTILINE)}
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= heads
