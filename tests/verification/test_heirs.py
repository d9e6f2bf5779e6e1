"""Who looks after a lesson that is not for all when its owner leaves: nobody who may not see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update

from peerlearn.accounts.models import Grant, Person, Team
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.inbox.models import Notice
from peerlearn.lessons import visibility
from peerlearn.lessons.models import Lesson
from peerlearn.practice.models import Holding
from peerlearn.verification import heirs, leaving
from tests import factories
from tests.page import Client


@pytest.fixture
def team(db: Any) -> Team:
    return factories.team()


@pytest.fixture(params=["restricted", "confidential"])
def closed(request: Any, team: Team) -> Lesson:
    """A lesson for one team; nobody looks after its topic."""
    front = f"classification: {request.param}\naudience: [{team.slug}]\n"
    lesson = factories.published_lesson(factories.person("Olga Owner", team=team), front=front)
    leave(*db.session.scalars(select(Grant.person_id).where(Grant.role == "curator")))
    return lesson


def leave(*person_ids: int) -> None:
    db.session.execute(update(Person).where(Person.id.in_(person_ids)).values(is_active=False))
    db.session.commit()


def holds(person: Person, lesson: Lesson, coverage: float) -> Person:
    how_much = {"is_holder": True, "coverage": coverage, "held": 5, "proven": 1, "items": 5}
    day = clock.now().date()
    db.session.add(Holding(topic_id=lesson.topic_id, person_id=person.id, day=day, **how_much))
    db.session.commit()
    return person


def hand_over(lesson: Lesson) -> Lesson:
    """The owner leaves; the lesson afterwards."""
    left = lesson.owner_id
    leave(left)
    leaving.hand_over([left])
    db.session.commit()
    return factories.reloaded_lesson(lesson.id)


def test_whoever_holds_most_and_may_not_see_it_is_neither_made_owner_nor_told(
    closed: Lesson, team: Team, client_for: Callable[[Person], Client]
) -> None:
    outsider = holds(factories.person(), closed, 0.95)
    admin, mate = factories.person(roles=(("admin", 0),)), factories.person(team=team)
    assert hand_over(closed).owner_id == mate.id
    for other in (outsider, admin):
        assert not visibility.is_open_to(closed, other)
        assert closed.title not in client_for(other).get("/inbox").text
    told = db.session.scalars(select(Notice.person_id).where(Notice.kind == "lesson_handed_over")).all()
    assert list(told) == [mate.id]


def test_holders_inside_come_first_then_curators_of_the_owners_team_then_others_then_members(
    closed: Lesson, team: Team
) -> None:
    holds(factories.person(), closed, 0.99)
    member = factories.person(team=team)
    other = factories.person(roles=factories.curator_of(closed.topic_id))
    own = factories.person(team=team, roles=factories.curator_of(closed.topic_id))
    less, most = (holds(factories.person(team=team), closed, share) for share in (0.85, 0.9))
    for heir in (most, less, own, other, member):
        assert not heirs.without_owner(None), "the author is still here"
        db.session.get_one(Person, closed.owner_id).is_active = False
        db.session.commit()
        assert heirs.find(heirs.without_owner(None)) == {closed.id: heir.id}
        leave(heir.id)
        db.session.get_one(Person, closed.owner_id).is_active = True
        db.session.commit()


def test_where_nobody_may_see_it_nobody_becomes_its_owner(closed: Lesson) -> None:
    holds(factories.person(), closed, 0.95)
    factories.person(roles=(("admin", 0),))
    before = closed.owner_id
    assert hand_over(closed).owner_id == before


def test_each_of_several_lessons_finds_its_own(closed: Lesson, team: Team) -> None:
    owner, topic = factories.reloaded(closed.owner_id), closed.topic
    open_one = factories.published_lesson(owner, topic, title="How to do what everybody may know")
    holder, mate = holds(factories.person(), closed, 0.95), factories.person(team=team)
    leave(*db.session.scalars(select(Grant.person_id).where(Grant.role == "curator")))
    assert hand_over(closed).owner_id == mate.id
    assert factories.reloaded_lesson(open_one.id).owner_id == holder.id
