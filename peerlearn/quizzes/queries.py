"""Questions as they were stored: read whole quizzes, one statement each time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from peerlearn.core.db import db
from peerlearn.quizzes.answering import Render
from peerlearn.quizzes.models import Item, ItemVersion, QuizItem
from peerlearn.quizzes.question import Question
from peerlearn.quizzes.rendered import renderers


@dataclass(frozen=True)
class Stored:
    """A question in its place: what to store answers under, the question itself, and how its texts are shown."""

    position: int
    item_id: int
    version_id: int
    meaning: str
    question: Question
    render: Render
    render_line: Render


def load_quiz(quiz_id: int | None) -> tuple[Stored, ...]:
    """The questions of a quiz in order; none for a lesson without a quiz."""
    return load_quizzes([quiz_id] if quiz_id else []).get(quiz_id or 0, ())


def load_quizzes(quiz_ids: Collection[int]) -> dict[int, tuple[Stored, ...]]:
    """The questions of several quizzes, by quiz."""
    if not quiz_ids:
        return {}
    statement = (
        select(QuizItem)
        .join(QuizItem.version)
        .where(QuizItem.quiz_id.in_(quiz_ids))
        .order_by(QuizItem.quiz_id, QuizItem.position)
        .options(contains_eager(QuizItem.version))
    )
    found: dict[int, list[Stored]] = {quiz_id: [] for quiz_id in quiz_ids}
    for row in db.session.scalars(statement):
        found[row.quiz_id].append(stored(row.version, row.position))
    return {quiz_id: tuple(rows) for quiz_id, rows in found.items()}


def load_versions(version_ids: Collection[int]) -> dict[int, Stored]:
    """Single wordings of questions by their ids, whatever quiz they stand in."""
    if not version_ids:
        return {}
    rows = db.session.scalars(select(ItemVersion).where(ItemVersion.id.in_(version_ids)))
    return {row.id: stored(row, 0) for row in rows}


def stored(version: ItemVersion, position: int) -> Stored:
    """A row as a value."""
    render, render_line = renderers(version)
    return Stored(
        position=position,
        item_id=version.item_id,
        version_id=version.id,
        meaning=version.meaning,
        question=Question.from_json(version.body),
        render=render,
        render_line=render_line,
    )


def meanings_of(quiz_id: int | None) -> frozenset[str]:
    """What a quiz asks, whatever its explanations say: equal sets ask the same."""
    if quiz_id is None:
        return frozenset()
    statement = (
        select(Item.uid, ItemVersion.meaning)
        .join(ItemVersion.item)
        .join(QuizItem, QuizItem.version_id == ItemVersion.id)
    )
    rows = db.session.execute(statement.where(QuizItem.quiz_id == quiz_id))
    return frozenset(f"{uid}:{meaning}" for uid, meaning in rows)


def taken_ids(uids: Sequence[str]) -> frozenset[str]:
    """Which of these question ids are in use anywhere in the library."""
    if not uids:
        return frozenset()
    return frozenset(db.session.scalars(select(Item.uid).where(Item.uid.in_(uids))))
