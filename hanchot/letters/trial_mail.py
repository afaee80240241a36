"""The mail that tries the relay out: to whoever asked for it, past the outbox, saying what it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hanchot.domain.instants import ZONE
from hanchot.letters.compose import FOLDER, Composed, composer, located
from hanchot.letters.mime import Built, Letter, Sender, build


@dataclass(frozen=True, slots=True)
class Trial:
    """Who asked, where it goes, and how mail goes out in general (``how``, in words)."""

    name: str
    address: str
    how: str
    at: datetime


def write_trial(trial: Trial, sender: Sender, board_url: str, folder: Path = FOLDER) -> Built:
    """Raises ``TemplateTrouble``, and ``ValueError`` for an address that cannot stand in a header."""
    at = trial.at.astimezone(ZONE)
    subject = f"[Thư thử] Hạn Chót gửi được thư, {at:%H:%M} ngày {at:%d/%m}"
    facts = {"name": trial.name, "how": trial.how, "at": f"{at:%H:%M ngày %d/%m/%Y}", "board": board_url, "sender": sender.name}
    with located(folder):
        text = composer(folder).get_template("trial/text").render(**facts)
        html = composer(folder, html=True).get_template("trial/html").render(subject=subject, **facts)
    key = f"trial/{trial.address}/{int(trial.at.timestamp())}"
    composed = Composed(subject, text, html)
    return build(Letter(key=key, to_name=trial.name, to_address=trial.address, planned_at=trial.at, composed=composed), sender)
