"""What pages and deeds of suggestions ask for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from types import SimpleNamespace
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, null, or_, select
from sqlalchemy.orm import aliased, joinedload

from peerlearn.accounts.models import Person
from peerlearn.core.db import db
from peerlearn.core.paging import LARGEST_ID, PAGE, Page, page_of
from peerlearn.learn.models import Asked
from peerlearn.lessons import visibility
from peerlearn.lessons.models import Lesson, LessonAuthor, Revision
from peerlearn.review import conflicts
from peerlearn.review import queries as reviews
from peerlearn.review.conflicts import ME
from peerlearn.review.queries import NAME, TITLE
from peerlearn.suggestions import limits
from peerlearn.suggestions.models import Suggestion
from peerlearn.suggestions.rules import State, Visitor

_WORK: Any = SimpleNamespace(
    lesson_id=Suggestion.lesson_id,
    revision_id=null(),
    appeal_of_id=null(),
    first_approved_by_id=null(),
    submitted_at=Suggestion.created_at,
)


@dataclass(frozen=True)
class Found:
    """A suggestion as one person meets it."""

    suggestion: Suggestion
    visitor: Visitor


def _is_author(person: Person) -> Any:
    return exists().where(LessonAuthor.lesson_id == Suggestion.lesson_id, LessonAuthor.person_id == person.id)


@cache
def _is_close() -> ColumnElement[bool]:
    """Whether something makes whoever asks too close to decide."""
    return conflicts.closeness(ME, _WORK, conflicts.BOUND, Suggestion.suggester_id).is_not(None)


def _met_by(person: Person) -> Select[Any]:
    """Suggestions with how this person stands to each."""
    return (
        select(
            Suggestion,
            _is_author(person),
            reviews.looked_after(person, Lesson.topic_id, Lesson.id),
            or_(reviews.had_a_hand(person.id, Suggestion.lesson_id), _is_close()),
        )
        .join(Lesson, Lesson.id == Suggestion.lesson_id)
        .where(visibility.is_for(person.id))
        .options(
            joinedload(Suggestion.lesson).options(TITLE),
            joinedload(Suggestion.suggester).options(NAME),
            joinedload(Suggestion.decided_by).options(NAME),
        )
    )


def _found(row: Any, person: Person) -> Found:
    suggestion, is_author, curates, is_close = row
    curates = bool(curates) and person.may("curate")
    is_suggester = suggestion.suggester_id == person.id
    return Found(suggestion, Visitor(is_suggester, bool(is_author), curates, bool(is_close)))


def suggestion_by_id(suggestion_id: int, person: Person) -> Found | None:
    """A suggestion with its people and the text it was made on."""
    statement = (
        _met_by(person)
        .where(Suggestion.id == suggestion_id)
        .options(
            joinedload(Suggestion.revision).load_only(Revision.id, Revision.number, Revision.source),
            joinedload(Suggestion.accepted_into).load_only(Revision.id, Revision.number, Revision.state),
        )
    )
    row = db.session.execute(statement, conflicts.about(person)).first()
    return _found(row, person) if row else None


def waiting(person: Person, after: int | None = None, size: int = PAGE) -> Page[Found]:
    """Open suggestions that this person may decide about, the oldest first."""
    theirs = reviews.looked_after(person, Lesson.topic_id, Lesson.id) if person.may("curate") else null()
    statement = _met_by(person).where(
        Suggestion.state == State.OPEN,
        Suggestion.suggester_id != person.id,
        Suggestion.id > (after or 0),
        or_(_is_author(person), theirs),
    )
    rows = db.session.execute(statement.order_by(Suggestion.id).limit(size + 1), conflicts.about(person)).all()
    return page_of([_found(row, person) for row in rows], lambda row: row.suggestion.id, size)


def made_by(person: Person, before: int | None = None, size: int = PAGE) -> Page[Suggestion]:
    """What this person suggested, the newest first."""
    statement = (
        select(Suggestion)
        .join(Lesson, Lesson.id == Suggestion.lesson_id)
        .where(Suggestion.suggester_id == person.id, visibility.is_for(person.id))
        .where(Suggestion.id < (before or LARGEST_ID))
        .options(joinedload(Suggestion.lesson).options(TITLE), joinedload(Suggestion.decided_by).options(NAME))
    )
    found = db.session.scalars(statement.order_by(Suggestion.id.desc()).limit(size + 1)).all()
    return page_of(found, lambda one: one.id, size)


def accepted_of(lesson_id: int, before: int | None = None, size: int = PAGE) -> Page[Suggestion]:
    """What was taken over into a lesson, the newest first; `before` is the id of the last one that was seen."""
    statement = (
        select(Suggestion)
        .where(Suggestion.lesson_id == lesson_id, Suggestion.state == State.ACCEPTED)
        .options(joinedload(Suggestion.suggester).options(NAME), joinedload(Suggestion.decided_by).options(NAME))
    )
    if before is not None:
        last = aliased(Suggestion)
        when = select(last.decided_at).where(last.id == before, last.lesson_id == lesson_id).scalar_subquery()
        same = and_(Suggestion.decided_at == when, Suggestion.id < before)
        statement = statement.where(or_(Suggestion.decided_at < when, same))
    statement = statement.order_by(Suggestion.decided_at.desc(), Suggestion.id.desc())
    return page_of(db.session.scalars(statement.limit(size + 1)).all(), lambda one: one.id, size)


def own_waiting(person_id: int, lesson_id: int) -> dict[str, Suggestion]:
    """A person's open suggestions on a lesson, by place."""
    statement = select(Suggestion).where(
        Suggestion.suggester_id == person_id, Suggestion.lesson_id == lesson_id, Suggestion.state == State.OPEN
    )
    return {one.place: one for one in db.session.scalars(statement)}


@dataclass(frozen=True)
class Made:
    """What a person suggested, as far as it bounds what they suggest next."""

    lately: int
    waiting: int
    is_unbounded: bool  # any number of theirs may wait


def made_since(person_id: int, moment: datetime) -> Made:
    """How many suggestions a person made since a moment, how many of theirs wait now, and whether more may."""
    mine = (
        select(
            func.count().filter(Suggestion.created_at >= moment).label("lately"),
            func.count().filter(Suggestion.state == State.OPEN).label("waiting"),
        )
        .where(Suggestion.suggester_id == person_id)
        .subquery()
    )
    row = db.session.execute(select(mine.c.lately, mine.c.waiting, limits.is_lifted(person_id))).one()
    return Made(row[0], row[1], bool(row[2]))


def accepted_between(one_id: int, other_id: int, since: datetime) -> int:
    """How many suggestions one of these two accepted from the other since a moment."""
    pair = or_(
        and_(Suggestion.suggester_id == one_id, Suggestion.decided_by_id == other_id),
        and_(Suggestion.suggester_id == other_id, Suggestion.decided_by_id == one_id),
    )
    statement = select(func.count()).where(Suggestion.state == State.ACCEPTED, Suggestion.decided_at >= since, pair)
    return db.session.scalar(statement) or 0


def lesson_to_change(lesson_id: int) -> Lesson | None:
    """A lesson with its authors and topics, as deeds need it."""
    statement = (
        select(Lesson)
        .where(Lesson.id == lesson_id)
        .options(joinedload(Lesson.authors), joinedload(Lesson.topics), joinedload(Lesson.published))
    )
    return db.session.scalars(statement).unique().first()


def source_of(revision_id: int) -> str:
    """The text of a revision."""
    return db.session.scalar(select(Revision.source).where(Revision.id == revision_id)) or ""


def answered(attempt_ids: Collection[int]) -> set[int]:
    """The wordings of questions that were answered in these attempts."""
    statement = select(Asked.version_id).where(Asked.attempt_id.in_(attempt_ids), Asked.answered_at.is_not(None))
    return set(db.session.scalars(statement)) if attempt_ids else set()


def decided_since(moment: datetime) -> Any:
    """What people decided about words for lessons: who, which lesson, when."""
    decided = select(Suggestion.decided_by_id, Suggestion.lesson_id, Suggestion.decided_at)
    return decided.where(Suggestion.decided_by_id.is_not(None), Suggestion.decided_at >= moment)
