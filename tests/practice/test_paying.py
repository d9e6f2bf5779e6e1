"""What practice pays, from the answer to the ledger: by the interval that was planned, and never for one's own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.core.db import db
from peerlearn.core.facts import Fact
from peerlearn.points import actions as points
from peerlearn.points.models import LedgerEntry, PointSum
from tests import factories
from tests.factories import Walk
from tests.practice.days import Practice


def reviewed(person: Person, days: int, slug: str | None = None) -> list[dict[str, Any]]:
    """Pass a lesson and answer its questions rightly so many days later; what was announced."""
    walk = Walk(person, slug or factories.published_lesson().slug)
    walk.read()
    walk.quiz()
    practice = Practice(person, walk.moment + timedelta(days=days))
    practice.start()
    while practice.waiting:
        practice.answer()
    facts = select(Fact.data).where(Fact.type == "ItemReviewed", Fact.actor_id == person.id).order_by(Fact.id)
    return list(db.session.scalars(facts))


def paid(person: Person) -> list[int]:
    rows = select(LedgerEntry.amount).where(LedgerEntry.person_id == person.id, LedgerEntry.rule == "L2")
    return list(db.session.scalars(rows))


@pytest.mark.parametrize("days", [2, 30, 100])
def test_waiting_earns_nothing(app: Any, days: int) -> None:
    person = factories.person()
    found = [fact for fact in reviewed(person, days) if fact["was_due"]]
    assert [(fact["scheduled_days"], fact["days_since"]) for fact in found] == [(2, days)] * 3
    assert paid(person) == [2, 2, 2]


def test_whoever_wrote_or_looks_after_a_lesson_is_paid_nothing_for_its_questions(app: Any) -> None:
    author, topic = factories.person(), factories.topic()
    curator = factories.person(roles=(("curator", topic.id),))
    lesson = factories.published_lesson(author, topic)
    for person in (author, factories.reloaded(curator)):
        assert [fact["is_own"] for fact in reviewed(person, 2, lesson.slug)] == [True] * 3
        assert not any(paid(person))
    learner = factories.person()
    assert [fact["is_own"] for fact in reviewed(learner, 2, lesson.slug)] == [False] * 3


def lines(person: Person, *rules: str) -> list[tuple[str, int, str]]:
    """What some rules paid a person, with the reason where it was nothing."""
    rows = select(LedgerEntry).where(LedgerEntry.person_id == person.id, LedgerEntry.rule.in_(rules))
    return [(row.rule, row.amount, row.reason) for row in db.session.scalars(rows.order_by(LedgerEntry.id))]


def test_answers_no_better_than_guesses_pay_nothing_until_they_are(app: Any) -> None:
    person = factories.person()
    walk = Walk(person, "")
    for _ in range(4):
        walk.slug = factories.published_lesson().slug
        walk.read()
        walk.quiz()
    practice = Practice(person, walk.moment + timedelta(days=2))
    days: list[tuple[bool, list[tuple[str, int, str]]]] = []
    for day in range(9):
        before = len(lines(person, "L2", "L3"))
        practice.start()
        while practice.waiting:
            practice.answer(right=day > 2)
        days.append((practice.sitting.daily_set.beats_guessing, lines(person, "L2", "L3")[before:]))
        practice.moment += timedelta(days=5)
        while practice.moment.weekday() > 4:
            practice.moment += timedelta(days=1)
    told = [beats for beats, _ in days]
    assert told[:2] == [True, True], "few answers tell nothing"
    assert not told[3], "fifteen wrong ones do"
    doubted = [entries for beats, entries in days if not beats]
    assert all(amount == 0 for entries in doubted for _, amount, _ in entries)
    assert {rule for entries in doubted for rule, _, _ in entries} == {"L2", "L3"}
    reasons = {rule: reason for entries in doubted for rule, _, reason in entries}  # the first days had no right answer
    assert all("as often as guesses" in reason for reason in reasons.values())
    assert told[-1], "right answers make up for wrong ones"
    assert sum(amount for _, amount, _ in days[-1][1]) > 0
    active = select(PointSum.active_days).where(PointSum.person_id == person.id, PointSum.period == "all")
    assert db.session.scalar(active) == 1 + sum(told), "a day of guesses is no active day"
    assert points.verify() == []
