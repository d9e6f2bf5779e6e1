"""Whether the memory model can be believed: what it expected against what was recalled, by length of interval."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from peerlearn.practice import past, rules
from peerlearn.practice.rules import POLICY
from peerlearn.quizzes.kinds.registry import kind_of
from peerlearn.quizzes.question import Question

NAMES = ("under 7 days", "7 to 20 days", "21 to 59 days", "60 days and more")


@dataclass(frozen=True)
class Bucket:
    """The due answers of one tier of intervals."""

    name: str
    count: int
    predicted: float
    found: float  # share right, what guessing alone brings taken away

    @property
    def gap(self) -> float:
        """How much more was recalled than expected."""
        return self.found - self.predicted

    @property
    def is_off(self) -> bool:
        """Whether the model is wrong by more than chance explains."""
        return self.count >= POLICY.calibration_least and abs(self.gap) > POLICY.calibration_gap


@dataclass(frozen=True)
class Report:
    """One month of due answers."""

    first: date
    buckets: list[Bucket] = field(default_factory=list)

    @property
    def is_off(self) -> bool:
        """Whether some interval is predicted badly."""
        return any(bucket.is_off for bucket in self.buckets)

    def lines(self) -> Iterator[str]:
        """The report for a terminal."""
        yield f"{self.first:%B %Y}: what the memory model expected, and what was recalled"
        for bucket in self.buckets:
            note = "  too far off" if bucket.is_off else "" if bucket.count >= POLICY.calibration_least else "  too few"
            yield f"{bucket.name:18}{bucket.count:8} answers{bucket.predicted:9.3f}{bucket.found:9.3f}{note}"


def last_month(today: date) -> Report:
    """The month that ended last."""
    before = today.replace(day=1)
    return of_month((before - timedelta(days=1)).replace(day=1), before)


def of_month(first: date, before: date) -> Report:
    """The due answers from a day to the day before another."""
    answers: dict[int, list[tuple[float, bool, float]]] = defaultdict(list)
    since, until = (datetime.combine(day, time(), UTC) for day in (first, before))
    for row in past.predictions(since, until):
        question = Question.from_json(row.body)
        guess = kind_of(question).guess_chance(question)
        answers[rules.tier_of(row.interval)].append((row.predicted, row.is_right, guess))
    return Report(first, [_bucket(tier, answers[tier]) for tier in range(1, len(NAMES) + 1)])


def _bucket(tier: int, answers: list[tuple[float, bool, float]]) -> Bucket:
    found = rules.calibration(answers)
    return Bucket(NAMES[tier - 1], int(found["count"]), found["predicted"], found["found"])
