"""From claimed envelopes to frozen bytes: what is no longer true is dropped, the rest is written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from hanchot.domain.instants import local_day, start_of
from hanchot.letters.compose import TemplateTrouble
from hanchot.service import incidents
from hanchot.service.mail import claims
from hanchot.service.mail.claims import Settled
from hanchot.service.mail.dispatch import InHand
from hanchot.service.mail.envelopes import KEEPS, release_at
from hanchot.service.mail.outbox import Decision, Desk, Person, decide, gather, keep_ledger
from hanchot.service.mail.real import sending
from hanchot.service.mail.tally import Tally
from hanchot.service.mail.writing import Frozen, Writer
from hanchot.service.services import Services
from hanchot.store.db import Row, pairs
from hanchot.store.tables import envelope

_TOO_LARGE = "552"
_CALENDAR = b"text/calendar"


@dataclass
class Prepared:
    """One batch, written. ``messages`` are to be sent; ``tally`` counts the envelopes that ended before."""

    token: str
    messages: list[Frozen] = field(default_factory=list)
    hands: dict[int, InHand] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)


def prepare(
    services: Services, connection: sa.Connection, token: str, rows: Sequence[Row], now: datetime,
    sent_before: Collection[str] = (),
) -> Prepared:  # fmt: skip
    """Decide, write and freeze every claimed envelope, within the caller's transaction."""
    desk = gather(services, connection, rows, now)
    choices = {row.id: decide(desk.told.get(row.id, ()), row.person_id, sent_before) for row in rows}
    batch = _Batch(services, connection, desk, now, Prepared(token))
    waits, more = _over_cap(connection, rows, choices, services.settings.daily_cap, now)
    for row in rows:
        keep_ledger(connection, choices[row.id])
        if row.id in waits:
            batch.defer(row)
        else:
            batch.one(row, choices[row.id], more.get(row.id, 0))
    batch.freeze()
    return batch.made


@dataclass
class _Batch:
    services: Services
    connection: sa.Connection
    desk: Desk
    now: datetime
    made: Prepared
    fresh: list[Frozen] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.writer = Writer(self.services.settings, self.now)
        self.sending = sending(self.services.settings, self.connection)

    def one(self, row: Row, choice: Decision, more: int) -> None:
        """Settle an envelope that must not go, or write it."""
        to = self.desk.people[row.person_id]
        if not choice.kept:
            self.settle(row, "superseded", choice.why_nothing)
        elif row.expires_at <= self.now:
            self.settle(row, "expired", "quá thời hạn gửi")
            day = local_day(self.now)
            words = f"Có thư quá thời hạn mà chưa gửi được (gần nhất: cho {to.name}). Báo người nhận bằng cách khác."
            self.say(f"expired:{day}", words)
        elif row.state == "uncertain" and choice.changed:
            self.settle(row, "uncertain", "chưa rõ máy chủ thư đã nhận; nội dung đã đổi nên không gửi lại")
            words = f"Chưa rõ thư cho {to.name} đã đến chưa; nội dung đã đổi nên không gửi lại."
            self.say(f"uncertain:{row.id}", words)
        elif row.attempts >= claims.MOST_ATTEMPTS and row.state != "uncertain":
            self.settle(row, "failed", f"đã thử {row.attempts} lần không được; {row.reply or ''}".rstrip("; "))
            self.say(f"address:{row.person_id}", f"Thư cho {to.name} đã thử {row.attempts} lần không gửi được.")
        elif to.address is None:
            self.settle(row, "failed", "chưa có địa chỉ thư")
            self.say(f"address:{row.person_id}", f"{to.name} chưa có địa chỉ thư. Bổ sung trong danh sách người.")
        else:
            self.write(row, to, choice, more)

    def write(self, row: Row, to: Person, choice: Decision, more: int) -> None:
        try:
            frozen = self.frozen(row, to, choice, more)
        except TemplateTrouble as trouble:
            self.settle(row, "retry", str(trouble), self.now + claims.pause(row.attempts + 1))
            self.say(f"template:{trouble.file}:{trouble.line}", f"{trouble}. Sửa mẫu; thư sẽ tự gửi lại.", "template")
        except ValueError as error:
            self.settle(row, "failed", str(error))
            self.say(f"address:{row.person_id}", f"Không viết được thư cho {to.name}: {error}.")
        else:
            self.hand(row, to, choice, frozen)

    def frozen(self, row: Row, to: Person, choice: Decision, more: int) -> Frozen:
        """The bytes of before while they are still true, or new ones."""
        if row.body is not None and (row.state == "uncertain" or not self.stale(row, to, choice)):
            return Frozen(row.id, row.address, row.subject, row.message_id, row.body, row.sha256)
        attach = not (row.reply or "").startswith(_TOO_LARGE)
        made = self.writer.write(row.id, to, self.desk, choice.kept, row.planned_at, more=more, attach=attach)
        self.fresh.append(made)
        return made

    def stale(self, row: Row, to: Person, choice: Decision) -> bool:
        """Bytes that no relay has taken are written anew when a line fell away, the day or the address changed."""
        another_day = row.settled_at is not None and local_day(row.settled_at) != local_day(self.now)
        too_large = (row.reply or "").startswith(_TOO_LARGE)
        return choice.changed or another_day or too_large or row.address != to.address

    def hand(self, row: Row, to: Person, choice: Decision, frozen: Frozen) -> None:
        if not self.sending.reaches(frozen.address):
            self.settle(row, "withheld", "chưa bật gửi thật; địa chỉ không nằm trong danh sách được phép")
            return
        self.made.messages.append(frozen)
        self.made.hands[row.id] = InHand(
            row.id, row.person_id, to.name, frozen.address, row.attempts + 1, row.state == "uncertain",
            _CALENDAR in frozen.raw, tuple(told.key for told in choice.kept),
        )  # fmt: skip

    def settle(self, row: Row, state: str, reply: str, retry_at: datetime | None = None) -> None:
        if claims.settle(self.connection, self.made.token, Settled(row.id, state, reply, retry_at), self.now):
            self.made.tally.count(state)

    def say(self, key: str, words: str, kind: str = "mail") -> None:
        incidents.report(self.connection, key, kind, words, self.now)

    def defer(self, row: Row) -> None:
        """To the next day's window, without spending an attempt, and valid as long as if it had been for that day."""
        tomorrow = start_of(local_day(self.now) + timedelta(days=1))
        later = release_at(tomorrow, self.services.workdays, self.services.settings)
        self.connection.execute(
            sa.update(envelope)
            .where(envelope.c.id == row.id, envelope.c.claim == self.made.token)
            .values(
                state="queued", claim=None, lease_until=None, attempts=row.attempts, release_at=later,
                expires_at=max(row.expires_at, later + KEEPS),
            )
        )  # fmt: skip
        self.made.tally.count("deferred")

    def freeze(self) -> None:
        if self.fresh:
            self.connection.execute(
                _FREEZE,
                [
                    {"number": one.number, "to": one.address, "title": one.subject, "identity": one.message_id,
                     "raw": one.raw, "digest": one.sha256}
                    for one in self.fresh
                ],
            )  # fmt: skip


_FREEZE = (
    sa.update(envelope)
    .where(envelope.c.id == sa.bindparam("number"))
    .values(
        address=sa.bindparam("to"), subject=sa.bindparam("title"), message_id=sa.bindparam("identity"),
        body=sa.bindparam("raw"), sha256=sa.bindparam("digest"),
    )
)  # fmt: skip


def _over_cap(
    connection: sa.Connection, rows: Iterable[Row], choices: dict[int, Decision], cap: int, now: datetime
) -> tuple[set[int], dict[int, int]]:
    """Which envelopes wait for tomorrow, and how many duties the last one of today mentions. Escalations go first."""
    by_person: dict[int, list[Row]] = {}
    for row in rows:
        if choices[row.id].kept and row.expires_at > now:
            by_person.setdefault(row.person_id, []).append(row)
    had = _had_today(connection, by_person, now)
    waits: set[int] = set()
    more: dict[int, int] = {}
    for person_id, mine in by_person.items():
        left = max(0, cap - had.get(person_id, 0))
        if len(mine) <= left:
            continue
        mine.sort(key=lambda row: (row.state == "queued", choices[row.id].urgency, row.id))
        waits |= {row.id for row in mine[left:]}
        if left:
            more[mine[left - 1].id] = sum(len(choices[row.id].kept) for row in mine[left:])
    return waits, more


def _had_today(connection: sa.Connection, people: Collection[int], now: datetime) -> dict[int, int]:
    query = sa.select(envelope.c.person_id, sa.func.count()).where(
        envelope.c.person_id.in_(people),
        envelope.c.state.in_(("accepted", "uncertain")),
        envelope.c.settled_at >= start_of(local_day(now)),
    )
    return pairs(connection.execute(query.group_by(envelope.c.person_id)))
