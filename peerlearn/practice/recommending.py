"""Which lessons to offer somebody next: those that could suit are found in one statement and ranked by `ranking`.

Ranking every lesson for every look at a page would cost more than it brings. So a dozen are looked at for each reason
there can be: the newest, the newest of what the team needs, of topics the person learns and of topics that few hold,
and what the team learned lately. The order is kept for some minutes; whether a lesson is still new to the person is
asked each time (`is_new`), because they would notice.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    Integer,
    Select,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import aliased

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import UTCDateTime, ask, database
from peerlearn.core.kept import Kept
from peerlearn.learn.models import Attempt, Reading
from peerlearn.lessons import requirements, visibility
from peerlearn.lessons.models import Lesson, LessonAuthor, Revision, Topic
from peerlearn.practice import ranking
from peerlearn.practice.models import Holding, NeededTopic
from peerlearn.practice.ranking import Candidate
from peerlearn.practice.rules import POLICY

ME: Any = bindparam("me", type_=Integer)
TEAM: Any = bindparam("team", type_=Integer)
SINCE: Any = bindparam("since", type_=UTCDateTime)
FEW: Any = bindparam("few", type_=Integer)

_lately: Kept[list[Candidate]] = Kept("recommended lessons", seconds=600, most=500)

Estimate = Callable[..., ColumnElement[Any]]


def _unknown(*ids: Any) -> ColumnElement[Any]:
    return cast(null(), Float)  # PostgreSQL wants to know what it is that is not there


ability_of: Estimate = _unknown
difficulty_of: Estimate = _unknown
item_difficulty_of: Estimate = _unknown


def offer_estimates(*, ability: Estimate, difficulty: Estimate, item_difficulty: Estimate) -> None:
    """Say how able a person is in a topic and how hard a lesson's questions are, and how hard a wording of an item is.

    They are columns: the first two made from ids, the last one from the model of wordings. A feature that stands above
    this one knows all that from answers. It says so before the first page is asked for.
    """
    global ability_of, difficulty_of, item_difficulty_of
    ability_of, difficulty_of, item_difficulty_of = ability, difficulty, item_difficulty


def recommended_lessons(person: Person, limit: int = POLICY.offered) -> list[Candidate]:
    """The lessons that suit this person next, the best first; all new to them and open to them. One statement."""
    return _lately.put(person.id, ranking.offered(_found(person)))[:limit]


def lately_recommended(person: Person) -> list[Candidate]:
    """What `recommended_lessons` said some minutes ago at most; empty when it was not asked. No statement.

    Use it only after asking which of them `is_new` still.
    """
    return _lately.get(person.id) or []


def _found(person: Person) -> list[Candidate]:
    since, today = clock.now() - timedelta(days=POLICY.team_days), clock.today(person.timezone)
    rows = ask(_candidates(database()), {"me": person.id, "team": person.team_id, "since": since})
    return [ranking.candidate(row, today) for row in rows]


def to_stretch(database: str, *known: Select[Any]) -> Select[Any]:
    """The lessons in which a new question is looked for, with what ranks them; `known` are the ids of some.

    Besides these, as many as `FEW` that could be recommended: of topics that the team needs or the person learns, then
    any. Fewer are looked at than for the today page, because drawing a set must be quick.
    """
    is_open = _is_open(database)
    of_topics = or_(Lesson.topic_id.in_(_needed()), Lesson.topic_id.in_(_known()))
    newest = [select(_newest(is_open, FEW, of).subquery()) for of in (of_topics, true())]
    return _ranked([*known, select(union_all(*newest).subquery()).limit(FEW)], *_ranking(literal(0)))


@cache
def _candidates(database: str) -> Any:
    is_open = _is_open(database)
    few = select(Topic.id).where(_holders(Topic.id) < POLICY.bus_target)
    topics = (true(), *(Lesson.topic_id.in_(each) for each in (_needed(), _known(), few)))
    newest = [_newest(is_open, POLICY.candidates, of) for of in topics]
    team = _learned_by_team().cte("team")
    shown = (
        Lesson.slug,
        Lesson.title,
        Lesson.summary,
        Lesson.kind,
        Lesson.minutes,
        Topic.name.label("topic"),
        Topic.hue,
        Person.name.label("author"),
        func.coalesce(team.c.people, 0).label("teammates"),
        Lesson.topic_id.in_(_known()).label("knows_topic"),
    )
    return (
        _ranked([*newest, _loved(is_open, team)], *_ranking(_learners()), *shown)
        .join(Topic, Topic.id == Lesson.topic_id)
        .join(Person, Person.id == Lesson.owner_id)
        .outerjoin(team, team.c.lesson_id == Lesson.id)
    )


def _ranking(learners: Any) -> tuple[ColumnElement[Any], ...]:
    """What the ranking looks at, in the order of a candidate's fields."""
    needs = and_(NeededTopic.team_id == TEAM, NeededTopic.topic_id == Lesson.topic_id)
    columns: tuple[Any, ...] = (
        Lesson.id,
        Lesson.topic_id,
        Lesson.published_at,
        func.coalesce(Holding.coverage, 0.0).label("coverage"),
        _holders(Lesson.topic_id).label("holders"),
        learners.label("learners"),
        exists().where(needs).label("is_needed"),
        func.coalesce(ability_of(ME, Lesson.topic_id), 0.0).label("ability"),
        difficulty_of(Lesson.id).label("difficulty"),
        Lesson.check_on,
        Lesson.quality,
        Revision.extras,
    )
    return columns


def _ranked(pools: list[Select[Any]], *columns: Any) -> Select[Any]:
    mine = and_(Holding.person_id == ME, Holding.topic_id == Lesson.topic_id)
    return (
        select(*columns)
        .select_from(Lesson)
        .join(Revision, Revision.id == Lesson.published_id)
        .outerjoin(Holding, mine)
        .where(Lesson.id.in_(union_all(*(select(part.subquery()) for part in pools))))
    )


def _newest(is_open: Any, count: Any, of: Any) -> Select[Any]:
    found = select(Lesson.id).where(of, is_open).order_by(Lesson.published_at.desc(), Lesson.id.desc())
    return found.limit(count)


def _loved(is_open: Any, team: Any) -> Select[Any]:
    found = select(Lesson.id).join(team, team.c.lesson_id == Lesson.id).where(is_open)
    return found.order_by(team.c.people.desc(), Lesson.id).limit(POLICY.candidates)


def _needed() -> Select[Any]:
    """The topics that the work of the person's team needs."""
    return select(NeededTopic.topic_id).where(NeededTopic.team_id == TEAM)


def _known() -> Select[Any]:
    """The topics of which the person has passed a lesson."""
    return (
        select(Lesson.topic_id)
        .join(Attempt, Attempt.lesson_id == Lesson.id)
        .where(Attempt.person_id == ME, Attempt.is_passed)
    )


def _is_open(database: str) -> ColumnElement[bool]:
    """Whether a lesson is open to the person: it is new to them and waits for no other."""
    return and_(is_new(), ~_waits_for_another(database))


def is_new() -> ColumnElement[bool]:
    """Whether a lesson is published and neither begun by the person `me` nor their own.

    What leaves out most comes first: a database that finds them in turn asks less of each.
    """
    begun = or_(Attempt.state == "open", and_(Attempt.is_passed, Attempt.major == Lesson.major))
    return and_(
        Lesson.state == "published",
        ~exists().where(Reading.person_id == ME, Reading.revision_id == Lesson.published_id),
        ~exists().where(Attempt.person_id == ME, Attempt.lesson_id == Lesson.id, begun),
        ~exists().where(LessonAuthor.lesson_id == Lesson.id, LessonAuthor.person_id == ME),
        visibility.is_listed_for(ME),
    )


def _waits_for_another(database: str) -> ColumnElement[bool]:
    """Whether the person has to pass another lesson before; one that is no longer offered is not waited for."""
    own, before = aliased(Revision), aliased(Lesson)
    named = requirements.named_by(own, database)
    has_passed = exists().where(Attempt.person_id == ME, Attempt.lesson_id == before.id, Attempt.is_passed)
    has_written = exists().where(LessonAuthor.person_id == ME, LessonAuthor.lesson_id == before.id)
    return (
        select(before.id)
        .select_from(own)
        .join(named, literal(True))
        .join(before, before.uid == named.c.value)
        .where(own.id == Lesson.published_id, before.state == "published", visibility.is_for(ME, before))
        .where(~has_passed, ~has_written)
        .correlate(Lesson)
        .exists()
    )


def _holders(topic_id: Any) -> Any:
    """How many active people hold a topic, counted no further than it matters."""
    some = (
        select(literal(1).label("one"))
        .select_from(Holding)
        .join(Person, Person.id == Holding.person_id)
        .where(Holding.topic_id == topic_id, Holding.is_holder, Person.is_active)
        .limit(POLICY.bus_target)
    )
    return _count(some, topic_id.class_)


def _learners() -> Any:
    """How many people have passed a lesson, counted no further than it matters."""
    some = select(Attempt.person_id).distinct().where(Attempt.lesson_id == Lesson.id, Attempt.is_passed)
    return _count(some.limit(POLICY.explored_below), Lesson)


def _count(some: Select[Any], of: Any) -> Any:
    return select(func.count()).select_from(some.correlate(of).subquery()).scalar_subquery()


def _learned_by_team() -> Select[int, int]:
    """How many teammates passed which lesson lately; few enough are left out that nobody is pointed at."""
    people = func.count(Attempt.person_id.distinct())
    return (
        select(Attempt.lesson_id, people.label("people"))
        .join(Person, Person.id == Attempt.person_id)
        .where(Person.team_id == TEAM, Person.id != ME, Attempt.is_passed, Attempt.finished_at >= SINCE)
        .group_by(Attempt.lesson_id)
        .having(people >= POLICY.few_teammates)
    )
