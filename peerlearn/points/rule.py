"""What a rule of points is made of, and what the engine knows when it applies one. The rules stand in `rules.py`."""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from functools import lru_cache
from math import floor
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from peerlearn.accounts.rules import Calendar
from peerlearn.core.events import Event, Recorded
from peerlearn.core.words import N_

XP, IP = "xp", "ip"
DAY, WEEK = "day", "week"
LATER = "later"  # why an entry pays nothing yet: it follows when what was missed is recalled
HINTED = N_("You opened a hint before you answered. A hint halves what its question is worth.")
EPSILON = 1e-9  # shares and products are floats: 0.6 × 5 must not become 4 days


@dataclass(frozen=True)
class Policy:
    """The numbers of the rules. Sentences name them, so that what is shown is what is done.

    What an organisation may change of them stands in `numbers.py`; each change is a version.
    """

    version: int = 0  # 0 is what ships
    lesson_passed: int = 10
    second_attempt: int = 5
    third_attempt: int = 2
    lessons_per_day: int = 3
    hint_share: float = 0.5  # of what a question is worth, once a hint to it was opened
    pretest: int = 2
    recalled: tuple[int, ...] = (2, 4, 6, 8)  # by the tier of the interval: under 7 days, 7-20, 21-59, 60 and more
    recalled_again: tuple[int, ...] = (1, 1, 1, 4)
    again_days: int = 7
    recalls_per_day: int = 10
    daily_set: int = 5
    sets_per_day: int = 1
    topic_held: int = 50
    weekly_goal: int = 10
    lesson_approved: int = 20
    approved_per_week: int = 2
    lesson_words: int = 150  # a lesson with fewer …
    lesson_questions: int = 5  # … and with fewer of these brings nothing for being published
    retention_learners: int = 3  # who must have been asked again
    retention_gap: int = 7  # days since the answer before
    retention_days: int = 90  # after passing
    retention_step: int = 50  # for each doubling of impact and the unit together
    retention_unit: float = 5.0
    baseline_answers: int = 8  # what is taken to be known before reading, until enough people were asked …
    baseline_right: float = 0.40
    report_weight: float = 0.5  # of somebody whose team an author leads
    similarity_limit: float = 0.85
    copied_limit: float = 0.5  # of a lesson's text, that stands in one lesson by others
    suggestion_accepted: int = 4
    suggestions_per_day: int = 5
    pair_factors: tuple[float, ...] = (1, 0.5, 0.25)  # of the first, second, third deed between the same two people …
    pair_days: int = 30  # … within these days; later ones pay nothing
    report_upheld: int = 3
    reports_per_day: int = 5
    declined_limit: int = 3
    declined_days: int = 30
    review_done: int = 6
    reviews_per_day: int = 5
    rating_agreed: int = 3
    agreed_within: float = 0.5  # of the final rating
    check_in_time: int = 3
    checks_per_day: int = 5
    burst_events: int = 20
    burst_minutes: int = 10
    impossible_limit: int = 5


@dataclass(frozen=True)
class Line:
    """One line of a person's account as the engine sees it: an entry of the ledger, or points that are held."""

    rule: str
    source: str
    at: datetime
    day: date
    amount: int
    is_workday: bool = True
    entry_no: int = 1
    is_reversal: bool = False
    is_held: bool = False
    was_capped: bool = False
    is_later: bool = False  # pays later, when a missed question is recalled
    full: int = 0  # what a cap kept from being paid
    id: int = 0


@dataclass(frozen=True)
class Account:
    """A person as the engine sees them: where their days begin, which of them are workdays, and their recent lines."""

    person_id: int
    zone: ZoneInfo
    calendar: Calendar = field(default_factory=Calendar)
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Pay:
    """What a deed is worth to all who share in it, with the reason when that is less than the rule's full amount."""

    amount: int
    reason: str = ""
    why: str = ""  # a mark by which later decisions know the entry


@dataclass(frozen=True)
class Case:
    """One deed, one person it concerns, and that person's account at that moment."""

    record: Recorded
    person_id: int
    lines: tuple[Line, ...]
    policy: Policy
    is_workday: bool = True


@dataclass(frozen=True)
class Condition:
    """Something that must hold for points to be paid: the demand as people read it, and the reason when it fails."""

    demand: str
    reason: str
    holds: Callable[[Case], bool]


@dataclass(frozen=True)
class Cap:
    """At most so many paid deeds of one rule in a person's day or week."""

    limit: str  # the name of the policy's number
    span: str
    demand: str
    reason: str


Shares = tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Rule:
    """One way to earn. `source` names what was done: one source pays a person once, for ever."""

    slug: str
    version: int
    track: str
    event: type[Event]
    title: str
    sentence: str  # in the rule book
    receipt: str  # on a receipt; may name the %(lesson)s
    who: Callable[[Recorded], Shares]
    source: Callable[[Event], str]
    pay: Callable[[Event, Policy], Pay]
    conditions: tuple[Condition, ...] = ()
    cap: Cap | None = None
    looks_at: tuple[str, ...] = ()  # rules whose line for the same source its conditions ask for, however old it is
    demands: tuple[str, ...] = ()  # what was asked of the evidence before the event was announced
    is_posted: bool = False  # by the house, at a time of its own: nobody did these deeds one after the other

    @property
    def demands_told(self) -> tuple[str, ...]:
        """All that is asked, as the rule book tells it."""
        return (*self.demands, *(condition.demand for condition in self.conditions))


def actor(record: Recorded) -> Shares:
    """Who earns: whoever did it."""
    return ((record.actor_id, 1.0),) if record.actor_id is not None else ()


def whole(name: str) -> Callable[[Event, Policy], Pay]:
    """What it pays: one of the policy's numbers."""
    return lambda event, policy: Pay(getattr(policy, name))


def hinted(pay: Pay, event: Event, policy: Policy) -> Pay:
    """What is left of a pay when hints were opened: to so many of its questions, or to the one it is about."""
    opened, of = int(getattr(event, "hinted", 0)), int(getattr(event, "asked", 1)) or 1
    if not (opened and pay.amount):
        return pay
    share = 1 - (1 - policy.hint_share) * opened / of
    return Pay(floor(pay.amount * share + EPSILON), HINTED)


def flag(name: str, wanted: bool) -> Callable[[Case], bool]:
    """What must hold: a flag of the event."""
    return lambda case: getattr(case.record.event, name) is wanted


@lru_cache(maxsize=64)  # a policy holds for months, and each entry asks
def numbers_of(policy: Policy) -> Mapping[str, Any]:
    """The numbers of a policy as sentences name them: of several, the first is `name_1`."""
    numbers = {one.name: getattr(policy, one.name) for one in fields(policy)}
    for name, several in [(name, value) for name, value in numbers.items() if isinstance(value, tuple)]:
        numbers |= {f"{name}_{place}": value for place, value in enumerate(several, 1)}
    return MappingProxyType(numbers)


def values_of(text: str, policy: Policy, event: Event | None = None) -> dict[str, Any]:
    """The numbers of the policy, and of an event, that a sentence names."""
    known = ChainMap(numbers_of(policy), vars(event) if event else {})  # type: ignore[arg-type]  # only read
    return {name: known[name] for name in _named_in(text) if name in known}


@lru_cache(maxsize=256)
def _named_in(text: str) -> tuple[str, ...]:
    """What a sentence names: there are as many as rules have reasons."""
    return tuple(re.findall(r"%\((\w+)\)", text))


def split(amount: int, shares: Shares) -> tuple[tuple[int, int], ...]:
    """Divide points by shares: each share rounded down, what remains goes to the first."""
    parts = [(person, floor(amount * share + EPSILON)) for person, share in shares]
    if not parts:
        return ()
    rest = amount - sum(part for _, part in parts)
    return ((parts[0][0], parts[0][1] + rest), *parts[1:])
