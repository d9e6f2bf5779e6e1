"""Small edits by trusted authors go live at once; one in ten is looked at afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import mean
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, exists, func, null, select, true
from sqlalchemy.orm import joinedload

from peerlearn.accounts.models import Person
from peerlearn.core import clock, text
from peerlearn.core.db import db
from peerlearn.core.deeds import deed, publish
from peerlearn.core.errors import Conflict, NotAllowed, NotFound, NotValid
from peerlearn.core.words import N_
from peerlearn.lessons import actions as lessons
from peerlearn.lessons import fileformat, minor
from peerlearn.lessons.models import Lesson, LessonAuthor, LessonTopic, Revision
from peerlearn.lessons.queries import of_topics
from peerlearn.lessons.rules import FOR_SOME
from peerlearn.review import conflicts, impartiality, queries, rules, trust
from peerlearn.review.conflicts import Desk
from peerlearn.review.events import AuditFailed, SmallEditWentLive
from peerlearn.review.impartiality import Closeness, Since
from peerlearn.review.models import Report, Review, StandingAct, TrustedEdit
from peerlearn.review.queries import NAME, TITLE

DECIDED = N_("Somebody looked at this already.")


@deed
def publish_small(revision: Revision, topic_id: int, by_id: int) -> bool:
    """Let an edit go live without a review, if it is small and its author is trusted; whether it did."""
    if revision.is_major:
        return False
    lesson = db.session.get_one(Lesson, revision.lesson_id)
    old = db.session.get(Revision, lesson.published_id) if lesson.published_id else None
    if old is None or lesson.state != "published" or lesson.classification in FOR_SOME:
        return False
    if not minor.is_small(fileformat.parse(old.source), fileformat.parse(revision.source)):
        return False
    now = clock.now()
    if not trust.is_trusted(record_of(by_id, topic_id, now)):
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


# looking afterwards


class _Edited:
    """What closeness asks of a review, of a small edit."""

    lesson_id = TrustedEdit.lesson_id
    appeal_of_id = null()
    first_approved_by_id = null()


@dataclass(frozen=True)
class Seen:
    """A small edit as one person meets it."""

    edit: TrustedEdit
    refusal: str | None  # why they may not judge it


def _theirs(topics: frozenset[int], stands_in: bool) -> ColumnElement[bool]:
    """Whether a small edit is in one of these topics; administrators may look at all."""
    return true() if stands_in else of_topics(topics, TrustedEdit.topic_id, TrustedEdit.lesson_id)


def _seen(person: Person) -> Any:
    desk = Desk.of(person) or Desk(frozenset(), stands_in=False)
    return select(
        TrustedEdit,
        queries.had_a_hand(person.id, TrustedEdit.lesson_id),
        conflicts.closeness(person.id, _Edited, Since.at(clock.now())),
    ).where(TrustedEdit.is_drawn, _theirs(desk.topics, desk.stands_in))


def _as_met(row: Any, person: Person) -> Seen:
    close = Closeness(row[2]) if row[2] else None
    if row[1]:
        return Seen(row[0], rules.OWN)
    if close and not (person.may("stand_in") and close in impartiality.WAIVED):
        return Seen(row[0], impartiality.SENTENCES[close])
    return Seen(row[0], None)


def to_look_at(person: Person, limit: int = 50) -> Sequence[Seen]:
    """Small edits that chance chose and nobody has looked at, the oldest first."""
    statement = (
        _seen(person)
        .where(TrustedEdit.state == "live")
        .options(joinedload(TrustedEdit.lesson).options(TITLE), joinedload(TrustedEdit.person).options(NAME))
        .order_by(TrustedEdit.id)
        .limit(limit)
    )
    return [_as_met(row, person) for row in db.session.execute(statement)]


def edit_to_see(edit_id: int, person: Person) -> Seen:
    """A small edit of one's topics that chance chose, with both texts."""
    statement = (
        _seen(person)
        .where(TrustedEdit.id == edit_id)
        .options(
            joinedload(TrustedEdit.lesson).options(TITLE),
            joinedload(TrustedEdit.person).options(NAME),
            joinedload(TrustedEdit.base).load_only(Revision.source),
            joinedload(TrustedEdit.revision).load_only(Revision.source, Revision.number),
        )
    )
    row = db.session.execute(statement).first()
    if row is None:
        raise NotFound()
    return _as_met(row, person)


def waiting(topics: frozenset[int], stands_in: bool, me: Any) -> Any:
    """How many small edits wait to be looked at, as part of a statement."""
    return (
        select(func.count(TrustedEdit.id))
        .where(TrustedEdit.is_drawn, TrustedEdit.state == "live", _theirs(topics, stands_in))
        .where(~queries.had_a_hand(me, TrustedEdit.lesson_id))
        .scalar_subquery()
    )


@deed
def judge(edit_id: int, verdict: str, reason: str, *, by: Person) -> None:
    """Say whether a small edit was one. Where it was not, its author's small edits are reviewed again for a while."""
    seen = edit_to_see(edit_id, by)
    edit = seen.edit
    db.session.refresh(edit, ["state"], with_for_update=True)
    if seen.refusal:
        raise NotAllowed(seen.refusal)
    if edit.state != "live":
        raise Conflict(DECIDED)
    if verdict not in trust.VERDICTS:
        raise NotValid(N_("Choose what you found."), fields={"verdict": [N_("Choose what you found.")]})
    reason = text.clean_block(reason).strip()
    problem = rules.text_problem(reason) if verdict == "failed" else None
    if problem:
        raise NotValid(problem, fields={"reason": [problem]})
    edit.state, edit.decided_by_id, edit.decided_at = verdict, by.id, clock.now()
    act = f"audit_{verdict}"
    db.session.add(StandingAct(lesson_id=edit.lesson_id, actor_id=by.id, act=act, reason=reason, at=clock.now()))
    if verdict == "failed":
        publish(AuditFailed(edit.id, edit.lesson_id, edit.person_id), by=by)
