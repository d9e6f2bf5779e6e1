"""The law of points: what pays whom how much, when not, and why. "How points work" is drawn from these values.

XP pay for learning, Impact (IP) for teaching and curating. Nothing is ever taken away for a wrong answer; what a cap or
a condition keeps from paying is an entry of 0 that says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import floor, isqrt
from typing import cast

from peerlearn.core.events import Event, Recorded
from peerlearn.core.words import N_
from peerlearn.points.learning import LEARNING
from peerlearn.points.retention import RETAINED
from peerlearn.points.rule import (
    DAY,
    EPSILON,
    IP,
    WEEK,
    XP,
    Cap,
    Case,
    Condition,
    Pay,
    Policy,
    Rule,
    Shares,
    actor,
    flag,
    whole,
)
from peerlearn.review.events import LessonApproved, LessonVerified, ReportDeclined, ReportUpheld, ReviewDone
from peerlearn.review.reliability import NEWCOMER, PAY_CEILING, PAY_FLOOR
from peerlearn.suggestions.events import SuggestionAccepted

TRACK_TITLES = {XP: N_("XP"), IP: N_("Impact")}


POLICY = Policy()


CAPPED, HELD_BURST = "cap", "burst"
BURST_REASON = N_(
    "Many points in a few minutes are looked at by a person first. You will hear within five workdays; nothing is lost."
)


def _checking_owner(record: Recorded) -> Shares:
    """The owner who read their lesson again, or changed it; a curator's check is part of their work."""
    verified = cast(LessonVerified, record.event)
    return ((verified.owner_id, 1.0),) if verified.by_owner else ()


def _check_source(event: Event) -> str:
    verified = cast(LessonVerified, event)
    return f"lesson:{verified.lesson_id}:check:{verified.check_on}"


def _review_done(event: Event, policy: Policy) -> Pay:
    done = cast(ReviewDone, event)
    factor = min(PAY_CEILING, max(PAY_FLOOR, done.reliability / NEWCOMER.reliability))
    if done.in_time:
        return Pay(floor(policy.review_done * factor + EPSILON))
    return Pay(
        floor(policy.review_done * factor / 2 + EPSILON),
        N_("The answer came after the promised time, so half was paid."),
    )


def paired(amount: int, earlier: int, policy: Policy) -> int:
    """What a deed between two people pays, after so many earlier ones between the same two (ENGINE E5)."""
    factors = policy.pair_factors
    return floor(amount * factors[earlier] + EPSILON) if earlier < len(factors) else 0


def _suggestion_accepted(event: Event, policy: Policy) -> Pay:
    accepted = cast(SuggestionAccepted, event)
    amount = paired(policy.suggestion_accepted, accepted.earlier, policy)
    if not accepted.earlier:
        return Pay(amount)
    return Pay(
        amount,
        N_(
            "You two had agreed on other suggestions within %(pair_days)s days. "
            "Each further one pays half of the one before, from the fourth on nothing."
        ),
    )


def _no_author_decided(case: Case) -> bool:
    return all(person != case.record.actor_id for person, _ in cast(LessonApproved, case.record.event).shares)


def _reports_are_paid(case: Case) -> bool:
    """Whether no pause holds: the third declined report within 30 days begins one of 30 days."""
    window = timedelta(days=case.policy.declined_days)
    declined = sorted(line.at for line in case.lines if line.rule == "T5-declined")
    starts = [
        last
        for first, last in zip(declined, declined[case.policy.declined_limit - 1 :], strict=False)
        if last - first <= window
    ]
    return all(case.record.at - start >= window for start in starts)


RULES: tuple[Rule, ...] = (
    *LEARNING,
    Rule(
        slug="T1",
        version=1,
        track=IP,
        event=LessonApproved,
        title=N_("Publish a lesson"),
        sentence=N_(
            "The first approval of a lesson pays its authors %(lesson_approved)s Impact, split by their shares."
        ),
        receipt=N_("Your lesson “%(lesson)s” was approved"),
        who=lambda record: cast(LessonApproved, record.event).shares,
        source=lambda event: f"lesson:{cast(LessonApproved, event).lesson_id}",
        pay=whole("lesson_approved"),
        conditions=(
            Condition(
                N_("It is the lesson's first publication. Later versions keep it fresh but pay nothing here."),
                N_("This was a new version. The first publication is what pays."),
                flag("is_first", True),
            ),
            Condition(
                N_("None of its authors approved it."),
                N_("One of the authors approved it, so it pays nothing."),
                _no_author_decided,
            ),
            Condition(
                N_("It is not nearly the same as a lesson that exists."),
                N_("It is nearly the same as a lesson that exists."),
                lambda case: cast(LessonApproved, case.record.event).similarity < case.policy.similarity_limit,
            ),
        ),
        cap=Cap(
            "approved_per_week",
            WEEK,
            N_("Up to %(approved_per_week)s lessons a week pay each author."),
            N_("%(approved_per_week)s lessons had paid you that week already."),
        ),
    ),
    RETAINED,
    Rule(
        slug="T4",
        version=1,
        track=IP,
        event=SuggestionAccepted,
        title=N_("Suggest other words"),
        sentence=N_(
            "A suggestion that an author or a curator takes over pays %(suggestion_accepted)s Impact. "
            "Between the same two people the second within %(pair_days)s days pays half, the third a quarter, "
            "further ones nothing."
        ),
        receipt=N_("Your suggestion on “%(lesson)s” was taken over"),
        who=lambda record: ((cast(SuggestionAccepted, record.event).suggester_id, 1.0),),
        source=lambda event: f"suggestion:{cast(SuggestionAccepted, event).suggestion_id}",
        pay=_suggestion_accepted,
        conditions=(
            Condition(
                N_("It changes what the lesson says, not only how it looks."),
                N_("It changed only how the text looks, or the text said so already. Thank you all the same."),
                flag("is_content", True),
            ),
            Condition(
                N_("Somebody else decided about it, and the lesson is not yours."),
                N_("It was your own lesson or your own decision, so it pays nothing."),
                lambda case: (
                    case.person_id != case.record.actor_id
                    and case.person_id not in cast(SuggestionAccepted, case.record.event).author_ids
                ),
            ),
        ),
        cap=Cap(
            "suggestions_per_day",
            DAY,
            N_("Up to %(suggestions_per_day)s suggestions a day pay."),
            N_("%(suggestions_per_day)s suggestions had paid that day already."),
        ),
    ),
    Rule(
        slug="T5",
        version=1,
        track=IP,
        event=ReportUpheld,
        title=N_("Report a problem"),
        sentence=N_("A report that a curator agrees with pays %(report_upheld)s Impact."),
        receipt=N_("Your report on “%(lesson)s” was right"),
        who=lambda record: ((cast(ReportUpheld, record.event).reporter_id, 1.0),),
        source=lambda event: f"report:{cast(ReportUpheld, event).report_id}",
        pay=whole("report_upheld"),
        conditions=(
            Condition(
                N_("You were the first to report it."),
                N_("Somebody had reported the same place before you. Thank you all the same."),
                flag("is_first", True),
            ),
            Condition(
                N_("Somebody else decided about it."),
                N_("You decided about your own report, so it pays nothing."),
                lambda case: case.person_id != case.record.actor_id,
            ),
            Condition(
                N_("Fewer than %(declined_limit)s of your reports were declined within %(declined_days)s days."),
                N_(
                    "%(declined_limit)s of your reports were declined within %(declined_days)s days, "
                    "so reports pay nothing for %(declined_days)s days. They are still read and welcome."
                ),
                _reports_are_paid,
            ),
        ),
        cap=Cap(
            "reports_per_day",
            DAY,
            N_("Up to %(reports_per_day)s reports a day pay."),
            N_("%(reports_per_day)s reports had paid that day already."),
        ),
    ),
    Rule(
        slug="T5-declined",
        version=1,
        track=IP,
        event=ReportDeclined,
        title=N_("A report that is declined"),
        sentence=N_(
            "A declined report costs nothing. %(declined_limit)s within %(declined_days)s days "
            "pause the points for reports for %(declined_days)s days."
        ),
        receipt=N_("Your report on “%(lesson)s” was declined"),
        who=lambda record: ((cast(ReportDeclined, record.event).reporter_id, 1.0),),
        source=lambda event: f"report:{cast(ReportDeclined, event).report_id}",
        pay=lambda event, policy: Pay(0, N_("A declined report pays nothing and costs nothing.")),
    ),
    Rule(
        slug="C1",
        version=1,
        track=IP,
        event=ReviewDone,
        title=N_("Review a lesson"),
        sentence=N_(
            "A finished review pays %(review_done)s Impact, whatever the decision; half when it comes late. "
            "It rises by up to a half as your ratings prove right, and can fall by as much."
        ),
        receipt=N_("Reviewed the lesson “%(lesson)s”"),
        who=actor,
        source=lambda event: f"review:{cast(ReviewDone, event).review_id}",
        pay=_review_done,
        conditions=(
            Condition(N_("All four ratings are given."), N_("The ratings were not given."), flag("has_rubric", True)),
            Condition(
                N_("At least one comment has 80 characters or more, so that the author can learn from it."),
                N_("No comment had 80 characters or more."),
                flag("has_comment", True),
            ),
        ),
        cap=Cap(
            "reviews_per_day",
            DAY,
            N_("Up to %(reviews_per_day)s reviews a day pay."),
            N_("%(reviews_per_day)s reviews had paid that day already."),
        ),
    ),
    Rule(
        slug="C3",
        version=1,
        track=IP,
        event=LessonVerified,
        title=N_("Check your lesson in time"),
        sentence=N_(
            "Reading your own lesson again when its check is due, or improving it then, pays %(check_in_time)s Impact."
        ),
        receipt=N_("Checked “%(lesson)s” again"),
        who=_checking_owner,
        source=_check_source,
        pay=whole("check_in_time"),
        conditions=(
            Condition(
                N_("The check is due within two weeks, and not late yet."),
                N_("The check was not due yet, or it was late already."),
                flag("in_time", True),
            ),
            Condition(
                N_("You had the lesson open for as long as reading it takes."),
                N_("The lesson was not open for as long as reading it takes."),
                flag("was_read", True),
            ),
        ),
        cap=Cap(
            "checks_per_day",
            DAY,
            N_("Up to %(checks_per_day)s checks a day pay."),
            N_("%(checks_per_day)s checks had paid that day already."),
        ),
    ),
)

BY_SLUG: Mapping[str, Rule] = {rule.slug: rule for rule in RULES}
POSTED = frozenset(rule.slug for rule in RULES if rule.is_posted)
EVENTS: tuple[type[Event], ...] = tuple(dict.fromkeys(rule.event for rule in RULES))

# rules whose lines are needed for longer
REMEMBERED: Mapping[str, int] = {"T5-declined": 2 * POLICY.declined_days, "L2": POLICY.again_days}

RULE_BOOK_NOTES = (
    N_("Signing in, reading, liking, commenting and time spent pay nothing. A wrong answer never costs anything."),
    N_("Whatever you did, it pays once. A correction is a new line with its reason. No line is changed or removed."),
    N_(
        "Many points within a few minutes are held until a person outside your team has looked. "
        "You see them as pending, and why."
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


def note_problem(note: str) -> str | None:
    """What is wrong with the reason of a decision; the person whose points they are will read it."""
    if len(note.strip()) < NOTE_MINIMUM:
        return N_("Write at least 10 characters, so that the person understands the decision.")
    if len(note) > NOTE_MAXIMUM:
        return N_("Use at most 500 characters.")
    return None
