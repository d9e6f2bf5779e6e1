"""The boards as pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.leaderboard import queries, rules
from peerlearn.points.models import PointSum
from peerlearn.practice.models import Growth
from tests import factories
from tests.page import text_of

URLS = ["/boards", *(f"/boards/{tab}" for tab in rules.TABS if tab != "me")]


def give(db: Any, person: Person, points: int, period: str | None = None, days: int = 3) -> None:
    period = period or queries.this_week().keys[0]
    values = {"xp": points, "work_xp": points, "active_days": days, "last_at": clock.now()}
    db.session.add(PointSum(person_id=person.id, period=period, **values))
    db.session.commit()


@pytest.mark.parametrize("url", URLS)
def test_every_tab_teaches_when_it_is_empty(client: Any, client_for: Any, person: Person, url: str) -> None:
    client.get(url, status=302)
    client_for(person).get(url)


def test_an_unknown_tab_is_not_found(client_for: Any, person: Person) -> None:
    client_for(person).get("/boards/everyone", status=404)


@pytest.mark.parametrize("number", [3, 30])
@pytest.mark.parametrize("url", URLS)
def test_a_board_asks_at_most_five_times(
    db: Any, client_for: Any, statements: list[str], url: str, number: int
) -> None:
    team = factories.team()
    people = [
        factories.person(team_id=team.id, board_mode="named", created_at=clock.now() - timedelta(days=60))
        for _ in range(number)
    ]
    for index, person in enumerate(people):
        give(db, person, 10 + index)
    client = client_for(people[0])
    statements.clear()
    client.get(url)
    assert len(statements) <= 5, statements


@pytest.mark.security
def test_hidden_people_are_named_nowhere(db: Any, client_for: Any) -> None:
    team = factories.team()
    hidden = factories.person("Hida Hidden", team_id=team.id)
    alias = factories.person("Alma Real", team_id=team.id, board_mode="alias", alias="Otter", alias_key="otter")
    viewer = factories.person("Vera Viewer", team_id=team.id, board_mode="named")
    for number, person in enumerate((hidden, alias, viewer)):
        give(db, person, 90 - number)
        for period in (*queries.this_season().keys[:1], *queries.last_season().keys[:1]):
            if period != queries.this_week().keys[0]:
                give(db, person, 90 - number, period)
    client = client_for(viewer)
    pages = {url: client.get(url).text for url in URLS}
    assert "Otter" in pages["/boards/around"]
    for text in pages.values():
        assert "Hida" not in text
        assert "Alma" not in text


def test_the_prompt_comes_after_three_active_days(db: Any, client_for: Any) -> None:
    person = factories.person()
    client = client_for(person)
    give(db, person, 20, "all", days=2)
    assert "Would you like to be on the boards?" not in client.get("/boards").text
    db.session.query(PointSum).filter_by(person_id=person.id).update({"active_days": 3})
    db.session.commit()
    assert "Would you like to be on the boards?" in client.get("/boards").text
    person.board_mode = "named"
    db.session.commit()
    assert "Would you like to be on the boards?" not in client.get("/boards").text


def test_teams_and_my_team(db: Any, client_for: Any) -> None:
    team = factories.team("Blue Herons")
    members = [factories.person(team_id=team.id, created_at=clock.now() - timedelta(days=60)) for _ in range(3)]
    for member in members:
        give(db, member, 40)
    client = client_for(members[0])
    assert "Blue Herons" in client.get("/boards/teams").text
    page = client.get("/boards/my-team")
    assert page.heading == "Blue Herons"
    assert "120" in page.text


def test_a_lead_sees_sums_of_their_own_team_only(db: Any, client: Any, client_for: Any) -> None:
    team = factories.team("Blue Herons")
    members = [factories.person(team_id=team.id, created_at=clock.now() - timedelta(days=60)) for _ in range(4)]
    for member in members:
        give(db, member, 40)
    lead = factories.person(team_id=team.id, roles=(("lead", team.id),), created_at=clock.now() - timedelta(days=60))
    url, other = f"/boards/teams/{team.id}", factories.team()
    client.get(url, status=302)
    client_for(members[0]).get(url, status=403)
    page = client_for(lead).get(url)
    assert page.heading == "Blue Herons"
    assert "160" in page.text
    client_for(lead).get(f"/boards/teams/{other.id}", status=404)
    assert (
        "The team is small" in client_for(factories.person(roles=(("admin", 0),))).get(f"/boards/teams/{other.id}").text
    )


def test_growth_is_told_of_teams_of_five_and_of_nobody_alone(db: Any, client_for: Any) -> None:
    team, small = factories.team("Harbour"), factories.team("Lighthouse")
    monday = queries.this_week().mondays[0]
    long_ago = clock.now() - timedelta(days=90)
    for group, size in ((team, 5), (small, 4)):
        for number in range(size):
            person = factories.person(f"Grower {number}", team_id=group.id, created_at=long_ago, board_mode="named")
            db.session.add(Growth(person_id=person.id, week=monday, before=10.0, after=13.0 + number))
    db.session.commit()
    page = client_for(factories.person()).get("/boards/teams")
    named = zip(page.all("caption"), page.all("table"), strict=True)
    tables = {text_of(caption).strip(): text_of(table) for caption, table in named}
    assert "Harbour" in tables["Knowledge growth this week"]
    assert "Lighthouse" not in tables["Knowledge growth this week"]
    assert "Lighthouse" in tables["Teams this week"]
    assert "How growth is counted" in page.text
    assert "Grower" not in page.text


def test_without_teams_of_five_there_is_no_board_of_growth(client_for: Any, person: Person) -> None:
    assert "Knowledge growth" not in client_for(person).get("/boards/teams").text
