"""What curators and owners decide about flagged questions. None of it commits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, and_, bindparam, case, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from peerlearn.accounts.models import Person
from peerlearn.analysis import flagging, resting, rules
from peerlearn.analysis.access import Deciding
from peerlearn.analysis.events import FlagDismissed, ItemRetired
from peerlearn.analysis.models import ItemFigures, ItemFlag
from peerlearn.analysis.observing import meaning_of
from peerlearn.core import clock
from peerlearn.core.db import ask, db
from peerlearn.core.deeds import deed, publish
from peerlearn.core.errors import Conflict, NotValid
from peerlearn.core.words import N_
from peerlearn.learn import underway
from peerlearn.learn.models import Asked
from peerlearn.lessons import actions as lessons
from peerlearn.lessons import sharing
from peerlearn.lessons.models import Revision
from peerlearn.lessons.rules import State
from peerlearn.practice import withdrawing
from peerlearn.practice.models import SetQuestion
from peerlearn.quizzes.kinds.registry import counts
from peerlearn.quizzes.models import Item, ItemVersion, QuizItem
from peerlearn.quizzes.question import Question, sight

RETIRED = ("retired", "left_out", "excused_retired")  # what was decided so is asked no more
ALREADY_DECIDED = N_("Somebody decided about this question a moment ago.")
_REVISION = bindparam("revision", type_=Integer)


@deed
def dismiss(found: Deciding, reason: str, *, by: Person) -> None:
    """The question is good: it is asked again, and these flags stay away until twice as many have answered.

    Of an old key it says that this was right at that time: marks stay as they are.
    """
    reason = checked_reason(reason)
    close(found, "dismissed", reason, by)
    if not found.is_rekeyed:
        resting.ask_again([found.row.item_id])
    if found.is_judge and any(each.flag.slug == "drift" for each in found.flags):
        lessons.verify(found.lesson, by=by)
    about = (found.row.id, found.lesson.id, found.row.item_id, found.lesson.owner_id)
    publish(FlagDismissed(*about, of_old_key=found.is_rekeyed), by=by)


@deed
def retire(found: Deciding, reason: str, *, by: Person) -> None:
    """The question is not wanted any more: it is asked no more, and what people answered stays as it was."""
    insist_on_question(found)
    reason = checked_reason(reason)
    close(found, "retired", reason, by)
    resting.rest([found.row.item_id], "retired")
    publish(ItemRetired(found.lesson.id, found.row.item_id, found.lesson.owner_id), by=by)


def insist_on_question(found: Deciding) -> None:
    """Go on where it is the question itself that is doubted, not only a key that it had."""
    if found.is_rekeyed:
        raise Conflict(rules.HAS_ANOTHER_KEY)


def checked_reason(reason: str) -> str:
    """The reason of a decision as it is stored. Raises NotValid for one that tells nothing."""
    reason = sharing.words(reason, "reason")
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
    """Settle flags on what a lesson asks no more, and ask again what a new revision asks anew.

    Where only the key of a question is another one, a curator is asked whether the old key was wrong.
    """
    rows = ask(_now_asked(), {"revision": revision_id}).all()
    meanings, items = {row.meaning_id for row in rows}, {row.item_id for row in rows}
    mended = {"state": "mended", "decided_at": clock.now(), "version": ItemFlag.version + 1}
    of_old_key = ItemFlag.flag == rules.REKEYED
    gone = case(
        (of_old_key, or_(ItemFlag.meaning_id.in_(meanings), ItemFlag.item_id.not_in(items))),
        else_=ItemFlag.meaning_id.not_in(meanings),
    )
    ask(update(ItemFlag).where(ItemFlag.lesson_id == lesson_id, ItemFlag.state == "open", gone).values(mended))
    waiting = {row.meaning_id: row.item_id for row in rows if row.state != "active"}
    if waiting:
        still = set(_still_bad(list(waiting)))
        resting.ask_again([item_id for meaning_id, item_id in waiting.items() if meaning_id not in still])
    flagging.ask_about_old_keys(lesson_id, _old_keys(lesson_id, revision_id))


@cache
def _now_asked() -> Select[Any]:
    return (
        select(ItemVersion.item_id, Item.state, meaning_of(ItemVersion))
        .select_from(Revision)
        .join(QuizItem, QuizItem.quiz_id == Revision.quiz_id)
        .join(ItemVersion, ItemVersion.id == QuizItem.version_id)
        .join(Item, Item.id == ItemVersion.item_id)
        .where(Revision.id == _REVISION)
    )


def _still_bad(meanings: Sequence[int]) -> Sequence[int]:
    """Those of these meanings that wait for a decision or were retired."""
    wanted = select(ItemFlag.meaning_id).where(ItemFlag.meaning_id.in_(meanings), ItemFlag.flag != rules.REKEYED)
    found: Sequence[int] = ask(wanted.where(ItemFlag.state.in_(("open", *RETIRED)))).scalars().all()
    return found


def _old_keys(lesson_id: int, revision_id: int) -> dict[int, tuple[int, int]]:
    """Old meanings of questions that look as before and have another key in this revision.

    They were answered, or may be still, because somebody has them before their eyes. By their ids: the item, and how
    many answers there are.
    """
    changed = [
        row
        for row in ask(_changed(), {"lesson": lesson_id, "revision": revision_id})
        if counts(row.kind) and sight(Question.from_json(row.body)) == sight(Question.from_json(row.old_body))
    ]
    if not changed:
        return {}
    old = [row.old_meaning_id for row in changed]
    answers, waiting = _answered_and_waiting(old)
    concerned = (row for row in changed if answers[row.old_meaning_id] or waiting[row.old_meaning_id])
    return {row.old_meaning_id: (row.item_id, answers[row.old_meaning_id]) for row in concerned}


@cache
def _changed() -> Select[Any]:
    """Questions whose meaning in this revision is another than in the one that was published before it."""
    new, old = aliased(ItemVersion), aliased(ItemVersion)
    new_item, old_item = aliased(QuizItem), aliased(QuizItem)
    before = (
        select(Revision.quiz_id)
        .where(Revision.lesson_id == bindparam("lesson"), Revision.state == State.SUPERSEDED, Revision.id != _REVISION)
        .order_by(Revision.number.desc())
        .limit(1)
    )
    return (
        select(new.item_id, new.kind, new.body, old.body.label("old_body"), meaning_of(old).label("old_meaning_id"))
        .select_from(Revision)
        .join(new_item, new_item.quiz_id == Revision.quiz_id)
        .join(new, new.id == new_item.version_id)
        .join(old, and_(old.item_id == new.item_id, old.meaning != new.meaning))
        .join(old_item, and_(old_item.version_id == old.id, old_item.quiz_id == before.scalar_subquery()))
        .where(Revision.id == _REVISION)
    )


def _answered_and_waiting(meanings: Sequence[int]) -> tuple[Counter[int], Counter[int]]:
    """How often each of these meanings was answered in quizzes and in practice, and how often somebody has it open."""
    same, answered, waiting = aliased(ItemVersion), Counter[int](), Counter[int]()
    here = and_(ItemVersion.item_id == same.item_id, ItemVersion.meaning == same.meaning)
    for model, is_waiting in ((Asked, underway.is_waiting()), (SetQuestion, withdrawing.is_waiting())):
        wanted = (
            select(meaning_of(ItemVersion), func.count(model.answered_at), func.sum(case((is_waiting, 1), else_=0)))
            .select_from(ItemVersion)
            .join(model, model.version_id == ItemVersion.id)
            .where(exists().where(same.id.in_(meanings), here))
            .group_by(ItemVersion.item_id, ItemVersion.meaning)
        )
        for meaning_id, answers, open_ones in ask(wanted):
            answered[meaning_id] += answers
            waiting[meaning_id] += open_ones
    return answered, waiting
