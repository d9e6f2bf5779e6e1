"""The law of preparing as a curator: what counts, when somebody is ready, what is shown."""

from __future__ import annotations

import pytest

from peerlearn.review import shadowing
from peerlearn.review.shadowing import Policy, Progress


@pytest.mark.parametrize(
    ("done", "agreed", "percent", "is_ready"),
    [
        (0, 0, 0, False),
        (4, 3, 75, False),
        (4, 4, 100, False),  # too few
        (5, 3, 60, False),
        (5, 4, 80, True),
        (5, 5, 100, True),
        (6, 4, 66, False),  # never more than it is
        (9, 7, 77, False),
        (10, 8, 80, True),
        (29, 23, 79, False),
        (30, 24, 80, True),
    ],
)
def test_five_lessons_and_four_in_five_alike(done: int, agreed: int, percent: int, is_ready: bool) -> None:
    progress = Progress(done, agreed)
    assert (progress.percent, progress.is_ready()) == (percent, is_ready)


def test_an_organisation_may_choose_other_numbers() -> None:
    law = Policy(lessons=3, agreement=0.5)
    assert [Progress(*each).is_ready(law) for each in ((2, 2), (3, 1), (3, 2), (4, 2))] == [False, False, True, True]
    assert Policy() == Policy(lessons=5, agreement=0.8)


@pytest.mark.parametrize(
    ("state", "advice", "agrees"),
    [
        ("approved", "publish", True),
        ("approved", "revise", False),
        ("changes_requested", "revise", True),
        ("changes_requested", "reject", False),
        ("rejected", "reject", True),
        ("rejected", "revise", False),
        ("withdrawn", None, False),
    ],
)
def test_what_agrees(state: str, advice: str | None, agrees: bool) -> None:
    if state in shadowing.DECIDED:
        assert shadowing.agrees(advice, state) is agrees
        assert shadowing.word_on(advice, state) == (shadowing.AGREES if agrees else shadowing.DIFFERS)
    else:
        assert state not in shadowing.DECIDED


@pytest.mark.parametrize(("done", "shown"), [(0, 5), (1, 5), (4, 5), (5, 10), (9, 10), (10, 15)])
def test_the_list_goes_on_in_fives(done: int, shown: int) -> None:
    assert shadowing.shown(done) == shown


@pytest.mark.parametrize(
    ("topics", "lesson", "done", "counts"),
    [
        ({1}, {1, 9}, {}, 1),
        ({1}, {9}, {}, 1),  # one of another topic that helps out
        ({1, 2}, {2}, {2: 4}, 2),
        ({1, 2}, {9}, {1: 3, 2: 1}, 2),  # where least is done
        ({1, 2}, {1, 2}, {1: 1, 2: 1}, 1),
        (set(), {1}, {}, None),
    ],
)
def test_for_which_topic_a_lesson_counts(
    topics: set[int], lesson: set[int], done: dict[int, int], counts: int | None
) -> None:
    assert shadowing.counts_for(frozenset(topics), frozenset(lesson), done) == counts


@pytest.mark.parametrize(("letters", "is_fine"), [(0, False), (9, False), (10, True), (300, True), (301, False)])
def test_a_reason_is_a_sentence(letters: int, is_fine: bool) -> None:
    assert (shadowing.reason_problem("x" * letters) is None) is is_fine


def test_each_lesson_stands_there_once() -> None:
    rows = ["a1", "a2", "b1", "a3", "c1", "b2"]
    assert shadowing.once(rows, lambda row: ord(row[0]), keep=2) == ["a1", "a2", "b1", "c1"]
    assert shadowing.once(rows, lambda row: ord(row[0]), keep=0) == ["a1", "b1", "c1"]


def test_the_order_differs_between_people_and_stays() -> None:
    orders = [sorted(range(1, 30), key=lambda one: shadowing.draw(person, one)) for person in (1, 2, 1)]
    assert orders[0] == orders[2] != orders[1]
    assert orders[0] != sorted(orders[0])
