"""Who is too close to which review, as the database tells it. Whoever it is about may be a value or a column.

However deep in a statement a condition stands, its tables are its own and everything else is taken from around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    and_,
    bindparam,
    case,
    distinct,
    exists,
    func,
    null,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from peerlearn.accounts import rules as accounts
from peerlearn.accounts.models import Grant, Person
from peerlearn.core import clock
from peerlearn.core.db import UTCDateTime, db
from peerlearn.lessons.models import FormerAuthor, Lesson, LessonAuthor, LessonTopic, Revision
from peerlearn.review.impartiality import POLICY, Closeness, Since
from peerlearn.review.models import Assignment, Recusal, Review, ReviewAct

AT_ONCE = 100  # how many are handed up in one transaction

# in statements that are made once and filled in when they run
ME: Any = bindparam("me", type_=Integer)
BOUND = Since(
    bindparam("since_same_author", type_=UTCDateTime),  # type: ignore[arg-type]
    bindparam("since_in_return", type_=UTCDateTime),  # type: ignore[arg-type]
)


def bound(now: datetime) -> dict[str, Any]:
    """What fills in `BOUND`."""
    since = Since.at(now)
    return {"since_same_author": since.same_author, "since_in_return": since.in_return}


def about(person: Person) -> dict[str, Any]:
    """What fills in `ME` and `BOUND`."""
    return {"me": person.id} | bound(clock.now())


def closeness(me: Any, review: Any, since: Since) -> ColumnElement[str | None]:
    """What makes this person too close to a review to decide, by its slug; null for nothing.

    Making it takes longer than asking it: whoever asks often makes it once, of `ME` or a column and `BOUND`.
    """
    lesson_id = review.lesson_id
    return case(
        (review.first_approved_by_id == me, str(Closeness.APPROVED)),
        (decided_before(me, review), str(Closeness.APPEALED)),
        (declared(me, lesson_id), str(Closeness.DECLARED)),
        (_recused(me, lesson_id), str(Closeness.RECUSED)),
        (_leads(me, lesson_id), str(Closeness.LEADS)),
        (_is_led(me, lesson_id), str(Closeness.LED)),
        (_often(me, lesson_id, since.same_author), str(Closeness.OFTEN)),
        (_in_return(me, lesson_id, since.in_return), str(Closeness.IN_RETURN)),
        (_is_kept_apart(me, lesson_id), str(Closeness.APART)),
        else_=null(),
    )


def decided_before(me: Any, review: Any) -> ColumnElement[bool]:
    """Whether a review is an appeal against what this person decided."""
    before = aliased(Review)
    return exists().where(before.id == review.appeal_of_id, before.decided_by_id == me).correlate_except(before)


def declared(me: Any, lesson_id: Any) -> ColumnElement[bool]:
    """Whether this person said to be too close to a lesson."""
    act = aliased(ReviewAct)
    return (
        exists()
        .where(act.lesson_id == lesson_id, act.actor_id == me, act.act == "declined", act.note == "conflict")
        .correlate_except(act)
    )


def recused(me: Any, lesson_id: Any) -> ColumnElement[bool]:
    """Whether this person and one of a lesson's authors leave each other's work to others, whoever of them said so."""
    return or_(_recused(me, lesson_id), _is_kept_apart(me, lesson_id))


def _recused(me: Any, lesson_id: Any) -> ColumnElement[bool]:
    author, said = aliased(LessonAuthor), aliased(Recusal)
    return (
        exists()
        .where(author.lesson_id == lesson_id, said.person_id == me, said.about_id == author.person_id)
        .correlate_except(author, said)
    )


def _is_kept_apart(me: Any, lesson_id: Any) -> ColumnElement[bool]:
    author, said = aliased(LessonAuthor), aliased(Recusal)
    return (
        exists()
        .where(author.lesson_id == lesson_id, said.about_id == me, said.person_id == author.person_id)
        .correlate_except(author, said)
    )


def is_near(me: Any, lesson_id: Any) -> ColumnElement[bool]:
    """Whether this person is close to one of a lesson's authors for good, whatever either of them decided."""
    return or_(leads_or_is_led(me, lesson_id), recused(me, lesson_id))


def leads_or_is_led(me: Any, lesson_id: Any) -> ColumnElement[bool]:
    """Whether this person leads the team of one of a lesson's authors, or is led by one of them."""
    return or_(_leads(me, lesson_id), _is_led(me, lesson_id))


def _leads(me: Any, lesson_id: Any) -> ColumnElement[bool]:
    author, person, grant = aliased(LessonAuthor), aliased(Person), aliased(Grant)
    return (
        exists()
        .where(
            author.lesson_id == lesson_id,
            person.id == author.person_id,
            grant.scope_id == person.team_id,
            grant.role == accounts.LEAD,
            grant.person_id == me,
        )
        .correlate_except(author, person, grant)
    )


def _is_led(me: Any, lesson_id: Any) -> ColumnElement[bool]:
    author, mine, grant = aliased(LessonAuthor), aliased(Person), aliased(Grant)
    return (
        exists()
        .where(
            author.lesson_id == lesson_id,
            grant.person_id == author.person_id,
            grant.role == accounts.LEAD,
            grant.scope_id == mine.team_id,
            mine.id == me,
        )
        .correlate_except(author, mine, grant)
    )


def _often(me: Any, lesson_id: Any, since: Any) -> ColumnElement[bool]:
    author, other, past = aliased(LessonAuthor), aliased(LessonAuthor), aliased(Review)
    return exists(
        select(author.person_id)
        .where(
            author.lesson_id == lesson_id,
            other.person_id == author.person_id,
            past.lesson_id == other.lesson_id,
            past.lesson_id != lesson_id,
            past.decided_by_id == me,
            past.decided_at >= since,
        )
        .group_by(author.person_id)
        .having(func.count(distinct(past.lesson_id)) >= POLICY.same_author)
        .correlate_except(author, other, past)
    )


def _in_return(me: Any, lesson_id: Any, since: Any) -> ColumnElement[bool]:
    author, mine, past = aliased(LessonAuthor), aliased(LessonAuthor), aliased(Review)
    return (
        exists()
        .where(
            author.lesson_id == lesson_id,
            past.decided_by_id == author.person_id,
            past.decided_at >= since,
            mine.lesson_id == past.lesson_id,
            mine.person_id == me,
        )
        .correlate_except(author, mine, past)
    )


def close_by_advice(me: Any, lesson_id: Any, since: Since) -> ColumnElement[bool]:
    """Whether this person advised lately on so many other lessons of one of the authors, or one of them on theirs.

    It is what `closeness` says of decisions, for whoever may be asked for advice.
    """
    return or_(_advised_often(me, lesson_id, since.same_author), _advised_in_return(me, lesson_id, since.in_return))


def _advised(asked: Any, since: Any) -> ColumnElement[bool]:
    return and_(asked.part == "peer", asked.state == "done", asked.answered_at >= since)


def _advised_often(me: Any, lesson_id: Any, since: Any) -> ColumnElement[bool]:
    author, other, past, asked = aliased(LessonAuthor), aliased(LessonAuthor), aliased(Review), aliased(Assignment)
    return exists(
        select(author.person_id)
        .where(
            author.lesson_id == lesson_id,
            other.person_id == author.person_id,
            past.lesson_id == other.lesson_id,
            past.lesson_id != lesson_id,
            asked.review_id == past.id,
            asked.person_id == me,
            _advised(asked, since),
        )
        .group_by(author.person_id)
        .having(func.count(distinct(past.lesson_id)) >= POLICY.same_author)
        .correlate_except(author, other, past, asked)
    )


def _advised_in_return(me: Any, lesson_id: Any, since: Any) -> ColumnElement[bool]:
    author, mine, past, asked = aliased(LessonAuthor), aliased(LessonAuthor), aliased(Review), aliased(Assignment)
    return (
        exists()
        .where(
            author.lesson_id == lesson_id,
            asked.person_id == author.person_id,
            _advised(asked, since),
            past.id == asked.review_id,
            mine.lesson_id == past.lesson_id,
            mine.person_id == me,
        )
        .correlate_except(author, mine, past, asked)
    )


def hand(me: Any, lesson_id: Any) -> ColumnElement[bool]:
    """As `queries.had_a_hand` says it, for a person who is a column."""
    lesson, author, former = aliased(Lesson), aliased(LessonAuthor), aliased(FormerAuthor)
    revision, review = aliased(Revision), aliased(Review)
    return or_(
        exists().where(lesson.id == lesson_id, lesson.owner_id == me).correlate_except(lesson),
        exists().where(author.lesson_id == lesson_id, author.person_id == me).correlate_except(author),
        exists().where(former.lesson_id == lesson_id, former.person_id == me).correlate_except(former),
        exists().where(revision.lesson_id == lesson_id, revision.writer_id == me).correlate_except(revision),
        exists().where(review.lesson_id == lesson_id, review.submitted_by_id == me).correlate_except(review),
    )


def curates(grant: Any, topic_id: InstrumentedAttribute[int], lesson_id: Any) -> ColumnElement[bool]:
    """Whether a grant makes its person a curator of a lesson."""
    also = aliased(LessonTopic)
    return and_(
        grant.role == accounts.CURATOR,
        or_(
            grant.scope_id.in_((accounts.EVERYWHERE, topic_id)),
            exists().where(also.lesson_id == lesson_id, also.topic_id == grant.scope_id).correlate_except(also),
        ),
    )


@cache
def _curator_is_free() -> ColumnElement[bool]:
    """Whether some curator of a review's topics may decide about it."""
    curator, grant = aliased(Person), aliased(Grant)
    return exists().where(
        grant.person_id == curator.id,
        curates(grant, Review.topic_id, Review.lesson_id),
        curator.is_active,
        ~hand(curator.id, Review.lesson_id),
        closeness(curator.id, Review, BOUND).is_(None),
    )


def without_curator(now: datetime, lesson_ids: Sequence[int] | None = None) -> Sequence[Review]:
    """Open reviews that no curator may decide and that are not handed up yet; those who come second count."""
    waits = Review.state == "open", Review.widened_at.is_not(None), Review.handed_up_at.is_(None)
    statement = select(Review).where(*waits, ~_curator_is_free())
    if lesson_ids is not None:
        statement = statement.where(Review.lesson_id.in_(lesson_ids))
    return db.session.scalars(statement.order_by(Review.id).limit(AT_ONCE), bound(now)).all()
