"""How a quiz is taken and judged: its terms, the pass mark, retakes, time, guessing and haste.

Numbers an organisation may change are the defaults of `Policy`. The functions know no clock and no database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from math import sqrt
from typing import Any

from peerlearn.core.words import N_


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers of the quiz rules."""

    pass_percent: int = 75
    critical_percent: int = 100  # of what must be known surely: nothing of it is passed with less
    pass_percents: tuple[int, int] = (50, 100)  # what an author may choose
    minutes_maximum: int = 180  # of a time limit
    seconds_a_question: float = 20  # what a time limit should leave for each question
    minimum_questions: int = 3
    recommended_questions: int = 5
    recommended_variants: int = 2
    minimum_scenarios: int = 1
    cooldown: timedelta = timedelta(minutes=10)
    scored_attempts: int = 3
    scored_within: timedelta = timedelta(hours=24)
    exam_attempts: int = 1
    attempts_maximum: int = 10  # that an author may choose, of a check in a day or of an exam in all
    late: timedelta = timedelta(seconds=10)  # an answer sent in the last second may still be on its way
    rapid_share: float = 0.10
    rapid_least: float = 1.0
    rapid_most: float = 10.0
    rapid_unknown: float = 2.0
    rapid_known_after: int = 10


DEFAULT = Policy()


class Confidence(StrEnum):
    """How sure a learner says to be of an answer."""

    GUESS = "guess"
    FAIRLY = "fairly"
    CERTAIN = "certain"


CONFIDENCE_WORDS = {
    Confidence.GUESS: N_("Guess"),
    Confidence.FAIRLY: N_("Fairly sure"),
    Confidence.CERTAIN: N_("Certain"),
}


class Mode(StrEnum):
    """How a quiz is taken."""

    LEARN = "learn"
    CHECK = "check"
    EXAM = "exam"


MODE_WORDS = {
    Mode.LEARN: N_("Quiz"),
    Mode.CHECK: N_("Check"),
    Mode.EXAM: N_("Exam"),
}


@dataclass(frozen=True, slots=True)
class Terms:
    """What an author chose for a quiz: its mode, pass mark, questions drawn, how long it may take, and how often.

    `draw` 0 means all questions, `minutes` 0 no limit, `attempts` 0 as many as the mode has.
    """

    mode: Mode = Mode.LEARN
    pass_percent: int = DEFAULT.pass_percent
    draw: int = 0
    minutes: int = 0
    attempts: int = 0
    usual: Policy = DEFAULT

    @classmethod
    def of(cls, extras: Mapping[str, Any], usual: Policy = DEFAULT, *, is_critical: bool = False) -> Terms:
        """The terms as a published revision keeps them; what it does not name is as usual here.

        A lesson file leaves the mark out that ships, so it stands for the usual one. `is_critical`: the lesson teaches
        what must be known surely.
        """
        named = extras.get("pass_mark", DEFAULT.pass_percent)
        mark = usual.pass_percent if named == DEFAULT.pass_percent else named
        return cls(
            Mode(extras.get("mode", Mode.LEARN)),
            max(mark, usual.critical_percent) if is_critical else mark,
            extras.get("draw", 0),
            extras.get("time_limit", 0),
            extras.get("attempts", 0),
            usual,
        )

    @property
    def policy(self) -> Policy:
        """The rules with the number of attempts that the author chose."""
        if not self.attempts or self.mode is Mode.LEARN:
            return self.usual
        if self.mode is Mode.EXAM:
            return replace(self.usual, exam_attempts=self.attempts)
        return replace(self.usual, scored_attempts=self.attempts)

    def seconds(self, pace: int = 100) -> float | None:
        """How long one attempt may take somebody with this pace; None without a limit."""
        if self.mode is Mode.LEARN or not self.minutes:
            return None
        return self.minutes * 60 * pace / 100


@dataclass(frozen=True, slots=True)
class Turn:
    """What a person may do with a quiz: take it so that it counts, or practise it.

    `ready_at` is when they may begin (None: now), `counts_at` when an attempt counts again (None: now, or never).
    """

    counts: bool
    ready_at: datetime | None = None
    counts_at: datetime | None = None


def gc(p: float, c: float) -> float:
    """The share of right answers that was known, not guessed: p right, c the chance of a blind guess."""
    return max(0.0, (p - c) / (1 - c))


def wilson(right: int, count: int, z: float = 1.96) -> tuple[float, float]:
    """The range in which the true share lies, given `right` of `count`; nothing is known of none."""
    if count == 0:
        return 0.0, 1.0
    share, square = right / count, z * z
    middle = share + square / (2 * count)
    spread = z * sqrt(share * (1 - share) / count + square / (4 * count * count))
    scale = 1 + square / count
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def rapid_threshold(median_seconds: float | None, responses: int, policy: Policy = DEFAULT) -> float:
    """The seconds under which an answer to this item is too quick to have been read."""
    if median_seconds is None or responses < policy.rapid_known_after:
        return policy.rapid_unknown
    return min(policy.rapid_most, max(policy.rapid_least, policy.rapid_share * median_seconds))


def is_rapid(seconds: float, median_seconds: float | None, responses: int, policy: Policy = DEFAULT) -> bool:
    """Whether an answer came too quickly to count."""
    return seconds < rapid_threshold(median_seconds, responses, policy)


def pass_mark(questions: int, percent: int = DEFAULT.pass_percent) -> int:
    """How many questions of a quiz must be right to pass it."""
    return -(-questions * percent // 100)


def is_passed(marks: Sequence[float], needed: int) -> bool:
    """Whether the marks of all questions that count, partial ones included, reach what is needed."""
    return bool(marks) and round(sum(marks), 9) >= needed


def chance_of_passing(guess_chances: Iterable[float], percent: int = DEFAULT.pass_percent) -> float:
    """The chance that blind guessing passes a quiz whose questions have these chances."""
    by_right = [1.0]
    for chance in guess_chances:
        missed = [share * (1 - chance) for share in by_right] + [0.0]
        hit = [0.0] + [share * chance for share in by_right]
        by_right = [a + b for a, b in zip(missed, hit, strict=True)]
    return sum(by_right[pass_mark(len(by_right) - 1, percent) :])


def next_attempt_at(finished: Sequence[datetime], policy: Policy = DEFAULT) -> datetime | None:
    """When the next attempt may begin, given when earlier ones ended; None means at once."""
    return max(finished) + policy.cooldown if finished else None


def may_attempt(finished: Sequence[datetime], now: datetime, policy: Policy = DEFAULT) -> bool:
    """Whether a new attempt may begin now. Retakes to learn are unlimited once the pause is over."""
    after = next_attempt_at(finished, policy)
    return after is None or now >= after


def is_scored(scored: Sequence[datetime], now: datetime, policy: Policy = DEFAULT) -> bool:
    """Whether an attempt that begins now counts, given when the scored ones began; otherwise it is practice."""
    return attempts_left(Mode.LEARN, scored, now, policy) > 0


def next_scored_at(scored: Sequence[datetime], policy: Policy = DEFAULT) -> datetime | None:
    """When an attempt counts again, given when the scored ones began; None means at once."""
    if len(scored) < policy.scored_attempts:
        return None
    return sorted(scored)[-policy.scored_attempts] + policy.scored_within


def attempts_left(mode: Mode, scored: Sequence[datetime], now: datetime, policy: Policy = DEFAULT) -> int:
    """How many attempts still count for now, one that is about to begin included."""
    if mode is Mode.EXAM:
        return max(0, policy.exam_attempts - len(scored))
    recent = [start for start in scored if now - start < policy.scored_within]
    return max(0, policy.scored_attempts - len(recent))


def is_last(scored: Sequence[datetime], mode: Mode, policy: Policy = DEFAULT) -> bool:
    """Whether the newest of these scored attempts was the last for now: of an exam in all, else of a day."""
    if mode is Mode.EXAM:
        return len(scored) >= policy.exam_attempts
    return bool(scored) and not is_scored(scored, max(scored), policy)


def turn(
    mode: Mode,
    scored: Sequence[datetime],
    finished: Sequence[datetime],
    now: datetime,
    *,
    has_passed: bool,
    policy: Policy = DEFAULT,
) -> Turn:
    """What a person may do with a quiz now, given when its scored attempts began and when all its attempts ended."""
    ready_at = None if may_attempt(finished, now, policy) else next_attempt_at(finished, policy)
    if has_passed or (mode is Mode.EXAM and is_last(scored, mode, policy)):
        return Turn(False, ready_at)
    if is_scored(scored, now, policy):
        return Turn(True, ready_at)
    return Turn(False, ready_at, next_scored_at(scored, policy))


def shows_keys(
    mode: Mode, lasts: Sequence[datetime], started_at: datetime, *, has_passed: bool, is_under_way: bool
) -> bool:
    """Whether the right answers of an attempt may be seen: while learning at once, else after a pass or the last.

    `lasts`: when those attempts began that were the last for then, by the numbers of then.
    """
    if mode is Mode.LEARN:
        return True
    return not is_under_way and (has_passed or any(start >= started_at for start in lasts))


def is_over(due_at: datetime | None, now: datetime, policy: Policy = DEFAULT) -> bool:
    """Whether the time of an attempt is over, a moment for the way of the last answer included."""
    return due_at is not None and now > due_at + policy.late
