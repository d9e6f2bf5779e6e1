"""Boards are joined by choice: somebody hidden is asked, takes an alias, then a name, and others see just that."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import expect

from peerlearn.core import clock
from tests import factories
from tests.journeys import company
from tests.journeys.conftest import Arrive
from tests.journeys.house import House
from tests.journeys.visitor import Visitor

EVERY_TAB = ("around", "season", "hall", "my-team", "teams")


def people() -> dict[str, str]:
    """A team of four, of whom one is named, one has an alias and two are hidden; and a smaller rival."""
    with clock.at(company.long_ago()):
        lessons = [factories.published_lesson() for _number in range(4)]
        ours, theirs = factories.team("Lighthouse"), factories.team("Harbour")
        mara = factories.person("Mara Lind", team=ours)
        named = factories.person("Nora Named", team=ours, board_mode="named")
        alias = factories.person(
            "Alan Brook", team=ours, board_mode="alias", alias="Silent Owl", alias_key="silent owl"
        )
        hidden = factories.person("Hedda Hill", team=ours)
        rivals = [factories.person(team=theirs, board_mode="named") for _number in range(3)]
    monday = company.this_monday()
    for number in range(3):
        company.passes(mara, lessons[number], monday - timedelta(days=7 - number))
    company.passes(mara, lessons[3], monday)
    for number in range(3):
        moment = monday + timedelta(minutes=10 * number)
        company.passes(named, lessons[number], moment)
        company.passes(hidden, lessons[number], moment)
    company.passes(alias, lessons[0], monday)
    company.passes(alias, lessons[1], monday + timedelta(minutes=10))
    company.passes(rivals[0], lessons[0], monday)
    return {"mara": mara.email, "named": named.email, "rival": rivals[1].email}


def test_competing(house: House, arrive: Arrive) -> None:
    emails = house.furnish(people)
    mara, nora = arrive(), arrive()
    mara.signs_in(emails["mara"])
    my_own_weeks(mara)
    asked(mara)
    what_somebody_hidden_sees(mara)
    nora.signs_in(emails["named"])
    misses_on_boards(nora, "Mara Lind", "Hedda Hill", "Alan Brook", tabs=EVERY_TAB)
    with_an_alias(mara, nora)
    with_my_name(mara, nora)
    hidden_again(mara, nora)
    teams(mara)
    season(mara)
    badges(mara)


def board(visitor: Visitor, tab: str = "Around me") -> None:
    visitor.follow("Boards", within=".main-nav")
    visitor.follow(tab, within="main .tabs")


def misses_on_boards(visitor: Visitor, *names: str, tabs: tuple[str, ...] = ("around", "season")) -> None:
    for tab in tabs:
        visitor.goes_to(f"/boards/{tab}")
        for name in names:
            visitor.misses(re.compile(name), within="main")


def my_own_weeks(mara: Visitor) -> None:
    mara.follow("Boards", within=".main-nav")
    mara.heading("My weeks")
    mara.sees("last week ended at 40", within="main")


def asked(mara: Visitor) -> None:
    mara.sees("Would you like to be on the boards?")
    mara.goes_to("/")
    mara.sees("Would you like to be on the boards?")


def what_somebody_hidden_sees(mara: Visitor) -> None:
    board(mara)
    mara.sees("You are not on the boards")
    mara.sees("Nora Named", within="main table")
    misses_on_boards(mara, "Alan Brook", "Hedda Hill")


def chooses(mara: Visitor, mode: str, alias: str = "") -> None:
    mara.goes_to("/me/settings")
    mara.field(re.compile(f"^{mode}")).first.check()
    if alias:
        mara.fill(re.compile("^Alias optional"), alias)
    mara.press("Save", within="main")
    mara.sees("Your settings are saved.")


def with_an_alias(mara: Visitor, nora: Visitor) -> None:
    chooses(mara, "Alias: boards", "Paper Crane")
    board(mara, "Season")
    mara.sees(re.compile(r"You \(Paper Crane\)"), within="main table")
    mara.misses("You are not on the boards")
    board(nora, "Season")
    nora.sees("Paper Crane", within="main table")
    misses_on_boards(nora, "Mara Lind")


def with_my_name(mara: Visitor, nora: Visitor) -> None:
    chooses(mara, "Named")
    board(nora, "Season")
    nora.sees("Mara Lind", within="main table")
    nora.misses("Paper Crane", within="main table")


def hidden_again(mara: Visitor, nora: Visitor) -> None:
    chooses(mara, "Hidden")
    misses_on_boards(nora, "Mara Lind", "Paper Crane")


def teams(mara: Visitor) -> None:
    board(mara, "My team")
    mara.heading("Lighthouse")
    mara.sees("Points this week", within="main")
    for name in ("Nora Named", "Hedda Hill", "Silent Owl"):
        mara.misses(name, within="main")
    board(mara, "Teams")
    expect(mara.page.locator("main tr.row-me").first).to_contain_text("Lighthouse")
    mara.sees("Harbour", within="main table")


def season(mara: Visitor) -> None:
    board(mara, "Season")
    mara.sees(re.compile("^Twelve weeks from"))
    board(mara, "Hall of the season")


def badges(mara: Visitor) -> None:
    mara.follow("Badges", within=".main-nav")
    mara.sees("Within reach", within="main")
    reach = mara.page.locator("main section", has=mara.page.get_by_role("heading", name="Within reach"))
    expect(reach.get_by_role("progressbar").first).to_be_visible()
    with mara.page.expect_navigation():
        reach.get_by_role("link").first.click()
    mara.settled()
    mara.sees(re.compile("^(Tiers|What it takes)$"))
