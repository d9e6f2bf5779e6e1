"""What somebody took to decide and gives back: the review waits in the queue as if they had not come."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from peerlearn.core.db import db
from peerlearn.review.models import Remark, Review


def give_back(reviews: Sequence[Review], person_id: int) -> bool:
    """End this person's claims and first rights; whether they held any. Who said nothing has answered nobody."""
    held = [review for review in reviews if person_id in (review.claimed_by_id, review.first_right_id)]
    claimed = [review for review in held if review.claimed_by_id == person_id]
    said = _with_remarks([review.id for review in claimed if review.responded_at == review.claimed_at])
    for review in claimed:
        if review.responded_at == review.claimed_at and review.id not in said:
            review.responded_at = None  # an answer is promised as before
        review.claimed_by = review.claimed_by_id = review.claimed_at = review.claimed_until = None
    for review in held:
        if review.first_right_id == person_id:
            review.first_right_id = review.first_right_until = None
    return bool(held)


def _with_remarks(review_ids: Sequence[int]) -> frozenset[int]:
    """Which of these reviews have remarks."""
    if not review_ids:
        return frozenset()
    return frozenset(db.session.scalars(select(Remark.review_id).where(Remark.review_id.in_(review_ids))))
