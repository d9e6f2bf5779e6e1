"""The memory model: FSRS, through the `fsrs` package, with whole local days as its time (ENGINE E19).

Days are counted between local dates, not between moments: so an answer early on Tuesday comes a day after one late on
Monday, whatever the clocks did in the night between. The model gets noon of each date.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import IntEnum
from functools import lru_cache

from fsrs import Card, Rating, Scheduler
from fsrs.scheduler import DEFAULT_PARAMETERS

Parameters = tuple[float, ...]

LONGEST = 365  # days that an item is put off at most


@dataclass(frozen=True, slots=True)
class Model:
    """The parameters of the model, and the curve of forgetting that follows from the last of them."""

    parameters: Parameters = DEFAULT_PARAMETERS

    @property
    def curve(self) -> tuple[float, float]:
        """Decay and factor: after t days at stability S something is recalled with (1 + factor x t / S) ^ decay."""
        decay = -self.parameters[-1]
        return decay, 0.9 ** (1 / decay) - 1


_used = [Model()]


def use(parameters: Parameters = ()) -> None:
    """Work with these parameters from now on, without any with the package's own; ValueError when it takes none such.

    They are an operator's setting, found by `peerlearn practice fit`; one process has one.
    """
    model = Model(parameters or DEFAULT_PARAMETERS)
    scheduler(0.9, model.parameters)  # refuses what is out of bounds
    _used[0] = model


def used() -> Model:
    """The model that is worked with."""
    return _used[0]


class Recall(IntEnum):
    """How well an answer shows that something is remembered; the numbers are the model's ratings."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


@dataclass(frozen=True, slots=True)
class Trace:
    """What one answer left behind: stability in days, difficulty from 1 to 10, and the days until it is due."""

    stability: float
    difficulty: float
    day: date
    interval: int


def begin(recall: Recall, day: date, retention: float) -> Trace:
    """The trace of a first answer."""
    return _after(Card(card_id=1), recall, day, retention)


def go_on(trace: Trace, recall: Recall, day: date, retention: float) -> Trace:
    """The trace after a further answer, on a later day."""
    card = Card(card_id=1)
    card.stability, card.difficulty = trace.stability, trace.difficulty
    card.last_review = _noon(trace.day)
    return _after(card, recall, day, retention)


def _after(card: Card, recall: Recall, day: date, retention: float) -> Trace:
    moment = _noon(day)
    after, _log = scheduler(retention).review_card(card, Rating(recall), moment)
    assert after.stability is not None
    assert after.difficulty is not None
    return Trace(after.stability, after.difficulty, day, (after.due - moment).days)


def scheduler(retention: float, parameters: Parameters = ()) -> Scheduler:
    """The model with the house's settings: no steps within a day, no chance, at most a year."""
    return _scheduler(retention, parameters or used().parameters)


@lru_cache(maxsize=64)
def _scheduler(retention: float, parameters: Parameters) -> Scheduler:
    return Scheduler(
        parameters=parameters,
        desired_retention=retention,
        learning_steps=(),
        relearning_steps=(),
        maximum_interval=LONGEST,
        enable_fuzzing=False,
    )


def retrievability(stability: float, days: float) -> float:
    """The chance that something of this stability is recalled so many days after its newest answer."""
    decay, factor = used().curve
    return float((1 + factor * max(0.0, days) / stability) ** decay)


def recalled(traces: Iterable[tuple[float, int]], days: int) -> float:
    """How many of these are recalled so many days from now; each is a stability and the days since its newest answer.

    The sum of `retrievability`, written out: whoever has learned for years looks at thousands.
    """
    decay, factor = used().curve
    chances: list[float] = [(1 + factor * max(0, age + days) / stability) ** decay for stability, age in traces]
    return sum(chances)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
