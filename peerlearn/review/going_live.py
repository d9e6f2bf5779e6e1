"""Approved revisions go live: at once, on the day they were approved for, or when a curator says now.

No process waits for the day. Somebody's next request lets it happen after its response, `peerlearn go-live` does it
from a timer, and both may come twice: what is live is not published again.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db, start_writing
from peerlearn.core.deeds import deed, publish
from peerlearn.core.errors import Conflict, NotValid
from peerlearn.core.words import N_
from peerlearn.lessons import actions as lessons
from peerlearn.lessons import freshness, machine
from peerlearn.lessons.models import Lesson, Revision
from peerlearn.review import advising, copies, drawing, history, queries
from peerlearn.review.events import LessonApproved, LessonVerified
from peerlearn.review.models import Review

DAYS_AHEAD = 365
AT_ONCE = 20  # how many go live in one transaction
WRONG_DAY = N_("Choose a day from tomorrow on, within a year.")
ALREADY = N_("It went live or was withdrawn meanwhile. Reload to see where it stands.")


def moment_of(day: date | None, zone_name: str) -> datetime:
    """When that day begins for the organisation. Raises NotValid for a day that is not ahead."""
    today = clock.today(zone_name)
    if day is None or not today < day <= today + timedelta(days=DAYS_AHEAD):
        raise NotValid(WRONG_DAY, fields={"goes_live_on": [WRONG_DAY]})
    return clock.start_of_day(day, zone_name)


@deed
def show(review: Review, *, by: Person) -> None:
    """Publish an approved revision, and say so to whom it concerns."""
    revision, lesson = review.revision, review.lesson
    is_first = lesson.published_id is None
    known = copies.look_again(review)
    new = queries.newcomers(lesson.id, [author.person_id for author in lesson.authors], besides=review.id)
    checked = lesson.check_on
    lessons.publish(revision, by=by, rating=advising.rating_of(review))
    drawing.draw(review)
    if checked and freshness.is_in_time(checked, clock.today(clock.organisation_zone())):
        day = checked.isoformat()
        publish(LessonVerified(lesson.id, lesson.owner_id, day, by_owner=True, in_time=True, was_read=True), by=by)
    publish(
        LessonApproved(
            review_id=review.id,
            lesson_id=lesson.id,
            revision_id=revision.id,
            major=lesson.major,
            is_first=is_first,
            similarity=known.closest if is_first else review.similarity,
            topic_ids=tuple(queries.topic_ids_of(lesson.id)),
            shares=tuple((author.person_id, author.share) for author in lesson.authors),
            newcomer_ids=tuple(new),
            words=revision.words,
            questions=len(revision.extras["odds"]) if "odds" in revision.extras else None,
            copied=known.source.score if known.source else 0.0,
            stands_in=known.source.lesson_id if known.source else None,
            is_its_own=known.is_its_own,
        ),
        by=by,
    )


@deed
def publish_now(review: Review, *, by: Person) -> None:
    """Do not wait for the day."""
    db.session.refresh(review.revision, ["state", "version"], with_for_update=True)
    if not machine.may("publish_now", review.revision.state, machine.CURATOR):
        raise Conflict(ALREADY)
    review.goes_live_at = None
    show(review, by=by)
    history.note(review, "went_live", by.id)


def go_live_due() -> bool:
    """Publish what waited for a day that has come; whether more is left. Safe to run twice and in two processes."""
    if not db.session.scalar(select(_due().exists())):
        return False
    start_writing()
    statement = _due().options(*queries.for_actions(), joinedload(Review.decided_by)).order_by(Review.goes_live_at)
    found = db.session.scalars(statement.limit(AT_ONCE)).unique().all()
    for review in found:
        assert review.decided_by is not None
        publish_now(review, by=review.decided_by)
    return len(found) == AT_ONCE


def _due() -> Select[Review]:
    """What waits for a moment that has come, and has an owner who is here.

    A hidden or archived lesson stays so until somebody decides about it.
    """
    return (
        select(Review)
        .join(Revision, Revision.id == Review.revision_id)
        .join(Lesson, Lesson.id == Review.lesson_id)
        .join(Person, Person.id == Lesson.owner_id)
        .where(
            Person.is_active,
            Review.goes_live_at <= clock.now(),
            Revision.state == str(machine.Place.SCHEDULED),
            Lesson.state.in_(("unpublished", "published")),
        )
    )
