"""The root of the command line."""

from __future__ import annotations

import sys

import typer

from hanchot.cli import (
    ballot,
    cycle,
    decision,
    dossier,
    item,
    meeting,
    opinion,
    org,
    paper,
    plan,
    rating,
    remediation,
    renewing,
    rules,
    signing_in,
    topic,
    tracking,
    upkeep,
)
from hanchot.cli.say import lift, refuse
from hanchot.domain.errors import HanChotError
from hanchot.service.demo import LIVE_PLAN

app = typer.Typer(
    help="Hạn Chót: kiểm điểm, đánh giá, xếp loại đúng hạn. Mọi lệnh nhận --json, --database URL và --now THỜI-ĐIỂM.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(plan.app, name="plan")
app.add_typer(org.app, name="org")
app.add_typer(cycle.app, name="cycle")
app.add_typer(item.app, name="item")
app.add_typer(rules.app, name="rules")
app.add_typer(rating.app, name="rating")
app.add_typer(ballot.app, name="ballot")
app.add_typer(decision.app, name="decision")
app.add_typer(decision.complaint, name="complaint")
app.add_typer(dossier.app, name="dossier")
app.add_typer(remediation.app, name="remediation")
app.add_typer(meeting.app, name="meeting")
app.add_typer(topic.app, name="topic")
app.add_typer(opinion.app, name="opinion")
app.add_typer(signing_in.app, name="sign-in")
app.add_typer(upkeep.audit_app, name="audit")
upkeep.attach(app)
cycle.attach(app)
tracking.attach(app)
renewing.attach()
paper.attach(app)


def _with_plan(arguments: list[str]) -> list[str]:
    """``--demo-clock`` alone plays the plan that ``hanchot up`` opens; the option's value may be left out."""
    if "--demo-clock" in arguments:
        at = arguments.index("--demo-clock") + 1
        if at == len(arguments) or arguments[at].startswith("-"):
            return [*arguments[:at], LIVE_PLAN, *arguments[at:]]
    return arguments


def main() -> None:
    """0 done, 1 done and the answer is no, 2 bad input."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code; the one message of a refusal goes to stderr."""
    try:
        typer.main.get_command(app).main(lift(arguments), prog_name="hanchot")
    except HanChotError as error:
        return refuse(error)
    except SystemExit as leave:  # words that are no command, and the answer “no”: both have been said
        return leave.code if isinstance(leave.code, int) else 0
    return 0
