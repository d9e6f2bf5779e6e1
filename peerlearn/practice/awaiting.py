"""What a pass waits for that proves little by itself: that a question of it is recalled after days (L1).

It is one that an earlier attempt missed, or one whose answer was told before the pass that rests on it. What
decides is its first due review since. The points come with whichever is second, the pass or the review: at the pass
`standing` looks back, and at a review `PASSES` are those that wait for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Integer, String, and_, bindparam, cast, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from peerlearn.accounts import queries as accounts
from peerlearn.core.db import ask, table_of
from peerlearn.core.deeds import publish
from peerlearn.core.facts import Fact
from peerlearn.learn.events import LessonPassed, PassCorrected
from peerlearn.learn.missing import told_by
from peerlearn.learn.models import Asked, Attempt
from peerlearn.learn.rules import Missed
from peerlearn.practice import rules
from peerlearn.practice.events import ItemReviewed, MissedItemRecalled, MissedRecallCorrected
from peerlearn.practice.models import DailySet, Memory, SetQuestion
from peerlearn.quizzes.kinds.registry import KINDS
from peerlearn.quizzes.models import ItemVersion

ME: Any = bindparam("me", type_=Integer)
_COUNTING = tuple(slug for slug, kind in KINDS.items() if kind.counts)
_Earlier, _Reviewed, _ReviewedIn = aliased(Attempt), aliased(SetQuestion), aliased(DailySet)
_MISSED_AT = func.coalesce(Asked.answered_at, _Earlier.finished_at)


def _is_awaited(number: Any) -> Any:
    """Whether an answer is awaited again: missed before the attempt with this number, or told before a first one."""
    missed = and_(_Earlier.number < number, ~Asked.is_right)
    told = and_(_Earlier.number == number, number == 1, _Earlier.rests_on_told, Asked.is_told)
    return and_(
        _Earlier.person_id == ME,
        _Earlier.state == "finished",
        or_(missed, told),
        ~Asked.is_left_out,
        ItemVersion.kind.in_(_COUNTING),
    )


_IS_REVIEW = and_(
    _ReviewedIn.person_id == ME,
    _Reviewed.kind == rules.DUE,
    _Reviewed.rating.is_not(None),
    _Reviewed.answered_at > _MISSED_AT,
)

_WAS_REVIEWED = (
    exists()
    .where(_ReviewedIn.id == _Reviewed.set_id, _Reviewed.item_id == ItemVersion.item_id, _IS_REVIEW)
    .correlate(_Earlier, Asked, ItemVersion)
)
_MISSED_IT = (
    exists()
    .where(Asked.attempt_id == _Earlier.id, ItemVersion.id == Asked.version_id, ~_WAS_REVIEWED)
    .where(_Earlier.lesson_id == Attempt.lesson_id, _Earlier.major == Attempt.major, _is_awaited(Attempt.number))
    .where(ItemVersion.item_id == SetQuestion.item_id)
    .correlate(Attempt, SetQuestion)
)
PASSES = (
    select(func.aggregate_strings(cast(Attempt.major, String).concat(":").concat(cast(Attempt.number, String)), " "))
    .where(Attempt.person_id == ME, Attempt.lesson_id == SetQuestion.lesson_id, Attempt.is_passed, _MISSED_IT)
    .correlate(SetQuestion)
    .scalar_subquery()
)
"""The passes that wait for the first due review of a question of a set: the major version and attempt of each."""

_MISSED = (
    select(ItemVersion.item_id, func.max(_MISSED_AT).label("at"))
    .select_from(_Earlier)
    .join(Asked, Asked.attempt_id == _Earlier.id)
    .join(ItemVersion, ItemVersion.id == Asked.version_id)
    .where(
        _is_awaited(bindparam("number", type_=Integer)),
        _Earlier.lesson_id == bindparam("lesson", type_=Integer),
        _Earlier.major == bindparam("major", type_=Integer),
    )
    .group_by(ItemVersion.item_id)
    .subquery()
)
_REVIEWS = (
    select(SetQuestion.id, SetQuestion.item_id, SetQuestion.answered_at, SetQuestion.is_right, SetQuestion.hints_seen)
    .add_columns(DailySet.beats_guessing)
    .join(SetQuestion.daily_set)
    .where(DailySet.person_id == ME, SetQuestion.kind == rules.DUE, SetQuestion.rating.is_not(None))
    .subquery()
)
_IS_ASKED_NOW = (
    exists()
    .where(Attempt.person_id == ME, Attempt.lesson_id == bindparam("lesson"), Attempt.major == bindparam("major"))
    .where(Attempt.number == bindparam("number"), Asked.attempt_id == Attempt.id, Asked.is_right)
    .where(ItemVersion.id == Asked.version_id, ItemVersion.item_id == _MISSED.c.item_id)
    .correlate(_MISSED)
)
_LOOK_BACK = (
    select(_MISSED.c.item_id, Memory.rank, _IS_ASKED_NOW, _REVIEWS)
    .outerjoin(Memory, and_(Memory.person_id == ME, Memory.item_id == _MISSED.c.item_id))
    .outerjoin(_REVIEWS, and_(_REVIEWS.c.item_id == _MISSED.c.item_id, _REVIEWS.c.answered_at > _MISSED.c.at))
    .order_by(_REVIEWS.c.answered_at, _MISSED.c.item_id)
)


@dataclass(frozen=True)
class Recalled:
    """The first due review of an awaited question since, and right."""

    question_id: int  # its place in a set
    item_id: int
    beats_guessing: bool
    hinted: bool


@dataclass(frozen=True)
class Standing:
    """How it stands with what a pass waits for: what was recalled first, and what is still to be asked."""

    recalled: Recalled | None
    waiting: tuple[int, ...]

    @property
    def word(self) -> Missed:
        """In a word."""
        if self.recalled:
            return Missed.RECALLED
        return Missed.WAITS if self.waiting else Missed.GONE


def standing(person_id: int, lesson_id: int, major: int, number: int) -> Standing:
    """How it stands with what a pass with this attempt waits for, in one statement."""
    values = {"me": person_id, "lesson": lesson_id, "major": major, "number": number}
    first: dict[int, Any] = {}
    for row in ask(_LOOK_BACK, values):
        first.setdefault(row[0], row)
    recalled = next((row for row in first.values() if row.id is not None and row.is_right), None)
    waiting = [item_id for item_id, row in first.items() if row.id is None and _is_asked(row.rank, bool(row[2]))]
    if recalled is None:
        return Standing(None, tuple(waiting))
    found = Recalled(recalled.id, recalled[0], recalled.beats_guessing, recalled.hints_seen > 0)
    return Standing(found, tuple(waiting))


def _is_asked(rank: int | None, is_asked_now: bool) -> bool:
    """Whether practice will ask an item: one it knows, or will know when the attempt that passes has been heard of."""
    return is_asked_now if rank is None else rank != rules.GONE


@told_by
def word(person_id: int, lesson_id: int, major: int, number: int) -> Missed:
    """How it stands with what a pass with this attempt waits for, in a word."""
    return standing(person_id, lesson_id, major, number).word


_WAIT = (
    update(table_of(Memory))
    .where(Memory.person_id == bindparam("me"), Memory.item_id.in_(bindparam("items", expanding=True)))
    .values(is_missed=True)
)


def passed(person_id: int, event: LessonPassed, day: date) -> None:
    """Wait for what a pass rests on; what was recalled of it releases the points at once."""
    found = _wait(person_id, event)
    if found.recalled:
        recalled = found.recalled
        where = (event.lesson_id, event.major, event.attempt_number, recalled.item_id)
        person = accounts.people_by_id([person_id])[person_id]
        publish(MissedItemRecalled(*where, recalled.beats_guessing, recalled.hinted), by=person, day=day)


def passed_after_all(event: PassCorrected) -> None:
    """The same for a pass by a corrected key: its points follow that correction."""
    found = _wait(event.person_id, event)
    review_id = _fact_of(event.person_id, found.recalled) if found.recalled else None
    if found.recalled and review_id:
        where = (event.lesson_id, event.major, event.attempt_number, found.recalled.item_id)
        publish(MissedRecallCorrected(event.person_id, review_id, *where), by=None)


def _wait(person_id: int, event: LessonPassed | PassCorrected) -> Standing:
    """Let the next due review of what is awaited be told as its first since; how it stands with all of it.

    Most of what was missed is marked so already. What had its answer of that day, came too fast, was left out, or was
    right and told before is not.
    """
    found = standing(person_id, event.lesson_id, event.major, event.attempt_number)
    if found.waiting and not found.recalled:
        ask(_WAIT, {"me": person_id, "items": list(found.waiting)})
    return found


def _fact_of(person_id: int, recalled: Recalled) -> int | None:
    """The fact that told of a review."""
    told = select(Fact.id).where(Fact.actor_id == person_id, Fact.type == ItemReviewed.__name__)
    found: int | None = ask(told.where(Fact.data["question_id"].as_integer() == recalled.question_id)).scalar()
    return found
