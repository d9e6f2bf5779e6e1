"""The quiz rules, with every worked example of the engine's specification."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from peerlearn.quizzes import rules
from peerlearn.quizzes.kinds.registry import KINDS
from peerlearn.quizzes.question import Gap
from peerlearn.quizzes.rules import DEFAULT, Mode, Policy, Terms, Turn
from tests.quizzes.questions import EXAMPLES

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(("p", "c", "known"), [(0.82, 0.25, 0.76), (0.2, 0.25, 0.0), (1, 0.5, 1), (0.5, 0, 0.5)])
def test_guess_correction(p: float, c: float, known: float) -> None:
    assert rules.gc(p, c) == pytest.approx(known, abs=1e-9)


@pytest.mark.parametrize(
    ("right", "count", "low"), [(209, 259, 0.7545), (118, 143, 0.7546), (2, 2, 0.3424), (0, 0, 0.0)]
)
def test_wilson_lower_bound(right: int, count: int, low: float) -> None:
    assert rules.wilson(right, count)[0] == pytest.approx(low, abs=1e-4)


def test_wilson_interval() -> None:
    assert rules.wilson(42, 48, z=1.645) == pytest.approx((0.7760, 0.9340), abs=1e-4)
    assert rules.wilson(0, 5)[0] == 0
    assert rules.wilson(5, 5)[1] == 1


@pytest.mark.parametrize(
    ("median", "responses", "seconds"),
    [(18, 10, 1.8), (4, 10, 1.0), (140, 10, 10.0), (18, 9, 2.0), (None, 50, 2.0)],
)
def test_rapid_threshold(median: float | None, responses: int, seconds: float) -> None:
    assert rules.rapid_threshold(median, responses) == pytest.approx(seconds)
    assert rules.is_rapid(seconds - 0.01, median, responses)
    assert not rules.is_rapid(seconds, median, responses)


@pytest.mark.parametrize(("count", "mark"), [(3, 3), (4, 3), (5, 4), (6, 5), (8, 6), (10, 8), (0, 0)])
def test_pass_mark(count: int, mark: int) -> None:
    assert rules.pass_mark(count) == mark


def test_a_compliance_lesson_wants_all() -> None:
    assert rules.pass_mark(7, 100) == 7
    assert rules.pass_mark(20, 55) == 11


def test_partial_marks_count_for_the_pass() -> None:
    assert rules.is_passed([1, 1, 1, 0.5, 0.5], 4)
    assert not rules.is_passed([1, 1, 1, 0.5, 0.4], 4)
    assert rules.is_passed([1, 1 / 3, 2 / 3, 1], 3)
    assert not rules.is_passed([], 0)


def test_blind_guessing_hardly_passes() -> None:
    assert rules.chance_of_passing([0.25] * 5) == pytest.approx(0.015625, abs=1e-12)
    assert 10 * rules.chance_of_passing([0.25] * 5) == pytest.approx(0.15625, abs=1e-12)
    assert rules.chance_of_passing([0.5, 0.5, 0.0]) == 0


@pytest.mark.parametrize(
    ("kind", "chance"),
    [
        ("single", 1 / 4),
        ("multiple", 1 / 15),
        ("true-false", 1 / 2),
        ("text", 0),
        ("number", 0),
        ("ordering", 1 / 24),
        ("matching", 1 / 24),
        ("cloze", 0),
        ("hotspot", 0),
        ("reflection", 0),
    ],
)
def test_chance_of_a_blind_guess(kind: str, chance: float) -> None:
    assert KINDS[kind].guess_chance(EXAMPLES[kind]) == pytest.approx(chance)


def test_a_cloze_is_guessed_gap_by_gap() -> None:
    gaps = (Gap(choices=("a", "b", "c")), Gap(choices=("a", "b")))
    assert KINDS["cloze"].guess_chance(replace(EXAMPLES["cloze"], gaps=gaps)) == pytest.approx(1 / 6)


def test_of_all_kinds_only_a_reflection_is_never_counted() -> None:
    assert [slug for slug, kind in KINDS.items() if not kind.counts] == ["reflection"]


def test_defaults_of_the_policy() -> None:
    policy = Policy()
    assert (policy.minimum_questions, policy.recommended_questions, policy.recommended_variants) == (3, 5, 2)
    assert policy.minimum_scenarios == 1
    assert list(rules.CONFIDENCE_WORDS.values()) == ["Guess", "Fairly sure", "Certain"]
    assert list(rules.CONFIDENCE_WORDS) == list(rules.Confidence)


def test_a_retake_waits_ten_minutes() -> None:
    assert rules.may_attempt([], NOON)
    assert rules.next_attempt_at([]) is None
    assert not rules.may_attempt([NOON - 9 * MINUTE], NOON)
    assert rules.may_attempt([NOON - 60 * MINUTE, NOON - 10 * MINUTE], NOON)


def test_three_attempts_a_day_are_scored() -> None:
    three = [NOON - timedelta(hours=hours) for hours in (1, 23, 2)]
    assert rules.is_scored(three[:2], NOON)
    assert not rules.is_scored(three, NOON)
    assert rules.is_scored(three, NOON + timedelta(hours=1))
    assert rules.next_scored_at(three) == NOON + timedelta(hours=1)
    assert rules.next_scored_at(three[:2]) is None


def test_terms_are_as_usual_where_nothing_is_said() -> None:
    assert Terms.of({}) == Terms(Mode.LEARN, 75, 0, 0)
    said = {"mode": "exam", "pass_mark": 100, "draw": 4, "time_limit": 20, "tags": []}
    assert Terms.of(said) == Terms(Mode.EXAM, 100, 4, 20)


@pytest.mark.parametrize(
    ("mode", "minutes", "pace", "seconds"),
    [
        ("check", 20, 100, 1200),
        ("exam", 20, 150, 1800),
        ("exam", 20, 200, 2400),
        ("check", 0, 200, None),
        ("learn", 20, 100, None),
    ],
)
def test_how_long_an_attempt_may_take(mode: str, minutes: int, pace: int, seconds: float | None) -> None:
    assert Terms(Mode(mode), minutes=minutes).seconds(pace) == seconds


HOUR = timedelta(hours=1)
THREE = [NOON - 3 * HOUR, NOON - 2 * HOUR, NOON - HOUR]


@pytest.mark.parametrize(
    ("mode", "scored", "finished", "passed", "turn"),
    [
        ("learn", [], [], False, Turn(True)),
        ("check", THREE[:1], [NOON - MINUTE], False, Turn(True, NOON + 9 * MINUTE)),
        ("check", THREE[:2], THREE[:2], False, Turn(True)),
        ("check", THREE, THREE, False, Turn(False, None, THREE[0] + 24 * HOUR)),
        ("learn", THREE, THREE, False, Turn(False, None, THREE[0] + 24 * HOUR)),
        ("check", THREE[:1], THREE[:1], True, Turn(False)),
        ("exam", [], [], False, Turn(True)),
        ("exam", THREE[:1], THREE[:1], False, Turn(False)),
        ("exam", [NOON - 100 * HOUR], [NOON - MINUTE], False, Turn(False, NOON + 9 * MINUTE)),
    ],
)
def test_whose_turn_it_is(mode: str, scored: Any, finished: Any, passed: bool, turn: Turn) -> None:
    assert rules.turn(Mode(mode), scored, finished, NOON, has_passed=passed) == turn


@pytest.mark.parametrize(
    ("mode", "scored", "started", "passed", "under_way", "shown"),
    [
        ("learn", THREE[:1], 0, False, True, True),
        ("check", THREE[:1], 0, False, False, False),
        ("check", THREE[:2], 0, True, False, True),
        ("check", THREE, 0, False, False, True),
        ("check", THREE, 0, False, True, False),
        ("check", [*THREE, NOON + 30 * HOUR], 2, False, False, True),
        ("check", [*THREE, NOON + 30 * HOUR], 3, False, False, False),
        ("exam", THREE[:1], 0, False, False, True),
    ],
)
def test_when_the_right_answers_are_shown(
    mode: str, scored: Any, started: int, passed: bool, under_way: bool, shown: bool
) -> None:
    lasts = lasts_of(Mode(mode), scored)
    found = rules.shows_keys(Mode(mode), lasts, scored[started], has_passed=passed, is_under_way=under_way)
    assert found is shown


def lasts_of(mode: Mode, scored: Sequence[datetime], policy: Policy = DEFAULT) -> list[datetime]:
    """Those of these attempts that were the last when they began."""
    return [start for n, start in enumerate(scored, start=1) if rules.is_last(scored[:n], mode, policy)]


def test_an_author_may_give_an_exam_another_try() -> None:
    twice = rules.Terms.of({"mode": "exam", "attempts": 2}).policy
    assert rules.attempts_left(Mode.EXAM, [], NOON, twice) == 2
    first, both = [NOON - 5 * HOUR], [NOON - 5 * HOUR, NOON - HOUR]
    again = rules.turn(Mode.EXAM, first, first, NOON, has_passed=False, policy=twice)
    assert (again.counts, again.ready_at) == (True, None)
    assert not rules.turn(Mode.EXAM, first, first, NOON, has_passed=True, policy=twice).counts
    assert not rules.turn(Mode.EXAM, both, both, NOON, has_passed=False, policy=twice).counts
    for starts, shown in ((first, False), (both, True)):
        lasts = lasts_of(Mode.EXAM, starts, twice)
        found = rules.shows_keys(Mode.EXAM, lasts, first[0], has_passed=False, is_under_way=False)
        assert found is shown


def test_a_check_may_have_other_numbers_and_learning_has_no_limit_of_its_own() -> None:
    once = rules.Terms.of({"mode": "check", "attempts": 1}).policy
    start = [NOON - HOUR]
    found = rules.turn(Mode.CHECK, start, start, NOON, has_passed=False, policy=once)
    assert (found.counts, found.counts_at) == (False, NOON + 23 * HOUR)
    assert rules.Terms.of({"mode": "learn", "attempts": 1}).policy == rules.DEFAULT
    assert rules.Terms.of({"mode": "exam"}).policy == rules.DEFAULT


def test_time_is_over_a_moment_after_it_is_due() -> None:
    assert not rules.is_over(None, NOON)
    assert not rules.is_over(NOON, NOON + timedelta(seconds=10))
    assert rules.is_over(NOON, NOON + timedelta(seconds=11))
