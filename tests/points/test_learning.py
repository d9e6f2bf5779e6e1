"""What practice pays (ENGINE E5: L1 later, L2, L3, L5), by table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from peerlearn.core.events import Event, Recorded
from peerlearn.learn.events import LessonPassed
from peerlearn.points import engine
from peerlearn.points.engine import Entry
from peerlearn.points.rule import HINTED, Account, Line
from peerlearn.points.rules import POLICY, RULES
from peerlearn.practice.events import DailySetFinished, ItemReviewed, MissedItemRecalled, TopicHeld

MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def reviewed(question: int = 1, *, interval: int = 2, item: int = 1, **changes: Any) -> ItemReviewed:
    """A due item recalled."""
    usual: dict[str, Any] = {
        "lesson_id": 1,
        "item_id": item,
        "version_id": 1,
        "question_id": question,
        "topic_ids": (1,),
        "is_right": True,
        "mark": 1.0,
        "confidence": "fairly",
        "guess_chance": 0.25,
        "seconds": 12.0,
        "is_rapid": False,
        "was_due": True,
        "scheduled_days": interval,
        "days_since": interval,
        "tier_repeated": False,
        "is_own": False,
    }
    return ItemReviewed(**(usual | changes))


def decide(*news: tuple[int, Event], lines: tuple[Line, ...] = ()) -> list[Entry]:
    """What these events, each so many days after Monday, bring person 1."""
    account = Account(1, ZoneInfo("UTC"), lines=lines)
    records = []
    for number, (days, event) in enumerate(news, start=1):
        at = MONDAY + timedelta(days=days, hours=number / 10)
        records.append(Recorded(event, at, at.date(), 1, number))
    found = engine.decide(records, RULES, {1: account}, POLICY)
    assert all(isinstance(item, Entry) for item in found)
    return [item for item in found if isinstance(item, Entry)]


@pytest.mark.parametrize(("interval", "amount"), [(1, 2), (6, 2), (7, 4), (20, 4), (21, 6), (59, 6), (60, 8), (365, 8)])
def test_a_due_item_pays_by_its_scheduled_interval(interval: int, amount: int) -> None:
    [entry] = decide((0, reviewed(interval=interval)))
    assert (entry.rule, entry.amount) == ("L2", amount)


@pytest.mark.parametrize("flaw", [{"was_due": False}, {"is_right": False}, {"is_rapid": True}])
def test_what_was_not_recalled_when_due_is_no_news(flaw: dict[str, Any]) -> None:
    assert decide((0, reviewed(**flaw))) == []


@pytest.mark.parametrize(("interval", "amount"), [(2, 1), (7, 2), (21, 3), (60, 4)])
def test_a_hint_halves_what_a_recall_pays(interval: int, amount: int) -> None:
    [entry] = decide((0, reviewed(interval=interval, hinted=True)))
    assert (entry.amount, entry.reason) == (amount, HINTED)
    [again] = decide((0, reviewed(interval=interval, hinted=True, tier_repeated=True)))
    assert again.amount == {60: 2}.get(interval, 0)


@pytest.mark.parametrize(
    ("asked", "opened", "amount"), [(5, 0, 10), (5, 1, 9), (5, 2, 8), (5, 5, 5), (3, 1, 8), (3, 3, 5), (0, 0, 10)]
)
def test_each_question_of_a_lesson_with_a_hint_brings_half_of_its_share(asked: int, opened: int, amount: int) -> None:
    [entry] = decide((0, passed(1, asked=asked, hinted=opened)))
    assert (entry.amount, entry.reason) == (amount, HINTED if opened else "")


@pytest.mark.parametrize(("attempt", "amounts"), [(2, [0, 2]), (3, [0, 1])])
def test_what_follows_a_later_attempt_is_halved_by_a_hint_to_the_recall(attempt: int, amounts: list[int]) -> None:
    entries = decide((0, passed(attempt, asked=3, hinted=3)), (1, MissedItemRecalled(1, 1, attempt, 7, hinted=True)))
    assert [entry.amount for entry in entries] == amounts


def test_each_tier_pays_once_and_repeats_a_little() -> None:
    again = {"tier_repeated": True}
    entries = decide(
        (0, reviewed(1, interval=2)),
        (8, reviewed(2, interval=2, **again)),
        (16, reviewed(3, interval=11)),
        (80, reviewed(4, interval=60)),
        (150, reviewed(5, interval=60, **again)),
    )
    assert [entry.amount for entry in entries] == [2, 1, 4, 8, 4]


def test_a_repeat_pays_once_in_seven_days() -> None:
    entries = decide((0, reviewed(1)), (3, reviewed(2, tier_repeated=True)), (7, reviewed(3, tier_repeated=True)))
    assert [entry.amount for entry in entries] == [2, 0, 1]
    assert "7" in str(entries[1].detail["values"])


def test_ten_items_a_day_pay() -> None:
    entries = decide(*((0, reviewed(n, item=n)) for n in range(1, 13)))
    assert [entry.amount for entry in entries] == [2] * 10 + [0] * 2


def test_own_items_do_not_pay() -> None:
    assert decide((0, reviewed(is_own=True)))[0].amount == 0


@pytest.mark.parametrize(
    ("days", "event", "amount"),
    [
        (0, DailySetFinished(1, 1, 5, 2, False), 5),
        (0, DailySetFinished(1, 1, 5, 1, False), 0),
        (0, DailySetFinished(1, 1, 5, 5, True), 0),
        (5, DailySetFinished(1, 1, 5, 5, False), 0),
    ],
)
def test_a_finished_set(days: int, event: DailySetFinished, amount: int) -> None:
    [entry] = decide((days, event))
    assert (entry.rule, entry.amount) == ("L3", amount)


def test_extra_sets_pay_nothing_themselves() -> None:
    assert decide((0, DailySetFinished(2, 2, 5, 5, False))) == []


def passed(attempt: int, **changes: Any) -> LessonPassed:
    """A lesson passed at an attempt."""
    usual: dict[str, Any] = {
        "lesson_id": 1,
        "revision_id": 1,
        "major": 1,
        "attempt_id": attempt,
        "attempt_number": attempt,
        "topic_ids": (1,),
        "dwell_met": True,
        "cards_seen": True,
        "any_rapid": False,
        "impossible": 0,
        "is_own": False,
        "is_reviewed": False,
        "is_clean": False,
    }
    return LessonPassed(**(usual | changes))


@pytest.mark.parametrize(("attempt", "later"), [(2, [5]), (3, [2]), (4, [])])
def test_a_later_attempt_pays_when_what_was_missed_is_recalled(attempt: int, later: list[int]) -> None:
    entries = decide(
        (0, passed(attempt)), (1, MissedItemRecalled(1, 1, attempt, 7)), (2, MissedItemRecalled(1, 1, attempt, 8))
    )
    assert [entry.amount for entry in entries] == [0, *later]


def test_a_first_pass_on_answers_that_were_told_pays_whole_when_one_is_recalled() -> None:
    pass_it, recall = passed(1, rests_on_told=True, is_clean=False), MissedItemRecalled(1, 1, 1, 7)
    entries = decide((0, pass_it), (2, recall), (3, recall))
    assert [(entry.rule, entry.amount) for entry in entries] == [("L1", 0), ("L1-later", 10)]
    assert "Up to %(lesson_passed)s XP follow" in entries[0].reason, "a hint at the recall halves them"
    entries = decide((0, passed(1, rests_on_told=True, cards_seen=False)), (2, recall))
    assert [entry.amount for entry in entries] == [0, 0], "whatever else a pass asks for holds as well"


def test_a_pass_that_did_not_count_promises_nothing() -> None:
    entries = decide((0, passed(2, dwell_met=False)), (1, MissedItemRecalled(1, 1, 2, 7)))
    assert [entry.amount for entry in entries] == [0, 0]


def test_holding_a_topic_pays_once() -> None:
    entries = decide((0, TopicHeld(1, False)), (30, TopicHeld(1, False)), (30, TopicHeld(2, True)))
    assert [entry.amount for entry in entries] == [50, 0]
