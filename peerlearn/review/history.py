"""The lines of a lesson's history: what happened in its reviews, and whether it is shown. Its authors can read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import insert, select
from sqlalchemy.orm import joinedload

from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.review import rules
from peerlearn.review.models import Remark, Review, ReviewAct, StandingAct
from peerlearn.review.queries import NAME


def note(review: Review, act: str, actor_id: int, words: str = "", remark: Remark | None = None) -> None:
    """Write down what somebody did in a review."""
    db.session.add(
        ReviewAct(
            review_id=review.id,
            lesson_id=review.lesson_id,
            actor_id=actor_id,
            act=rules.ACTS[act].slug,
            note=words,
            remark_id=remark.id if remark else None,
            at=clock.now(),
        )
    )


def note_all(act: str, whose: Iterable[tuple[int, int, int]]) -> None:
    """Write down the same for many reviews in one statement: each one's id, its lesson and who did it."""
    slug, now = rules.ACTS[act].slug, clock.now()
    rows = [
        {"review_id": review_id, "lesson_id": lesson_id, "actor_id": actor_id, "act": slug, "at": now}
        for review_id, lesson_id, actor_id in whose
    ]
    db.session.execute(insert(ReviewAct), rows)


def standing_of(lesson_id: int, limit: int = 100) -> Sequence[StandingAct]:
    """Who verified, hid, archived or brought back a lesson, the newest first."""
    statement = (
        select(StandingAct)
        .where(StandingAct.lesson_id == lesson_id)
        .options(joinedload(StandingAct.actor).options(NAME))
    )
    return db.session.scalars(statement.order_by(StandingAct.id.desc()).limit(limit)).all()
