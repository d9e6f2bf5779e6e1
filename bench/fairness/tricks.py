"""Those who want points without learning or teaching, each by a trick of their own (SAFETY 3)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from bench.fairness.visits import Visit, guessing, tried
from bench.fairness.world import World
from peerlearn.accounts import actions as accounts
from peerlearn.core import clock
from peerlearn.quizzes.models import ItemVersion
from peerlearn.quizzes.question import Question

WORST = 2.0  # what the lessons of those are worth who write for points
LITTLE = 160  # words: just enough to be paid
ZONES = ("Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Berlin")
DAY = 24 * 3600


@dataclass
class Trick(ABC):
    """Somebody who plays one."""

    name: str
    company: World
    chance: Random = field(init=False)

    kind = "trick"

    def __post_init__(self) -> None:
        self.chance = Random(f"{self.company.plan.chance}:{self.name}")

    @abstractmethod
    def live(self, day: date) -> None:
        """One workday of it."""

    def visit(self, day: date, hour: float, *seconds: float) -> Visit:
        """Somebody at their work, from an hour on; with how long an answer takes at least and at most."""
        pace = (seconds[0], seconds[1]) if seconds else (8.0, 25.0)
        return Visit(self.company.person(self.name), self.company.moment(day, hour), self.chance, pace)


class Guesser(Trick):
    """Takes a lesson and the day's questions each workday, at the pace of a person, and knows nothing."""

    kind = "guessing bots"

    def live(self, day: date) -> None:
        """A lesson, three attempts, a set."""
        slug = self.company.some_lesson(self.chance, self.name)
        visit = self.visit(day, 9)
        if slug:
            with tried():
                visit.read(slug, 45)
            for _ in range(3):
                visit.moment += timedelta(minutes=11)
                with tried():
                    visit.take_quiz(slug, guessing(self.chance))
        with tried():
            self.visit(day, 15).practise(guessing(self.chance))


class Farmer(Trick):
    """Goes for number: many lessons at the least time, wrong first, then right from the feedback; sets without end."""

    kind = "farmers"

    def __post_init__(self) -> None:
        super().__post_init__()
        self.copied: set[int] = set()

    def live(self, day: date) -> None:
        """Three lessons, three sets, the same word again and again."""
        visit = self.visit(day, 8, 3.5, 6)
        for _ in range(3):
            slug = self.company.some_lesson(self.chance, self.name)
            if slug:
                self._farm(visit, slug)
        for _ in range(3):
            with tried():
                visit.practise(guessing(self.chance))

    def _farm(self, visit: Visit, slug: str) -> None:
        self.copied.clear()
        with tried():
            visit.read(slug, 20)
        for _ in range(3):
            with tried():
                visit.take_quiz(slug, self._from_feedback)
            visit.moment += timedelta(minutes=11)
        for number in range(3):
            with tried():
                visit.say(slug, "useful", stands=number % 2 == 0)

    def _from_feedback(self, version: ItemVersion, question: Question) -> bool:
        if version.id in self.copied:
            return True
        self.copied.add(version.id)
        return guessing(self.chance)(version, question)


@dataclass
class Trader(Trick):
    """One of a ring: they pass each other's lessons by a shared list of keys, praise them, and take over every word."""

    others: Sequence[str] = ()

    kind = "rings of traders"

    def live(self, day: date) -> None:
        """A lesson in three weeks; a visit, praise and a suggestion to another one each day."""
        if self.chance.random() < 1 / 15:
            self.company.hand_in(self.name, day, quality=WORST + 1.2, words=LITTLE)
        theirs = self.company.lessons_of(self.others)
        if not theirs:
            return
        visit, slug = self.visit(day, 12, 4, 8), self.chance.choice(theirs)
        with tried():
            visit.read(slug, 30)
            visit.take_quiz(slug, lambda _version, _question: True)
        with tried():
            visit.say(slug, "useful")
            visit.say(slug, "used")
        self.company.trade_words(self.name, slug, visit.moment)


@dataclass
class Colluder(Trick):
    """An author whose curator waves everything through, and pays back where they are curators too."""

    curator: str = ""

    kind = "author and curator"

    def live(self, day: date) -> None:
        """Two lessons a week of the least length; each approved as soon as the curator may."""
        if self.chance.random() < 0.4:
            self.company.hand_in(self.name, day, quality=WORST, words=LITTLE)
        self.company.wave_through(self.curator, self.name, day)


class Helper(Trick):
    """The curator of such an author: what they earn is counted too."""

    kind = "author and curator"

    def live(self, day: date) -> None:
        """Nothing of their own."""


class Spammer(Trick):
    """Hands in as many thin lessons as the rules let them."""

    kind = "spam authors"

    def live(self, day: date) -> None:
        """Two a day, most days."""
        for _ in range(2):
            if self.chance.random() < 0.7:
                self.company.hand_in(self.name, day, quality=self.chance.gauss(WORST, 0.3), words=LITTLE)


class Traveller(Trick):
    """Moves between zones and says that answers were given yesterday, so that days count twice. Guesses throughout."""

    kind = "streak tricksters"

    def live(self, day: date) -> None:
        """Another zone, a set now, a set for yesterday, and one more after the zone's midnight."""
        with tried(), clock.at(self.company.moment(day, 7)):
            me = self.company.person(self.name)
            accounts.settle_zone(me)
            accounts.change_settings(
                name=me.name,
                timezone=ZONES[self.chance.randrange(len(ZONES))],
                work_days="1234567",
                language=me.language,
                board_mode=me.board_mode,
                alias="",
                version=me.version,
                by=me,
            )
        slug = self.company.some_lesson(self.chance, self.name)
        if slug and self.chance.random() < 0.3:
            with tried():
                visit = self.visit(day, 8)
                visit.read(slug, 45)
                visit.take_quiz(slug, guessing(self.chance))
        for hour, ago in ((9, None), (11, DAY), (23.5, None), (23.9, 2 * DAY - 3600)):
            with tried():
                self.visit(day, hour).practise(guessing(self.chance), seconds_ago=ago)
