"""Whoever learned an older text of a lesson is asked something about it when it changed, even if no question did."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Date, Integer, bindparam, or_, select, update
from sqlalchemy.orm import aliased

from peerlearn.core.db import ask, table_of
from peerlearn.lessons.models import Revision
from peerlearn.lessons.rules import State
from peerlearn.practice import rules
from peerlearn.practice.models import Memory
from peerlearn.practice.rules import POLICY, Policy
from peerlearn.quizzes.models import ItemVersion, QuizItem

_TODAY = bindparam("today", type_=Date)
_ASKED = (rules.CRITICAL, rules.ORDINARY)
_other = aliased(table_of(Memory))
_LESSON, _REVISION = bindparam("lesson", type_=Integer), bindparam("revision", type_=Integer)
_QUESTIONS = (
    select(ItemVersion.item_id, ItemVersion.body["card"].as_integer().label("card"))
    .join(QuizItem, QuizItem.version_id == ItemVersion.id)
    .join(Revision, Revision.quiz_id == QuizItem.quiz_id)
    .where(Revision.id == _REVISION)
    .order_by(QuizItem.position)
)
_TEXTS = (  # the new one and the one before
    select(Revision.cards)
    .where(Revision.lesson_id == _LESSON, or_(Revision.id == _REVISION, Revision.state == State.SUPERSEDED))
    .order_by(Revision.number.desc())
    .limit(2)
)
_ASKED_ANYWAY = (  # looked up once, before anything is changed
    select(_other.c.person_id)
    .where(_other.c.lesson_id == _LESSON, _other.c.rank.in_(_ASKED), _other.c.due_on <= _TODAY)
    .correlate(None)
)
_REFRESH = (
    update(table_of(Memory))
    .where(Memory.lesson_id == _LESSON, Memory.item_id.in_(bindparam("items", expanding=True)))
    .where(Memory.rank.in_(_ASKED), Memory.due_on > _TODAY, Memory.person_id.not_in(_ASKED_ANYWAY))
    .values(due_on=_TODAY)
)


def publication(lesson_id: int, revision_id: int, today: date) -> None:
    """Let a few questions of a new version be due at once for those who have none due. What is known stays so."""
    versions = {"lesson": lesson_id, "revision": revision_id}
    questions = ask(_QUESTIONS, versions).all()
    texts = [[(card["title"], card["html"]) for card in row.cards] for row in ask(_TEXTS, versions)]
    items = telling_most([row.card for row in questions], *texts)
    ask(_REFRESH, {"lesson": lesson_id, "today": today, "items": [questions[place].item_id for place in items]})


def telling_most(
    about: Sequence[int | None], now: Sequence[object], before: Sequence[object] = (), *, policy: Policy = POLICY
) -> list[int]:
    """Which questions say most about what changed, by their places: those on cards that are new, then the first ones.

    `about`: the card that each question is about, counted from 1; None for the whole. `now`, `before`: the cards.
    """
    changed = {number for number, card in enumerate(now, start=1) if card not in before}
    return sorted(range(len(about)), key=lambda place: about[place] not in changed)[: policy.refreshers]
