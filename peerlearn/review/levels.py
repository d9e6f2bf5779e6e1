"""The law of levels: what somebody's work in a topic has earned, what that lets them do, and what is still missing.

A level is told from facts whenever somebody asks. Nothing stores it, so nothing can be stale: a report that was agreed
with takes it away at once, and half a year later it is back. Nothing here asks the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from statistics import mean, median

from peerlearn.core.words import N_
from peerlearn.review import trust
from peerlearn.review.trust import Record


class Level(IntEnum):
    """How far somebody is trusted in a topic."""

    NEWCOMER = 0
    CONTRIBUTOR = 1
    TRUSTED = 2
    CURATOR = 3
    LEAD = 4


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers of levels; those of trusted authors are in `trust.Policy`."""

    lessons: int = 1  # published, in any topic, that make a contributor …
    thanks: int = 3  # … or lessons of others that took over their words


POLICY = Policy()
NOTHING = Record()
TITLES = {
    Level.NEWCOMER: N_("Newcomer"),
    Level.CONTRIBUTOR: N_("Contributor"),
    Level.TRUSTED: N_("Trusted author"),
    Level.CURATOR: N_("Curator"),
    Level.LEAD: N_("Administrator"),
}
LETS = {
    Level.NEWCOMER: N_("Learn, react, report, ask for lessons, suggest words and write."),
    Level.CONTRIBUTOR: N_("Your reports weigh: with two others like yours they hide a lesson that does harm."),
    Level.TRUSTED: N_("Your small changes go live at once. Your reports weigh double."),
    Level.CURATOR: N_("You approve, verify and hide lessons, and answer reports. Your reports weigh most."),
    Level.LEAD: N_("You appoint curators, and decide where all of them are too close."),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a level follows from."""

    lessons: int = 0  # published, in any topic
    thanks: int = 0  # lessons of others that took over their words
    record: Record = NOTHING  # in the topic
    curates: bool = False  # the topic
    is_admin: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that the next level needs, in a sentence with its numbers."""

    sentence: str
    values: tuple[tuple[str, int | float], ...]
    is_done: bool


def level_of(facts: Facts, policy: Policy = POLICY) -> Level:
    """How far somebody with these facts is trusted in the topic they are about."""
    if facts.is_admin:
        return Level.LEAD
    if facts.curates:
        return Level.CURATOR
    if trust.is_trusted(facts.record):
        return Level.TRUSTED
    if facts.lessons >= policy.lessons or facts.thanks >= policy.thanks:
        return Level.CONTRIBUTOR
    return Level.NEWCOMER


def steps_from(facts: Facts, policy: Policy = POLICY) -> tuple[Step, ...]:
    """What the next level needs; nothing where somebody is appointed to it."""
    level = level_of(facts, policy)
    if level is Level.NEWCOMER:
        message = N_("Publish a lesson, or help others with words that %(most)s lessons take over (%(count)s so far).")
        return (Step(message, (("count", facts.thanks), ("most", policy.thanks)), False),)
    if level is not Level.CONTRIBUTOR:
        return ()
    record, law = facts.record, trust.POLICY
    rounds = median(record.rounds) if record.rounds else None
    rating = round(mean(record.ratings), 1) if record.ratings else None
    days, pause = law.blameless.days, law.pause.days
    return (
        Step(
            N_("%(most)s published lessons in this topic (%(count)s so far)"),
            (("count", record.lessons), ("most", law.lessons)),
            record.lessons >= law.lessons,
        ),
        Step(N_("Half of them approved in the first round"), (), rounds is not None and rounds <= law.rounds),
        Step(
            N_("A rating of %(least)s on average"),
            (("least", law.rating),),
            rating is not None and rating >= law.rating,
        ),
        Step(N_("No report that was agreed with for %(days)s days"), (("days", days),), not record.was_blamed),
        Step(
            N_("No small change within %(days)s days that should have been reviewed"),
            (("days", pause),),
            not record.failed_audit,
        ),
    )
