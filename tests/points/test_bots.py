"""What bots earn: one that guesses, and one that copies what it was told into its retake. Seeded, no database."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from statistics import fmean

import pytest

from peerlearn.core.events import Event
from peerlearn.learn.drawing import Candidate, Past, draw
from peerlearn.points import engine
from peerlearn.points.rule import Account
from peerlearn.points.rules import POLICY, RULES
from peerlearn.practice import state
from peerlearn.practice.events import MissedItemRecalled
from peerlearn.practice.state import Given, Importance
from peerlearn.quizzes import rules as quizzes
from peerlearn.quizzes.answering import Answer, Unreadable
from peerlearn.quizzes.kinds.single import Single
from peerlearn.quizzes.question import Option, Question
from tests.points.records import BERLIN, MONDAY, passed, recorded

pytestmark = pytest.mark.security

LESSONS, QUESTIONS, OPTIONS = 10_000, 5, 4
PASSES = 0.015625  # of 5 questions at least 4 right by chance: 16 in 1,024
KIND = Single()
QUIZ = [
    Question("single", "Which?", f"quest{n}", options=tuple(Option(uid, uid == "a", uid) for uid in "abcd"))
    for n in range(QUESTIONS)
]


def guess(question: Question, seed: int, chance: Random) -> float:
    """The mark of whatever the bot clicks on."""
    shown = KIND.present(question, seed)
    given = KIND.read(question, seed, {shown.field: chance.choice(shown.choices).id})
    assert not isinstance(given, Unreadable)
    return KIND.grade(question, given).mark


def earned(lesson: int, attempt_number: int, *later: Event) -> list[int]:
    """What a pass, and what followed it, pays somebody who met every other condition: time, cards, no haste."""
    news = [passed(lesson, attempt_number=attempt_number, is_clean=False), *later]
    records = [
        recorded(event, at=MONDAY + timedelta(days=2 * number), fact_id=number) for number, event in enumerate(news, 1)
    ]
    entries = engine.decide(records, RULES, {1: Account(1, BERLIN)}, POLICY)
    return [entry.amount for entry in entries if isinstance(entry, engine.Entry)]


def recalled(lesson: int, *, was_due: bool, is_right: bool) -> list[Event]:
    """What is said when an item that was missed in a first attempt and copied in a second is answered in practice."""
    missed = Given(MONDAY.date(), False, "guess", was_due=False, in_quiz=True)
    known = state.after(None, missed, Importance("ordinary")).state
    now = Given(MONDAY.date() + timedelta(days=known.interval), is_right, "guess", was_due=was_due)
    return [MissedItemRecalled(lesson, 1, 2, 1)] if state.recalls_missed(known, now) else []


def test_guessing_earns_a_sixth_of_a_point_a_lesson() -> None:
    chance = Random(20260305)
    needed = quizzes.pass_mark(QUESTIONS)
    payments = []
    for lesson in range(LESSONS):
        marks = [guess(question, lesson, chance) for question in QUIZ]
        payments.append(sum(earned(lesson, 1)) if quizzes.is_passed(marks, needed) else 0)
    passes = sum(amount > 0 for amount in payments) / LESSONS
    assert passes == pytest.approx(PASSES, abs=0.005)  # four standard errors of a share in 10,000
    assert fmean(payments) == pytest.approx(10 * PASSES, abs=0.05)


def test_copying_what_one_was_told_earns_nothing_until_it_is_recalled_after_a_delay() -> None:
    chance = Random(20260306)
    pool = [Candidate(n, (n, "m"), card=1) for n in range(QUESTIONS)]
    at_once, too_early, wrong, late = [], [], [], []
    for lesson in range(LESSONS):
        marks = [guess(question, lesson, chance) for question in QUIZ]
        if quizzes.is_passed(marks, quizzes.pass_mark(QUESTIONS)):
            continue
        past = [Past(one.key, one.key, mark == 1) for one, mark in zip(pool, marks, strict=True)]
        again = draw(pool, past, 0, lesson, use_spares=True)
        assert len(again.asked) == sum(mark < 1 for mark in marks), "what was right is not asked again"
        copied = [KIND.grade(QUIZ[one.version_id], Answer("single", ("a",))).mark for one in again.asked]
        assert quizzes.is_passed([1.0] * again.carried + copied, quizzes.pass_mark(again.total))
        at_once.append(sum(earned(lesson, 2)))
        too_early.append(sum(earned(lesson, 2, *recalled(lesson, was_due=False, is_right=True))))
        wrong.append(sum(earned(lesson, 2, *recalled(lesson, was_due=True, is_right=False))))
        late.append(sum(earned(lesson, 2, *recalled(lesson, was_due=True, is_right=True))))
    assert len(at_once) > 0.95 * LESSONS
    assert set(at_once) == set(too_early) == set(wrong) == {0}
    assert set(late) == {5}
