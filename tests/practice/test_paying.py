"""What practice pays, from the answer to the ledger: by the interval that was planned, and never for one's own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.facts import Fact
from peerlearn.points import actions as points
from peerlearn.points.models import LedgerEntry, PointSum
from tests import factories
from tests.factories import MONDAY, Walk
from tests.practice.days import Practice

NEW_WORDS = "Then show each step, and say at each of them why it is done and what would happen without it."


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
    return list(db.session.scalars(rows.order_by(LedgerEntry.id)))


@pytest.mark.parametrize("days", [2, 30, 100])
def test_waiting_earns_nothing(app: Any, days: int) -> None:
    person = factories.person()
    found = [fact for fact in reviewed(person, days) if fact["was_due"]]
    assert [(fact["scheduled_days"], fact["days_since"]) for fact in found] == [(2, days)] * 3
    assert paid(person) == [2, 2, 2]


def test_what_a_new_text_makes_due_early_pays_by_the_days_it_was_put_off_for(app: Any) -> None:
    """Two questions come back five days after their review, though eleven were planned: that is no longer interval."""
    lesson = factories.published_lesson()
    person = factories.person()
    reviewed(person, 2, lesson.slug)
    assert paid(person) == [2, 2, 2]
    with clock.at(MONDAY + timedelta(days=7)):
        factories.republish(lesson, lambda text: text.replace("Then show each step.", NEW_WORDS))
    practice = Practice(person, MONDAY + timedelta(days=7, minutes=10))
    practice.start()
    while practice.waiting:
        practice.answer()
    asked = [(question.kind, question.interval) for question in practice.sitting.questions]
    assert asked == [("due", 5), ("due", 5)]
    facts = select(Fact.data).where(Fact.type == "ItemReviewed", Fact.actor_id == person.id).order_by(Fact.id.desc())
    found = db.session.scalars(facts.limit(2)).all()
    assert [(fact["scheduled_days"], fact["days_since"], fact["tier_repeated"]) for fact in found] == [(5, 5, True)] * 2
    assert paid(person)[3:] == [0, 0], "a repeat, and paid less than a week ago"


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
