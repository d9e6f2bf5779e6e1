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
    Select,
    and_,
    bindparam,
    case,
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
from peerlearn.lessons.models import Lesson, LessonTopic
from peerlearn.review import ties
from peerlearn.review.impartiality import POLICY, Closeness, Since
from peerlearn.review.models import Review, ReviewAct
from peerlearn.review.ties import hand as hand
from peerlearn.review.ties import is_by_one_of

AT_ONCE = 100  # how many are handed up in one transaction

# in statements that are made once and filled in when they run
ME: Any = bindparam("me", type_=Integer)
LESSONS: Any = bindparam("lessons", expanding=True)
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


def closeness(me: Any, work: Any, since: Since, also: Any = None) -> ColumnElement[str | None]:
    """What makes this person too close to a text to decide, by its slug; null for nothing.

    A text is a review or what stands like one; `also` is whose work it is besides its authors and its writer. Making it
    takes longer than asking it: whoever asks often makes it once, of `ME` or a column and `BOUND`.
    """

    def by(people: Select[Any]) -> ColumnElement[bool]:
        return is_by_one_of(people, work, also)

    return case(
        (work.first_approved_by_id == me, str(Closeness.APPROVED)),
        (decided_before(me, work), str(Closeness.APPEALED)),
        (declared(me, work.lesson_id), str(Closeness.DECLARED)),
        (by(ties.named_by(me)), str(Closeness.RECUSED)),
        (by(ties.led_by(me)), str(Closeness.LEADS)),
        (by(ties.leads_of(me)), str(Closeness.LED)),
        (ties.builds_on_theirs(me, work), str(Closeness.ORIGIN)),
        (is_often(me, work, ties.decided_by(me, since.same_author), also), str(Closeness.OFTEN)),
        (by(ties.judges_of(me, since.in_return)), str(Closeness.IN_RETURN)),
        (by(ties.naming(me, work)), str(Closeness.APART)),
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


def recused(me: Any, work: Any) -> ColumnElement[bool]:
    """Whether this person leaves a text's writers to others, or they said the same before it was handed in."""
    return or_(is_by_one_of(ties.named_by(me), work), is_by_one_of(ties.naming(me, work), work))


def is_near(me: Any, work: Any) -> ColumnElement[bool]:
    """Whether this person is close to a text or to whoever wrote it for good, whatever either of them decided."""
    return or_(leads_or_is_led(me, work), recused(me, work), ties.builds_on_theirs(me, work))


def leads_or_is_led(me: Any, work: Any) -> ColumnElement[bool]:
    """Whether this person leads the team of whoever wrote a text, or is led by one of them."""
    return or_(is_by_one_of(ties.led_by(me), work), is_by_one_of(ties.leads_of(me), work))


def is_often(me: Any, work: Any, judged: Any, also: Any = None) -> ColumnElement[bool]:
    """Whether so many others of these lessons are by one of those whose work a text is."""
    writer, lesson = aliased(Person), aliased(Lesson)
    is_theirs = lesson.id.in_(judged), lesson.id != work.lesson_id, ties.is_or_was_author(writer.id, lesson.id)
    number = select(func.count(lesson.id)).where(*is_theirs).correlate_except(lesson).scalar_subquery()
    often = select(writer.id).where(number >= POLICY.same_author).correlate_except(writer)
    return is_by_one_of(often, work, also)


def close_by_advice(me: Any, work: Any, since: Since) -> ColumnElement[bool]:
    """Whether advice makes somebody too close who may be asked for it, where decisions alone do not.

    What they decided about the same author and what they advised on adds up. Whoever advised on a lesson of theirs
    counts as whoever decided about it.
    """
    return or_(
        is_often(me, work, ties.judged_by(me, since.same_author)),
        is_by_one_of(ties.advisers_of(me, since.in_return), work),
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
    which = {} if lesson_ids is None else {"lessons": [*lesson_ids]}
    return db.session.scalars(_without_curator(some=lesson_ids is not None), bound(now) | which).all()


@cache
def _without_curator(*, some: bool) -> Select[Review]:
    waits = Review.state == "open", Review.widened_at.is_not(None), Review.handed_up_at.is_(None)
    statement = select(Review).where(*waits, ~_curator_is_free()).order_by(Review.id).limit(AT_ONCE)
    return statement.where(Review.lesson_id.in_(LESSONS)) if some else statement
