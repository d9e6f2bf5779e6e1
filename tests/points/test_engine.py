"""What deeds earn, without a database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from peerlearn.core.events import Recorded
from peerlearn.points import engine, rules
from peerlearn.points.engine import Entry, Held
from peerlearn.points.rule import Account, Line, Policy
from peerlearn.points.rules import POLICY, RULES
from peerlearn.review.events import RatingCompared
from tests.points.records import (
    BERLIN,
    MONDAY,
    approved,
    declined,
    passed,
    pretest,
    recorded,
    reviewed,
    upheld,
)


def decide(
    records: Sequence[Recorded], lines: tuple[Line, ...] = (), policy: Policy = POLICY, people: int = 4
) -> list[Any]:
    state = {n: Account(n, BERLIN, lines=lines if n == 1 else ()) for n in range(1, people + 1)}
    return engine.decide(records, RULES, state, policy)


def amounts(records: Sequence[Recorded], **more: Any) -> list[int]:
    return [item.amount for item in decide(records, **more)]


def test_a_pass_at_the_first_attempt_pays_ten() -> None:
    (entry,) = decide([recorded(passed())])
    assert isinstance(entry, Entry)
    assert (entry.rule, entry.track, entry.amount, entry.source) == ("L1", "xp", 10, "lesson:1:major:1")
    assert (entry.day, entry.is_workday, entry.reason) == (date(2026, 3, 2), True, "")
    assert entry.detail == {"lesson_id": 1, "attempt_id": 1}


@pytest.mark.parametrize(
    "flaw",
    [
        {"attempt_number": 2},
        {"attempt_number": 3},
        {"dwell_met": False},
        {"cards_seen": False},
        {"any_rapid": True},
        {"is_own": True},
        {"is_reviewed": True},
        {"impossible": 5},
        {"impossible": 9, "any_rapid": True},
    ],
)
def test_a_pass_that_misses_a_condition_pays_nothing_and_says_why(flaw: dict[str, Any]) -> None:
    (entry,) = decide([recorded(passed(**flaw))])
    assert entry.amount == 0
    assert len(entry.reason) > 20


def test_four_impossible_answers_are_not_yet_enough_to_void() -> None:
    assert amounts([recorded(passed(impossible=4))]) == [10]


def test_each_condition_has_its_own_reason() -> None:
    reasons = [c.reason for rule in RULES for c in rule.conditions]
    assert len(set(reasons)) == len(reasons)


def test_three_lessons_a_day_pay_and_the_fourth_says_so() -> None:
    entries = decide([recorded(passed(n)) for n in range(1, 6)])
    assert [entry.amount for entry in entries] == [10, 10, 10, 0, 0]
    assert entries[3].detail["why"] == "cap"
    assert entries[3].detail["full"] == 10
    assert entries[3].reason % entries[3].detail["values"] == (
        "3 lessons had paid that day already. Points start again the next day."
    )


def test_the_cap_is_for_the_persons_own_day() -> None:
    late = MONDAY.replace(hour=22, minute=59)  # 23:59 in Berlin
    records = [recorded(passed(n), at=late) for n in range(1, 5)]
    records += [recorded(passed(9), at=late + timedelta(minutes=2))]
    assert amounts(records) == [10, 10, 10, 0, 10]


def test_what_pays_nothing_for_another_reason_takes_no_place_under_the_cap() -> None:
    records = [recorded(passed(n, cards_seen=False)) for n in range(1, 5)] + [recorded(passed(9))]
    assert amounts(records) == [0, 0, 0, 0, 10]


def test_the_same_source_is_scored_once_for_ever() -> None:
    assert amounts([recorded(passed()), recorded(passed(attempt_id=7), at=MONDAY + timedelta(days=1))]) == [10]
    old = Line("L1", "lesson:1:major:1", MONDAY - timedelta(days=300), date(2025, 5, 6), 10)
    assert amounts([recorded(passed())], lines=(old,)) == []
    assert amounts([recorded(passed(major=2))], lines=(old,)) == [10]


def test_held_points_are_not_scored_again() -> None:
    waiting = Line("L1", "lesson:1:major:1", MONDAY, date(2026, 3, 2), 10, is_held=True)
    assert amounts([recorded(passed())], lines=(waiting,)) == []


def test_a_question_before_reading_pays_right_or_wrong() -> None:
    assert amounts([recorded(pretest(1)), recorded(pretest(2, is_right=True))]) == [2, 2]
    assert amounts([recorded(pretest(3, is_rapid=True)), recorded(pretest(4, is_own=True))]) == [0, 0]


def test_authors_share_twenty() -> None:
    entries = decide([recorded(approved(1, ((1, 0.7), (2, 0.3))), by=3)])
    assert [(entry.person_id, entry.amount, entry.track) for entry in entries] == [(1, 14, "ip"), (2, 6, "ip")]


@pytest.mark.parametrize("flaw", [{"is_first": False}, {"similarity": 0.85}, {"similarity": 1.0}])
def test_a_lesson_that_is_not_new_pays_nothing(flaw: dict[str, Any]) -> None:
    (entry,) = decide([recorded(approved(**flaw), by=3)])
    assert entry.amount == 0
    assert entry.reason


@pytest.mark.parametrize(
    ("copied", "is_its_own", "amount"), [(0.5, False, 0), (1.0, False, 0), (0.49, False, 20), (0.9, True, 20)]
)
def test_a_lesson_that_stands_mostly_in_one_by_others_pays_nothing(
    copied: float, is_its_own: bool, amount: int
) -> None:
    (entry,) = decide([recorded(approved(copied=copied, stands_in=9, is_its_own=is_its_own), by=3)])
    assert entry.amount == amount
    assert entry.reason.startswith("Most of its text stands in") is (amount == 0)
    assert entry.detail.get("values") == ({"stands_in": 9} if amount == 0 else None)


@pytest.mark.parametrize(
    ("words", "questions", "amount"),
    [
        (149, 4, 0),
        (0, 0, 0),
        (150, 0, 20),
        (149, 5, 20),
        (600, 8, 20),
        (None, None, 20),  # facts from before this was noted
        (None, 0, 20),
        (0, None, 20),
    ],
)
def test_a_lesson_of_few_words_and_few_questions_pays_nothing(
    words: int | None, questions: int | None, amount: int
) -> None:
    (entry,) = decide([recorded(approved(words=words, questions=questions), by=3)])
    assert entry.amount == amount
    assert ("It is short" in entry.reason) is (amount == 0)


def test_nobody_is_paid_for_a_lesson_that_an_author_approved() -> None:
    assert amounts([recorded(approved(1, ((1, 0.5), (2, 0.5))), by=2)]) == [0, 0]


def test_two_lessons_a_week_pay_each_author() -> None:
    days = [recorded(approved(n), by=3, at=MONDAY + timedelta(days=n)) for n in range(4)]
    assert amounts(days) == [20, 20, 0, 0]
    assert amounts([*days, recorded(approved(9), by=3, at=MONDAY + timedelta(days=7))])[-1] == 20


def test_a_capped_author_does_not_take_the_others_part() -> None:
    records = [recorded(approved(n), by=3) for n in (1, 2)] + [recorded(approved(3, ((1, 0.5), (2, 0.5))), by=3)]
    entries = decide(records)
    assert [(entry.person_id, entry.amount) for entry in entries] == [(1, 20), (1, 20), (1, 0), (2, 10)]


def test_an_upheld_report_pays_the_first_reporter() -> None:
    assert amounts([recorded(upheld(1), by=3), recorded(upheld(2, is_first=False), by=3)]) == [3, 0]
    assert amounts([recorded(upheld(3), by=1)]) == [0]


def test_five_reports_a_day_pay() -> None:
    assert amounts([recorded(upheld(n), by=3) for n in range(1, 8)]) == [3, 3, 3, 3, 3, 0, 0]


@pytest.mark.parametrize(
    ("days", "later", "amount"),
    [
        ((0, 1), 2, 3),
        ((0, 1, 2), 3, 0),
        ((0, 1, 2), 31, 0),
        ((0, 1, 2), 32, 3),
        ((0, 15, 30), 59, 0),
        ((0, 15, 31), 32, 3),
        ((0, 10, 20, 25), 54, 0),
        ((0, 10, 20, 25), 55, 3),
    ],
)
def test_three_declined_reports_in_thirty_days_pause_the_pay(days: tuple[int, ...], later: int, amount: int) -> None:
    records = [recorded(declined(n), by=3, at=MONDAY + timedelta(days=day)) for n, day in enumerate(days)]
    records.append(recorded(upheld(99), by=3, at=MONDAY + timedelta(days=later)))
    assert amounts(records)[-1] == amount
    assert all(item.amount == 0 for item in decide(records)[:-1])


@pytest.mark.parametrize(
    ("changes", "amount"),
    [({}, 6), ({"in_time": False}, 3), ({"has_rubric": False}, 0), ({"has_comment": False}, 0)],
)
def test_a_review_pays_six_or_half(changes: dict[str, Any], amount: int) -> None:
    (entry,) = decide([recorded(reviewed(**changes))])
    assert entry.amount == amount
    assert bool(entry.reason) is bool(changes)


@pytest.mark.parametrize(("rho", "amount"), [(0.1, 3), (0.5, 6), (0.6471, 7), (0.75, 9), (0.99, 9)])
def test_a_review_pays_by_reliability(rho: float, amount: int) -> None:
    assert amounts([recorded(reviewed(reliability=rho))]) == [amount]


def test_rejecting_and_approving_pay_the_same() -> None:
    assert amounts([recorded(reviewed(1, outcome="rejected")), recorded(reviewed(2))]) == [6, 6]


def test_five_reviews_a_day_pay() -> None:
    assert amounts([recorded(reviewed(n)) for n in range(1, 8)]) == [6, 6, 6, 6, 6, 0, 0]


def test_a_burst_is_held() -> None:
    earlier = [recorded(pretest(n), at=MONDAY + timedelta(seconds=n)) for n in range(20)]
    more = [recorded(pretest(20), at=MONDAY + timedelta(seconds=30))]
    outcomes = decide(earlier + more)
    assert all(isinstance(item, Entry) for item in outcomes[:20])
    assert isinstance(outcomes[20], Held)
    assert outcomes[20].entry.amount == 2
    assert outcomes[20].entry.reason == rules.BURST_REASON


def test_twenty_one_events_in_more_than_ten_minutes_are_no_burst() -> None:
    records = [recorded(pretest(n), at=MONDAY + timedelta(seconds=31 * n)) for n in range(30)]
    assert all(isinstance(item, Entry) for item in decide(records))


def test_what_pays_nothing_is_never_held() -> None:
    records = [recorded(pretest(n, is_rapid=True)) for n in range(30)]
    assert all(isinstance(item, Entry) for item in decide(records))


def test_held_points_take_their_place_under_the_cap() -> None:
    records = [recorded(pretest(n)) for n in range(20)] + [recorded(passed(n)) for n in range(1, 5)]
    outcomes = decide(records)[20:]
    assert [isinstance(item, Held) for item in outcomes] == [True, True, True, False]
    assert outcomes[3].amount == 0


def test_a_reversal_frees_its_place() -> None:
    day = date(2026, 3, 2)
    full = tuple(Line("L1", f"lesson:{n}:major:1", MONDAY, day, 10) for n in (1, 2, 3))
    assert amounts([recorded(passed(9))], lines=full) == [0]
    back = replace(full[0], amount=-10, entry_no=2, is_reversal=True)
    assert amounts([recorded(passed(9))], lines=(*full, back)) == [10]


def test_the_first_deed_that_a_cap_kept_back_is_paid_when_there_is_room() -> None:
    day = date(2026, 3, 2)
    lines = [Line("L1", f"lesson:{n}:major:1", MONDAY, day, 10, id=n) for n in (1, 2, 3)]
    lines += [Line("L1", f"lesson:{n}:major:1", MONDAY, day, 0, was_capped=True, id=n) for n in (4, 5)]
    assert engine.freed(lines, rules.BY_SLUG["L1"], day, POLICY) is None
    lines.append(replace(lines[1], amount=-10, entry_no=2, is_reversal=True, id=6))
    found = engine.freed(lines, rules.BY_SLUG["L1"], day, POLICY)
    assert found is not None
    assert found.id == 4
    lines.append(replace(found, amount=10, entry_no=2, was_capped=False, id=7))
    assert engine.freed(lines, rules.BY_SLUG["L1"], day, POLICY) is None


def test_weekends_are_not_workdays() -> None:
    (entry,) = decide([recorded(passed(), at=MONDAY + timedelta(days=5))])
    assert entry.amount == 10
    assert not entry.is_workday


def test_the_engine_is_a_function() -> None:
    records = [recorded(passed(n)) for n in range(5)] + [recorded(approved(1, ((1, 0.5), (2, 0.5))), by=3)]
    assert decide(records) == decide(records)
    one_by_one: list[Any] = []
    lines: tuple[Line, ...] = ()
    for record in records:
        for item in decide([record], lines):
            one_by_one.append(item)
            if item.person_id == 1:
                lines += (engine.line_of(item),)
    assert one_by_one == decide(records)


@pytest.mark.parametrize(
    ("error", "amount"), [(0.0, 3), (0.5, 3), (-0.5, 3), (0.125, 3), (0.625, 0), (-0.625, 0), (-3.0, 0)]
)
def test_a_rating_pays_when_it_is_near_the_final_one(error: float, amount: int) -> None:
    (entry,) = decide([recorded(RatingCompared(7, 1, reviewer_id=2, error=error), by=1)])
    assert (entry.person_id, entry.rule, entry.source, entry.amount) == (2, "C2", "review:7", amount)
    assert bool(entry.reason) is (amount == 0)


def test_a_rating_pays_once_and_never_by_ones_own_decision() -> None:
    twice = [recorded(RatingCompared(7, 1, reviewer_id=2, error=0.0), by=by) for by in (1, 3)]
    assert amounts(twice) == [3]
    (own,) = decide([recorded(RatingCompared(7, 1, reviewer_id=1, error=0.0), by=1)])
    assert own.amount == 0
    assert own.reason.startswith("You gave the final rating yourself")


def test_five_ratings_a_day_pay() -> None:
    assert amounts([recorded(RatingCompared(n, n, 2, 0.0), by=1) for n in range(7)]) == [3] * 5 + [0] * 2


def stood(*amounts: int, rule: str = "L1") -> tuple[Line, ...]:
    """Lines of one day, a minute apart, each of a source of its own: "s1", "s2" …"""
    return tuple(
        Line(rule, f"s{n}", MONDAY + timedelta(minutes=n), MONDAY.date(), amount, id=n)
        for n, amount in enumerate(amounts, 1)
    )


@pytest.mark.parametrize(
    ("lines", "amount", "is_there", "made_by"),
    [
        (stood(10, 10), 10, True, None),
        (stood(10, 10, 10), 10, True, "s3"),  # what the cap would have kept back
        (stood(10, 0, 10, 10), 10, True, "s4"),
        (stood(10, 5, 10), 5, True, "s2"),  # the newest that pays no more
        (stood(10, 10, 10), 5, False, None),
        (stood(10, 10, 10, rule="L3"), 10, True, None),
        ((*stood(10, 10), replace(stood(10, 10, 10)[2], is_held=True)), 10, True, "s2"),  # it waits for a decision
        ((*stood(10, 10, 10), replace(stood(10)[0], source="mine")), 10, True, "s3"),
    ],
)
def test_room_for_what_was_found_good_later(
    lines: tuple[Line, ...], amount: int, is_there: bool, made_by: str | None
) -> None:
    room = engine.room_for(lines, rules.BY_SLUG["L1"], MONDAY.date(), "mine", amount, POLICY)
    assert room == engine.Room(is_there, made_by)


def test_without_a_cap_there_is_always_room() -> None:
    assert engine.room_for(stood(50, 50, rule="L5"), rules.BY_SLUG["L5"], MONDAY.date(), "mine", 50, POLICY).is_there
