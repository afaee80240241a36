"""How the stories of a judged year are told: what people do in a few words each, and what must never leave the house.

A story has real mail (a catcher on a free port), the delivered calendar of its plan and the delivered rules.
"""

from __future__ import annotations

import asyncio
import io
import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from hanchot import bootstrap
from hanchot.domain.rating_level import RatingLevel
from hanchot.service import audit
from hanchot.service.book import cycle_id_of
from hanchot.service.dossiers import Which, hand_in_on_paper
from hanchot.service.judging.ballots import Minutes, confirm, enter
from hanchot.service.judging.deciding import Confirmed, Paper, confirm_decision, draft_decision
from hanchot.service.judging.guards import Line
from hanchot.service.judging.ratings import Judgement
from hanchot.service.judging.refusing import Forbidden
from hanchot.service.judging.subjects import subjects_of
from hanchot.service.mail.deliver import deliver
from hanchot.service.papers.desk import About, File
from hanchot.service.papers.out import export
from hanchot.service.services import Services
from hanchot.service.sweep import SweepReport, sweep
from hanchot.settings import Settings
from hanchot.store.regulation_files import REGULATIONS
from hanchot.store.tables import person
from tests import look
from tests.mailroom import catcher
from tests.post import read

EXCELLENT, GOOD, FAIR, FAIL = RatingLevel
# What a mail, an event or a log would have to hold to give a level away; scores and shortcomings are the story's own.
LEVELS = ("xuất sắc", "hoàn thành tốt", "không hoàn thành", '"excellent"', '"good"', '"fair"', '"fail"', "per_level")

# No basis of these plans has a rule of voting, or its text was not seen: the department types that of its own level in.
_VOTES = """
votes:
  secret: true
  base: convened
  more_than_percent: 50
  rounds:
    - {{level: good, cited: {cited}}}
    - {{level: excellent, among: good, cited: {cited}}}
  kinds:
    - number: 1
      key: ca-nhan
      title: Biểu quyết quyết định xếp loại đảng viên
      effect: decides
      rates: [leader, member]
      two_rounds: true
      cited: {cited}
  cited: {cited}
"""


@dataclass
class Story:
    """One committee's judged year. ``mail``: the Maildir of the catcher; ``secrets``: words that only this story uses;
    ``printed``: the papers that were taken, by key, as they were at that moment; ``logged``: what went to any log.
    """

    house: Services
    code: str
    mail: Path
    secrets: list[str] = field(default_factory=list)
    printed: list[tuple[str, File]] = field(default_factory=list)
    logged: str = ""

    def morning(self, now: datetime) -> SweepReport:
        """One sweep, and the outbox drained through the real mail server."""
        report = sweep(self.house, now)
        sent = asyncio.run(deliver(self.house, now))
        assert sent.held is None
        return report

    @property
    def mails(self) -> list[EmailMessage]:
        return [read(raw) for raw in look.mails_kept(self.mail)]

    def told(self, name: str) -> list[str]:
        """The subject and text of every mail that somebody has got, oldest first."""
        with self.house.db.read() as connection:
            address = connection.execute(sa.select(person.c.email).where(person.c.name == name)).scalar_one()
        return [_words(mail) for mail in self.mails if address in str(mail["To"])]

    def subject(self, label: str, kind: str, code: str | None = None) -> int:
        """The number of who is rated, by the name of the person or the unit and as what."""
        [found] = self.subjects(label, code)[kind]
        return found

    def subjects(self, label: str, code: str | None = None) -> dict[str, list[int]]:
        """The numbers under which a person or a unit is rated, by kind."""
        found: dict[str, list[int]] = {}
        with self.house.db.read() as connection:
            for row in subjects_of(connection, cycle_id_of(connection, code or self.code)):
                if row.label == label:
                    found.setdefault(str(row.kind), []).append(row.id)
        return found

    def print_out(self, key: str, now: datetime, **about: Any) -> File:
        """A paper out of the database; kept for the pictures, too."""
        made = export(self.house, key, About(**about), now, actor="Ban Tổ chức")
        self.printed.append((key, made))
        return made


@contextmanager
def lived(live: Callable[[Services, Path], Story], folder: Path) -> Iterator[Story]:
    """A story in an installation of its own, with a mail server that listens and a log that is kept."""
    heard = io.StringIO()
    listener, root = logging.StreamHandler(heard), logging.getLogger("hanchot")
    with pytest.MonkeyPatch.context() as patch, catcher(folder / "inbox") as port:
        patch.setenv("HANCHOT_NOW", "2024-01-01T00:00")  # the clock is ours: walking through a year is no jump
        house = bootstrap.services(Settings(_env_file=None, home=folder, catcher_port=port))
        root.addHandler(listener)
        patch.setattr(root, "level", logging.DEBUG)
        try:
            story = live(house, folder / "inbox")
            story.logged = heard.getvalue()
            yield story
        finally:
            root.removeHandler(listener)
            house.db.close()


def _words(mail: EmailMessage) -> str:
    parts = [part for kind in ("plain", "html") if (part := mail.get_body((kind,))) is not None]
    return "\n".join([str(mail["Subject"]), *(str(part.get_content()) for part in parts)])


def vote_rules_typed_in(house: Services, name: str, number: str) -> None:
    """The department's own copy of a delivered basis, with the rules of voting of its level in it."""
    own = house.settings.own_calendars / "regulations"
    own.mkdir(parents=True, exist_ok=True)
    cited = f"{{document: {number}, clause: biểu quyết, unverified: true, note: Ban Tổ chức nhập}}"
    delivered = (REGULATIONS / f"{name}.yaml").read_text(encoding="utf-8")
    (own / f"{name}.yaml").write_text(delivered + _VOTES.format(cited=cited), encoding="utf-8")


@contextmanager
def refuses(code: str, *words: str) -> Iterator[None]:
    """What is done within is refused by this rule; its sentence, its way out and its clause hold ``words``."""
    with pytest.raises(Forbidden) as said:
        yield
    text = "\n".join(one.vi for one in said.value.refusals if one.code == code)
    assert text, f"refused by {said.value.codes}, not by {code}"
    for word in words:
        assert word in text, text


def filed(house: Services, which: Which, keys: Sequence[str], now: datetime, *, actor: str) -> None:
    """Papers that lie in the cupboard."""
    for key in keys:
        hand_in_on_paper(house, which, key, "tủ 2, ngăn 1", now, actor=actor)


def minutes(unit: str, number: str, day: date, convened: int, votes: Mapping[int, Mapping[RatingLevel, int]], *,
            present: int | None = None, round: int = 1) -> Minutes:  # fmt: skip
    """The signed minutes of one vote: everybody present votes, and every vote is valid."""
    here = convened if present is None else present
    counts = dict.fromkeys(("present", "issued", "collected", "valid"), here)
    return Minutes("ca-nhan", unit, day, number, convened, invalid=0, votes=votes, round=round, **counts)


def voted(story: Story, said: Minutes, now: datetime, *, code: str | None = None) -> int:
    """Typed twice from the minutes, by two people who do not see each other's numbers; returns the ballot."""
    made = enter(story.house, code or story.code, said, now, actor="thư ký một")
    assert confirm(story.house, made.id, said, now, actor="thư ký hai").state == "confirmed"
    return made.id


def paper(unit: str, number: str, day: date, levels: Mapping[int, RatingLevel | Judgement], **line: Any) -> Paper:
    """A decision of ``unit`` with one line for each; a level alone has no reason of its own. ``line``: fields of every line."""
    made = [Line(one, Judgement(said) if isinstance(said, RatingLevel) else said, **line) for one, said in levels.items()]
    return Paper(unit, number, day, tuple(made))


def decided(story: Story, said: Paper, now: datetime) -> Confirmed:
    """Drafted by one and confirmed by another, at two sign-ins."""
    drafted = draft_decision(story.house, said, now, actor="người dự thảo")
    return confirm_decision(story.house, drafted.id, now, actor="người xác nhận")


DIGEST = re.compile(r"[0-9a-f]{64}")
as_in_minutes = partial(Judgement, reason="theo biên bản kiểm phiếu")


def demand_silence(story: Story) -> None:
    """No mail, no event and no line of any log gives away a level, a score, a tally, an opinion or a shortcoming."""
    never = [word.casefold() for word in (*LEVELS, *story.secrets)]
    events = [f"{e.subject} {e.was} {e.became} {e.reason} {e.data}" for e in look.events(story.house)]
    mails = [_words(mail) for mail in story.mails]
    assert mails and events
    for text in (*mails, *(DIGEST.sub("", one) for one in events), story.logged):  # any digits may stand in a digest
        said = [word for word in never if word in text.casefold()]
        assert not said, f"{said} in: {text[:600]}"
    assert audit.check(story.house.db).broken_at is None
