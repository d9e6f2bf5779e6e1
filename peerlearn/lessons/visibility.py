"""Who may see a lesson: everybody, or those for whom it is classified. Said here once, as a condition and as an answer.

A lesson that is open or internal is for all colleagues. One that is restricted is for the people of the teams it names,
for its authors and for the curators of its topics; for all others it is as if it did not exist. One that is
confidential is for the same people, and stands in no list: they open it by its link, and go on from their own pages.

A person may be a value, a parameter or a column. What is for everybody is told from one column of the row that is read
anyway: the rest is asked of the few others only. However deep in a statement the condition stands, it is about that
statement's lesson: its parts have tables of their own and take everything else from around them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, insert, or_, select
from sqlalchemy.orm import aliased

from peerlearn.accounts import rules as accounts
from peerlearn.accounts.models import Grant, Person, Team
from peerlearn.core.db import db
from peerlearn.lessons.models import Lesson, LessonAuthor, LessonTeam, LessonTopic
from peerlearn.lessons.rules import FOR_SOME, Classification

_Author, _Team, _Member = aliased(LessonAuthor), aliased(LessonTeam), aliased(Person)
_Grant, _Taught = aliased(Grant), aliased(LessonTopic)
_Few, _Own, _Writer = aliased(Lesson), aliased(Lesson), aliased(LessonAuthor)


def is_for_all(lesson: Any = Lesson) -> ColumnElement[bool]:
    """Whether a lesson is for all colleagues: what everybody may be told of."""
    return or_(lesson.classification == str(Classification.INTERNAL), lesson.classification == str(Classification.OPEN))


def is_for(person_id: Any, lesson: Any = Lesson) -> ColumnElement[bool]:
    """Whether a person may open a lesson and find it on pages of their own."""
    return or_(is_for_all(lesson), is_named(person_id, lesson))


def is_listed_for(person_id: Any, lesson: Any = Lesson) -> ColumnElement[bool]:
    """Whether a person may meet a lesson in lists, searches and hints: never one that is confidential."""
    is_restricted = lesson.classification == str(Classification.RESTRICTED)
    return or_(is_for_all(lesson), and_(is_restricted, is_named(person_id, lesson)))


def not_listed_for(person_id: Any) -> Select[int]:
    """The ids of the lessons that a person meets in no list; few, and found by an index."""
    return select(_Few.id).where(_Few.classification.in_(sorted(FOR_SOME)), ~is_listed_for(person_id, _Few))


def is_listed_for_anyone(lesson: Lesson) -> bool:
    """Whether a lesson may be found, taken along and taken out by those who may see it."""
    return lesson.classification != Classification.CONFIDENTIAL


def is_named(person_id: Any, lesson: Any = Lesson) -> ColumnElement[bool]:
    """Whether a person wrote a lesson, is in a team it is for, or looks after one of its topics."""
    topics = select(_Taught.topic_id).where(_Taught.lesson_id == lesson.id).correlate_except(_Taught)
    ways = (
        select(_Author.lesson_id)
        .where(_Author.lesson_id == lesson.id, _Author.person_id == person_id)
        .correlate_except(_Author),
        select(_Team.lesson_id)
        .join(_Member, _Member.team_id == _Team.team_id)
        .where(_Team.lesson_id == lesson.id, _Member.id == person_id)
        .correlate_except(_Team, _Member),
        select(_Grant.id)
        .where(_Grant.person_id == person_id, _Grant.role == accounts.CURATOR)
        .where(or_(_Grant.scope_id.in_((accounts.EVERYWHERE, lesson.topic_id)), _Grant.scope_id.in_(topics)))
        .correlate_except(_Grant),
    )
    return or_(*(way.exists() for way in ways))


def owner_of(lesson_id: int) -> Any:
    """Who owns a lesson, as part of a statement: what its text may name is what they may see."""
    return select(_Own.owner_id).where(_Own.id == lesson_id).scalar_subquery()


def is_for_authors_of(lesson_id: int, lesson: Any = Lesson) -> ColumnElement[bool]:
    """Whether all who write a lesson may open another one: then what is said of its text may tell of that one."""
    kept_from = (
        select(_Writer.person_id)
        .where(_Writer.lesson_id == lesson_id, ~is_named(_Writer.person_id, lesson))
        .correlate_except(_Writer)
    )
    return or_(is_for_all(lesson), and_(is_named(owner_of(lesson_id), lesson), ~kept_from.exists()))


def is_named_to_an_author_of(lesson_id: int, lesson: Any = Lesson) -> ColumnElement[bool]:
    """Whether one of those who write a lesson may open another one that is not for everybody."""
    reads = select(_Writer.person_id).where(_Writer.lesson_id == lesson_id, is_named(_Writer.person_id, lesson))
    return reads.correlate_except(_Writer).exists()


def is_open_to(lesson: Lesson, person: Person) -> bool:
    """Whether this person may open this lesson. Asks the database only about lessons that are not for all."""
    if lesson.classification not in FOR_SOME:
        return True
    return bool(db.session.scalar(select(is_for(person.id)).select_from(Lesson).where(Lesson.id == lesson.id)))


def teams() -> Sequence[tuple[str, str]]:
    """The teams that a lesson can be for, by name: how a file calls each, and its name."""
    return [(slug, name) for slug, name in db.session.execute(select(Team.slug, Team.name).order_by(Team.name_key))]


def team_slugs() -> frozenset[str]:
    """The teams that a lesson can be for."""
    return frozenset(db.session.scalars(select(Team.slug)))


def classify(lesson: Lesson, classification: str, audience: Collection[str]) -> None:
    """Let a lesson be for these teams. Costs nothing where it is for all, before and after."""
    before, lesson.classification = lesson.classification, classification
    if before in FOR_SOME:
        db.session.execute(delete(LessonTeam).where(LessonTeam.lesson_id == lesson.id))
    if classification in FOR_SOME:
        name_teams([(lesson.id, audience)])


def name_teams(audiences: Sequence[tuple[int, Collection[str]]]) -> None:
    """Write down which teams lessons are for, by the teams' addresses."""
    slugs = {slug for _, audience in audiences for slug in audience}
    ids = dict(db.session.execute(select(Team.slug, Team.id).where(Team.slug.in_(slugs))).all()) if slugs else {}
    rows = [
        {"lesson_id": lesson_id, "team_id": ids[slug]}
        for lesson_id, audience in audiences
        for slug in audience
        if slug in ids
    ]
    if rows:
        db.session.execute(insert(LessonTeam), rows)
