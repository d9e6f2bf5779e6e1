"""The rules of Impact for teaching: what is published, what learners keep of it, and words and reports that help.

What learners keep pays most; see `retention.py` (ENGINE E5, T1 to T5).
"""

from __future__ import annotations

from datetime import timedelta
from math import floor
from typing import cast

from peerlearn.core.events import Event
from peerlearn.core.words import N_
from peerlearn.points.retention import RETAINED
from peerlearn.points.rule import DAY, EPSILON, IP, WEEK, Cap, Case, Condition, Pay, Policy, Rule, flag, whole
from peerlearn.review.events import LessonApproved, ReportDeclined, ReportUpheld
from peerlearn.suggestions.events import SuggestionAccepted


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


def _is_long_enough(case: Case) -> bool:
    """Whether a lesson has enough words or enough questions; what was approved before this was noted has."""
    approved = cast(LessonApproved, case.record.event)
    words = approved.words is None or approved.words >= case.policy.lesson_words
    return words or approved.questions is None or approved.questions >= case.policy.lesson_questions


def _is_its_own(case: Case) -> bool:
    """Whether others wrote little of it, or a curator lets it stand; what was approved before this was asked does."""
    approved = cast(LessonApproved, case.record.event)
    return approved.is_its_own or approved.copied < case.policy.copied_limit


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


TEACHING: tuple[Rule, ...] = (
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
            Condition(
                N_("Most of its text stands in no lesson by others, unless a curator finds it a lesson of its own."),
                N_(
                    "Most of its text stands in “%(stands_in)s”, which others wrote. "
                    "What learners keep of it pays as always."
                ),
                _is_its_own,
            ),
            Condition(
                N_("Its cards have %(lesson_words)s words or more, or it has %(lesson_questions)s questions or more."),
                N_(
                    "It is short: fewer than %(lesson_words)s words and fewer than %(lesson_questions)s questions. "
                    "It is welcome all the same, and what learners keep of it pays as always."
                ),
                _is_long_enough,
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
)
