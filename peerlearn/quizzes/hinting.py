"""Hints of a question that was not answered yet: opened one after the other, each told of beforehand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from peerlearn.quizzes.kinds.registry import kind_of
from peerlearn.quizzes.question import Question


@dataclass(frozen=True)
class Hints:
    """The hints that are opened, rendered, and how many there are."""

    opened: tuple[Any, ...]
    count: int
    costs: bool  # those of a question that is never marked cost nothing

    @property
    def next(self) -> int | None:
        """The number of the one that can be opened now."""
        return len(self.opened) + 1 if len(self.opened) < self.count else None


def hints_of(question: Question, seen: int, block: Callable[[str], Any]) -> Hints:
    """Those of a question of which so many are opened; the others do not leave the server."""
    return Hints(tuple(block(text) for text in question.hints[:seen]), len(question.hints), kind_of(question).counts)


def opened(question: Question, seen: int, number: int) -> int:
    """How many are open after somebody asks for one by its number: the next one at most, and none twice."""
    return seen + 1 if number == seen + 1 <= len(question.hints) else seen
