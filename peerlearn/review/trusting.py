"""Small edits go live at once: those of trusted authors, and those of readers that a curator takes over.

One in ten is looked at afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import chain
from statistics import mean
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, exists, func, select
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
    rows = _rows_of(by_id, topic_id, now)
    is_author = any(row[0] == lesson.id for row in rows)
    if not is_author or not trust.is_trusted(_record(rows)) or not is_small(lesson.id, old, revision.source):
        return False
    by = db.session.get_one(Person, by_id)
    lessons.publish(revision, by=by, rating=old.extras.get("rating"), is_checked=False)
    keep(revision, old.id, topic_id, is_drawn=is_drawn(lesson.id, revision.id))
    db.session.add(StandingAct(lesson_id=lesson.id, actor_id=by_id, act="publish_edit", at=now))
    publish(SmallEditWentLive(lesson.id, revision.id), by=by)
    return True


def keep(revision: Revision, base_id: int, topic_id: int, *, is_drawn: bool, accepted_by_id: int | None = None) -> None:
    """Remember that a text is live which nobody reviewed as a whole, and whether somebody looks at it later."""
    what = {"lesson_id": revision.lesson_id, "topic_id": topic_id, "revision_id": revision.id}
    who = {"person_id": revision.writer_id, "accepted_by_id": accepted_by_id}
    db.session.add(TrustedEdit(**what, **who, base_id=base_id, is_drawn=is_drawn, at=clock.now()))


def is_small(lesson_id: int, old: Revision, source: str, *, is_taken_over: bool = False) -> bool:
    """Whether a text differs little from the last one that a curator read, and takes back nothing of a curator's.

    That one is the published text as it stood before the first small edit that nobody looked at: what is added in many
    small steps was not read, whoever added it. What a curator took over stays, unless a curator takes over what is put
    there instead.
    """
    approved = aliased(Revision)
    last_approved = (
        select(func.coalesce(func.max(approved.number), 0))
        .join(Review, Review.revision_id == approved.id)
        .where(approved.lesson_id == lesson_id, Review.state == "approved")
        .scalar_subquery()
    )
    reviewed = select(Revision.id).where(Revision.lesson_id == lesson_id, Revision.number == last_approved)
    edits = (
        select(TrustedEdit)
        .join(Revision, Revision.id == TrustedEdit.revision_id)
        .where(TrustedEdit.lesson_id == lesson_id, Revision.number > last_approved)
        .subquery()
    )
    known = select(edits, reviewed.scalar_subquery().label("reviewed_id")).select_from(Lesson)
    known = known.outerjoin(edits, edits.c.lesson_id == Lesson.id).where(Lesson.id == lesson_id)
    rows = db.session.execute(known.order_by(edits.c.id)).all()
    read_id = next((row.base_id for row in rows if row.id and row.state != "fine"), old.id)
    put_in = [(rows[0].reviewed_id or read_id, read_id)]
    put_in += [(row.base_id, row.revision_id) for row in rows if row.accepted_by_id]
    sources = queries.sources_of({old.id, read_id, *chain.from_iterable(put_in)})
    files = {revision_id: fileformat.parse(text) for revision_id, text in sources.items()}
    file, now = fileformat.parse(source), files[old.id]
    return (
        minor.is_small(now, file)
        and minor.is_small(files[read_id], file)
        and (is_taken_over or not any(minor.puts_back(files[to], files[of], file, now) for of, to in put_in))
    )


def is_drawn(lesson_id: int, revision_id: int) -> bool:
    """Whether a small edit is looked at afterwards; its author cannot know."""
    secret = current_app.config["SETTINGS"].secret_key
    return trust.is_drawn(secret, "audit", lesson_id, revision_id, share=trust.POLICY.audited)


def record_of(person_id: int, topic_id: int, now: datetime) -> trust.Record:
    """What is known of an author in a topic, in one statement."""
    return _record(_rows_of(person_id, topic_id, now))


def _rows_of(person_id: int, topic_id: int, now: datetime) -> list[Any]:
    return [row[1:] for row in db.session.execute(_known(person_id, now).where(LessonTopic.topic_id == topic_id))]


def has_failed(person_id: int, now: datetime) -> bool:
    """Whether a look found fault lately with a small edit that this person let go live, their own or one taken over."""
    return bool(db.session.scalar(select(_has_failed(person_id, now))))


def _has_failed(person_id: int, now: datetime) -> ColumnElement[bool]:
    return exists().where(
        func.coalesce(TrustedEdit.accepted_by_id, TrustedEdit.person_id) == person_id,
        TrustedEdit.state == "failed",
        TrustedEdit.decided_at >= now - trust.POLICY.pause,
    )


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
    mine = select(LessonAuthor.lesson_id).where(LessonAuthor.person_id == person_id)
    return (
        select(LessonTopic.topic_id, Lesson.id, Review.round, Review.rubric, blamed, _has_failed(person_id, now))
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
