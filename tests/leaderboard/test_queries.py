"""Boards on a real database: the same order as the rules, few statements, nobody shown who is hidden."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from peerlearn.accounts import time_off
from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.leaderboard import queries, rules
from peerlearn.leaderboard.queries import Span
from peerlearn.points.models import PointSum
from peerlearn.practice.models import Growth
from tests import factories
from tests.points.records import MONDAY

WEEK = Span((date(2026, 3, 2),))
THURSDAY = MONDAY + timedelta(days=3)


def week(
    db: Any, person: Person, xp: int, ip: int = 0, days: int = 1, minutes: int = 0, monday: str = "2026-03-02"
) -> None:
    values = {"xp": xp, "ip": ip, "work_xp": xp, "work_ip": ip, "active_days": days, "goals": int(days >= 3)}
    last = MONDAY + timedelta(minutes=minutes)
    db.session.add(PointSum(person_id=person.id, period=f"w:{monday}", last_at=last, **values))
    db.session.commit()


def people(number: int, **values: Any) -> list[Person]:
    return [factories.person(f"P{n}", **({"board_mode": "named"} | values)) for n in range(number)]


@pytest.fixture(autouse=True)
def _thursday(app: Any) -> Any:
    with clock.at(THURSDAY):
        yield


def test_the_database_ranks_as_the_rules_do(db: Any) -> None:
    dice = random.Random(7)
    everyone = people(40)
    contenders = []
    for person in everyone:
        points, days, minutes = dice.choice([10, 20, 30]), dice.randrange(1, 4), dice.randrange(3)
        week(db, person, points, days=days, minutes=minutes)
        last = MONDAY + timedelta(minutes=minutes)
        contenders.append(rules.Contender(person.id, person.name, points, 0.85, days, last))
    expected = {contender.person_id: rank for rank, contender in rules.ranked(contenders)}
    for person in dice.sample(everyone, 10):
        board = queries.board(person, WEEK)
        assert board.size == 40
        assert board.mine is not None
        assert board.mine.rank == expected[person.id]
        for place in board.places:
            assert place.name is None or expected[place.person_id] == place.rank


def test_a_viewer_sees_the_top_and_those_around(db: Any) -> None:
    everyone = people(20)
    for number, person in enumerate(everyone):
        week(db, person, 140 - number)
    board = queries.board(everyone[7], WEEK)
    assert [place.rank for place in board.places] == [1, 2, 3, 5, 6, 7, 8, 9, 10]
    assert [place.rank for place in board.places if place.gap_before] == [5]
    low = queries.board(everyone[17], WEEK)
    assert [place.rank for place in low.places] == [1, 2, 3, 15, 16, 17, 18, 19, 20]
    assert [place.name for place in low.places[3:]] == [None, None, None, "P17", None, None]


def test_hidden_and_deactivated_people_are_on_no_board(db: Any) -> None:
    named = people(2)
    alias = factories.person(board_mode="alias", alias="Otter", alias_key="otter")
    hidden, gone = factories.person(board_mode="hidden"), factories.person(board_mode="named", is_active=False)
    for number, person in enumerate((hidden, gone, alias, *named)):
        week(db, person, 90 - number)
    board = queries.board(hidden, WEEK)
    assert [place.name for place in board.places] == ["Otter", "P0"]
    assert board.mine is None
    assert board.size == 3


def test_nobody_without_points_is_on_a_board(db: Any, person: Person) -> None:
    week(db, person, 0)
    assert queries.board(person, WEEK).places == []


def test_a_season_adds_up_capped_weeks(db: Any) -> None:
    (person,) = people(1)
    week(db, person, 400, monday="2026-01-05")
    week(db, person, 20, ip=130, monday="2026-02-02")
    week(db, person, 70, monday="2026-03-30")  # the thirteenth week
    (place,) = queries.board(person, queries.this_season()).places
    assert place.points == 150 + 20 + 100
    assert queries.last_season().mondays[0] == date(2025, 10, 6)


def test_a_week_closes_by_date(db: Any) -> None:
    with clock.at(MONDAY.replace(hour=22, minute=59) + timedelta(days=6)):  # Sunday 23:59 in Berlin
        assert queries.this_week().mondays == (date(2026, 3, 2),)
    with clock.at(MONDAY.replace(hour=23) + timedelta(days=6)):
        assert queries.this_week().mondays == (date(2026, 3, 9),)
        assert queries.last_week().mondays == (date(2026, 3, 2),)


def test_own_weeks(db: Any, person: Person) -> None:
    week(db, person, 30, days=2)
    week(db, person, 200, ip=7, monday="2026-02-16")
    own = queries.own_weeks(person)
    assert [(w.monday.day, w.points, w.is_current) for w in own.weeks] == [
        (2, 30, True),
        (23, 0, False),
        (16, 157, False),
        (9, 0, False),
    ]
    assert own.best == 157


def _team(size: int, points: int, goals: int, db: Any, name: str) -> Sequence[Person]:
    team = factories.team(name)
    members = [factories.person(team_id=team.id, created_at=MONDAY - timedelta(days=90)) for _ in range(size)]
    for number, person in enumerate(members):
        week(db, person, points, days=3 if number < goals else 1)
    return members


def test_team_scores_from_the_database(db: Any) -> None:
    _team(4, 120, 2, db, "A")
    members = _team(9, 100, 9, db, "B")
    _team(25, 90, 20, db, "C")
    _team(2, 150, 2, db, "too small")
    found = queries.team_boards(WEEK).points
    assert [(place.rank, place.team.name) for place in found] == [(1, "B"), (2, "A"), (3, "C")]
    assert [place.score for place in found] == pytest.approx([97.6454, 92.2669, 87.9158], abs=1e-4)
    standing = queries.team_standing(members[0])
    assert standing is not None
    assert (standing.name, standing.rank, standing.teams, standing.goals_met) == ("B", 1, 3, 9)


def _growth(db: Any, members: Sequence[Person], more: float) -> None:
    for person in members:
        db.session.add(Growth(person_id=person.id, week=WEEK.mondays[0], before=30.0, after=30.0 + more))
        db.session.add(Growth(person_id=person.id, week=WEEK.mondays[0] - timedelta(days=7), before=0.0, after=9.0))
    db.session.commit()


def test_growth_is_compared_by_the_same_formula(db: Any) -> None:
    teams = {"A": (5, 0, 12.0, 1), "B": (9, 0, 10.0, 9), "C": (20, 0, 9.0, 16), "too small": (4, 0, 50.0, 4)}
    for name, (size, worth, more, goals) in teams.items():
        _growth(db, _team(size, worth, goals, db, name), more)
    found = queries.team_boards(WEEK).growth
    # E11 by hand: m = sqrt(5 x 20) = 10, mu = (600 + 900 + 1800) / 34 = 97.0588
    shrunk = {"A": (600 + 970.588235) / 15, "B": (900 + 970.588235) / 19, "C": (1800 + 970.588235) / 30}
    wanted = {"A": shrunk["A"] * 0.84, "B": shrunk["B"] * 1.0, "C": shrunk["C"] * 0.96}
    assert {place.team.name: place.score for place in found} == pytest.approx(wanted, abs=1e-4)
    assert [place.team.name for place in found] == ["B", "C", "A"]
    assert [place.team.name for place in queries.team_boards(WEEK).points] != []


def test_growth_counts_from_nothing_up_to_the_cap(db: Any) -> None:
    members = _team(5, 0, 0, db, "A")
    for person, more in zip(members, (-3.0, 0.0, 19.9, 20.0, 45.0), strict=True):
        _growth(db, [person], more)
    (place,) = queries.team_boards(WEEK).growth
    assert place.team.points == pytest.approx(0 + 0 + 199 + 200 + 200)
    assert place.team.points == pytest.approx(sum(rules.growth_points(30.0, 30.0 + m) for m in (-3, 0, 19.9, 20, 45)))


def test_who_answered_nothing_adds_no_growth(db: Any) -> None:
    members = _team(5, 0, 0, db, "A")
    _growth(db, members[:2], 4.0)
    (place,) = queries.team_boards(WEEK).growth
    assert (place.team.people, place.team.points) == (5, pytest.approx(80))


def test_who_has_no_points_yet_adds_none(db: Any) -> None:
    members = _team(3, 100, 3, db, "A")
    factories.person(team_id=members[0].team_id, created_at=members[0].created_at)
    (place,) = queries.team_boards(WEEK).points
    assert (place.team.people, place.team.points) == (4, 300)


def test_who_joined_in_the_week_counts_by_their_days(db: Any) -> None:
    members = _team(3, 100, 3, db, "A")
    new = factories.person(team_id=members[0].team_id, created_at=MONDAY + timedelta(days=3))  # Thursday: 2 of 5 days
    week(db, new, 100, days=2)
    (place,) = queries.team_boards(WEEK).points
    assert place.team.weight == pytest.approx(3.4)
    assert place.team.points == pytest.approx(340)


def test_who_is_away_counts_by_the_days_they_are_here(db: Any) -> None:
    members = _team(3, 100, 3, db, "A")
    time_off.record_absence(WEEK.mondays[0], WEEK.mondays[0] + timedelta(days=1), by=members[0])
    time_off.add_holiday(WEEK.mondays[0] + timedelta(days=2), "Good day", by=members[1])
    db.session.commit()
    (place,) = queries.team_boards(WEEK).points
    assert (place.team.people, place.team.goal_share) == (3, 1.0)
    assert place.team.weight == pytest.approx(2.5)  # two of the four days are left
    assert place.team.points == pytest.approx(250)


def test_own_team_is_a_sum_and_only_of_enough_people(db: Any) -> None:
    members = _team(4, 50, 2, db, "A")
    found = queries.team_weeks(members[0].team_id)
    assert (found.people, len(found.weeks)) == (4, 4)
    first = found.weeks[0]
    assert (first.active, first.goals_met, first.points) == (4, 2, 200)
    pair = _team(2, 50, 2, db, "B")
    assert queries.team_weeks(pair[0].team_id).weeks == []


@pytest.mark.parametrize("number", [3, 30])
def test_boards_ask_as_much_for_three_as_for_thirty(db: Any, statements: list[str], number: int) -> None:
    everyone = people(number)
    for person in everyone:
        week(db, person, 10 * person.id)
    viewer, team_id = everyone[0], everyone[0].team_id
    db.session.refresh(viewer)
    statements.clear()
    queries.board(viewer, WEEK)
    queries.team_boards(WEEK)
    queries.own_weeks(viewer)
    queries.team_weeks(team_id)
    assert len(statements) == 4
