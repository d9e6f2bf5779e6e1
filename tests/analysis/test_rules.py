"""Abilities, difficulties and flags, by table; the examples of the specification to four digits."""

from __future__ import annotations

from dataclasses import replace
from math import exp, sqrt
from random import Random

import pytest

from peerlearn.analysis import rules
from peerlearn.analysis.rules import FirstAnswer, Given, ItemSummary
from peerlearn.quizzes.rules import gc, wilson

THETAS = (1.6, 1.2, 0.9, 0.7, 0.4, 0.2, 0, -0.3, -0.6, -0.9, -1.2, -1.7)


def close(value: float) -> object:
    return pytest.approx(value, abs=1e-4)


@pytest.mark.parametrize(
    ("theta", "difficulty", "options", "chance"),
    [(0, 0, 4, 0.6250), (1, -0.5, 4, 0.8632), (0.5, 1, 5, 0.5020)],
)
def test_the_chance_to_be_right(theta: float, difficulty: float, options: int, chance: float) -> None:
    assert rules.expected(theta, difficulty, 1 / options) == close(chance)


@pytest.mark.parametrize(
    ("theta", "difficulty", "is_right", "person", "item", "after"),
    [
        (0, 0, True, 0, 20, (0.3750, -0.1875)),
        (0, 0, False, 0, 20, (-0.6250, 0.3125)),
        (0.8, -0.2, False, 40, 100, (0.5339, -0.0670)),
    ],
)
def test_an_answer_moves_ability_and_difficulty(
    theta: float, difficulty: float, is_right: bool, person: int, item: int, after: tuple[float, float]
) -> None:
    found = rules.update(theta, difficulty, 0.25, is_right, person=person, item=item)
    assert found == (close(after[0]), close(after[1]))


def test_an_item_begins_where_its_author_guesses() -> None:
    marks: tuple[frozenset[str], ...] = (frozenset({"easy"}), frozenset({"scenario"}), frozenset({"hard"}))
    assert [rules.first_difficulty(each) for each in marks] == [-1, 0, 1]


def test_few_answers_are_provisional() -> None:
    assert [rules.is_provisional(answers) for answers in (0, 29, 30)] == [True, True, False]


def answers(pattern: str, thetas: tuple[float, ...] = THETAS) -> list[FirstAnswer]:
    return [FirstAnswer(theta, mark == "1", mark) for theta, mark in zip(thetas, pattern, strict=True)]


@pytest.mark.parametrize(
    ("pattern", "share", "correlation"), [("111110101000", 0.5833, 0.7080), ("001001010111", 0.5000, -0.5463)]
)
def test_correlation_with_ability(pattern: str, share: float, correlation: float) -> None:
    found = rules.summarise(answers(pattern))
    assert (found.share, found.correlation) == (close(share), close(correlation))


def test_without_differences_there_is_no_correlation() -> None:
    assert rules.summarise(answers("1" * 12)).correlation is None
    assert rules.summarise(answers("10", (0.0, 0.0))).correlation is None
    assert rules.summarise([]).correlation is None


def test_drift() -> None:
    assert rules.drift_z((90, 100), (18, 30)) == close(3.8435)
    assert rules.drift_z((50, 50), (30, 30)) == 0


def test_the_primitives_that_figures_are_shown_with() -> None:
    assert gc(0.82, 0.25) == close(0.76)
    assert wilson(209, 259)[0] == close(0.7545)
    assert wilson(118, 143)[0] == close(0.7546)
    assert wilson(2, 2)[0] == close(0.3424)
    assert wilson(0, 0)[0] == 0
    assert wilson(42, 48, 1.645) == (close(0.7760), close(0.9340))


# Each flag at its border: one step further and it is gone

CLEAN = ItemSummary(answers=200, right=140, correlation=0.4, learners=200)
BORDERS = {
    "miskey": (replace(CLEAN, answers=12, right=4, abler_right=2, abler_other=3), {"answers": 11}),
    "neg_disc": (replace(CLEAN, answers=30, right=15, correlation=-0.11), {"answers": 29}),
    "low_disc": (replace(CLEAN, answers=50, right=25, correlation=0.149), {"answers": 49}),
    "too_hard": (replace(CLEAN, answers=20, right=5), {"answers": 19}),
    "too_easy": (replace(CLEAN, answers=30, right=29, pretests=8, pretests_right=6), {"pretests": 7}),
    "dead_option": (replace(CLEAN, answers=50, right=35, option_shares=(0.7, 0.26, 0.04)), {"answers": 49}),
    "reported": (replace(CLEAN, reporters=3, learners=200), {"reporters": 2}),
    "drift": (replace(CLEAN, recent=(18, 30), before=(45, 50)), {"before": (44, 49)}),
    "speed": (replace(CLEAN, answers=20, right=15, median_seconds=2.9), {"answers": 19}),
}
HARDLY_NOT = {
    "miskey": {"abler_other": 2},
    "neg_disc": {"correlation": -0.10},
    "low_disc": {"correlation": 0.15},
    "too_hard": {"right": 6},
    "too_easy": {"pretests": 10, "pretests_right": 7},
    "dead_option": {"option_shares": (0.7, 0.25, 0.05)},
    "reported": {"reporters": 2, "learners": 21},
    "drift": {"recent": (23, 30)},
    "speed": {"median_seconds": 90.0},
}


def slugs(item: ItemSummary) -> list[str]:
    return [flag.slug for flag in rules.flags_of(item)]


def test_every_flag_has_its_border_here() -> None:
    by_figures = set(rules.BY_SLUG) - {rules.UPHELD, rules.REKEYED}
    assert set(BORDERS) == set(HARDLY_NOT) == by_figures


@pytest.mark.parametrize("slug", BORDERS)
def test_a_flag_at_its_border(slug: str) -> None:
    item, too_few = BORDERS[slug]
    assert slug in slugs(item)
    assert slug not in slugs(replace(item, **too_few)), "too few answers raise no flag"  # type: ignore[arg-type]
    assert slug not in slugs(replace(item, **HARDLY_NOT[slug]))  # type: ignore[arg-type]


def test_levels_and_what_pauses() -> None:
    found = {level: {flag.slug for flag in rules.FLAGS if flag.level == level} for level in rules.Level}
    assert found == {
        "red": {"miskey", "neg_disc", "upheld", "rekeyed", "drift"},
        "amber": {"low_disc", "too_hard", "too_easy", "reported"},
        "info": {"dead_option", "speed"},
    }
    assert {flag.slug for flag in rules.FLAGS if flag.pauses} == {"miskey", "neg_disc", "upheld"}


def test_a_good_item_has_no_flag() -> None:
    assert slugs(CLEAN) == []


@pytest.mark.parametrize(
    ("before", "recent", "flagged"),
    [
        ((90, 100), (18, 30), True),  # the example
        ((45, 50), (18, 30), True),
        ((90, 100), (17, 29), False),  # too few of the newest
        ((44, 49), (18, 30), False),  # too few before them
        ((900, 1000), (2260, 3000), False),  # sure, and too small a drop
        ((900, 1000), (2250, 3000), True),
        ((31, 50), (14, 30), False),  # a drop by 0.15 that chance explains
    ],
)
def test_drift_needs_enough_answers_a_drop_and_more_than_chance(
    before: tuple[int, int], recent: tuple[int, int], flagged: bool
) -> None:
    item = replace(CLEAN, answers=before[1] + recent[1], right=before[0] + recent[0], before=before, recent=recent)
    assert ("drift" in slugs(replace(item, correlation=0.4))) is flagged


def test_one_of_ten_learners_is_enough_of_a_report() -> None:
    assert slugs(replace(CLEAN, answers=8, right=6, reporters=1, learners=10)) == ["reported"]
    assert slugs(ItemSummary(0, 0, reporters=1)) == []


def test_a_graver_flag_speaks_for_the_milder_one() -> None:
    assert slugs(replace(CLEAN, answers=60, right=15, correlation=-0.2, abler_right=3, abler_other=9)) == [
        "miskey",
        "neg_disc",
    ]


def test_slow_answers_are_flagged_too() -> None:
    assert slugs(replace(CLEAN, median_seconds=90.5)) == ["speed"]


def test_the_abler_half_splits_no_equals() -> None:
    assert len(rules.abler_half(answers("0" * 12))) == 6
    assert len(rules.abler_half(answers("000", (0.0, 0.0, 0.0)))) == 3


def test_what_was_given_is_counted_by_ability_and_confidence() -> None:
    rows = [
        FirstAnswer(1.0, False, "a", "certain"),
        FirstAnswer(0.5, False, "a", "fairly"),
        FirstAnswer(0.0, True, "b", "guess"),
        FirstAnswer(-1.0, False, "a", None),
    ]
    assert rules.count_given(rows) == {"a": Given(3, 2, 2, 1), "b": Given(1, 0, 0, 0)}


def test_only_the_most_frequent_answers_are_kept_apart() -> None:
    rows = [FirstAnswer(0.0, False, f"answer {n % 60}") for n in range(100)]
    found = rules.count_given(rows)
    assert len(found) == rules.POLICY.kinds_of_answer
    assert min(given.people for given in found.values()) == 2


def test_a_dismissed_flag_comes_back_when_twice_as_many_have_answered() -> None:
    assert [rules.comes_back(answers, 12) for answers in (12, 23, 24)] == [False, False, True]


def test_a_decision_has_a_reason() -> None:
    assert rules.reason_problem("too short")
    assert rules.reason_problem("x" * 1001)
    assert rules.reason_problem("I checked the manual: it says so.") is None


# What the flags find among simulated people whose abilities are spread and of whom the flags know a little less


def simulated(chance: Random, people: int, key: int, difficulty: float, others: tuple[int, ...]) -> list[FirstAnswer]:
    """First answers to a question with four answers of which 0 is true; who does not know takes one of `others`."""
    rows = []
    for _ in range(people):
        theta = chance.gauss(0, 1)
        knows = chance.random() < 1 / (1 + exp(-1.7 * (theta - difficulty)))
        given = 0 if knows else chance.choice(others)
        rows.append(FirstAnswer(theta + chance.gauss(0, 0.5), given == key, str(given)))
    return rows


def share_flagged(
    slug: str, people: int, key: int, difficulty: float, others: tuple[int, ...] = (0, 1, 2, 3), runs: int = 400
) -> float:
    chance = Random(20261125)
    found = (slugs(rules.summarise(simulated(chance, people, key, difficulty, others))) for _ in range(runs))
    return sum(slug in flags for flags in found) / runs


def test_twelve_people_find_a_wrong_key_and_spare_a_right_one() -> None:
    assert share_flagged("miskey", 12, key=2, difficulty=-1.0) > 0.95
    assert share_flagged("miskey", 12, key=0, difficulty=-1.0) < 0.005


def test_a_hard_question_is_seldom_taken_for_a_wrong_key_unless_it_is_a_trap() -> None:
    assert share_flagged("miskey", 12, key=0, difficulty=1.0) < 0.20
    assert share_flagged("miskey", 12, key=0, difficulty=1.5, others=(0, 1, 1, 1)) > 0.30  # so it asks, never deletes


def test_fifty_people_find_what_says_little() -> None:
    """Whoever is asked guesses: ability and being right have nothing to do with each other."""
    chance = Random(20261129)
    rows = ([FirstAnswer(chance.gauss(0, 1), chance.random() < 0.5) for _ in range(50)] for _ in range(400))
    found = [slugs(rules.summarise(answers)) for answers in rows]
    assert sum("low_disc" in flags or "neg_disc" in flags for flags in found) / 400 > 0.75
    assert share_flagged("low_disc", 50, key=0, difficulty=0.0) < 0.12


def test_thirty_people_find_what_discriminates_the_wrong_way() -> None:
    assert share_flagged("neg_disc", 30, key=2, difficulty=0.0) > 0.6
    assert share_flagged("neg_disc", 30, key=0, difficulty=0.0) < 0.02


# How near the difficulties come that answers tell, where the abilities of those who answer are known


def estimated(chance: Random, answers: int, items: int = 400) -> tuple[float, float]:
    """The root of the mean square error of difficulties after so many answers to each, and the correlation."""
    true, found = [chance.gauss(0, 1) for _ in range(items)], [0.0] * items
    for item, difficulty in enumerate(true):
        for number in range(answers):
            theta = chance.gauss(0, 1)
            is_right = chance.random() < rules.expected(theta, difficulty, 0.25)
            _ability, found[item] = rules.update(theta, found[item], 0.25, is_right, person=100, item=number)
    error = sqrt(sum((a - b) ** 2 for a, b in zip(true, found, strict=True)) / items)
    return error, rules.correlation(true, found) or 0.0


@pytest.mark.parametrize(
    ("answers", "error", "correlation"), [(20, 0.68, 0.78), (30, 0.59, 0.85), (50, 0.50, 0.89), (100, 0.38, 0.94)]
)
def test_difficulties_come_as_near_as_the_specification_says(answers: int, error: float, correlation: float) -> None:
    errors, correlations = zip(*(estimated(Random(seed), answers) for seed in range(4)), strict=True)
    assert sum(errors) / 4 == pytest.approx(error, abs=0.03)
    assert sum(correlations) / 4 == pytest.approx(correlation, abs=0.02)
