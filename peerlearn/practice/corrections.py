"""A faulty question in practice: stored answers are marked again, and memories of the item follow a right key.

What is due when, and which wording is asked next, follows from the publication of the right key, as with any other.
Full marks for everybody say nothing about what somebody knows, so memories stay as they are.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Select, bindparam, func, or_, select, union, update

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import ask, table_of
from peerlearn.core.deeds import deed, publish
from peerlearn.core.facts import Fact
from peerlearn.learn.corrections import Key, Remarked
from peerlearn.learn.models import Asked, Attempt
from peerlearn.learn.remarking import Ruling
from peerlearn.lessons.models import Topic
from peerlearn.practice import remarking, rules, withdrawing
from peerlearn.practice.events import (
    DailySetFinished,
    ItemReviewed,
    MissedRecallCorrected,
    PracticeCorrected,
    RecallCorrected,
    SetCorrected,
)
from peerlearn.practice.models import DailySet, Memory, SetQuestion
from peerlearn.practice.remarking import Reply, Step
from peerlearn.practice.state import Importance
from peerlearn.quizzes.kinds.registry import counts
from peerlearn.quizzes.models import ItemVersion
from peerlearn.quizzes.question import meaning
from peerlearn.quizzes.rules import Mode


@dataclass
class Practised:
    """A person's answers to the item in quizzes and sets, the earliest first, as they were and as they are now."""

    id: int
    before: list[Reply]
    after: list[Reply] = field(default_factory=list)
    steps: tuple[list[Step], list[Step]] = ([], [])

    @property
    def concerned(self) -> list[Reply]:
        """Their answers in practice to the wording whose key was wrong."""
        return [reply for reply in self.after if reply.fresh is not None and not reply.in_quiz]

    @property
    def is_changed(self) -> bool:
        """Whether an answer of theirs, wherever it was given, has another mark now."""
        return [reply.mark for reply in self.before] != [reply.mark for reply in self.after]

    @property
    def turned(self) -> dict[int, Reply]:
        """Answers in practice that were right and are not, or were not and are."""
        pairs = zip(self.before, self.after, strict=True)
        return {now.id: now for was, now in pairs if was.is_right != now.is_right and not now.in_quiz}


def answers(key: Key) -> list[Practised]:
    """All answers to the item of everybody who answered the wording whose key was wrong, as they are before."""
    in_quizzes = select(Attempt.person_id).join(Attempt.asked)
    in_sets = select(DailySet.person_id).join(DailySet.questions)
    people = union(
        in_quizzes.where(Asked.version_id.in_(key.old_versions), Asked.answered_at.is_not(None)),
        in_sets.where(SetQuestion.version_id.in_(key.old_versions), SetQuestion.answered_at.is_not(None)),
    )
    found = [_in_quiz(row, key) for row in ask(_quiz_rows(key, people))]
    found += [_in_set(row, key) for row in ask(_set_rows(key, people))]
    found.sort(key=lambda pair: (pair[0], pair[1].at, not pair[1].in_quiz, pair[1].id))
    return [
        Practised(person_id, [reply for _, reply in pairs])
        for person_id, pairs in groupby(found, key=lambda pair: pair[0])
    ]


@deed
def follow(key: Key) -> None:
    """Let questions of sets that are shown and not answered go on by what was decided."""
    withdrawing.follow(key, clock.today("UTC"))


def shown(practised: Sequence[Practised]) -> dict[int, datetime]:
    """When people first met the wrong key in practice."""
    first: dict[int, datetime] = {}
    for person in practised:
        for reply in person.before:
            if reply.fresh is not None and not reply.in_quiz:
                first.setdefault(person.id, reply.at)
    return first


def _quiz_rows(key: Key, people: Any) -> Select[Any]:
    names = ("id", "version_id", "answered_at", "answer", "mark", "confidence", "hints_seen", "is_rapid")
    is_said = or_(Attempt.mode == Mode.LEARN.value, Attempt.state == "finished")  # a check tells when it is handed in
    return (
        select(Attempt.person_id, Person.timezone, ItemVersion.meaning, ItemVersion.kind, is_said.label("is_said"))
        .add_columns(*(getattr(Asked, name) for name in (*names, "is_left_out", "ruling")))
        .join(Attempt.asked)
        .join(Person, Person.id == Attempt.person_id)
        .join(Asked.version)
        .where(ItemVersion.item_id == key.item_id, Asked.answered_at.is_not(None), Attempt.person_id.in_(people))
    )


def _set_rows(key: Key, people: Any) -> Select[Any]:
    names = (
        "id",
        "set_id",
        "version_id",
        "kind",
        "answered_at",
        "answer",
        "mark",
        "confidence",
        "hints_seen",
        "seconds",
        "ruling",
    )
    return (
        select(DailySet.person_id, Person.timezone, ItemVersion.meaning)
        .add_columns(*(getattr(SetQuestion, name) for name in (*names, "quick_below", "rating", "interval")))
        .join(DailySet.questions)
        .join(Person, Person.id == DailySet.person_id)
        .join(SetQuestion.version)
        .where(SetQuestion.item_id == key.item_id, SetQuestion.answered_at.is_not(None))
        .where(DailySet.person_id.in_(people))
    )


def _in_quiz(row: Any, key: Key) -> tuple[int, Reply]:
    is_heard = row.is_said and counts(row.kind) and not row.is_rapid and not row.is_left_out
    return row.person_id, Reply(in_quiz=True, counts=is_heard, **_said(row, key))


def _in_set(row: Any, key: Key) -> tuple[int, Reply]:
    reply = Reply(
        in_quiz=False,
        counts=row.rating is not None,
        was_due=row.kind == rules.DUE and row.rating is not None,
        is_quick=row.seconds is not None and row.seconds <= row.quick_below,
        interval=row.interval,
        set_id=row.set_id,
        **_said(row, key),
    )
    return row.person_id, reply


def _said(row: Any, key: Key) -> dict[str, Any]:
    """What is alike for an answer in a quiz and in a set."""
    is_concerned = row.version_id in key.old_versions
    answer, fresh = key.marked(row.answer) if is_concerned else (None, None)
    return {
        "id": row.id,
        "at": row.answered_at,
        "day": clock.day_of(row.answered_at, row.timezone),
        "mark": row.mark,
        "meaning": row.meaning,
        "confidence": row.confidence,
        "hinted": row.hints_seen > 0,
        "answer": answer,
        "fresh": fresh,
        "was_promised": row.ruling == Ruling.FULL,
    }


@deed
def mark_again(key: Key, practised: Sequence[Practised], done: Remarked, *, by: Person) -> int:
    """Mark stored answers in practice by what was decided, and say what changed; how many they are. Memories follow.

    `done` is what marking again changed in quizzes.
    """
    for person in practised:
        person.after = remarking.marked_again(person.before, done.marks)
    changed = [person for person in practised if person.is_changed]
    memories = _memories(key.item_id, [person.id for person in changed])
    for person in changed:
        memory = memories.get(person.id)
        importance = Importance(memory.importance if memory else "ordinary", "critical" in key.question.flags)
        person.steps = remarking.walked(person.before, importance), remarking.walked(person.after, importance)
    _store_answers(key, practised)
    if key.ruling is Ruling.KEY:
        _store_memories(key, [person for person in changed if person.id in memories])
    _announce(key, practised, done, by)
    _announce_recalls(key, changed, by)
    _announce_sets(key, changed, by)
    return count(practised)


def count(practised: Sequence[Practised]) -> int:
    """How many answers in practice a decision is about."""
    return sum(reply.fresh is not None and not reply.in_quiz for person in practised for reply in person.before)


def _memories(item_id: int, person_ids: Sequence[int]) -> dict[int, Any]:
    wanted = select(Memory.person_id, Topic.importance).join(Topic, Topic.id == Memory.topic_id)
    rows = ask(wanted.where(Memory.item_id == item_id, Memory.person_id.in_(person_ids)))
    return {row.person_id: row for row in rows}


_ANSWER = (
    update(table_of(SetQuestion))
    .where(SetQuestion.id == bindparam("row"))
    .values(
        version_id=bindparam("new_version"),
        answer=bindparam("same_answer"),
        mark=bindparam("new_mark"),
        is_right=bindparam("now_right"),
        ruling=bindparam("decided"),
        rating=func.coalesce(bindparam("new_rating"), SetQuestion.rating),
        saves=SetQuestion.saves + 1,
    )
)
_FOLLOWING = (
    *("stability", "difficulty", "interval", "reviews", "passes", "tiers", "is_proven", "is_missed"),
    *("before_stability", "before_answered_on"),
)
_MEMORY = (
    update(table_of(Memory))
    .where(Memory.person_id == bindparam("who"), Memory.item_id == bindparam("what"))
    .values({name: bindparam(f"new_{name}") for name in _FOLLOWING})
)


def _store_answers(key: Key, practised: Sequence[Practised]) -> None:
    """The answers are kept under the wording that is asked now: it explains them from now on."""
    rows = []
    for person in practised:
        walked = person.steps[1] if key.ruling is Ruling.KEY else ()
        ratings = {step.reply.id: int(step.learned.recall) for step in walked if not step.reply.in_quiz}
        rows += [
            {
                "row": reply.id,
                "new_version": key.version_id,
                "same_answer": reply.answer,
                "new_mark": reply.mark,
                "now_right": reply.is_right,
                "decided": str(key.ruling),
                "new_rating": ratings.get(reply.id),
            }
            for reply in person.concerned
        ]
    if rows:
        ask(_ANSWER, rows)


def _store_memories(key: Key, changed: Sequence[Practised]) -> None:
    """What is remembered of the item, as its answers say now. When it is due again, its publication decides."""
    now = meaning(key.question)
    found = ((person.id, remarking.remembered(person.steps[1], now)) for person in changed)
    rows = [
        {"who": person_id, "what": key.item_id} | {f"new_{name}": getattr(state, name) for name in _FOLLOWING}
        for person_id, state in found
        if state is not None
    ]
    if rows:
        ask(_MEMORY, rows)


def _announce(key: Key, practised: Sequence[Practised], done: Remarked, by: Person) -> None:
    for person in practised:
        if person.concerned:
            is_right, has_result = person.concerned[0].is_right, person.id in done.told
            about = (person.id, key.lesson_id, key.item_id, key.version_id)
            publish(PracticeCorrected(*about, is_right, has_result, key.ruling), by=by)


def _announce_recalls(key: Key, changed: Sequence[Practised], by: Person) -> None:
    """Say which recalls count now, and which do not any more. What stands for the same as before changes nothing."""
    people = [person for person in changed if any(step.reply.was_due for step in person.steps[1])]
    if not people:
        return
    reviews = {
        row.data["question_id"]: row.id for row in _facts(ItemReviewed.__name__, "item_id", [key.item_id], people)
    }
    passes = _passes(key.lesson_id, people)
    for person in people:
        was, now = (remarking.recalls(steps) for steps in person.steps)
        gone = [(recall, False) for stands_for, recall in was.items() if stands_for not in now]
        new = [(recall, True) for stands_for, recall in now.items() if stands_for not in was]
        for recall, is_recall in (*gone, *new):
            if review_id := reviews.get(recall.reply.id):
                about = (person.id, key.item_id, review_id)
                publish(RecallCorrected(*about, is_recall, recall.is_repeated, key.ruling), by=by)
        missed = remarking.recalled_missed(person.steps[1])
        passed = _passed_before(missed, passes.get(person.id, ()))
        if missed and passed and passed.number > 1 and missed.id in reviews:
            where = (key.lesson_id, passed.major, passed.number, key.item_id)
            publish(MissedRecallCorrected(person.id, reviews[missed.id], *where, key.ruling), by=by)


def _passed_before(reply: Reply | None, passes: Sequence[Any]) -> Any:
    """The newest version of the lesson that had been passed when an answer was given."""
    return next((row for row in passes if reply and row.finished_at <= reply.at), None)


def _passes(lesson_id: int, people: Sequence[Practised]) -> dict[int, list[Any]]:
    """With which attempts people passed the versions of a lesson, the newest first."""
    wanted = select(Attempt.person_id, Attempt.major, Attempt.number, Attempt.finished_at)
    mine = wanted.where(Attempt.lesson_id == lesson_id, Attempt.person_id.in_([person.id for person in people]))
    rows = ask(mine.where(Attempt.is_passed).order_by(Attempt.person_id, Attempt.major.desc()))
    return {person_id: list(found) for person_id, found in groupby(rows, key=lambda row: row.person_id)}


def _facts(name: str, about: str, ids: Collection[int], people: Sequence[Practised]) -> Sequence[Any]:
    """The facts of a kind about these things, from what these people did since their first answer."""
    since = min(person.before[0].day for person in people)
    wanted = select(Fact.id, Fact.actor_id, Fact.data).where(Fact.type == name, Fact.day >= since)
    theirs = wanted.where(Fact.actor_id.in_([person.id for person in people]))
    found: Sequence[Any] = ask(theirs.where(Fact.data[about].as_integer().in_(ids)).order_by(Fact.id)).all()
    return found


def _announce_sets(key: Key, changed: Sequence[Practised], by: Person) -> None:
    """Say of which sets it changed that they were finished well."""
    people = [person for person in changed if person.turned]
    if not people:
        return
    turned = {question_id: reply for person in people for question_id, reply in person.turned.items()}
    sets = {reply.set_id for reply in turned.values()}
    rows = select(SetQuestion.set_id, SetQuestion.id, SetQuestion.item_id, SetQuestion.is_right)
    last: dict[int, dict[int, Any]] = {}
    for row in ask(rows.where(SetQuestion.set_id.in_(sets)).order_by(SetQuestion.set_id, SetQuestion.position)):
        last.setdefault(row.set_id, {})[row.item_id] = row
    for fact in _facts(DailySetFinished.__name__, "set_id", sets, people):
        said = fact.data
        found = last[said["set_id"]].values()
        right = sum(row.is_right for row in found)
        before = sum(row.is_right != (row.id in turned) for row in found)
        was, now = (rules.finishes_well(said["asked"], each, said["any_rapid"]) for each in (before, right))
        if was != now:
            publish(SetCorrected(fact.actor_id, said["set_id"], fact.id, now, right, key.ruling), by=by)
