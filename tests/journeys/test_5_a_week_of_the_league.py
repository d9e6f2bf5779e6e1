"""A week of the league closes: whoever did best hears of it, and meets the group of the new week."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import delete

from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.leaderboard import league, seating
from peerlearn.leaderboard.models import LeagueWeek
from tests import factories
from tests.journeys import company
from tests.journeys.conftest import Arrive
from tests.journeys.house import House
from tests.journeys.visitor import Visitor


def people() -> dict[str, str]:
    """Ten people who learned a little two weeks ago; last week one of them learned more than the others."""
    monday = company.this_monday()
    with clock.at(company.long_ago()):
        lessons = [factories.published_lesson() for _number in range(5)]
        nora = factories.person("Nora Named", board_mode="named")
        others = [factories.person(f"Colleague {n}", board_mode="named") for n in range(8)]
        owl = factories.person("Alan Brook", board_mode="alias", alias="Silent Owl", alias_key="silent owl")
    for person in (nora, owl, *others):
        company.passes(person, lessons[0], monday - timedelta(weeks=2))
    for number in range(1, 5):
        company.passes(nora, lessons[number], monday - timedelta(weeks=1) + timedelta(days=number))
    company.passes(owl, lessons[1], monday - timedelta(weeks=1))
    db.session.execute(
        delete(LeagueWeek).where(LeagueWeek.people == 0)
    )  # the house may have looked already, before anybody was there
    db.session.commit()
    settle(1)
    settle(0)
    company.passes(owl, lessons[2], monday)
    return {"nora": nora.email}


def settle(weeks_ago: int) -> None:
    """Let happen what the Monday so many weeks ago brings."""
    with clock.at(company.this_monday() - timedelta(weeks=weeks_ago)):
        while seating.settle():
            db.session.commit()
        db.session.commit()


def test_a_week_of_the_league(house: House, arrive: Arrive) -> None:
    emails = house.furnish(people)
    nora = arrive()
    nora.signs_in(emails["nora"])
    monday = clock.monday_of(clock.today(company.ZONE))
    if league.is_played(monday - timedelta(weeks=1)):
        hears_of_it(nora)
    else:
        nora.goes_to("/boards/league")
    if league.is_played(monday):
        meets_the_new_group(nora)
    else:
        nora.sees("A week to rest")


def hears_of_it(nora: Visitor) -> None:
    nora.goes_to("/inbox")
    nora.press(re.compile("you go up in the league"), within="main")
    nora.heading("The league")
    nora.sees("You went up to Silver")


def meets_the_new_group(nora: Visitor) -> None:
    nora.sees(re.compile("^10 people who reached about as much as you lately"))
    nora.sees(re.compile(r"You \(Nora Named\)"), within="main table")
    nora.sees("Silent Owl", within="main table")
    nora.misses("Alan Brook")
