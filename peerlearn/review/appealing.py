"""An appeal: authors ask once that another curator looks at a text that was not accepted."""

from __future__ import annotations

from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.core.db import db
from peerlearn.core.deeds import deed
from peerlearn.core.errors import Conflict, NotFound, NotValid
from peerlearn.core.words import N_
from peerlearn.lessons import sharing
from peerlearn.lessons import showing as lessons
from peerlearn.review import coming_in, handing_up, history, queries, rules
from peerlearn.review.models import Review

ONCE = N_("There was an appeal about this text already. You can change it and hand it in once more.")


@deed
def appeal(review: Review, words: str, *, by: Person) -> Review:
    """Let another curator decide about the same text; whoever did not accept it may not."""
    if not any(author.person_id == by.id for author in review.lesson.authors):
        raise NotFound()
    db.session.refresh(review.revision, ["state", "version", "saved_at", "submitted_at"], with_for_update=True)
    if review.state != rules.State.REJECTED:
        raise NotFound()
    if _was_appealed(review.revision_id):
        raise Conflict(ONCE)
    words = sharing.words(words, "text")
    problem = rules.text_problem(words)
    if problem:
        raise NotValid(problem, fields={"text": [problem]})
    lessons.hand_back_in(review.revision, by=by)
    coming_in.open_reviews([(review.revision_id, review.topic_id, by.id)])
    again = queries.waiting_review_of(review.revision_id)[0]
    again.appeal_of_id, again.appeal_text = review.id, words
    db.session.flush()
    history.note(again, "appealed", by.id, words)
    handing_up.hand_up([review.lesson_id])
    return again


def _was_appealed(revision_id: int) -> bool:
    """Whether there was an appeal about a revision."""
    found = select(Review.id).where(Review.revision_id == revision_id, Review.appeal_of_id.is_not(None))
    return bool(db.session.scalar(select(found.exists())))
