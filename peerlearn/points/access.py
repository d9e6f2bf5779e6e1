"""Which held points and which entries somebody may decide about."""

from __future__ import annotations

from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.core.db import db
from peerlearn.core.errors import NotAllowed, NotFound
from peerlearn.points import rules
from peerlearn.points.models import HeldEntry, LedgerEntry


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


def _outside(person_id: int, by: Person) -> None:
    team_id = db.session.scalar(select(Person.team_id).where(Person.id == person_id))
    problem = rules.decision_problem((by.id, by.team_id), (person_id, team_id))
    if problem:
        raise NotAllowed(problem)
