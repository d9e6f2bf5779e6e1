"""The rules of Impact for curating: looking at the lessons of others, and after one's own (ENGINE E5, C1 to C3)."""

from __future__ import annotations

from math import floor
from typing import cast

from peerlearn.core.events import Event, Recorded
from peerlearn.core.words import N_
from peerlearn.points.rule import DAY, EPSILON, IP, Cap, Case, Condition, Pay, Policy, Rule, Shares, actor, flag, whole
from peerlearn.review.events import LessonVerified, RatingCompared, ReviewDone
from peerlearn.review.reliability import NEWCOMER, PAY_CEILING, PAY_FLOOR


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


def _is_near(case: Case) -> bool:
    return abs(cast(RatingCompared, case.record.event).error) <= case.policy.agreed_within + EPSILON


CURATING: tuple[Rule, ...] = (
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
        slug="C2",
        version=1,
        track=IP,
        event=RatingCompared,
        title=N_("Rate as it turns out"),
        sentence=N_(
            "Advice on a lesson pays %(rating_agreed)s Impact when its rating is within %(agreed_within)s of the final "
            "one. The same holds for a decision, when another curator decides about the text once more."
        ),
        receipt=N_("Your rating of “%(lesson)s” proved right"),
        who=lambda record: ((cast(RatingCompared, record.event).reviewer_id, 1.0),),
        source=lambda event: f"review:{cast(RatingCompared, event).review_id}",
        pay=whole("rating_agreed"),
        conditions=(
            Condition(
                N_("Somebody else gave the final rating."),
                N_("You gave the final rating yourself, so there is nothing to compare it with."),
                lambda case: case.person_id != case.record.actor_id,
            ),
            Condition(
                N_("The mean of your four ratings is at most %(agreed_within)s away from the final one."),
                N_("Your rating was more than %(agreed_within)s away from the final one. Thank you all the same."),
                _is_near,
            ),
        ),
        cap=Cap(
            "reviews_per_day",
            DAY,
            N_("Up to %(reviews_per_day)s ratings a day pay."),
            N_("%(reviews_per_day)s ratings had paid that day already."),
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
