"""Points follow when answers are marked again by a corrected key."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from peerlearn.accounts.models import Person
from peerlearn.core.db import db as database
from peerlearn.core.facts import Fact
from peerlearn.learn.events import LessonPassed, PassCorrected
from peerlearn.points import actions, rules, trial
from peerlearn.points.correcting import PAID, PRACTICE_PAID, PRACTICE_TAKEN_BACK, TAKEN_BACK
from peerlearn.practice.events import (
    DailySetFinished,
    ItemReviewed,
    MissedItemRecalled,
    MissedRecallCorrected,
    RecallCorrected,
    SetCorrected,
)
from tests import factories
from tests.points.deeds import entries_of, happen, held_of, sums_of
from tests.points.records import MONDAY, passed, pretest

LATER = MONDAY + timedelta(days=9)


@pytest.fixture
def curator(db: Any) -> Person:
    return factories.person()


def corrected(person: Person, event: LessonPassed, passes: bool = True) -> PassCorrected:
    return PassCorrected.of(person.id, passes, MONDAY, MONDAY.date(), event)


def amounts(person: Person) -> list[tuple[str, int, int, int]]:
    return [(entry.rule, entry.entry_no, entry.amount, entry.is_workday) for entry in entries_of(person)]


def test_who_passes_after_all_is_paid_for_the_day_of_the_attempt(person: Person, curator: Person) -> None:
    happen(corrected(person, passed(1)), by=curator, at=LATER)
    (entry,) = entries_of(person)
    assert (entry.rule, entry.entry_no, entry.amount, entry.at, entry.day) == ("L1", 1, 10, MONDAY, MONDAY.date())
    assert sums_of(person)["w:2026-03-02"][0] == 10
    assert actions.verify() == []


def test_a_later_pass_that_paid_nothing_pays_when_the_first_attempt_passes(person: Person, curator: Person) -> None:
    happen(passed(1, attempt_id=2, attempt_number=2), by=person)
    happen(corrected(person, passed(1)), by=curator, at=LATER)
    first, award = entries_of(person)
    assert (first.amount, award.entry_no, award.amount, award.reason) == (0, 2, 10, PAID)
    assert (award.by_id, award.at) == (None, MONDAY)
    assert actions.verify() == []


def test_what_was_promised_for_later_and_paid_gives_way_to_the_whole(person: Person, curator: Person) -> None:
    happen(passed(1, attempt_id=2, attempt_number=2), by=person)
    happen(MissedItemRecalled(lesson_id=1, major=1, attempt_number=2, item_id=5), by=person, at=MONDAY)
    happen(corrected(person, passed(1)), by=curator, at=LATER)
    assert [(entry.rule, entry.amount) for entry in entries_of(person)] == [
        ("L1", 0),
        ("L1-later", 5),
        ("L1-later", -5),
        ("L1", 10),
    ]
    assert sums_of(person)["all"][0] == 10
    assert actions.verify() == []


def test_a_pass_that_was_none_is_taken_back_with_a_kind_reason(person: Person, curator: Person) -> None:
    happen(passed(1), by=person)
    happen(corrected(person, passed(1), passes=False), by=curator, at=LATER)
    first, back = entries_of(person)
    assert (back.amount, back.reverses_id, back.reason) == (-10, first.id, TAKEN_BACK)
    assert "not yours" in back.reason
    assert sums_of(person)["all"][0] == 0
    assert actions.verify() == []


def test_a_pass_that_moves_to_the_second_attempt_is_promised_for_later(person: Person, curator: Person) -> None:
    happen(passed(1), by=person)
    happen(corrected(person, passed(1, attempt_id=2, attempt_number=2)), by=curator, at=LATER)
    assert [(entry.entry_no, entry.amount, entry.detail.get("why")) for entry in entries_of(person)] == [
        (1, 10, None),
        (2, -10, None),
        (3, 0, "later"),
    ]
    happen(MissedItemRecalled(lesson_id=1, major=1, attempt_number=2, item_id=5), by=person, at=LATER)
    assert sums_of(person)["all"][0] == 5
    assert actions.verify() == []


def test_nothing_changes_where_nothing_changed(person: Person, curator: Person) -> None:
    happen(passed(1), by=person)
    happen(corrected(person, passed(1)), by=curator, at=LATER)
    happen(corrected(person, passed(2), passes=False), by=curator, at=LATER)
    assert len(entries_of(person)) == 1
    assert actions.verify() == []


def test_correcting_twice_ends_where_the_last_correction_says(person: Person, curator: Person) -> None:
    happen(passed(1), by=person)
    for passes in (False, True, False, True):
        happen(corrected(person, passed(1), passes), by=curator, at=LATER)
    assert [entry.amount for entry in entries_of(person)] == [10, -10, 10, -10, 10]
    assert actions.verify() == []


def test_conditions_and_caps_hold_for_what_is_paid_after_all(person: Person, curator: Person) -> None:
    happen(corrected(person, passed(1, is_own=True)), by=curator, at=LATER)
    for number in (2, 3, 4):
        happen(passed(number), by=person)
    happen(corrected(person, passed(5)), by=curator, at=LATER)
    assert [entry.amount for entry in entries_of(person)] == [0, 10, 10, 10, 0]
    assert entries_of(person)[-1].detail["why"] == "cap"
    assert actions.verify() == []


def test_a_lost_pass_gives_its_place_to_what_the_cap_had_kept_back(person: Person, curator: Person) -> None:
    for number in range(1, 5):
        happen(passed(number), by=person, at=MONDAY + timedelta(minutes=number))
    happen(corrected(person, passed(1), passes=False), by=curator, at=LATER)
    assert [entry.amount for entry in entries_of(person)] == [10, 10, 10, 0, -10, 10]
    happen(passed(9), by=person, at=MONDAY + timedelta(minutes=30))
    assert entries_of(person)[-1].amount == 0, "the day is full again"
    assert actions.verify() == []


def test_points_that_were_paid_after_all_count_for_the_cap_of_their_day(person: Person, curator: Person) -> None:
    for number in (1, 2):
        happen(passed(number), by=person)
    happen(corrected(person, passed(3)), by=curator, at=MONDAY + timedelta(hours=1))
    happen(passed(4), by=person, at=MONDAY + timedelta(hours=2))
    assert [entry.amount for entry in entries_of(person)] == [10, 10, 10, 0]
    assert actions.verify() == []


def test_held_points_of_a_pass_that_was_none_are_let_go(person: Person, curator: Person) -> None:
    for number in range(20):
        happen(pretest(number), by=person, at=MONDAY + timedelta(seconds=number))
    happen(passed(1), by=person, at=MONDAY + timedelta(seconds=30))
    assert [held.state for held in held_of(person)] == ["pending"]
    happen(corrected(person, passed(1), passes=False), by=curator, at=LATER)
    assert [held.state for held in held_of(person)] == ["refused"]
    assert (entries_of(person)[-1].amount, entries_of(person)[-1].reason) == (0, TAKEN_BACK)
    assert actions.verify() == []


# practice


def reviewed(person: Person, item: int, right: bool = True, at: datetime = MONDAY, **changes: Any) -> int:
    """A due question of practice was answered; the fact that tells of it."""
    usual: dict[str, Any] = {
        "lesson_id": 1,
        "item_id": item,
        "version_id": item,
        "question_id": item,
        "topic_ids": (1,),
        "is_right": right,
        "mark": float(right),
        "confidence": "fairly",
        "guess_chance": 0.25,
        "seconds": 12.0,
        "is_rapid": False,
        "was_due": True,
        "scheduled_days": 10,
        "days_since": 10,
        "tier_repeated": False,
        "is_own": False,
    }
    happen(ItemReviewed(**(usual | changes)), by=person, at=at)
    return newest()


def newest() -> int:
    return (
        database.session.scalar(select(func.max(Fact.id)).where(Fact.type.in_(("ItemReviewed", "DailySetFinished"))))
        or 0
    )


def recall(person: Person, item: int, review: int, counts: bool = True, repeated: bool = False) -> RecallCorrected:
    return RecallCorrected(person.id, item, review, counts, repeated)


def test_a_recall_that_was_right_all_along_pays_by_its_interval_for_its_day(person: Person, curator: Person) -> None:
    review = reviewed(person, 5, right=False)
    assert entries_of(person) == []
    for _ in range(2):
        happen(recall(person, 5, review), by=curator, at=LATER)
    (entry,) = entries_of(person)
    assert (entry.rule, entry.amount, entry.at, entry.day) == ("L2", 4, MONDAY, MONDAY.date())
    assert (entry.source, entry.reason) == ("item:5:tier:2", PRACTICE_PAID)
    assert sums_of(person)["w:2026-03-02"][0] == 4
    reviewed(person, 5, at=LATER, tier_repeated=True)
    assert [entry.amount for entry in entries_of(person)] == [4, 1]
    assert actions.verify() == []


def test_a_recall_that_was_none_is_taken_back_and_may_come_again(person: Person, curator: Person) -> None:
    review = reviewed(person, 5)
    for counts in (False, False, True, True):
        happen(recall(person, 5, review, counts), by=curator, at=LATER)
    assert [entry.amount for entry in entries_of(person)] == [4, -4, 4]
    assert entries_of(person)[1].reason == PRACTICE_TAKEN_BACK
    assert actions.verify() == []


def test_recalls_after_all_take_no_more_than_the_day_has_room_for(person: Person, curator: Person) -> None:
    review = reviewed(person, 1, right=False)
    for item in range(2, 11):
        reviewed(person, item, at=MONDAY + timedelta(minutes=30 * item))
    other = reviewed(person, 11, right=False, at=MONDAY + timedelta(hours=7))
    happen(recall(person, 1, review), recall(person, 11, other), by=curator, at=LATER)
    assert [entry.amount for entry in entries_of(person)] == [4] * 10 + [0]
    assert entries_of(person)[-1].detail["why"] == "cap"
    assert actions.verify() == []


def test_a_recall_that_was_none_gives_its_place_to_one_that_the_limit_kept_back(
    person: Person, curator: Person
) -> None:
    reviews = [reviewed(person, item, at=MONDAY + timedelta(minutes=30 * item)) for item in range(1, 12)]
    assert [entry.amount for entry in entries_of(person)] == [4] * 10 + [0]
    happen(recall(person, 1, reviews[0], counts=False), by=curator, at=LATER)
    assert [entry.amount for entry in entries_of(person)] == [4] * 10 + [0, -4, 4]
    assert actions.verify() == []


@pytest.mark.parametrize(("days", "paid"), [(6, [4]), (8, [4, 1])])
def test_a_repeat_pays_after_all_when_no_other_pay_is_near(
    person: Person, curator: Person, days: int, paid: list[int]
) -> None:
    """Pay that came long after it is in nobody's way."""
    review = reviewed(person, 5, right=False, question_id=1)
    reviewed(person, 5, question_id=2, at=MONDAY + timedelta(days=days))
    happen(recall(person, 5, review, repeated=True), by=curator, at=LATER)
    assert [entry.amount for entry in entries_of(person)] == paid
    assert actions.verify() == []


def test_ones_own_question_pays_nothing_after_all(person: Person, curator: Person) -> None:
    review = reviewed(person, 5, right=False, is_own=True)
    happen(recall(person, 5, review), by=curator, at=LATER)
    assert entries_of(person) == []
    assert actions.verify() == []


def test_a_set_that_was_good_all_along_is_paid_and_one_that_was_not_gives_back(person: Person, curator: Person) -> None:
    happen(DailySetFinished(set_id=1, number=1, asked=5, right=1, any_rapid=False), by=person)
    finish = newest()
    for right in (2, 1, 2):
        happen(SetCorrected(person.id, 1, finish, right > 1, right), by=curator, at=LATER)
    assert [entry.amount for entry in entries_of(person)] == [0, 5, -5, 5]
    assert actions.verify() == []


def test_a_promise_that_a_corrected_pass_makes_is_kept_at_once(person: Person, curator: Person) -> None:
    """The pass moves to the second attempt, and what was missed had been recalled: both in one correction."""
    happen(passed(1), by=person)
    review = reviewed(person, 5, at=MONDAY + timedelta(days=1))
    later = corrected(person, passed(1, attempt_id=2, attempt_number=2))
    happen(MissedRecallCorrected(person.id, review, 1, 1, 2, 5), later, by=curator, at=LATER)
    assert [(entry.rule, entry.amount) for entry in entries_of(person)] == [
        ("L1", 10),
        ("L2", 4),
        ("L1", -10),
        ("L1", 0),
        ("L1-later", 5),
    ]
    happen(MissedRecallCorrected(person.id, review, 1, 1, 2, 6), by=curator, at=LATER)
    assert len(entries_of(person)) == 5
    assert actions.verify() == []


def test_a_dry_run_believes_what_a_correction_added(person: Person, curator: Person) -> None:
    review = reviewed(person, 5, right=False)
    happen(recall(person, 5, review), by=curator, at=LATER)
    tried = replace(rules.POLICY, version=1, recalled=(9, 9, 9, 9))
    *_, found = trial.run(MONDAY.date(), rules.POLICY, tried)
    assert isinstance(found, trial.Outcome)
    assert found.xp == (4, 4)


def test_many_recalls_cost_as_many_statements_as_few(db: Any, curator: Person, statements: list[str]) -> None:
    counts = []
    for people in (3, 30):
        crowd = [factories.person() for _ in range(people)]
        changes = []
        for number, person in enumerate(crowd):
            changes.append(recall(person, 5, reviewed(person, 5, right=False)))
            changes.append(
                recall(person, 6, reviewed(person, 6, at=MONDAY + timedelta(hours=number % 3)), counts=False)
            )
        statements.clear()
        happen(*changes, by=curator, at=LATER)
        counts.append(len(statements))
    assert counts[0] == counts[1]
    assert actions.verify() == []


def test_many_people_cost_as_many_statements_as_few(db: Any, curator: Person, statements: list[str]) -> None:
    counts = []
    for people in (2, 12):
        crowd = [factories.person() for _ in range(people)]
        for person in crowd:
            happen(passed(1), by=person)
        changes = [corrected(person, passed(1), passes=number % 2 > 0) for number, person in enumerate(crowd)]
        statements.clear()
        happen(*changes, *(corrected(person, passed(2)) for person in crowd), by=curator, at=LATER)
        counts.append(len(statements))
    assert counts[0] == counts[1]
    assert actions.verify() == []
