"""Writing one envelope: from what it would say now to the frozen bytes that are sent."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hanchot.domain.instants import local_day
from hanchot.letters import compose as composing
from hanchot.letters import mime
from hanchot.letters.invitation import MOST, Entry
from hanchot.letters.view import Envelope
from hanchot.letters.words import lower_first, nfc
from hanchot.service.mail.outbox import Desk, Person, Told
from hanchot.settings import Settings


@dataclass(frozen=True, slots=True)
class Frozen:
    """A written envelope: what the database keeps of it and what every attempt sends."""

    number: int
    address: str
    subject: str
    message_id: str
    raw: bytes
    sha256: str


class Writer:
    """Writes with one installation's templates and sender. The same envelope written twice has the same bytes."""

    def __init__(self, settings: Settings, now: datetime) -> None:
        self._settings = settings
        self._today = local_day(now)
        self._folder: Path = settings.templates_dir / "letters"
        self._sender = mime.Sender(settings.mail_from, settings.mail_from_name, settings.mail_reply_to)

    def write(
        self, number: int, to: Person, desk: Desk, letters: tuple[Told, ...], planned_at: datetime, *, more: int = 0,
        attach: bool = True,
    ) -> Frozen:  # fmt: skip
        """Raises ``TemplateTrouble``, or ``ValueError`` where a name or address cannot stand in a header."""
        if to.address is None:
            raise ValueError(f"{to.name}: chưa có địa chỉ thư")
        composed = composing.compose(self._view(to, desk, letters, more), self._folder)
        letter = mime.Letter(
            key=message_key(to.person_id, letters),
            to_name=to.name,
            to_address=to.address,
            planned_at=planned_at,
            composed=composed,
            thread=thread_of(letters[0]),
            list_id=f"dot-{letters[0].cycle_id}",
            entries=_entries(letters) if attach else (),
        )
        built = mime.build(letter, self._sender)
        return Frozen(number, to.address, composed.subject, built.message_id, built.raw, built.sha256)

    def _view(self, to: Person, desk: Desk, letters: tuple[Told, ...], more: int) -> Envelope:
        return Envelope(
            to_name=nfc(to.name),
            to_title=desk.titles.get(letters[0].post_id, ""),
            lines=tuple(told.line for told in letters),
            today=self._today,
            board_url=self._settings.board,
            summaries=tuple(told.summary for told in letters if told.summary),
            sender=self._settings.mail_from_name,
            ask=self._settings.mail_reply_to or "",
            more=more,
        )


def message_key(person_id: int, letters: tuple[Told, ...]) -> str:
    """What a message says to whom. Not the row's number: after a restored backup that may mean another message."""
    said = "\n".join(sorted(told.key for told in letters))
    return f"{person_id}:{hashlib.sha256(said.encode()).hexdigest()}"


def thread_of(told: Told) -> str:
    """Letters about one item stand together in a mail program."""
    return f"item-{told.line.item_id}" if told.line.item_id is not None else f"cycle-{told.cycle_id}"


def _entries(letters: tuple[Told, ...]) -> tuple[Entry, ...]:
    """Calendar entries of the deadlines still to come."""
    ahead = [told.line for told in letters if told.line.tone in ("reminder", "opened", "extended", "stage_opened")]
    return tuple(
        Entry(
            f"item-{line.item_id}", line.revision, f"Hạn: {lower_first(line.milestone)} – {line.unit}", line.last_day,
            line.last_moment, line.url,
        )
        for line in ahead
        if line.last_day is not None and (line.days or 0) >= 0
    )[:MOST]  # fmt: skip
