"""What is held, as pages: for oneself, on each topic, and for a team lead."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from peerlearn.accounts.models import Person, Team
from peerlearn.core import clock
from peerlearn.core.facts import Fact
from peerlearn.practice import holders, rules
from peerlearn.practice.models import NeededTopic
from peerlearn.practice.rules import Held
from tests import factories
from tests.conftest import Statements
from tests.page import Client, text_of
from tests.practice import held_rows

ClientFor = Callable[[Person], Client]


@pytest.mark.parametrize(
    ("found", "known", "step"),
    [
        (Held(3, 1.0, 1.0, 3), 3, ("few", 2)),
        (Held(3, 0.3, 0.3, 10), 3, ("learn", 5)),
        (Held(7, 0.7, 0.0, 10), 9, ("practise", 0)),
        (Held(9, 0.9, 0.2, 10), 9, ("prove", 5)),
    ],
)
def test_what_comes_first_to_hold_a_topic(found: Held, known: int, step: tuple[str, int]) -> None:
    assert rules.next_step(found, known) == step


@pytest.mark.parametrize(
    ("total", "people", "others", "share"),
    [
        *[(4.0, 5, 5, 80), (0, 5, 5, 0), (5, 5, 5, 100), (3.1, 5, 5, 60), (3.2, 5, 5, 65), (4.0, 4, 5, None)],
        *[(0.8, 5, 1, None), (4.0, 20, 4, None), (4.0, 20, 5, 20)],
    ],
)
def test_a_teams_share_is_coarse_and_kept_from_small_teams(
    total: float, people: int, others: int, share: int | None
) -> None:
    assert rules.shown_share(total, people, others) == share


# my own


def test_somebody_new_is_told_how_it_begins(client_for: ClientFor, person: Person) -> None:
    page = client_for(person).get("/practice/held")
    assert page.heading == "What I hold"
    assert "Nothing to hold yet" in page.text


def test_i_see_what_i_hold_and_how_it_fades(client_for: ClientFor, person: Person) -> None:
    topic = factories.topic("Security")
    held_rows.lesson(topic, items=2)
    held_rows.remember_all(person, held_rows.lesson(topic, items=6), stability=10, days=10, proven=False)
    page = client_for(person).get("/practice/held")
    assert page.heading == "You hold 5 of 6 questions"
    assert "Without practice you would hold 5 of 6" in page.text
    cells = [text_of(cell) for cell in page.all("td")][-4:]
    assert cells == ["5 of 8", "67 %", "0 of 8", "1 more to learn"]
    assert 'role="img" aria-label="Questions held: today 5, in 60 days 4"' in page.text
    rows = [text_of(row) for row in page.all("tr")]
    assert "in 60 days4 of 6" in rows


def test_a_holder_is_told_so(client_for: ClientFor, person: Person) -> None:
    held_rows.remember_all(person, held_rows.lesson(factories.topic(), items=5))
    page = client_for(person).get("/practice/held")
    assert "You hold it" in page.text
    assert "You hold 5 of 5 questions" in page.text


@pytest.mark.parametrize("number", [3, 30])
def test_pages_cost_the_same_for_three_and_thirty(client_for: ClientFor, statements: Statements, number: int) -> None:
    team = factories.team()
    lead = factories.person(team=team, roles=(("lead", team.id),))
    topics = [factories.topic() for _ in range(number)]
    for topic in topics:
        held_rows.remember_all(lead, held_rows.lesson(topic, items=2))
        held_rows.holding(lead, topic)
    needs(team, *topics)
    for _ in range(number):
        held_rows.holding(factories.person(team=team, board_mode="named"), topics[0])
    browser = client_for(lead)
    urls = ("/practice/held", "/practice/topics", f"/practice/topics/{topics[0].slug}", f"/practice/teams/{team.id}")
    for url in (*urls, f"/lessons?topic={topics[0].slug}"):
        statements.clear()
        browser.get(url)
        assert len(statements) <= 5, (url, statements)


# topics


def test_a_topic_says_how_many_hold_it_and_how_near_it_is_to_being_lost(client_for: ClientFor, person: Person) -> None:
    wanted = {0: "Nobody holds it yet", 1: "Rests on one person", 2: "Rests on two people", 3: "3 colleagues hold it"}
    for number in wanted:
        topic = factories.topic(f"Held by {number}")
        held_rows.lesson(topic, items=5)
        for _ in range(number):
            held_rows.holding(factories.person(), topic)
    page = client_for(person).get("/practice/topics")
    lines = [text_of(line) for line in page.all("li") if "Held by" in text_of(line)]
    assert len(lines) == 4
    for line, words in zip(lines, wanted.values(), strict=True):
        assert words in line
    assert "Rests" not in lines[3]


def test_a_topic_of_few_questions_is_at_no_risk(client_for: ClientFor, person: Person) -> None:
    held_rows.lesson(factories.topic("Small"), items=4)
    page = client_for(person).get("/practice/topics")
    assert "Too few questions to be held: 4 of 5" in page.text
    assert "Nobody holds it yet" not in page.text


def test_people_who_left_hold_nothing(db: Any, person: Person) -> None:
    topic = factories.topic()
    held_rows.lesson(topic, items=5)
    gone = factories.person(is_active=False, board_mode="named")
    held_rows.holding(gone, topic)
    held_rows.holding(factories.person(), topic, 0.5, is_holder=False)
    found = holders.topic(person, topic.slug)
    assert found is not None
    assert (found.holders, found.risk) == (0, "red")
    assert holders.named(topic.id) == []


def test_it_is_said_as_of_when(client_for: ClientFor, person: Person) -> None:
    topic = factories.topic()
    held_rows.lesson(topic, items=5)
    day = clock.today("UTC") - timedelta(days=3)
    held_rows.holding(factories.person(), topic, day=day)
    held_rows.holding(factories.person(), topic)
    for url in ("/practice/topics", f"/practice/topics/{topic.slug}"):
        assert f'As of <time datetime="{day}"' in client_for(person).get(url).text


@pytest.mark.security
def test_only_those_who_show_their_name_are_named(client_for: ClientFor, person: Person) -> None:
    topic = factories.topic()
    held_rows.lesson(topic, items=5)
    named = factories.person("Nora Named", board_mode="named")
    hidden = factories.person("Hida Hidden")
    alias = factories.person("Alma Real", board_mode="alias", alias="Otter", alias_key="otter")
    learner = factories.person("Lena Learner", board_mode="named")
    for holder in (named, hidden, alias):
        held_rows.holding(holder, topic)
    held_rows.holding(learner, topic, 0.79, is_holder=False)
    browser = client_for(person)
    page = browser.get(f"/practice/topics/{topic.slug}")
    assert "3 colleagues hold this topic" in page.text
    assert "Nora Named" in page.text
    assert "2 more are not named here" in page.text
    for url in (f"/practice/topics/{topic.slug}", "/practice/topics", f"/lessons?topic={topic.slug}"):
        text = browser.get(url).text
        for secret in ("Hida", "Alma", "Otter", "Lena", "79 %", "90 %"):
            assert secret not in text, (url, secret)


def test_an_unknown_or_retired_topic_is_not_found(client_for: ClientFor, person: Person, db: Any) -> None:
    topic = factories.topic()
    topic.is_active = False
    db.session.commit()
    for slug in ("nothing-of-the-kind", topic.slug):
        client_for(person).get(f"/practice/topics/{slug}", status=404)


def test_the_catalogue_says_who_holds_the_topic_it_shows(client_for: ClientFor, person: Person) -> None:
    topic = factories.topic()
    held_rows.lesson(topic, items=5)
    held_rows.holding(factories.person(), topic)
    browser = client_for(person)
    page = browser.get(f"/lessons?topic={topic.slug}")
    assert "1 colleague holds it" in page.text
    assert "Rests on one person" in page.text
    assert "1 colleague holds it" not in browser.get("/lessons").text


# teams


def needs(team: Team, *topics: Any) -> None:
    """The team's work needs these topics."""
    from peerlearn.core.db import db

    db.session.add_all(NeededTopic(team_id=team.id, topic_id=topic.id) for topic in topics)
    db.session.commit()


def _team(people: int) -> tuple[Team, Person, list[Person]]:
    team = factories.team("Herons")
    lead = factories.person("Lead", team=team, roles=(("lead", team.id),))
    return team, lead, [lead, *(factories.person(f"Member {n}", team=team) for n in range(people - 1))]


def test_a_lead_sees_the_mean_of_the_needed_topics_only(client_for: ClientFor) -> None:
    team, lead, members = _team(7)
    needed, other = factories.topic("Needed"), factories.topic("Other")
    for topic in (needed, other):
        held_rows.lesson(topic, items=5)
        for member in members[:6]:
            held_rows.holding(member, topic, 0.81, is_holder=False)
        held_rows.holding(factories.person(), topic)
    held_rows.holding(factories.person(team=team, is_active=False), needed)
    needs(team, needed)
    found = holders.needs_of(team.id)
    assert (found.people, [(need.name, need.share, need.holders) for need in found.topics]) == (7, [("Needed", 70, 1)])
    page = client_for(lead).get(f"/practice/teams/{team.id}")
    assert "about 70 %" in page.text
    assert "Rests on one person" in page.text
    assert [text_of(row) for row in page.all("th") if row.get("scope") == "row"] == ["Needed"]


@pytest.mark.security
def test_a_small_team_has_no_mean(client_for: ClientFor) -> None:
    team, lead, members = _team(4)
    needed = factories.topic()
    for member in members:
        held_rows.holding(member, needed, 0.6)
    needs(team, needed)
    page = client_for(lead).get(f"/practice/teams/{team.id}")
    assert "The team is small" in page.text
    assert "60" not in "".join(text_of(cell) for cell in page.all("td"))
    assert all(member.name not in page.text for member in members[1:])


@pytest.mark.security
@pytest.mark.parametrize(("with_lead", "others"), [(False, 1), (True, 4), (False, 4)])
def test_what_few_have_learned_is_no_mean_in_any_team(client_for: ClientFor, with_lead: bool, others: int) -> None:
    team, lead, members = _team(9)
    needed = factories.topic()
    for member in members[0 if with_lead else 1 : 1 + others]:
        held_rows.holding(member, needed, 0.9)
    held_rows.holding(members[-1], needed, 0.0, is_holder=False)
    held_rows.holding(factories.person(team=team, is_active=False), needed, 0.9)
    needs(team, needed)
    assert [need.share for need in holders.needs_of(team.id).topics] == [None]
    page = client_for(lead).get(f"/practice/teams/{team.id}")
    assert "Said once 5 besides its lead have learned it" in page.text
    assert "about" not in "".join(text_of(cell) for cell in page.all("td"))
    held_rows.holding(members[-2], needed, 0.9)
    held_rows.holding(members[-3], needed, 0.9)
    shown = [need.share for need in holders.needs_of(team.id).topics]
    assert [share is not None for share in shown] == [others > 2]


@pytest.mark.security
def test_a_team_is_for_its_lead_and_administrators(client_for: ClientFor) -> None:
    team, lead, members = _team(5)
    url = f"/practice/teams/{team.id}"
    client_for(lead).get(url)
    client_for(factories.person(roles=(("admin", 0),))).get(url)
    client_for(members[1]).get(url, status=403)
    other = factories.team()
    client_for(factories.person(roles=(("lead", other.id),))).get(url, status=404)
    client_for(lead).get("/practice/teams/999999", status=404)


def chosen(db: Any, team: Team) -> set[int]:
    """What the team needs, as stored."""
    return {row.topic_id for row in db.session.query(NeededTopic).filter_by(team_id=team.id)}


def test_a_lead_chooses_what_the_team_needs(client_for: ClientFor, db: Any, statements: Statements) -> None:
    team, lead, _members = _team(5)
    topics = [factories.topic() for _ in range(3)]
    needs(team, topics[0])
    browser = client_for(lead)
    url = f"/practice/teams/{team.id}"
    token = browser.get(url).csrf_token
    statements.clear()
    browser.post(url, {"topics": [str(topics[1].id), str(topics[2].id)], "csrf_token": token}, status=302)
    assert len(statements) <= 10
    assert chosen(db, team) == {topics[1].id, topics[2].id}
    fact = db.session.query(Fact).filter_by(type="NeededTopicsChosen").one()
    assert fact.data == {"team_id": team.id, "topic_ids": [topics[1].id, topics[2].id]}
    browser.post(url, {}, status=302)
    assert chosen(db, team) == set()


@pytest.mark.security
def test_only_active_topics_can_be_chosen_and_only_for_ones_own_team(client_for: ClientFor, db: Any) -> None:
    team, lead, _members = _team(5)
    topic, retired = factories.topic(), factories.topic()
    retired.is_active = False
    db.session.commit()
    browser = client_for(lead)
    for wrong in (retired.id, 999999, "x"):
        browser.post(f"/practice/teams/{team.id}", {"topics": [str(topic.id), str(wrong)]}, status=422)
    other = factories.team()
    browser.post(f"/practice/teams/{other.id}", {"topics": [str(topic.id)]}, status=404)
    client_for(factories.person(team=team)).post(f"/practice/teams/{team.id}", {}, status=403)
    assert chosen(db, team) == chosen(db, other) == set()
