"""The law of badges: what each asks, tier by tier, and which news can bring it.

A badge compares measures of a person with thresholds. Progress, what is still missing and the award itself come from
the same comparison, so they can never disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from peerlearn.badges.badge import Badge, Criterion, Measures
from peerlearn.badges.lasting import LASTING
from peerlearn.badges.remembering import REMEMBERING
from peerlearn.core.events import Event, Recorded
from peerlearn.core.words import N_
from peerlearn.learn.events import AttemptFinished, LessonPassed, PretestAnswered
from peerlearn.points.events import LessonRetained
from peerlearn.practice.events import KnowledgeAddedUp
from peerlearn.quality.events import LessonsRated
from peerlearn.review.events import LessonApproved, LessonVerified, ReportDeclined, ReportUpheld, ReviewDone
from peerlearn.streaks.events import GoalsGrown, StreakGrown
from peerlearn.suggestions.events import SuggestionAccepted

METALS = ("bronze", "silver", "gold")
METAL_TITLES = {"bronze": N_("Bronze"), "silver": N_("Silver"), "gold": N_("Gold")}
SUGGESTIONS, SUGGESTED_FROM = 3, 0.20
RARITY_MINIMUM = 30  # active people before rarity says anything
RARITIES = (
    (0.25, N_("common")),
    (0.10, N_("uncommon")),
    (0.03, N_("rare")),
    (0.01, N_("epic")),
    (0.0, N_("legendary")),
)


@dataclass(frozen=True)
class Progress:
    """Where a person stands with a badge: tiers held, and the way to the next."""

    badge: Badge
    held: int
    part: float  # 0 to 1 on the way to the next tier; 1 when there is none
    steps: tuple[tuple[str, Mapping[str, int]], ...]  # what is missing, as sentences with their numbers

    @property
    def is_complete(self) -> bool:
        """Whether every tier is held."""
        return self.held >= self.badge.tiers

    @property
    def percent(self) -> int:
        """The way to the next tier in percent, rounded down."""
        return int(100 * self.part + 1e-9)


def progress(badge: Badge, measures: Measures, held: int) -> Progress:
    """Where somebody with these measures and tiers stands."""
    if held >= badge.tiers:
        return Progress(badge, held, 1.0, ())
    tier = held + 1
    parts = [criterion.progress(measures[criterion.measure], tier) for criterion in badge.criteria]
    steps = []
    for criterion in badge.criteria:
        value, goal = measures[criterion.measure], criterion.tiers[tier - 1]
        if not criterion.is_met(value, tier):
            percent = criterion.measure in SHARES
            left = 0 if criterion.at_most else goal - value
            numbers = {"left": left, "goal": goal}
            words = criterion.last if numbers["left"] == 1 else criterion.missing
            steps.append((words, {name: _shown(number, percent) for name, number in numbers.items()}))
    return Progress(badge, held, min(0.99, *parts), tuple(steps))


def demands(badge: Badge, tier: int) -> list[tuple[str, Mapping[str, int]]]:
    """What a tier asks, as sentences with their numbers."""
    return [(c.demand, {"goal": _shown(c.tiers[tier - 1], c.measure in SHARES)}) for c in badge.criteria]


def _shown(number: float, percent: bool) -> int:
    return round(100 * number) if percent else int(-(-number // 1))


def suggestions(all_progress: Iterable[Progress]) -> list[Progress]:
    """At most three badges that are within reach, the nearest first."""
    near = [item for item in all_progress if not item.is_complete and item.part >= SUGGESTED_FROM]
    return sorted(near, key=lambda item: (-item.part, item.badge.slug))[:SUGGESTIONS]


def rarity(holders: int, active: int) -> str | None:
    """How rare a badge is among active people; None while there are too few to say."""
    if active < RARITY_MINIMUM or holders == 0:
        return None
    return next(words for least, words in RARITIES if holders / active >= least)


SHARES = frozenset({"calibration_gap", "report_precision"})  # measures from 0 to 1, shown in percent

BADGES: tuple[Badge, ...] = (
    *REMEMBERING,
    Badge(
        "clean-start",
        1,
        N_("Clean start"),
        "sparkles",
        N_("Every question of a lesson right at the first attempt."),
        (
            Criterion(
                "clean_lessons",
                (5, 25, 100),
                N_("%(goal)s lessons without a wrong answer"),
                N_("%(left)s more lessons without a wrong answer"),
                N_("One more lesson without a wrong answer"),
            ),
        ),
        (LessonPassed,),
    ),
    Badge(
        "explorer",
        1,
        N_("Explorer"),
        "compass",
        N_("Lessons passed in many different topics."),
        (
            Criterion(
                "topics_passed",
                (5, 10, 20),
                N_("Lessons passed in %(goal)s topics"),
                N_("%(left)s more topics"),
                N_("One more topic"),
            ),
        ),
        (LessonPassed,),
    ),
    Badge(
        "well-calibrated",
        1,
        N_("Well calibrated"),
        "scale",
        N_("How sure you say you are fits how often you are right."),
        (
            Criterion(
                "sure_answers",
                (50, 100, 200),
                N_("%(goal)s first answers"),
                N_("%(left)s more first answers"),
                N_("One more first answer"),
            ),
            Criterion(
                "calibration_gap",
                (0.10, 0.07, 0.05),
                N_("Sureness and right answers within %(goal)s percent points"),
                N_("Bring how sure you are and how often you are right within %(goal)s percent points"),
                N_("Bring how sure you are and how often you are right closer together"),
                at_most=True,
            ),
        ),
        (AttemptFinished,),
    ),
    Badge(
        "good-weeks",
        1,
        N_("Good weeks"),
        "calendar-check",
        N_("Weekly goals met. They need not follow one another."),
        (
            Criterion(
                "weekly_goals",
                (4, 12, 40),
                N_("%(goal)s weekly goals"),
                N_("%(left)s more weekly goals"),
                N_("One more weekly goal"),
            ),
        ),
        (GoalsGrown,),
    ),
    Badge(
        "streak",
        1,
        N_("Streak"),
        "milestone",
        N_("Active workdays in a row. Days off do not count, and a freeze covers a missed day."),
        (
            Criterion(
                "longest_streak",
                (10, 50, 200),
                N_("%(goal)s workdays in a row"),
                N_("%(left)s more workdays in a row"),
                N_("One more workday"),
            ),
        ),
        (StreakGrown,),
    ),
    Badge(
        "brave-guess",
        1,
        N_("Brave guess"),
        "circle-help",
        N_("Questions answered before reading the lesson, right or wrong."),
        (
            Criterion(
                "pretests",
                (10, 50, 150),
                N_("%(goal)s questions before reading"),
                N_("%(left)s more questions before reading"),
                N_("One more question before reading"),
            ),
        ),
        (PretestAnswered,),
    ),
    Badge(
        "first-lesson",
        1,
        N_("First lesson"),
        "pencil",
        N_("Your first lesson was approved."),
        (
            Criterion(
                "lessons_approved",
                (1,),
                N_("One approved lesson"),
                N_("Write a lesson and have it approved"),
                N_("Write a lesson and have it approved"),
            ),
        ),
        (LessonApproved,),
    ),
    Badge(
        "sharp-eye",
        1,
        N_("Sharp eye"),
        "eye",
        N_("Problems reported that curators agreed with."),
        (
            Criterion(
                "reports_upheld",
                (3, 15, 50),
                N_("%(goal)s upheld reports"),
                N_("%(left)s more reports that a curator agrees with"),
                N_("One more report that a curator agrees with"),
            ),
            Criterion(
                "report_precision",
                (0.6, 0.6, 0.6),
                N_("At least %(goal)s percent of decided reports upheld"),
                N_("At least %(goal)s percent of your reports upheld"),
                N_("At least %(goal)s percent of your reports upheld"),
            ),
        ),
        (ReportUpheld, ReportDeclined),
    ),
    Badge(
        "reviewer",
        1,
        N_("Reviewer"),
        "clipboard-check",
        N_("Reviews finished within the promised time."),
        (
            Criterion(
                "reviews_in_time",
                (10, 50, 200),
                N_("%(goal)s reviews in time"),
                N_("%(left)s more reviews in time"),
                N_("One more review in time"),
            ),
        ),
        (ReviewDone,),
    ),
    Badge(
        "newcomers-friend",
        1,
        N_("Newcomer’s friend"),
        "handshake",
        N_("Colleagues whose first approved lesson you reviewed or wrote with them."),
        (
            Criterion(
                "newcomers_helped",
                (1, 5, 15),
                N_("%(goal)s people helped to their first approved lesson"),
                N_("Help %(left)s more people to their first approved lesson"),
                N_("Help one more person to their first approved lesson"),
            ),
        ),
        (LessonApproved, ReviewDone),
    ),
    Badge(
        "teach-back",
        1,
        N_("Teach back"),
        "repeat",
        N_("Learned something in a topic and published a lesson in it within 30 days."),
        (
            Criterion(
                "taught_back",
                (1, 3, 10),
                N_("%(goal)s lessons published soon after learning"),
                N_("%(left)s more lessons published soon after learning in their topic"),
                N_("One more lesson published soon after learning in its topic"),
            ),
        ),
        (LessonApproved,),
    ),
    Badge(
        "gardener",
        1,
        N_("Gardener"),
        "sprout",
        N_("Own lessons read again, or improved, when their check was due."),
        (
            Criterion(
                "checks_in_time",
                (5, 25, 100),
                N_("%(goal)s checks in time"),
                N_("%(left)s more checks in time"),
                N_("One more check in time"),
            ),
        ),
        (LessonVerified,),
    ),
    Badge(
        "fixer",
        1,
        N_("Fixer"),
        "wrench",
        N_("Suggested changes that authors or curators took over."),
        (
            Criterion(
                "suggestions_accepted",
                (5, 25, 100),
                N_("%(goal)s accepted suggestions"),
                N_("%(left)s more accepted suggestions"),
                N_("One more accepted suggestion"),
            ),
        ),
        (SuggestionAccepted,),
    ),
    *LASTING,
)

BY_SLUG: Mapping[str, Badge] = {badge.slug: badge for badge in BADGES}
EVENTS: tuple[type[Event], ...] = tuple(dict.fromkeys(event for badge in BADGES for event in badge.listens))


def _actor(record: Recorded) -> set[int]:
    return {record.actor_id} if record.actor_id is not None else set()


def _approval(record: Recorded) -> set[int]:
    return _actor(record) | {person for person, _ in cast(LessonApproved, record.event).shares}


def _reporter(record: Recorded) -> set[int]:
    return {cast("ReportUpheld | ReportDeclined", record.event).reporter_id}


def _owner(record: Recorded) -> set[int]:
    return {cast(LessonVerified, record.event).owner_id}


def _suggester(record: Recorded) -> set[int]:
    return {cast(SuggestionAccepted, record.event).suggester_id}


def _who_practised(record: Recorded) -> set[int]:
    return {cast(KnowledgeAddedUp, record.event).person_id}


def _authors(record: Recorded) -> set[int]:
    return set(cast(LessonsRated, record.event).author_ids)


def _sharers(record: Recorded) -> set[int]:
    return {person for person, _ in cast(LessonRetained, record.event).shares}


_CONCERNED: Mapping[type[Event], Callable[[Recorded], set[int]]] = {
    LessonApproved: _approval,
    ReportUpheld: _reporter,
    ReportDeclined: _reporter,
    LessonVerified: _owner,
    SuggestionAccepted: _suggester,
    KnowledgeAddedUp: _who_practised,
    LessonsRated: _authors,
    LessonRetained: _sharers,
}


def concerned(record: Recorded) -> set[int]:
    """The people whose badges an event can bring."""
    return _CONCERNED.get(type(record.event), _actor)(record)


def measures_told(event: Event) -> Measures | None:
    """The measures that an event itself tells, so that nobody has to ask for them; None when it tells none."""
    if isinstance(event, StreakGrown):
        return {"longest_streak": event.length}
    if isinstance(event, GoalsGrown):
        return {"weekly_goals": event.goals}
    return None


def listening_to(event: Event) -> tuple[Badge, ...]:
    """The badges that an event can bring."""
    return tuple(badge for badge in BADGES if isinstance(event, badge.listens))
