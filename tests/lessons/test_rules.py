"""The law of lessons, by table."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from peerlearn.lessons import rules
from peerlearn.lessons.rules import AUTHOR, CURATOR, State


@pytest.mark.parametrize(
    ("words", "questions", "video", "expected"),
    [(420, 5, 90, 4.9314), (420, 5, 0, 3.4314), (0, 0, 0, 0), (238, 0, 0, 1), (0, 3, 0, 1), (2380, 0, 0, 10)],
)
def test_minutes(words: int, questions: int, video: float, expected: float) -> None:
    assert rules.minutes(words, questions, video) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(("exact", "shown"), [(0, 1), (0.2, 1), (1, 1), (1.0001, 2), (4.93, 5), (5, 5)])
def test_shown_minutes_never_promise_too_little(exact: float, shown: int) -> None:
    assert rules.whole_minutes(exact) == shown


def test_moves_are_exactly_those_of_the_table() -> None:
    allowed = {
        (old, new, who)
        for old, new, who in itertools.product(State, State, (AUTHOR, CURATOR))
        if rules.may_move(old, new, who)
    }
    assert (State.DRAFT, State.SUBMITTED, AUTHOR) in allowed
    assert (State.SUBMITTED, State.PUBLISHED, CURATOR) in allowed
    assert not any(who == AUTHOR and new == State.PUBLISHED for _, new, who in allowed)
    assert not any(old in (State.PUBLISHED, State.SUPERSEDED, State.DISCARDED) for old, _, _ in allowed)
    assert not any(who == CURATOR and old not in (State.SUBMITTED, State.SCHEDULED) for old, _, who in allowed)


@pytest.mark.parametrize("state", list(State))
def test_only_open_revisions_in_their_authors_hands_can_be_edited(state: State) -> None:
    assert rules.is_editable(state) == (state in {"draft", "changes_requested", "rejected"})


LONG = "word " * 100


@pytest.mark.parametrize(
    ("old", "new", "meanings", "major"),
    [
        ([LONG], [LONG], True, False),
        ([LONG], [LONG.replace("word", "Word", 3)], True, False),
        ([LONG], [LONG + "x" * 100], True, True),
        ([LONG], [LONG, LONG], True, True),
        ([LONG, LONG], [LONG, LONG], False, True),
        ([LONG, "short"], [LONG, "shirt"], True, True),
        ([], [], True, False),
    ],
)
def test_what_counts_as_a_new_version(old: list[str], new: list[str], meanings: bool, major: bool) -> None:
    same = frozenset({"a"})
    assert rules.is_major(old, new, same, same if meanings else frozenset({"b"})) is major


@pytest.mark.parametrize(
    ("handed_in", "days_here", "may"),
    [(2, 0, True), (3, 0, False), (3, 6, False), (3, 7, True), (19, 7, True), (20, 7, False)],
)
def test_how_much_somebody_hands_in_within_a_day(handed_in: int, days_here: int, may: bool) -> None:
    now = datetime(2026, 1, 5, tzinfo=UTC)
    assert (rules.pace_problem(handed_in, now - timedelta(days=days_here), now) is None) is may


@pytest.mark.parametrize("people", range(1, 6))
def test_even_shares_sum_to_one(people: int) -> None:
    shares = rules.even_shares(people)
    assert len(shares) == people
    assert sum(shares) == pytest.approx(1, abs=1e-12)
    assert rules.shares_problem(shares) is None


@pytest.mark.parametrize(
    "shares", [[], [0.5], [0.5, 0.6], [1.0, 0.0], [0.99, 0.01], [0.91, 0.09], [-0.5, 1.5], [1 / 6] * 6]
)
def test_shares_that_do_not_sum_are_refused(shares: list[float]) -> None:
    assert rules.shares_problem(shares)


def test_every_kind_and_state_has_words() -> None:
    assert set(rules.KIND_TITLES) == set(rules.KIND_PURPOSES) == set(rules.Kind)
    assert set(rules.STATE_TITLES) == set(State)
