"""What the learner's pages ask."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Integer, Select, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, with_expression

from peerlearn.accounts.models import Person
from peerlearn.core import clock, fulltext
from peerlearn.core.db import ask, db
from peerlearn.core.kept import Kept
from peerlearn.core.paging import PAGE, Page
from peerlearn.learn import neighbours, telling, voting
from peerlearn.learn.models import Asked, Attempt, Reaction, Reading
from peerlearn.learn.rules import Told
from peerlearn.learn.standing import Standing as Standing
from peerlearn.learn.standing import standing as standing
from peerlearn.lessons import crediting, freshness, visibility
from peerlearn.lessons import queries as lessons
from peerlearn.lessons.models import EarlyReader, Lesson, LessonAuthor, LessonTopic, Revision, Topic, hue_step
from peerlearn.lessons.quality import in_search
from peerlearn.quizzes.models import ItemVersion


@dataclass(frozen=True)
class TopicLine:
    """A topic as lists show it."""

    slug: str
    name: str
    hue_step: int


@dataclass(frozen=True)
class Owner:
    """Whose lesson it is."""

    name: str


@dataclass(frozen=True)
class LessonLine:
    """A lesson as lists show it."""

    id: int
    slug: str
    title: str
    summary: str
    kind: str
    minutes: int
    topic: TopicLine
    owner: Owner


@dataclass(frozen=True)
class CatalogueRow:
    """A lesson as the catalogue shows it to one person."""

    lesson: Lesson | LessonLine
    is_passed: bool
    is_started: bool
    snippet: Any = None


BEST, NEWEST = "best", "newest"


@dataclass(frozen=True)
class Filters:
    """What a person looks for: words, topic, kind, at most so many minutes, and only what they have not passed."""

    words: str = ""
    topic: str = ""
    kind: str = ""
    minutes: int = 0
    fresh: bool = False
    order: str = BEST  # where no words decide


# The statements of these pages are made once: who asks, for what and from where is filled in when they run.
ME: Any = bindparam("me", type_=Integer)
LESSON: Any = bindparam("lesson", type_=Integer)


def _passed(person_id: Any) -> Any:
    return exists().where(
        Attempt.person_id == person_id,
        Attempt.lesson_id == Lesson.id,
        Attempt.is_passed,
        Attempt.major == Lesson.major,
    )


def _started(person_id: Any) -> Any:
    return exists().where(Reading.person_id == person_id, Reading.revision_id == Lesson.published_id)


def _rows(person_id: int) -> Select[Any]:
    return (
        select(Lesson, _passed(person_id), _started(person_id))
        .join(Lesson.topic)
        .join(Lesson.owner)
        .options(
            contains_eager(Lesson.topic),
            contains_eager(Lesson.owner).load_only(Person.id, Person.name),
        )
        .where(Lesson.state == "published", visibility.is_listed_for(person_id))
    )


@lru_cache(maxsize=64)
def _lines(*, topic: bool, kind: bool, minutes: bool, fresh: bool) -> Any:
    """Published lessons as lists show them, narrowed in these ways."""
    statement: Any = (
        select(
            Lesson.id,
            Lesson.slug,
            Lesson.title,
            Lesson.summary,
            Lesson.kind,
            Lesson.minutes,
            Lesson.quality,
            Lesson.check_on,
            Topic.slug.label("topic_slug"),
            Topic.name.label("topic_name"),
            Topic.hue,
            Person.name.label("owner"),
            _passed(ME).label("is_passed"),
            _started(ME).label("is_started"),
        )
        .join(Topic, Topic.id == Lesson.topic_id)
        .join(Person, Person.id == Lesson.owner_id)
        .where(Lesson.state == "published", visibility.is_listed_for(ME))
    )
    if topic:
        taught = select(LessonTopic.lesson_id).join(LessonTopic.topic).where(Topic.slug == bindparam("topic"))
        statement = statement.where(Lesson.id.in_(taught))
    if kind:
        statement = statement.where(Lesson.kind == bindparam("kind"))
    if minutes:
        statement = statement.where(Lesson.minutes <= bindparam("minutes"))
    if fresh:
        statement = statement.where(~_passed(ME))
    return statement


@lru_cache(maxsize=128)
def _in_order(order: str, goes_on: bool, **narrowed: bool) -> Any:
    """The best of them first, or the newest; or those that come after a lesson."""
    keys: list[Any] = [Lesson.published_at, Lesson.id]
    if order == BEST:
        keys.insert(0, Lesson.worth)
    page = _lines(**narrowed).order_by(*(key.desc() for key in keys)).limit(bindparam("size"))
    if not goes_on:
        return page
    after: Any = bindparam("after", type_=Integer)
    last = [select(key).where(Lesson.id == after).scalar_subquery() for key in keys]
    return page.where(_comes_after(keys, last))


def _comes_after(keys: Sequence[Any], last: Sequence[Any]) -> Any:
    """Whether a row comes after another in falling order of these keys: the first that differs decides."""
    return or_(
        *(and_(*(keys[n] == last[n] for n in range(place)), keys[place] < last[place]) for place in range(len(keys)))
    )


@lru_cache(maxsize=64)
def _among(**narrowed: bool) -> Any:
    """Those of them that were found."""
    return _lines(**narrowed).where(Lesson.id.in_(bindparam("found", expanding=True)))


def _narrowed(filters: Filters) -> dict[str, bool]:
    return {
        "topic": bool(filters.topic),
        "kind": bool(filters.kind),
        "minutes": bool(filters.minutes),
        "fresh": filters.fresh,
    }


def _asked_by(person: Person, filters: Filters) -> dict[str, Any]:
    return {"me": person.id, "topic": filters.topic, "kind": filters.kind, "minutes": filters.minutes}


def _line(row: Any, snippet: Any = None) -> CatalogueRow:
    topic = TopicLine(row.topic_slug, row.topic_name, hue_step(row.hue))
    lesson = LessonLine(row.id, row.slug, row.title, row.summary, row.kind, row.minutes, topic, Owner(row.owner))
    return CatalogueRow(lesson, bool(row.is_passed), bool(row.is_started), snippet)


def catalogue(person: Person, filters: Filters, after: int | None, size: int = PAGE) -> Page[CatalogueRow]:
    """Published lessons, the best first or the newest; when words are given one page of what fits best, is good and was
    checked (ENGINE E13)."""
    if filters.words.strip():
        return Page(_found(person, filters, size), None)
    statement = _in_order(filters.order, bool(after), **_narrowed(filters))
    rows = [_line(row) for row in ask(statement, _asked_by(person, filters) | {"after": after, "size": size + 1})]
    return Page(rows[:size], str(rows[size - 1].lesson.id) if len(rows) > size else None)


def _found(person: Person, filters: Filters, size: int) -> list[CatalogueRow]:
    is_narrowed = filters.topic or filters.kind or filters.minutes or filters.fresh
    hits = {hit.lesson_id: hit for hit in fulltext.search(db.session(), filters.words, 100 if is_narrowed else size)}
    if not hits:
        return []
    rows = ask(_among(**_narrowed(filters)), _asked_by(person, filters) | {"found": list(hits)})
    today = clock.today(person.timezone)

    def counts(row: Any) -> float:
        return in_search(hits[row.id].relevance, row.quality, freshness.weight(row.check_on or today, today))

    found = sorted(rows, key=lambda row: (-counts(row), row.id))[:size]
    return [_line(row, hits[row.id].snippet) for row in found]


_TOPICS = (
    select(Topic.slug, Topic.name, Topic.hue, func.count(Lesson.id).label("lessons"))
    .outerjoin(LessonTopic, LessonTopic.topic_id == Topic.id)
    .outerjoin(Lesson, and_(Lesson.id == LessonTopic.lesson_id, Lesson.state == "published", visibility.is_for_all()))
    .where(Topic.is_active)
    .group_by(Topic.id)
    .order_by(Topic.name)
)


_topics: Kept[list[tuple[TopicLine, int]]] = Kept("topics with counts", seconds=30, most=1)


def topics_with_counts() -> Sequence[tuple[TopicLine, int]]:
    """Active topics and how many published lessons teach each, half a minute ago at most: it is the same for all.

    Lessons that are not for all are not counted: a number would tell of them.
    """
    return _topics.once("all", _topics_with_counts)


def _topics_with_counts() -> list[tuple[TopicLine, int]]:
    return [(TopicLine(row.slug, row.name, hue_step(row.hue)), row.lessons) for row in ask(_TOPICS)]


_LESSON = (
    select(Lesson)
    .where(Lesson.slug == bindparam("slug"), visibility.is_for(ME))
    .options(
        joinedload(Lesson.topic),
        joinedload(Lesson.published).defer(Revision.source),
        joinedload(Lesson.authors).joinedload(LessonAuthor.person).load_only(Person.id, Person.name),
        joinedload(Lesson.topics).load_only(LessonTopic.topic_id),
        with_expression(Lesson.thanks_to, crediting.told()),
        with_expression(Lesson.is_translated, neighbours.IS_TRANSLATED),
        lessons.with_origin(),
    )
)


def lesson_by_slug(slug: str, person: Person) -> Lesson | None:
    """A lesson that this person may see, with what was published, topic, authors and their names."""
    return db.session.scalars(_LESSON, {"slug": slug, "me": person.id}).unique().one_or_none()


_REACTIONS = (
    select(Reaction.kind, *(func.sum(case((it, 1), else_=0)) for it in (voting.counts(), Reaction.person_id == ME)))
    .where(Reaction.lesson_id == LESSON)
    .group_by(Reaction.kind)
)


def reactions_of(lesson: Lesson, person: Person) -> dict[str, tuple[int, bool]]:
    """For each kind of reaction how many count who gave it, and whether this person did."""
    rows = ask(_REACTIONS, {"me": person.id, "lesson": lesson.id})
    return {kind: (count, bool(mine)) for kind, count, mine in rows}


def reaction(person: Person, lesson: Lesson, kind: str) -> Reaction | None:
    """This person's reaction of this kind."""
    return db.session.scalar(
        select(Reaction).where(Reaction.lesson_id == lesson.id, Reaction.person_id == person.id, Reaction.kind == kind)
    )


def version_by_id(version_id: int) -> ItemVersion | None:
    """One wording of a question."""
    return db.session.scalar(
        select(ItemVersion).where(ItemVersion.id == version_id).options(joinedload(ItemVersion.item))
    )


@dataclass(frozen=True)
class Sitting:
    """An attempt with its questions, and the reading that came before it."""

    attempt: Attempt
    reading: Reading | None
    is_author: bool
    cards: int
    saw_keys: bool = False  # was asked to read it before publication, and shown the keys
    told: Mapping[int, Told] = field(default_factory=dict)  # what was told before of the question at hand, by its place


_WROTE_IT = exists().where(LessonAuthor.lesson_id == Attempt.lesson_id, LessonAuthor.person_id == Attempt.person_id)
_SAW_KEYS = exists().where(
    EarlyReader.lesson_id == Attempt.lesson_id, EarlyReader.person_id == Attempt.person_id, EarlyReader.saw_keys
)
_SITTINGS = (
    select(Attempt, Reading, _WROTE_IT, func.json_array_length(Revision.cards), _SAW_KEYS)
    .join(Attempt.lesson)
    .join(Lesson.topic)
    .join(Lesson.topics)
    .join(Attempt.revision)
    .outerjoin(Attempt.asked)
    .outerjoin(Asked.version)
    .outerjoin(Reading, and_(Reading.person_id == Attempt.person_id, Reading.revision_id == Attempt.revision_id))
    .order_by(Asked.position, LessonTopic.position)
    .options(
        contains_eager(Attempt.asked)
        .contains_eager(Asked.version)
        .load_only(ItemVersion.item_id, ItemVersion.kind, ItemVersion.body, ItemVersion.html, ItemVersion.created_at),
        contains_eager(Attempt.lesson).load_only(Lesson.slug, Lesson.title, Lesson.major, Lesson.state),
        contains_eager(Attempt.lesson).contains_eager(Lesson.topic).load_only(Topic.hue),
        contains_eager(Attempt.lesson).contains_eager(Lesson.topics).load_only(LessonTopic.topic_id),
        contains_eager(Attempt.revision).load_only(Revision.words, Revision.extras),
    )
)


_SITTING = _SITTINGS.where(
    Attempt.id == bindparam("attempt"),
    Attempt.person_id == bindparam("person"),
    visibility.is_for(bindparam("person", type_=Integer)),
)


def sitting(attempt_id: int, person_id: int) -> Sitting | None:
    """A person's attempt with all that answering needs, in one statement."""
    rows = db.session.execute(_at_hand(), {"attempt": attempt_id, "person": person_id}).unique().all()
    told = {row.position: Told(row.told) for row in rows}
    return replace(Sitting(*rows[0][:5]), told=told) if rows else None


@cache
def _at_hand() -> Any:
    """An attempt, and what was told before of the question that is asked just now."""
    is_asked = and_(Asked.asked_at.is_not(None), Asked.answered_at.is_(None))
    told = case((is_asked, telling.told(Attempt.person_id, ItemVersion.meaning)), else_=int(Told.NOTHING))
    return _SITTING.add_columns(case((is_asked, Asked.position), else_=0).label("position"), told.label("told"))


def sittings(attempt_ids: Collection[int]) -> list[Sitting]:
    """These attempts, whosever they are, as `sitting` gives each."""
    rows = db.session.execute(_SITTINGS.where(Attempt.id.in_(attempt_ids))).unique()
    return [Sitting(*row) for row in rows]


_OTHER = aliased(Attempt)
_OUTCOME = _SITTING.add_columns(_OTHER).outerjoin(
    _OTHER,
    and_(
        _OTHER.person_id == Attempt.person_id,
        _OTHER.lesson_id == Attempt.lesson_id,
        _OTHER.major == Attempt.major,
        or_(_OTHER.is_scored, _OTHER.state == "open"),
    ),
)


def outcome(attempt_id: int, person_id: int) -> tuple[Sitting, Standing] | None:
    """A person's attempt, and where they stand with the version it is about, in one statement.

    Of other attempts only those that count are known, and an open one.
    """
    rows = db.session.execute(_OUTCOME, {"attempt": attempt_id, "person": person_id}).unique().all()
    if not rows:
        return None
    sitting = Sitting(*rows[0][:5])
    attempts = {row[5] for row in rows if row[5] is not None} | {sitting.attempt}
    return sitting, Standing(sitting.reading, sorted(attempts, key=lambda attempt: attempt.number))


def saw_keys(person_id: int, lesson_id: int) -> bool:
    """Whether somebody was shown a lesson's keys before it was published."""
    mine = EarlyReader.lesson_id == lesson_id, EarlyReader.person_id == person_id, EarlyReader.saw_keys
    return bool(db.session.scalar(select(exists().where(*mine))))


def reading_of(person_id: int, revision_id: int) -> Reading | None:
    """A person's reading of one revision."""
    return db.session.scalar(select(Reading).where(Reading.person_id == person_id, Reading.revision_id == revision_id))


def continue_reading(person: Person, limit: int = 3) -> Sequence[Reading]:
    """Lessons that this person began and has not passed, the newest first."""
    return db.session.scalars(
        select(Reading)
        .join(Lesson, and_(Lesson.id == Reading.lesson_id, Lesson.published_id == Reading.revision_id))
        .where(Reading.person_id == person.id, Lesson.state == "published", ~_passed(person.id))
        .where(visibility.is_for(person.id))
        .options(contains_eager(Reading.lesson), joinedload(Reading.lesson, Lesson.topic))
        .options(joinedload(Reading.revision).load_only(Revision.id, Revision.minutes))
        .order_by(Reading.touched_at.desc())
        .limit(limit)
    ).all()


def new_for(person: Person, limit: int = 3) -> list[CatalogueRow]:
    """Published lessons that this person neither wrote nor began, the newest first."""
    mine = select(LessonAuthor.lesson_id).where(LessonAuthor.person_id == person.id)
    statement = (
        _rows(person.id)
        .where(~_passed(person.id), ~_started(person.id), Lesson.id.not_in(mine))
        .order_by(Lesson.published_at.desc(), Lesson.id.desc())
        .limit(limit)
    )
    return [CatalogueRow(*row) for row in db.session.execute(statement)]
