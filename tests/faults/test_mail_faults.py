"""Everything a relay, a network or a power cut can do to the mail, one by one, on real sockets.

The numbers are those of the fault table that the design was made from. What must hold each time: every planned mail
reaches the relay at least once or becomes a visible incident; a copy has the same Message-ID and the same bytes.
"""

from __future__ import annotations

import asyncio
import os
import ssl
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from hanchot.domain.errors import Outside
from hanchot.letters.smtp import Result
from hanchot.service import items
from hanchot.service.mail import claims
from hanchot.service.mail.deliver import DeliveryReport, deliver
from hanchot.service.mail.dispatch import InHand, outcome
from hanchot.service.services import Services
from hanchot.service.sweep import sweep
from hanchot.store.tables import envelope
from tests import look
from tests.look import at
from tests.post import MAILS, MORNING, carry, filled, mail_to, mails, read
from tests.relay import DROP, HANG, SHORT, FakeRelay

LATER = MORNING + timedelta(minutes=5)
A_LITTLE_LATER = LATER + timedelta(seconds=50)  # the pause is counted from the reply, and a busy machine takes its time
MUCH_LATER = MORNING + timedelta(minutes=16)


@pytest.fixture
def post(empty_house: Services) -> Services:
    return filled(empty_house)


def _nothing_lost(house: Services, relay: FakeRelay) -> None:
    """Everybody's mail was taken; copies are copies."""
    assert {row.state for row in mails(house)} == {"accepted"}
    by_id: dict[str, set[bytes]] = {}
    for raw in relay.kept:
        by_id.setdefault(str(read(raw)["Message-ID"]), set()).add(raw)
    assert set(by_id) == {row.message_id for row in mails(house)}
    assert all(len(copies) == 1 for copies in by_id.values())


# 1–3: the power goes off

SENDER = """
import asyncio, sys
from hanchot.bootstrap import services
from hanchot.domain.instants import parse_instant
from hanchot.service.mail.deliver import deliver
print(asyncio.run(deliver(services(), parse_instant(sys.argv[1]))))
"""


async def _send_in_a_process(house: Services, port: int, now: datetime, crash_at: str = "") -> int:
    home = str(house.settings.home)
    settings = {"HANCHOT_HOME": home, "HANCHOT_CATCHER_PORT": str(port), "HANCHOT_CRASH_AT": crash_at}
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SENDER, now.isoformat(), env=os.environ | settings, stdout=asyncio.subprocess.PIPE
    )
    await asyncio.wait_for(program.communicate(), 60)
    assert program.returncode is not None
    return program.returncode


@pytest.mark.slow
@pytest.mark.parametrize(("point", "copies"), [("after_claim", 0), ("during_data", 2), ("after_250", 2)])
async def test_a_sender_killed_anywhere_is_made_good_by_the_next(post: Services, point: str, copies: int) -> None:
    post.db.close()
    async with FakeRelay().listening() as relay:
        assert await _send_in_a_process(post, relay.port, MORNING, point) == 137
        assert await _send_in_a_process(post, relay.port, MORNING + timedelta(minutes=1)) == 0
        assert all(row.state == "claimed" for row in mails(post) if row.state != "accepted")  # the lease still runs
        assert await _send_in_a_process(post, relay.port, MORNING + timedelta(minutes=21)) == 0
        in_doubt = mails(post, "uncertain")
        assert len(in_doubt) <= copies
        assert all(row.reply == claims.NO_REPLY for row in in_doubt)
        assert await _send_in_a_process(post, relay.port, MORNING + timedelta(minutes=37)) == 0
    _nothing_lost(post, relay)
    extra = Counter(relay.message_ids).values()
    assert max(extra) <= 2 and sum(extra) - MAILS <= copies
    if point == "after_claim":
        assert {row.attempts for row in mails(post)} == {2}


# 5: a lease that runs out while its sender lives


async def test_the_late_word_of_a_sender_that_lost_its_claim_changes_nothing(post: Services) -> None:
    lease = timedelta(seconds=1)
    async with FakeRelay(slow=0.6).listening() as relay:
        slow = asyncio.create_task(deliver(post, MORNING, relay=relay.relay(patience=SHORT.__class__()), lease=lease))
        await _until(lambda: relay.heard["DATA"] == 1)
        other = await carry(post, relay, MORNING + timedelta(seconds=30), patience=SHORT.__class__())
        first = await slow
        assert other.uncertain == 1  # in the middle of its body: nobody knows
        assert first.accepted + other.accepted == MAILS - 1
        again = await carry(post, relay, MORNING + timedelta(minutes=17), patience=SHORT.__class__())
    assert again.accepted == 1
    _nothing_lost(post, relay)
    assert len(relay.kept) == MAILS + 1


async def _until(true: Callable[[], bool], seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110  # what the relay has heard is no event of ours
            await asyncio.sleep(0.005)


# 6, 12, 14, 16 and a relay that is down: the relay's own trouble costs no mail an attempt

TROUBLE: dict[str, tuple[dict[str, str | list[str | None]], str]] = {
    "421 at the greeting": ({"BANNER": "421 4.3.2 nghỉ"}, "421 4.3.2 nghỉ"),
    "421 in the middle": ({"MAIL": "421 4.7.0 chậm lại"}, "421 4.7.0 chậm lại"),
    "421 to the body": ({"BODY": "421 4.3.0 nghỉ"}, "421 4.3.0 nghỉ"),
    "no greeting": ({"BANNER": HANG}, "không trả lời kịp"),
    "hung up": ({"BANNER": DROP}, "EOF"),
    "password refused": ({"AUTH": "535 5.7.8 sai mật khẩu"}, "535 5.7.8 sai mật khẩu"),
    "sender refused": ({"MAIL": "550 5.7.1 không nhận người gửi này"}, "không nhận người gửi"),
    "not SMTP": ({"BANNER": "xin chào"}, "Malformed"),
}


@pytest.mark.parametrize("name", TROUBLE)
async def test_the_whole_relay_rests_and_nobody_is_blamed(post: Services, name: str) -> None:
    faults, words = TROUBLE[name]
    login = {"user": "hanchot", "password": "x"} if "AUTH" in faults else {}
    async with FakeRelay(dict(faults), extensions=("AUTH PLAIN",)).listening() as relay:
        report = await carry(post, relay, connections=2, **login)
        assert report.held is not None and words in report.held
        assert report.to_json() | {"held": None} == DeliveryReport().to_json() | {"held": None, "nothing": False}
        assert {(row.state, row.attempts) for row in mails(post)} == {("queued", 0)}
        greetings = relay.heard["BANNER"]
        resting = await carry(post, relay, MORNING + timedelta(seconds=30), **login)
        assert resting.held == report.held and relay.heard["BANNER"] == greetings  # it is left alone meanwhile
        relay.faults.clear()
        assert (await carry(post, relay, MORNING + timedelta(minutes=2), **login)).accepted == MAILS
    message, _, settled = look.incidents(post)["relay"]
    assert f"Thư chưa gửi được: {MAILS}." in message and words in message and settled
    _nothing_lost(post, relay)


async def test_a_relay_that_is_down_on_the_last_day_is_said_with_the_number_that_waits(post: Services) -> None:
    """45. It rests longer each time, up to half an hour; the board shows the incident."""
    relay = FakeRelay()
    async with relay.listening():
        pass  # the port is closed again
    now = MORNING
    for rest in (1, 2, 4, 8, 16, 30, 30):
        report = await carry(post, relay, now)
        assert report.held is not None and f"127.0.0.1:{relay.port}" in report.held
        assert (await carry(post, relay, now + timedelta(minutes=rest, seconds=-5))).held == report.held
        now += timedelta(minutes=rest, seconds=1)
    assert {(row.state, row.attempts) for row in mails(post)} == {("queued", 0)}
    message, times, settled = look.incidents(post)["relay"]
    assert message.startswith(f"Thư chưa gửi được: {MAILS}.") and times == 7 and not settled
    async with relay.listening():
        assert (await carry(post, relay, now)).accepted == MAILS
    assert look.incidents(post)["relay"][2]


@pytest.mark.parametrize("fault", ["421 4.7.0 nhiều kết nối quá", "432 4.3.2 Concurrent connections limit exceeded"])
@pytest.mark.parametrize("where", ["BANNER", "MAIL"])
async def test_a_connection_too_many_gives_way_to_those_that_work(post: Services, fault: str, where: str) -> None:
    """16."""
    async with FakeRelay({where: [None, fault]}, slow=0.02).listening() as relay:
        report = await carry(post, relay, connections=3)
    assert report == DeliveryReport(accepted=MAILS)
    _nothing_lost(post, relay)


# 7–9: what the relay says of one mail


async def test_greylisting_is_waited_out_with_the_same_bytes(post: Services) -> None:
    async with FakeRelay({"cb004@khoi.example": ["450 4.7.1 thử lại sau"]}).listening() as relay:
        first = await carry(post, relay)
        assert (first.accepted, first.retry) == (MAILS - 1, 1)
        waiting = mail_to(post, "YT")
        assert LATER <= waiting.retry_at < A_LITTLE_LATER and waiting.reply == "450 4.7.1 thử lại sau"
        assert (await carry(post, relay, LATER - timedelta(seconds=1))).nothing
        assert (await carry(post, relay, A_LITTLE_LATER)).accepted == 1
    sent = mail_to(post, "YT")
    assert sent.attempts == 2 and sent.sha256 == waiting.sha256
    assert sum(raw == waiting.body for raw in relay.kept) == 1
    assert look.incidents(post) == {}


async def test_on_another_day_a_mail_that_nobody_took_says_the_true_number_of_days(post: Services) -> None:
    sweep(post, at("2024-12-09 08:00"))  # T-3 of 12/12
    async with FakeRelay({"cb006@khoi.example": ["451 chờ"]}).listening() as relay:
        await carry(post, relay, at("2024-12-09 08:00"))
        (before,) = mails(post, "retry")
        await carry(post, relay, at("2024-12-10 08:00"))
    after = next(row for row in mails(post) if row.id == before.id)
    assert (before.subject[:12], after.subject[:12]) == ("[Còn 3 ngày]", "[Còn 2 ngày]")
    assert after.state == "accepted" and after.message_id == before.message_id


async def test_a_mail_that_is_always_put_off_ends_as_an_incident(post: Services) -> None:
    pauses, now = [], MORNING
    async with FakeRelay({"cb009@khoi.example": "451 4.3.0 hãy đợi"}).listening() as relay:
        for _ in range(claims.MOST_ATTEMPTS):
            await carry(post, relay, now)
            row = next(row for row in mails(post) if row.address == "cb009@khoi.example")
            if row.retry_at is not None:
                pauses.append(int((row.retry_at - now).total_seconds()) // 60)
                now = row.retry_at
    assert pauses == [5, 10, 20, 40, 80, 160, 240]
    assert (row.state, row.attempts) == ("failed", claims.MOST_ATTEMPTS)
    assert "hãy đợi" in look.incidents(post)[f"address:{row.person_id}"][0]


@pytest.mark.parametrize(("verb", "code"), [("cb004@khoi.example", 550), ("cb004@khoi.example", 553), ("BODY", 554)])
async def test_a_refused_address_is_an_incident_and_the_others_are_served(post: Services, verb: str, code: int) -> None:
    said = f"{code} 5.1.1 không có hộp thư này"
    faults: dict[str, str | list[str | None]] = {verb: said if "@" in verb else [None, None, None, said]}
    async with FakeRelay(faults).listening() as relay:
        report = await carry(post, relay)
        assert (report.accepted, report.failed) == (MAILS - 1, 1)
        assert (await carry(post, relay, LATER)).nothing
    (failed,) = mails(post, "failed")
    assert failed.reply == said and failed.retry_at is None
    message, times, settled = look.incidents(post)[f"address:{failed.person_id}"]
    assert failed.name in message and said in message and times == 1 and not settled


async def test_a_mail_too_large_goes_once_more_without_its_calendar_file(post: Services) -> None:
    async with FakeRelay({"BODY": [None, None, None, "552 5.3.4 lớn quá"]}).listening() as relay:
        assert (await carry(post, relay)).retry == 1
        (large,) = mails(post, "retry")
        assert b"text/calendar" in large.body
        assert (await carry(post, relay, A_LITTLE_LATER)).accepted == 1
    small = next(row for row in mails(post) if row.id == large.id)
    assert b"text/calendar" not in small.body
    assert small.message_id == large.message_id


# 10, 11, 13: the line is cut or goes silent


async def test_cut_before_the_body_is_no_delivery_and_tried_again_at_once(post: Services) -> None:
    async with FakeRelay({"DATA": [None, DROP], "MAIL": [None, None, None, None, DROP]}).listening() as relay:
        report = await carry(post, relay)
    assert report == DeliveryReport(accepted=MAILS)
    assert len(relay.kept) == MAILS
    _nothing_lost(post, relay)


async def test_cut_before_the_body_each_time_waits_like_a_4xx(post: Services) -> None:
    async with FakeRelay({"DATA": DROP}).listening() as relay:
        report = await carry(post, relay)
        assert report == DeliveryReport(retry=MAILS)
        relay.faults.clear()
        assert (await carry(post, relay, A_LITTLE_LATER)).accepted == MAILS
    _nothing_lost(post, relay)


@pytest.mark.parametrize("fault", [DROP, HANG])
async def test_no_reply_after_the_body_is_uncertain_and_sent_once_more_the_same(post: Services, fault: str) -> None:
    async with FakeRelay({"BODY": [None, None, fault]}).listening() as relay:
        first = await carry(post, relay)
        assert (first.accepted, first.uncertain) == (MAILS - 1, 1)
        assert (await carry(post, relay, LATER)).nothing  # a quarter of an hour, in which it may be looked up
        assert (await carry(post, relay, MUCH_LATER)).accepted == 1
    _nothing_lost(post, relay)
    assert sorted(Counter(relay.message_ids).values()) == [1] * (MAILS - 1) + [2]


async def test_uncertain_twice_is_for_a_person_to_look_at(post: Services) -> None:
    async with FakeRelay({"BODY": [None, DROP]}).listening() as relay:
        await carry(post, relay)
        relay.faults["BODY"] = DROP
        assert (await carry(post, relay, MUCH_LATER)).uncertain == 1
        relay.faults.clear()
        assert (await carry(post, relay, MUCH_LATER + timedelta(hours=3))).nothing
    (row,) = mails(post, "uncertain")
    assert row.name in look.incidents(post)[f"uncertain:{row.id}"][0]


async def test_uncertain_with_other_contents_by_now_is_not_sent_again(post: Services) -> None:
    """The bytes of before would ask for work that is done; other bytes would be a second mail."""
    async with FakeRelay({"BODY": [None, None, DROP]}).listening() as relay:
        await carry(post, relay)
        (row,) = mails(post, "uncertain")
        assert row.name == "Lê Thị Dung"  # of Sở Y tế, with several duties
        items.act(post, look.item_id(post, "YT", "giay-moi"), "submit", LATER, actor="bí thư")
        assert (await carry(post, relay, MUCH_LATER)).uncertain == 1
    assert len(relay.kept) == MAILS
    assert "nội dung đã đổi" in look.incidents(post)[f"uncertain:{row.id}"][0]


async def test_one_silent_connection_does_not_stop_the_others(post: Services) -> None:
    async with FakeRelay({"BODY": [HANG]}).listening() as relay:
        report = await carry(post, relay, connections=2)
    assert (report.accepted, report.uncertain) == (MAILS - 1, 1)


@pytest.mark.parametrize("fault", [DROP, HANG, "500 không hiểu"])
async def test_rudeness_at_the_end_is_no_failure(post: Services, fault: str) -> None:
    async with FakeRelay({"QUIT": fault}).listening() as relay:
        assert await carry(post, relay, per_connection=3) == DeliveryReport(accepted=MAILS)
    assert relay.heard["BANNER"] == 3  # three mails to a connection


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
async def test_silence_before_the_body_is_tried_later(post: Services, verb: str) -> None:
    async with FakeRelay({verb: [HANG]}).listening() as relay:
        report = await carry(post, relay)
        assert (report.accepted, report.retry) == (MAILS - 1, 1)
        assert (await carry(post, relay, A_LITTLE_LATER)).accepted == 1
    _nothing_lost(post, relay)


# 15: nobody listens in


def _certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """(the server's context, that of a client which trusts it), for a certificate on ``name``."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    start = datetime(2020, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder().subject_name(who).issuer_name(who).public_key(key.public_key()).serial_number(7)
        .not_valid_before(start).not_valid_after(start + timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = folder / "relay.pem"
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cafile=str(file))


async def test_over_tls_it_goes_out(post: Services, tmp_path: Path) -> None:
    server, client = _certificate(tmp_path, "localhost")
    async with FakeRelay(extensions=("STARTTLS",), tls=server).listening() as relay:
        report = await carry(post, relay, host="localhost", security="starttls", local=False, tls=client)
    assert report == DeliveryReport(accepted=MAILS)
    assert relay.heard["STARTTLS"] == 1


async def test_without_tls_nothing_leaves_in_clear(post: Services, tmp_path: Path) -> None:
    server, client = _certificate(tmp_path, "relay.khoi.example")
    async with FakeRelay(extensions=()).listening() as stripped:
        report = await carry(post, stripped, security="starttls", local=False, tls=client)
        assert report.held is not None and "STARTTLS" in report.held
    async with FakeRelay(extensions=("STARTTLS",), tls=server).listening() as another_name:
        way = {"host": "localhost", "security": "starttls", "local": False, "tls": client}
        report = await carry(post, another_name, MUCH_LATER, **way)
        assert report.held is not None and "certificate" in report.held.lower()
    async with FakeRelay().listening() as far:
        report = await carry(post, far, MUCH_LATER + timedelta(hours=1), security="none", local=False)
        assert report.held is not None and "HANCHOT_SMTP_SECURITY" in report.held
    assert stripped.heard["MAIL"] + another_name.heard["MAIL"] + far.heard["MAIL"] == 0
    assert {(row.state, row.attempts) for row in mails(post)} == {("queued", 0)}


# Our own house


async def test_a_database_that_fails_in_the_middle_loses_nothing(post: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """17, 18. What was claimed lapses with its lease; what the relay took by then is sent once more, the same."""
    real, calls = claims.begin, Counter[str]()

    def failing(*args: object, **more: object) -> set[int]:
        calls["begin"] += 1
        if calls["begin"] == 4:
            raise Outside("Đĩa đầy.")
        return real(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(claims, "begin", failing)
    async with FakeRelay().listening() as relay:
        with pytest.raises(Outside, match="Đĩa đầy"):
            await carry(post, relay)
        assert len(relay.kept) == 3
        await carry(post, relay, MORNING + timedelta(minutes=21))
        await carry(post, relay, MORNING + timedelta(minutes=40))
    _nothing_lost(post, relay)
    assert len(relay.kept) <= MAILS + 1


# Poison


async def test_a_mail_that_killed_eight_senders_is_set_aside(post: Services) -> None:
    with post.db.write() as connection:
        first = mails(post)[0].id
        connection.execute(sa.update(envelope).where(envelope.c.id == first).values(attempts=claims.MOST_ATTEMPTS))
    async with FakeRelay().listening() as relay:
        report = await carry(post, relay)
    assert (report.accepted, report.failed) == (MAILS - 1, 1)
    assert "đã thử 8 lần" in mails(post, "failed")[0].reply


def test_every_outcome_has_one_place_to_go() -> None:
    """The whole table of results, with the clock at nine."""
    nine = at("2024-12-09 09:00")
    hand = InHand(1, 1, "An", "an@khoi.example", attempts=1, again=False, attached=False, keys=())

    def became(kind: str, code: int, **changes: object) -> tuple[str, str | None]:
        settled = outcome(replace(hand, **changes), Result(kind, code, "x", "body"), nine)  # type: ignore[arg-type]
        return settled.state, look.local_iso(settled.retry_at)[11:16] if settled.retry_at else None

    assert became("accepted", 250) == ("accepted", None)
    assert became("retry", 450) == ("retry", "09:05")
    assert became("retry", 450, attempts=3) == ("retry", "09:20")
    assert became("retry", 450, attempts=7) == ("retry", "13:00")
    assert became("retry", 450, attempts=8) == ("failed", None)
    assert became("failed", 550) == ("failed", None)
    assert became("failed", 552) == ("failed", None)
    assert became("failed", 552, attached=True) == ("retry", "09:05")
    assert became("uncertain", 0) == ("uncertain", "09:15")
    assert became("uncertain", 0, again=True) == ("uncertain", None)
