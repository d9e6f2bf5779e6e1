"""Which numbers of the rules may be changed, and how far."""

from __future__ import annotations

from typing import Any

import pytest

from peerlearn.points import numbers, rules
from peerlearn.points.numbers import NOT_LESS, NOT_MORE, NUMBERS, OUT_OF_BOUNDS
from peerlearn.points.rule import numbers_of, values_of

HELD = numbers.values_in(rules.POLICY)


def test_each_number_stands_with_a_rule_that_there_is_and_its_limit_with_that_rules_cap() -> None:
    for number in NUMBERS:
        rule = rules.BY_SLUG[number.rule]
        text = rule.sentence if number.kind == numbers.RATE else rule.cap.demand if rule.cap else ""
        assert f"%({number.name})s" in text, f"{rule.title} does not name {number.name}"
        if number.kind == numbers.LIMIT:
            assert rule.cap is not None
            assert rule.cap.limit == number.field
    assert len({number.name for number in NUMBERS}) == len(NUMBERS)


def test_what_ships_fits_its_own_bounds() -> None:
    assert numbers.problems(HELD) == {}


def test_a_change_is_what_differs_and_makes_a_policy_with_just_that_in_it() -> None:
    wanted = HELD | {"lesson_passed": 12, "recalled_4": 9}
    changes = numbers.changed(wanted, rules.POLICY)
    assert changes == {"lesson_passed": 12, "recalled_4": 9}
    policy = numbers.applied(changes, rules.POLICY, 3)
    assert (policy.version, policy.lesson_passed, policy.recalled) == (3, 12, (2, 4, 6, 9))
    assert numbers.values_in(policy) == wanted


def test_a_number_that_is_not_offered_any_more_changes_nothing() -> None:
    assert numbers.applied({"gone": 5}, rules.POLICY, 1) == numbers.applied({}, rules.POLICY, 1)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"lesson_passed": -1}, {"lesson_passed": (OUT_OF_BOUNDS, {"least": 0, "most": 200})}),
        ({"topic_held": 201}, {"topic_held": (OUT_OF_BOUNDS, {"least": 0, "most": 200})}),
        ({"reviews_per_day": 0}, {"reviews_per_day": (OUT_OF_BOUNDS, {"least": 1, "most": 50})}),
        ({"reviews_per_day": 51}, {"reviews_per_day": (OUT_OF_BOUNDS, {"least": 1, "most": 50})}),
        ({"pretest": None}, {"pretest": (OUT_OF_BOUNDS, {"least": 0, "most": 200})}),
        ({"second_attempt": 11}, {"second_attempt": (NOT_MORE, {"most": 10})}),
        ({"third_attempt": 6}, {"third_attempt": (NOT_MORE, {"most": 5})}),
        ({"recalled_2": 1}, {"recalled_2": (NOT_LESS, {"least": 2})}),
        ({"recalled_again_1": 2}, {"recalled_again_2": (NOT_LESS, {"least": 2})}),
        ({"topic_held": 0, "weekly_goal": 200}, {}),
    ],
)
def test_what_does_not_fit_is_told_with_what_does(changes: dict[str, int | None], found: dict[str, Any]) -> None:
    assert numbers.problems(HELD | changes) == found


def test_sentences_name_the_single_numbers_of_several() -> None:
    policy = numbers.applied({"recalled_4": 11}, rules.POLICY, 1)
    sentence = rules.BY_SLUG["L2"].sentence
    assert "11 from two months" in sentence % values_of(sentence, policy)
    assert numbers_of(policy)["recalled_4"] == 11
