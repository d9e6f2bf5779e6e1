"""A submission comes into the queue, and may be taken back out of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import current_app
from sqlalchemy import insert

from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.lessons import alike, fileformat
from peerlearn.lessons import queries as lesson_queries
from peerlearn.review import assigning, handing_up, history, queries, rules, trust, trusting
from peerlearn.review.models import Review
from peerlearn.review.rules import POLICY


def open_reviews(submissions: Sequence[tuple[int, int, int]]) -> None:
    """Put submissions (revision, topic, who) into the queue.

    Whoever asked for changes before has the first right to a submission for a day. A small edit by a trusted author
    that comes alone goes live instead.
    """
    now, ids = clock.now(), [revision_id for revision_id, _topic, _by in submissions]
    zone = clock.zone(clock.organisation_zone())
    due, decide_by = (
        rules.working_days_after(now, days, zone) for days in (POLICY.response_days, POLICY.decision_days)
    )
    earlier, revisions = queries.earlier_reviews(ids), lesson_queries.revisions_by_id(ids)
    rows = []
    for revision_id, topic_id, submitted_by_id in submissions:
        revision, before = revisions[revision_id], earlier[revision_id]
        file = fileformat.parse(revision.source)
        similar = next(iter(alike.similar_published(file, lesson_id=revision.lesson_id, limit=1)), None)
        last = next((one for one in reversed(before) if one.state != "withdrawn"), None)
        is_back = last is not None and last.state == "changes_requested"
        if len(submissions) == 1 and last is None and trusting.publish_small(revision, topic_id, submitted_by_id):
            return
        row: dict[str, Any] = {"revision_id": revision_id, "lesson_id": revision.lesson_id, "topic_id": topic_id}
        row |= {"submitted_by_id": submitted_by_id, "submitted_at": now, "due_at": due}
        row |= {"decide_by": decide_by}
        row |= {"similarity": similar.score if similar else 0.0, "similar_id": similar.lesson_id if similar else None}
        row |= {"round": before[-1].round + 1 if before else 1, "hints": revision.extras.get("remarks", 0)}
        row["is_blind"] = _is_blind(revision_id, row["round"])
        row["first_right_id"] = last.decided_by_id if last and is_back else None
        row["first_right_until"] = now + POLICY.first_right if is_back else None
        rows.append(row)
    new = insert(Review).returning(Review.id, Review.lesson_id, Review.submitted_by_id)
    opened = db.session.execute(new, rows).all()
    history.note_all("submitted", ((review_id, lesson_id, who) for review_id, lesson_id, who in opened))
    handing_up.hand_up([lesson_id for _id, lesson_id, _who in opened])


def _is_blind(revision_id: int, number: int) -> bool:
    """Whether chance chose that its curator does not see who wrote it."""
    settings = current_app.config["SETTINGS"]
    share = settings.blind_percent / 100
    return trust.is_drawn(settings.secret_key, "blind", revision_id, number, share=share)


def withdraw_review(revision_id: int, by_id: int) -> None:
    """Take a submission out of the queue."""
    for review in queries.waiting_review_of(revision_id):
        review.state = str(rules.State.WITHDRAWN)
        review.goes_live_at = review.decided_by_id = review.decided_at = None
        assigning.settle(review.id, None)
        history.note(review, "withdrawn", by_id)
