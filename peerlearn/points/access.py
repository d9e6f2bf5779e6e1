"""Which held points, entries and appeals somebody may decide about, and against what one may appeal."""

from __future__ import annotations

from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.errors import NotAllowed, NotFound
from peerlearn.points import appeals, rules
from peerlearn.points.models import HeldEntry, LedgerEntry, PointAppeal


def held_to_decide(held_id: int, *, by: Person) -> HeldEntry:
    """The held points, if this person may decide about them."""
    held = db.session.get(HeldEntry, held_id)
    if held is None or not by.may("decide_points"):
        raise NotFound()
    _outside(held.person_id, by)
    return held


def entry_to_reverse(entry_id: int, *, by: Person) -> LedgerEntry:
    """The entry of the ledger, if this person may take it back."""
    entry = db.session.get(LedgerEntry, entry_id)
    if entry is None or not by.may("decide_points"):
        raise NotFound()
    _outside(entry.person_id, by)
    return entry


def entry_to_appeal(entry_id: int, *, by: Person) -> LedgerEntry:
    """The line that tells a decision about this person's points, if they may speak against it."""
    entry = db.session.get(LedgerEntry, entry_id)
    if entry is None or entry.person_id != by.id:
        raise NotFound()
    decided_at = appeals.decided_at(entry)
    if decided_at is None:
        raise NotFound()
    if not rules.is_in_time(decided_at, clock.now()):
        raise NotAllowed(rules.TOO_LATE)
    return entry


def appeal_to_decide(appeal_id: int, *, by: Person) -> PointAppeal:
    """The appeal, if this person may decide about it."""
    appeal = db.session.get(PointAppeal, appeal_id)
    if appeal is None or not by.may("decide_points"):
        raise NotFound()
    first_id = db.session.scalar(select(LedgerEntry.by_id).where(LedgerEntry.id == appeal.entry_id))
    problem = rules.appeal_problem((by.id, by.team_id), (appeal.person_id, _team_of(appeal.person_id)), first_id)
    if problem:
        raise NotAllowed(problem)
    return appeal


def _outside(person_id: int, by: Person) -> None:
    problem = rules.decision_problem((by.id, by.team_id), (person_id, _team_of(person_id)))
    if problem:
        raise NotAllowed(problem)


def _team_of(person_id: int) -> int | None:
    return db.session.scalar(select(Person.team_id).where(Person.id == person_id))
