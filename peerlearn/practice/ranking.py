"""Which lesson comes next for somebody, by the law of ENGINE E8: the gap to a goal first, then what suits them.

Pure: what is known of each lesson comes in as a value. Ability and difficulty are 0 until answers have told of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from peerlearn.lessons import freshness
from peerlearn.lessons.quality import UNKNOWN
from peerlearn.practice import rules
from peerlearn.practice.rules import POLICY, Policy

GUESSES = {"easy": -1.0, "hard": 1.0}  # the difficulty an author guesses; else 0
FOUR_OPTIONS: Any = [[0.25]]  # what is assumed of a lesson whose questions were never looked at


@dataclass(frozen=True)
class Candidate:
    """A lesson that is new to somebody and open to them, with what speaks for it, and what a page shows of it."""

    id: int
    topic_id: int
    published_at: datetime
    coverage: float = 0.0  # of its topic, mine
    holders: int = 0  # of its topic, counted as far as it matters
    learners: int = 0  # who passed it, counted as far as it matters
    is_needed: bool = False  # by the work of the person's team
    ability: float = 0.0
    difficulty: float | None = None  # of its questions, where answers have told
    fresh: float = 1.0  # less once its check is late
    quality: float = UNKNOWN  # 0 to 100
    extras: Any = None  # what the lesson's revision says of itself
    slug: str = ""
    title: str = ""
    summary: str = ""
    kind: str = ""
    minutes: int = 0
    topic: str = ""
    hue: int = 0
    author: str = ""
    teammates: int = 0  # who learned it lately; 0 for so few that it would tell of one
    knows_topic: bool = False  # the person has passed a lesson of this topic
    is_exploration: bool = False  # shown because few have tried it

    @property
    def gap(self) -> float:
        """How far the person is from holding its topic."""
        return max(0.0, POLICY.target - self.coverage)

    @property
    def is_wanted(self) -> bool:
        """Whether the team's work needs more of it from this person."""
        return self.is_needed and self.gap > 0

    @property
    def builds_on(self) -> bool:
        """Whether other lessons come before it; the person has passed them all."""
        return bool((self.extras or {}).get("prerequisites"))

    @property
    def chance(self) -> float:
        """The mean chance that this person answers its questions rightly."""
        odds = (self.extras or {}).get("odds") or FOUR_OPTIONS
        chances = [rules.chance_of_success(self.ability, self._difficulty(marks), guess) for guess, *marks in odds]
        return sum(chances) / len(chances)

    def _difficulty(self, marks: Sequence[str]) -> float:
        return sum(GUESSES[mark] for mark in marks) if self.difficulty is None else self.difficulty

    @property
    def score(self) -> float:
        """How well it suits as the next one."""
        return rules.lesson_score(
            goal_gap=self.gap,
            ready=rules.readiness(self.chance),
            quality=self.quality,
            need=rules.team_need(self.holders),
            fresh=self.fresh,
        )


_FRESH = [field.name for field in fields(Candidate)].index("fresh")


def candidate(values: Sequence[Any], today: date) -> Candidate:
    """A candidate from what the database says, field by field; in the place of `fresh` stands when its check is due."""
    known = list(values)
    known[_FRESH] = freshness.weight(known[_FRESH] or today, today)
    return Candidate(*known)


def offered(found: Iterable[Candidate], policy: Policy = POLICY) -> list[Candidate]:
    """A few lessons in the order in which they suit; the last place is for one that few have tried.

    What the team needs comes first. No topic takes more than two of the places while there are others.
    """
    best = in_order(found)
    chosen = _mixed(best, policy.offered - 1, policy)
    left = [lesson for lesson in best if lesson not in chosen]
    tried_by_few = next((lesson for lesson in left if lesson.learners < policy.explored_below), None)
    if tried_by_few is not None:
        return [*chosen, replace(tried_by_few, is_exploration=True)]
    return [*chosen, *left[:1]]


def in_order(found: Iterable[Candidate]) -> list[Candidate]:
    """All that somebody checked of late, the best first; what the team needs comes before the rest."""
    checked = (candidate for candidate in found if candidate.fresh >= freshness.LEAST_CHECKED)
    return sorted(checked, key=lambda c: (not c.is_wanted, -round(c.score, 9), -c.published_at.timestamp(), -c.id))


def _mixed(best: Sequence[Candidate], count: int, policy: Policy) -> list[Candidate]:
    """The best of them, those beyond a topic's share only where nothing else is left."""
    taken: Counter[int] = Counter()
    first: list[Candidate] = []
    rest: list[Candidate] = []
    for lesson in best:
        taken[lesson.topic_id] += 1
        (first if taken[lesson.topic_id] <= policy.same_topic else rest).append(lesson)
    return (first + rest)[:count]
