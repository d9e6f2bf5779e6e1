"""What somebody in the simulated company can ask of it, and do in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from random import Random
from typing import Any, Protocol

from bench.fairness.plan import Plan
from peerlearn.accounts.models import Person


class World(Protocol):
    """The company, as its people see it."""

    plan: Plan
    settings: Any
    clearness: dict[int, float]  # by item

    def moment(self, day: date, hour: float) -> datetime: ...
    def person(self, name: str) -> Person: ...
    def hand_in(self, name: str, day: date, *, quality: float, words: int = ...) -> None: ...
    def wave_through(self, curator: str, author: str, day: date) -> None: ...
    def some_lesson(self, chance: Random, name: str) -> str | None: ...
    def lessons_of(self, names: Sequence[str]) -> list[str]: ...
    def quality_of(self, slug: str) -> float: ...
    def trade_words(self, name: str, slug: str, moment: datetime) -> None: ...
