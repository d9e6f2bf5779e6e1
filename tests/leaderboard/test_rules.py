"""Who comes before whom, who is shown, and how teams compare."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from peerlearn.accounts.rules import Calendar, Span
from peerlearn.leaderboard import rules
from peerlearn.leaderboard.rules import Contender, Members, Place, Team

NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("xp", "ip", "points"), [(0, 0, 0), (150, 100, 250), (151, 101, 250), (80, 200, 180), (500, 0, 150)]
)
def test_league_points_are_capped(xp: int, ip: int, points: int) -> None:
    assert rules.league_points(xp, ip) == points


@pytest.mark.parametrize(("right", "answered", "value"), [(19, 20, 0.9167), (36, 40, 0.8900), (0, 0, 0.8500)])
def test_accuracy_is_drawn_to_the_usual(right: int, answered: int, value: float) -> None:
    assert rules.accuracy(right, answered) == pytest.approx(value, abs=1e-4)


def test_the_worked_example_of_ties() -> None:
    people = [
        Contender(1, "Cy", 140, rules.accuracy(36, 40), 4, NOON),
        Contender(2, "Ana", 140, rules.accuracy(36, 40), 5, NOON),
        Contender(3, "Ben", 140, rules.accuracy(19, 20), 3, NOON),
        Contender(4, "Di", 155, rules.accuracy(0, 0), 1, NOON),
    ]
    assert [(rank, c.name) for rank, c in rules.ranked(people)] == [(1, "Di"), (2, "Ben"), (3, "Ana"), (4, "Cy")]


def test_who_got_there_earlier_comes_first_and_equals_share_a_rank() -> None:
    early, late = NOON - timedelta(hours=1), NOON
    people = [
        Contender(1, "A", 50, 0.9, 2, late),
        Contender(2, "B", 50, 0.9, 2, early),
        Contender(3, "C", 50, 0.9, 2, late),
        Contender(4, "D", 40, 0.9, 2, early),
    ]
    assert [(rank, c.name) for rank, c in rules.ranked(people)] == [(1, "B"), (2, "A"), (2, "C"), (4, "D")]


def places(size: int, me: int | None) -> list[Place]:
    return [Place(n, n, f"P{n}", 100 - n, is_me=n == me) for n in range(1, size + 1)]


def test_the_upper_half_does_not_see_the_lower() -> None:
    seen = rules.shown(places(10, me=4), 10)
    assert [place.rank for place in seen] == [1, 2, 3, 4, 5]
    assert all(place.name for place in seen)


def test_below_the_median_nobody_else_of_the_lower_half_has_a_name() -> None:
    seen = rules.shown(places(10, me=8), 10)
    assert [place.name for place in seen] == ["P1", "P2", "P3", "P4", "P5", None, None, "P8", None, None]
    assert all(place.person_id == 0 for place in seen if place.name is None)


def test_who_is_not_on_the_board_sees_the_upper_half_only() -> None:
    assert [place.rank for place in rules.shown(places(3, me=None), 3)] == [1, 2]


@pytest.mark.parametrize(
    ("rank", "size", "lower"), [(1, 1, False), (1, 2, False), (2, 2, True), (2, 3, False), (3, 3, True)]
)
def test_the_lower_half(rank: int, size: int, lower: bool) -> None:
    assert rules.in_lower_half(rank, size) is lower


def test_the_worked_example_of_team_scores() -> None:
    teams = [
        Team(1, "A", weight=4, points=480, goal_share=0.5),
        Team(2, "B", weight=9, points=900, goal_share=1.0),
        Team(3, "C", weight=25, points=2250, goal_share=0.8),
    ]
    found = rules.team_places(teams)
    assert [(place.rank, place.team.name) for place in found] == [(1, "B"), (2, "A"), (3, "C")]
    assert [place.shrunk for place in found] == pytest.approx([97.6454, 102.5188, 91.5789], abs=1e-4)
    assert [place.score for place in found] == pytest.approx([97.6454, 92.2669, 87.9158], abs=1e-4)


def test_the_worked_example_holds_for_growth_too() -> None:
    """Twelve, ten and nine questions more for each member, in teams of 4, 9 and 25."""
    groups = {"A": (4, 12.0, 2), "B": (9, 10.0, 9), "C": (25, 9.0, 20)}
    teams = [
        rules.team_of(number, name, [Members(1.0, size, size * rules.growth_points(40.0, 40.0 + more), goals)])
        for number, (name, (size, more, goals)) in enumerate(groups.items())
    ]
    found = {place.team.name: place for place in rules.team_places(teams)}
    assert [found[name].shrunk for name in "ABC"] == pytest.approx([102.5188, 97.6454, 91.5789], abs=1e-4)
    assert [found[name].score for name in "ABC"] == pytest.approx([92.2669, 97.6454, 87.9158], abs=1e-4)
    assert [found[name].rank for name in "BAC"] == [1, 2, 3]


@pytest.mark.parametrize(
    ("before", "after", "worth"), [(3, 5.5, 25), (5, 4, 0), (0, 20, 200), (0, 20.1, 200), (7, 7, 0)]
)
def test_growth_counts_ten_for_a_question_up_to_the_cap(before: float, after: float, worth: float) -> None:
    assert rules.growth_points(before, after) == pytest.approx(worth)


def test_equal_teams_share_a_rank() -> None:
    teams = [Team(n, name, 5, 100, 1.0) for n, name in ((1, "B"), (2, "A"))] + [Team(3, "C", 5, 50, 1.0)]
    assert [(place.rank, place.team.name) for place in rules.team_places(teams)] == [(1, "A"), (1, "B"), (3, "C")]


def test_no_teams_no_places() -> None:
    assert rules.team_places([]) == []
    assert rules.team_places([Team(1, "A", 0, 0, 0)]) == []


def test_a_team_adds_up_its_members_by_how_much_they_could_take_part() -> None:
    team = rules.team_of(1, "A", [Members(1.0, 3, 300, 2), Members(0.4, 2, 100, 1)])
    assert (team.weight, team.points, team.people) == (pytest.approx(3.8), pytest.approx(340), 5)
    assert team.goal_share == pytest.approx(0.6)


WEEK = date(2026, 3, 2)
MIDWEEK = ((date(2026, 3, 4), date(2026, 3, 5)),)


@pytest.mark.parametrize(
    ("work_days", "holidays", "away", "joined", "share"),
    [
        ("12345", (), (), 0, 1.0),
        ("12345", (), (), 1, 1.0),
        ("12345", (), (), 4, 0.4),
        ("12345", (), (), 6, 0.0),
        ("123", (), (), 2, 2 / 3),
        ("12345", (), MIDWEEK, 0, 0.6),
        ("12345", MIDWEEK, (), 0, 1.0),
        ("12345", MIDWEEK, (), 5, 1 / 3),
        ("34", MIDWEEK, (), 0, 0.0),
    ],
)
def test_the_eligible_share_of_a_week(
    work_days: str, holidays: tuple[Span, ...], away: tuple[Span, ...], joined: int, share: float
) -> None:
    team, own = Calendar(work_days, holidays), Calendar(work_days, (*holidays, *away))
    assert rules.eligible_share(team, own, WEEK, joined) == pytest.approx(share)


def test_who_was_away_all_week_has_no_goal_to_meet() -> None:
    team = rules.team_of(1, "A", [rules.Members(1.0, 4, 400, 3), rules.Members(0.0, 2, 0, 0)])
    assert (team.goal_share, team.people, team.weight) == (0.75, 6, 4.0)
