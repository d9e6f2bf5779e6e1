"""What a decision tells: that a review is done, and how near others came who had rated the text before."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import mean

from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.deeds import publish
from peerlearn.review import advice, figures, queries, rules, second
from peerlearn.review.events import RatingCompared, ReviewDone
from peerlearn.review.models import Assignment, Review


def announce(review: Review, by: Person, *, stands_in: bool, outcome: str = "", comment: str | None = None) -> None:
    """Say that somebody decided. An `outcome` is given where it takes another one, so that nothing is final yet."""
    at = review.decided_at or clock.now()
    words = review.reason_text if comment is None else comment
    own = [one.text for one in queries.remarks_of(review.id) if one.author_id == by.id]
    publish(
        ReviewDone(
            review_id=review.id,
            lesson_id=review.lesson_id,
            outcome=outcome or review.state,
            has_rubric=bool(outcome) or review.rubric is not None,
            has_comment=rules.has_paid_comment([words, *own]),
            in_time=not rules.is_overdue(review.due_at, at),
            stood_in=stands_in,
            reliability=figures.reliability_of(by.id),
        ),
        by=by,
    )
    final = None if outcome else second.rating_of(review)
    if final is not None:
        for review_id, person_id, rating in _earlier(review):
            publish(RatingCompared(review_id, review.lesson_id, person_id, round(rating - final, 4)), by=by)


def _earlier(review: Review) -> Iterator[tuple[int, int, float]]:
    """Who rated this text before: colleagues who advised on it, and on appeal whoever had not accepted it."""
    if review.peers == advice.ASKED:
        given = select(Assignment.person_id, Assignment.rubric).where(
            Assignment.review_id == review.id, Assignment.part == "peer", Assignment.state == "done"
        )
        for person_id, rubric in db.session.execute(given.order_by(Assignment.id)):
            yield review.id, person_id, mean(rubric.values())
    if review.appeal_of_id is not None:
        before = select(Review.decided_by_id, Review.rubric).where(Review.id == review.appeal_of_id)
        person_id, rubric = db.session.execute(before).one()
        if rubric:
            yield review.appeal_of_id, person_id, mean(rubric.values())
