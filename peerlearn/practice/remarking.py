"""What marking again by a corrected key means for one person's practice of the item: marks, recalls, and the memory.

Their first answer to the wording is marked by the new key, wherever it was given. A later one was given after our wrong
key had been shown: it keeps the mark it had, if that was better. What was put off for how long stays as it was; the
memory is walked through again with the marks as they are now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from peerlearn.practice import numbers, rules, state
from peerlearn.practice.rules import POLICY
from peerlearn.practice.state import Given, Importance, Learned, State


@dataclass(frozen=True)
class Reply:
    """One stored answer to an item. `fresh` is its mark by the new key, None where another wording was answered.

    `counts`: memory heard of it. `was_due`: it was a review that was due, after `interval` days.
    """

    id: int  # of its row in a quiz or in a set
    in_quiz: bool
    at: datetime
    day: date
    mark: float
    meaning: str
    fresh: float | None = None
    answer: Mapping[str, Any] | None = None  # as it is stored under the new key
    confidence: str | None = None
    counts: bool = True
    was_due: bool = False
    is_quick: bool = False
    interval: int = 0
    set_id: int = 0
    hinted: bool = False
    was_promised: bool = False  # full marks, when an earlier decision gave them to everybody

    @property
    def is_right(self) -> bool:
        """Right means full marks."""
        return self.mark == 1

    @property
    def given(self) -> Given:
        """The answer as memory sees it."""
        return Given(self.day, self.is_right, self.confidence, self.was_due, self.is_quick, self.in_quiz, self.hinted)


def marked_again(replies: Sequence[Reply], quiz: Mapping[int, float]) -> list[Reply]:
    """A person's answers, the earliest first, as they are by the new key; `quiz` has the marks of those in quizzes."""
    found: list[Reply] = []
    answered = False
    for reply in replies:
        if reply.fresh is None:
            found.append(reply)
            continue
        mark = max(reply.fresh, reply.mark) if answered or reply.was_promised else reply.fresh
        found.append(replace(reply, mark=quiz.get(reply.id, reply.mark) if reply.in_quiz else mark))
        answered = True
    return found


@dataclass(frozen=True)
class Step:
    """An answer that memory heard of, what was remembered before it, and what after it."""

    reply: Reply
    before: State | None
    learned: Learned


def walked(replies: Sequence[Reply], importance: Importance) -> list[Step]:
    """The way of a memory through these answers, the earliest first: one a day, as when they were given.

    Other words with another meaning leave as little of it as their publication did. What is not stored, such as a card
    that was read again, is not known here.
    """
    steps: list[Step] = []
    old: State | None = None
    meaning = ""
    for reply in replies:
        if not reply.counts or (old is not None and old.answered_on >= reply.day):
            continue
        if old is not None and meaning != reply.meaning:
            stability = min(old.stability, POLICY.new_stability)
            old = replace(old, stability=stability, lapses=0, passes=0, is_proven=False)
        if old is not None and reply.was_due:
            due_on = old.answered_on + timedelta(days=reply.interval)
            old = replace(old, interval=reply.interval, due_on=due_on)  # what it was really put off for
        learned = state.after(old, reply.given, importance, numbers.policy())
        steps.append(Step(reply, old, learned))
        old, meaning = learned.state, reply.meaning
    return steps


def remembered(steps: Sequence[Step], meaning: str) -> State | None:
    """What is remembered at the end of a way, where the question means this now."""
    if not steps:
        return None
    last = steps[-1]
    found = last.learned.state
    if last.reply.meaning == meaning:
        return found
    return replace(found, stability=min(found.stability, POLICY.new_stability))


@dataclass(frozen=True)
class Recall:
    """A due answer that was right. What it stands for counts once: its tier of intervals, later repeats of it."""

    reply: Reply
    is_repeated: bool

    @property
    def stands_for(self) -> tuple[bool, int]:
        """What can count once: the tier, or this repeat."""
        return self.is_repeated, self.reply.id if self.is_repeated else rules.tier_of(self.reply.interval)


def recalls(steps: Sequence[Step]) -> dict[tuple[bool, int], Recall]:
    """The recalls among these answers, by what they stand for."""
    found = [
        Recall(step.reply, step.before is not None and state.tier_repeated(step.before))
        for step in steps
        if step.reply.was_due and step.reply.is_right
    ]
    return {recall.stands_for: recall for recall in found}


def recalled_missed(steps: Sequence[Step]) -> Reply | None:
    """The due answer that recalled what had been missed in a quiz, if there is one."""
    return next((step.reply for step in steps if state.recalls_missed(step.before, step.reply.given)), None)
