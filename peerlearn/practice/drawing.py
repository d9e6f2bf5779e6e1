"""Drawing a day's set: what is due, something new, in an order that mixes topics."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice, zip_longest

from peerlearn.accounts.models import Person
from peerlearn.practice import material, rules
from peerlearn.practice.material import Candidate, Fresh
from peerlearn.practice.ranking import GUESSES
from peerlearn.quizzes.kinds.registry import kind_of
from peerlearn.quizzes.question import Question


@dataclass(frozen=True, slots=True)
class Drawn:
    """A question drawn for a set."""

    candidate: Candidate
    kind: str  # due or stretch

    @property
    def topic_id(self) -> int:
        """The topic it is of."""
        return self.candidate.topic_id


def draw(person: Person, today: date, due: Sequence[Candidate], size: int) -> list[Drawn]:
    """The questions of a set of this size; fewer when there is not so much to ask.

    Something new is a spare question of a lesson that is practised in it, or of a lesson that is recommended next.
    """
    practised = [item.lesson_id for item in due[: rules.room_for_due(size)]]
    wanted = size - len(practised)
    new = [Drawn(item, rules.STRETCH) for item in _stretch(material.fresh(person, today, practised, wanted), wanted)]
    first, more = rules.fill([Drawn(item, rules.DUE) for item in due], new, size)
    return rules.interleaved(first + more)


def _stretch(found: Iterable[Fresh], wanted: int) -> list[Candidate]:
    """New questions that are neither dull nor hopeless: first one of each lesson, then more if these are too few.

    What is left of a lesson that was passed is asked however easy it is: to hold a topic is to hold all of it.
    """
    by_lesson: dict[int, list[Fresh]] = {}
    for item in found:
        by_lesson.setdefault(item.candidate.lesson_id, []).append(item)
    rounds = zip_longest(*(filter(_suits, items) for items in by_lesson.values()))
    return [item.candidate for item in islice(filter(None, chain.from_iterable(rounds)), wanted)]


def _suits(item: Fresh) -> bool:
    return item.is_spare or suits(item.question, item.ability, item.difficulty)


def suits(question: Question, ability: float, difficulty: float | None) -> bool:
    """Whether a question is right for somebody of this ability who has not learned its lesson."""
    kind = kind_of(question)
    if difficulty is None:  # until answers say more, the author's guess
        difficulty = sum(GUESSES.get(flag, 0.0) for flag in question.flags)
    return rules.suits_as_stretch(rules.chance_of_success(ability, difficulty, kind.guess_chance(question)))
