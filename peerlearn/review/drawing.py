"""Which approvals are looked at again: what was known between curator and authors is asked when a lesson goes live."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased

from peerlearn.accounts import rules as accounts
from peerlearn.accounts.models import Grant, Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.lessons.models import LessonAuthor
from peerlearn.review import conflicts, rules, second, trust, twice
from peerlearn.review.models import Review, ReviewAct, SecondLook
from peerlearn.review.twice import Dealings


def draw(review: Review) -> None:
    """Where an approval that goes live now is to be looked at again, keep that, and why.

    What two curators approved was looked at twice. Where nobody else could ever look, nobody is asked to.
    """
    if review.first_approved_by_id is not None or second.takes_two(review):
        return
    known = db.session.execute(_known(), {"review_id": review.id}).all()
    took = known[0].decided_at - known[0].taken_at
    dealings = [Dealings(row.approvals, row.by_curator, row.in_return) for row in known]
    why = twice.reason(took, review.revision.words, dealings, alone=known[0].alone, by_chance=_chance_chooses(review))
    if why and known[0].somebody_could:
        where = {"lesson_id": review.lesson_id, "topic_id": review.topic_id, "revision_id": review.revision_id}
        whose = {"review_id": review.id, "approved_by_id": review.decided_by_id}
        db.session.add(SecondLook(**where, **whose, reason=str(why), at=clock.now()))


def _chance_chooses(review: Review) -> bool:
    settings = current_app.config["SETTINGS"]
    share = settings.second_look_percent / 100
    return trust.is_drawn(settings.secret_key, "again", review.id, review.revision_id, share=share)


@cache
def _known() -> Any:
    """A row for each author of an approved lesson, in one statement that is made once."""
    author = aliased(LessonAuthor)
    theirs = (ReviewAct.review_id == Review.id, ReviewAct.actor_id == Review.decided_by_id)
    taken = select(func.min(ReviewAct.at)).where(*theirs, ReviewAct.act == "claimed")
    decided = select(ReviewAct.id).where(*theirs, ReviewAct.act == "approved")
    curator = Review.decided_by_id
    return (
        select(
            Review.decided_at,
            func.coalesce(taken.scalar_subquery(), Review.decided_at).label("taken_at"),
            _approvals(author.person_id).label("approvals"),
            _approvals(author.person_id, by=curator).label("by_curator"),
            _approvals(curator, by=author.person_id).label("in_return"),
            decided.where(ReviewAct.note.in_(rules.ALONE)).exists().label("alone"),
            _somebody_could_look().label("somebody_could"),
        )
        .select_from(Review)
        .outerjoin(author, author.lesson_id == Review.lesson_id)
        .where(Review.id == bindparam("review_id"))
    )


def _approvals(of: Any, by: Any = None) -> ColumnElement[int]:
    """How often lessons of a person were approved, by anybody or by one."""
    past, theirs = aliased(Review), aliased(LessonAuthor)
    conditions = [theirs.person_id == of, past.state == "approved"]
    conditions += [] if by is None else [past.decided_by_id == by]
    counted = select(func.count(past.id)).join(theirs, theirs.lesson_id == past.lesson_id).where(*conditions)
    return counted.correlate_except(past, theirs).scalar_subquery()


def _somebody_could_look() -> ColumnElement[bool]:
    """Whether there is somebody else who may look at an approval, now or when what makes them close has passed."""
    person, grant = aliased(Person), aliased(Grant)
    curates = conflicts.curates(grant, Review.topic_id, Review.lesson_id)
    is_admin = grant.role.in_(sorted(accounts.PERMISSIONS["stand_in"].roles))
    return exists().where(
        grant.person_id == person.id,
        or_(curates, is_admin),
        person.is_active,
        person.id != Review.decided_by_id,
        ~conflicts.hand(person.id, Review.lesson_id),
        ~conflicts.decided_before(person.id, Review),
        ~conflicts.declared(person.id, Review.lesson_id),
        ~conflicts.recused(person.id, Review),
        or_(is_admin, ~conflicts.leads_or_is_led(person.id, Review)),
    )
