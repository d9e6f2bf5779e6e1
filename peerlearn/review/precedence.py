"""Who comes second: decides about a submission only where nobody comes first. Columns for the statements that ask.

Whoever is in the team of an author does, whoever is on probation, and whoever is new as a curator.

Whether a submission is open to them is kept with it, since a queue cannot look for others at each of its lines.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_
from sqlalchemy.orm import aliased

from peerlearn.accounts.models import Person
from peerlearn.lessons.models import Lesson, Revision
from peerlearn.lessons.rules import FOR_SOME
from peerlearn.review import ties, training
from peerlearn.review.impartiality import Closeness


def comes_second(me: Any, review: Any) -> ColumnElement[str | None]:
    """Why somebody comes second, by its slug; null for whoever comes first."""
    is_colleagues = and_(is_colleague(me, review), ~_speaks_for_team(me, review))
    return case((is_colleagues, str(Closeness.COLLEAGUE)), else_=training.why(me))


def is_let(me: Any, review: Any) -> ColumnElement[bool]:
    """Whether somebody may decide all the same: nobody else can, or they have begun already."""
    return or_(review.widened_at.is_not(None), _has_begun(me, review))


def gives_way(me: Any, review: Any) -> ColumnElement[bool]:
    """Whether somebody leaves a submission to others for now."""
    return and_(review.widened_at.is_(None), comes_second(me, review).is_not(None), ~_has_begun(me, review))


def gives_way_in_list(me: Any, review: Any) -> ColumnElement[bool]:
    """As `gives_way` says it, for lists of one person: what does not depend on the row is found once."""
    is_colleagues = and_(ties.are_by_one_of(ties.colleagues_of(me), review), ~_speaks_for_team(me, review))
    comes_second = or_(is_colleagues, training.why(me).is_not(None))
    return and_(review.widened_at.is_(None), ~_has_begun(me, review), comes_second)


def _has_begun(me: Any, review: Any) -> ColumnElement[bool]:
    """Whether somebody claimed it and nobody did since, or asked for changes in the round before."""
    return or_(func.coalesce(review.claimed_by_id, 0) == me, func.coalesce(review.first_right_id, 0) == me)


def is_colleague(me: Any, review: Any) -> ColumnElement[bool]:
    """Whether this person is in the team of one of those whose work a text is."""
    return ties.is_by_one_of(ties.colleagues_of(me), review)


def is_from_team(person_id: Any, review: Any) -> ColumnElement[bool]:
    """Whether somebody is in the team of the owner of a review's lesson."""
    lesson, owner, person = aliased(Lesson), aliased(Person), aliased(Person)
    return (
        exists()
        .where(
            lesson.id == review.lesson_id,
            owner.id == lesson.owner_id,
            person.team_id == owner.team_id,
            person.id == person_id,
        )
        .correlate_except(lesson, owner, person)
    )


def _speaks_for_team(me: Any, review: Any) -> ColumnElement[bool]:
    """Whether somebody is the one of two curators who is to come from the team that owns the lesson."""
    is_missing = or_(review.first_approved_by_id.is_(None), ~is_from_team(review.first_approved_by_id, review))
    return and_(_takes_two(review), is_missing, is_from_team(me, review))


def _takes_two(review: Any) -> ColumnElement[bool]:
    """As `second.takes_two` says it."""
    lesson, revision, few = aliased(Lesson), aliased(Revision), sorted(FOR_SOME)
    is_about_to = revision.extras["classification"].as_string().in_(few)
    return or_(
        exists().where(lesson.id == review.lesson_id, lesson.classification.in_(few)).correlate_except(lesson),
        exists().where(revision.id == review.revision_id, is_about_to).correlate_except(revision),
    )
