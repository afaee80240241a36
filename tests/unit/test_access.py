"""Who may do what: from posts to rights, from rights to yes or no. Whatever no row allows is denied."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanchot.domain.access import (
    MAY,
    OWN_UNIT,
    WHOLE,
    Action,
    Actor,
    Right,
    Role,
    Seat,
    can,
    local_operator,
    rights_of,
    roles,
    scopes,
)
from hanchot.domain.unit import PostRole, UnitKind

NOW = datetime(2024, 12, 9, 13, 0, tzinfo=UTC)
TREE = ("/1/", "/1/2/", "/1/4/", "/1/4/5/", "/1/4/5/6/", "/1/40/")


def seat(role: PostRole, kind: UnitKind, path: str, above: str = "/1/") -> Seat:
    return Seat(role, kind, path, above, date(2020, 1, 1), None)


def actor(*seats: Seat) -> Actor:
    return Actor(7, "Lê Thị Dung", rights_of(seats))


SECRETARY_OF_A_CELL = seat(PostRole.SECRETARY, UnitKind.CELL, "/1/4/5/", "/1/4/")
SECRETARY_OF_A_COMMITTEE = seat(PostRole.SECRETARY, UnitKind.GRASSROOTS_COMMITTEE, "/1/4/")
HEAD_OF_THE_DEPARTMENT = seat(PostRole.HEAD, UnitKind.ORGANISATION_DEPARTMENT, "/1/2/")
HEAD_OF_THE_STANDING_COMMITTEE = seat(PostRole.SECRETARY, UnitKind.STANDING_COMMITTEE, "/1/3/")
MEMBER_IN_CHARGE = seat(PostRole.MEMBER_IN_CHARGE, UnitKind.GRASSROOTS_COMMITTEE, "/1/4/")


@pytest.mark.parametrize(("who", "action", "path", "answer"), [
    (SECRETARY_OF_A_CELL, Action.DO, "/1/4/5/", True),
    (SECRETARY_OF_A_CELL, Action.DO, "/1/4/5/6/", False),  # not even what stands under it
    (SECRETARY_OF_A_CELL, Action.SEE, "/1/4/", False),
    (SECRETARY_OF_A_CELL, Action.WATCH, "/1/4/5/", False),
    (SECRETARY_OF_A_CELL, Action.RETURN, "/1/4/5/", False),  # nobody returns their own work
    (SECRETARY_OF_A_COMMITTEE, Action.DO, "/1/4/", True),
    (SECRETARY_OF_A_COMMITTEE, Action.DO, "/1/4/5/", False),  # they accept it, they do not do it
    (SECRETARY_OF_A_COMMITTEE, Action.RETURN, "/1/4/5/6/", True),
    (SECRETARY_OF_A_COMMITTEE, Action.RETURN, "/1/40/", False),  # a neighbour whose number begins alike
    (SECRETARY_OF_A_COMMITTEE, Action.DECIDE, "/1/4/5/", True),  # the guards of judging say over whom, with the clause
    (HEAD_OF_THE_DEPARTMENT, Action.WATCH, "/1/4/5/6/", True),
    (HEAD_OF_THE_DEPARTMENT, Action.RECORD, "/1/40/", True),
    (HEAD_OF_THE_DEPARTMENT, Action.DECIDE, "/1/4/", False),  # it prepares decisions, it does not take them
    (HEAD_OF_THE_DEPARTMENT, Action.SETTINGS, "/1/", False),
    (HEAD_OF_THE_STANDING_COMMITTEE, Action.DECIDE, "/1/4/", True),
    (HEAD_OF_THE_STANDING_COMMITTEE, Action.RECORD, "/1/4/", False),
    (MEMBER_IN_CHARGE, Action.WATCH, "/1/4/5/", True),
    (MEMBER_IN_CHARGE, Action.SEE_RESULTS, "/1/4/5/", False),
])  # fmt: skip
def test_posts_give_rights(who: Seat, action: Action, path: str, answer: bool) -> None:
    assert can(actor(who), action, path, NOW) is answer


def test_rights_begin_and_end_with_the_post() -> None:
    past = Seat(PostRole.SECRETARY, UnitKind.CELL, "/1/4/5/", "/1/4/", date(2020, 1, 1), date(2024, 12, 8))
    last_day = Seat(PostRole.SECRETARY, UnitKind.CELL, "/1/4/5/", "/1/4/", date(2020, 1, 1), date(2024, 12, 9))
    assert not can(actor(past), Action.DO, "/1/4/5/", NOW)
    assert can(actor(last_day), Action.DO, "/1/4/5/", NOW)
    assert not can(actor(last_day), Action.DO, "/1/4/5/", datetime(2024, 12, 9, 17, 0, tzinfo=UTC))  # midnight in Việt Nam


def test_lists_reach_over_branches_none_inside_another() -> None:
    both = actor(SECRETARY_OF_A_COMMITTEE, seat(PostRole.SECRETARY, UnitKind.SECTION_COMMITTEE, "/1/4/5/", "/1/4/"))
    assert scopes(both, Action.WATCH, NOW) == ("/1/4/",)
    assert scopes(actor(SECRETARY_OF_A_CELL), Action.SEE, NOW) == ()
    assert scopes(local_operator(), Action.WATCH, NOW) == (WHOLE,)


def test_an_administrator_sees_nobodys_rating() -> None:
    assert not MAY[Role.ADMIN] & {Action.SEE_RESULTS, Action.SEE_TALLIES, Action.DECIDE}
    assert Role.AUTHORITY not in roles(local_operator(), NOW)  # whoever sits at the machine decides nothing


rights = st.builds(Right, st.sampled_from(Role), st.sampled_from(TREE))


@given(st.lists(rights, max_size=4), st.sampled_from(Action), st.sampled_from(TREE))
def test_what_no_row_allows_is_denied(held: list[Right], action: Action, path: str) -> None:
    asked = Actor(1, "x", tuple(held))
    allowed = [right for right in held if action in MAY[right.role]]
    allowed = [r for r in allowed if (path == r.path if r.role in OWN_UNIT else path.startswith(r.path))]
    assert can(asked, action, path, NOW) is bool(allowed)
    listed = any(path.startswith(scope) for scope in scopes(asked, action, NOW))
    assert listed is any(right.role not in OWN_UNIT for right in allowed)
