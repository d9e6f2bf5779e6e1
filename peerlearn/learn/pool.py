"""The questions of a quiz as they are drawn, and what is known of them and the person who is asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sqlalchemy import Integer, and_, bindparam, case, func, select
from sqlalchemy.orm import aliased, contains_eager

from peerlearn.accounts.models import Person
from peerlearn.core.db import ask, db
from peerlearn.learn import telling
from peerlearn.learn.drawing import Candidate, Key, Past
from peerlearn.learn.models import Asked, Attempt
from peerlearn.learn.rules import POLICY, Told
from peerlearn.lessons.models import Lesson
from peerlearn.quizzes.kinds.registry import counts
from peerlearn.quizzes.models import Item, ItemVersion, QuizItem
from peerlearn.quizzes.question import VARIANT

ME: Any = bindparam("me", type_=Integer)
LESSON: Any = bindparam("lesson", type_=Integer)


def drawable(quiz_id: int) -> list[ItemVersion]:
    """The questions of a quiz that may be asked, in order; what is paused or retired rests."""
    statement = (
        select(ItemVersion)
        .join(QuizItem, QuizItem.version_id == ItemVersion.id)
        .join(ItemVersion.item)
        .where(QuizItem.quiz_id == quiz_id, Item.state == "active")
        .order_by(QuizItem.position)
        .options(contains_eager(ItemVersion.item))
    )
    return list(db.session.scalars(statement))


@cache
def _drawable_for() -> Any:
    return (
        select(ItemVersion, telling.told(ME, ItemVersion.meaning))
        .join(QuizItem, QuizItem.version_id == ItemVersion.id)
        .join(ItemVersion.item)
        .where(QuizItem.quiz_id == bindparam("quiz"), Item.state == "active")
        .order_by(QuizItem.position)
    )


def candidates_for(quiz_id: int, person: Person) -> list[Candidate]:
    """The questions of a quiz that may be asked, in order, with what a person was told of each elsewhere."""
    rows = db.session.execute(_drawable_for(), {"quiz": quiz_id, "me": person.id})
    return [replace(candidate_of(version), told=Told(told)) for version, told in rows]


def asked_first(quiz_id: int, size: int) -> int:
    """How many questions that count a first attempt asks, when so many are drawn; 0 means all of them."""
    found = [one for one in map(candidate_of, drawable(quiz_id)) if one.counts and not one.is_spare]
    return min(size or len(found), len(found))


def candidate_of(version: ItemVersion) -> Candidate:
    """A stored question as drawing sees it."""
    return Candidate(
        version_id=version.id,
        key=(version.item_id, version.meaning),
        card=version.body.get("card"),
        is_spare=VARIANT in version.body.get("flags", ()),
        counts=counts(version.kind),
    )


@dataclass(frozen=True)
class History:
    """What a person was asked in attempts that count at this version, and all they ever answered of the lesson."""

    past: Sequence[Past] = ()
    known: frozenset[Key] = frozenset()


_PLACE, _Told = aliased(ItemVersion), aliased(ItemVersion)
_COUNTS_HERE = and_(Attempt.is_scored, Attempt.state == "finished", Attempt.major == bindparam("major"))
_HISTORY = (
    select(
        ItemVersion.item_id,
        ItemVersion.meaning,
        func.coalesce(_PLACE.item_id, ItemVersion.item_id),
        func.coalesce(_PLACE.meaning, ItemVersion.meaning),
        func.max(case((Asked.answered_at.is_not(None), 1), else_=0)).label("was_answered"),
        func.max(case((_COUNTS_HERE, 1), else_=0)).label("counts_here"),
        func.max(case((and_(_COUNTS_HERE, Asked.is_right), 1), else_=0)).label("was_right"),
    )
    .select_from(Attempt)
    .join(Attempt.asked)
    .join(Asked.version)
    .outerjoin(_PLACE, _PLACE.id == Asked.instead_of_id)
    .where(Attempt.person_id == ME, Attempt.lesson_id == LESSON)
    .group_by(ItemVersion.item_id, ItemVersion.meaning, _PLACE.item_id, _PLACE.meaning)
)


def history(person: Person, lesson: Lesson) -> History:
    """The questions of this lesson that a person was asked, each once for each place it stood in."""
    values = {"me": person.id, "lesson": lesson.id, "major": lesson.major}
    rows = ask(_HISTORY, values).all()
    past = [Past((row[0], row[1]), (row[2], row[3]), bool(row.was_right)) for row in rows if row.counts_here]
    return History(past, frozenset((row[0], row[1]) for row in rows if row.was_answered))


def response_times(version_ids: Sequence[int]) -> dict[int, list[float]]:
    """The newest response times of each of these questions, in whatever words it was asked; rapid ones left out."""
    place = func.row_number().over(partition_by=ItemVersion.id, order_by=Asked.id.desc()).label("place")
    newest = (
        select(ItemVersion.id.label("version_id"), Asked.seconds, place)
        .join(_Told, and_(_Told.item_id == ItemVersion.item_id, _Told.meaning == ItemVersion.meaning))
        .join(Asked, Asked.version_id == _Told.id)
        .where(ItemVersion.id.in_(version_ids), Asked.answered_at.is_not(None), ~Asked.is_rapid)
        .subquery()
    )
    found: dict[int, list[float]] = defaultdict(list)
    statement = select(newest.c.version_id, newest.c.seconds).where(newest.c.place <= POLICY.median_of)
    for version_id, seconds in db.session.execute(statement):
        found[version_id].append(seconds)
    return found
