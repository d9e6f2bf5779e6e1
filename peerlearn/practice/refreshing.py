"""Whoever learned an older text of a lesson is asked something about it when it changed, even if no question did."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, Integer, bindparam, select, update
from sqlalchemy.orm import aliased

from peerlearn.core.db import ask, table_of
from peerlearn.lessons.models import Revision
from peerlearn.practice import rules
from peerlearn.practice.models import Memory
from peerlearn.practice.rules import POLICY
from peerlearn.quizzes.models import ItemVersion, QuizItem

_TODAY = bindparam("today", type_=Date)
_ASKED = (rules.CRITICAL, rules.ORDINARY)
_other = aliased(table_of(Memory))
_FIRST = (
    select(ItemVersion.item_id)
    .join(QuizItem, QuizItem.version_id == ItemVersion.id)
    .join(Revision, Revision.quiz_id == QuizItem.quiz_id)
    .where(Revision.id == bindparam("revision", type_=Integer))
    .order_by(QuizItem.position)
    .limit(POLICY.refreshers)
    .correlate(None)
)
_LESSON = bindparam("lesson", type_=Integer)
_ASKED_ANYWAY = (  # looked up once, before anything is changed
    select(_other.c.person_id)
    .where(_other.c.lesson_id == _LESSON, _other.c.rank.in_(_ASKED), _other.c.due_on <= _TODAY)
    .correlate(None)
)
_REFRESH = (
    update(table_of(Memory))
    .where(Memory.lesson_id == _LESSON, Memory.item_id.in_(_FIRST))
    .where(Memory.rank.in_(_ASKED), Memory.due_on > _TODAY, Memory.person_id.not_in(_ASKED_ANYWAY))
    .values(due_on=_TODAY)
)


def publication(lesson_id: int, revision_id: int, today: date) -> None:
    """Let a few questions of a new version be due at once for those who have none due. What is known stays so."""
    ask(_REFRESH, {"lesson": lesson_id, "revision": revision_id, "today": today})
