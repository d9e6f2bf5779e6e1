"""The law of points: what pays whom how much, when not, and why. "How points work" is drawn from these values.

XP pay for learning, Impact (IP) for teaching and curating. Nothing is ever taken away for a wrong answer; what a cap or
a condition keeps from paying is an entry of 0 that says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import isqrt

from peerlearn.core.events import Event
from peerlearn.core.words import N_
from peerlearn.points.curating import CURATING
from peerlearn.points.learning import LEARNING
from peerlearn.points.rule import IP, XP, Policy, Rule
from peerlearn.points.teaching import TEACHING

TRACK_TITLES = {XP: N_("XP"), IP: N_("Impact")}
POLICY = Policy()
CAPPED, HELD_BURST = "cap", "burst"
BURST_REASON = N_(
    "Many points in a few minutes are looked at by a person first. You will hear within five workdays; nothing is lost."
)

RULES: tuple[Rule, ...] = (*LEARNING, *TEACHING, *CURATING)
BY_SLUG: Mapping[str, Rule] = {rule.slug: rule for rule in RULES}
POSTED = frozenset(rule.slug for rule in RULES if rule.is_posted)
EVENTS: tuple[type[Event], ...] = tuple(dict.fromkeys(rule.event for rule in RULES))

# rules whose lines are needed for longer
REMEMBERED: Mapping[str, int] = {"T5-declined": 2 * POLICY.declined_days, "L2": POLICY.again_days}

RULE_BOOK_NOTES = (
    N_("Signing in, reading, liking, commenting and time spent pay nothing. A wrong answer never costs anything."),
    N_(
        "A hint that you open before you answer halves what its question is worth; a second one costs nothing more. "
        "A lesson’s points are divided equally among its questions. Parts of a point are left out."
    ),
    N_("Whatever you did, it pays once. A correction is a new line with its reason. No line is changed or removed."),
    N_(
        "Many points within a few minutes are held until a person outside your team has looked. "
        "You see them as pending, and why."
    ),
    N_(
        "Where somebody decided that points of yours do not count, you can appeal once, within 30 days. "
        "Somebody else looks again, and you read why."
    ),
    N_("Points say nothing about you to your manager. Boards show only people who chose to be shown."),
)


# Levels


def threshold(level: int) -> int:
    """The points at which a level begins."""
    return 50 * level * (level - 1)


def level(points: int) -> int:
    """The level that so many points make: the last whose threshold they reach."""
    return (1 + isqrt(1 + 4 * (max(0, points) // 50))) // 2


SUGGESTS_FREELY = 2  # the Guide level from which on any number of one's suggestions may wait
PRIVILEGES: Mapping[int, str] = {
    SUGGESTS_FREELY: N_("Any number of your suggestions may wait for an answer."),
}
"""What a Guide level lets one do (ENGINE E7). It is never lost by waiting."""


@dataclass(frozen=True)
class Standing:
    """A level with the way to the next one."""

    level: int
    points: int
    start: int
    next: int

    @property
    def percent(self) -> int:
        """How far from this level to the next, 0 to 99."""
        return 100 * (self.points - self.start) // (self.next - self.start)


def standing(points: int) -> Standing:
    """The level of so many points and the way to the next."""
    points = max(0, points)
    reached = level(points)
    return Standing(reached, points, threshold(reached), threshold(reached + 1))


# Days, weeks, seasons

FIRST_SEASON = date(2025, 1, 6)  # a Monday
SEASON_WEEKS = 13
RANKED_WEEKS = 12  # the thirteenth is for resting


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def season_of(day: date) -> date:
    """The first Monday of the season of a day."""
    weeks = (week_of(day) - FIRST_SEASON).days // 7
    return FIRST_SEASON + timedelta(weeks=weeks // SEASON_WEEKS * SEASON_WEEKS)


def season_number(day: date) -> int:
    """The number of a day's season, from 1."""
    return (season_of(day) - FIRST_SEASON).days // (7 * SEASON_WEEKS) + 1


def week_key(monday: date) -> str:
    """The period of a week in the sums."""
    return f"w:{monday.isoformat()}"


def season_key(monday: date) -> str:
    """The period of a season in the sums."""
    return f"s:{monday.isoformat()}"


def periods_of(day: date) -> tuple[str, str, str]:
    """The sums that a deed on a day (of the organisation's zone) counts in."""
    return "all", week_key(week_of(day)), season_key(season_of(day))


# Decisions by people

NOTE_MINIMUM, NOTE_MAXIMUM = 10, 500
RESTORED_REASON = N_("Another line of that time was taken back, so this one pays after all.")


def decision_problem(decider: tuple[int, int | None], earner: tuple[int, int | None]) -> str | None:
    """Why somebody may not decide about a person's points (each an id and a team's id); None when they may."""
    if decider[0] == earner[0]:
        return N_("These are your own points. Somebody outside your team decides about them.")
    if decider[1] is not None and decider[1] == earner[1]:
        return N_("You are in the same team. Somebody outside it decides about these points.")
    return None


APPEAL_DAYS = 30  # after a decision
APPEAL_MINIMUM, APPEAL_MAXIMUM = 20, 500
APPEALED = "appeal"  # the mark of a line that an appeal brought
TOO_LATE = N_("A decision about points can be appealed against for 30 days.")
GRANTED = N_("You appealed, and somebody else looked again: this is paid after all.")
GRANTED_PLACE = N_(
    "You appealed, and somebody else looked again: you were right. What had taken this line’s place under the limit of "
    "that time pays as much or more, so it stays."
)
GRANTED_ALREADY = N_("You appealed, and somebody else looked again: you were right. It had been paid already.")
GIVES_WAY = N_(
    "This was paid because another line of that time was not. After an appeal that one is paid, so this one goes back."
)


def appeal_problem(decider: tuple[int, int | None], earner: tuple[int, int | None], first_id: int | None) -> str | None:
    """Why somebody may not decide about an appeal of a person; `first_id` is who decided before."""
    if decider[0] == first_id:
        return N_("You decided about this before. Somebody else looks at the appeal.")
    return decision_problem(decider, earner)


def appeal_text_problem(words: str) -> str | None:
    """What is wrong with the reason of an appeal; whoever decides will read it."""
    if len(words.strip()) < APPEAL_MINIMUM:
        return N_("Say in 20 characters or more what the decision overlooked.")
    if len(words) > APPEAL_MAXIMUM:
        return N_("Use at most 500 characters.")
    return None


def is_in_time(decided_at: datetime, now: datetime) -> bool:
    """Whether a decision can still be appealed against."""
    return now <= decided_at + timedelta(days=APPEAL_DAYS)


def note_problem(note: str) -> str | None:
    """What is wrong with the reason of a decision; the person whose points they are will read it."""
    if len(note.strip()) < NOTE_MINIMUM:
        return N_("Write at least 10 characters, so that the person understands the decision.")
    if len(note) > NOTE_MAXIMUM:
        return N_("Use at most 500 characters.")
    return None
