"""Taking questions out of sets that are drawn already, when they shall not be asked any more.

What was answered stays. A set whose last open question goes is finished with those that were answered; one of which
nothing is left is drawn anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, bindparam, delete, exists, select, update
from sqlalchemy.orm import contains_eager

from peerlearn.accounts.models import Person
from peerlearn.core.db import ask, db, table_of
from peerlearn.learn import withheld
from peerlearn.learn.corrections import Key
from peerlearn.learn.remarking import Ruling
from peerlearn.lessons import visibility
from peerlearn.lessons.models import Lesson, LessonTopic
from peerlearn.practice import finishing
from peerlearn.practice.models import DailySet, SetQuestion
from peerlearn.quizzes.models import ItemVersion

_QUESTIONS = table_of(SetQuestion)
_ASK_NEWEST = (
    update(_QUESTIONS)
    .where(
        _QUESTIONS.c.lesson_id == bindparam("lesson", type_=Integer),
        _QUESTIONS.c.item_id == bindparam("item", type_=Integer),
        _QUESTIONS.c.asked_at.is_(None),
        _QUESTIONS.c.answered_at.is_(None),
        _QUESTIONS.c.version_id != bindparam("new", type_=Integer),
    )
    .values(version_id=bindparam("new", type_=Integer), saves=_QUESTIONS.c.saves + 1)
)
_CHUNK = 500
_STILL_TODAY = timedelta(days=2)  # no place on earth is further behind; an older set stays unfinished


def of_items(item_ids: Collection[int], today: date) -> None:
    """Ask these items in no set."""
    versions = select(ItemVersion.id).where(ItemVersion.item_id.in_(item_ids))
    _withdraw(SetQuestion.version_id.in_(versions), today)


def of_lesson(lesson_id: int, still: Collection[int], today: date) -> None:
    """Ask in no set what a lesson does not ask any more; `still` are the items that it asks."""
    _withdraw(and_(SetQuestion.lesson_id == lesson_id, SetQuestion.item_id.not_in(still)), today)


def of_others(lesson_id: int, today: date) -> None:
    """Ask a lesson's questions in no set of those who may not meet it any more."""
    theirs = visibility.is_listed_for(DailySet.person_id)
    sets = select(DailySet.id).join(Lesson, Lesson.id == lesson_id).where(~theirs).correlate(None)
    _withdraw(and_(SetQuestion.lesson_id == lesson_id, SetQuestion.set_id.in_(sets)), today)


def of_a_check(person_id: int, today: date) -> None:
    """Ask a person in no set what a check or an exam that they began asks as well: here it would be told."""
    versions = withheld.versions(person_id)
    _withdraw(and_(SetQuestion.person_id == person_id, SetQuestion.version_id.in_(versions)), today)


def of_hidden(person_id: int, today: date) -> None:
    """Ask a person in no set what they may not meet any more: they are in another team, or lost a role."""
    hidden = visibility.not_listed_for(person_id)
    _withdraw(and_(SetQuestion.person_id == person_id, SetQuestion.lesson_id.in_(hidden)), today)


def is_open(lesson_id: Any) -> ColumnElement[bool]:
    """Whether a lesson is asked in a set that is drawn already, as a column."""
    return exists().where(SetQuestion.lesson_id == lesson_id, SetQuestion.answered_at.is_(None))


def ask_newest(lesson_id: int, versions: Mapping[int, int]) -> None:
    """Ask the new wordings, by item, in sets where the old ones have not been shown yet."""
    if versions:
        ask(_ASK_NEWEST, [{"lesson": lesson_id, "item": item, "new": new} for item, new in versions.items()])


def is_waiting() -> ColumnElement[bool]:
    """Whether a question of a set was shown and is not answered, as a column."""
    return and_(SetQuestion.asked_at.is_not(None), SetQuestion.answered_at.is_(None))


def follow(key: Key, today: date) -> None:
    """Let sets go on by the right key of a question whose key was wrong, before stored answers are marked again.

    Where what was shown looks different, it is asked no more. An answer that comes in at this moment is refused and
    can be sent again.
    """
    if key.ruling is not Ruling.KEY:
        return
    waits = update(_QUESTIONS).where(SetQuestion.version_id.in_(key.alike), SetQuestion.answered_at.is_(None))
    ask(waits.values(version_id=key.version_id, saves=SetQuestion.saves + 1))
    if other := key.old_versions - key.alike:
        _withdraw(and_(SetQuestion.version_id.in_(other), SetQuestion.asked_at.is_not(None)), today)


def _withdraw(which: ColumnElement[bool], today: date) -> None:
    gone = delete(_QUESTIONS).where(SetQuestion.answered_at.is_(None), which).returning(_QUESTIONS.c.set_id)
    all_ids = sorted(set(ask(gone).scalars()))
    for start in range(0, len(all_ids), _CHUNK):
        set_ids = all_ids[start : start + _CHUNK]
        for daily_set, questions, person in _finished(set_ids, today - _STILL_TODAY):
            finishing.announce(daily_set, questions, by=person)
        ask(
            delete(table_of(DailySet)).where(
                DailySet.id.in_(set_ids), ~exists().where(SetQuestion.set_id == DailySet.id)
            )
        )


def _finished(set_ids: Sequence[int], since: date) -> Iterator[tuple[DailySet, list[SetQuestion], Any]]:
    """Which of these sets of the last days have answers and nothing else."""
    other = table_of(SetQuestion).alias()
    waits = exists().where(other.c.set_id == DailySet.id, other.c.answered_at.is_(None))
    rows = (
        select(SetQuestion, Person.id, Person.timezone)
        .join(SetQuestion.daily_set)
        .join(SetQuestion.lesson)
        .join(Lesson.topics)
        .join(Person, Person.id == DailySet.person_id)
        .where(DailySet.id.in_(set_ids), DailySet.day >= since, ~waits)
        .order_by(DailySet.id, SetQuestion.position, LessonTopic.position)
        .options(
            contains_eager(SetQuestion.daily_set),
            contains_eager(SetQuestion.lesson).load_only(Lesson.id),
            contains_eager(SetQuestion.lesson).contains_eager(Lesson.topics).load_only(LessonTopic.topic_id),
        )
    )
    by_set: dict[int, tuple[DailySet, list[SetQuestion], Any]] = {}
    for row in db.session.execute(rows).unique():
        by_set.setdefault(row[0].set_id, (row[0].daily_set, [], row))[1].append(row[0])
    yield from by_set.values()
