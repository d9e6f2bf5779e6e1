"""Questions about lessons, their revisions, topics and pictures."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from markupsafe import Markup
from sqlalchemy import (
    ColumnElement,
    Integer,
    and_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased, defer, joinedload, load_only
from sqlalchemy.orm.attributes import set_committed_value

from peerlearn.accounts import rules as accounts
from peerlearn.accounts.models import Person
from peerlearn.core import clock, markdown, text
from peerlearn.core.db import db
from peerlearn.core.paging import PAGE, Page, page_of
from peerlearn.lessons import rules, visibility
from peerlearn.lessons.fileformat import LessonFile
from peerlearn.lessons.freshness import CRITICAL
from peerlearn.lessons.models import (
    OPEN_STATES,
    FormerSlug,
    Lesson,
    LessonAuthor,
    LessonTopic,
    Origin,
    Picture,
    Revision,
    Topic,
)
from peerlearn.quizzes.models import Item, ItemVersion, QuizItem

_PICTURE = re.compile(r"/media/([0-9a-f]{64})")
HEAVY = tuple(
    defer(column, raiseload=True) for column in (Revision.source, Revision.cards, Revision.hands)
)  # what lists leave out


@dataclass(frozen=True)
class ShownCard:
    """A card as a reader sees it."""

    number: int
    title: str
    html: Markup


@dataclass(frozen=True)
class Authored:
    """A lesson of somebody's with what waits on it: the open revision, if there is one."""

    lesson: Lesson
    open: Revision | None

    @property
    def state(self) -> str:
        """What its author should know first."""
        if self.open is not None:
            return self.open.state
        return self.lesson.state if self.lesson.published_id else str(rules.State.DISCARDED)


# lessons


def _whole() -> Any:
    """A lesson with topic, topics, authors and what it was made from in one statement; rows are few and small."""
    return select(Lesson).options(
        joinedload(Lesson.topic),
        joinedload(Lesson.topics).joinedload(LessonTopic.topic),
        joinedload(Lesson.authors).joinedload(LessonAuthor.person),
        with_origin(),
    )


def with_origin() -> Any:
    """Load along what a lesson was made from, as far as it is named."""
    named = joinedload(Lesson.owner).load_only(Person.id, Person.name)
    origin = load_only(Lesson.id, Lesson.slug, Lesson.title, Lesson.state, Lesson.owner_id, Lesson.classification)
    return joinedload(Lesson.origin).joinedload(Origin.lesson).options(origin, named)


def lesson_by_id(lesson_id: int) -> Lesson | None:
    """A lesson with its topics and authors."""
    found: Lesson | None = db.session.scalars(_whole().where(Lesson.id == lesson_id)).unique().one_or_none()
    return found


def lesson_by_uid(uid: str) -> Lesson | None:
    """The lesson with this id in its file, with topics and authors."""
    found: Lesson | None = db.session.scalars(_whole().where(Lesson.uid == uid)).unique().one_or_none()
    return found


def lesson_by_slug(slug: str) -> Lesson | None:
    """The lesson at this address, with topics, authors and its published revision, in two statements."""
    lesson: Lesson | None = db.session.scalars(_whole().where(Lesson.slug == slug)).unique().one_or_none()
    if lesson is not None and lesson.published_id:
        load_published([lesson])
    return lesson


def load_published(lessons: Iterable[Lesson]) -> None:
    """Fetch the published revisions of these lessons at once, without the text of their files."""
    wanted = {lesson.published_id: lesson for lesson in lessons if lesson.published_id}
    if wanted:
        statement = select(Revision).where(Revision.id.in_(wanted)).options(defer(Revision.source, raiseload=True))
        for revision in db.session.scalars(statement):
            set_committed_value(wanted[revision.id], "published", revision)


def slug_now(former: str, for_whom: ColumnElement[bool]) -> str | None:
    """Where a lesson moved that once stood at this address, if it is one of these."""
    statement = select(Lesson.slug).join(FormerSlug, FormerSlug.lesson_id == Lesson.id)
    return db.session.scalar(statement.where(FormerSlug.slug == former, for_whom))


def cards_of(revision: Revision) -> list[ShownCard]:
    """The cards of a submitted or published revision, ready to be shown."""
    return [
        ShownCard(number, card["title"], markdown.stored(card["html"]))
        for number, card in enumerate(revision.cards, start=1)
    ]


@dataclass(frozen=True)
class Wanted:
    """What a list of published lessons is narrowed to."""

    topic_id: int | None = None
    kind: str = ""
    minutes: int | None = None  # at most
    owner_id: int | None = None
    seen_by: int | None = None  # without it, only what is for all


def catalogue(wanted: Wanted, after: int | None = None, size: int = PAGE) -> Page[Lesson]:
    """Published lessons, newest first, with topic and owner, from the one after `after`; one statement."""
    statement = _listed().where(*_narrowed(wanted))
    if after is not None:
        last = select(Lesson.published_at).where(Lesson.id == after).scalar_subquery()
        statement = statement.where(
            or_(Lesson.published_at < last, and_(Lesson.published_at == last, Lesson.id < after))
        )
    statement = statement.order_by(Lesson.published_at.desc(), Lesson.id.desc()).limit(size + 1)
    return page_of(db.session.scalars(statement).all(), lambda lesson: lesson.id, size)


def published_by_id(lesson_ids: Collection[int], wanted: Wanted | None = None) -> dict[int, Lesson]:
    """Those of these lessons that are published (and fit), with topic and owner."""
    if not lesson_ids:
        return {}
    statement = _listed().where(Lesson.id.in_(lesson_ids), *_narrowed(wanted or Wanted()))
    return {lesson.id: lesson for lesson in db.session.scalars(statement)}


def _listed() -> Any:
    return select(Lesson).options(joinedload(Lesson.topic), joinedload(Lesson.owner))


def _narrowed(wanted: Wanted) -> list[ColumnElement[bool]]:
    listed = visibility.is_for_all() if wanted.seen_by is None else visibility.is_listed_for(wanted.seen_by)
    conditions: list[ColumnElement[bool]] = [Lesson.state == "published", listed]
    if wanted.topic_id is not None:
        teaches = select(LessonTopic.lesson_id).where(LessonTopic.topic_id == wanted.topic_id)
        conditions.append(Lesson.id.in_(teaches))
    if wanted.kind:
        conditions.append(Lesson.kind == wanted.kind)
    if wanted.minutes is not None:
        conditions.append(Lesson.minutes <= wanted.minutes)
    if wanted.owner_id is not None:
        conditions.append(Lesson.owner_id == wanted.owner_id)
    return conditions


def open_drafts_of(person_id: int) -> int:
    """How many lessons of this owner are being written now."""
    statement = select(func.count()).select_from(Revision).join(Lesson, Lesson.id == Revision.lesson_id)
    return db.session.scalar(statement.where(Lesson.owner_id == person_id, Revision.state.in_(OPEN_STATES))) or 0


def just_started(owner_id: int, title: str) -> Lesson | None:
    """The lesson of this owner and title that was begun a moment ago and not written in yet: a double click is one."""
    since = clock.now() - timedelta(seconds=rules.POLICY.double_click_seconds)
    title = text.clean_line(title)
    untouched = exists().where(
        Revision.lesson_id == Lesson.id, Revision.version == 1, Revision.state == rules.State.DRAFT
    )
    statement = select(Lesson).where(Lesson.owner_id == owner_id, Lesson.title == title, Lesson.created_at > since)
    return db.session.scalar(statement.where(untouched).order_by(Lesson.id.desc()).limit(1))


def of_topics(
    topics: frozenset[int], topic_id: InstrumentedAttribute[int], lesson_id: InstrumentedAttribute[int]
) -> ColumnElement[bool]:
    """Whether a curator of these topics looks after that lesson."""
    if accounts.EVERYWHERE in topics:
        return true()
    theirs = [bindparam(None, number, Integer) for number in sorted(topics)]  # a statement that is kept needs no more
    also = exists().where(LessonTopic.lesson_id == lesson_id, LessonTopic.topic_id.in_(theirs))
    return or_(topic_id.in_(theirs), also)


# revisions


def open_revision(lesson_id: int) -> Revision | None:
    """The revision that is being written or reviewed; at most one."""
    return db.session.scalar(select(Revision).where(Revision.lesson_id == lesson_id, Revision.state.in_(OPEN_STATES)))


def newest_revision(lesson_id: int, states: Collection[str] | None = None) -> Revision | None:
    """The revision with the highest number: of those in these states, or whatever became of it."""
    statement = select(Revision).where(Revision.lesson_id == lesson_id).order_by(Revision.number.desc())
    if states is not None:
        statement = statement.where(Revision.state.in_(states))
    return db.session.scalar(statement.limit(1))


def sources_of(revision_ids: Collection[int]) -> dict[int, str]:
    """The files of some revisions."""
    statement = select(Revision.id, Revision.source).where(Revision.id.in_(revision_ids))
    return dict(db.session.execute(statement).all())


def revisions_by_id(revision_ids: Collection[int]) -> dict[int, Revision]:
    """These revisions, in one statement."""
    return {found.id: found for found in db.session.scalars(select(Revision).where(Revision.id.in_(revision_ids)))}


# what a lesson shows, asks and says


def picture_digests(source: str) -> frozenset[str]:
    """The pictures that a text shows."""
    return frozenset(_PICTURE.findall(source))


def pictures_usable(lesson_id: int, digests: Collection[str]) -> frozenset[str]:
    """Those of these pictures that this lesson may show: its own, and those of published lessons for all.

    Where it was made from a lesson that is not for all, and its owner may see that one, that one's too.
    """
    if not digests:
        return frozenset()
    is_origin = Lesson.id.in_(select(Origin.origin_id).where(Origin.lesson_id == lesson_id))
    is_theirs = and_(is_origin, visibility.is_named(visibility.owner_of(lesson_id)))
    is_shown = and_(Lesson.state == "published", or_(visibility.is_for_all(), is_theirs))
    statement = (
        select(Picture.digest)
        .join(Lesson, Lesson.id == Picture.lesson_id)
        .where(Picture.digest.in_(digests), or_(Lesson.id == lesson_id, is_shown))
    )
    return frozenset(db.session.scalars(statement))


def foreign_questions(lesson_id: int, uids: Collection[str]) -> frozenset[str]:
    """Those of these question ids that stand in other lessons."""
    if not uids:
        return frozenset()
    return frozenset(db.session.scalars(owners_of_questions(uids).where(Revision.lesson_id != lesson_id)))


def owners_of_questions(uids: Collection[str]) -> Any:
    """The statement for question ids and the lessons in whose revisions they stand."""
    return (
        select(Item.uid, Revision.lesson_id)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .join(QuizItem, QuizItem.version_id == ItemVersion.id)
        .join(Revision, Revision.quiz_id == QuizItem.quiz_id)
        .where(Item.uid.in_(uids))
    )


def card_text(file: LessonFile) -> str:
    """What all cards say."""
    return "\n\n".join(f"{card.title}\n{card.body}" for card in file.cards)


def slug_is_taken(slug: str, lesson_id: int | None) -> bool:
    """Whether another lesson stands or stood at this address."""
    now = select(Lesson.id).where(Lesson.slug == slug, Lesson.id != (lesson_id or 0))
    before = select(FormerSlug.lesson_id).where(FormerSlug.slug == slug, FormerSlug.lesson_id != (lesson_id or 0))
    return db.session.scalar(select(or_(now.exists(), before.exists()))) is True


def uid_is_taken(uid: str) -> bool:
    """Whether a lesson has this id already."""
    return db.session.scalar(select(select(Lesson.id).where(Lesson.uid == uid).exists())) is True


def titles(ids: Mapping[str, Collection[int]]) -> dict[str, dict[int, str]]:
    """What lessons and topics are called, by `lesson_id` and `topic_id`.

    What was never published is not told, nor what is not for all.
    """
    lessons, topics = (ids.get(key, ()) for key in ("lesson_id", "topic_id"))
    was_published = and_(Lesson.published_id.is_not(None), visibility.is_for_all())
    found: dict[str, dict[int, str]] = {}
    if lessons or topics:
        parts = (
            select(literal("lesson_id"), Lesson.id, Lesson.title).where(Lesson.id.in_(lessons), was_published),
            select(literal("topic_id"), Topic.id, Topic.name).where(Topic.id.in_(topics)),
        )
        for key, number, title in db.session.execute(union_all(*parts)):
            found.setdefault(key, {})[number] = title
    return found


# topics


def active_topics() -> Sequence[Topic]:
    """The topics that lessons can be written for, by name."""
    return db.session.scalars(select(Topic).where(Topic.is_active).order_by(Topic.name_key)).all()


def topics_by_slug(slugs: Collection[str]) -> dict[str, Topic]:
    """The active topics of these slugs."""
    statement = select(Topic).where(Topic.slug.in_(slugs), Topic.is_active)
    return {topic.slug: topic for topic in db.session.scalars(statement)}


def teaches_critical() -> ColumnElement[bool]:
    """Whether a topic of a lesson must be remembered surely."""
    taught = aliased(Topic)
    statement = select(LessonTopic.lesson_id).join(taught, taught.id == LessonTopic.topic_id)
    return statement.where(LessonTopic.lesson_id == Lesson.id, taught.importance == CRITICAL).correlate(Lesson).exists()


def is_critical(lesson: Lesson) -> bool:
    """Whether a topic of this lesson must be remembered surely; asked only where it did not come with the lesson."""
    known: bool | None = vars(lesson).get("is_critical")  # the attribute itself would load what was left out
    if known is not None:
        return known
    return bool(db.session.scalar(select(teaches_critical()).where(Lesson.id == lesson.id)))


def topics_with_counts() -> list[tuple[Topic, int]]:
    """All topics, retired ones last, each with how many published lessons teach it."""
    counted = (
        select(Topic, func.count(Lesson.id))
        .outerjoin(LessonTopic, LessonTopic.topic_id == Topic.id)
        .outerjoin(
            Lesson, and_(Lesson.id == LessonTopic.lesson_id, Lesson.state == "published", visibility.is_for_all())
        )
        .group_by(Topic.id)
        .order_by(Topic.is_active.desc(), Topic.name_key)
    )
    return list(db.session.execute(counted).all())


def curator_scopes() -> list[tuple[int, str]]:
    """What a person can be made curator of: ids and names of active topics."""
    return list(db.session.execute(select(Topic.id, Topic.name).where(Topic.is_active).order_by(Topic.name_key)).all())


# pictures


def picture_count(lesson_id: int) -> int:
    """How many pictures a lesson holds."""
    return db.session.scalar(select(func.count()).select_from(Picture).where(Picture.lesson_id == lesson_id)) or 0


def pictures_of(lesson_id: int) -> Sequence[Picture]:
    """The pictures of a lesson, newest first."""
    return db.session.scalars(select(Picture).where(Picture.lesson_id == lesson_id).order_by(Picture.id.desc())).all()


def picture_of(lesson_id: int, digest: str) -> Picture | None:
    """A picture of this lesson."""
    return db.session.scalar(select(Picture).where(Picture.lesson_id == lesson_id, Picture.digest == digest))


def fingerprint(source: str) -> str:
    """A short text that differs when the file does."""
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()
