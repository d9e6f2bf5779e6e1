"""What comes first on the today page, and why a lesson is picked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from peerlearn.home import rules
from peerlearn.home.rules import Task
from peerlearn.practice.ranking import Candidate

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def candidate(number: int, *, days: int = 100, minutes: int = 8, knows: bool = False, **values: Any) -> Candidate:
    plain = Candidate(number, 7, NOON - timedelta(days=days), minutes=minutes, topic="Security", knows_topic=knows)
    return replace(plain, **values)


def task(kind: str, hours_ago: int, number: int = 1) -> Task:
    return Task(kind, number, "slug", "Title", "Topic", 0, 1, 2, NOON - timedelta(hours=hours_ago))


@pytest.mark.parametrize(
    ("hour", "word"),
    [
        (0, "evening"),
        (4, "evening"),
        (5, "morning"),
        (11, "morning"),
        (12, "afternoon"),
        (17, "afternoon"),
        (18, "evening"),
    ],
)
def test_a_greeting_fits_the_hour(hour: int, word: str) -> None:
    assert word in rules.greeting(hour)


def test_what_others_wait_for_comes_before_what_one_began() -> None:
    tasks = [task(kind, 1) for kind in ("draft", "reading", "review", "changes", "attempt")]
    assert [one.kind for one in rules.in_order(tasks)] == ["attempt", "changes", "review", "reading", "draft"]


def test_the_oldest_review_and_the_newest_reading_come_first() -> None:
    tasks = [task("review", 1, 1), task("review", 9, 2), task("reading", 9, 3), task("reading", 1, 4)]
    assert [one.id for one in rules.in_order(tasks)] == [2, 1, 4, 3]


def test_each_pick_has_its_own_reason() -> None:
    found = [
        candidate(1, teammates=4, is_needed=True, knows=True),
        candidate(2, teammates=4, is_needed=True, knows=True),
        candidate(3, teammates=4, is_needed=True, knows=True),
        candidate(4, minutes=2),
        candidate(5, is_exploration=True, teammates=4),
    ]
    picks = rules.picks(found, NOON)
    reasons = [rules.NEEDED, rules.TEAM, rules.TOPIC, rules.SHORT, rules.FIRST]
    assert [(pick.lesson.id, pick.reason) for pick in picks] == list(enumerate(reasons, start=1))


def test_the_same_reason_with_another_topic_is_another_reason() -> None:
    found = [candidate(1, is_needed=True), candidate(2, is_needed=True, topic="Writing"), candidate(3, is_needed=True)]
    assert [pick.reason for pick in rules.picks(found, NOON)] == [rules.NEEDED] * 3


def test_the_order_of_the_ranking_stays() -> None:
    picks = rules.picks([candidate(1, days=50), candidate(2, days=2), candidate(3, days=60)], NOON)
    assert [(pick.lesson.id, pick.reason) for pick in picks] == [(1, rules.UNREAD), (2, rules.NEW), (3, rules.UNREAD)]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"teammates": 2}, rules.UNREAD),
        ({"teammates": 3}, rules.TEAM),
        ({"is_needed": True}, rules.NEEDED),
        ({"is_needed": True, "coverage": 0.9}, rules.UNREAD),
        ({"extras": {"prerequisites": ["another"]}}, rules.NEXT),
        ({"extras": {"prerequisites": []}}, rules.UNREAD),
        ({"holders": 0}, rules.UNREAD),
        ({"holders": 1}, rules.RARE),
        ({"holders": 3}, rules.UNREAD),
    ],
)
def test_a_reason_is_true(values: dict[str, Any], reason: str) -> None:
    (pick,) = rules.picks([candidate(1, **values)], NOON)
    assert pick.reason == reason
    assert pick.reason % pick.values


def test_none_are_picked_from_nothing() -> None:
    assert rules.picks([], NOON) == []


@pytest.mark.parametrize(
    ("mode", "days", "asks"),
    [
        ("hidden", 2, False),
        ("hidden", 3, True),
        ("hidden", 6, True),
        ("hidden", 7, False),
        ("named", 4, False),
        ("alias", 4, False),
    ],
)
def test_boards_are_mentioned_for_a_few_days_only(mode: str, days: int, asks: bool) -> None:
    assert rules.asks_about_boards(mode, days) is asks


def test_reasons_name_only_what_a_task_knows() -> None:
    for kind in rules.TASK_KINDS:
        assert kind.reason % task(kind.slug, 1).values
        assert task(kind.slug, 1).leads[0] == kind.endpoint
