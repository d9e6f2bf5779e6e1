"""The goal that a team reaches together in a season."""

from __future__ import annotations

from typing import Any

import pytest

from peerlearn.accounts.rules import LEAD
from peerlearn.leaderboard import queries
from peerlearn.leaderboard.rules import TeamGoal
from peerlearn.practice.models import NeededTopic
from tests import factories
from tests.page import text_of
from tests.practice.held_rows import holding


def season(client: Any) -> str:
    return text_of(client.get("/boards/season").all("main")[0])


@pytest.mark.parametrize(
    ("shares", "can_be_met", "held", "is_met"),
    [
        ([], False, 0, False),
        ([100, 100], False, 2, False),
        ([80, 75, 80], True, 2, False),
        ([80, 80, 80], True, 3, True),
        ([80, None, 95, 100], True, 3, True),
        ([100, 100, 100, 100, 100], True, 3, True),
        ([None, None, None], True, 0, False),
    ],
)
def test_three_topics_at_eighty_percent_are_the_goal(
    shares: list[int | None], can_be_met: bool, held: int, is_met: bool
) -> None:
    goal = TeamGoal(9, {str(number): share for number, share in enumerate(shares)})
    assert (goal.can_be_met, goal.held, goal.is_met) == (can_be_met, held, is_met)


def test_a_member_sees_the_goal_and_nothing_of_one_colleague(db: Any, client_for: Any) -> None:
    team = factories.team()
    members = [factories.person(f"Member {n}", team_id=team.id) for n in range(6)]
    factories.person("Lea Lead", team_id=team.id, roles=((LEAD, team.id),))
    outsider = factories.person("Olaf Out")
    topics = [factories.topic(name) for name in ("Alpha", "Beta", "Gamma")]
    db.session.add_all(NeededTopic(team_id=team.id, topic_id=topic.id) for topic in topics)
    db.session.commit()
    for topic in topics:
        for person in members[: 5 if topic is topics[2] else 6]:
            holding(person, topic, 1.0)

    mine = queries.team_goal(members[0])
    assert mine is not None
    assert mine.shares == {"Alpha": 85, "Beta": 85, "Gamma": None}  # four besides me learned Gamma
    assert not mine.is_met
    page = season(client_for(members[0]))
    assert "2 of 3" in page
    assert "Gamma: too few have learned it yet" in page
    assert not any(member.name in page for member in members[1:])

    for_the_sixth = queries.team_goal(members[5])
    assert for_the_sixth is not None
    assert for_the_sixth.shares["Gamma"] == 70  # five others did; five of seven hold all of it

    holding(members[5], topics[2], 1.0)
    assert "You are there, together" in season(client_for(members[0]))
    assert "works towards" not in season(client_for(outsider))
    db.session.delete(db.session.get(NeededTopic, (team.id, topics[0].id)))
    db.session.commit()
    assert "once its lead has named 3 topics" in season(client_for(members[0]))
