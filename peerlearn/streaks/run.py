"""How a streak grows, rests, ends and is mended, one workday after the other. It brings no points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from peerlearn.accounts.rules import Calendar
from peerlearn.core.likewise import but


@dataclass(frozen=True)
class Policy:
    """Numbers an organisation may change."""

    due_reviews: int = 3  # so many due questions make a day active
    offline_hours: int = 48  # how old something may be that was done without a network
    weekly_goal_share: float = 0.6
    freezes_at_first: int = 1
    days_for_a_freeze: int = 10
    freezes_held: int = 2
    extra_freeze_days: int = 7  # a new streak has one more freeze in its first days; 0: none
    repair_workdays: int = 2
    repair_pause_days: int = 30
    goals_told: int = 4  # so many weekly goals are news; the tiers of their badge are multiples of it


POLICY = Policy()


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True)
class Run:
    """How a person stands at some moment: their streak, and the week in which they were active last.

    All days up to `through` are counted. While a streak is broken its length is 0, and what it was is remembered.
    """

    length: int = 0
    best: int = 0
    freezes: int = POLICY.freezes_at_first
    since: date | None = None  # the first day of this streak
    extra_used: bool = False  # the extra freeze of its first days
    through: date | None = None
    froze_on: date | None = None  # the missed day that a freeze covered last
    broke_on: date | None = None  # the missed day that ended the streak
    lost: int = 0  # its length then
    lost_since: date | None = None
    waited: int = 0  # workdays since it broke
    mended_on: date | None = None
    week: date | None = None
    week_days: int = 0  # active days of that week
    is_met: bool = False  # the goal of that week
    days: int = 0  # active days ever
    goals: int = 0  # weekly goals met ever

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Run:
        """From the form in which it is kept."""
        values: dict[str, Any] = dict(kept)
        return cls(**values | {name: date.fromisoformat(kept[name]) for name in _DATES & kept.keys()})

    def kept(self) -> dict[str, Any]:
        """The form in which it is kept: what differs from a beginning, with dates as ISO writes them."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in vars(self).items()
            if value != getattr(BEGINNING, name)
        }

    def active_in(self, week: date) -> int:
        """The active days of a week."""
        return self.week_days if self.week == week else 0


_DATES = frozenset({"since", "through", "froze_on", "broke_on", "lost_since", "mended_on", "week"})
BEGINNING = Run()


def missed(run: Run, day: date, policy: Policy = POLICY) -> Run:
    """After a workday on which nothing was done: a freeze covers it, the extra one first, or the streak ends."""
    run = but(run, waited=run.waited + 1)
    if not run.length:
        return run
    if run.since and (day - run.since).days < policy.extra_freeze_days and not run.extra_used:
        return but(run, extra_used=True, froze_on=day)
    if run.freezes:
        return but(run, freezes=run.freezes - 1, froze_on=day)
    return but(run, length=0, broke_on=day, lost=run.length, lost_since=run.since, waited=0)


def active(run: Run, day: date, is_double: bool = False, policy: Policy = POLICY) -> Run:
    """After an active day. A double one takes up a streak that broke just before."""
    run = but(run, waited=run.waited + 1)
    if is_double and can_be_mended(run, day, policy):
        run = but(
            run, length=run.lost + 1, since=run.lost_since, freezes=0, extra_used=True, broke_on=None, mended_on=day
        )
    elif run.length:
        run = but(run, length=run.length + 1)
    else:
        run = but(run, length=1, since=day, freezes=policy.freezes_at_first, extra_used=False)
    if run.length % policy.days_for_a_freeze == 0:
        run = but(run, freezes=min(policy.freezes_held, run.freezes + 1))
    same_week = run.week == week_of(day)
    return but(
        run,
        best=max(run.best, run.length),
        through=day,
        week=week_of(day),
        week_days=run.week_days + 1 if same_week else 1,
        is_met=run.is_met and same_week,
        days=run.days + 1,
    )


def can_be_mended(run: Run, day: date, policy: Policy = POLICY) -> bool:
    """Whether a double day would mend the streak: `waited` counts the workdays since it broke, this one too."""
    rested = run.mended_on is None or (day - run.mended_on).days >= policy.repair_pause_days
    return run.broke_on is not None and run.waited <= policy.repair_workdays and rested


def begin(run: Run, day: date, calendar: Calendar, policy: Policy = POLICY) -> Run:
    """How somebody stands when a day begins, with all days before it counted."""
    through, yesterday = run.through, day - timedelta(days=1)
    if through is None or through >= yesterday:
        return run
    for number in range(1, (day - through).days):
        if not run.length and run.waited > policy.repair_workdays:
            break
        if calendar.is_workday(through + timedelta(days=number)):
            run = missed(run, through + timedelta(days=number), policy)
    return but(run, through=yesterday)
