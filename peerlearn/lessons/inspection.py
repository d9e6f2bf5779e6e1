"""What lint rules stand on: a lesson being looked at, what is known around it, and how a rule speaks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from peerlearn.core import complexity, text
from peerlearn.core.words import N_, Said
from peerlearn.lessons import rules
from peerlearn.lessons.fileformat import Card, Front, LessonFile
from peerlearn.lessons.outlines import Shown
from peerlearn.quizzes.problem import Level, Problem

_FENCE = re.compile(r"\s*(`{3,}|~{3,})[^`~]*$")
CODE_SPAN = re.compile(r"`[^`\n]*`")
_ADDRESS = re.compile(r"\]\([^()\s]{0,2000}")


@dataclass(frozen=True)
class Likeness:
    """Another lesson that says the same in part: `share` of all that both say, 0 to 1."""

    slug: str
    title: str
    share: float


@dataclass(frozen=True)
class Reach:
    """How far a lesson goes: its class, and the teams it is for where it is not for all."""

    classification: str
    audience: frozenset[str] = frozenset()

    def covers(self, front: Front) -> bool:
        """Whether a lesson with this at its top goes no further."""
        if self.classification not in rules.FOR_SOME:
            return True
        classes = rules.FOR_SOME if self.classification == rules.Classification.RESTRICTED else {self.classification}
        return front.classification in classes and self.audience.issuperset(front.audience)


@dataclass(frozen=True)
class Known:
    """What a lesson is compared with: what it names of the library around it. None means: not looked up."""

    titles: Mapping[int, str] = field(default_factory=dict)  # of other lessons that are called nearly so, by lesson id
    slugs: frozenset[str] | None = None  # of lessons that can be linked to, and their old ones
    cards: Mapping[str, int] = field(default_factory=dict)  # how many cards the lessons have that are linked to
    similar: tuple[Likeness, ...] = ()  # the nearest lessons
    nowhere: frozenset[str] = frozenset()  # paths of this site that the text names and that lead to no page
    house: str = ""  # the address at which all of this is, without a slash at its end
    uids: frozenset[str] | None = None  # of lessons that it may name
    languages: Mapping[str, str] = field(default_factory=dict)  # of the lessons that it names, by id
    circular: frozenset[str] = frozenset()  # of those that wait for this lesson themselves
    topics: frozenset[str] | None = None  # of active topics
    teams: frozenset[str] | None = None  # that a lesson can be for
    reaches: tuple[Reach, ...] = ()  # within one of which it stays; none for a lesson that may go anywhere
    translates: tuple[Reach, ...] = ()  # the same, for a translation
    pictures: frozenset[str] | None = None  # digests that this lesson may show
    minutes_allowed: int = 0  # by a curator, for this lesson
    foreign_questions: frozenset[str] = frozenset()  # question ids that belong to other lessons


@dataclass(frozen=True)
class Subject:
    """A lesson being looked at: its parts, its words per card, and what is known around it."""

    file: LessonFile
    known: Known
    policy: rules.Policy
    prose: tuple[tuple[tuple[int, str], ...], ...]  # for each card its lines outside code, with their numbers
    shown: tuple[Shown, ...] = ()  # its texts as they are shown: those of the cards, then what questions say

    @property
    def lines(self) -> Iterator[tuple[int, str]]:
        """All lines of all cards outside fenced code."""
        for lines in self.prose:
            yield from lines


Found = Iterator[Problem]
Rule = Callable[[Subject], Found]
RULES: list[Rule] = []


def rule(function: Rule) -> Rule:
    """Make a function a lint rule."""
    RULES.append(function)
    return function


def count_words(file: LessonFile) -> int:
    """How many words a person reads in the cards, code left out."""
    return sum(
        len(text.words_of(card.title))
        + sum(len(text.words_of(_ADDRESS.sub("](", line))) for _, line in outside_code(card))
        for card in file.cards
    )


def blocks(problems: tuple[Problem, ...]) -> bool:
    """Whether any of these keeps a lesson from being submitted."""
    return any(problem.level == "error" for problem in problems)


def say(level: Level, line: int, code: str, said: Said, **values: str | int) -> Problem:
    """A problem at a line, with how to mend it."""
    return Problem(line, level, code, said, tuple(values.items()))


def outside_code(card: Card) -> Iterator[tuple[int, str]]:
    """The lines of a card outside fenced code, each with its number in the file."""
    return outside_fences(card.body.split("\n"), card.body_line)


def outside_fences(lines: Sequence[str], first: int = 1) -> Iterator[tuple[int, str]]:
    """The lines outside fenced code, each with its number."""
    fence = ""
    for number, line in enumerate(lines, start=first):
        opening = _FENCE.match(line)
        if fence:
            fence = "" if line.strip() == fence else fence
        elif opening:
            fence = opening[1]
        else:
            yield number, line


def too_complex(line: int, trouble: complexity.TooComplex) -> Problem:
    """A text that would take too long to show, as something to mend at a line."""
    values = {name: value if isinstance(value, int) else str(value) for name, value in trouble.values.items()}
    return say("error", line, "too-complex", Said(N_("This takes too long to show."), trouble.message), **values)
