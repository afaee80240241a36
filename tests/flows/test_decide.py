"""What must change in Prefect so that it shows what is true: the pure middle of the mirror."""

from __future__ import annotations

from uuid import UUID

from hanchot.domain.instants import parse_instant
from hanchot.domain.stage import Stage
from hanchot.service.progress import CycleProgress
from tasks.mirror import Adopt, Create, Drop, Rename, Resume, Seen, decide

A, B = UUID(int=1), UUID(int=2)
SINCE = parse_instant("2026-11-23T07:00:00+07:00")


NORMAL = "Đang thẩm định 3/9"


def cycle(run_id: UUID | None = A, stage: Stage | None = Stage.APPRAISE, headline: str = NORMAL) -> CycleProgress:
    return CycleProgress(
        code="khoi-2026",
        title="Đợt năm 2026",
        kind="annual",
        period="2026",
        state="open",
        provisional=False,
        stage=stage,
        stages=(),
        headline=headline,
        tags=("năm 2026",),
        run_id=str(run_id) if run_id else None,
        opened_at=SINCE,
        ends_on=None,
    )


def seen(run_id: UUID = A, stage: str | None = "appraise", name: str = NORMAL) -> Seen:
    return Seen(run_id, "khoi-2026", stage, name, frozenset({"năm 2026"}))


def test_nothing_to_do_when_prefect_shows_the_truth() -> None:
    assert decide([cycle()], [seen()]) == ()


def test_a_cycle_without_a_run_gets_one_whatever_became_of_the_last() -> None:
    assert decide([cycle(None)], []) == (Create(cycle(None)),)
    assert decide([cycle(A)], []) == (Create(cycle(A)),)


def test_a_stage_that_moved_resumes_the_run() -> None:
    assert decide([cycle()], [seen(stage="self_assess")]) == (Resume(A),)


def test_all_stages_done_is_a_stage_of_its_own() -> None:
    waiting = cycle(stage=None, headline="Xong mọi bước, chờ đóng đợt")
    assert decide([waiting], [seen()]) == (Resume(A),)
    assert decide([waiting], [seen(stage="none", name="Xong mọi bước, chờ đóng đợt")]) == ()


def test_progress_and_overrun_rename_the_suspended_run_only() -> None:
    late = cycle(headline="Quá hạn: thẩm định 3/9")
    assert decide([late], [seen()]) == (Rename(A, late),)
    assert decide([late], [seen(stage=None, name="Running")]) == ()


def test_a_closed_cycle_lets_its_run_end() -> None:
    assert decide([], [seen()]) == (Resume(A),)
    assert decide([], [seen(stage=None, name="Running")]) == ()


def test_one_run_per_cycle_the_known_one_stays() -> None:
    assert decide([cycle(B)], [seen(A), seen(B)]) == (Drop(A),)


def test_an_unknown_living_run_is_adopted_instead_of_doubled() -> None:
    assert decide([cycle(None)], [seen(B)]) == (Adopt(B, "khoi-2026"),)
