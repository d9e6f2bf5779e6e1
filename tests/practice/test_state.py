"""What one answer changes in a memory, by table."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from peerlearn.practice import rules, state
from peerlearn.practice.memory import Recall
from peerlearn.practice.state import Given, Importance, State

DAY = date(2026, 1, 5)
ORDINARY = Importance()


def days(count: int) -> date:
    return DAY + timedelta(days=count)


def first(is_right: bool = True, importance: Importance = ORDINARY) -> State:
    """After the first answer, in a lesson's quiz."""
    return state.after(None, Given(DAY, is_right, "fairly", in_quiz=True), importance).state


def due(old: State, is_right: bool = True, **values: object) -> State:
    """After an answer on the day it is due."""
    given = Given(old.due_on, is_right, "fairly", was_due=True)
    return state.after(old, replace(given, **values), ORDINARY).state  # type: ignore[arg-type]


def test_a_first_answer_begins_a_memory() -> None:
    found = first()
    assert (found.answered_on, found.interval, found.due_on) == (DAY, 2, days(2))
    assert (found.reviews, found.passes, found.lapses, found.tiers) == (0, 1, 0, 0)
    assert (found.is_proven, found.is_missed) == (False, False)
    assert found.stability == pytest.approx(2.3065, abs=1e-4)


def test_a_wrong_first_answer_is_no_lapse_but_is_missed() -> None:
    found = first(False)
    assert (found.passes, found.lapses, found.is_missed, found.interval) == (0, 0, True, 1)


def test_due_answers_are_reviews_and_lapse_when_wrong() -> None:
    second = due(first())
    assert (second.reviews, second.passes, second.interval, second.tiers) == (1, 2, 11, 1)
    third = due(second, is_right=False)
    assert (third.reviews, third.passes, third.lapses, third.tiers) == (2, 2, 1, 1)
    early = state.after(second, Given(days(5), False, "fairly"), ORDINARY).state
    assert (early.reviews, early.lapses) == (1, 0), "what was not due is no review"


def test_the_fourth_lapse_makes_a_leech() -> None:
    found = first()
    for lapses in (1, 2, 3, 4):
        found = due(found, is_right=False)
        assert (found.lapses, found.rank == rules.LEECH) == (lapses, lapses == 4)


@pytest.mark.parametrize(
    ("importance", "rank", "weight", "interval"),
    [
        (Importance("ordinary"), rules.ORDINARY, 1, 2),
        (Importance("critical"), rules.CRITICAL, 1, 1),
        (Importance("optional"), rules.ORDINARY, 1, 4),
        (Importance("ordinary", is_marked=True), rules.CRITICAL, 2, 2),
    ],
)
def test_what_matters_comes_first_and_what_its_author_marked_weighs_twice(
    importance: Importance, rank: int, weight: int, interval: int
) -> None:
    found = first(importance=importance)
    assert (found.rank, found.weight, found.interval) == (rank, weight, interval)


@pytest.mark.parametrize(("after", "is_proven"), [(6, False), (7, True), (30, True)])
def test_an_item_is_proven_by_a_right_answer_a_week_later(after: int, is_proven: bool) -> None:
    found = state.after(first(), Given(days(after), True, "fairly", was_due=True), ORDINARY).state
    assert found.is_proven is is_proven
    assert not state.after(first(), Given(days(after), False, "fairly", was_due=True), ORDINARY).state.is_proven
    helped = Given(days(after), True, "certain", was_due=True, hinted=True)
    assert not state.after(first(), helped, ORDINARY).state.is_proven, "with a hint it was not recalled alone"
    if is_proven:
        assert due(found, is_right=False).is_proven, "once is enough"


def test_each_tier_is_remembered_once_it_was_right() -> None:
    found = first()
    assert not state.tier_repeated(found)
    intervals, repeated = [], []
    for is_right in (True, True, False, True, True):
        intervals.append(found.interval)
        repeated.append(state.tier_repeated(found))
        found = due(found, is_right)
    assert intervals[:3] == [2, 11, 46]
    assert repeated == [False, False, False, True, True], "after a lapse the short intervals are nothing new"
    assert found.tiers & 0b011 == 0b011
    assert not found.tiers & 0b100, "the third tier was wrong"


def test_what_was_missed_stays_missed_until_its_first_due_answer() -> None:
    missed = first(False)
    copied = state.after(missed, Given(DAY + timedelta(days=1), True, "certain", in_quiz=True), ORDINARY).state
    assert copied.is_missed, "a retake is no recall"
    right = Given(copied.due_on, True, "fairly", was_due=True)
    assert state.recalls_missed(copied, right)
    assert not state.recalls_missed(copied, replace(right, is_right=False))
    assert not state.recalls_missed(copied, replace(right, was_due=False))
    assert not state.recalls_missed(first(), right)
    assert not state.recalls_missed(None, right)
    assert not due(copied, is_right=False).is_missed, "there is one first due answer"
    assert not due(due(first()), is_right=False).is_missed, "what is missed in practice was no quiz"


def test_easy_takes_a_quick_and_certain_due_answer_after_two_passes() -> None:
    known = due(first())
    certain = Given(known.due_on, True, "certain", was_due=True, is_quick=True)
    assert state.after(known, certain, ORDINARY).recall is Recall.EASY
    assert state.after(known, replace(certain, is_quick=False), ORDINARY).recall is Recall.GOOD
    assert state.after(first(), replace(certain, day=days(2)), ORDINARY).recall is Recall.GOOD
    assert state.after(known, certain, ORDINARY).state.interval > due(known).interval
