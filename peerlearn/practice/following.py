"""Memories and sets follow lessons and topics: a changed question is due at once, one that is gone is not asked.

What was proven and passed of a question says nothing of another key: that begins anew. Which tiers of intervals were
paid stays, because a key that is turned to and fro must not pay twice.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Boolean, Date, Integer, String, and_, bindparam, case, exists, or_, select, update

from peerlearn.core.db import ask, least, table_of
from peerlearn.lessons.models import Lesson, Revision, Topic
from peerlearn.lessons.rules import FOR_SOME
from peerlearn.practice import inventory, rules, withdrawing
from peerlearn.practice.models import Memory
from peerlearn.practice.rules import POLICY
from peerlearn.quizzes.models import ItemVersion, QuizItem

_MEMORIES = table_of(Memory)


_IS_ASKED = or_(Memory.rank == rules.CRITICAL, Memory.rank == rules.ORDINARY)
_IS_LEFT = or_(Memory.rank == rules.LEECH, Memory.rank == rules.GONE)


def _asked_rank(weight: Any = Memory.weight, topic_id: Any = Memory.topic_id) -> Any:
    """The rank of a memory that is asked: before others when its item is marked or its topic is critical."""
    is_critical = exists().where(Topic.id == topic_id, Topic.importance == "critical")
    return case((or_(weight > 1, is_critical), rules.CRITICAL), else_=rules.ORDINARY)


def _rank_again(*of: Any) -> Any:
    """The rank of a memory whose item comes back: one that was forgotten too often still waits to be read again."""
    return case((Memory.lapses >= POLICY.leech_lapses, rules.LEECH), else_=_asked_rank(*of))


_NOW_ASKED = (
    select(ItemVersion.item_id, ItemVersion.id, ItemVersion.meaning, Lesson.topic_id, inventory.WEIGHT)
    .add_columns(withdrawing.is_open(Lesson.id).label("is_open"), Lesson.classification, Revision.is_major)
    .join(QuizItem, QuizItem.version_id == ItemVersion.id)
    .join(Revision, Revision.quiz_id == QuizItem.quiz_id)
    .join(Lesson, Lesson.id == Revision.lesson_id)
    .where(Revision.id == bindparam("revision"))
)
_MEANT = select(ItemVersion.meaning).where(ItemVersion.id == Memory.version_id).correlate(_MEMORIES).scalar_subquery()
_NEW_WEIGHT: Any = bindparam("new_weight", type_=Integer)
_NEW_TOPIC: Any = bindparam("new_topic", type_=Integer)
_HAS_CHANGED = _MEANT.is_distinct_from(bindparam("new_meaning", type_=String))
_BEGINS_ANEW = and_(_HAS_CHANGED, bindparam("anew", type_=Boolean))
_FOLLOW = (
    update(_MEMORIES)
    .where(Memory.item_id == bindparam("item", type_=Integer))
    .values(
        version_id=bindparam("new_version", type_=Integer),
        topic_id=_NEW_TOPIC,
        weight=_NEW_WEIGHT,
        stability=case((_HAS_CHANGED, least(Memory.stability, POLICY.new_stability)), else_=Memory.stability),
        due_on=case((_HAS_CHANGED, bindparam("today", type_=Date)), else_=Memory.due_on),
        lapses=case((_HAS_CHANGED, 0), else_=Memory.lapses),
        passes=case((_BEGINS_ANEW, 0), else_=Memory.passes),
        is_proven=and_(Memory.is_proven, ~_BEGINS_ANEW),
        rank=case(
            (_IS_ASKED, _asked_rank(_NEW_WEIGHT, _NEW_TOPIC)),
            (and_(_HAS_CHANGED, _IS_LEFT), _asked_rank(_NEW_WEIGHT, _NEW_TOPIC)),
            (Memory.rank == rules.GONE, _rank_again(_NEW_WEIGHT, _NEW_TOPIC)),
            else_=Memory.rank,
        ),
    )
)
_LEAVE = (
    update(_MEMORIES)
    .where(Memory.lesson_id == bindparam("lesson"), Memory.item_id.not_in(bindparam("still", expanding=True)))
    .values(rank=rules.GONE)
)


def publication(lesson_id: int, revision_id: int, today: date, *, anew: bool) -> bool:
    """Ask the new wordings; what changed in stem or key is due at once, what is no longer asked is left alone.

    `anew`: what changed has to be proven anew. Where a key was put right, answers are marked again and speak for it.
    Whether this revision makes a new version of the lesson.
    """
    rows = ask(_NOW_ASKED, {"revision": revision_id}).all()
    follow = [
        {"item": item_id, "new_version": version_id, "new_meaning": meaning, "new_topic": topic_id}
        | {"new_weight": weight, "today": today, "anew": anew}
        for item_id, version_id, meaning, topic_id, weight, *_lesson in rows
    ]
    if follow:
        ask(_FOLLOW, follow)
    still = {row["item"]: row["new_version"] for row in follow}
    ask(_LEAVE, {"lesson": lesson_id, "still": list(still)})
    if not rows or rows[0].is_open:
        withdrawing.ask_newest(lesson_id, still)
        withdrawing.of_lesson(lesson_id, still.keys(), today)
        if rows and rows[0].classification in FOR_SOME:
            withdrawing.of_others(lesson_id, today)
    return bool(rows) and bool(rows[0].is_major)


def archive(lesson_id: int, today: date) -> None:
    """Ask nothing of a lesson that left the catalogue, in no set that is drawn already either."""
    ask(_LEAVE, {"lesson": lesson_id, "still": []})
    withdrawing.of_lesson(lesson_id, (), today)


def importance(topic_id: int) -> None:
    """Take the items of a topic before others, or no longer."""
    ask(update(_MEMORIES).where(Memory.topic_id == topic_id, _IS_ASKED).values(rank=_asked_rank()))


def pause(item_ids: Collection[int], today: date) -> None:
    """Ask nobody these items while somebody finds out whether they are wrong."""
    ask(update(_MEMORIES).where(Memory.item_id.in_(item_ids), Memory.rank < rules.PAUSED).values(rank=rules.PAUSED))
    withdrawing.of_items(item_ids, today)


def resume(item_ids: Collection[int]) -> None:
    """Ask items again that were paused."""
    is_paused = and_(Memory.item_id.in_(item_ids), Memory.rank == rules.PAUSED)
    ask(update(_MEMORIES).where(is_paused).values(rank=_rank_again()))
