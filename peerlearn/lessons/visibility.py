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
    few = aliased(Lesson)
    return select(few.id).where(few.classification.in_(sorted(FOR_SOME)), ~is_listed_for(person_id, few))


def is_listed_for_anyone(lesson: Lesson) -> bool:
    """Whether a lesson may be found, taken along and taken out by those who may see it."""
    return lesson.classification != Classification.CONFIDENTIAL


def is_named(person_id: Any, lesson: Any = Lesson) -> ColumnElement[bool]:
    """Whether a person wrote a lesson, is in a team it is for, or looks after one of its topics."""
    author, team, member = aliased(LessonAuthor), aliased(LessonTeam), aliased(Person)
    grant, taught = aliased(Grant), aliased(LessonTopic)
    topics = select(taught.topic_id).where(taught.lesson_id == lesson.id).correlate_except(taught).scalar_subquery()
    ways = (
        select(author.lesson_id)
        .where(author.lesson_id == lesson.id, author.person_id == person_id)
        .correlate_except(author),
        select(team.lesson_id)
        .join(member, member.team_id == team.team_id)
        .where(team.lesson_id == lesson.id, member.id == person_id)
        .correlate_except(team, member),
        select(grant.id)
        .where(grant.person_id == person_id, grant.role == accounts.CURATOR)
        .where(
            or_(
                grant.scope_id.in_((accounts.EVERYWHERE, lesson.topic_id)), grant.scope_id.in_(topics.scalar_subquery())
            )
        )
        .correlate_except(grant),
    )
    return or_(*(way.exists() for way in ways))


def owner_of(lesson_id: int) -> Any:
    """Who owns a lesson, as part of a statement: what its text may name is what they may see."""
    own = aliased(Lesson)
    return select(own.owner_id).where(own.id == lesson_id).scalar_subquery()


def is_for_authors_of(lesson_id: int, lesson: Any = Lesson) -> ColumnElement[bool]:
    """Whether all who write a lesson may open another one: then what is said of its text may tell of that one."""
    author = aliased(LessonAuthor)
    kept_from = (
        select(author.person_id)
        .where(author.lesson_id == lesson_id, ~is_named(author.person_id, lesson))
        .correlate_except(author)
    )
    return or_(is_for_all(lesson), and_(is_named(owner_of(lesson_id), lesson), ~kept_from.exists()))


def is_named_to_an_author_of(lesson_id: int, lesson: Any = Lesson) -> ColumnElement[bool]:
    """Whether one of those who write a lesson may open another one that is not for everybody."""
    author = aliased(LessonAuthor)
    reads = select(author.person_id).where(author.lesson_id == lesson_id, is_named(author.person_id, lesson))
    return reads.correlate_except(author).exists()


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
