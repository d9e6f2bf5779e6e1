"""What can be held: the active items of each topic, with their weights.

An item is active while it stands in the quiz of a published lesson that is for all, is neither paused nor retired,
and its kind counts.
It belongs to every topic that its lesson teaches. One marked critical weighs twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, String, and_, case, cast, select

from peerlearn.core.db import ask
from peerlearn.lessons import visibility
from peerlearn.lessons.models import Lesson, LessonTopic, Revision
from peerlearn.practice import rules
from peerlearn.quizzes.kinds.registry import KINDS
from peerlearn.quizzes.models import Item, ItemVersion, QuizItem

NEVER_COUNTED = tuple(slug for slug, kind in KINDS.items() if not kind.counts)
_IS_CRITICAL = and_(
    cast(ItemVersion.body, String).contains("critical"),  # looking for a word is quicker than reading what few have
    cast(ItemVersion.body["flags"], String).contains('"critical"'),
)
WEIGHT = case((_IS_CRITICAL, rules.weight_of(True)), else_=rules.weight_of(False))
# the lesson of a revision is told as well: so an item's lesson is found from the item, without looking at all lessons
_IS_PUBLISHED = and_(Revision.id == Lesson.published_id, Revision.lesson_id == Lesson.id)


def active_items() -> Select[Any]:
    """Each active item once for each of its topics: item, topic, lesson and weight."""
    return (
        select(ItemVersion.item_id, LessonTopic.topic_id, LessonTopic.lesson_id, WEIGHT.label("weight"))
        .select_from(LessonTopic)
        .join(Lesson, Lesson.id == LessonTopic.lesson_id)
        .join(Revision, _IS_PUBLISHED)
        .join(QuizItem, QuizItem.quiz_id == Revision.quiz_id)
        .join(ItemVersion, ItemVersion.id == QuizItem.version_id)
        .join(Item, Item.id == ItemVersion.item_id)
        .where(Lesson.state == "published", visibility.is_for_all())
        .where(Item.state == "active", ItemVersion.kind.not_in(NEVER_COUNTED))
    )


_IN_ORDER = active_items().order_by("item_id", "topic_id")


def in_order() -> Sequence[Any]:
    """All of them by item, in one statement."""
    rows: Sequence[Any] = ask(_IN_ORDER).all()
    return rows
