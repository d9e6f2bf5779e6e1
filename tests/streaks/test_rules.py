"""The law of active days without a database: deeds, the weekly goal, and the worked example of a streak."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from peerlearn.accounts.rules import Calendar, Span
from peerlearn.streaks import rules
from peerlearn.streaks.rules import NOTHING, Day, Deeds
from peerlearn.streaks.run import BEGINNING, POLICY, Policy, Run, active, begin, can_be_mended, missed

MONDAY = date(2026, 3, 2)
LESSON, SET, REVIEW = Deeds(lessons=1), Deeds(sets=1), Deeds(reviews=1)
DOUBLE = Deeds(sets=1, lessons=1)
NO_EXTRA = Policy(extra_freeze_days=0)
EXAMPLE = "AAA-ANN NAAAANN AA--D".replace(" ", "")


def day_of(number: int) -> date:
    return MONDAY + timedelta(days=number)


def stand(marks: str, policy: Policy = POLICY, off: tuple[Span, ...] = ()) -> list[Run]:
    """How somebody stands after each of these days: A active, D double, anything else is no deed."""
    calendar = Calendar("12345", off)
    run, found = BEGINNING, []
    for number, mark in enumerate(marks):
        day = day_of(number)
        run = begin(run, day, calendar, policy)
        if mark in "AD":
            run = active(run, day, mark == "D", policy)
        found.append(begin(run, day + timedelta(days=1), calendar, policy))
    return found


HOLIDAY = ((day_of(7), day_of(7)),)
LENGTHS = [1, 2, 3, 3, 4, 4, 4, 4, 5, 6, 7, 8, 8, 8, 9, 10, 10, 0, 11]
FREEZES = [1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]


@pytest.mark.parametrize("number", range(len(EXAMPLE)))
def test_the_worked_example_day_by_day(number: int) -> None:
    run = stand(EXAMPLE, NO_EXTRA, HOLIDAY)[number]
    assert (run.length, run.freezes) == (LENGTHS[number], FREEZES[number])


def test_the_worked_example_at_its_end() -> None:
    run = stand(EXAMPLE, NO_EXTRA, HOLIDAY)[-1]
    assert (run.length, run.freezes, run.best) == (11, 0, 11)
    broken = stand(EXAMPLE[:-1], NO_EXTRA, HOLIDAY)[-1]
    assert (broken.length, broken.broke_on, broken.lost, broken.best) == (0, day_of(17), 10, 10)


def test_the_example_is_told_the_same_from_days() -> None:
    calendar = Calendar("12345", HOLIDAY)
    done = {day_of(number): DOUBLE if mark == "D" else LESSON for number, mark in enumerate(EXAMPLE) if mark in "AD"}
    told = rules.retold(rules.with_deeds([], done, calendar), calendar.days_off, NO_EXTRA)
    runs = stand(EXAMPLE, NO_EXTRA, HOLIDAY)
    assert [rules.after(day, NO_EXTRA).length for day in told] == [runs[(day.day - MONDAY).days].length for day in told]
    assert [day.day for day in told if day.meets_goal] == [day_of(2), day_of(10), day_of(18)]
    last = rules.after(told[-1], NO_EXTRA)
    assert (last.length, last.freezes, last.best, last.days) == (11, 0, 11, 11)


def test_a_new_streak_has_one_more_freeze_in_its_first_days() -> None:
    runs = stand("A--AANN")
    assert [run.length for run in runs] == [1, 1, 1, 2, 3, 3, 3]
    assert (runs[2].extra_used, runs[2].freezes) == (True, 0)
    assert stand("A---")[-1].length == 0
    late = stand("AAAAANN-")[-1]
    assert (late.length, late.extra_used, late.freezes) == (5, False, 0)


def test_freezes_come_every_ten_days_and_no_more_than_two_are_held() -> None:
    weeks = "AAAAANN" * 9
    runs = stand(weeks)
    assert next(run.freezes for run in runs if run.length == 10) == 2
    assert runs[-1].freezes == 2
    assert runs[-1].length == 45


def test_days_off_neither_add_nor_break() -> None:
    assert stand("AAAAANN")[-1].length == 5
    away = ((day_of(1), day_of(20)),)
    runs = stand("A" + "-" * 20 + "A", off=away)
    assert (runs[-1].length, runs[-1].freezes) == (2, 1)


@pytest.mark.parametrize(
    ("marks", "length"),
    [
        ("AAAAANN---D", 6),  # broken on Wednesday, a double day on Thursday
        ("AAAAANN---AD", 6),  # or on Friday, an ordinary day between
        ("AAAAANN----D", 6),
        ("AAAAANN----ANND", 2),  # the third workday is too late
        ("AAAAANN---A", 1),
    ],
)
def test_a_double_day_mends_what_broke_just_before(marks: str, length: int) -> None:
    assert stand(marks, Policy(extra_freeze_days=7, freezes_at_first=2))[-1].length == length


def test_a_mended_streak_has_spent_its_freezes() -> None:
    fresh, mended = stand("AAAAANN--A")[-1], stand("AAAAANN--AD")[-1]
    assert (fresh.length, fresh.freezes, mended.length, mended.freezes) == (1, 1, 6, 0)


def test_mending_is_for_once_in_thirty_days() -> None:
    broken = replace(Run(length=0, lost=8), broke_on=day_of(30), waited=1)
    assert can_be_mended(replace(broken, mended_on=day_of(1)), day_of(31))
    assert not can_be_mended(replace(broken, mended_on=day_of(2)), day_of(31))
    assert active(replace(broken, mended_on=day_of(2)), day_of(31), is_double=True).length == 1


def test_a_mended_streak_keeps_its_beginning() -> None:
    policy = Policy(extra_freeze_days=0, freezes_at_first=0)
    run = stand("AAAA-NND", policy)[-1]
    assert (run.length, run.since, run.mended_on) == (5, MONDAY, day_of(7))


@pytest.mark.parametrize(
    ("deeds", "enough", "double"),
    [
        (NOTHING, False, False),
        (Deeds(due_reviews=2), False, False),
        (Deeds(due_reviews=3), True, False),
        (SET, True, False),
        (Deeds(extra_sets=1), False, False),
        (LESSON, True, False),
        (REVIEW, True, False),
        (DOUBLE, True, True),
        (Deeds(sets=1, extra_sets=1), True, True),
        (Deeds(lessons=1, reviews=1), True, False),
    ],
)
def test_what_makes_a_day_active(deeds: Deeds, enough: bool, double: bool) -> None:
    assert (deeds.is_enough, deeds.is_double) == (enough, double)


def test_deeds_are_counted_as_far_as_they_matter() -> None:
    one = Deeds(due_reviews=1)
    assert one.plus(one) == Deeds(due_reviews=2)
    assert one.plus(one).plus(one).plus(one) == Deeds(due_reviews=3)
    assert LESSON.plus(LESSON) == LESSON
    assert LESSON.plus(one) == LESSON
    assert LESSON.plus(REVIEW) == LESSON
    assert LESSON.plus(SET) == DOUBLE
    assert DOUBLE.plus(Deeds(extra_sets=1)) == DOUBLE


@pytest.mark.parametrize(("available", "needed"), [(0, 0), (1, 1), (2, 2), (3, 2), (4, 3), (5, 3), (6, 4), (7, 5)])
def test_the_weekly_goal(available: int, needed: int) -> None:
    calendar = Calendar("1234567"[:available])
    assert rules.needed_days(available) == needed
    assert rules.weekly_goal(0, MONDAY, calendar).needed == needed
    assert rules.weekly_goal(needed, MONDAY, calendar).is_met is (needed > 0)
    assert not rules.weekly_goal(needed - 1, MONDAY, calendar).is_met


def test_days_off_make_the_weekly_goal_smaller() -> None:
    calendar = Calendar("12345", ((day_of(0), day_of(0)), (day_of(3), day_of(5))))
    assert rules.weekly_goal(0, MONDAY, calendar).needed == 2
    assert rules.weekly_goal(0, MONDAY, Calendar("12345", ((day_of(-3), day_of(9)),))).needed == 0


def test_something_old_does_not_count_any_more() -> None:
    now = datetime(2026, 3, 4, 12, tzinfo=UTC)
    assert rules.is_in_time(now - timedelta(hours=48), now)
    assert not rules.is_in_time(now - timedelta(hours=48, seconds=1), now)


def told(*days: tuple[int, Deeds], calendar: Calendar = Calendar("12345")) -> list[Day]:  # noqa: B008
    return rules.retold(rules.with_deeds([], {day_of(n): deeds for n, deeds in days}, calendar), calendar.days_off)


def test_a_day_with_too_little_is_missed_once_it_is_over() -> None:
    days = told((0, LESSON), (1, Deeds(due_reviews=2)))
    assert not days[1].counts
    today = rules.standing(days[1], day_of(1), Calendar("12345"))
    assert (today.run.length, today.covered, today.is_done_today) == (1, None, False)
    later = rules.standing(days[1], day_of(2), Calendar("12345"))
    assert (later.run.length, later.covered, later.freezes) == (1, day_of(1), 1)


def test_a_weekend_counts_for_nothing() -> None:
    days = told((4, LESSON), (5, LESSON), (6, DOUBLE), (7, LESSON))
    assert [day.counts for day in days] == [True, False, False, True]
    assert rules.after(days[-1]).length == 2


def test_a_day_that_arrives_late_takes_its_place() -> None:
    calendar = Calendar("12345")
    days = told((0, LESSON), (3, LESSON))
    assert (rules.after(days[-1]).length, rules.after(days[-1]).freezes) == (2, 0)
    late = rules.retold(rules.with_deeds(days, {day_of(1): LESSON, day_of(2): LESSON}, calendar), calendar.days_off)
    assert (rules.after(late[-1]).length, rules.after(late[-1]).freezes) == (4, 1)
    assert [day.day for day in rules.changed(days, late)] == [day_of(1), day_of(2), day_of(3)]
    assert [day.meets_goal for day in late] == [False, False, True, False]


def test_the_goal_is_reached_once_a_week_and_stays_reached() -> None:
    days = told(*((number, LESSON) for number in (0, 1, 2, 3, 7)))
    assert [day.meets_goal for day in days] == [False, False, True, False, False]
    assert rules.retold(days, ()) == days
    assert rules.retold([replace(day, work_days="1234567") for day in days], ())[2].meets_goal


def test_a_pattern_that_changes_later_changes_no_day_that_was() -> None:
    days = told((0, LESSON), (1, LESSON), (2, LESSON))
    later = rules.with_deeds(days, {day_of(8): LESSON}, Calendar("2"))
    again = rules.retold(later, ())
    assert again[:3] == days
    assert (rules.after(again[3]).length, again[3].meets_goal) == (4, True)


def test_an_absence_told_of_later_heals_what_it_explains() -> None:
    days = told((0, LESSON), (1, LESSON), (9, LESSON))
    assert rules.after(days[-1]).length == 1
    healed = rules.retold(days, ((day_of(2), day_of(8)),))
    assert (rules.after(healed[-1]).length, rules.after(healed[-1]).freezes) == (3, 1)


def test_standing_without_any_day() -> None:
    found = rules.standing(None, MONDAY, Calendar("12345"))
    assert (found.run, found.goal.needed, found.freezes, found.mend_until) == (BEGINNING, 3, 0, None)


@pytest.mark.parametrize(
    ("today", "until"),
    [
        (day_of(3), day_of(4)),  # broke on Wednesday: Thursday and Friday are left
        (day_of(4), day_of(4)),
        (day_of(5), None),
    ],
)
def test_until_when_a_streak_can_be_mended(today: date, until: date | None) -> None:
    (day,) = told((0, LESSON))
    day = replace(day, before=replace(BEGINNING, length=4, freezes=1, since=day_of(-20), through=day_of(-1), best=4))
    found = rules.standing(day, today, Calendar("12345"))
    assert (found.run.length, found.run.lost, found.run.broke_on) == (0, 5, day_of(2))
    assert found.mend_until == until


def test_a_single_day_leaves_the_mending_open() -> None:
    (day,) = told((0, LESSON))
    day = replace(day, before=replace(BEGINNING, length=4, freezes=0, since=day_of(-20), through=day_of(-1), best=4))
    calendar = Calendar("12345")
    days = rules.retold(rules.with_deeds([day], {day_of(2): LESSON}, calendar), calendar.days_off)
    found = rules.standing(days[-1], day_of(2), calendar)
    assert (found.run.length, found.mend_until) == (1, day_of(3))
    mended = rules.retold(rules.with_deeds(days, {day_of(2): SET}, calendar), calendar.days_off)
    found = rules.standing(mended[-1], day_of(2), calendar)
    assert (found.run.length, found.mend_until, found.is_done_today) == (6, None, True)


def test_a_run_is_kept_and_read() -> None:
    for run in stand(EXAMPLE, NO_EXTRA, HOLIDAY):
        assert Run.read(run.kept()) == run
    assert BEGINNING.kept() == {}


def test_years_away_are_counted_quickly() -> None:
    run = active(BEGINNING, MONDAY)
    back = begin(run, date(2090, 1, 1), Calendar("1234567"))
    assert (back.length, back.lost, back.broke_on) == (0, 1, day_of(3))
    assert missed(back, date(2090, 1, 2)).length == 0
