"""What a badge is: measures of a person, compared with thresholds, tier by tier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from peerlearn.core.events import Event

Measures = Mapping[str, float]


@dataclass(frozen=True)
class Criterion:
    """A measure and what each tier asks of it. `at_most`: smaller is better, and it counts once the others are met."""

    measure: str
    tiers: tuple[float, ...]
    demand: str  # what a tier asks; names %(goal)s
    missing: str  # what is still to do; names %(left)s or %(goal)s
    last: str  # the same when one is left
    at_most: bool = False

    def is_met(self, value: float, tier: int) -> bool:
        """Whether a value reaches a tier (1, 2, 3)."""
        goal = self.tiers[tier - 1]
        return value <= goal + 1e-9 if self.at_most else value >= goal - 1e-9

    def progress(self, value: float, tier: int) -> float:
        """How far a value is on the way to a tier, 0 to 1."""
        if self.is_met(value, tier):
            return 1.0
        goal = self.tiers[tier - 1]
        return goal / value if self.at_most else max(0.0, value) / goal


@dataclass(frozen=True)
class Badge:
    """Something that can be earned, in one tier or three."""

    slug: str
    version: int
    title: str
    icon: str
    sentence: str
    criteria: tuple[Criterion, ...]
    listens: tuple[type[Event], ...]

    @property
    def tiers(self) -> int:
        """How many tiers there are."""
        return len(self.criteria[0].tiers)

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures that its criteria read."""
        return tuple(criterion.measure for criterion in self.criteria)

    def reached(self, measures: Measures) -> int:
        """The highest tier whose criteria, and those of all below it, are met; 0 for none."""
        tier = 0
        while tier < self.tiers and all(c.is_met(measures[c.measure], tier + 1) for c in self.criteria):
            tier += 1
        return tier
