"""The doors to lessons, revisions, topics and pictures: give me this one to do that, or say no.

What a person may not know of is missing: both answer 404.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, or_, select

from peerlearn.accounts import rules as accounts
from peerlearn.accounts.models import Person
from peerlearn.core.db import db
from peerlearn.core.errors import NotAllowed, NotFound
from peerlearn.core.words import N_
from peerlearn.lessons import fileformat, queries, rules, visibility
from peerlearn.lessons.models import EarlyReader, Lesson, LessonAuthor, LessonTopic, Picture, Revision, Topic


@dataclass(frozen=True)
class Editing:
    """A lesson in its author's hands: the revision being written, or None when there is only a published one."""

    lesson: Lesson
    revision: Revision | None


@dataclass(frozen=True)
class Chronicle:
    """A lesson's history as this person may see it: which states of revisions, and whether they may bring one back."""

    lesson: Lesson
    states: frozenset[str]
    is_author: bool


def is_author(lesson: Lesson, person: Person) -> bool:
    """Whether a person wrote this lesson, alone or with others; the lesson's authors are loaded."""
    return any(author.person_id == person.id for author in lesson.authors)


def curates(lesson: Lesson, person: Person) -> bool:
    """Whether a person is curator of one of the lesson's topics and did not write it."""
    topics = {lesson.topic_id, *(topic.topic_id for topic in lesson.topics)}
    return any(person.holds(accounts.CURATOR, topic) for topic in topics) and not is_author(lesson, person)


def lesson_to_edit(lesson_id: int, *, by: Person) -> Editing:
    """A lesson of one's own, with its open revision."""
    lesson = queries.lesson_by_id(lesson_id)
    if lesson is None or not is_author(lesson, by):
        raise NotFound()
    return Editing(lesson, queries.open_revision(lesson_id))


def revision_to_edit(lesson_id: int, *, by: Person) -> tuple[Lesson, Revision]:
    """The open revision of a lesson of one's own."""
    editing = lesson_to_edit(lesson_id, by=by)
    if editing.revision is None:
        raise NotFound()
    return editing.lesson, editing.revision


def lesson_to_own(lesson_id: int, *, by: Person) -> Editing:
    """A lesson whose authors one may choose, with its open revision: only its owner may."""
    editing = lesson_to_edit(lesson_id, by=by)
    if editing.lesson.owner_id != by.id:
        raise NotAllowed()
    return editing


def lesson_to_follow(lesson_id: int, *, by: Person) -> Chronicle:
    """A lesson whose history one may read: authors all of it, curators of its topics what was ever handed in."""
    lesson = queries.lesson_by_id(lesson_id)
    if lesson is None:
        raise NotFound()
    if is_author(lesson, by):
        return Chronicle(lesson, frozenset(rules.State), is_author=True)
    if curates(lesson, by):
        return Chronicle(lesson, frozenset(rules.SHOWN_TO_CURATORS), is_author=False)
    raise NotFound()


def quiz_to_export(lesson_id: int, *, by: Person) -> tuple[Lesson, Revision]:
    """The newest text whose questions, keys included, a person may take away: its authors', and its curators'."""
    chronicle = lesson_to_follow(lesson_id, by=by)
    revision = queries.open_revision(lesson_id) if chronicle.is_author else None
    revision = revision or queries.newest_revision(lesson_id, rules.SHOWN_TO_CURATORS)
    if revision is None:
        raise NotFound()
    classes = {chronicle.lesson.classification, fileformat.parse(revision.source).front.classification}
    if rules.Classification.CONFIDENTIAL in classes:
        raise NotAllowed(N_("This lesson is confidential: its questions are not taken out."))
    return chronicle.lesson, revision


def lesson_to_build_on(slug: str, *, by: Person) -> tuple[Lesson, str, bool]:
    """A published lesson to begin one's own from: its file, and whether one may know the answers in it."""
    lesson = queries.lesson_by_slug(slug)
    if lesson is None or lesson.state != "published" or lesson.published_id is None:
        raise NotFound()
    if not (visibility.is_listed_for_anyone(lesson) and visibility.is_open_to(lesson, by)):
        raise NotFound()
    source = queries.sources_of([lesson.published_id])[lesson.published_id]
    return lesson, source, is_author(lesson, by) or curates(lesson, by)


def revision_to_restore(lesson_id: int, revision_id: int, *, by: Person) -> tuple[Lesson, Revision]:
    """An earlier revision of a lesson of one's own."""
    lesson = lesson_to_edit(lesson_id, by=by).lesson
    revision = db.session.get(Revision, revision_id)
    if revision is None or revision.lesson_id != lesson.id:
        raise NotFound()
    return lesson, revision


def topic_to_manage(topic_id: int, *, by: Person) -> Topic:
    """A topic an administrator may change."""
    if not by.may("manage_topics"):
        raise NotAllowed()
    topic = db.session.get(Topic, topic_id)
    if topic is None:
        raise NotFound()
    return topic


def picture_to_see(digest: str, *, by: Person) -> Picture:
    """A picture that stands in a published lesson, in one's own, or in one that waits for one's review or advice."""
    shown = exists().where(
        Lesson.state != "quarantined",
        visibility.is_for(by.id),
        Revision.lesson_id == Lesson.id,
        Revision.state.in_(_PUBLIC),
        Revision.source.contains(digest, autoescape=True),
    )
    mine = exists().where(LessonAuthor.lesson_id == Lesson.id, LessonAuthor.person_id == by.id)
    early = exists().where(EarlyReader.lesson_id == Lesson.id, EarlyReader.person_id == by.id)
    statement = select(Picture).join(Lesson, Lesson.id == Picture.lesson_id).where(Picture.digest == digest)
    picture = db.session.scalar(statement.where(or_(shown, mine, early, *_curated(by))).limit(1))
    if picture is None:
        raise NotFound()
    return picture


_PUBLIC = (rules.State.PUBLISHED, rules.State.SUPERSEDED)


def _curated(by: Person) -> list[ColumnElement[bool]]:
    """The condition under which a lesson waits for this person's review, for its day, or hidden for a decision."""
    scopes = by.scopes(accounts.CURATOR)
    if not scopes:
        return []
    waits = or_(
        Lesson.state == "quarantined",
        exists().where(
            Revision.lesson_id == Lesson.id, Revision.state.in_((rules.State.SUBMITTED, rules.State.SCHEDULED))
        ),
    )
    if accounts.EVERYWHERE in scopes:
        return [waits]
    teaches = exists().where(LessonTopic.lesson_id == Lesson.id, LessonTopic.topic_id.in_(scopes))
    return [and_(waits, or_(Lesson.topic_id.in_(scopes), teaches))]
