"""Chances of first place by the size of a team, where everybody is drawn from the same honest weeks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from bench.fairness.plan import TEAM_SIZES
from peerlearn.leaderboard.rules import POLICY, Members, Team, team_of, team_places

DRAWS = 4_000


@dataclass(frozen=True)
class Week:
    """One week of a person as teams count it."""

    points: int
    met_goal: bool


def chances(weeks: Sequence[Week], seed: int, draws: int = DRAWS) -> dict[int, float]:
    """How often a team of each size comes first among one of each size; teams that share it, share it."""
    chance, firsts = Random(f"{seed}:teams"), Counter[int]()
    for _ in range(draws):
        places = team_places([_team(size, chance.choices(weeks, k=size)) for size in TEAM_SIZES])
        best = [place.team.team_id for place in places if place.rank == 1]
        for size in best:
            firsts[size] += 1 / len(best)  # type: ignore[assignment]
    return {size: firsts[size] / draws for size in TEAM_SIZES}


def _team(size: int, weeks: Sequence[Week]) -> Team:
    counted = float(sum(min(week.points, POLICY.member_cap) for week in weeks))
    return team_of(size, f"{size}", [Members(1.0, size, counted, sum(week.met_goal for week in weeks))])
