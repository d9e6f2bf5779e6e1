"""Who this request comes from."""

from __future__ import annotations

import hashlib

from flask import Flask, Request, g, has_request_context, session
from flask.signals import request_started
from flask_login import LoginManager, current_user, login_user, logout_user
from sqlalchemy import bindparam, select
from sqlalchemy.orm import contains_eager
from sqlalchemy.orm.attributes import set_committed_value

from peerlearn.accounts import numbers, rules
from peerlearn.accounts.models import Grant, Person, Session, Team
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.errors import NotAllowed

login_manager = LoginManager()
login_manager.session_protection = None  # type: ignore[assignment]  # an address may change on a train; the key in the cookie is the proof


def person() -> Person:
    """The person who signed in; NotAllowed where nobody has (the gate sends visitors to the sign-in page before)."""
    found = person_or_none()
    if found is None:
        raise NotAllowed()
    return found


def person_or_none() -> Person | None:
    """The person who signed in, or None for a visitor and outside a request."""
    if not has_request_context():
        return None
    found = current_user._get_current_object()
    if not isinstance(found, Person):
        return None
    known = vars(found)  # a rollback takes away what was loaded
    if "team" not in known or "grants" not in known:
        return _load_again(found)
    return found


def start(person: Person, key: str) -> None:
    """Make this browser the person's: a fresh cookie with the key of a session made just now."""
    session.clear()
    session.permanent = True
    person.session_key = key
    login_user(person)


def end() -> None:
    """Forget the person in this browser."""
    logout_user()
    session.clear()


def hash_of(key: str) -> str:
    """What the table keeps of a key that only a browser or a mail holds."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


class Keeper:
    """Answers the gates for the visitor of this request."""

    def is_signed_in(self) -> bool:
        """Whether a person has signed in."""
        return person_or_none() is not None

    def may(self, permission: str) -> bool:
        """Whether that person holds the permission anywhere."""
        found = person_or_none()
        return found is not None and found.may(permission)


def init_app(app: Flask) -> None:
    """Teach the application to know its visitors."""
    login_manager.user_loader(load)
    login_manager.request_loader(_from_other_sources)
    login_manager.init_app(app)
    app.extensions["gatekeeper"] = Keeper()
    request_started.connect(_forget, app)


def _forget(sender: Flask, **extra: object) -> None:
    """A request never inherits what another one left in an application context that both share (person, token)."""
    for name in list(g):
        g.pop(name)


def _from_other_sources(request: Request) -> None:
    """Nothing but our own session signs anybody in: no remember cookie, no header."""


_WHO = (
    select(Person, numbers.newest())
    .join(Session, Session.person_id == Person.id)
    .outerjoin(Team, Team.id == Person.team_id)
    .outerjoin(Grant, Grant.person_id == Person.id)
    .where(Session.key_hash == bindparam("key"), Session.expires_at > bindparam("now"), Person.is_active)
    .options(contains_eager(Person.team), contains_eager(Person.grants))
    .execution_options(populate_existing=True)
)


def load(key: str) -> Person | None:
    """The person to whom a session key belongs, with team and grants, in one statement; None when it ended."""
    row = db.session.execute(_WHO, {"key": hash_of(key), "now": clock.now()}).unique().one_or_none()
    found = row[0] if row else None
    if row is not None and found is not None:
        numbers.notice(row[1])
        found.session_key = key
        for name in ("roles", "permissions"):
            found.__dict__.pop(name, None)
        _turn_zone(found)
    return found


def _load_again(stale: Person) -> Person | None:
    """After a rollback inside the request (slow work first, an error page) everything known is read anew."""
    found = load(stale.session_key) if stale.session_key else None
    if found is None:
        g.pop("_login_user", None)
        return None
    g._login_user = found
    return found


def _turn_zone(person: Person) -> None:
    """A changed time zone holds from the day that was said, also before a deed has stored it."""
    if (
        person.next_timezone
        and person.next_timezone_from
        and rules.zone_is_due(
            person.next_timezone_from, clock.today(person.timezone), clock.today(person.next_timezone)
        )
    ):
        set_committed_value(person, "timezone", person.next_timezone)
