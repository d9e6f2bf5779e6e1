"""How good a lesson is (ENGINE E13)."""

from __future__ import annotations

import pytest

from peerlearn.learn import rules as learning
from peerlearn.lessons.quality import Signs, in_search, quality
from peerlearn.quizzes.rules import wilson


@pytest.mark.parametrize(
    ("signs", "known"),
    [
        (Signs(rating=4.2, gain=41 / 75, answers=75, helpful=42, votes=48, amber=1, items=5), 71.7323),
        (Signs(rating=4.0), 63.5),
        (Signs(rating=1.0), 48.5),
        (Signs(rating=5.0), 68.5),
        (Signs(rating=4.0, red=3, items=3), 48.5),
        (Signs(rating=4.0, red=9, items=3), 48.5),
    ],
)
def test_what_is_known_makes_the_quality(signs: Signs, known: float) -> None:
    assert quality(signs) == pytest.approx(known, abs=1e-4)


def test_more_of_what_is_good_never_lowers_it() -> None:
    base = Signs(rating=3.0, gain=0.5, answers=10, helpful=5, votes=8, red=1, amber=1, items=5)
    better = [
        Signs(rating=3.5, gain=0.5, answers=10, helpful=5, votes=8, red=1, amber=1, items=5),
        Signs(rating=3.0, gain=0.6, answers=10, helpful=5, votes=8, red=1, amber=1, items=5),
        Signs(rating=3.0, gain=0.5, answers=10, helpful=6, votes=8, red=1, amber=1, items=5),
        Signs(rating=3.0, gain=0.5, answers=10, helpful=5, votes=8, red=0, amber=1, items=5),
    ]
    assert all(quality(signs) > quality(base) for signs in better)


def test_the_order_of_a_search() -> None:
    assert in_search(0.70, 71.7323, 2 ** (-15 / 45)) == pytest.approx(0.4771, abs=1e-4)


def test_the_share_that_is_told_is_the_lower_bound_of_enough_voices() -> None:
    assert wilson(42, 48, z=1.645) == pytest.approx((0.7760, 0.9340), abs=1e-4)
    assert learning.helpful_share(9, 9) is None
    assert learning.helpful_share(118, 143) == pytest.approx(0.7546, abs=1e-4)


@pytest.mark.parametrize(
    ("helpful", "votes", "known"), [(0, 9, False), (2, 10, True), (3, 10, False), (45, 100, False)]
)
def test_what_helps_fewer_than_half_for_sure(helpful: int, votes: int, known: bool) -> None:
    assert learning.is_unhelpful(helpful, votes) is known
