"""The law of practice by table: what an answer says, when it is due again, what a set holds (ENGINE E3 and E8)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerlearn.accounts.rules import Calendar
from peerlearn.practice import belief, rules
from peerlearn.practice.memory import Recall
from peerlearn.practice.rules import CRITICAL, LEECH, ORDINARY, POLICY, Wait

FRIDAY = date(2026, 1, 9)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Thing:
    """Something of a topic."""

    topic_id: int
    name: str = ""


def things(topics: str) -> list[Thing]:
    return [Thing(ord(topic), f"{topic}{place}") for place, topic in enumerate(topics)]


# What an answer says about memory: the table of E3, line by line


@pytest.mark.parametrize("confidence", ["guess", "fairly", "certain", None])
@pytest.mark.parametrize("was_due", [True, False])
def test_what_is_wrong_is_again_however_sure_and_however_quick(confidence: str | None, was_due: bool) -> None:
    assert rules.recall_of(False, confidence, was_due=was_due, is_quick=True, passes=9) is Recall.AGAIN


@pytest.mark.parametrize(
    ("confidence", "was_due", "is_quick", "passes", "recall"),
    [
        ("guess", False, False, 0, Recall.HARD),  # first exposure
        ("guess", False, True, 9, Recall.HARD),
        ("fairly", False, True, 9, Recall.GOOD),
        ("certain", False, True, 9, Recall.GOOD),  # never easy: it was just read
        ("guess", True, True, 9, Recall.HARD),  # due
        ("fairly", True, True, 9, Recall.GOOD),
        ("certain", True, False, 9, Recall.GOOD),  # certain and slow
        ("certain", True, True, 1, Recall.GOOD),
        ("certain", True, True, 2, Recall.EASY),
    ],
)
def test_what_is_right_is_hard_good_or_easy(
    confidence: str, was_due: bool, is_quick: bool, passes: int, recall: Recall
) -> None:
    found = rules.recall_of(True, confidence, was_due=was_due, is_quick=is_quick, passes=passes)
    assert found is recall


@pytest.mark.parametrize("confidence", ["guess", "fairly", "certain", None])
@pytest.mark.parametrize("was_due", [True, False])
def test_what_is_right_with_a_hint_is_hard_at_most(confidence: str | None, was_due: bool) -> None:
    assert rules.recall_of(True, confidence, was_due=was_due, is_quick=True, passes=9, hinted=True) is Recall.HARD
    assert rules.recall_of(False, confidence, was_due=was_due, hinted=True) is Recall.AGAIN


def test_a_hint_proves_nothing() -> None:
    assert rules.proves(True, 7)
    assert not rules.proves(True, 7, hinted=True)


@pytest.mark.parametrize(("seconds", "limit"), [([], 0), ([10], 15), ([4, 10, 60], 15), ([10, 20], 22.5)])
def test_quick_is_up_to_one_and_a_half_times_ones_own_median(seconds: list[float], limit: float) -> None:
    assert rules.quick_below(seconds) == limit


@pytest.mark.parametrize(("importance", "chance"), [("critical", 0.95), ("ordinary", 0.90), ("optional", 0.85)])
def test_each_topic_is_remembered_as_surely_as_it_matters(importance: str, chance: float) -> None:
    assert rules.retention_of(importance) == chance


@pytest.mark.parametrize(
    ("is_critical", "lapses", "rank"),
    [(True, 0, CRITICAL), (True, 3, CRITICAL), (True, 4, LEECH), (False, 3, ORDINARY), (False, 4, LEECH)],
)
def test_critical_items_go_first_and_the_fourth_lapse_makes_a_leech(is_critical: bool, lapses: int, rank: int) -> None:
    assert rules.rank_of(is_critical, lapses) == rank
    assert (rank in (CRITICAL, ORDINARY)) is (rank <= ORDINARY), "only these two are asked"


@pytest.mark.parametrize(
    ("interval", "tier"), [(0, 1), (1, 1), (6, 1), (7, 2), (20, 2), (21, 3), (59, 3), (60, 4), (365, 4)]
)
def test_tiers_of_intervals(interval: int, tier: int) -> None:
    assert rules.tier_of(interval) == tier


# When it is due


@pytest.mark.parametrize(
    ("days", "until"), [(0, FRIDAY), (1, FRIDAY), (2, FRIDAY), (3, FRIDAY + 3 * DAY), (4, FRIDAY + 4 * DAY)]
)
def test_what_falls_on_a_weekend_is_due_on_monday(days: int, until: date) -> None:
    assert rules.due_until(FRIDAY + days * DAY, Calendar("12345").is_workday) == until


def test_an_absence_pauses_practice() -> None:
    away = Calendar("12345", ((FRIDAY, FRIDAY + 20 * DAY),))
    assert [rules.due_until(FRIDAY + n * DAY, away.is_workday) for n in (0, 10, 20)] == [FRIDAY - DAY] * 3
    assert rules.due_until(FRIDAY + 21 * DAY, away.is_workday) == FRIDAY + 21 * DAY, "back at work all of it is due"


def test_without_any_workday_for_a_year_it_looks_no_further() -> None:
    assert rules.due_until(FRIDAY, lambda _day: False) == FRIDAY - POLICY.longest_pause * DAY


@given(
    st.sets(st.sampled_from("1234567"), min_size=1).map(lambda days: "".join(sorted(days))),
    st.integers(0, 30),
    st.integers(0, 40),
    st.integers(0, 60),
)
def test_every_due_date_comes_on_the_first_workday_from_it_on(pattern: str, start: int, length: int, due: int) -> None:
    calendar = Calendar(pattern, ((FRIDAY + start * DAY, FRIDAY + (start + length) * DAY),))
    due_on = FRIDAY + due * DAY
    days = (due_on + n * DAY for n in range(120))
    asked = next(d for d in days if calendar.is_workday(d) and rules.due_until(d, calendar.is_workday) >= due_on)
    assert asked == calendar.next_workday(due_on)
    assert all(rules.due_until(due_on - n * DAY, calendar.is_workday) < due_on for n in range(1, 40))


# What a set holds


@pytest.mark.parametrize(("size", "room"), [(3, 2), (4, 3), (5, 4), (6, 5), (7, 6), (8, 7), (9, 8), (10, 8)])
def test_one_in_five_stays_free_for_something_new(size: int, room: int) -> None:
    assert rules.room_for_due(size) == room


@pytest.mark.parametrize(
    ("due", "new", "size", "made"),
    [
        (9, 9, 5, (4, 1)),  # four due items and one that is new
        (9, 0, 5, (5, 0)),  # nothing new: due ones take its place
        (2, 9, 5, (2, 3)),  # few due: more that is new
        (4, 1, 5, (4, 1)),
        (0, 2, 5, (0, 2)),
        (0, 0, 5, (0, 0)),
        (20, 20, 10, (8, 2)),
        (20, 1, 10, (9, 1)),
        (3, 3, 3, (2, 1)),
    ],
)
def test_a_set_is_filled_with_due_items_and_something_new(due: int, new: int, size: int, made: tuple[int, int]) -> None:
    waiting, fresh = things("d" * due), things("n" * new)
    first, more = rules.fill(waiting, fresh, size)
    assert (len(first), len(more)) == made
    assert first == waiting[: len(first)], "the oldest due date first"
    assert more == fresh[: len(more)]


@pytest.mark.parametrize(
    ("topics", "order"),
    [
        ("abc", "a0 b1 c2"),
        ("aab", "a0 b2 a1"),
        ("abb", "b1 a0 b2"),
        ("aabb", "a0 b2 a1 b3"),
        ("aaab", "a0 b3 a1 a2"),
        ("abccc", "c2 a0 c3 b1 c4"),
        ("aaaaa", "a0 a1 a2 a3 a4"),
        ("", ""),
    ],
)
def test_topics_take_turns(topics: str, order: str) -> None:
    assert " ".join(thing.name for thing in rules.interleaved(things(topics))) == order


@given(st.text("abcd", max_size=10))
def test_neighbours_share_a_topic_only_where_nothing_else_is_possible(topics: str) -> None:
    found = rules.interleaved(things(topics))
    assert sorted(thing.name for thing in found) == sorted(thing.name for thing in things(topics))
    alike = sum(one.topic_id == other.topic_id for one, other in pairwise(found))
    most = max(Counter(topics).values(), default=0)
    assert alike == max(0, most - 1 - (len(topics) - most))
    for topic in set(topics):
        own = [thing.name for thing in found if thing.topic_id == ord(topic)]
        assert own == sorted(own), "within a topic the oldest due date first"


@pytest.mark.parametrize(
    ("asked", "right", "any_rapid", "well"),
    [(5, 2, False, True), (5, 1, False, False), (5, 5, True, False), (3, 1, False, False), (3, 2, False, True)],
)
def test_a_set_in_earnest_has_no_haste_and_two_in_five_right(
    asked: int, right: int, any_rapid: bool, well: bool
) -> None:
    assert rules.finishes_well(asked, right, any_rapid) is well


@pytest.mark.parametrize(
    ("right", "of", "chance", "beats"),
    [
        (0, 9, 0.25, True),  # too few to tell
        (3, 10, 0.25, False),
        (4, 10, 0.25, True),  # gc(0.4, 0.25) = 0.2
        (7, 20, 0.25, False),
        (8, 20, 0.25, True),
        (11, 20, 0.5, False),  # gc(0.55, 0.5) = 0.1
        (12, 20, 0.5, True),
        (4, 20, 0.0, True),
        (3, 20, 0.0, False),
    ],
)
def test_who_guesses_is_told_by_the_newest_answers(right: int, of: int, chance: float, beats: bool) -> None:
    assert rules.beats_guessing([(place < right, chance) for place in range(of)]) is beats


def test_a_guesser_is_found_out_and_somebody_who_learns_is_not() -> None:
    def found_out(known: float, answers: int) -> float:
        right = 0.25 + 0.75 * known
        counts = range(answers + 1)
        odds = [comb(answers, n) * right**n * (1 - right) ** (answers - n) for n in counts]
        return sum(
            p
            for n, p in zip(counts, odds, strict=True)
            if not rules.beats_guessing([(k < n, 0.25) for k in range(answers)])
        )

    assert found_out(0, 10) > 0.77
    assert found_out(0, 20) > 0.89
    assert found_out(0.5, 20) < 0.02
    assert found_out(0.8, 10) < 0.0005


def test_a_guesser_finishes_well_one_time_in_three() -> None:
    chance = sum(
        comb(5, right) * 0.25**right * 0.75 ** (5 - right)
        for right in range(6)
        if rules.finishes_well(5, right, any_rapid=False)
    )
    assert chance == pytest.approx(0.3672, abs=1e-4)
    assert 5 * chance == pytest.approx(1.84, abs=5e-3)


@pytest.mark.parametrize(("chance", "suits"), [(0.59, False), (0.60, True), (0.75, True), (0.90, True), (0.91, False)])
def test_something_new_is_neither_dull_nor_hopeless(chance: float, suits: bool) -> None:
    assert rules.suits_as_stretch(chance) is suits


@pytest.mark.parametrize(
    ("theta", "difficulty", "options", "chance"), [(0, 0, 4, 0.6250), (1, -0.5, 4, 0.8632), (0.5, 1, 5, 0.5020)]
)
def test_how_likely_it_is_to_be_right(theta: float, difficulty: float, options: int, chance: float) -> None:
    assert rules.chance_of_success(theta, difficulty, 1 / options) == pytest.approx(chance, abs=1e-4)


# After a long time away


MONDAY = date(2026, 3, 2)
WEEK = [MONDAY + timedelta(days=n) for n in range(5)]


@pytest.mark.parametrize(
    ("waits", "mean"),
    [
        ([], 0),
        ([Wait(MONDAY, count=20)], 20),
        ([Wait(WEEK[4], count=20)], 4),
        ([Wait(MONDAY - timedelta(days=100), count=3)], 3),
        ([Wait(WEEK[4] + timedelta(days=1), count=20)], 0),
        ([Wait(MONDAY, WEEK[2])], 0.4),
        ([Wait(MONDAY, MONDAY)], 0),
        ([Wait(MONDAY - timedelta(days=2), MONDAY)], 0),
        ([Wait(MONDAY - timedelta(days=2), WEEK[1]), Wait(WEEK[3], count=2)], 1),
    ],
)
def test_a_backlog_is_what_the_evenings_left_over(waits: list[Wait], mean: float) -> None:
    assert rules.mean_backlog(waits, WEEK) == pytest.approx(mean)


def test_without_a_workday_there_is_no_backlog() -> None:
    assert rules.recent_workdays(MONDAY, lambda day: False) == []
    assert rules.mean_backlog([Wait(MONDAY, count=20)], []) == 0


def test_the_newest_ten_workdays_are_judged() -> None:
    days = rules.recent_workdays(MONDAY, lambda day: day.weekday() < 5 and day != MONDAY - timedelta(days=3))
    assert (len(days), days[0], days[1], days[-1]) == (
        10,
        MONDAY,
        MONDAY - timedelta(days=4),
        MONDAY - timedelta(days=14),
    )


@pytest.mark.parametrize(
    ("due", "backlog", "told"), [(16, 15.1, True), (1, 15.1, True), (0, 40, False), (40, 15, False), (16, 0, False)]
)
def test_who_adds_faster_than_they_keep(due: int, backlog: float, told: bool) -> None:
    assert rules.adds_faster(due, backlog) is told


@pytest.mark.parametrize(
    ("backlog", "days_away", "offered"),
    [(16, 14, True), (15, 14, False), (16, 13, False), (500, 400, True), (0, 400, False)],
)
def test_whoever_was_away_and_has_much_to_do_may_begin_afresh(backlog: int, days_away: int, offered: bool) -> None:
    assert rules.offers_fresh_start(backlog, days_away) is offered


def test_a_fresh_start_brings_a_few_back_each_workday() -> None:
    next_workday = Calendar("12345").next_workday
    monday = FRIDAY + 3 * DAY
    assert rules.spread(9, FRIDAY, 4, next_workday) == [FRIDAY] * 4 + [monday] * 4 + [monday + DAY]
    assert rules.spread(1, FRIDAY + DAY, 4, next_workday) == [monday]
    assert rules.spread(0, FRIDAY, 4, next_workday) == []


# Whether the model can be believed


def test_what_was_recalled_is_corrected_for_guesses() -> None:
    found = belief.calibration([(0.9, n < 82, 0.25) for n in range(100)])
    assert found["count"] == 100
    assert found["predicted"] == pytest.approx(0.9)
    assert found["found"] == pytest.approx(0.76)
    assert found["gap"] == pytest.approx(-0.14)


def test_calibration_of_little() -> None:
    assert belief.calibration([])["count"] == 0
    assert belief.calibration([(0.9, False, 0.5)])["found"] == 0, "worse than guessing is nothing known"
    mixed = belief.calibration([(0.9, True, 0.0), (0.7, True, 0.5)])
    assert (mixed["predicted"], mixed["found"]) == (pytest.approx(0.8), 1)


@pytest.mark.parametrize(("due_in", "planned"), [(11, 11), (5, 5), (30, 11), (1, 1), (0, 1)])
def test_an_interval_is_never_longer_than_what_was_planned_or_waited_for(due_in: int, planned: int) -> None:
    answered_on = date(2026, 1, 5)
    assert rules.planned_days(11, answered_on, answered_on + timedelta(days=due_in)) == planned
