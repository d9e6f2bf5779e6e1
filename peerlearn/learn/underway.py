"""Attempts that are under way when a question turns out to be bad: it is left out there, or goes on with its right key.

Whoever answers at the same moment notices: the rows, and the attempts that may be about to be finished, count up.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, case, select, true, update

from peerlearn.core.db import ask
from peerlearn.core.deeds import deed
from peerlearn.learn.corrections import Key
from peerlearn.learn.models import Asked, Attempt
from peerlearn.learn.remarking import Ruling
from peerlearn.quizzes.models import ItemVersion

_IN_OPEN_ATTEMPT = Asked.attempt_id.in_(select(Attempt.id).where(Attempt.state == "open"))
_WAITS = Asked.answered_at.is_(None)


def is_waiting() -> ColumnElement[bool]:
    """Whether a question is still to be answered in an attempt that is under way, as a column."""
    return and_(_IN_OPEN_ATTEMPT, _WAITS, ~Asked.is_left_out)


@deed
def leave_out(item_ids: Collection[int]) -> None:
    """Let open attempts go on without these items: they count for nothing there, answered or not."""
    versions = select(ItemVersion.id).where(ItemVersion.item_id.in_(item_ids))
    _change(and_(Asked.version_id.in_(versions), ~Asked.is_left_out), is_left_out=True)


@deed
def follow(key: Key) -> None:
    """Let open attempts go on by what was decided, before stored answers are marked again.

    What is not answered yet has the right key from now on, where its page can still be answered; where it looks
    different, it is left out. An answer that comes in at this moment is refused and can be sent again, so that none
    slips through between the old key and the new one.
    """
    about = Asked.version_id.in_(key.old_versions)
    if key.ruling is not Ruling.KEY:
        _change(about)
        return
    can_go_on = Asked.version_id.in_(key.alike)
    _change(
        about,
        version_id=case((and_(_WAITS, can_go_on), key.version_id), else_=Asked.version_id),
        is_left_out=case((and_(_WAITS, ~can_go_on), true()), else_=Asked.is_left_out),
    )


def _change(which: ColumnElement[bool], **values: Any) -> None:
    rows = update(Asked).where(which, _IN_OPEN_ATTEMPT).values(values | {"saves": Asked.saves + 1})
    found = ask(rows.returning(Asked.attempt_id)).scalars().all()
    if found:  # whoever is about to finish one of them notices
        ask(update(Attempt).where(Attempt.id.in_(found)).values(saves=Attempt.saves + 1))
