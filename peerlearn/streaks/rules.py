"""The law of active days: when a day counts, what the weekly goal asks, and how somebody stands with their streak.

Everything follows from a person's days in their order and from their calendar. What nobody did is worked out when
somebody looks: no clock has to strike for a freeze to be used. A streak brings no points.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil

from peerlearn.accounts.rules import Calendar, Span
from peerlearn.core.likewise import but
from peerlearn.streaks.run import BEGINNING, POLICY, Policy, Run, active, begin, can_be_mended, week_of

EPSILON = 1e-9  # the share is a float: 0.6 × 5 must not become 4 days


# What makes a day active


@dataclass(frozen=True)
class Deeds:
    """What a person did on a day, as far as it matters: more of the same changes nothing and is not counted."""

    sets: int = 0  # the day's own set
    extra_sets: int = 0
    lessons: int = 0
    reviews: int = 0  # of lessons, as a curator
    due_reviews: int = 0

    @property
    def is_enough(self) -> bool:
        """Whether they make a workday active."""
        return bool(self.sets or self.lessons or self.reviews or self.due_reviews >= POLICY.due_reviews)

    @property
    def is_double(self) -> bool:
        """Whether they mend a streak: two sets, or a set and a lesson."""
        return self.sets + self.extra_sets >= 2 or bool(self.sets and self.lessons)

    def plus(self, more: Deeds) -> Deeds:
        """With something else that was done on the same day."""
        if self.is_double:
            return self
        single = Deeds(
            min(1, self.sets + more.sets),
            min(1, self.extra_sets + more.extra_sets),
            min(1, self.lessons + more.lessons),
            self.reviews,
            self.due_reviews,
        )
        if self.is_enough:
            return single
        return but(
            single,
            reviews=min(1, more.reviews),
            due_reviews=min(POLICY.due_reviews, self.due_reviews + more.due_reviews),
        )


NOTHING = Deeds()


def is_in_time(at: datetime, now: datetime, policy: Policy = POLICY) -> bool:
    """Whether something that was done without a network came in early enough to count on its own day."""
    return now - at <= timedelta(hours=policy.offline_hours)


# The weekly goal


def needed_days(available: int, policy: Policy = POLICY) -> int:
    """How many active days meet the weekly goal of a week with so many workdays; 0: a week without a goal."""
    return ceil(policy.weekly_goal_share * available - EPSILON)


@dataclass(frozen=True)
class WeeklyGoal:
    """A person's week: the days on which they were active, and how many it takes."""

    active: int
    needed: int

    @property
    def is_met(self) -> bool:
        """Whether the goal is reached; a week without workdays has none."""
        return 0 < self.needed <= self.active


def weekly_goal(active: int, week: date, calendar: Calendar) -> WeeklyGoal:
    """The goal of the week that begins on this Monday."""
    return WeeklyGoal(active, needed_days(len(calendar.workdays(week, week + timedelta(days=6)))))


# A person's days

DaysOff = tuple[Span, ...]


@dataclass(frozen=True)
class Day:
    """A day on which a person did something, and how they stood when it began.

    The pattern of their work and whether it was a workday are written down with it, so that a pattern that changes
    later changes no day that was. Days off are not: one that is told of later explains what was missed.
    """

    day: date
    work_days: str
    is_workday: bool
    deeds: Deeds
    before: Run = BEGINNING
    meets_goal: bool = False  # the weekly goal was reached on this day
    saves: int = 0  # how often it was written; 0 for a new one

    @property
    def counts(self) -> bool:
        """Whether it is an active day."""
        return self.is_workday and self.deeds.is_enough


def after(found: Day, policy: Policy = POLICY) -> Run:
    """How somebody stands after a day. One that may still become active leaves things open until it is over."""
    if not found.counts:
        return found.before
    run = active(found.before, found.day, found.deeds.is_double, policy)
    return but(run, is_met=run.is_met or found.meets_goal, goals=run.goals + found.meets_goal)


def judged(found: Day, days_off: DaysOff, policy: Policy = POLICY) -> Day:
    """The day, with the weekly goal where it is what reaches it."""
    run = after(found, policy)
    if not found.counts or run.is_met:
        return found
    goal = weekly_goal(run.week_days, week_of(found.day), Calendar(found.work_days, days_off))
    return but(found, meets_goal=goal.is_met)


def retold(days: Iterable[Day], days_off: DaysOff, policy: Policy = POLICY) -> list[Day]:
    """These days told again in their order: the first as it began, each other as the one before left things."""
    told: list[Day] = []
    for found in days:
        if told:
            calendar = Calendar(found.work_days, days_off)
            found = but(found, before=begin(after(told[-1], policy), found.day, calendar, policy))
        told.append(judged(found, days_off, policy))
    return told


def with_deeds(days: Iterable[Day], done: Mapping[date, Deeds], calendar: Calendar) -> list[Day]:
    """These days and what was done besides, in order; a new first day begins as nothing was before it."""
    found = {known.day: known for known in days}
    for day, deeds in done.items():
        known = found.get(day) or Day(day, calendar.work_days, calendar.is_workday(day), NOTHING)
        found[day] = but(known, deeds=known.deeds.plus(deeds))
    return [found[day] for day in sorted(found)]


def changed(old: Iterable[Day], new: Iterable[Day]) -> list[Day]:
    """The days that are not as they were."""
    known = {found.day: found for found in old}
    return [found for found in new if known.get(found.day) != found]


# How somebody stands today


@dataclass(frozen=True)
class Standing:
    """What a person sees of their days: the weekly goal first, and small below it the streak."""

    run: Run
    goal: WeeklyGoal
    today: date
    is_done_today: bool
    mend_until: date | None = None  # the last day on which a double day mends what broke

    @property
    def freezes(self) -> int:
        """How many missed workdays would do no harm now."""
        run = self.run
        has_extra = run.since and not run.extra_used and (self.today - run.since).days < POLICY.extra_freeze_days
        return (run.freezes + bool(has_extra)) if run.length else 0

    @property
    def covered(self) -> date | None:
        """A missed day that a freeze covered just now."""
        froze_on = self.run.froze_on
        is_fresh = froze_on and self.run.length and (self.today - froze_on).days <= 7
        return froze_on if is_fresh else None


def standing(latest: Day | None, today: date, calendar: Calendar) -> Standing:
    """How somebody stands today, from the last day on which they did something."""
    run = BEGINNING if latest is None else after(latest)
    is_done = latest is not None and latest.day == today and latest.counts
    if latest is not None and latest.day < today:
        run = begin(run, today, calendar)
    goal = weekly_goal(run.active_in(week_of(today)), week_of(today), calendar)
    return Standing(run, goal, today, is_done, _mend_until(latest, today, calendar))


def _mend_until(latest: Day | None, today: date, calendar: Calendar) -> date | None:
    """The last day on which a double day would mend the streak; today may still become one."""
    if latest is None or (latest.day == today and latest.deeds.is_double):
        return None
    morning = latest.before if latest.day >= today else begin(after(latest), today, calendar)
    left = POLICY.repair_workdays - morning.waited
    if morning.broke_on is None or left <= 0:
        return None
    coming = calendar.workdays(today, today + timedelta(days=366))[:left]
    able = [
        day
        for number, day in enumerate(coming, start=1)
        if can_be_mended(but(morning, waited=morning.waited + number), day)
    ]
    return able[-1] if able else None
