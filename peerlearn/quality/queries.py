"""What is known of lessons: a handful of statements for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import case, func, select

from peerlearn.analysis.models import ItemFlag
from peerlearn.core.db import ask
from peerlearn.learn import voting
from peerlearn.learn.models import Reaction
from peerlearn.learn.rules import HELPED, VOTES
from peerlearn.lessons.models import Lesson, LessonAuthor, Revision
from peerlearn.lessons.quality import USUAL_RATING, Signs
from peerlearn.points import retention
from peerlearn.points.evidence import Taught
from peerlearn.points.rules import POLICY
from peerlearn.quizzes.models import QuizItem


def signs(taught: Mapping[int, Taught]) -> dict[int, Signs]:
    """What is known of every lesson that was published; `taught` is what its learners have shown."""
    votes, flags, items = _votes(), _flags(), _items()
    found = {}
    for lesson_id, extras in ask(
        select(Lesson.id, Revision.extras).join(Revision, Revision.id == Lesson.published_id).order_by(Lesson.id)
    ):
        helpful, said = votes.get(lesson_id, (0, 0))
        red, amber = flags.get(lesson_id, (0, 0))
        shown = taught.get(lesson_id, Taught()).evidence
        found[lesson_id] = Signs(
            rating=float(extras.get("rating") or USUAL_RATING),
            gain=retention.gain(shown, POLICY),
            answers=shown.answers,
            helpful=helpful,
            votes=said,
            red=red,
            amber=amber,
            items=items.get(lesson_id, 0),
        )
    return found


def _votes() -> dict[int, tuple[int, int]]:
    """By lesson: how many of those who passed it say that it helped, and how many say either."""
    statement = (
        select(Reaction.lesson_id, func.sum(case((Reaction.kind == HELPED, 1), else_=0)), func.count())
        .where(Reaction.kind.in_(VOTES), voting.counts())
        .group_by(Reaction.lesson_id)
    )
    return {row[0]: (int(row[1]), int(row[2])) for row in ask(statement)}


def _flags() -> dict[int, tuple[int, int]]:
    """By lesson: how many of its questions have a red flag, and how many an amber one and no red."""
    worst = (
        select(
            ItemFlag.lesson_id, ItemFlag.item_id, func.max(case((ItemFlag.level == "red", 2), else_=1)).label("worst")
        )
        .where(ItemFlag.state == "open", ItemFlag.level.in_(("red", "amber")))
        .group_by(ItemFlag.lesson_id, ItemFlag.item_id)
        .subquery()
    )
    levels: Any = worst.c.worst
    statement = select(
        worst.c.lesson_id, func.sum(case((levels == 2, 1), else_=0)), func.sum(case((levels == 1, 1), else_=0))
    )
    return {row[0]: (int(row[1]), int(row[2])) for row in ask(statement.group_by(worst.c.lesson_id))}


def _items() -> dict[int, int]:
    """By lesson: how many questions its published quiz has."""
    statement = (
        select(Lesson.id, func.count())
        .join(Revision, Revision.id == Lesson.published_id)
        .join(QuizItem, QuizItem.quiz_id == Revision.quiz_id)
        .group_by(Lesson.id)
    )
    return {row[0]: row[1] for row in ask(statement)}


def authors() -> tuple[int, ...]:
    """Everybody who wrote a lesson that is published."""
    wrote = select(LessonAuthor.person_id).join(Lesson, Lesson.id == LessonAuthor.lesson_id)
    return tuple(ask(wrote.where(Lesson.state == "published").distinct().order_by(LessonAuthor.person_id)).scalars())
