"""Marking again by a corrected key, for one person's practice."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from peerlearn.practice import memory, remarking
from peerlearn.practice.remarking import Reply
from peerlearn.practice.state import Importance

DAY = date(2026, 1, 5)


def reply(number: int, mark: float, fresh: float | None = None, **changes: Any) -> Reply:
    """The answer of a day to the item in practice: its mark, and the one by the new key."""
    day = DAY + timedelta(days=number)
    usual: dict[str, Any] = {"in_quiz": False, "meaning": "one", "was_due": number > 0, "interval": 1}
    at = datetime.combine(day, time(9), UTC)
    return Reply(number, at=at, day=day, mark=mark, fresh=fresh, **(usual | changes))


def marks(*replies: Reply, quiz: dict[int, float] | None = None) -> list[float]:
    return [each.mark for each in remarking.marked_again(replies, quiz or {})]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([(1, 0)], [0]),
        ([(0, 1)], [1]),
        ([(0, 1), (0, 1)], [1, 1]),
        ([(0, 0), (1, 0)], [0, 1]),
        ([(1, 0), (1, 0)], [0, 1]),
        ([(0, 1), (1, 0), (0.5, 0.75)], [1, 1, 0.75]),
        ([(1, None), (1, 0)], [1, 0]),
        ([(1, None)], [1]),
    ],
)
def test_the_first_answer_follows_the_right_key_and_later_ones_only_gain(before: Any, after: list[float]) -> None:
    assert marks(*(reply(number, *pair) for number, pair in enumerate(before))) == after


def test_a_first_answer_in_the_lesson_makes_all_in_practice_later_ones() -> None:
    in_lesson = reply(0, 1, 0, in_quiz=True, was_due=False)
    assert marks(in_lesson, reply(1, 1, 0), quiz={0: 0}) == [0, 1]


def test_marking_again_does_not_forget_the_hint() -> None:
    first = reply(0, 1, in_quiz=True, was_due=False)
    alone, helped = (walked(first, reply(7, 1, confidence="fairly", hinted=hinted))[-1] for hinted in (False, True))
    assert (int(alone.learned.recall), alone.learned.state.is_proven) == (3, True)
    assert (int(helped.learned.recall), helped.learned.state.is_proven) == (2, False)


def test_an_answer_in_a_lesson_has_the_mark_that_was_found_there() -> None:
    """Numbers of rows in lessons and in practice may be the same: they are different answers."""
    later = reply(1, 1, 0, in_quiz=True, was_due=False)
    assert marks(reply(1, 1, 0), later, quiz={1: 1}) == [0, 1]


def walked(*replies: Reply) -> list[remarking.Step]:
    return remarking.walked(replies, Importance())


def test_a_memory_is_walked_through_one_answer_a_day() -> None:
    steps = walked(reply(0, 1), reply(0, 0), reply(1, 0, counts=False), reply(2, 1))
    assert [step.reply.day - DAY for step in steps] == [timedelta(0), timedelta(2)]
    first = memory.begin(memory.Recall.GOOD, DAY, 0.9)
    second = memory.go_on(first, memory.Recall.GOOD, DAY + timedelta(days=2), 0.9)
    assert steps[-1].learned.state.stability == pytest.approx(second.stability)
    assert (steps[-1].learned.state.passes, steps[-1].learned.state.reviews) == (2, 1)


def test_other_words_with_another_meaning_leave_little_of_it() -> None:
    same, other = (
        walked(reply(0, 1), reply(30, 1), reply(60, 1, meaning=meaning))[-1].before for meaning in ("one", "two")
    )
    assert same is not None
    assert other is not None
    assert same.stability > 20
    assert other.stability == pytest.approx(2.3065)


def stands_for(*replies: Reply) -> set[tuple[bool, int]]:
    return set(remarking.recalls(walked(*replies)))


def test_each_tier_counts_once_and_later_repeats_by_themselves() -> None:
    found = stands_for(reply(0, 1), reply(1, 1), reply(5, 1, interval=4), reply(15, 1, interval=10), reply(20, 0))
    assert found == {(False, 1), (True, 5), (False, 2)}


def test_a_tier_stays_the_same_whoever_fills_it() -> None:
    """What was paid for the tier stays paid when an earlier recall turns out right; the later one repeats it."""
    was = stands_for(reply(0, 0), reply(1, 0), reply(5, 1))
    now = stands_for(reply(0, 1), reply(1, 1), reply(5, 1))
    assert (was, now - was, was - now) == ({(False, 1)}, {(True, 5)}, set())


def test_what_was_missed_in_a_lesson_is_recalled_by_the_first_due_answer() -> None:
    missed = reply(0, 0, in_quiz=True, was_due=False)
    for mark, expected in ((1, 1), (0, None)):
        found = remarking.recalled_missed(walked(missed, reply(1, mark), reply(2, 1)))
        assert (found.id if found else None) == expected
    assert remarking.recalled_missed(walked(reply(0, 1, in_quiz=True, was_due=False), reply(1, 1))) is None
