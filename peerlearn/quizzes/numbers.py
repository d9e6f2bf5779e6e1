"""The numbers of quizzes that an organisation may set, and the rules with those that hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import lru_cache

from peerlearn.accounts import numbers
from peerlearn.accounts.numbers import Held, Number
from peerlearn.core.words import N_
from peerlearn.quizzes.rules import DEFAULT, Policy

PASS_MARK = Number(
    "pass_percent",
    N_("Pass mark, in percent"),
    DEFAULT.pass_percent,
    *DEFAULT.pass_percents,
    N_("Of the questions of a quiz whose lesson names no mark of its own."),
)
CRITICAL_MARK = Number(
    "critical_percent",
    N_("Pass mark in critical topics, in percent"),
    DEFAULT.critical_percent,
    *DEFAULT.pass_percents,
    N_("No lesson of such a topic is passed with less, whatever it names."),
    at_least="pass_percent",
)
PAUSE = Number(
    "cooldown_minutes",
    N_("Minutes between two attempts"),
    DEFAULT.cooldown // timedelta(minutes=1),
    0,
    1440,
    N_("So that what was just read settles before it is asked again."),
)
SCORED = Number(
    "scored_attempts",
    N_("Attempts in 24 hours that count"),
    DEFAULT.scored_attempts,
    1,
    DEFAULT.attempts_maximum,
    N_("Further ones are practice. A check may name its own number."),
)
RAPID = Number(
    "rapid_percent",
    N_("Too fast to have read it, in percent of the usual time"),
    round(100 * DEFAULT.rapid_share),
    5,
    30,
    N_("An answer that comes sooner changes nothing and is asked again."),
)
numbers.offer(N_("Quizzes"), PASS_MARK, CRITICAL_MARK, PAUSE, SCORED, RAPID)


def policy() -> Policy:
    """The rules of quizzes as they hold here."""
    return _policy(numbers.held())


@lru_cache(maxsize=16)
def _policy(held: Held) -> Policy:
    return replace(
        DEFAULT,
        pass_percent=held.of(PASS_MARK),
        critical_percent=held.of(CRITICAL_MARK),
        cooldown=timedelta(minutes=held.of(PAUSE)),
        scored_attempts=held.of(SCORED),
        rapid_share=held.of(RAPID) / 100,
    )
