"""Points follow when answers are marked again by a corrected key."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from peerlearn.accounts.models import Person
from peerlearn.learn.events import LessonPassed, PassCorrected
from peerlearn.points import actions
from peerlearn.points.correcting import PAID, TAKEN_BACK
from peerlearn.practice.events import MissedItemRecalled
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
