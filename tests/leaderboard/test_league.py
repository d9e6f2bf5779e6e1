"""The law of the league: groups, lines, ties, seasons."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from peerlearn.leaderboard import league
from peerlearn.leaderboard.league import Division, Outcome, Player, Result

MONDAY = date(2026, 3, 2)  # the ninth week of its season
BRONZE, SILVER, GOLD, PLATINUM, DIAMOND = Division


@pytest.mark.parametrize(
    ("people", "groups"),
    [(0, []), (10, [10]), (30, [30]), (31, [16, 15]), (74, [25, 25, 24]), (61, [21, 20, 20])],
)
def test_groups_are_few_and_alike(people: int, groups: list[int]) -> None:
    assert league.sizes(people) == groups


@pytest.mark.parametrize(
    ("people", "up", "down"), [(10, 2, 2), (15, 3, 2), (24, 5, 4), (25, 5, 4), (30, 6, 5), (2, 0, 0), (3, 1, 0)]
)
def test_halves_count_as_one(people: int, up: int, down: int) -> None:
    assert league.lines(people) == (up, down)


def players(**divisions: int) -> list[Player]:
    """So many people in each division; the first of each reached most."""
    found = []
    for name, number in divisions.items():
        found += [Player(100 * Division[name] + n, Division[name], 100.0 - n) for n in range(number)]
    random.Random(1).shuffle(found)
    return found


def drawn(groups: list[list[Player]]) -> list[tuple[set[Division], int]]:
    return [({one.division for one in group}, len(group)) for group in groups]


def test_fewer_than_ten_people_have_no_league() -> None:
    assert league.grouped(players(BRONZE=9)) == []
    assert drawn(league.grouped(players(BRONZE=10))) == [({BRONZE}, 10)]


def test_those_who_were_alike_play_together() -> None:
    first, second = league.grouped(players(SILVER=31))
    assert [len(first), len(second)] == [16, 15]
    assert min(one.mean for one in first) > max(one.mean for one in second)


def test_divisions_do_not_mix_unless_one_is_too_small() -> None:
    assert drawn(league.grouped(players(BRONZE=12, SILVER=8, GOLD=5))) == [({GOLD}, 5), ({SILVER}, 8), ({BRONZE}, 12)]
    assert drawn(league.grouped(players(BRONZE=12, SILVER=8, GOLD=1, DIAMOND=1))) == [
        ({DIAMOND, GOLD, SILVER}, 10),
        ({BRONZE}, 12),
    ]
    assert drawn(league.grouped(players(BRONZE=2, SILVER=8, GOLD=6))) == [({GOLD}, 6), ({BRONZE, SILVER}, 10)]
    assert drawn(league.grouped(players(BRONZE=4, DIAMOND=6))) == [({BRONZE, DIAMOND}, 10)]


@pytest.mark.parametrize("seed", range(20))
def test_everybody_is_in_one_group_of_at_most_thirty(seed: int) -> None:
    dice = random.Random(seed)
    everyone = players(**{division.name: dice.randrange(70) for division in Division})
    groups = league.grouped(everyone)
    placed = [one.person_id for group in groups for one in group]
    assert sorted(placed) == sorted(one.person_id for one in everyone)
    assert all(len(group) <= 30 for group in groups)


def group(*points: int, division: Division = SILVER, away: int = 0) -> list[Result]:
    """People with these points, the most first; equals share a rank."""
    return [Result(n, division, points.index(worth) + 1, worth, away) for n, worth in enumerate(points)]


def ways(found: dict[int, Outcome]) -> str:
    """Everybody's outcome as one letter."""
    return "".join(outcome[0] for outcome in found.values())


def test_the_first_fifth_goes_up_and_the_last_go_down() -> None:
    assert ways(league.outcomes(group(90, 80, 70, 60, 50, 45, 44, 43, 42, 41))) == "uussssssdd"


def test_nobody_goes_up_with_less_than_forty_points() -> None:
    assert ways(league.outcomes(group(90, 39, 38, 30, 20, 10, 9, 8, 7, 6))) == "usssssssdd"
    assert ways(league.outcomes(group(90, 40, 38, 30, 20, 10, 9, 8, 7, 6))) == "uussssssdd"


def test_all_who_are_equal_at_the_upper_line_go_up() -> None:
    assert ways(league.outcomes(group(90, 80, 80, 80, 50, 45, 44, 43, 42, 41))) == "uuuussssdd"


def test_all_who_are_equal_at_the_lower_line_stay() -> None:
    assert ways(league.outcomes(group(90, 80, 70, 60, 50, 45, 44, 42, 42, 41))) == "uusssssssd"
    assert ways(league.outcomes(group(90, 80, 0, 0, 0, 0, 0, 0, 0, 0))) == "uussssssss"


def test_whoever_was_away_for_two_days_does_not_go_down() -> None:
    points = (90, 80, 70, 60, 50, 45, 44, 43, 42, 41)
    assert ways(league.outcomes(group(*points, away=2))) == "uussssssss"
    assert ways(league.outcomes(group(*points, away=1))) == "uussssssdd"


def test_there_is_nothing_above_diamond_and_nothing_below_bronze() -> None:
    points = (90, 80, 70, 60, 50, 45, 44, 43, 42, 41)
    assert ways(league.outcomes(group(*points, division=DIAMOND))) == "ssssssssdd"
    assert ways(league.outcomes(group(*points, division=BRONZE))) == "uussssssss"
    assert league.moved(DIAMOND, Outcome.UP) is DIAMOND
    assert league.moved(BRONZE, Outcome.DOWN) is BRONZE
    assert league.moved(SILVER, Outcome.UP) is GOLD


def test_a_common_goal_spares_everybody() -> None:
    points = (90, 80, 70, 60, 50, 45, 44, 43, 42, 41)
    assert ways(league.outcomes(group(*points), spared=True)) == "uussssssss"
    assert league.common_goal([40.0, 60.0]) == 110
    assert league.common_goal([]) == 1


@pytest.mark.parametrize(
    ("me", "missing"),
    [(0, 0), (1, 0), (2, 11), (9, 40)],
)
def test_how_much_is_missing_to_go_up(me: int, missing: int) -> None:
    everyone = group(90, 80, 70, 60, 50, 45, 44, 43, 42, 41)
    assert league.points_to_line(everyone, everyone[me]) == missing
    after = [
        Result(one.person_id, one.division, one.rank, one.points + missing * (one.person_id == me)) for one in everyone
    ]
    assert sorted(after, key=lambda one: -one.points).index(after[me]) < 2


def test_who_leads_with_little_is_told_what_it_takes() -> None:
    few = group(30, 20, 10, 0, 0, 0, 0, 0, 0, 0)
    assert league.points_to_line(few, few[0]) == 10
    assert league.points_to_line(few, few[2]) == 30
    assert league.points_to_line(group(30, division=DIAMOND), Result(0, DIAMOND, 1, 30)) is None
    assert league.points_to_line(few[:2], few[0]) is None


def test_after_a_season_everybody_moves_towards_silver() -> None:
    assert [league.towards_silver(division) for division in Division] == [SILVER, SILVER, SILVER, GOLD, PLATINUM]
    assert league.division_now(DIAMOND, MONDAY, MONDAY + timedelta(weeks=1)) is DIAMOND
    assert league.division_now(DIAMOND, MONDAY, date(2026, 4, 6)) is PLATINUM
    assert league.division_now(DIAMOND, MONDAY, date(2026, 7, 6)) is GOLD
    assert league.division_now(BRONZE, MONDAY, date(2026, 7, 6)) is SILVER


def test_the_thirteenth_week_rests_and_the_fifth_is_played_together() -> None:
    weeks = [date(2026, 4, 6) + timedelta(weeks=n) for n in range(13)]
    assert [league.week_number(monday) for monday in weeks] == list(range(1, 14))
    assert [league.is_played(monday) for monday in weeks] == [True] * 12 + [False]
    assert [monday for monday in weeks if league.is_together(monday)] == [weeks[4]]
