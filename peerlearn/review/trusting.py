"""Small edits by trusted authors go live at once; one in ten is looked at afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from statistics import mean
from typing import Any

from flask import current_app
from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.deeds import deed, publish
from peerlearn.lessons import actions as lessons
from peerlearn.lessons import fileformat, lengths, minor, queries
from peerlearn.lessons.models import Lesson, LessonAuthor, LessonTopic, Revision
from peerlearn.lessons.rules import FOR_SOME
from peerlearn.review import trust
from peerlearn.review.events import SmallEditWentLive
from peerlearn.review.models import Report, Review, StandingAct, TrustedEdit


@deed
def publish_small(revision: Revision, topic_id: int, by_id: int) -> bool:
    """Let an edit go live without a review, if it is small and its author is trusted; whether it did."""
    if revision.is_major:
        return False
    lesson = db.session.get_one(Lesson, revision.lesson_id)
    old = db.session.get(Revision, lesson.published_id) if lesson.published_id else None
    if old is None or lesson.state != "published" or lesson.classification in FOR_SOME:
        return False
    if lengths.is_to_be_allowed(lesson.id, revision.minutes):
        return False
    now = clock.now()
    if not trust.is_trusted(record_of(by_id, topic_id, now)) or not _is_small(lesson.id, old, revision):
        return False
    by = db.session.get_one(Person, by_id)
    lessons.publish(revision, by=by, rating=old.extras.get("rating"), is_checked=False)
    edit = TrustedEdit(
        lesson_id=lesson.id,
        topic_id=topic_id,
        revision_id=revision.id,
        base_id=old.id,
        person_id=by_id,
        is_drawn=is_drawn(lesson.id, revision.id),
        at=now,
    )
    db.session.add(edit)
    db.session.add(StandingAct(lesson_id=lesson.id, actor_id=by_id, act="publish_edit", at=now))
    publish(SmallEditWentLive(lesson.id, revision.id), by=by)
    return True


def _is_small(lesson_id: int, old: Revision, new: Revision) -> bool:
    """Whether a text differs little from the last one that a curator read, and takes back nothing of a curator's.

    That one is the published text as it stood before the first small edit that nobody looked at. What a curator puts
    into a published lesson was read; what a trusted author adds in many small steps was not.
    """
    approved = aliased(Revision)
    last_approved = (
        select(func.coalesce(func.max(approved.number), 0))
        .join(Review, Review.revision_id == approved.id)
        .where(approved.lesson_id == lesson_id, Review.state == "approved")
        .scalar_subquery()
    )
    reviewed = select(Revision.id).where(Revision.lesson_id == lesson_id, Revision.number == last_approved)
    unread = (
        select(TrustedEdit.base_id)
        .join(Revision, Revision.id == TrustedEdit.revision_id)
        .where(TrustedEdit.lesson_id == lesson_id, TrustedEdit.state != "fine", Revision.number > last_approved)
        .order_by(TrustedEdit.id)
        .limit(1)
    )
    row = db.session.execute(select(unread.scalar_subquery(), reviewed.scalar_subquery())).one()
    read_id, reviewed_id = row[0] or old.id, row[1]
    sources = queries.sources_of({old.id, read_id, reviewed_id or read_id})
    files = {revision_id: fileformat.parse(source) for revision_id, source in sources.items()}
    file, read = fileformat.parse(new.source), files[read_id]
    return (
        minor.is_small(files[old.id], file)
        and minor.is_small(read, file)
        and not minor.puts_back(read, files[reviewed_id or read_id], file)
    )


def is_drawn(lesson_id: int, revision_id: int) -> bool:
    """Whether a small edit is looked at afterwards; its author cannot know."""
    secret = current_app.config["SETTINGS"].secret_key
    return trust.is_drawn(secret, "audit", lesson_id, revision_id, share=trust.POLICY.audited)


def record_of(person_id: int, topic_id: int, now: datetime) -> trust.Record:
    """What is known of an author in a topic, in one statement."""
    rows = db.session.execute(_known(person_id, now).where(LessonTopic.topic_id == topic_id)).all()
    return _record([row[1:] for row in rows])


def records_of(person_id: int, now: datetime) -> dict[int, trust.Record]:
    """What is known of an author in each topic in which they published, in one statement."""
    by_topic: dict[int, list[Any]] = {}
    for topic_id, *row in db.session.execute(_known(person_id, now)):
        by_topic.setdefault(topic_id, []).append(row)
    return {topic_id: _record(rows) for topic_id, rows in by_topic.items()}


def _known(person_id: int, now: datetime) -> Any:
    """A row for each topic, published lesson and approval: what speaks for its author, and what against."""
    policy = trust.POLICY
    blamed = exists().where(
        Report.lesson_id == Lesson.id, Report.state == "upheld", Report.decided_at >= now - policy.blameless
    )
    failed = exists().where(
        TrustedEdit.person_id == person_id,
        TrustedEdit.state == "failed",
        TrustedEdit.decided_at >= now - policy.pause,
    )
    mine = select(LessonAuthor.lesson_id).where(LessonAuthor.person_id == person_id)
    return (
        select(LessonTopic.topic_id, Lesson.id, Review.round, Review.rubric, blamed, failed)
        .join(Lesson, Lesson.id == LessonTopic.lesson_id)
        .outerjoin(Review, (Review.lesson_id == Lesson.id) & (Review.state == "approved"))
        .where(Lesson.id.in_(mine), Lesson.published_at.is_not(None))
    )


def _record(rows: Sequence[Any]) -> trust.Record:
    return trust.Record(
        lessons=len({row[0] for row in rows}),
        rounds=tuple(row[1] for row in rows if row[1] is not None),
        ratings=tuple(mean(row[2].values()) for row in rows if row[2]),
        was_blamed=any(row[3] for row in rows),
        failed_audit=any(row[4] for row in rows),
    )
