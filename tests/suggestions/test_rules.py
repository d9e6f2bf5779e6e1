"""The law of suggestions, by table."""

from __future__ import annotations

import pytest

from peerlearn.suggestions.rules import (
    POLICY,
    Place,
    State,
    Visitor,
    acts,
    are_too_many_waiting,
    is_content,
    reason_problem,
)

AUTHOR = Visitor(is_author=True)
SUGGESTER = Visitor(is_suggester=True)
CURATOR = Visitor(curates=True)
CLOSE = Visitor(curates=True, is_close=True)
BOTH = Visitor(is_suggester=True, curates=True)
AUTHOR_TOO = Visitor(is_author=True, curates=True)


@pytest.mark.parametrize(
    ("visitor", "wanted"),
    [
        (AUTHOR, {"accept", "decline"}),
        (AUTHOR_TOO, {"accept", "decline"}),
        (CURATOR, {"accept", "decline"}),
        (CLOSE, set()),
        (SUGGESTER, {"withdraw"}),
        (BOTH, {"withdraw"}),  # nobody decides about their own words
        (Visitor(), set()),
    ],
)
def test_who_does_what_while_it_waits(visitor: Visitor, wanted: set[str]) -> None:
    assert set(acts(State.OPEN, visitor)) == wanted
    for state in set(State) - {State.OPEN}:
        assert not list(acts(state, visitor))


def test_who_may_see_it() -> None:
    assert all(visitor.may_see for visitor in (AUTHOR, CURATOR, CLOSE, SUGGESTER))
    assert not Visitor().may_see


@pytest.mark.parametrize("text", ["card-1", "card-12", "question-abcde", "question-7aaaa"])
def test_places_are_read_as_they_are_written(text: str) -> None:
    place = Place.read(text)
    assert place is not None
    assert str(place) == text


@pytest.mark.parametrize("text", ["", "card-0", "card-", "card-x", "card-1000", "question-", "question-A B", "line-1"])
def test_other_places_are_none(text: str) -> None:
    assert Place.read(text) is None


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("It takes two days.", "It takes three days.", True),
        ("It takes two days.", "It takes two days!", True),
        ("x < 5", "x > 5", True),
        ("It takes two days.", "It  takes\ntwo days. ", False),
        ("It takes two days.", "It takes **two** days.", False),
        ("## Begin", "### Begin", False),
        ("-5 degrees", "5 degrees", True),
    ],
)
def test_what_counts_as_content(old: str, new: str, wanted: bool) -> None:
    assert is_content(old, new) is wanted


def test_declining_takes_a_sentence() -> None:
    assert reason_problem(" " * 30)
    assert reason_problem("x" * (POLICY.reason_maximum + 1))
    assert reason_problem("The old words name the form by its number.") is None


@pytest.mark.parametrize(
    ("waiting", "is_unbounded", "too_many"),
    [(9, False, False), (10, False, True), (11, False, True), (500, True, False)],
)
def test_how_many_may_wait(waiting: int, is_unbounded: bool, too_many: bool) -> None:
    assert are_too_many_waiting(waiting, is_unbounded=is_unbounded) is too_many
