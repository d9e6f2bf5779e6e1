"""The doors to people, teams, sessions and links: give me this one to do that, or say no."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from peerlearn.accounts import current, rules
from peerlearn.accounts.models import Absence, Grant, Holiday, Link, Person, Session, Team
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.errors import NotAllowed, NotFound
from peerlearn.core.words import N_

T = TypeVar("T")
DEAD_LINK = N_("This link does not work any more: it was used, it is too old, or it is incomplete.")


def person_to_manage(person_id: int, *, by: Person) -> Person:
    """A person an administrator may change, with team and grants; nobody who was erased."""
    _insist(by, "manage_people")
    return _person(Person.id == person_id, Person.erased_at.is_(None))


def person_to_erase(person_id: int, *, by: Person) -> Person:
    """A person of whom an administrator may make a pseudonym, also once more."""
    _insist(by, "manage_people")
    return _person(Person.id == person_id)


def _person(*conditions: ColumnElement[bool]) -> Person:
    statement = select(Person).where(*conditions)
    found = db.session.scalars(statement.options(joinedload(Person.team), joinedload(Person.grants)))
    return _found(found.unique().one_or_none())


def grant_to_take(person_id: int, grant_id: int, *, by: Person) -> Grant:
    """A role that an administrator may take from that person."""
    _insist(by, "manage_roles")
    return _found(db.session.scalar(select(Grant).where(Grant.id == grant_id, Grant.person_id == person_id)))


def team_to_manage(team_id: int, *, by: Person) -> Team:
    """A team an administrator may change."""
    _insist(by, "manage_teams")
    return _found(db.session.get(Team, team_id))


def team_to_see(team_id: int, *, by: Person) -> Team:
    """A team of whose members together its lead or an administrator may hear; nobody else knows of the page."""
    _insist(by, "see_team")
    found = _found(db.session.get(Team, team_id))
    if not (by.holds(rules.LEAD, team_id) or rules.ADMIN in by.roles):
        raise NotFound()
    return found


def session_to_end(session_id: int, *, by: Person) -> Session:
    """One of a person's own devices; those of others are not known of."""
    return _found(db.session.scalar(select(Session).where(Session.id == session_id, Session.person_id == by.id)))


def absence_to_end(absence_id: int, *, by: Person) -> Absence:
    """One of a person's own absences; those of others are not known of."""
    own = Absence.id == absence_id, Absence.person_id == by.id, ~Absence.is_travel
    return _found(db.session.scalar(select(Absence).where(*own)))


def holiday_to_remove(holiday_id: int, *, by: Person) -> Holiday:
    """A holiday of the organisation."""
    _insist(by, "manage_holidays")
    return _found(db.session.get(Holiday, holiday_id))


def invitation_to_revoke(link_id: int, *, by: Person) -> Link:
    """An invitation that is still open."""
    _insist(by, "manage_people")
    statement = select(Link).where(Link.id == link_id, Link.purpose == "invitation", Link.used_at.is_(None))
    return _found(db.session.scalar(statement))


def link_to_use(purpose: str, key: str) -> Link:
    """A link that still works; NotFound with a kind sentence otherwise."""
    statement = select(Link).where(
        Link.key_hash == current.hash_of(key),
        Link.purpose == purpose,
        Link.used_at.is_(None),
        Link.expires_at > clock.now(),
    )
    found = db.session.scalar(statement)
    if found is None:
        raise NotFound(DEAD_LINK)
    return found


def _insist(by: Person, permission: str) -> None:
    if not by.may(permission):
        raise NotAllowed()


def _found(row: T | None) -> T:
    if row is None:
        raise NotFound()
    return row
