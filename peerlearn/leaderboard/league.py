"""The law of the league: who plays with whom for a week, and where the week leads (ENGINE E10)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from itertools import groupby
from math import ceil

from peerlearn.core.words import N_
from peerlearn.points.rules import RANKED_WEEKS, season_number, season_of


@dataclass(frozen=True, slots=True)
class Policy:
    """Numbers an organisation may change."""

    least: int = 10  # people; below there is no league
    largest: int = 30  # people in a group
    smallest: int = 5  # people in a division; with fewer it plays together with its neighbour
    up_percent: int = 20
    down_percent: int = 15
    up_points: int = 40  # nobody goes up with less
    away_days: int = 2  # workdays away in a week after which nobody goes down
    mean_weeks: int = 4  # how far back people count as alike
    seen_weeks: int = 2  # without points for so long a seat is kept, but not placed
    together_week: int = 5  # of a season: groups play for a common goal
    together_percent: int = 110  # of what its members reached on average before


POLICY = Policy()


class Division(IntEnum):
    """From the first to the highest."""

    BRONZE = 0
    SILVER = 1
    GOLD = 2
    PLATINUM = 3
    DIAMOND = 4


NAMES = {
    Division.BRONZE: N_("Bronze"),
    Division.SILVER: N_("Silver"),
    Division.GOLD: N_("Gold"),
    Division.PLATINUM: N_("Platinum"),
    Division.DIAMOND: N_("Diamond"),
}


class Outcome(StrEnum):
    """Where a week leads."""

    UP = "up"
    STAY = "stay"
    DOWN = "down"


def moved(division: Division, outcome: Outcome) -> Division:
    """The division after a week."""
    step = {Outcome.UP: 1, Outcome.STAY: 0, Outcome.DOWN: -1}[outcome]
    return Division(min(Division.DIAMOND, max(Division.BRONZE, division + step)))


def towards_silver(division: Division) -> Division:
    """The division after a season: everybody moves one towards Silver."""
    if division > Division.SILVER:
        return Division(division - 1)
    return Division.SILVER


def division_now(division: Division, since: date, monday: date) -> Division:
    """Where somebody belongs in a week who came out of an earlier one in this division: a season may lie between."""
    for _season in range(season_number(since), season_number(monday)):
        division = towards_silver(division)
    return division


def week_number(monday: date) -> int:
    """The number of a week in its season, from 1."""
    return (monday - season_of(monday)).days // 7 + 1


def is_played(monday: date) -> bool:
    """Whether there is a league in a week: the last of a season is for resting."""
    return week_number(monday) <= RANKED_WEEKS


def is_together(monday: date, policy: Policy = POLICY) -> bool:
    """Whether groups play for a common goal in a week."""
    return week_number(monday) == policy.together_week


# who plays with whom


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody who takes part in a week: the division they are in, and what they reached per week lately."""

    person_id: int
    division: Division
    mean: float


def sizes(people: int, largest: int = POLICY.largest) -> list[int]:
    """How large the groups of so many people are: as few as possible, and alike up to one."""
    groups = ceil(people / largest)
    size, more = divmod(people, groups) if groups else (0, 0)
    return [size + 1] * more + [size] * (groups - more)


def grouped(players: Iterable[Player], policy: Policy = POLICY) -> list[list[Player]]:
    """The groups of a week, highest first: within a division those who were alike lately play together.

    No groups when there are fewer than `policy.least` people. A division of fewer than `policy.smallest` plays with the
    next lower one, the lowest with the next higher.
    """
    ordered = sorted(players, key=lambda one: (-one.division, -one.mean, one.person_id))
    if len(ordered) < policy.least:
        return []
    pools: list[list[Player]] = []
    for _division, members in groupby(ordered, key=lambda one: one.division):
        if pools and len(pools[-1]) < policy.smallest:
            pools[-1] += members
        else:
            pools.append(list(members))
    if len(pools) > 1 and len(pools[-1]) < policy.smallest:
        few = pools.pop()
        pools[-1] += few
    groups = []
    for pool in pools:
        for size in sizes(len(pool), policy.largest):
            groups.append(pool[:size])
            pool = pool[size:]
    return groups


# where the week leads


@dataclass(frozen=True, slots=True)
class Result:
    """What a player reached in a week: a rank that equals share, points, and workdays away."""

    person_id: int
    division: Division
    rank: int
    points: int
    away_days: int = 0


def lines(people: int, policy: Policy = POLICY) -> tuple[int, int]:
    """How many of a group of this size go up, and how many go down; halves count as one."""
    up, down = ((people * percent + 50) // 100 for percent in (policy.up_percent, policy.down_percent))
    return up, down


def outcomes(group: Sequence[Result], *, spared: bool = False, policy: Policy = POLICY) -> dict[int, Outcome]:
    """Where the week leads everybody in a group.

    All who are equal at the upper line go up, with enough points; all who are equal at the lower line stay, and so does
    whoever was away. `spared`: the group reached its common goal, and nobody goes down.
    """
    up, down = lines(len(group), policy)
    stays = len(group) - down
    found = {}
    for one in group:
        outcome = Outcome.STAY
        if one.rank <= up and one.points >= policy.up_points and one.division < Division.DIAMOND:
            outcome = Outcome.UP
        elif one.rank > stays and not spared and one.away_days < policy.away_days and one.division > Division.BRONZE:
            outcome = Outcome.DOWN
        found[one.person_id] = outcome
    return found


def common_goal(means: Iterable[float], policy: Policy = POLICY) -> int:
    """What a group has to reach together: somewhat more than its members reached on average before."""
    return max(1, ceil(sum(means) * policy.together_percent / 100))


def points_to_line(group: Sequence[Result], mine: Result, policy: Policy = POLICY) -> int | None:
    """How many points are missing to go up; 0 for whoever is there, None where nobody goes up any more."""
    up, _down = lines(len(group), policy)
    if not up or mine.division == Division.DIAMOND:
        return None
    line = sorted((one.points for one in group), reverse=True)[up - 1]
    if mine.rank <= up and mine.points >= policy.up_points:
        return 0
    return max(line + (mine.rank > up), policy.up_points) - mine.points
