"""Months of practice by chance: caps, tiers and repeats hold, and the ledger drawn again from the facts is the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db as database
from peerlearn.core.events import Event
from peerlearn.points import actions, appealing, appeals, rules
from peerlearn.points.models import HeldEntry, LedgerEntry, PointAppeal
from peerlearn.points.rules import POLICY
from peerlearn.practice import rules as practice
from peerlearn.practice.events import DailySetFinished, ItemReviewed, MissedItemRecalled, TopicHeld
from tests import factories
from tests.points.deeds import entries_of, happen
from tests.points.records import MONDAY, passed

ZONES = ("America/Los_Angeles", "Pacific/Auckland")
WEEKS = 16
INTERVALS = (1, 2, 6, 7, 11, 20, 21, 45, 59, 60, 90, 365)


class Learner:
    """Somebody who practises by chance, with what the facts about them must remember."""

    def __init__(self, person: Person, chance: Random) -> None:
        self.person, self.chance, self.numbers = person, chance, 0
        self.passed: list[tuple[int, int]] = []  # lesson, attempt
        self.tiers: set[tuple[int, int]] = set()  # item, tier

    def day(self) -> Iterator[Event]:
        """What happens to them on one day, in order."""
        for _ in range(self.chance.randrange(3)):
            yield self._pass()
        for _ in range(self.chance.choice((0, 5, 5, 8, 24))):
            yield self._review()
        if self.passed and self.chance.random() < 0.3:
            lesson, attempt = self.chance.choice(self.passed)
            yield MissedItemRecalled(lesson, 1, attempt, lesson)
        if self.chance.random() < 0.7:
            right, is_rapid = self.chance.randrange(6), self.chance.random() < 0.1
            yield DailySetFinished(self._number(), self.chance.choice((1, 1, 2)), 5, right, is_rapid)
        if self.chance.random() < 0.1:
            yield TopicHeld(self.chance.randrange(1, 4), self.chance.random() < 0.3)

    def _number(self) -> int:
        self.numbers += 1
        return self.numbers

    def _pass(self) -> Event:
        lesson, attempt = self._number(), self.chance.randrange(1, 5)
        self.passed.append((lesson, attempt))
        return passed(lesson, attempt_number=attempt, any_rapid=self.chance.random() < 0.1)

    def _review(self) -> Event:
        item, interval = self.chance.randrange(1, 25), self.chance.choice(INTERVALS)
        is_right, is_rapid, was_due = (self.chance.random() < share for share in (0.8, 0.05, 0.9))
        tier = item, practice.tier_of(interval)
        is_repeated = tier in self.tiers
        if is_right and was_due and not is_rapid:
            self.tiers.add(tier)
        return ItemReviewed(
            lesson_id=1,
            item_id=item,
            version_id=item,
            question_id=self._number(),
            topic_ids=(1,),
            is_right=is_right,
            mark=float(is_right),
            confidence="fairly",
            guess_chance=0.25,
            seconds=self.chance.choice((None, 12.0)),
            is_rapid=is_rapid,
            was_due=was_due,
            scheduled_days=interval,
            days_since=interval,
            tier_repeated=is_repeated,
            is_own=self.chance.random() < 0.05,
        )


def decide_about_some(chance: Random, admin: Person, other: Person, day: date) -> None:
    """Take an entry of this day back, and decide about what is held."""
    paid = select(LedgerEntry).where(LedgerEntry.day == day, LedgerEntry.amount > 0, LedgerEntry.reverses_id.is_(None))
    taken = select(LedgerEntry.reverses_id).where(LedgerEntry.reverses_id.is_not(None))
    found = database.session.scalars(paid.where(LedgerEntry.id.not_in(taken)).order_by(LedgerEntry.id)).all()
    if found:
        actions.reverse(chance.choice(found), "It was paid by mistake.", by=admin)
    for held in database.session.scalars(select(HeldEntry).where(HeldEntry.state == "pending").order_by(HeldEntry.id)):
        if chance.random() < 0.5:
            actions.release(held, by=admin)
        else:
            actions.refuse(held, "It was done by a machine.", by=admin)
    database.session.commit()
    appeal_against_some(chance, other)


def appeal_against_some(chance: Random, other: Person) -> None:
    """Let people appeal against half of what was decided, and somebody else find about half of them right."""
    decided = select(LedgerEntry).where(LedgerEntry.by_id.is_not(None)).order_by(LedgerEntry.id)
    known = set(database.session.scalars(select(PointAppeal.entry_id)))
    for decision in database.session.scalars(decided).all():
        decided_at = appeals.decided_at(decision)
        is_open = decided_at is not None and rules.is_in_time(decided_at, clock.now())
        if is_open and decision.id not in known and chance.random() < 0.2:
            whose = database.session.get_one(Person, decision.person_id)
            appeal_id = appealing.appeal(decision, "Nothing of this is as it looked.", by=whose)
            waiting = database.session.get_one(PointAppeal, appeal_id)
            act = appealing.grant if chance.random() < 0.6 else appealing.decline
            act(waiting, "Somebody looked again.", by=other)
            database.session.commit()


def test_months_of_practice_replay_to_the_same_books(db: Any) -> None:
    chance = Random(1)
    admin, other = (factories.person(roles=(("admin", 0),)) for _ in range(2))
    learners = [Learner(factories.person(timezone=zone), chance) for zone in ZONES]
    for number in range(7 * WEEKS):
        moment = MONDAY + timedelta(days=number)
        for learner in learners:
            events = list(learner.day())
            first = chance.choice((len(events), len(events), 6))
            for part in (events[:first], events[first:]):
                if part:
                    happen(*part, by=learner.person, at=moment)
                    moment += timedelta(minutes=chance.choice((1, 40)))
        if number % 3 == 0:
            with clock.at(moment + timedelta(hours=1)):
                decide_about_some(chance, admin, other, moment.date())
    for learner in learners:
        books = entries_of(learner.person)
        assert {entry.rule for entry in books} >= {"L1", "L1-later", "L2", "L3", "L5"}
        within_the_caps(books)
        each_tier_once(books)
    assert database.session.scalars(select(HeldEntry.id)).first(), "no burst was tried"
    outcomes = {entry.reason for learner in learners for entry in entries_of(learner.person)}
    assert outcomes >= {rules.GRANTED, rules.GIVES_WAY}, "no appeal was tried"
    assert "\n".join(actions.verify()) == ""


def within_the_caps(books: list[LedgerEntry]) -> None:
    """What stands after reversals is no more than a day pays."""
    stands: Counter[tuple[str, str]] = Counter()
    days = {}
    for entry in books:
        stands[entry.rule, entry.source] += entry.amount
        days[entry.rule, entry.source] = entry.day
    paid = Counter((rule, days[rule, source]) for (rule, source), amount in stands.items() if amount > 0)
    most = {
        "L1": POLICY.lessons_per_day,
        "L1-later": POLICY.lessons_per_day,
        "L2": POLICY.recalls_per_day,
        "L3": POLICY.sets_per_day,
    }
    for (rule, day), count in paid.items():
        assert count <= most.get(rule, count), (rule, day)


def each_tier_once(books: list[LedgerEntry]) -> None:
    """A tier of an item pays one time; its repeats are a week apart at least."""
    lines = [entry for entry in books if entry.rule == "L2" and entry.entry_no == 1]
    sources = [entry.source for entry in lines]
    assert len(sources) == len(set(sources))
    last: dict[str, Any] = {}
    for entry in sorted((line for line in lines if line.amount > 0), key=lambda line: line.at):
        item = entry.source.split(":")[1]
        if ":again:" in entry.source and item in last:
            assert entry.at - last[item] >= timedelta(days=POLICY.again_days)
        last[item] = entry.at
