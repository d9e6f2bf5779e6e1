"""What people hold together: who holds a topic, how near it is to being lost, and what a team holds of what it needs.

All of it is read from the kept rows, so it says for which day they were added up. Nobody's own number is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, case, exists, func, select

from peerlearn.accounts.models import Grant, Person, Team
from peerlearn.accounts.rules import EVERYWHERE, LEAD
from peerlearn.core.db import ask
from peerlearn.lessons.models import Topic
from peerlearn.practice import inventory, rules
from peerlearn.practice.models import Holding, NeededTopic
from peerlearn.practice.rules import POLICY

ME: Any = bindparam("me", type_=Integer)
TEAM: Any = bindparam("team", type_=Integer)
SHOWN = 30  # names of holders on one page


@dataclass(frozen=True)
class Standing:
    """How a topic stands: how many active colleagues hold it, of how many questions, and how it is with me."""

    id: int
    slug: str
    name: str
    description: str
    hue: int
    items: int
    holders: int
    day: date | None  # the oldest of what was added up; None while nobody practised
    coverage: float  # mine
    is_mine: bool  # whether I hold it

    @property
    def can_be_held(self) -> bool:
        """Whether it has enough questions that anybody can hold it."""
        return self.items >= POLICY.holder_items

    @property
    def risk(self) -> str:
        """How near it is to being lost: red, amber or nothing; nothing can be lost that nobody can hold."""
        return rules.risk(self.holders) if self.can_be_held else ""


def _holders() -> Any:
    """Of each topic how many active people hold it, and since which day that is known."""
    holds = case((Holding.is_holder, 1), else_=0)
    return (
        select(Holding.topic_id, func.sum(holds).label("holders"), func.min(Holding.day).label("day"))
        .join(Person, Person.id == Holding.person_id)
        .where(Person.is_active)
        .group_by(Holding.topic_id)
    )


def _standings(*conditions: Any) -> Select[Any]:
    active = inventory.active_items().subquery()
    sizes = select(active.c.topic_id, func.count().label("questions")).group_by(active.c.topic_id).subquery()
    holders = _holders().subquery()
    mine = and_(Holding.person_id == ME, Holding.topic_id == Topic.id)
    return (
        select(
            Topic.id,
            Topic.slug,
            Topic.name,
            Topic.description,
            Topic.hue,
            func.coalesce(sizes.c.questions, 0),
            func.coalesce(holders.c.holders, 0),
            holders.c.day,
            func.coalesce(Holding.coverage, 0.0),
            func.coalesce(Holding.is_holder, False),
        )
        .outerjoin(sizes, sizes.c.topic_id == Topic.id)
        .outerjoin(holders, holders.c.topic_id == Topic.id)
        .outerjoin(Holding, mine)
        .where(Topic.is_active, *conditions)
        .order_by(Topic.name_key)
    )


_ALL = _standings()
_ONE = _standings(Topic.slug == bindparam("slug"))


def topics(person: Person) -> list[Standing]:
    """How all topics stand, by name; one statement."""
    return [Standing(*row) for row in ask(_ALL, {"me": person.id})]


def topic(person: Person, slug: str) -> Standing | None:
    """How one topic stands."""
    row = ask(_ONE, {"me": person.id, "slug": slug}).one_or_none()
    return Standing(*row) if row else None


@dataclass(frozen=True)
class Named:
    """A colleague who holds a topic and lets others see their name."""

    id: int
    name: str
    team: str | None


_NAMED = (
    select(Person.id, Person.name, Team.name)
    .join(Holding, Holding.person_id == Person.id)
    .outerjoin(Team, Team.id == Person.team_id)
    .where(Holding.topic_id == bindparam("topic"), Holding.is_holder, Person.is_active, Person.board_mode == "named")
    .order_by(Person.name, Person.id)
    .limit(SHOWN)
)


def named(topic_id: int) -> list[Named]:
    """Who of the holders may be named, by name: never by how much they hold."""
    return [Named(*row) for row in ask(_NAMED, {"topic": topic_id})]


# Teams


@dataclass(frozen=True)
class Need:
    """A topic that a team's work needs. `share`: how much of it the team holds, in percent; None for a small team."""

    id: int
    slug: str
    name: str
    hue: int
    share: int | None
    holders: int  # in the whole organisation
    day: date | None

    @property
    def risk(self) -> str:
        """How near the topic is to being lost."""
        return rules.risk(self.holders)


@dataclass(frozen=True)
class Needs:
    """What a team needs and how many people are in it."""

    people: int
    topics: Sequence[Need]


_SIZE = select(func.count()).select_from(Person).where(Person.team_id == TEAM, Person.is_active).scalar_subquery()


def _leads() -> ColumnElement[bool]:
    """Whether a person leads the team, and so knows what they themselves add."""
    return exists().where(Grant.person_id == Person.id, Grant.role == LEAD, Grant.scope_id.in_((EVERYWHERE, TEAM)))


def _needs() -> Select[Any]:
    """The topics a team needs, each with what its active members hold together; and once the team alone."""
    in_team = (
        select(
            Holding.topic_id,
            func.sum(Holding.coverage).label("coverage"),
            func.count().filter(Holding.coverage > 0, Person.id != ME, ~_leads()).label("others"),
        )
        .join(Person, Person.id == Holding.person_id)
        .where(Person.team_id == TEAM, Person.is_active)
        .group_by(Holding.topic_id)
        .subquery()
    )
    holders = _holders().subquery()
    return (
        select(
            _SIZE.label("people"),
            Topic.id,
            Topic.slug,
            Topic.name,
            Topic.hue,
            func.coalesce(in_team.c.coverage, 0.0).label("coverage"),
            func.coalesce(in_team.c.others, 0).label("others"),
            func.coalesce(holders.c.holders, 0).label("holders"),
            holders.c.day,
        )
        .select_from(Team)
        .outerjoin(NeededTopic, NeededTopic.team_id == Team.id)
        .outerjoin(Topic, and_(Topic.id == NeededTopic.topic_id, Topic.is_active))
        .outerjoin(in_team, in_team.c.topic_id == Topic.id)
        .outerjoin(holders, holders.c.topic_id == Topic.id)
        .where(Team.id == TEAM)
        .order_by(Topic.name_key)
    )


_NEEDS = _needs()


def needs_of(team_id: int, viewer: int = 0) -> Needs:
    """What a team holds of what its work needs, in one statement.

    `viewer`: a member who is told. Like a lead they know what they add, so a share takes enough others besides them.
    """
    rows = ask(_NEEDS, {"team": team_id, "me": viewer}).all()
    people = rows[0].people
    return Needs(people, [_need(row, people) for row in rows if row.id is not None])


def _need(row: Any, people: int) -> Need:
    share = rules.shown_share(row.coverage, people, row.others)
    return Need(row.id, row.slug, row.name, row.hue, share, row.holders, row.day)
