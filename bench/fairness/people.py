"""Honest colleagues: they learn, some practise, some write, and they say what helped them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random

from bench.fairness.visits import tried
from bench.fairness.world import World
from bench.year.life import Life
from bench.year.mind import Mind, Nature
from peerlearn.core import clock
from peerlearn.learn import access
from peerlearn.learn import actions as learn
from peerlearn.learn import queries as learning

WRITERS, PRACTISERS = 0.15, 0.85  # shares of all
GOOD, SPREAD = 3.9, 0.7  # what honest lessons are worth, from 1 to 5, and how far they differ
PRAISE, SUGGESTION = 0.3, 0.03  # chances after a lesson


@dataclass
class Colleague(Life):
    """An honest person: what Life does, and a word about each lesson."""

    company: World = field(kw_only=True)
    writes: float = 0.0  # chance to write a lesson on a workday
    skill: float = GOOD  # what their lessons are worth

    def live(self, day: date) -> None:
        """One workday."""
        chance = Random(f"{self.name}:{day}:write")
        if chance.random() < self.writes:
            self.company.hand_in(self.login, day, quality=chance.gauss(self.skill, 0.4))
        super().live(day)

    @property
    def login(self) -> str:
        """The name by which the company knows them."""
        return self.name.partition(":")[2]

    def _take_lesson(self, moment: datetime, chance: Random) -> None:
        slug = self.slugs[-1]
        with tried():
            super()._take_lesson(moment, chance)
            self._comment(slug, clock.start_of_day(clock.day_of(moment, self.zone), self.zone).replace(hour=17), chance)

    def _comment(self, slug: str, moment: datetime, chance: Random) -> None:
        quality = self.company.quality_of(slug)
        with clock.at(moment):
            lesson, _where = access.lesson_to_learn(slug, self.person)
            where = learning.standing(self.person, lesson)
            if chance.random() < PRAISE and chance.gauss(quality, 1) > 3 and where.has_answered:
                learn.react(lesson, where, "useful", stands=True, by=self.person)
        if chance.random() < SUGGESTION:
            self.company.trade_words(self.login, slug, moment)


def somebody(company: World, number: int, person_id: int, first: date) -> Colleague:
    """An honest person of varied skill and time."""
    name = f"{company.plan.chance}:Honest {number}"
    chance = Random(name)
    mind = Mind(Nature.of(chance), Random(f"{name}:mind"), str(company.plan.chance), clearness=company.clearness)
    return Colleague(
        person_id=person_id,
        name=name,
        zone=company.settings.timezone,
        mind=mind,
        practises=chance.random() < PRACTISERS,
        slugs=[],
        first=first,
        company=company,
        writes=chance.uniform(0.02, 0.08) if chance.random() < WRITERS else 0.0,
        skill=chance.gauss(GOOD, SPREAD),
    )
