"""The numbers of practice that an organisation may set, and the rules with those that hold."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from peerlearn.accounts import numbers
from peerlearn.accounts.numbers import Held, Number
from peerlearn.core.words import N_
from peerlearn.practice.rules import POLICY, Policy, retention_of

SIZE = Number(
    "daily_questions",
    N_("Questions of a day"),
    POLICY.size,
    POLICY.least_size,
    POLICY.most_size,
    N_("For people who have not chosen for themselves."),
)
OPTIONAL = Number(
    "retention_optional",
    N_("Recall at which it comes back: nice to know, in percent"),
    round(100 * retention_of("optional")),
    70,
    95,
    N_("A question is due when so many in a hundred would recall it."),
)
ORDINARY = Number(
    "retention_ordinary",
    N_("Recall at which it comes back: ordinary topics, in percent"),
    round(100 * retention_of("ordinary")),
    75,
    96,
    N_("Higher means more questions a day: 95 asks more than twice as often as 90."),
    at_least="retention_optional",
)
CRITICAL = Number(
    "retention_critical",
    N_("Recall at which it comes back: critical topics, in percent"),
    round(100 * retention_of("critical")),
    80,
    97,
    N_("What must be known surely."),
    at_least="retention_ordinary",
)
BACKLOG = Number(
    "backlog_warned",
    N_("Due questions that are a heap"),
    POLICY.backlog_warned,
    5,
    100,
    N_("With more than these left over, people hear that they add faster than they keep."),
)
numbers.offer(N_("Practice"), SIZE, OPTIONAL, ORDINARY, CRITICAL, BACKLOG)


def policy() -> Policy:
    """The rules of practice as they hold here."""
    return _policy(numbers.held())


@lru_cache(maxsize=16)
def _policy(held: Held) -> Policy:
    shares = (("critical", CRITICAL), ("ordinary", ORDINARY), ("optional", OPTIONAL))
    return replace(
        POLICY,
        size=held.of(SIZE),
        retention=tuple((importance, held.of(number) / 100) for importance, number in shares),
        backlog_warned=held.of(BACKLOG),
    )
