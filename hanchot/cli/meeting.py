"""``hanchot meeting``: a unit's review meeting from its registration to its minutes, and the week by who attends."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

import typer

from hanchot.cli.say import answer, day, instant, now, services
from hanchot.domain.cited import Refusal
from hanchot.domain.instants import ZONE, local_day
from hanchot.domain.review_order import SITTINGS, Step
from hanchot.service import meetings
from hanchot.service.meeting_book import Meeting
from hanchot.service.meetings import Outcome, Which, Wish
from hanchot.service.views.meetings import MeetingLine, unit_meetings, week

app = typer.Typer(help="Hội nghị kiểm điểm: đăng ký, đổi giờ, hủy, chuẩn bị, ghi đã họp, lịch tuần.", no_args_is_help=True)
Code = Annotated[str, typer.Argument(help="mã đợt kiểm điểm", metavar="ĐỢT")]
Unit = Annotated[str, typer.Argument(help="mã đơn vị", metavar="ĐƠN-VỊ")]
Starts = Annotated[str, typer.Argument(help="bắt đầu, ví dụ 2024-12-16T08:00", metavar="BẮT-ĐẦU")]
Ends = Annotated[str, typer.Argument(help="kết thúc, ví dụ 2024-12-16T17:00", metavar="KẾT-THÚC")]
About = Annotated[Step, typer.Option("--step", help=f"kiểm điểm gì: {', '.join(SITTINGS)}")]
Actor = Annotated[str, typer.Option(help="ai làm")]
Reason = Annotated[str, typer.Option(help="lý do")]
Directs = Annotated[list[str] | None, typer.Option(help="mã người của cấp trên dự, chỉ đạo; nêu được nhiều lần")]
Follows = Annotated[list[str] | None, typer.Option(help="mã người dự, theo dõi; nêu được nhiều lần")]


@app.command()
def book(
    code: Code, unit: Unit, starts: Starts, ends: Ends, place: Annotated[str, typer.Option(help="nơi họp")] = "",
    directs: Directs = None, follows: Follows = None, step: About = Step.COLLECTIVE,
    registered: Annotated[str | None, typer.Option(help="đã đăng ký lúc nào, nếu bằng giấy trước đó")] = None,
    actor: Actor = "cli",
) -> None:  # fmt: skip
    """Đăng ký hội nghị; các việc “trước khi kiểm điểm … ngày” có hạn từ đây."""
    wish = Wish(
        instant(starts), instant(ends), place, tuple(directs or ()), tuple(follows or ()),
        instant(registered) if registered else None,
    )  # fmt: skip
    _say(meetings.book_meeting(services(), Which(code, unit, step), wish, now(), actor=actor), "Đã đăng ký.")


@app.command()
def move(
    code: Code, unit: Unit, starts: Starts, ends: Ends, reason: Reason,
    place: Annotated[str | None, typer.Option(help="nơi họp mới")] = None, step: About = Step.COLLECTIVE, actor: Actor = "cli",
) -> None:  # fmt: skip
    """Đổi giờ: đăng ký lại, xin thống nhất lại; hạn của các việc trước hội nghị dời theo."""
    which = Which(code, unit, step)
    _say(
        meetings.move_meeting(
            services(), which, instant(starts), instant(ends), now(), actor=actor, reason=reason, place=place
        ),
        "Đã đổi giờ.",
    )  # fmt: skip


@app.command()
def cancel(code: Code, unit: Unit, reason: Reason, step: About = Step.COLLECTIVE, actor: Actor = "cli") -> None:
    """Hủy hội nghị; các việc trước hội nghị không còn hạn."""
    changed = meetings.cancel(services(), Which(code, unit, step), now(), actor=actor, reason=reason)
    answer({"cancelled": unit, "items": changed}, f"Đã hủy; {changed} việc đổi hạn.")


@app.command()
def attend(
    code: Code, unit: Unit, directs: Directs = None, follows: Follows = None, step: About = Step.COLLECTIVE,
    actor: Actor = "cli",
) -> None:  # fmt: skip
    """Ghi lại thành phần cấp trên dự."""
    which = Which(code, unit, step)
    _say(meetings.attend(services(), which, directs or (), follows or (), now(), actor=actor), "Đã ghi thành phần dự.")


@app.command()
def approved(
    code: Code, unit: Unit, who: Annotated[str, typer.Argument(help="ai thống nhất thời gian", metavar="AI")],
    on: Annotated[str | None, typer.Option(help="ngày; mặc định hôm nay")] = None, step: About = Step.COLLECTIVE,
    actor: Actor = "cli",
) -> None:  # fmt: skip
    """Ghi ai đã thống nhất thời gian."""
    at = day(on) if on else local_day(now())
    _say(meetings.mark(services(), Which(code, unit, step), "approved", who, at, now(), actor=actor), "Đã ghi.")


@app.command()
def papers(
    code: Code, unit: Unit, who: Annotated[str, typer.Argument(help="gửi giấy mời, tài liệu cho ai", metavar="AI")],
    on: Annotated[str | None, typer.Option(help="ngày gửi; mặc định hôm nay")] = None, step: About = Step.COLLECTIVE,
    actor: Actor = "cli",
) -> None:  # fmt: skip
    """Ghi đã gửi giấy mời và tài liệu."""
    at = day(on) if on else local_day(now())
    _say(meetings.mark(services(), Which(code, unit, step), "papers", who, at, now(), actor=actor), "Đã ghi.")


@app.command()
def held(
    code: Code, unit: Unit, minutes: Annotated[str, typer.Argument(help="số biên bản", metavar="SỐ")],
    reason: Annotated[str, typer.Option(help="vì sao vẫn họp khi còn thiếu")] = "", step: About = Step.COLLECTIVE,
    actor: Actor = "cli",
) -> None:  # fmt: skip
    """Ghi hội nghị đã họp."""
    made = meetings.hold(services(), Which(code, unit, step), minutes, now(), actor=actor, reason=reason)
    _say(made, "Đã ghi hội nghị đã họp.")


@app.command()
def show(code: Code, unit: Unit) -> None:
    """Hội nghị của một đơn vị và những gì còn thiếu. Mã thoát 1 nếu còn thiếu."""
    page = unit_meetings(services(), code, unit, now())
    lines = [words for line in page.lines for words in (_line(line.meeting), *(f"  {r.vi}" for r in _against(line)))]
    answer([_document(line) for line in page.lines], "\n".join(lines).replace("[", "\\[") or "Chưa đăng ký hội nghị nào.")
    if any(_against(line) for line in page.lines):
        raise typer.Exit(1)


@app.command("week")
def week_(
    on: Annotated[str | None, typer.Argument(help="một ngày trong tuần; mặc định hôm nay", metavar="NGÀY")] = None,
    person: Annotated[str | None, typer.Option(help="mã người dự")] = None,
) -> None:
    """Lịch dự trong tuần, theo từng người."""
    found = week(services(), day(on) if on else local_day(now()), person=person)
    people = [{"person": who.code, "name": who.name, "meetings": [_brief(m) for m in goes]} for who, goes in found.by_person]
    words = [text for who, goes in found.by_person for text in (who.name, *(f"  {_line(m)}" for m in goes))]
    rest = [f"Chưa có người dự: {_line(m)}" for m in found.unattended]
    answer(
        {"monday": found.monday, "people": people, "unattended": [_brief(m) for m in found.unattended]},
        "\n".join([*words, *rest]) or "Tuần này không có hội nghị nào.",
    )


def _say(made: Outcome, words: str) -> None:
    document = {"meeting": made.id, "items": made.dated, "missing": _refusals(made.missing)}
    lines = [f"{words} {made.dated} việc có hạn theo ngày họp.", *(f"  Còn thiếu: {r.vi}" for r in made.missing)]
    answer(document, "\n".join(lines).replace("[", "\\["))


def _against(line: MeetingLine) -> tuple[Refusal, ...]:
    return (*line.forbids, *line.missing)


def _line(one: Meeting) -> str:
    state = f"đã họp, biên bản {one.minutes}" if one.held_at else "đã đăng ký"
    place = f", {one.place}" if one.place else ""
    return f"{_at(one.starts):%H:%M %d/%m/%Y} – {_at(one.ends):%H:%M %d/%m/%Y} {one.unit_name}{place}: {one.step.vi} ({state})"


def _brief(one: Meeting) -> dict[str, object]:
    return {
        "cycle": one.cycle, "unit": one.unit, "step": one.step, "starts": _at(one.starts).isoformat(),
        "ends": _at(one.ends).isoformat(), "place": one.place, "held": one.held_at is not None,
    }  # fmt: skip


def _document(line: MeetingLine) -> dict[str, object]:
    return _brief(line.meeting) | {
        "attends": [{"person": a.code, "directs": a.directs} for a in line.meeting.attends],
        "missing": _refusals(_against(line)),
    }


def _refusals(found: Iterable[Refusal]) -> list[dict[str, str]]:
    return [{"code": r.code, "message": r.message, "way_out": r.way_out, "basis": r.basis.vi} for r in found]


def _at(moment: datetime) -> datetime:
    return moment.astimezone(ZONE)
