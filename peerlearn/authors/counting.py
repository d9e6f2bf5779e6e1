"""Counting what learners did with lessons: everything of a page in one statement. Authors of a lesson do not count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, String, and_, case, func, literal, select, union_all

from peerlearn.accounts.models import Person, Team
from peerlearn.analysis.models import ItemFigures, ItemFlag
from peerlearn.analysis.observing import meaning_of
from peerlearn.authors.rules import POLICY, QUIZ, Figures, Share
from peerlearn.core import clock
from peerlearn.core.db import ask, days_between
from peerlearn.learn import voting
from peerlearn.learn.models import Attempt, Reaction, Reading
from peerlearn.lessons.models import Lesson, LessonAuthor, Revision
from peerlearn.practice.models import DailySet, SetQuestion
from peerlearn.quizzes.models import ItemVersion, QuizItem


def figures(cards: Mapping[int, int], *, whole: bool = False) -> dict[int, Figures]:
    """The figures of lessons, given with how many cards each has; `whole` counts more for the page of one lesson."""
    if not cards:
        return {}
    ids = list(cards)
    days = POLICY.kept_days if whole else (POLICY.kept_shown,)
    parts = [_readers(ids), _tried(ids), _first_goes(ids), _places(ids), _reactions(ids)]
    answered = _answered(ids)
    parts += [_kept(answered, since) for since in days]
    if whole:
        parts += [_teams(ids), _questions(ids)]
    rows: dict[int, list[Any]] = defaultdict(list)
    for row in ask(union_all(*parts)):
        rows[row.lesson_id].append(row)
    return {lesson_id: _of(rows[lesson_id], count) for lesson_id, count in cards.items()}


def _of(rows: Collection[Any], cards: int) -> Figures:
    def one(what: str) -> Share:
        return next((Share(row.part, row.whole, row.people) for row in rows if row.what == what), Share())

    return Figures(
        readers=one("readers").people,
        passed=one("tried"),
        at_once=one("first"),
        cards=cards,
        places={row.key: row.people for row in rows if row.what == "place"},
        reactions={row.name: row.people for row in rows if row.what == "reaction"},
        kept={row.key: Share(row.part, row.whole, row.people) for row in rows if row.what == "kept"},
        questions=sorted(
            (row.key, Share(row.part, row.whole, row.whole), row.people) for row in rows if row.what == "question"
        ),
        teams=sorted((row.name, row.people) for row in rows if row.what == "team"),
    )


def _line(
    lesson_id: Any,
    what: str,
    *,
    people: Any,
    key: Any = None,
    name: Any = None,
    part: Any = None,
    whole: Any = None,
) -> Any:
    """One line of what is counted: all parts of the statement have the same columns."""
    none = literal(0, Integer)
    columns = (
        lesson_id.label("lesson_id"),
        literal(what, String).label("what"),
        (none if key is None else key).label("key"),
        (literal("", String) if name is None else name).label("name"),
        people.label("people"),
        (none if part is None else part).label("part"),
        (none if whole is None else whole).label("whole"),
    )
    return select(*columns)


def _is_learner(table: Any) -> ColumnElement[bool]:
    """Whether somebody is no author of the lesson."""
    wrote = select(1).where(LessonAuthor.lesson_id == table.lesson_id, LessonAuthor.person_id == table.person_id)
    return ~wrote.exists()


def _sum(condition: Any) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _readers(ids: Collection[int]) -> Any:
    line = _line(Reading.lesson_id, "readers", people=func.count(Reading.person_id.distinct()))
    return line.where(Reading.lesson_id.in_(ids), _is_learner(Reading)).group_by(Reading.lesson_id)


def _tried(ids: Collection[int]) -> Any:
    """Who finished the quiz, and who passed it, ever."""
    passed = func.count(case((Attempt.is_passed, Attempt.person_id)).distinct())
    people = func.count(Attempt.person_id.distinct())
    line = _line(Attempt.lesson_id, "tried", people=people, part=passed, whole=people)
    return line.where(*_counts(ids)).group_by(Attempt.lesson_id)


def _first_goes(ids: Collection[int]) -> Any:
    people = func.count(Attempt.person_id.distinct())
    line = _line(Attempt.lesson_id, "first", people=people, part=_sum(Attempt.is_passed), whole=func.count())
    return line.where(*_counts(ids), Attempt.number == 1).group_by(Attempt.lesson_id)


def _counts(ids: Collection[int]) -> tuple[Any, ...]:
    return Attempt.lesson_id.in_(ids), Attempt.state == "finished", Attempt.is_scored, _is_learner(Attempt)


def _places(ids: Collection[int]) -> Any:
    """Where readers of the text as it is now are who stopped, or who began the quiz; small edits do not change it."""
    newest = (
        select(func.max(Revision.number))
        .where(Revision.lesson_id == Reading.lesson_id, Revision.is_major, Revision.published_at.is_not(None))
        .correlate(Reading)
        .scalar_subquery()
    )
    began = select(1).where(Attempt.lesson_id == Reading.lesson_id, Attempt.person_id == Reading.person_id).exists()
    before = clock.now() - timedelta(days=POLICY.stopped_days)
    place = func.max(case((began, QUIZ), else_=func.json_array_length(Reading.seen) + 1))
    each = (
        select(Reading.lesson_id, Reading.person_id, place.label("place"))
        .join(Revision, Revision.id == Reading.revision_id)
        .where(Reading.lesson_id.in_(ids), Revision.number >= newest, _is_learner(Reading))
        .group_by(Reading.lesson_id, Reading.person_id)
        .having(func.max(case((began, 1), (Reading.touched_at < before, 1), else_=0)) == 1)
        .subquery()
    )
    line = _line(each.c.lesson_id, "place", people=func.count(), key=each.c.place)
    return line.group_by(each.c.lesson_id, each.c.place)


def _reactions(ids: Collection[int]) -> Any:
    line = _line(Reaction.lesson_id, "reaction", people=func.count(), name=Reaction.kind)
    return line.where(Reaction.lesson_id.in_(ids), voting.counts()).group_by(Reaction.lesson_id, Reaction.kind)


def _answered(ids: Collection[int]) -> Any:
    """What was answered in practice of these lessons by those who passed them, and how long after.

    Read from the answers to their questions: the other way round each person's sets would be gone through once for
    each lesson.
    """
    passed = (
        select(Attempt.lesson_id, Attempt.person_id, func.min(Attempt.finished_at).label("at"))
        .where(Attempt.lesson_id.in_(ids), Attempt.is_passed, Attempt.finished_at.is_not(None), _is_learner(Attempt))
        .group_by(Attempt.lesson_id, Attempt.person_id)
        .cte("passed")
        .prefix_with("MATERIALIZED")
    )
    asked = (
        select(QuizItem.version_id)
        .join(Revision, Revision.quiz_id == QuizItem.quiz_id)
        .where(Revision.lesson_id.in_(ids))
    )
    given = (
        select(
            SetQuestion.id,
            SetQuestion.lesson_id,
            SetQuestion.item_id,
            SetQuestion.is_right,
            SetQuestion.answered_at,
            DailySet.person_id,
        )
        .join(DailySet, DailySet.id == SetQuestion.set_id)
        .where(SetQuestion.version_id.in_(asked), SetQuestion.answered_at.is_not(None), ~SetQuestion.is_rapid)
        .cte("given")
        .prefix_with("MATERIALIZED")
    )
    return (
        select(given, days_between(passed.c.at, given.c.answered_at).label("days"))
        .join(passed, and_(passed.c.lesson_id == given.c.lesson_id, passed.c.person_id == given.c.person_id))
        .cte("answered")
        .prefix_with("MATERIALIZED")
    )


def _kept(answered: Any, days: int) -> Any:
    """The first answer of each person to each question so many days after passing or later; not those too fast."""
    order = func.row_number().over(
        partition_by=(answered.c.lesson_id, answered.c.person_id, answered.c.item_id),
        order_by=(answered.c.answered_at, answered.c.id),
    )
    columns = (answered.c.lesson_id, answered.c.person_id, answered.c.is_right, order.label("place"))
    first = select(*columns).where(answered.c.days >= days).subquery()
    line = _line(
        first.c.lesson_id,
        "kept",
        people=func.count(first.c.person_id.distinct()),
        key=literal(days, Integer),
        part=_sum(first.c.is_right),
        whole=func.count(),
    )
    return line.where(first.c.place == 1).group_by(first.c.lesson_id)


def _teams(ids: Collection[int]) -> Any:
    people = func.count(Reading.person_id.distinct())
    line = _line(Reading.lesson_id, "team", people=people, name=func.coalesce(Team.name, ""))
    return (
        line.join(Person, Person.id == Reading.person_id)
        .outerjoin(Team, Team.id == Person.team_id)
        .where(Reading.lesson_id.in_(ids), _is_learner(Reading))
        .group_by(Reading.lesson_id, Team.name)
    )


def _questions(ids: Collection[int]) -> Any:
    """What first answers say of each question, and how many flags it has; people are the flags here."""
    meaning = meaning_of(ItemVersion)
    flags = (
        select(func.count())
        .where(ItemFlag.meaning_id == ItemFigures.meaning_id, ItemFlag.state == "open", ItemFlag.level != "info")
        .correlate(ItemFigures)
        .scalar_subquery()
    )
    line = _line(
        Lesson.id,
        "question",
        people=func.coalesce(flags, 0),
        key=QuizItem.position,
        part=func.coalesce(ItemFigures.right, 0),
        whole=func.coalesce(ItemFigures.seen, 0),
    )
    return (
        line.join(Revision, Revision.id == Lesson.published_id)
        .join(QuizItem, QuizItem.quiz_id == Revision.quiz_id)
        .join(ItemVersion, ItemVersion.id == QuizItem.version_id)
        .outerjoin(ItemFigures, ItemFigures.meaning_id == meaning)
        .where(Lesson.id.in_(ids))
    )
