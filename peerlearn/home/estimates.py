"""What answers have told of people and lessons, lent to the ranking of lessons: it stands below those who know it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, func, select

from peerlearn.analysis.models import EVERYTHING, Ability, ItemFigures
from peerlearn.analysis.observing import meaning_of
from peerlearn.practice import recommending


def _ability_of(person_id: Any, topic_id: Any) -> ColumnElement[Any]:
    """How able a person is in a topic; where nothing is known of it, in all topics together."""

    def in_topic(topic: Any) -> Any:
        mine = select(Ability.theta).where(Ability.person_id == person_id, Ability.topic_id == topic)
        return mine.correlate(topic_id.class_).scalar_subquery()

    return func.coalesce(in_topic(topic_id), in_topic(EVERYTHING))


def _difficulty_of(lesson_id: Any) -> ColumnElement[Any]:
    """How hard the questions of a lesson are, as far as people have answered them."""
    known = select(func.avg(ItemFigures.difficulty)).where(ItemFigures.lesson_id == lesson_id, ItemFigures.rated > 0)
    return known.correlate(lesson_id.class_).scalar_subquery()


def _item_difficulty_of(version: Any) -> ColumnElement[Any]:
    """How hard a question is as it is worded now, as far as people have answered it."""
    is_same = ItemFigures.meaning_id == meaning_of(version)
    known = select(ItemFigures.difficulty).where(is_same, ItemFigures.rated > 0)
    return known.correlate(version).scalar_subquery()


def lend() -> None:
    """Let lessons and new questions be chosen by what is known."""
    recommending.offer_estimates(ability=_ability_of, difficulty=_difficulty_of, item_difficulty=_item_difficulty_of)
