"""The law of curators who are idle: when their role lapses, and when not. Nothing here asks the database.

A role lapses where somebody had something to do in a topic and did nothing for long, and others do. It never lapses
without a word before, and never where that would leave a topic to nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

Span = tuple[date, date]  # the first and the last day


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers of idle curators."""

    days: int = 90  # without an act as curator, days off left out
    notice: int = 14  # days before, of which they are told


POLICY = Policy()


class Step(StrEnum):
    """What is to be done about somebody who is quiet."""

    NOTHING = "nothing"
    TELL = "tell"
    LAPSE = "lapse"


@dataclass(frozen=True, slots=True)
class Quiet:
    """What is known of a curator in a topic."""

    since: date  # the day of their last act there, or of their appointment
    days_off: tuple[Span, ...] = ()
    others: int = 0  # curators of the same topic who are here and not idle
    had_work: bool = False  # something came within these days that they could have done
    told_on: date | None = None  # when they were told of this very spell


def idle_days(since: date, today: date, days_off: Iterable[Span] = ()) -> int:
    """How many days somebody did nothing, those on which they were away left out."""
    away = {
        first + timedelta(days=number)
        for first, last in ((max(first, since + timedelta(days=1)), min(last, today)) for first, last in days_off)
        for number in range((last - first).days + 1)
    }
    return max((today - since).days - len(away), 0)


def is_away(today: date, days_off: Iterable[Span]) -> bool:
    """Whether somebody has a day off today."""
    return any(first <= today <= last for first, last in days_off)


def is_idle(since: date, today: date, days_off: Iterable[Span] = (), policy: Policy = POLICY) -> bool:
    """Whether somebody did nothing for as long as a role may rest."""
    return idle_days(since, today, days_off) >= policy.days


def is_quiet(since: date, today: date, days_off: Iterable[Span] = (), policy: Policy = POLICY) -> bool:
    """Whether it is time to look what is to be done about somebody."""
    return idle_days(since, today, days_off) >= policy.days - policy.notice and not is_away(today, days_off)


def step(quiet: Quiet, today: date, policy: Policy = POLICY) -> Step:
    """What is to be done about a curator today."""
    if not (is_quiet(quiet.since, today, quiet.days_off, policy) and quiet.had_work and quiet.others):
        return Step.NOTHING
    if quiet.told_on is None:
        return Step.TELL
    was_told = (today - quiet.told_on).days >= policy.notice
    return Step.LAPSE if was_told and is_idle(quiet.since, today, quiet.days_off, policy) else Step.NOTHING


def ends_on(quiet: Quiet, today: date, policy: Policy = POLICY) -> date:
    """The day on which the role of somebody lapses who is told today, if nothing changes."""
    left = policy.days - idle_days(quiet.since, today, quiet.days_off)
    return today + timedelta(days=max(left, policy.notice))
