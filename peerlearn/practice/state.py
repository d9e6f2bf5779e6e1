"""What an answer changes in a memory: pure, the same for a lesson's quiz and for a daily set."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from peerlearn.practice import memory, rules
from peerlearn.practice.memory import Recall, Trace
from peerlearn.practice.rules import POLICY, Policy


@dataclass(frozen=True, slots=True)
class State:
    """A memory as a value; the names are those of the table's columns."""

    rank: int
    weight: int
    stability: float
    difficulty: float
    answered_on: date
    interval: int
    due_on: date
    reviews: int = 0
    passes: int = 0
    lapses: int = 0
    tiers: int = 0
    is_proven: bool = False
    is_missed: bool = False
    before_stability: float | None = None
    before_answered_on: date | None = None

    @property
    def planned(self) -> int:
        """For how many days it was put off."""
        return rules.planned_days(self.interval, self.answered_on, self.due_on)


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as memory sees it. `in_quiz`: in a lesson's quiz, where what is missed is remembered as missed."""

    day: date
    is_right: bool
    confidence: str | None
    was_due: bool = False
    is_quick: bool = False
    in_quiz: bool = False
    hinted: bool = False  # a hint was opened before it


@dataclass(frozen=True, slots=True)
class Importance:
    """How surely an item must be remembered: its topic's importance, and whether its author marked it critical."""

    topic: str = "ordinary"
    is_marked: bool = False

    @property
    def is_critical(self) -> bool:
        """Whether it goes before others."""
        return self.is_marked or self.topic == "critical"


@dataclass(frozen=True, slots=True)
class Learned:
    """What became of a memory, and how the answer was rated."""

    state: State
    recall: Recall


def after(old: State | None, given: Given, importance: Importance, policy: Policy = POLICY) -> Learned:
    """The memory after an answer. The caller sees to it that a local day brings one answer at most."""
    passes = old.passes if old else 0
    recall = rules.recall_of(
        given.is_right,
        given.confidence,
        was_due=given.was_due,
        is_quick=given.is_quick,
        passes=passes,
        hinted=given.hinted,
        policy=policy,
    )
    retention = rules.retention_of(importance.topic, policy)
    before_stability, before_answered_on = _before(old, given.day)
    if old is None:
        trace = memory.begin(recall, given.day, retention)
        old = _fresh(trace, importance, policy)
        days_since = 0
    else:
        known = Trace(old.stability, old.difficulty, old.answered_on, old.interval)
        trace = memory.go_on(known, recall, given.day, retention)
        days_since = (given.day - old.answered_on).days
    lapses = old.lapses + (given.was_due and not given.is_right)
    return Learned(
        replace(
            old,
            rank=rules.rank_of(importance.is_critical, lapses, policy),
            weight=rules.weight_of(importance.is_marked, policy),
            stability=trace.stability,
            difficulty=trace.difficulty,
            answered_on=given.day,
            interval=trace.interval,
            due_on=given.day + timedelta(days=trace.interval),
            reviews=old.reviews + given.was_due,
            passes=passes + given.is_right,
            lapses=lapses,
            tiers=old.tiers | _tier_bit(old.planned, policy) if given.was_due and given.is_right else old.tiers,
            is_proven=old.is_proven or rules.proves(given.is_right, days_since, hinted=given.hinted, policy=policy),
            is_missed=_is_missed(old, given),
            before_stability=before_stability,
            before_answered_on=before_answered_on,
        ),
        recall,
    )


def tier_repeated(old: State, policy: Policy = POLICY) -> bool:
    """Whether a due answer in this interval's tier was right before."""
    return bool(old.tiers & _tier_bit(old.planned, policy))


def recalls_missed(old: State | None, given: Given) -> bool:
    """Whether this is the first due answer to an item since it was missed in an attempt, and right now."""
    return old is not None and old.is_missed and given.was_due and given.is_right


def _fresh(trace: Trace, importance: Importance, policy: Policy) -> State:
    return State(
        rank=rules.rank_of(importance.is_critical, policy=policy),
        weight=rules.weight_of(importance.is_marked, policy),
        stability=trace.stability,
        difficulty=trace.difficulty,
        answered_on=trace.day,
        interval=trace.interval,
        due_on=trace.day,
    )


def _before(old: State | None, day: date) -> tuple[float | None, date | None]:
    """How a memory was when the week of a day began: as it is before that week's first answer."""
    if old is None:
        return None, None
    if old.answered_on < day - timedelta(days=day.weekday()):
        return old.stability, old.answered_on
    return old.before_stability, old.before_answered_on


def _is_missed(old: State, given: Given) -> bool:
    """Missed in an attempt, until its first due answer."""
    if given.was_due:
        return False
    return old.is_missed or (given.in_quiz and not given.is_right)


def _tier_bit(planned: int, policy: Policy) -> int:
    return 1 << (rules.tier_of(planned, policy) - 1)
