"""The true memory of a simulated person: it forgets as FSRS says, but at a pace of its own, and it guesses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from math import exp
from random import Random

from peerlearn.practice import memory
from peerlearn.practice.memory import Recall, Trace
from peerlearn.quizzes.kinds.registry import kind_of
from peerlearn.quizzes.question import Question

RETENTION = 0.9  # only scales intervals, which a true memory has none of
UNEASY = 0.15  # how far each review's effect strays, as the deviation of its logarithm
SLIP = 0.02  # chance of a wrong answer to something known
KNOWN_BEFORE = 0.15  # chance of knowing what was never taught
STILL_IN_MIND = 0.9  # chance of still knowing on the same day


@dataclass(frozen=True)
class Nature:
    """What makes a simulated person different from others."""

    grasp: float  # chance to understand a card at its first reading
    tenacity: float  # how long they remember, beside what the model expects
    honesty: float  # chance to say so when they guess
    practice: float  # chance to practise on a workday
    reading: float  # chance to take a lesson on a workday
    away: int  # day of the year on which a holiday of three weeks begins

    @classmethod
    def of(cls, chance: Random, reading: float = 1.0) -> Nature:
        """Somebody; `reading` is how often people take lessons, beside what is usual."""
        return cls(
            grasp=chance.uniform(0.6, 0.9),
            tenacity=exp(chance.gauss(0, 0.3)),
            honesty=chance.uniform(0.5, 0.95),
            practice=chance.uniform(0.45, 0.95),
            reading=reading * chance.uniform(0.08, 0.2),
            away=chance.randrange(100, 300),
        )


@dataclass(frozen=True)
class Said:
    """An answer as somebody gives it: whether it is right, how sure they say they are, and whether they knew."""

    is_right: bool
    confidence: str
    knew: bool


@dataclass
class Mind:
    """A person's true memory of items."""

    nature: Nature
    chance: Random
    ease: str = ""  # names the world whose items are easier or harder than they look
    traces: dict[int, Trace] = field(default_factory=dict)
    clearness: Mapping[int, float] = field(default_factory=dict)  # of items whose lesson explains badly

    def recalls(self, item_id: int, day: date) -> float:
        """The true chance of recalling an item on a day."""
        trace = self.traces.get(item_id)
        return memory.retrievability(trace.stability, (day - trace.day).days) if trace else 0.0

    def answers(self, item_id: int, question: Question, day: date, *, just_read: bool = False) -> Said:
        """Answer a question, and let what follows change the memory: its explanation is read."""
        knew = self.chance.random() < self._chance_of_knowing(item_id, day, just_read)
        is_right = self.chance.random() >= SLIP if knew else self.chance.random() < _guess(question)
        self._learn(item_id, question, day, knew)
        return Said(is_right, self._confidence(knew), knew)

    def _chance_of_knowing(self, item_id: int, day: date, just_read: bool) -> float:
        trace = self.traces.get(item_id)
        if trace and trace.day == day:
            return STILL_IN_MIND
        found = self.recalls(item_id, day) if trace else KNOWN_BEFORE
        return max(found, self.nature.grasp * self.clearness.get(item_id, 1.0)) if just_read else found

    def _learn(self, item_id: int, question: Question, day: date, knew: bool) -> None:
        recall, old = Recall.GOOD if knew else Recall.AGAIN, self.traces.get(item_id)
        if old is None:
            fresh = memory.begin(recall, day, RETENTION)
            pace = self.nature.tenacity * exp(Random(f"{self.ease}:{question.stem}").gauss(0, 0.3))
            self.traces[item_id] = replace(fresh, stability=fresh.stability * pace)
        elif old.day < day:
            new = memory.go_on(old, recall, day, RETENTION)
            self.traces[item_id] = replace(new, stability=new.stability * exp(self.chance.gauss(0, UNEASY)))

    def _confidence(self, knew: bool) -> str:
        if knew:
            return "certain" if self.chance.random() < 0.7 else "fairly"
        return "guess" if self.chance.random() < self.nature.honesty else "fairly"


def _guess(question: Question) -> float:
    return kind_of(question).guess_chance(question)
