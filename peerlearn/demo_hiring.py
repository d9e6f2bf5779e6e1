"""The first day of a demo company: its teams and people, and what their work needs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select

from peerlearn import seed
from peerlearn.accounts import actions as accounts
from peerlearn.accounts import passwords
from peerlearn.accounts.models import Person, Team
from peerlearn.core.db import db
from peerlearn.core.text import name_key
from peerlearn.demo_cast import PASSWORD, Character, needed_topics
from peerlearn.lessons.models import Topic
from peerlearn.practice import needing


def hire(characters: Sequence[Character], content: Path) -> None:
    """Create the teams, the people with their roles, and the topics; leads say which of these their teams need."""
    hashed = passwords.hash_password(PASSWORD)
    teams: dict[str, Team] = {}
    hired: list[tuple[Character, Person]] = []
    for character in characters:
        if character.team not in teams:
            teams[character.team] = accounts.add_team(character.team, by=None)
        person = accounts.add_person(
            email=character.email,
            name=character.name,
            password_hash=hashed,
            team_id=teams[character.team].id,
            is_demo=True,
        )
        person.board_mode, person.alias = character.board, character.alias
        person.alias_key = name_key(character.alias) if character.alias else None
        hired.append((character, person))
    seed.topics(content, by=next(p for c, p in hired if "admin" in c.roles))
    topic_ids = dict(db.session.execute(select(Topic.slug, Topic.id)).all())
    needs = needed_topics(content)
    for character, person in hired:
        team = teams[character.team]
        for role in character.roles:
            name, _colon, scope = role.partition(":")
            scope_id = topic_ids[scope] if scope else team.id if name == "lead" else 0
            accounts.give_role(person, name, scope_id, by=None)
        if "lead" in character.roles:
            needing.choose(team, [topic_ids[slug] for slug in needs[character.team]], by=person)
