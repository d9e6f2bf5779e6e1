"""Saying which topics the work of a team needs."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, insert, select

from peerlearn.accounts.models import Person, Team
from peerlearn.core.db import ask, table_of
from peerlearn.core.deeds import deed, publish
from peerlearn.practice.events import NeededTopicsChosen
from peerlearn.practice.models import NeededTopic


@deed
def choose(team: Team, topic_ids: Collection[int], *, by: Person) -> None:
    """The work of this team needs these topics and no others; saying so twice changes nothing."""
    chosen = sorted(set(topic_ids))
    before = ask(select(NeededTopic.topic_id).where(NeededTopic.team_id == team.id)).scalars()
    if sorted(before) == chosen:
        return
    ask(delete(NeededTopic).where(NeededTopic.team_id == team.id))
    if chosen:
        ask(insert(table_of(NeededTopic)), [{"team_id": team.id, "topic_id": topic_id} for topic_id in chosen])
    publish(NeededTopicsChosen(team.id, tuple(chosen)), by=by)
