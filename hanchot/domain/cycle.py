"""A cycle (đợt): a plan at work over a tree in one period. How its stages move, and what an order clause holds back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from hanchot.domain.plan import Plan, Predecessor
from hanchot.domain.stage import Stage

StageState = Literal["pending", "open", "closed"]


@dataclass(frozen=True, slots=True)
class MilestoneCount:
    """How far one milestone of a cycle has come. ``last_moment`` is its common deadline, in UTC."""

    stage: Stage
    total: int
    finished: int
    last_moment: datetime | None = None
    optional: bool = False

    @property
    def holds(self) -> bool:
        """An unfinished milestone keeps its stage open, unless the plan calls it optional (“nếu cần”)."""
        return self.finished < self.total and not self.optional


@dataclass(frozen=True, slots=True)
class StageNow:
    """A stage of a cycle as it is stored."""

    stage: Stage
    state: StageState
    overrun_said: bool = False


@dataclass(frozen=True, slots=True)
class StageMove:
    """What a stage must become: opened, closed, or open again because something in it was taken back."""

    stage: Stage
    was: StageState
    became: StageState


def stage_moves(stages: Sequence[StageNow], counts: Sequence[MilestoneCount]) -> tuple[StageMove, ...]:
    """The moves that bring the stages in line with the work: the first unfinished stage is open, those before it are
    closed, those after it are pending. Level-triggered: nothing to do gives no moves.
    """
    held = {count.stage for count in counts if count.holds}
    current = next((s.stage for s in stages if s.stage in held), None)
    moves = []
    for stage in stages:
        before = current is None or stage.stage.position < current.position
        target: StageState = "closed" if before else "open" if stage.stage == current else "pending"
        if stage.state != target:
            moves.append(StageMove(stage.stage, stage.state, target))
    return tuple(moves)


def overrunning(stages: Sequence[StageNow], counts: Sequence[MilestoneCount], now: datetime) -> tuple[Stage, ...]:
    """Stages not closed, not yet reported, with unfinished work after the last moment of one of their milestones."""
    past = {c.stage for c in counts if c.holds and c.last_moment is not None and c.last_moment < now}
    return tuple(s.stage for s in stages if s.stage in past and s.state != "closed" and not s.overrun_said)


@dataclass(frozen=True)
class Graph:
    """The order clauses of a plan in one kind of period, both ways round."""

    before: dict[str, tuple[Predecessor, ...]] = field(default_factory=dict)
    behind: dict[str, tuple[tuple[str, Predecessor], ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, plan: Plan, kind: Literal["annual", "quarterly"]) -> Graph:
        milestones = plan.of_period(kind)
        behind: dict[str, list[tuple[str, Predecessor]]] = {}
        for m in milestones:
            for p in m.after:
                behind.setdefault(p.milestone, []).append((m.key, p))
        return cls({m.key: m.after for m in milestones if m.after}, {key: tuple(v) for key, v in behind.items()})
