"""What curators and owners decide about flagged questions. None of it commits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select, update

from peerlearn.accounts.models import Person
from peerlearn.analysis import resting, rules
from peerlearn.analysis.access import Deciding
from peerlearn.analysis.events import FlagDismissed, ItemRetired
from peerlearn.analysis.models import ItemFigures, ItemFlag
from peerlearn.analysis.observing import meaning_of
from peerlearn.core import clock, text
from peerlearn.core.db import ask, db
from peerlearn.core.deeds import deed, publish
from peerlearn.core.errors import Conflict, NotValid
from peerlearn.core.words import N_
from peerlearn.lessons import actions as lessons
from peerlearn.lessons.models import Revision
from peerlearn.quizzes.models import Item, ItemVersion, QuizItem

ALREADY_DECIDED = N_("Somebody decided about this question a moment ago.")


@deed
def dismiss(found: Deciding, reason: str, *, by: Person) -> None:
    """The question is good: it is asked again, and these flags stay away until twice as many have answered."""
    reason = _reason(reason)
    close(found, "dismissed", reason, by)
    resting.ask_again([found.row.item_id])
    if found.is_judge and any(each.flag.slug == "drift" for each in found.flags):
        lessons.verify(found.lesson, by=by)
    publish(FlagDismissed(found.row.id, found.lesson.id, found.row.item_id, found.lesson.owner_id), by=by)


@deed
def retire(found: Deciding, reason: str, *, by: Person) -> None:
    """The question is asked no more. What people answered stays as it was."""
    reason = _reason(reason)
    close(found, "retired", reason, by)
    resting.rest([found.row.item_id], "retired")
    publish(ItemRetired(found.lesson.id, found.row.item_id, found.lesson.owner_id), by=by)


def _reason(reason: str) -> str:
    reason = text.clean_block(reason).strip()
    problem = rules.reason_problem(reason)
    if problem:
        raise NotValid(problem, fields={"reason": [problem]})
    return reason


def close(found: Deciding, state: str, reason: str, by: Person) -> None:
    """Decide about every open flag of the question, once."""
    answers = select(func.coalesce(func.max(ItemFigures.answers), 0)).where(
        ItemFigures.meaning_id == found.row.meaning_id
    )
    decided = {"state": state, "reason": reason, "decided_by_id": by.id, "decided_at": clock.now()}
    statement = (
        update(ItemFlag)
        .where(ItemFlag.meaning_id == found.row.meaning_id, ItemFlag.state == "open")
        .values(decided | {"answers": answers.scalar_subquery(), "version": ItemFlag.version + 1})
        .returning(ItemFlag.id)
    )
    closed = ask(statement).scalars().all()
    if found.row.id not in closed:
        raise Conflict(ALREADY_DECIDED)
    db.session.expire(found.row)


def follow_publication(lesson_id: int, revision_id: int) -> None:
    """Settle flags on what a lesson asks no more, and ask again what a new revision asks anew."""
    rows = ask(_now_asked(revision_id)).all()
    meanings = {row.meaning_id for row in rows}
    mended = {"state": "mended", "decided_at": clock.now(), "version": ItemFlag.version + 1}
    old = (ItemFlag.lesson_id == lesson_id, ItemFlag.state == "open", ItemFlag.meaning_id.not_in(meanings))
    ask(update(ItemFlag).where(*old).values(mended))
    waiting = {row.meaning_id: row.item_id for row in rows if row.state != "active"}
    if waiting:
        still = set(_still_bad(list(waiting)))
        resting.ask_again([item_id for meaning_id, item_id in waiting.items() if meaning_id not in still])


def _now_asked(revision_id: int) -> Select[Any]:
    return (
        select(ItemVersion.item_id, Item.state, meaning_of(ItemVersion))
        .select_from(Revision)
        .join(QuizItem, QuizItem.quiz_id == Revision.quiz_id)
        .join(ItemVersion, ItemVersion.id == QuizItem.version_id)
        .join(Item, Item.id == ItemVersion.item_id)
        .where(Revision.id == revision_id)
    )


def _still_bad(meanings: Sequence[int]) -> Sequence[int]:
    """Those of these meanings that wait for a decision or were retired."""
    wanted = select(ItemFlag.meaning_id).where(ItemFlag.meaning_id.in_(meanings))
    found: Sequence[int] = ask(wanted.where(ItemFlag.state.in_(("open", "retired")))).scalars().all()
    return found
