"""What practice has told a person of a question, wherever it was asked: whoever answers it is told what is right.

An answer that came too fast is not explained. A copy of a question in another lesson means the same.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, select
from sqlalchemy.orm import aliased

from peerlearn.learn.rules import Told
from peerlearn.learn.telling import told_by
from peerlearn.practice import rules
from peerlearn.practice.models import DailySet, Memory, SetQuestion
from peerlearn.quizzes.models import ItemVersion


@told_by
def told(person_id: Any, meaning: Any) -> ColumnElement[int]:
    """What practice told a person of a question that means this. Without a memory of it nothing was: that is quick."""
    was_due = and_(SetQuestion.kind == rules.DUE, SetQuestion.rating.is_not(None))
    recalled = _meanings(person_id, was_due, SetQuestion.is_right.is_(True), SetQuestion.hints_seen == 0)
    return case(
        (~met(person_id, meaning), int(Told.NOTHING)),
        (meaning.in_(recalled), int(Told.RECALLED)),
        (meaning.in_(_meanings(person_id)), int(Told.TOLD)),
        else_=int(Told.NOTHING),
    )


def met(person_id: Any, meaning: Any) -> ColumnElement[bool]:
    """Whether a person has a memory of a question that means this."""
    wording = aliased(ItemVersion)
    mine = and_(Memory.person_id == person_id, Memory.item_id == wording.item_id)
    return exists().where(wording.meaning == meaning, mine).correlate_except(wording, Memory)


def _meanings(person_id: Any, *answered: ColumnElement[bool]) -> Select[str]:
    """What was asked in a person's sets and answered, not too fast."""
    wording = aliased(ItemVersion)
    return (
        select(wording.meaning)
        .select_from(DailySet)
        .join(SetQuestion, SetQuestion.set_id == DailySet.id)
        .join(wording, wording.id == SetQuestion.version_id)
        .where(DailySet.person_id == person_id, SetQuestion.answered_at.is_not(None), ~SetQuestion.is_rapid, *answered)
    )
