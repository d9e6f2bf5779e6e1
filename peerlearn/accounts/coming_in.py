"""How people come in and go out: sessions, passwords, links that work once.

Slow work (hashes) comes first, on a transaction that only reads; `start_writing` then waits for the write lock, and
what was read before is asked again.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select, update

from peerlearn.accounts import access, actions, current, events, passwords, queries, rules
from peerlearn.accounts.models import Link, Person, Session
from peerlearn.core import clock
from peerlearn.core.db import db, start_writing
from peerlearn.core.deeds import deed, publish
from peerlearn.core.errors import Conflict, NotFound, NotValid
from peerlearn.core.text import clean_line
from peerlearn.core.words import N_

FIRST_RUN_LOCK = 7_305_001  # any number that nothing else locks
HAS_ACCOUNT = N_("There is already an account for this address. Sign in, or set a new password.")


@dataclass(frozen=True)
class Letter:
    """A mail that shall be written: to whom, what about, and the secret of its link."""

    to: str
    about: str
    key: str = ""


def new_key() -> str:
    """A secret nobody can guess."""
    return secrets.token_urlsafe(32)


def sign_in(email: str, password: str, *, device: str, replaces: str | None = None) -> tuple[Person, str] | None:
    """The person and the key of a new session; None when address and password do not fit together."""
    found = queries.password_by_email(email)
    kept = found[1] if found else None
    if not passwords.fits(password, kept) or found is None or kept is None:
        return None
    newer = passwords.hash_password(password) if passwords.is_outdated(kept) else kept
    start_writing()
    return _enter(found[0], kept, newer, device, replaces)


@deed
def _enter(person_id: int, kept: str, newer: str, device: str, replaces: str | None) -> tuple[Person, str] | None:
    same = select(Person).where(Person.id == person_id, Person.is_active, Person.password_hash == kept)
    person = db.session.scalar(same)
    if person is None:
        return None
    if newer != kept:
        person.password_hash = newer
    actions.settle_zone(person)
    return person, _open_session(person, device, replaces)


def _open_session(person: Person, device: str, replaces: str | None = None) -> str:
    """A new session, never one that was there before; the browser's former one and old ones end."""
    now = clock.now()
    gone = (Session.person_id == person.id) & (Session.expires_at <= now)
    if replaces:
        gone |= Session.key_hash == current.hash_of(replaces)
    db.session.execute(delete(Session).where(gone))
    key = new_key()
    ends = now + timedelta(days=rules.POLICY.session_days)
    opened = Session(key_hash=current.hash_of(key), person_id=person.id, expires_at=ends, device=device)
    with actions.storing():
        db.session.add(opened)
    return key


@deed
def sign_out(*, by: Person) -> None:
    """End the session of this browser."""
    db.session.execute(delete(Session).where(Session.key_hash == current.hash_of(by.session_key or "")))


@deed
def sign_out_everywhere(*, by: Person) -> None:
    """End all of a person's sessions, this one too."""
    db.session.execute(delete(Session).where(Session.person_id == by.id))


@deed
def end_session(session: Session, *, by: Person) -> None:
    """Sign out one device."""
    db.session.delete(session)


def change_password(*, old: str, new: str, by: Person) -> None:
    """A person chooses another password; their other devices are signed out."""
    kept = by.password_hash
    if not passwords.fits(old, kept):
        raise NotValid(None, {"old": [N_("This is not your current password.")]})
    hashed = _hash_new(new, by.email, by.name)
    start_writing()
    if by.password_hash != kept:
        raise Conflict()
    _store_password(by, hashed, keep=by.session_key)


def _hash_new(password: str, email: str, name: str) -> str:
    problem = rules.password_problem(password, email, name)
    if problem:
        raise NotValid(None, {"password": [problem]})
    return passwords.hash_password(password)


@deed
def _store_password(person: Person, hashed: str, *, keep: str | None) -> None:
    """Store a new password; all links and all sessions but the one to keep end."""
    person.password_hash = hashed
    others = Session.person_id == person.id
    if keep:
        others &= Session.key_hash != current.hash_of(keep)
    db.session.execute(delete(Session).where(others))
    db.session.execute(delete(Link).where(Link.person_id == person.id, Link.used_at.is_(None)))
    with actions.storing():
        publish(events.PasswordChanged(person.id), by=person)


@deed
def ask_for_reset(email: str) -> Letter | None:
    """A letter with a link for a new password; for an unknown address the same work, and no letter."""
    person = queries.active_by_email(email)
    key = _make_link("reset", person.email_key if person else "", person=person)
    return Letter(person.email, "reset", key) if person else None


def _make_link(
    purpose: str, email: str, *, person: Person | None = None, team_id: int | None = None, by: Person | None = None
) -> str:
    """Keep the hash of a new link's secret; links long over are swept away."""
    now = clock.now()
    db.session.execute(delete(Link).where(Link.expires_at < now - timedelta(days=1)))
    policy = rules.POLICY
    lasts = timedelta(hours=policy.reset_hours) if purpose == "reset" else timedelta(days=policy.invitation_days)
    key = new_key()
    link = Link(
        purpose=purpose,
        key_hash=current.hash_of(key),
        email=email,
        person_id=person.id if person else None,
        team_id=team_id,
        created_by_id=by.id if by else None,
        expires_at=now + lasts,
    )
    with actions.storing():
        db.session.add(link)
    if by is not None:
        publish(events.PersonInvited(link.id, team_id), by=by)
    return key


def reset_password(key: str, password: str) -> None:
    """Set a new password with a link from a mail; all devices are signed out."""
    person = _owner_of(access.link_to_use("reset", key))
    hashed = _hash_new(password, person.email, person.name)
    start_writing()
    _use_reset(key, hashed)


@deed
def _use_reset(key: str, hashed: str) -> None:
    link = _claim("reset", key)
    _store_password(_owner_of(link), hashed, keep=None)


def _owner_of(link: Link) -> Person:
    """Whose link it is: an active person who still has the address to which it was sent."""
    same = select(Person).where(Person.id == link.person_id, Person.email_key == link.email, Person.is_active)
    person = db.session.scalar(same)
    if person is None:
        raise NotFound(access.DEAD_LINK)
    return person


def _claim(purpose: str, key: str) -> Link:
    """Use a link up. Of two who try at the same time one succeeds."""
    link = access.link_to_use(purpose, key)
    claimed = db.session.scalar(
        update(Link)
        .where(Link.id == link.id, Link.used_at.is_(None))
        .values(used_at=clock.now())
        .returning(Link.id)
        .execution_options(synchronize_session=False)
    )
    if claimed is None:
        raise NotFound(access.DEAD_LINK)
    return link


@deed
def invite(emails: list[str], *, team_id: int | None, by: Person) -> list[Letter]:
    """Invite people by mail; a new invitation replaces an open one to the same address."""
    kept = list(dict.fromkeys(filter(None, (rules.clean_email(email) for email in emails))))
    problems = [N_("One of these is not a complete mail address.")] if len(kept) < len(set(emails)) else []
    if not kept:
        problems = [N_("Write at least one mail address.")]
    if len(kept) > 50:
        problems = [N_("Invite at most 50 people at once, or import a file.")]
    keys = [rules.email_key(email) for email in kept]
    if not problems and db.session.scalar(select(Person.id).where(Person.email_key.in_(keys)).limit(1)) is not None:
        problems = [N_("One of these people already has an account.")]
    if team_id is not None and team_id not in dict(queries.team_choices()):
        raise NotValid(None, {"team_id": [N_("Choose a team from the list.")]})
    if problems:
        raise NotValid(None, {"addresses": problems})
    open_ones = (Link.purpose == "invitation") & Link.used_at.is_(None) & Link.email.in_(keys)
    db.session.execute(delete(Link).where(open_ones))
    return [
        Letter(email, "invitation", _make_link("invitation", rules.email_key(email), team_id=team_id, by=by))
        for email in kept
    ]


@deed
def welcome(person: Person, *, by: Person) -> Letter:
    """A letter for somebody who was added without a password: a link to choose one."""
    return Letter(person.email, "welcome", _make_link("invitation", person.email_key, person=person, by=by))


@deed
def revoke(link: Link, *, by: Person) -> None:
    """Take an invitation back."""
    db.session.delete(link)


@deed
def register(email: str, domains: tuple[str, ...]) -> Letter | None:
    """A letter with a link to join, to an address of an open domain. Whoever has an account is told so by mail only."""
    kept = rules.clean_email(email)
    if kept is None:
        raise NotValid(None, {"email": [actions.NOT_AN_ADDRESS]})
    if not rules.is_open_domain(kept, domains):
        raise NotValid(None, {"email": [N_("Only addresses of this organisation can register here.")]})
    owner_id = queries.id_by_email(kept)
    key = _make_link("invitation", rules.email_key(kept) if owner_id is None else "")
    if owner_id is None:
        return Letter(kept, "join", key)
    owner = queries.active_by_email(kept)
    return Letter(owner.email, "known", "") if owner else None


def accept(key: str, *, name: str, password: str, device: str) -> tuple[Person, str]:
    """Join with an invitation: the address is the one it was sent to, nothing else can be chosen."""
    link = access.link_to_use("invitation", key)
    _, problems = actions.clean_identity(link.email, name)
    password_problem = rules.password_problem(password, link.email, clean_line(name))
    if password_problem:
        problems["password"] = [password_problem]
    if problems:
        raise NotValid(None, problems)
    hashed = passwords.hash_password(password)
    start_writing()
    return _join(key, name, hashed, device)


@deed
def _join(key: str, name: str, hashed: str, device: str) -> tuple[Person, str]:
    link = _claim("invitation", key)
    if link.person_id is not None:
        person = _owner_of(link)
        if person.name != clean_line(name):
            person.name = clean_line(name)
            publish(events.PersonChanged(person.id, ("name",)), by=person)
        _store_password(person, hashed, keep=None)
    elif queries.id_by_email(link.email) is not None:
        raise Conflict(HAS_ACCOUNT)
    else:
        how = "invited" if link.created_by_id else "registered"
        person = actions.add_person(email=link.email, name=name, password_hash=hashed, team_id=link.team_id, how=how)
    return person, _open_session(person, device)


def first_run(*, email: str, name: str, password: str, device: str) -> tuple[Person, str]:
    """The first administrator of a new installation; once there is anybody this page is gone."""
    kept, problems = actions.clean_identity(email, name)
    password_problem = rules.password_problem(password, kept, clean_line(name))
    if password_problem:
        problems["password"] = [password_problem]
    if problems:
        raise NotValid(None, problems)
    hashed = passwords.hash_password(password)
    start_writing()
    return _begin(kept, name, hashed, device)


@deed
def _begin(email: str, name: str, hashed: str, device: str) -> tuple[Person, str]:
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(FIRST_RUN_LOCK)))
    if not queries.is_empty():
        raise NotFound()
    person = actions.add_person(email=email, name=name, password_hash=hashed, admin=True, how="first_run")
    return person, _open_session(person, device)
