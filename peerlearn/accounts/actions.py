"""What is done to people, teams and roles. Coming in and going out is in `coming_in.py`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import delete, inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from peerlearn.accounts import events, passwords, queries, rules, scopes, time_off
from peerlearn.accounts.models import Grant, Link, Person, Session, Team
from peerlearn.accounts.roster import Fate, Roster
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.deeds import deed, publish
from peerlearn.core.errors import Conflict, NotAllowed, NotValid
from peerlearn.core.text import clean_line, name_key, slugify
from peerlearn.core.words import N_

LAST_ADMIN = N_("This is the last administrator. Make somebody else one first.")
NOT_AN_ADDRESS = N_("This is not a complete mail address.")
ADDRESS_TAKEN = N_("Somebody already has this address.")


@contextmanager
def storing() -> Iterator[None]:
    """Write what was changed inside; what somebody else changed or took at the same time is a Conflict."""
    try:
        yield
        db.session.flush()
    except (IntegrityError, StaleDataError) as error:
        raise Conflict() from error


@deed
def add_person(
    *,
    email: str,
    name: str,
    password: str | None = None,
    password_hash: str | None = None,
    admin: bool = False,
    team_id: int | None = None,
    timezone: str | None = None,
    work_days: str = rules.DEFAULT_WORK_DAYS,
    is_demo: bool = False,
    how: str = "added",
    by: Person | None = None,
) -> Person:
    """Add a person. Without a password they choose one by a link in a mail."""
    kept, problems = clean_identity(email, name)
    if password is not None:
        problem = rules.password_problem(password, kept, name)
        problems |= {"password": [problem]} if problem else {}
    if not problems and queries.id_by_email(kept) is not None:
        problems["email"] = [ADDRESS_TAKEN]
    if problems:
        raise NotValid(None, problems)
    added = Person(
        email=kept,
        email_key=rules.email_key(kept),
        name=clean_line(name),
        password_hash=passwords.hash_password(password) if password is not None else password_hash,
        team_id=team_id,
        timezone=timezone or clock.organisation_zone(),
        work_days=work_days,
        is_demo=is_demo,
    )
    with storing():
        db.session.add(added)
    actor = added if how in rules.CAME_BY_THEMSELVES else by
    publish(events.PersonJoined(added.id, how), by=actor)
    if admin:
        give_role(added, rules.ADMIN, by=actor)
    return added


def clean_identity(email: str, name: str) -> tuple[str, dict[str, list[str]]]:
    """The address as it is kept, and what is wrong with address and name."""
    kept = rules.clean_email(email)
    problems: dict[str, list[str]] = {} if kept else {"email": [NOT_AN_ADDRESS]}
    name_problem = rules.person_name_problem(clean_line(name))
    if name_problem:
        problems["name"] = [name_problem]
    return kept or "", problems


@deed
def change_person(
    person: Person, *, email: str, name: str, team_id: int | None, timezone: str, version: int, by: Person
) -> None:
    """An administrator corrects what is known of a person. A new address ends links sent to the old one."""
    _insist_version(person, version)
    kept, problems = clean_identity(email, name)
    if timezone not in rules.zone_names():
        problems["timezone"] = [N_("Choose a time zone from the list.")]
    owner = queries.id_by_email(kept)
    if owner not in (None, person.id):
        problems["email"] = [ADDRESS_TAKEN]
    if problems:
        raise NotValid(None, problems)
    if rules.email_key(kept) != person.email_key:
        db.session.execute(delete(Link).where(Link.person_id == person.id, Link.used_at.is_(None)))
    values = {"email": kept, "email_key": rules.email_key(kept), "name": clean_line(name), "team_id": team_id}
    fields = _set(person, values) + _choose_zone(person, timezone)
    _announce_change(person, fields, by)


@deed
def give_pace(person: Person, pace: int, *, by: Person) -> None:
    """Give a person more time where time is limited, or as much as everybody; the reason is theirs and is not asked."""
    if pace not in rules.PACES:
        raise NotValid(N_("Choose how much time from the list."))
    if person.pace == pace:
        return
    with storing():
        person.pace = pace
    publish(events.PaceChanged(person.id), by=by)


@deed
def change_settings(
    *,
    name: str,
    timezone: str,
    work_days: Collection[str],
    language: str,
    board_mode: str,
    alias: str,
    version: int,
    by: Person,
) -> None:
    """A person changes how they appear and when they work. A new time zone holds from the next local day."""
    _insist_version(by, version)
    alias = clean_line(alias)
    problems = _settings_problems(by, clean_line(name), timezone, work_days, language, board_mode, alias)
    if problems:
        raise NotValid(None, problems)
    values = {
        "name": clean_line(name),
        "work_days": rules.clean_work_days(work_days),
        "language": language,
        "board_mode": board_mode,
        "alias": alias or None,
        "alias_key": name_key(alias) if alias else None,
    }
    fields = _set(by, values) + _choose_zone(by, timezone)
    _announce_change(by, fields, by)


def _settings_problems(
    person: Person, name: str, timezone: str, work_days: Collection[str], language: str, board_mode: str, alias: str
) -> dict[str, list[str]]:
    found = {
        "name": rules.person_name_problem(name),
        "timezone": None if timezone in rules.zone_names() else N_("Choose a time zone from the list."),
        "work_days": None if rules.clean_work_days(work_days) else N_("Choose at least one day."),
        "language": None if language in rules.LANGUAGES else N_("Choose a language from the list."),
        "board_mode": None if board_mode in rules.BOARD_MODES else N_("Choose how boards show you."),
        "alias": N_("Choose an alias, or another way to appear.") if board_mode == "alias" and not alias else None,
    }
    if alias and name_key(alias) != person.alias_key:
        taken = {rules.skeleton(word) for word in queries.names_and_aliases(except_id=person.id)}
        found["alias"] = rules.alias_problem(alias, taken)
    return {field: [problem] for field, problem in found.items() if problem}


def _set(person: Person, values: Mapping[str, object]) -> list[str]:
    """Change what differs; the names of what did."""
    changed = [field for field, value in values.items() if getattr(person, field) != value]
    for field in changed:
        setattr(person, field, values[field])
    return [field for field in changed if not field.endswith("_key")]


def _choose_zone(person: Person, timezone: str) -> list[str]:
    settle_zone(person)
    if timezone == (person.next_timezone or person.timezone):
        return []
    if person.next_timezone:
        time_off.forget_cut_day(person)
    person.next_timezone, person.next_timezone_from = None, None
    if timezone != person.timezone:
        person.next_timezone = timezone
        person.next_timezone_from = clock.today(person.timezone) + timedelta(days=1)
        time_off.note_cut_day(person)
    return ["timezone"]


def settle_zone(person: Person) -> None:
    """Store a changed time zone whose day has come."""
    if not (person.next_timezone and person.next_timezone_from):
        return
    today = clock.today(person.timezone)
    if rules.zone_is_due(person.next_timezone_from, today, clock.today(person.next_timezone)):
        person.timezone = person.next_timezone
        flag_modified(person, "timezone")  # the loader may have turned it in memory already
        person.next_timezone = person.next_timezone_from = None


def _insist_version(person: Person, version: int) -> None:
    if person.version != version:
        raise Conflict()


def _announce_change(person: Person, fields: Sequence[str], by: Person) -> None:
    with storing():
        pass
    if fields:
        publish(events.PersonChanged(person.id, tuple(sorted(fields))), by=by)


@deed
def deactivate(person: Person, *, by: Person) -> None:
    """Close a person's account and end all their sessions at once. What they wrote stays."""
    if person.id == by.id:
        raise NotAllowed(N_("You cannot deactivate yourself. Ask another administrator."))
    if not person.is_active:
        return
    _keep_an_administrator(person.id)
    person.is_active = False
    db.session.execute(delete(Session).where(Session.person_id == person.id))
    db.session.execute(delete(Link).where(Link.person_id == person.id, Link.used_at.is_(None)))
    with storing():
        publish(events.PersonDeactivated(person.id), by=by)


@deed
def reactivate(person: Person, *, by: Person) -> None:
    """Open a person's account again."""
    if person.is_active:
        return
    person.is_active = True
    with storing():
        publish(events.PersonReactivated(person.id), by=by)


@deed
def give_role(
    person: Person, role: str, scope_id: int = rules.EVERYWHERE, *, by: Person | None, reason: str = ""
) -> Grant:
    """Give a person a role: curators for a topic, leads for a team, 0 for all; the others only for all.

    `reason`: why somebody becomes curator who is not ready for it.
    """
    if role not in rules.GRANTED_ROLES:
        raise NotValid(None, {"role": [N_("Choose a role from the list.")]})
    if scope_id not in {key for key, _ in role_scopes(role)}:
        raise NotValid(None, {"scope": [N_("Choose what the role is for.")]})
    kept = db.session.scalar(
        select(Grant).where(Grant.person_id == person.id, Grant.role == role, Grant.scope_id == scope_id)
    )
    if kept is not None:
        return kept
    grant = Grant(person_id=person.id, role=role, scope_id=scope_id)
    with storing():
        if "grants" in inspect(person).unloaded:
            db.session.add(grant)
        else:
            person.grants.append(grant)
    _forget_roles(person)
    publish(events.RoleGiven(person.id, role, scope_id, grant.id), by=by)
    if reason:
        publish(events.AppointedUnprepared(person.id, scope_id, reason), by=by)
    return grant


def role_scopes(role: str, teams: list[tuple[int, str]] | None = None) -> list[tuple[int, str]]:
    """What a role can be given for: ids and names, 0 for all. `teams`: all of them, where they are known."""
    if role == rules.CURATOR:
        return [(rules.EVERYWHERE, N_("All topics")), *scopes.curator_choices()]
    if role == rules.LEAD:
        return [(rules.EVERYWHERE, N_("All teams")), *(queries.team_choices() if teams is None else teams)]
    return [(rules.EVERYWHERE, N_("Everything"))]


@deed
def take_role(grant: Grant, *, by: Person) -> None:
    """Take a role from a person; the last administrator keeps theirs."""
    if grant.role == rules.ADMIN:
        _keep_an_administrator(grant.person_id)
    with storing():
        db.session.delete(grant)
    publish(events.RoleTaken(grant.person_id, grant.role, grant.scope_id), by=by)


@deed
def let_role_lapse(grant_id: int) -> bool:
    """Let a role end by itself; whether it was still there."""
    ended = delete(Grant).where(Grant.id == grant_id, Grant.role != rules.ADMIN)
    row = db.session.execute(ended.returning(Grant.person_id, Grant.role, Grant.scope_id)).one_or_none()
    if row is not None:
        publish(events.RoleLapsed(row.person_id, row.role, row.scope_id, grant_id), by=None)
    return row is not None


def _forget_roles(person: Person) -> None:
    for name in ("roles", "permissions"):
        person.__dict__.pop(name, None)


def _keep_an_administrator(person_id: int) -> None:
    """Refuse when nobody but this person is an active administrator; holds others who try the same meanwhile."""
    admins = queries.active_administrators(lock=True)
    if person_id in admins and len(admins) == 1:
        raise NotAllowed(LAST_ADMIN)


@deed
def add_team(name: str, *, by: Person | None) -> Team:
    """Add a team."""
    name = _clean_team_name(name, None)
    slug = slugify(name) or "team"
    team = Team(slug=slug, name=name, name_key=name_key(name))
    if db.session.scalar(select(Team.id).where(Team.slug == slug)) is not None:
        team.slug = f"{slug}-{(queries.highest_team_id() or 0) + 1}"
    with storing():
        db.session.add(team)
    publish(events.TeamChanged(team.id), by=by)
    return team


@deed
def rename_team(team: Team, name: str, *, by: Person) -> None:
    """Give a team another name; its address stays."""
    name = _clean_team_name(name, team.id)
    if name == team.name:
        return
    team.name, team.name_key = name, name_key(name)
    with storing():
        publish(events.TeamChanged(team.id), by=by)


def _clean_team_name(name: str, team_id: int | None) -> str:
    name = clean_line(name)
    problem = rules.name_problem(name)
    owner = db.session.scalar(select(Team.id).where(Team.name_key == name_key(name)))
    if owner not in (None, team_id):
        problem = N_("There is already a team of this name.")
    if problem:
        raise NotValid(None, {"name": [problem]})
    return name


@deed
def import_people(roster: Roster, *, seen: str, by: Person) -> list[Fate]:
    """Apply a file all or nothing, and only if every row still has the fate that the dry run showed."""
    fates = queries.fates_of(roster)
    if roster.problem or any(fate.state == "problem" for fate in fates):
        raise NotValid(N_("Nothing was changed: some rows have problems. Mend the file and choose it again."))
    if queries.seal_of(fates) != seen:
        raise Conflict(N_("Something changed since this list was made. Nothing was imported. Please look again."))
    zone = clock.organisation_zone()
    new = [fate for fate in fates if fate.state == "new"]
    people = [
        Person(
            email=fate.row.email,
            email_key=fate.row.key,
            name=fate.row.name,
            team_id=fate.team_id,
            timezone=fate.row.timezone or zone,
            work_days=fate.row.work_days or rules.DEFAULT_WORK_DAYS,
        )
        for fate in new
    ]
    with storing():
        db.session.add_all(people)
        changed = [(fate, _apply(fate)) for fate in fates if fate.state == "changed"]
    for person in people:
        publish(events.PersonJoined(person.id, "imported"), by=by)
    for fate, fields in changed:
        assert fate.person is not None
        publish(events.PersonChanged(fate.person.id, tuple(sorted(fields))), by=by)
    return fates


def _apply(fate: Fate) -> list[str]:
    assert fate.person is not None
    fields = _set(fate.person, {f: v for f, v in fate.changes.items() if f != "timezone"})
    if "timezone" in fate.changes:
        fields += _choose_zone(fate.person, str(fate.changes["timezone"]))
    return fields
