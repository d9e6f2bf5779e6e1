"""The law of learning, by table. Worked examples are ENGINE E1's."""

from __future__ import annotations

import pytest

from peerlearn.learn import rules


@pytest.mark.parametrize(
    ("words", "video", "seconds"), [(420, 0, 37.0588), (0, 0, 20), (200, 0, 20), (420, 90, 68.5588)]
)
def test_minimum_dwell(words: int, video: float, seconds: float) -> None:
    assert rules.minimum_dwell(words, video) == pytest.approx(seconds, abs=1e-4)


def test_one_in_five_is_pretested_and_always_the_same() -> None:
    drawn = [(p, lesson) for p in range(200) for lesson in range(50) if rules.is_pretested(p, lesson)]
    assert 0.18 < len(drawn) / 10_000 < 0.22
    assert all(rules.is_pretested(*pair) for pair in drawn)


def test_the_pretest_draws_every_question() -> None:
    assert {rules.pretest_position(p, 1, 5) for p in range(200)} == {0, 1, 2, 3, 4}


@pytest.mark.parametrize(
    ("times", "threshold"),
    [([], 2.0), ([18.0] * 9, 2.0), ([18.0] * 10, 1.8), ([4.0] * 10, 1.0), ([140.0] * 12, 10.0)],
)
def test_rapid_threshold_of_an_item(times: list[float], threshold: float) -> None:
    assert rules.rapid_below(times) == pytest.approx(threshold)


def test_impossible_answers_are_under_half_the_threshold() -> None:
    assert rules.impossible_count([(0.9, 2.0), (1.0, 2.0), (0.4, 1.0), (5, 2.0)]) == 2


@pytest.mark.parametrize(
    ("author", "answered", "may"), [(True, True, False), (False, False, False), (False, True, True)]
)
def test_who_may_react(author: bool, answered: bool, may: bool) -> None:
    assert rules.may_react(author, answered) is may
