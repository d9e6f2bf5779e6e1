"""Questions about people, teams, roles, sessions, links and the record of what happened."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, String, Subquery, and_, cast, func, literal, literal_column, or_, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload, selectinload

from peerlearn.accounts import rules
from peerlearn.accounts.models import Absence, Grant, Holiday, Link, Person, Session, Team
from peerlearn.accounts.roster import Fate, Roster, Row
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.events import administrative_names, personal_names
from peerlearn.core.facts import Fact
from peerlearn.core.paging import PAGE, Page, page_of
from peerlearn.core.text import clean_line, name_key
from peerlearn.core.words import N_


def person_by_id(person_id: int) -> Person | None:
    """A person with team and roles. One statement."""
    statement = select(Person).where(Person.id == person_id)
    found = db.session.scalars(statement.options(joinedload(Person.team), joinedload(Person.grants)))
    return found.unique().one_or_none()


def people_by_id(ids: Collection[int]) -> dict[int, Person]:
    """These people with team and roles."""
    statement = select(Person).where(Person.id.in_(set(ids)))
    found = db.session.scalars(statement.options(joinedload(Person.team), selectinload(Person.grants)))
    return {person.id: person for person in found}


def time_zones_of(ids: Collection[int]) -> dict[int, str]:
    """Where these people live, as far as days go."""
    return dict(db.session.execute(select(Person.id, Person.timezone).where(Person.id.in_(set(ids)))).all())


def names_of(ids: Collection[int]) -> dict[int, str]:
    """The current names of these people."""
    if not ids:
        return {}
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(set(ids))))
    return dict(rows.all())


def is_empty() -> bool:
    """Whether there is nobody yet."""
    return db.session.scalar(select(Person.id).limit(1)) is None


def id_by_email(email: str) -> int | None:
    """Who has this address, active or not."""
    return db.session.scalar(select(Person.id).where(Person.email_key == rules.email_key(email)))


def active_by_email(email: str) -> Person | None:
    """The active person with this address."""
    return db.session.scalar(select(Person).where(Person.email_key == rules.email_key(email), Person.is_active))


def password_by_email(email: str) -> tuple[int, str | None] | None:
    """Id and kept password of the active person with this address."""
    statement = select(Person.id, Person.password_hash).where(
        Person.email_key == rules.email_key(email), Person.is_active
    )
    row = db.session.execute(statement).one_or_none()
    return (row[0], row[1]) if row else None


def names_and_aliases(*, except_id: int) -> list[str]:
    """How everybody else is called, by name and by alias."""
    rows = db.session.execute(select(Person.name, Person.alias).where(Person.id != except_id))
    return [word for pair in rows for word in pair if word]


def active_administrators(*, lock: bool = False) -> list[int]:
    """Who can administrate now; with `lock` nobody else changes that until the transaction ends."""
    statement = (
        select(Grant.person_id)
        .join(Person, Person.id == Grant.person_id)
        .where(Grant.role == rules.ADMIN, Person.is_active)
        .order_by(Grant.id)
    )
    return list(db.session.scalars(statement.with_for_update() if lock else statement))


@dataclass(frozen=True)
class PeopleFilter:
    """What the list of people is narrowed to."""

    q: str = ""
    state: str = "active"
    team_id: int | None = None
    role: str = ""


def people(wanted: PeopleFilter, after: int | None) -> Page[Person]:
    """People by name, with team and roles, from the one after `after`."""
    statement = select(Person).where(*_narrowed(wanted)).options(joinedload(Person.team), selectinload(Person.grants))
    name = func.lower(Person.name)
    if after is not None:
        last = select(name).where(Person.id == after).scalar_subquery()
        statement = statement.where(or_(name > last, and_(name == last, Person.id > after)))
    rows = db.session.scalars(statement.order_by(name, Person.id).limit(PAGE + 1)).all()
    return page_of(rows, lambda person: person.id)


def _called(text: str) -> ColumnElement[bool]:
    """Whose name or address has this in it."""
    return or_(
        Person.name.icontains(text, autoescape=True),
        Person.email_key.contains(text.casefold(), autoescape=True),
    )


def _narrowed(wanted: PeopleFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Person.erased_at.is_(None)]
    if wanted.state == "asked":
        conditions.append(Person.erasure_asked_at.is_not(None))
    if wanted.q:
        conditions.append(_called(wanted.q))
    if wanted.state in ("active", "inactive"):
        conditions.append(Person.is_active.is_(wanted.state == "active"))
    if wanted.team_id is not None:
        conditions.append(Person.team_id == wanted.team_id)
    if wanted.role in rules.GRANTED_ROLES:
        conditions.append(Person.grants.any(Grant.role == wanted.role))
    return conditions


def team_choices() -> list[tuple[int, str]]:
    """All teams by name."""
    return list(db.session.execute(select(Team.id, Team.name).order_by(Team.name_key)))


def highest_team_id() -> int | None:
    """The id of the newest team."""
    return db.session.scalar(select(func.max(Team.id)))


def teams_with_sizes() -> list[tuple[Team, int]]:
    """All teams by name, with how many active people are in each."""
    counted = (
        select(Team, func.count(Person.id))
        .outerjoin(Person, and_(Person.team_id == Team.id, Person.is_active))
        .group_by(Team.id)
        .order_by(Team.name_key)
    )
    return list(db.session.execute(counted))


def sessions_of(person: Person) -> Sequence[Session]:
    """Where a person is signed in, newest first."""
    statement = select(Session).where(Session.person_id == person.id, Session.expires_at > clock.now())
    return db.session.scalars(statement.order_by(Session.id.desc())).all()


def absences_of(person: Person, since: date) -> Sequence[Absence]:
    """When a person is or was away, the latest first; only they may see it."""
    own = Absence.person_id == person.id, Absence.last_day >= since, ~Absence.is_travel
    return db.session.scalars(select(Absence).where(*own).order_by(Absence.first_day.desc())).all()


def holidays(since: date) -> Sequence[Holiday]:
    """The organisation's holidays in their order."""
    return db.session.scalars(select(Holiday).where(Holiday.day >= since).order_by(Holiday.day)).all()


_SPACE, _SLASH, _NOTHING = (literal_column(f"'{sign}'", String) for sign in (" ", "/", ""))


def days_off(person_id: ColumnElement[int] | InstrumentedAttribute[int], since: Any, until: Any = None) -> Any:
    """All days off of a person, as a column that `rules.Calendar.read` understands; no statement of its own."""
    holiday, absence = Holiday.day >= since, Absence.last_day >= since
    if until is not None:
        holiday, absence = and_(holiday, Holiday.day <= until), and_(absence, Absence.first_day <= until)
    away = and_(Absence.person_id == person_id, absence)
    spans = _spans(Holiday.day, Holiday.day, holiday), _spans(Absence.first_day, Absence.last_day, away)
    return spans[0].concat(_SPACE).concat(spans[1])


def _spans(first: Any, last: Any, wanted: ColumnElement[bool]) -> ColumnElement[str]:
    span = cast(first, String).concat(_SLASH).concat(cast(last, String))
    listed = select(_joined(span)).where(wanted).correlate_except(Holiday, Absence)
    return func.coalesce(listed.scalar_subquery(), _NOTHING)


def _joined(texts: Any) -> ColumnElement[str]:
    join: Any = func.aggregate_strings  # its separator is no parameter, so that any statement can hold it
    found: ColumnElement[str] = join(texts, _SPACE)
    return found


def holidays_of(first: Any, last: Any) -> ColumnElement[str]:
    """The holidays between two days, as a column that `rules.Calendar.read` understands."""
    return _spans(Holiday.day, Holiday.day, Holiday.day.between(first, last))


def absences_by_person(first: Any, last: Any) -> Subquery:
    """Who is away between two days and when, to be joined: few are, so this is quick for many people."""
    touches = and_(Absence.first_day <= last, Absence.last_day >= first)
    span = cast(Absence.first_day, String).concat(_SLASH).concat(cast(Absence.last_day, String))
    listed = select(Absence.person_id, _joined(span).label("days")).where(touches)
    return listed.group_by(Absence.person_id).subquery()


def calendars_of(ids: Collection[int], since: date, until: date | None = None) -> dict[int, rules.Calendar]:
    """Which days these people work, from a day on; one statement."""
    off = days_off(Person.id, literal(since), literal(until) if until else None)
    rows = db.session.execute(select(Person.id, Person.work_days, off).where(Person.id.in_(set(ids))))
    return {person_id: rules.Calendar.read(work_days, text) for person_id, work_days, text in rows}


@dataclass(frozen=True)
class OpenInvitation:
    """An invitation that waits for its answer."""

    link: Link
    team: str | None
    invited_by: str | None


def open_invitations(limit: int = 200) -> list[OpenInvitation]:
    """Invitations that still work, newest first."""
    statement = (
        select(Link, Team.name, Person.name)
        .outerjoin(Team, Team.id == Link.team_id)
        .outerjoin(Person, Person.id == Link.created_by_id)
        .where(Link.purpose == "invitation", Link.used_at.is_(None), Link.expires_at > clock.now(), Link.email != "")
        .order_by(Link.id.desc())
        .limit(limit)
    )
    return [OpenInvitation(*row) for row in db.session.execute(statement)]


@dataclass(frozen=True)
class RecordFilter:
    """What the record is narrowed to: whom it is by or about, and moments; any of these is about administration."""

    administration: bool = False
    who: str = ""
    since: datetime | None = None
    until: datetime | None = None

    @property
    def narrows(self) -> bool:
        """Whether only deeds of administration are looked through: they are few, however many people learn."""
        return self.administration or bool(self.who or self.since or self.until)


def facts(wanted: RecordFilter, after: int | None) -> Page[Fact]:
    """What happened, newest first, from the fact before `after`."""
    seen = Fact.type.in_(administrative_names()) if wanted.narrows else Fact.type.not_in(personal_names())
    statement = select(Fact).where(seen).order_by(Fact.id.desc()).limit(PAGE + 1)
    if wanted.who:
        meant = select(Person.id).where(_called(wanted.who))
        statement = statement.where(or_(Fact.actor_id.in_(meant), Fact.data["person_id"].as_integer().in_(meant)))
    if wanted.since is not None:
        statement = statement.where(Fact.at >= wanted.since)
    if wanted.until is not None:
        statement = statement.where(Fact.at < wanted.until)
    if after is not None:
        statement = statement.where(Fact.id < after)
    return page_of(db.session.scalars(statement).all(), lambda fact: fact.id)


def fates_of(roster: Roster) -> list[Fate]:
    """What would become of each row: two questions, however long the file is."""
    keys = {row.key for row in roster.rows if not row.problem}
    known: dict[str, Person] = {}
    listed = sorted(keys)
    for start in range(0, len(listed), 10_000):
        part = listed[start : start + 10_000]
        statement = select(Person).where(Person.email_key.in_(part))
        known |= {person.email_key: person for person in db.session.scalars(statement)}
    teams = {name_key(name): team_id for team_id, name in team_choices()}
    return [_fate(row, known.get(row.key) if not row.problem else None, teams) for row in roster.rows]


def _fate(row: Row, person: Person | None, teams: dict[str, int]) -> Fate:
    if row.problem:
        return Fate(row, "problem", row.problem)
    team_id = teams.get(name_key(row.team)) if row.team else None
    if row.team and team_id is None:
        return Fate(row, "problem", N_("There is no team of this name. Add the team first."))
    if person is None:
        return Fate(row, "new", None, team_id)
    if not person.is_active:
        return Fate(row, "problem", N_("This person is deactivated. Reactivate them first, or leave the row out."))
    wished = {"name": row.name, "team_id": team_id, "timezone": row.timezone, "work_days": row.work_days}
    current = {"name": person.name, "team_id": person.team_id, "work_days": person.work_days}
    current["timezone"] = person.next_timezone or person.timezone
    changes: dict[str, object] = {key: value for key, value in wished.items() if value and value != current[key]}
    return Fate(row, "changed" if changes else "unchanged", None, team_id, changes, person)


def seal_of(fates: Sequence[Fate]) -> str:
    """A short text that differs when any row's fate does."""
    parts = [(f.row, f.state, f.team_id, sorted(f.changes.items()), f.person.id if f.person else None) for f in fates]
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()


def clean_search(typed: str) -> str:
    """What was typed into the search box, in the form it is looked for."""
    return clean_line(typed[:200])
