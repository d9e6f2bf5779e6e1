"""Reading what happened: the next facts about answers, with what was asked and what was answered."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Integer, and_, bindparam, func, select
from sqlalchemy.orm import aliased

from peerlearn.core import clock
from peerlearn.core.db import ask
from peerlearn.core.facts import Fact
from peerlearn.learn.events import PretestAnswered, QuestionAnswered
from peerlearn.learn.models import Asked, Reading
from peerlearn.lessons.models import Lesson
from peerlearn.practice.events import ItemReviewed
from peerlearn.practice.models import SetQuestion
from peerlearn.quizzes.kinds.registry import kind_of
from peerlearn.quizzes.models import ItemVersion
from peerlearn.quizzes.question import Question
from peerlearn.quizzes.spelling import fold

FIRST, PRETEST, REVIEW = QuestionAnswered.__name__, PretestAnswered.__name__, ItemReviewed.__name__
SETTLED_AFTER = timedelta(minutes=1)  # no transaction of ours stays open for longer
MAX_GIVEN = 200  # characters that tell one typed answer from another
_Same = aliased(ItemVersion)


@dataclass(frozen=True)
class Wording:
    """One wording of a question; `meaning_id` is the first one of the item with this stem and key."""

    meaning_id: int
    item_id: int
    question: Question


@dataclass(frozen=True)
class Observation:
    """One answer that says something about a person and an item; `type` is FIRST, PRETEST or REVIEW."""

    fact_id: int
    type: str
    person_id: int
    topic_id: int
    lesson_id: int
    wording: Wording
    is_right: bool
    chance: float
    given: str
    confidence: str | None
    seconds: float | None


@dataclass(frozen=True)
class Portion:
    """The next facts: how many they are, up to which one they go, and what they say."""

    facts: int
    last: int
    observations: Sequence[Observation]


def read_on(cursor: int, limit: int) -> Portion:
    """What the facts after this one say, in their order. At most `limit` facts are read, whatever they are about."""
    facts = list(_settled(ask(_next(), {"cursor": cursor, "size": limit}), cursor))
    last = facts[-1].id if facts else cursor
    return Portion(len(facts), last, _observed([fact for fact in facts if _counts(fact)]))


@cache
def _next() -> Any:
    """The next facts of all kinds, with the data of those that are about answers."""
    about = aliased(Fact)
    return (
        select(Fact.id, Fact.at, Fact.type, Fact.actor_id, about.data)
        .outerjoin(about, and_(about.id == Fact.id, about.type.in_((FIRST, PRETEST, REVIEW))))
        .where(Fact.id > bindparam("cursor", type_=Integer))
        .order_by(Fact.id)
        .limit(bindparam("size", type_=Integer))
    )


def _settled(facts: Iterable[Any], cursor: int) -> Iterator[Any]:
    """The facts up to a gap that may still be filled: on PostgreSQL a number is taken before its transaction ends."""
    long_ago = clock.now() - SETTLED_AFTER
    expected = cursor + 1
    for fact in facts:
        if fact.id != expected and fact.at > long_ago:
            return
        expected = fact.id + 1
        yield fact


def _counts(fact: Any) -> bool:
    """Whether an answer counts: none too fast, with a hint, or of somebody who can see the key, and no repetition.

    The first one counts wherever it was given: in a lesson's quiz, or in practice as something new. Before its lesson
    was begun it counts as a pretest, and the later answer in the quiz is no first one either.
    """
    data = fact.data
    if data is None or fact.actor_id is None or data["is_rapid"] or data.get("is_own") or data.get("hinted"):
        return False
    return fact.type == PRETEST or data.get("is_first") is True or data.get("was_due") is True


def _observed(facts: Sequence[Any]) -> list[Observation]:
    versions = {fact.id: fact.data["version_id"] for fact in facts if "version_id" in fact.data}
    versions |= _asked_before([fact for fact in facts if fact.type == PRETEST])
    wordings, answers = wordings_of(set(versions.values())), answers_of(facts)
    without = {f.data["lesson_id"] for f in facts if f.type != PRETEST and not f.data.get("topic_ids")}
    topics = _topics_now(without)
    found = []
    for fact in facts:
        wording = wordings.get(versions.get(fact.id, 0))
        if wording and kind_of(wording.question).counts:
            found.append(_observation(fact, wording, answers.get(fact.id), topics))
    return found


def _observation(fact: Any, wording: Wording, answer: Any, topics: Mapping[int, int]) -> Observation:
    data = fact.data
    return Observation(
        fact_id=fact.id,
        type=_type_of(fact),
        person_id=fact.actor_id,
        topic_id=data["topic_ids"][0] if data.get("topic_ids") else topics.get(data["lesson_id"], 0),
        lesson_id=data["lesson_id"],
        wording=wording,
        is_right=data["is_right"],
        chance=data.get("guess_chance", 0.0),
        given=given(wording.question, answer),
        confidence=data.get("confidence"),
        seconds=data["seconds"],
    )


def _type_of(fact: Any) -> str:
    """As what an answer counts. Something new in practice, before its lesson was begun, tells what was known before."""
    if fact.data.get("is_pretest"):
        return PRETEST
    return FIRST if fact.data.get("is_first") else str(fact.type)


def given(question: Question, answer: Mapping[str, Any] | None) -> str:
    """A stored answer as a text that is the same for all who answered the same; empty when none is stored."""
    if answer is None:
        return ""
    is_typed = not (question.options or question.entries or question.pairs)
    parts = [fold(part)[:MAX_GIVEN] if is_typed else part for part in answer["value"]]
    return json.dumps(parts, ensure_ascii=False)


@lru_cache(maxsize=4096)
def parts_of(text: str) -> tuple[str, ...]:
    """The parts of an answer that `given` wrote: ids of what was chosen, or what was typed."""
    return tuple(json.loads(text)) if text else ()


def wordings_of(version_ids: Collection[int]) -> dict[int, Wording]:
    """These wordings, by their ids."""
    if not version_ids:
        return {}
    rows = ask(_wordings(), {"ids": sorted(version_ids)})
    return {row.id: Wording(row.meaning_id, row.item_id, Question.from_json(row.body)) for row in rows}


@cache
def _wordings() -> Any:
    ids: Any = bindparam("ids", expanding=True)
    return select(ItemVersion.id, ItemVersion.item_id, ItemVersion.body, meaning_of(ItemVersion)).where(
        ItemVersion.id.in_(ids)
    )


def meaning_of(version: Any) -> Any:
    """The id of the first wording of the item that has the stem and key of this one, as a column."""
    first = select(func.min(_Same.id)).where(_Same.item_id == version.item_id, _Same.meaning == version.meaning)
    return first.correlate(version).scalar_subquery().label("meaning_id")


def answers_of(facts: Sequence[Any]) -> dict[int, Any]:
    """What was answered, by fact, from the rows that hold it: those of attempts and those of daily sets."""
    firsts = [fact for fact in facts if fact.type == FIRST]
    reviews = [fact for fact in facts if fact.type == REVIEW]
    found: dict[int, Any] = {}
    if firsts:
        rows = select(Asked.attempt_id, ItemVersion.item_id, Asked.answer).join(Asked.version)
        attempts = {fact.data["attempt_id"] for fact in firsts}
        asked = {(row[0], row[1]): row[2] for row in ask(rows.where(Asked.attempt_id.in_(attempts)))}
        found |= {f.id: asked.get((f.data["attempt_id"], f.data["item_id"])) for f in firsts}
    if reviews:
        wanted = select(SetQuestion.id, SetQuestion.answer)
        questions = dict(ask(wanted.where(SetQuestion.id.in_({f.data["question_id"] for f in reviews}))).all())
        found |= {f.id: questions.get(f.data["question_id"]) for f in reviews}
    return found


def _asked_before(facts: Sequence[Any]) -> dict[int, int]:
    """Which wording was asked before reading, by fact."""
    if not facts:
        return {}
    rows = ask(
        select(Reading.person_id, Reading.lesson_id, ItemVersion.item_id, func.max(ItemVersion.id))
        .join(ItemVersion, ItemVersion.id == Reading.pretest_version_id)
        .where(
            Reading.person_id.in_({fact.actor_id for fact in facts}),
            Reading.lesson_id.in_({fact.data["lesson_id"] for fact in facts}),
        )
        .group_by(Reading.person_id, Reading.lesson_id, ItemVersion.item_id)
    )
    asked = {(person, lesson, item): version for person, lesson, item, version in rows}
    keys = {fact.id: (fact.actor_id, fact.data["lesson_id"], fact.data["item_id"]) for fact in facts}
    return {fact_id: asked[key] for fact_id, key in keys.items() if key in asked}


def _topics_now(lesson_ids: Collection[int]) -> dict[int, int]:
    """The main topics of these lessons, for facts of a time when facts did not name topics."""
    if not lesson_ids:
        return {}
    return dict(ask(select(Lesson.id, Lesson.topic_id).where(Lesson.id.in_(lesson_ids))).all())
