"""Why ratings are weighed by how often they proved right: lenient and noisy raters let far fewer bad lessons through.

What is simulated is ENGINE E12's question: a lesson is taken where its rating is 3.5 or more, and bad below 3.0.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from statistics import mean, median

import pytest

from peerlearn.review.reliability import advice, reviewer

LESSONS, RATERS, BAD, TAKEN = 4_000, 40, 3.0, 3.5


@dataclass(frozen=True)
class Rater:
    """Somebody who rates higher than is right, and not always alike."""

    bias: float
    noise: float

    def rates(self, worth: float, chance: Random) -> float:
        """A rating in halves from 1 to 5."""
        return min(5.0, max(1.0, round(2 * (worth + self.bias + chance.gauss(0, self.noise))) / 2))


def bad_taken(raters: int, history: int) -> tuple[float, float, float]:
    """The share of bad lessons that are taken by the mean, by the median, and by the weighed rating."""
    chance = Random(12)
    people = [Rater(chance.gauss(0.8, 0.6), chance.uniform(0.3, 1.0)) for _ in range(RATERS)]
    known = []
    for one in people:
        worths = [chance.gauss(3.3, 0.8) for _ in range(history)]
        known.append(reviewer([one.rates(worth, chance) - worth for worth in worths]))
    taken = [0, 0, 0]
    bad = 0
    for _ in range(LESSONS):
        worth = chance.gauss(3.3, 0.8)
        chosen = chance.sample(range(RATERS), raters)
        given = [people[number].rates(worth, chance) for number in chosen]
        if worth >= BAD:
            continue
        bad += 1
        weighed = advice([(rating, known[number]) for rating, number in zip(given, chosen, strict=True)]).score
        for place, score in enumerate((mean(given), median(given), weighed)):
            taken[place] += score >= TAKEN - 1e-9
    by_mean, by_median, weighed_share = (number / bad for number in taken)
    return by_mean, by_median, weighed_share


@pytest.mark.parametrize("raters", [2, 3])
def test_what_is_known_of_raters_keeps_bad_lessons_out(raters: int) -> None:
    by_mean, by_median, by_many = bad_taken(raters, history=20)
    assert by_many <= 0.6 * min(by_mean, by_median), (by_mean, by_median, by_many)
    _, _, by_few = bad_taken(raters, history=5)
    assert by_many < by_few < by_mean


@pytest.mark.parametrize("raters", [2, 3])
def test_of_newcomers_nothing_is_known_and_the_mean_decides(raters: int) -> None:
    by_mean, _, weighed = bad_taken(raters, history=0)
    assert weighed == pytest.approx(by_mean)
