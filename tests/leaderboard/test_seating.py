"""Weeks of the league on a real database: begun once, closed once, and closed is closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from peerlearn.accounts.models import Absence, Holiday, Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.inbox.models import Notice
from peerlearn.leaderboard import seating, seats
from peerlearn.leaderboard.league import Division
from peerlearn.leaderboard.models import LeagueGroup, LeagueSeat, LeagueWeek
from peerlearn.points.models import PointSum
from tests import factories
from tests.page import Client

FIRST = date(2026, 3, 2)  # the ninth week of its season
REST = date(2026, 3, 30)
TOGETHER = date(2026, 5, 4)
WEEK = timedelta(weeks=1)


def give(person: Person, monday: date, points: int) -> None:
    """So many points in a week."""
    at = clock.start_of_day(monday, "UTC")
    values = {"xp": points, "work_xp": points, "active_days": 1, "last_at": at}
    db.session.add(PointSum(person_id=person.id, period=f"w:{monday}", **values))
    db.session.commit()


def people(number: int, monday: date = FIRST, points: Callable[[int], int] = lambda n: 140 - n) -> list[Person]:
    """People on the boards who had points in the week before this Monday, the first most."""
    found = [factories.person(f"P{n}", board_mode="named") for n in range(number)]
    for n, person in enumerate(found):
        give(person, monday - WEEK, points(n))
    return found


def settle(day: date) -> None:
    """Look at a day at noon until nothing is left to do."""
    with clock.at(clock.start_of_day(day, "UTC") + timedelta(hours=12)):
        while seating.settle():
            db.session.commit()
        db.session.commit()
    db.session.expire_all()


def seat(person: Person, monday: date) -> LeagueSeat:
    found = db.session.get(LeagueSeat, (person.id, monday))
    assert found is not None
    return found


def numbers() -> tuple[int, int, int]:
    return tuple(
        db.session.scalar(select(func.count()).select_from(kind)) for kind in (LeagueWeek, LeagueGroup, LeagueSeat)
    )  # type: ignore[return-value]


@pytest.fixture(autouse=True)
def _database(db: Any) -> None:
    """Every test writes."""


def test_a_week_is_begun_once_with_those_who_were_alike() -> None:
    everyone = people(31)
    settle(FIRST)
    settle(FIRST + timedelta(days=2))
    assert numbers() == (1, 2, 31)
    assert {seat(person, FIRST).number for person in everyone[:16]} == {1}
    assert {seat(person, FIRST).number for person in everyone[16:]} == {2}
    assert seat(everyone[0], FIRST).mean == 35
    assert {seat(person, FIRST).division for person in everyone} == {Division.BRONZE}


def test_who_is_hidden_gone_or_without_points_lately_has_no_seat() -> None:
    people(10)
    hidden = factories.person(board_mode="hidden")
    gone = factories.person(board_mode="named", is_active=False)
    quiet = factories.person(board_mode="named")
    give(hidden, FIRST - WEEK, 50)
    give(gone, FIRST - WEEK, 50)
    give(quiet, FIRST - 3 * WEEK, 50)
    settle(FIRST)
    seated = set(db.session.scalars(select(LeagueSeat.person_id)))
    assert len(seated) == 10
    assert not seated & {hidden.id, gone.id, quiet.id}


def test_nine_people_have_no_league_and_are_not_counted_again_that_week() -> None:
    people(9)
    settle(FIRST)
    assert numbers() == (1, 0, 0)
    give(factories.person(board_mode="named"), FIRST - WEEK, 50)
    settle(FIRST + timedelta(days=1))
    assert numbers() == (1, 0, 0)


def test_a_week_closes_by_its_date_and_leads_somewhere() -> None:
    everyone = people(10)
    settle(FIRST)
    for n, person in enumerate(everyone):
        give(person, FIRST, 100 - 10 * n)
    settle(FIRST + timedelta(days=6))
    assert seat(everyone[0], FIRST).outcome is None
    settle(FIRST + WEEK)
    ends = [(seat(person, FIRST).rank, seat(person, FIRST).points, seat(person, FIRST).outcome) for person in everyone]
    assert ends[:3] == [(1, 100, "up"), (2, 90, "up"), (3, 80, "stay")]
    assert ends[-1] == (10, 10, "stay")  # nothing is below Bronze
    divisions = [seat(person, FIRST + WEEK).division for person in everyone]
    assert divisions == [Division.SILVER] * 2 + [Division.BRONZE] * 8
    told = db.session.execute(select(Notice.person_id, Notice.kind)).all()
    assert {tuple(row) for row in told} == {(person.id, "league_up") for person in everyone[:2]}


def test_what_is_closed_stays() -> None:
    everyone = people(10)
    settle(FIRST)
    give(everyone[0], FIRST, 100)
    settle(FIRST + WEEK)
    give(everyone[1], FIRST, 150)
    settle(FIRST + WEEK)
    assert (seat(everyone[0], FIRST).rank, seat(everyone[0], FIRST).points) == (1, 100)
    assert seat(everyone[1], FIRST).points == 0
    assert db.session.scalar(select(func.count()).select_from(Notice)) == 1


def test_whoever_comes_second_to_close_a_group_changes_nothing() -> None:
    everyone = people(10)
    settle(FIRST)
    give(everyone[0], FIRST, 100)
    settle(FIRST + WEEK)
    give(everyone[1], FIRST, 150)
    with clock.at(clock.start_of_day(FIRST + WEEK, "UTC")):
        assert seating.close(FIRST, [1]) == 0  # found open a moment before another process closed it
        db.session.commit()
    assert (seat(everyone[1], FIRST).rank, seat(everyone[1], FIRST).points) == (2, 0)


def test_weeks_without_a_look_close_later_with_their_own_points() -> None:
    everyone = people(10)
    settle(FIRST)
    for n, person in enumerate(everyone):
        give(person, FIRST, 100 - n)
        give(person, FIRST + 2 * WEEK, 50 + n)
    settle(FIRST + 3 * WEEK)
    assert seat(everyone[0], FIRST).rank == 1
    assert numbers() == (2, 2, 20)  # the first week, and the one that runs: Silver is few and plays with Bronze
    assert seat(everyone[0], FIRST + 3 * WEEK).division == Division.SILVER


def test_whoever_leaves_the_boards_is_in_nobodys_way_and_keeps_the_division() -> None:
    everyone = people(11)
    settle(FIRST)
    for n, person in enumerate(everyone):
        give(person, FIRST, 100 - n)
    everyone[0].board_mode = "hidden"
    db.session.commit()
    settle(FIRST + WEEK)
    left = seat(everyone[0], FIRST)
    assert (left.rank, left.points, left.outcome) == (None, None, "stay")
    assert seat(everyone[1], FIRST).rank == 1


def absent(person: Person, first: date, days: int) -> None:
    db.session.add(Absence(person_id=person.id, first_day=first, last_day=first + timedelta(days=days - 1)))
    db.session.commit()


def test_whoever_was_away_two_workdays_does_not_go_down_and_a_holiday_is_no_absence() -> None:
    everyone = people(12)
    with clock.at(clock.start_of_day(FIRST, "UTC")):
        seating.begin(FIRST)
    db.session.execute(LeagueSeat.__table__.update().values(division=int(Division.SILVER)))  # type: ignore[attr-defined]
    db.session.add(Holiday(day=FIRST, name="A free Monday"))
    for n, person in enumerate(everyone):
        give(person, FIRST, 100 - n)
    absent(everyone[11], FIRST + timedelta(days=1), 2)
    absent(everyone[10], FIRST + timedelta(days=4), 3)  # Friday and a weekend
    settle(FIRST + WEEK)
    assert seat(everyone[11], FIRST).outcome == "stay"
    assert seat(everyone[10], FIRST).outcome == "down"


def test_the_last_week_of_a_season_rests_and_the_next_brings_everybody_towards_silver() -> None:
    everyone = people(10, REST - WEEK)
    settle(REST - WEEK)
    for n, person in enumerate(everyone):
        give(person, REST - WEEK, 100 - n)
        give(person, REST, 50)
    settle(REST)
    assert numbers() == (1, 1, 10)
    assert seat(everyone[0], REST - WEEK).outcome == "up"
    settle(REST + WEEK)
    assert {seat(person, REST + WEEK).division for person in everyone} == {Division.SILVER}


def test_in_the_fifth_week_a_group_that_reaches_its_goal_spares_everybody() -> None:
    everyone = people(10, TOGETHER, lambda n: 40)
    settle(TOGETHER)
    goal = db.session.scalar(select(LeagueGroup.goal))
    assert goal == 110  # ten people with ten points a week, and a tenth more
    db.session.execute(LeagueSeat.__table__.update().values(division=int(Division.GOLD)))  # type: ignore[attr-defined]
    db.session.commit()
    for n, person in enumerate(everyone):
        give(person, TOGETHER, 20 - n)
    settle(TOGETHER + WEEK)
    assert {seat(person, TOGETHER).outcome for person in everyone} == {"stay"}
    assert db.session.scalar(select(LeagueGroup.goal).where(LeagueGroup.monday == TOGETHER + WEEK)) is None


def test_many_groups_close_in_several_transactions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seating, "AT_ONCE", 1)
    people(61, points=lambda n: 50)
    settle(FIRST)
    settle(FIRST + WEEK)
    closed = db.session.scalars(select(LeagueGroup.number).where(LeagueGroup.closed_at.is_not(None))).all()
    assert sorted(closed) == [1, 2, 3]
    assert db.session.scalar(select(func.count()).where(LeagueSeat.outcome.is_(None), LeagueSeat.monday == FIRST)) == 0


@pytest.mark.parametrize("number", [10, 61])
def test_closing_asks_as_little_for_many_groups_as_for_one(statements: list[str], number: int) -> None:
    people(number, points=lambda n: 50)
    settle(FIRST)
    statements.clear()
    with clock.at(clock.start_of_day(FIRST + WEEK, "UTC")):
        seating.settle()
        db.session.commit()
    assert len(statements) <= 5, statements


def test_a_member_sees_the_first_and_those_around_and_no_name_of_the_lower_half() -> None:
    everyone = people(20)
    settle(FIRST)
    for n, person in enumerate(everyone):
        give(person, FIRST, 100 - n)
    with clock.at(clock.start_of_day(FIRST, "UTC") + timedelta(days=2)):
        upper = seats.standing(everyone[4], FIRST)
        lower = seats.standing(everyone[17], FIRST)
        assert seats.standing(factories.person(board_mode="named"), FIRST) is None
    assert upper is not None
    assert lower is not None
    assert [place.rank for place in upper.places] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert (upper.size, upper.up, upper.missing) == (20, 4, 1 + 97 - 96)
    assert [(place.rank, place.name) for place in lower.places[3:]] == [
        (15, None),
        (16, None),
        (17, None),
        (18, "P17"),
        (19, None),
        (20, None),
    ]
    assert {place.person_id for place in lower.places if place.name is None} == {0}
    assert [place.rank for place in lower.places if place.gap_before] == [15]


def test_the_page_tells_how_it_stands_and_how_the_last_week_ended(client_for: Callable[[Person], Client]) -> None:
    everyone = people(12)
    with clock.at(clock.start_of_day(FIRST, "UTC")):
        assert "The groups of this week are being made" in client_for(everyone[0]).get("/boards/league").text
    settle(FIRST)
    for n, person in enumerate(everyone):
        give(person, FIRST, 100 - 5 * n)
    with clock.at(clock.start_of_day(FIRST, "UTC") + timedelta(days=2)):
        page = client_for(everyone[3]).get("/boards/league").text
        assert "2 go up" in page
        assert "P2" in page
        assert "P11" not in page
        late = factories.person(board_mode="named")
        assert "You take part from next Monday on" in client_for(late).get("/boards/league").text
        hidden = factories.person()
        assert "The league is for those who like it" in client_for(hidden).get("/boards/league").text
    settle(FIRST + WEEK)
    with clock.at(clock.start_of_day(FIRST + WEEK, "UTC") + timedelta(days=2)):
        assert "You went up to Silver" in client_for(everyone[0]).get("/boards/league").text
        assert "You went up" not in client_for(everyone[5]).get("/boards/league").text
    with clock.at(clock.start_of_day(REST, "UTC")):
        assert "A week to rest" in client_for(everyone[0]).get("/boards/league").text


@pytest.mark.parametrize("number", [10, 30])
def test_the_page_asks_at_most_five_times(
    client_for: Callable[[Person], Client], statements: list[str], number: int
) -> None:
    everyone = people(number)
    settle(FIRST)
    client = client_for(everyone[0])
    with clock.at(clock.start_of_day(FIRST, "UTC") + timedelta(hours=12)):
        client.get("/boards/league")
        statements.clear()
        client.get("/boards/league")
    assert len(statements) <= 5, statements
