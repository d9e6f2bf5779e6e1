"""Who could look after the lessons of people who left, and what waits for somebody who does.

What is shown, or approved for a day, finds somebody in any case. What is still written, or waits for a curator, is
nobody's business but its authors': it goes on with a co-author, else it waits until an administrator names somebody.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from peerlearn.accounts import rules as accounts
from peerlearn.accounts.models import Grant, Person
from peerlearn.core.db import ask
from peerlearn.core.paging import PAGE, Page, page_of
from peerlearn.lessons import rules as lessons
from peerlearn.lessons import visibility
from peerlearn.lessons.models import OPEN_STATES, Lesson, LessonAuthor, LessonTeam, Revision, Topic, hue_step
from peerlearn.practice.models import Holding
from peerlearn.review import conflicts
from peerlearn.verification import queries

AT_ONCE = 200  # lessons that find somebody together
SUGGESTED = 3  # colleagues who hold the topic of what waits
WRITTEN = tuple(state for state in OPEN_STATES if lessons.is_editable(state))
_Owner, _Text, _Author, _Writer = aliased(Person), aliased(Revision), aliased(LessonAuthor), aliased(Person)
"""The states of a text that its authors have in hand."""


@dataclass(frozen=True)
class Waiting:
    """A lesson whose owner left and that nobody carries on; `title` is None where only its authors know it."""

    id: int
    title: str | None
    kind: str
    topic_id: int
    topic: str
    hue: int
    owner_id: int
    owner: str
    state: str  # of the text in work, else of the lesson
    words: int
    saved_at: datetime
    is_shown: bool

    @property
    def hue_step(self) -> int:
        """The topic's colour as one of the twelve steps that the look knows."""
        return hue_step(self.hue)


def _owner_left() -> ColumnElement[bool]:
    return exists().where(_Owner.id == Lesson.owner_id, ~_Owner.is_active)


def _has(*states: str) -> ColumnElement[bool]:
    """Whether a lesson has a text in one of these states."""
    return exists().where(_Text.lesson_id == Lesson.id, _Text.state.in_(states))


def _is_shown() -> ColumnElement[bool]:
    """Whether colleagues can or could learn a lesson, or will on a day that is chosen."""
    return or_(Lesson.state.in_(("published", "quarantined")), _has(lessons.State.SCHEDULED))


def _has_other_writer() -> ColumnElement[bool]:
    return exists().where(_Author.lesson_id == Lesson.id, _Writer.id == _Author.person_id, _Writer.is_active)


def without_owner(limit: int | None, *, of: Collection[int] | None = None, among: Collection[int] | None = None) -> Any:
    """Lessons whose owner left and for which somebody may be found: id, owner, topic, whether it `is_shown`.

    Of some people only (`of`), or some lessons only (`among`).
    """
    is_shown = _is_shown()
    statement = (
        select(Lesson.id, Lesson.owner_id, Lesson.topic_id, is_shown.label("is_shown"))
        .where(_owner_left(), or_(is_shown, and_(_has(*OPEN_STATES), _has_other_writer())))
        .order_by(Lesson.id)
        .limit(limit)
    )
    return ask(_only(statement, of, among)).all()


def _only(statement: Any, of: Collection[int] | None, among: Collection[int] | None) -> Any:
    if of is not None:
        statement = statement.where(Lesson.owner_id.in_(of))
    return statement if among is None else statement.where(Lesson.id.in_(among))


def find(rows: Sequence[Any]) -> dict[int, int]:
    """Who could look after these lessons: the co-author with the largest share, else who holds most of the topic.

    A lesson that is not for all goes to nobody who may not see it, and what is not shown to nobody but a co-author.
    """
    ids, shown = [row.id for row in rows], [row for row in rows if row.is_shown]
    writers = (
        select(LessonAuthor.lesson_id, LessonAuthor.person_id)
        .join(Person, Person.id == LessonAuthor.person_id)
        .where(LessonAuthor.lesson_id.in_(ids), Person.is_active)
        .order_by(LessonAuthor.share, LessonAuthor.position.desc())
    )
    found: dict[int, int] = dict(map(tuple, ask(writers))) if ids else {}
    alone = [row for row in shown if row.id not in found]
    return found | (_besides_authors(alone) if alone else {})


def _besides_authors(rows: Sequence[Any]) -> dict[int, int]:
    topics = {row.topic_id for row in rows}
    holders = (
        select(Holding.topic_id, Holding.person_id)
        .join(Person, Person.id == Holding.person_id)
        .where(Holding.topic_id.in_(topics), Holding.is_holder, Person.is_active)
        .order_by(Holding.coverage, Holding.person_id.desc())
    )
    by_topic = dict(map(tuple, ask(holders)))
    curators, inside = queries.curators_of(topics), _inside([row.id for row in rows])
    found: dict[int, int | None] = {}
    for row in rows:
        among_all = by_topic.get(row.topic_id) or next(iter(curators[row.topic_id]), None)
        found[row.id] = inside.get(row.id, among_all)
    return {lesson_id: heir for lesson_id, heir in found.items() if heir}


def _inside(lesson_ids: Collection[int]) -> dict[int, int | None]:
    """Who of those who may see it could look after each of these lessons that is not for all; None for nobody.

    Whoever holds most of the topic, else a curator from the owner's team, else another curator, else a member.
    """
    owner, grant = aliased(Person), aliased(Grant)
    members = select(LessonTeam.team_id).where(LessonTeam.lesson_id.in_(lesson_ids))
    curators = select(Grant.person_id).where(Grant.role == accounts.CURATOR)
    curates = exists().where(grant.person_id == Person.id, conflicts.curates(grant, Lesson.topic_id, Lesson.id))
    holds = and_(Holding.topic_id == Lesson.topic_id, Holding.person_id == Person.id, Holding.is_holder)
    is_near = or_(Person.team_id.in_(members), Person.id.in_(curators))
    statement = (
        select(Lesson.id, Person.id)
        .join(owner, owner.id == Lesson.owner_id)
        .outerjoin(Person, and_(Person.is_active, is_near, visibility.is_named(Person.id)))
        .outerjoin(Holding, holds)
        .where(Lesson.id.in_(lesson_ids), ~visibility.is_for_all())
        .order_by(
            func.coalesce(Holding.coverage, 0.0),
            case((and_(curates, Person.team_id == owner.team_id), 2), (curates, 1), else_=0),
            Person.id.desc(),
        )
    )
    return dict(map(tuple, ask(statement)))


# what waits until somebody is named


def _waits() -> ColumnElement[bool]:
    return and_(_owner_left(), ~_has_other_writer(), or_(_has(*WRITTEN), _is_shown()))


def waiting(after: int | None = None) -> Page[Waiting]:
    """What people who left had in work, and what nobody was found for; the oldest lesson first. One statement."""
    statement = _waiting().where(Lesson.id > (after or 0)).order_by(Lesson.id).limit(PAGE + 1)
    return page_of([Waiting(*row) for row in ask(statement)], lambda row: row.id)


def waiting_one(lesson_id: int) -> Waiting | None:
    """One of these; None where it does not wait."""
    row = ask(_waiting().where(Lesson.id == lesson_id)).first()
    return Waiting(*row) if row else None


def _waiting() -> Any:
    text, handed_in = aliased(Revision), aliased(Revision)
    was_handed_in = exists().where(handed_in.lesson_id == Lesson.id, handed_in.submitted_at.is_not(None))
    is_known = and_(was_handed_in, Lesson.classification != str(lessons.Classification.CONFIDENTIAL))
    is_current = or_(text.state.in_(OPEN_STATES), text.id == Lesson.published_id)
    newest = select(func.max(text.id)).where(text.lesson_id == Lesson.id, is_current).correlate(Lesson)
    is_open = Revision.state.in_(OPEN_STATES)
    return (
        select(
            Lesson.id,
            case((is_known, Lesson.title)),
            Lesson.kind,
            Lesson.topic_id,
            Topic.name,
            Topic.hue,
            Lesson.owner_id,
            Person.name,
            case((is_open, Revision.state), else_=Lesson.state),
            Revision.words,
            Revision.saved_at,
            _is_shown(),
        )
        .join(Topic, Topic.id == Lesson.topic_id)
        .join(Person, Person.id == Lesson.owner_id)
        .join(Revision, Revision.id == newest.scalar_subquery())
        .where(_waits())
    )


def who_holds(topic_id: int) -> Sequence[Any]:
    """Who could carry on what teaches this topic: the colleagues who hold most of it, with their addresses."""
    statement = (
        select(Person.name, Person.email)
        .join(Holding, Holding.person_id == Person.id)
        .where(Holding.topic_id == topic_id, Holding.is_holder, Person.is_active)
        .order_by(Holding.coverage.desc(), Person.id)
        .limit(SUGGESTED)
    )
    rows: Sequence[Any] = ask(statement).all()
    return rows


def left_behind(*, of: Collection[int] | None = None, among: Collection[int] | None = None) -> dict[int, int]:
    """How many lessons people left for which somebody is to be named; of some people or some lessons only."""
    statement = _only(select(Lesson.owner_id, func.count()).where(_waits()), of, among)
    return {row[0]: row[1] for row in ask(statement.group_by(Lesson.owner_id))}
