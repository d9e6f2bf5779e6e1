"""The law of boards: what counts, who comes before whom, who is shown to whom, and how teams compare."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from math import ceil, sqrt

from peerlearn.accounts.rules import Calendar
from peerlearn.core.words import N_


@dataclass(frozen=True)
class Policy:
    """Numbers an organisation may change."""

    xp_cap: int = 150
    ip_cap: int = 100
    member_cap: int = 200
    growth_factor: int = 10  # points for each question that a member holds more
    accuracy_prior_right: float = 8.5
    accuracy_prior_answers: float = 10.0
    top: int = 3
    around: int = 3
    team_minimum: int = 3  # members; smaller teams would show what one person did
    report_minimum: int = 5  # members before a lead sees sums of a team
    own_weeks: int = 4
    prompt_after_days: int = 3
    hall: int = 10
    goal_topics: int = 3  # that a team wants to hold together in a season
    goal_share: int = 80  # percent of a topic, as it is shown


POLICY = Policy()
HIDDEN, ALIAS, NAMED = "hidden", "alias", "named"

TABS = {
    "me": N_("Me"),
    "league": N_("League"),
    "around": N_("Around me"),
    "my-team": N_("My team"),
    "teams": N_("Teams"),
    "season": N_("Season"),
    "hall": N_("Hall of the season"),
}

TIE_RULE = N_(
    "When two people have the same points, the one who was right more often at first attempts comes first, "
    "then the one with more active workdays, then the one who got there earlier. Who is still equal shares the rank."
)


def league_points(xp: int, ip: int, policy: Policy = POLICY) -> int:
    """A week's points for the boards: XP and Impact of workdays, each up to its cap."""
    return min(xp, policy.xp_cap) + min(ip, policy.ip_cap)


def accuracy(right: int, answered: int, policy: Policy = POLICY) -> float:
    """How often somebody was right, drawn towards the usual while there are few answers."""
    return (right + policy.accuracy_prior_right) / (answered + policy.accuracy_prior_answers)


@dataclass(frozen=True)
class Contender:
    """What decides a person's place."""

    person_id: int
    name: str
    points: int
    accuracy: float = 0.85
    active_days: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True)
class Place:
    """A row of a board. `name` is None where the person is not shown to the viewer."""

    rank: int
    person_id: int
    name: str | None
    points: int
    is_me: bool = False
    gap_before: bool = False  # rows were left out before this one


def order(contender: Contender) -> tuple[float, float, float, float]:
    """The key that sorts contenders: points, accuracy, active workdays, earlier last scoring event."""
    last = contender.last_at.timestamp() if contender.last_at else float("inf")
    return (-contender.points, -round(contender.accuracy, 9), -contender.active_days, last)


def ranked(contenders: Iterable[Contender]) -> list[tuple[int, Contender]]:
    """Everybody with a rank; equals share it and the next rank is left out ("1224")."""
    found: list[tuple[int, Contender]] = []
    for _, equal in groupby(sorted(contenders, key=lambda c: (order(c), c.person_id)), key=order):
        rank = len(found) + 1
        found += [(rank, contender) for contender in equal]
    return found


def in_lower_half(rank: int, size: int) -> bool:
    """Whether a rank belongs to the lower half of a board."""
    return rank > ceil(size / 2)


def shown(places: Sequence[Place], size: int) -> list[Place]:
    """What a viewer may see of a board: nobody in the lower half is shown to others.

    Somebody in the upper half does not see the lower half at all; somebody below the median sees rows around their own,
    without names where they belong to the lower half.
    """
    mine = next((place for place in places if place.is_me), None)
    below = mine is not None and in_lower_half(mine.rank, size)
    seen: list[Place] = []
    for place in places:
        if place.is_me or not in_lower_half(place.rank, size):
            seen.append(place)
        elif below:
            seen.append(replace(place, name=None, person_id=0))
    return seen


# Teams


@dataclass(frozen=True)
class Members:
    """Members of a team who are alike in how much of the week they could take part."""

    eligible: float  # each one's share of the week's workdays, 0 to 1
    people: int
    points: float  # their points together, each up to the cap
    goals_met: int


def growth_points(before: float, after: float, policy: Policy = POLICY) -> float:
    """What a member's week counts on the board of growth: questions held at its end beyond those at its beginning."""
    return min(policy.growth_factor * max(0.0, after - before), policy.member_cap)


@dataclass(frozen=True)
class Team:
    """A team's week: eligible weight, weighted points, and the share of members who met their weekly goal."""

    team_id: int
    name: str
    weight: float
    points: float
    goal_share: float
    people: int = 0
    goals_met: int = 0


@dataclass(frozen=True)
class TeamPlace:
    """A team's place among all."""

    rank: int
    team: Team
    shrunk: float
    score: float


def team_of(team_id: int, name: str, members: Sequence[Members]) -> Team:
    """A team's week from its members' weeks. Who was away all week has no goal to meet."""
    people = sum(group.people for group in members)
    goals = sum(group.goals_met for group in members)
    able = sum(group.people for group in members if group.eligible > 0)
    return Team(
        team_id,
        name,
        weight=sum(group.eligible * group.people for group in members),
        points=sum(group.eligible * group.points for group in members),
        goal_share=min(1.0, goals / able) if able else 0.0,
        people=people,
        goals_met=goals,
    )


def team_places(teams: Iterable[Team]) -> list[TeamPlace]:
    """Team scores: the mean per member, drawn towards the mean of all so that no size has an advantage, then weighed by
    how many met their weekly goal. Equal scores share a rank."""
    competing = [team for team in teams if team.weight > 0]
    if not competing:
        return []
    weights = [team.weight for team in competing]
    m = sqrt(min(weights) * max(weights))
    mean = sum(team.points for team in competing) / sum(weights)
    scored = []
    for team in competing:
        shrunk = (team.points + m * mean) / (team.weight + m)
        scored.append(TeamPlace(0, team, shrunk, shrunk * (0.8 + 0.2 * team.goal_share)))
    scored.sort(key=lambda place: (-round(place.score, 9), place.team.name))
    found: list[TeamPlace] = []
    for place in scored:
        tied = bool(found) and round(found[-1].score, 9) == round(place.score, 9)
        found.append(replace(place, rank=found[-1].rank if tied else len(found) + 1))
    return found


def eligible_share(team: Calendar, own: Calendar, monday: date, joined_weekday: int) -> float:
    """The share of a week's workdays on which somebody could take part: who came on an ISO weekday (0: before the week)
    could not before, and nobody can while they are away. A holiday is no workday of anybody."""
    days = team.workdays(monday, monday + timedelta(days=6))
    able = [day for day in days if own.is_workday(day) and day.isoweekday() >= joined_weekday]
    return len(able) / len(days) if days else 0.0


@dataclass(frozen=True)
class TeamGoal:
    """What a team works towards together, and no team against another: to hold some of the topics that it needs."""

    people: int
    shares: Mapping[str, int | None]  # by topic; None where too few learned it for a sum to be told
    policy: Policy = POLICY

    @property
    def can_be_met(self) -> bool:
        """Whether the team has named enough topics."""
        return len(self.shares) >= self.policy.goal_topics

    @property
    def held(self) -> int:
        """How many topics the team holds, up to as many as it takes."""
        return min(self.policy.goal_topics, sum(self.holds(topic) for topic in self.shares))

    @property
    def is_met(self) -> bool:
        """Whether the team is there."""
        return self.held >= self.policy.goal_topics

    def holds(self, topic: str) -> bool:
        """Whether the team holds a topic together."""
        share = self.shares[topic]
        return share is not None and share >= self.policy.goal_share


@dataclass(frozen=True)
class OwnWeek:
    """One of my weeks."""

    monday: date
    points: int
    xp: int
    ip: int
    active_days: int
    is_current: bool
