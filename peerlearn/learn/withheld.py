"""The questions whose right answers a person may not be told yet, wherever they are asked.

It is the many-row twin of `Standing.shows_keys_of`, for features that stand above and tell answers.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from peerlearn.learn.models import Asked, Attempt
from peerlearn.quizzes.models import ItemVersion
from peerlearn.quizzes.rules import Mode


def versions(person_id: Any) -> Select[int]:
    """The wordings that mean what a check or an exam asked this person, and that none of them may tell yet.

    An attempt tells when it was passed, or when none was left after it; while one is open, none of its lesson does. A
    copy of a question in another lesson means the same.
    """
    attempt, asked, version, other = aliased(Attempt), aliased(Asked), aliased(ItemVersion), aliased(Attempt)
    tells = and_(~exists().where(_same(other, attempt), other.state == "open"), showed(attempt))
    meanings = (
        select(version.meaning)
        .select_from(attempt)
        .join(asked, asked.attempt_id == attempt.id)
        .join(version, version.id == asked.version_id)
        .where(attempt.person_id == person_id, attempt.mode != Mode.LEARN.value, attempt.state != "left")
        .group_by(version.meaning)
        .having(func.max(case((tells, 1), else_=0)) == 0)
    )
    wording = aliased(ItemVersion)
    return select(wording.id).where(wording.meaning.in_(meanings))


def showed(attempt: Any) -> ColumnElement[bool]:
    """Whether a check or an exam has shown what is right in this attempt: it was passed, or none was left after it."""
    other = aliased(Attempt)
    passed = and_(other.is_passed, other.major >= attempt.major)
    was_last = and_(other.is_last, other.state == "finished", other.started_at >= attempt.started_at)
    return exists().where(_same(other, attempt), or_(passed, was_last)).correlate_except(other)


def _same(other: Any, attempt: Any) -> ColumnElement[bool]:
    return and_(other.person_id == attempt.person_id, other.lesson_id == attempt.lesson_id)
