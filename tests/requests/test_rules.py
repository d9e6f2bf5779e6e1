"""Who may do what with a request, by table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from peerlearn.requests.rules import POLICY, Standing, State, Visitor, acts

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ASKER, TAKER, OTHER, CURATOR = 1, 2, 3, 4
LONG_AGO = NOW - POLICY.writing_time - timedelta(seconds=1)


def may(
    state: State,
    visitor: int,
    *,
    votes: int = 2,
    has_voted: bool = False,
    taken_at: datetime = NOW - timedelta(days=1),
) -> set[str]:
    is_taken = state == State.TAKEN
    standing = Standing(state, ASKER, TAKER if is_taken else None, taken_at if is_taken else None, votes)
    return set(acts(standing, Visitor(visitor, visitor == CURATOR, has_voted), NOW))


@pytest.mark.parametrize(
    ("state", "visitor", "wanted"),
    [
        (State.OPEN, ASKER, {"take", "answer"}),
        (State.OPEN, OTHER, {"vote", "take"}),
        (State.OPEN, CURATOR, {"vote", "take", "answer", "close"}),
        (State.TAKEN, ASKER, {"answer"}),
        (State.TAKEN, TAKER, {"vote", "give_back", "answer"}),
        (State.TAKEN, OTHER, {"vote"}),
        (State.TAKEN, CURATOR, {"vote", "answer", "close"}),
        *((state, who, set()) for state in (State.ANSWERED, State.CLOSED) for who in (ASKER, TAKER, OTHER, CURATOR)),
    ],
)
def test_who_may_do_what(state: State, visitor: int, wanted: set[str]) -> None:
    assert may(state, visitor) == wanted


def test_a_vote_can_be_taken_back() -> None:
    assert may(State.OPEN, OTHER, has_voted=True) == {"unvote", "take"}


def test_ones_own_request_can_be_closed_while_nobody_else_wants_it() -> None:
    assert "close" in may(State.OPEN, ASKER, votes=1)
    assert "close" not in may(State.TAKEN, ASKER, votes=1)


def test_others_may_take_over_what_is_not_written() -> None:
    assert "take" in may(State.TAKEN, OTHER, taken_at=LONG_AGO)
    assert "take" not in may(State.TAKEN, TAKER, taken_at=LONG_AGO)
    assert "take" not in may(State.TAKEN, OTHER, taken_at=LONG_AGO + timedelta(seconds=1))
