"""All that was answered: for checking the memory model, and for fitting it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import and_, bindparam, or_, select

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import ask
from peerlearn.learn.models import Asked, Attempt
from peerlearn.practice import rules
from peerlearn.practice.models import DailySet, SetQuestion
from peerlearn.quizzes.kinds.registry import KINDS
from peerlearn.quizzes.models import ItemVersion
from peerlearn.quizzes.rules import Mode

_COUNTING = tuple(slug for slug, kind in KINDS.items() if kind.counts)

_ARE_MEANT = and_(
    SetQuestion.kind == rules.DUE,
    SetQuestion.rating.is_not(None),
    SetQuestion.predicted.is_not(None),
    SetQuestion.hints_seen == 0,  # what was recalled with help says nothing about recall alone
    SetQuestion.answered_at >= bindparam("since"),
    SetQuestion.answered_at < bindparam("before"),
)
_PREDICTIONS = select(SetQuestion.interval, SetQuestion.predicted, SetQuestion.is_right, SetQuestion.version_id).where(
    _ARE_MEANT
)
_WORDINGS = select(ItemVersion.id, ItemVersion.body).where(
    ItemVersion.id.in_(select(SetQuestion.version_id).where(_ARE_MEANT))
)


def predictions(since: Any, before: Any) -> Any:
    """Each due answer of a time with what the model expected, one row at a time."""
    return ask(_PREDICTIONS, {"since": since, "before": before})


def asked_wordings(since: Any, before: Any) -> Any:
    """The wordings that these were answers to, each once: its id and its question."""
    return ask(_WORDINGS, {"since": since, "before": before})


def histories() -> dict[tuple[int, int], list[tuple[date, int]]]:
    """By person and item: the local day and the rating of each answer that counted, oldest first, one a day.

    As memory has it: no open question, none that rested, and nothing of a check that is not handed in.
    """
    in_quizzes = (
        select(
            Attempt.person_id,
            Person.timezone,
            ItemVersion.item_id,
            Asked.answered_at,
            Asked.is_right,
            Asked.confidence,
            Asked.hints_seen,
        )
        .join(Attempt, Attempt.id == Asked.attempt_id)
        .join(Person, Person.id == Attempt.person_id)
        .join(ItemVersion, ItemVersion.id == Asked.version_id)
        .where(
            Asked.answered_at.is_not(None),
            ~Asked.is_rapid,
            ~Asked.is_left_out,
            ItemVersion.kind.in_(_COUNTING),
            or_(Attempt.mode == Mode.LEARN.value, Attempt.state == "finished"),
        )
        .order_by(Asked.answered_at)
    )
    in_sets = (
        select(DailySet.person_id, SetQuestion.item_id, DailySet.day, SetQuestion.rating)
        .join(SetQuestion.daily_set)
        .where(SetQuestion.rating.is_not(None))
    )
    found: dict[tuple[int, int], dict[date, int]] = defaultdict(dict)
    for person_id, zone, item_id, at, is_right, confidence, hints in ask(in_quizzes):
        recall = rules.recall_of(is_right, confidence, was_due=False, hinted=hints > 0)
        found[person_id, item_id].setdefault(clock.day_of(at, zone), int(recall))
    for person_id, item_id, day, rating in ask(in_sets):
        found[person_id, item_id].setdefault(day, rating)
    return {key: sorted(days.items()) for key, days in found.items()}
