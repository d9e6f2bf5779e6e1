"""The world of a simulated year: a database, its lessons, pairs of people, and the calendar."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from math import fsum
from random import Random

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from bench.year.life import Life
from bench.year.mind import Mind, Nature
from peerlearn import seed
from peerlearn.accounts import actions as accounts
from peerlearn.accounts.models import Person
from peerlearn.accounts.rules import EVERYWHERE
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.lessons.models import Lesson
from peerlearn.points import actions as points
from peerlearn.points.models import PointSum
from peerlearn.practice import calibrating, memory, rules
from peerlearn.practice.models import Memory
from peerlearn.review import actions as review
from peerlearn.review import queries as reviewing
from peerlearn.review import rules as review_rules
from peerlearn.review.impartiality import POLICY
from peerlearn.review.models import Review

FIRST = date(2026, 1, 5)  # a Monday
JUDGEMENT = review.Judgement(dict.fromkeys(review_rules.RUBRIC, 4.5), dict.fromkeys(review_rules.CHECKLIST, "yes"))
Progress = Callable[[date], None]


@dataclass(frozen=True)
class Plan:
    """How large a simulated year is, and by which chance it goes."""

    pairs: int = 100
    weeks: int = 52
    chance: int = 1
    lessons: int = 1000  # at most so many of those that ship
    reading: float = (
        1.0  # how often people take a lesson, beside their nature: few lessons last a year when taken rarely
    )

    @property
    def days(self) -> list[date]:
        """Its workdays."""
        days = (FIRST + timedelta(days=n) for n in range(7 * self.weeks))
        return [day for day in days if day.weekday() < 5]

    @property
    def last(self) -> date:
        """The day on which everything is added up."""
        return FIRST + timedelta(days=7 * self.weeks)


@dataclass(frozen=True)
class Ended:
    """How one person's year ended."""

    practises: bool
    items: int  # met
    held: float  # the sum of their true chances of recall
    believed: float  # the same as the model has it
    taught: int  # items of the lessons they took
    taught_held: float
    waiting: int  # due on the last day
    answers: list[int]  # in practice, on each day they practised
    due: int  # of them to due items
    xp: int


@dataclass
class Found:
    """What a part of the world found."""

    people: list[Ended] = field(default_factory=list)
    answers: list[tuple[int, float, bool, float]] = field(default_factory=list)  # interval, predicted, right, guess
    expected: list[tuple[int, float]] = field(default_factory=list)  # interval, true chance
    differences: list[str] = field(default_factory=list)  # of the books of points
    backlogs: Counter[date] = field(default_factory=Counter)  # due items of all who practise, at the end of each week


class World:
    """A part of the world: everybody is there, some of the pairs live."""

    def __init__(self, app: Flask, plan: Plan, pairs: Sequence[int] | None = None) -> None:
        self.app, self.plan = app, plan
        self.settings = app.config["SETTINGS"]
        self.pairs = range(plan.pairs) if pairs is None else pairs

    def live(self, progress: Progress = lambda day: None) -> Found:
        """The whole year."""
        with clock.at(self._morning(FIRST - timedelta(days=3))):
            self._hire()
            self._publish()
        lives, found = self._lives(), Found()
        for day in self.plan.days:
            for life in lives:
                life.live(day)
            db.session.commit()
            if day.weekday() == 4:
                found.backlogs[day] = sum(self._waiting(day).values())
            progress(day)
        self._add_up(lives, found)
        return found

    def _morning(self, day: date) -> datetime:
        return clock.start_of_day(day, self.settings.timezone) + timedelta(hours=9)

    def _hire(self) -> None:
        """Everybody, in every part of the world alike: whom a lesson asks something first depends on who they are."""
        team = accounts.add_team("Everybody", by=None)
        pairs = (f"{kind} {n}" for n in range(self.plan.pairs) for kind in "AB")
        first, *others = self._curators()
        for name in ("Ash", first, *pairs, *others):
            email = f"{name.replace(' ', '')}@example.org"
            accounts.add_person(email=email, name=name, password_hash="-", team_id=team.id)
        db.session.commit()
        self.ids = dict(db.session.execute(select(Person.name, Person.id)).all())

    def _curators(self) -> list[str]:
        """Who approves: nobody may decide about more than a few lessons of one author in a month."""
        return [f"Cedar {number}" for number in range(-(-self.plan.lessons // POLICY.same_author))]

    def _publish(self) -> None:
        """The lessons that ship, each approved by a curator."""
        author, names = self._person("Ash"), self._curators()
        seed.topics(self.settings.content, by=author)
        for name in names:
            accounts.give_role(self._person(name), "curator", EVERYWHERE, by=None)
        for path in seed.lesson_files(self.settings.content)[: self.plan.lessons]:
            seed.hand_in(path, by=author)
        db.session.commit()
        for number, review_id in enumerate(db.session.scalars(select(Review.id).order_by(Review.id)).all()):
            curator = self._person(names[number % len(names)])
            seen = reviewing.review_to_change(review_id, curator)
            assert seen is not None
            review.claim(seen.review, by=curator)
            review.approve(seen.review, JUDGEMENT, by=curator)
        db.session.commit()
        db.session.expunge_all()

    def _person(self, name: str) -> Person:
        wanted = select(Person).where(Person.id == self.ids[name]).execution_options(populate_existing=True)
        return db.session.scalars(wanted.options(joinedload(Person.team), joinedload(Person.grants))).unique().one()

    def _lives(self) -> list[Life]:
        slugs = list(db.session.scalars(select(Lesson.slug).order_by(Lesson.slug)))
        return [self._life(pair, kind, slugs) for pair in self.pairs for kind in "AB"]

    def _life(self, pair: int, kind: str, slugs: list[str]) -> Life:
        name = f"{self.plan.chance}:{pair}"
        chance = Random(name)
        return Life(
            person_id=self.ids[f"{kind} {pair}"],
            name=name,
            zone=self.settings.timezone,
            mind=Mind(Nature.of(chance, self.plan.reading), Random(f"{name}:mind"), str(self.plan.chance)),
            practises=kind == "A",
            slugs=chance.sample(slugs, len(slugs)),
            first=FIRST,
        )

    def _waiting(self, day: date) -> Counter[int]:
        """Due items of everybody who ever practised, by person."""
        asked = Memory.rank.in_((rules.CRITICAL, rules.ORDINARY))
        names = {f"A {pair}" for pair in self.pairs}
        mine = Memory.person_id.in_([self.ids[name] for name in names])
        rows = select(Memory.person_id, func.count()).where(asked, mine, Memory.due_on <= day)
        return Counter(dict(db.session.execute(rows.group_by(Memory.person_id)).all()))

    def _add_up(self, lives: list[Life], found: Found) -> None:
        last, waiting = self.plan.last, self._waiting(self.plan.last)
        believed = self._believed(last)
        xp = dict(db.session.execute(select(PointSum.person_id, PointSum.xp).where(PointSum.period == "all")).all())
        for life in lives:
            chances = {item: life.mind.recalls(item, last) for item in life.mind.traces}
            found.expected += life.expected
            found.people.append(
                Ended(
                    practises=life.practises,
                    items=len(chances),
                    held=fsum(chances.values()),
                    believed=fsum(believed.get(life.person_id, ())),
                    taught=len(life.taught),
                    taught_held=fsum(chances[item] for item in life.taught),
                    waiting=waiting[life.person_id],
                    answers=list(life.sets.values()),
                    due=life.due.total(),
                    xp=xp.get(life.person_id, 0),
                )
            )
        start = datetime(FIRST.year, 1, 1, tzinfo=UTC)
        found.answers = sorted(calibrating.answers_between(start, start + timedelta(days=3660)))
        found.differences = points.verify()

    def _believed(self, day: date) -> dict[int, list[float]]:
        """What makes up everybody’s K, each item counted once: the true memory knows no weights either."""
        chances: dict[int, list[float]] = defaultdict(list)
        for person_id, stability, answered_on in db.session.execute(
            select(Memory.person_id, Memory.stability, Memory.answered_on)
        ):
            chances[person_id].append(memory.retrievability(stability, (day - answered_on).days))
        return chances
