"""Measures of what people remember and of what their lessons leave with others; see `measures`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Date, Float, Select, and_, bindparam, case, cast, func, select
from sqlalchemy.orm import aliased

from peerlearn.accounts.models import Person
from peerlearn.analysis.models import ItemFigures, ItemFlag
from peerlearn.core.db import dates_between
from peerlearn.core.facts import Fact
from peerlearn.lessons.models import Lesson, LessonAuthor, LessonTopic
from peerlearn.points.models import LedgerEntry
from peerlearn.points.rules import POLICY
from peerlearn.practice import memory
from peerlearn.practice import rules as practice
from peerlearn.practice.models import DailySet, Holding, Memory, SetQuestion
from peerlearn.quizzes.models import Item
from peerlearn.requests.models import LessonRequest

LONG = 21  # days a question was put off for
STAYS, RECALLED_TODAY = 90, 0.85  # stability in days, and the chance of recall
GOOD_LESSON = 60  # of 100
GAINED = 0.50
ENOUGH, TELLS, NEITHER = (
    30,
    0.20,
    (0.30, 0.95),
)  # first answers, their correlation, the share of right ones
HELD_BY = 5
PROVEN = 0.70

# what the statement that asks for measures is given
PEOPLE: Any = bindparam("people", expanding=True)
TODAY: Any = bindparam("today", type_=Date)


def recalled_items() -> Select[Any]:
    """Questions that were right when they were due."""
    return select(func.count()).select_from(Memory).where(Memory.person_id == Person.id, Memory.tiers != 0)


def _answers(*columns: Any) -> Select[Any]:
    """Due answers that counted."""
    return (
        select(*columns)
        .select_from(SetQuestion)
        .join(DailySet, DailySet.id == SetQuestion.set_id)
        .where(SetQuestion.interval > 0, SetQuestion.rating.is_not(None))
    )


_LONG = and_(SetQuestion.is_right, SetQuestion.interval >= LONG)


def long_recalls() -> Select[Any]:
    """Right answers to what had been put off for long."""
    return _answers(func.count()).where(DailySet.person_id == Person.id, _LONG)


def evergreen_items() -> Select[Any]:
    """Questions that stay for long and would be recalled today; how long that is follows from the curve."""
    decay, factor = memory.used().curve
    times = (RECALLED_TODAY ** (1 / decay) - 1) / factor  # of its stability, until something is as likely as this
    return (
        select(func.count())
        .select_from(Memory)
        .where(
            Memory.person_id == Person.id,
            Memory.rank != practice.GONE,
            Memory.stability >= STAYS,
            dates_between(Memory.answered_on, TODAY) <= Memory.stability * times,
        )
    )


def questions_of_a_topic() -> Select[Any]:
    """The most questions known of a topic that is held, as many as its coverage lets count."""
    counts = case(
        (Holding.coverage >= 0.90, Holding.items),
        (and_(Holding.coverage >= 0.85, Holding.items > 29), 29),
        (and_(Holding.coverage < 0.85, Holding.items > 19), 19),
        else_=Holding.items,
    )
    held = (Holding.person_id == Person.id, Holding.coverage >= 0.80, Holding.proven >= PROVEN)
    return select(func.coalesce(func.max(counts), 0)).where(*held)


def comebacks() -> Select[Any]:
    """Questions that were wrong when due, and right later after having been put off for long: looked through once."""
    forgotten = func.min(case((SetQuestion.is_right.is_(False), SetQuestion.answered_at)))
    recalled = func.max(case((_LONG, SetQuestion.answered_at)))
    back = (
        _answers(DailySet.person_id, SetQuestion.item_id)
        .where(DailySet.person_id.in_(PEOPLE))
        .group_by(DailySet.person_id, SetQuestion.item_id)
        .having(forgotten < recalled)
        .subquery()
    )
    return select(func.count()).select_from(back).where(back.c.person_id == Person.id)


def good_lessons() -> Select[Any]:
    """Own published lessons that are good."""
    return (
        select(func.count())
        .select_from(LessonAuthor)
        .join(Lesson, Lesson.id == LessonAuthor.lesson_id)
        .where(LessonAuthor.person_id == Person.id, Lesson.state == "published", Lesson.quality >= GOOD_LESSON)
    )


def good_questions() -> Select[Any]:
    """Questions of own published lessons that tell who knows it, by enough first answers and without an open flag."""
    share = cast(ItemFigures.right, Float) / func.nullif(ItemFigures.seen, 0)
    flagged = select(ItemFlag.id).where(ItemFlag.meaning_id == ItemFigures.meaning_id, ItemFlag.state == "open")
    return (
        select(func.count(func.distinct(ItemFigures.item_id)))
        .select_from(LessonAuthor)
        .join(Lesson, Lesson.id == LessonAuthor.lesson_id)
        .join(ItemFigures, ItemFigures.lesson_id == Lesson.id)
        .join(Item, Item.id == ItemFigures.item_id)
        .where(LessonAuthor.person_id == Person.id, Lesson.state == "published", Item.state == "active")
        .where(ItemFigures.seen >= ENOUGH, ItemFigures.correlation >= TELLS, share.between(*NEITHER))
        .where(~flagged.correlate(ItemFigures).exists())
    )


def gaps_filled() -> Select[Any]:
    """Own published lessons that answered the wish of somebody else, in a topic that enough people hold by now."""
    holders = (
        select(func.count())
        .select_from(Holding)
        .join(holder := aliased(Person), holder.id == Holding.person_id)
        .where(Holding.topic_id == LessonTopic.topic_id, Holding.is_holder, holder.is_active)
        .correlate(LessonTopic)
        .scalar_subquery()
    )
    return (
        select(func.count(func.distinct(Lesson.id)))
        .select_from(LessonAuthor)
        .join(Lesson, Lesson.id == LessonAuthor.lesson_id)
        .join(LessonRequest, LessonRequest.lesson_id == Lesson.id)
        .join(LessonTopic, LessonTopic.lesson_id == Lesson.id)
        .where(LessonAuthor.person_id == Person.id, Lesson.state == "published")
        .where(LessonRequest.state == "answered", LessonRequest.asker_id != Person.id, holders >= HELD_BY)
    )


def _retained(entry: Any, fact: Any) -> Select[Any]:
    """What the postings of a person's lessons said; the ledger finds them without looking at everybody's."""
    return (
        select(func.count())
        .select_from(entry)
        .join(fact, fact.id == entry.fact_id)
        .where(entry.person_id == Person.id, entry.rule == "T2", entry.entry_no == 1)
    )


def _number(name: str) -> Any:
    return Fact.data[name].as_float()


def _beyond_guessing(share: Any, chance: Any) -> Any:
    known = (share - chance) / func.nullif(1 - chance, 0)
    return case((known > 0, known), else_=0.0)


def _gain() -> Any:
    """How much more is known for having learned a lesson, as `points.retention.gain` says."""
    chance = _number("guessed") / _number("answers")
    before = (_number("pretests_right") + POLICY.baseline_answers * POLICY.baseline_right) / (
        _number("pretests") + POLICY.baseline_answers
    )
    more = _beyond_guessing(_number("right") / _number("answers"), chance) - _beyond_guessing(before, chance)
    return case((more > 0, more), else_=0.0)


def kept_by() -> Select[Any]:
    """The most learners, by weight, who keep one lesson."""
    kept = _retained(LedgerEntry, Fact).where(_gain() >= GAINED)
    return kept.with_only_columns(func.coalesce(func.max(_number("weight")), 0.0))


def impact() -> Select[Any]:
    """The impact of all own lessons, each as its newest posting told."""
    later = aliased(LedgerEntry)
    newer = select(later.id).where(
        later.person_id == LedgerEntry.person_id,
        later.rule == "T2",
        later.detail["lesson_id"].as_integer() == LedgerEntry.detail["lesson_id"].as_integer(),
        later.entry_no == 1,
        later.id > LedgerEntry.id,
    )
    told = _retained(LedgerEntry, Fact).where(~newer.correlate(LedgerEntry).exists())
    return told.with_only_columns(func.coalesce(func.sum(_number("weight") * _gain()), 0.0))
