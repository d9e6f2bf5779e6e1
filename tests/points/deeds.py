"""Announcing events as a deed would, at a moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.deeds import deed, publish
from peerlearn.core.events import Event
from peerlearn.points.models import HeldEntry, LedgerEntry, PointSum
from tests.points.records import MONDAY


@deed
def _announce(events: Sequence[Event], by: Person | None) -> None:
    for event in events:
        publish(event, by=by)


def happen(*events: Event, by: Person | None, at: datetime = MONDAY) -> None:
    """Let these events happen in one deed."""
    with clock.at(at):
        _announce(events, by)
    db.session.commit()


def entries_of(person: Person) -> list[LedgerEntry]:
    """A person's ledger in order."""
    return list(
        db.session.scalars(select(LedgerEntry).where(LedgerEntry.person_id == person.id).order_by(LedgerEntry.id))
    )


def held_of(person: Person) -> list[HeldEntry]:
    """A person's held points in order."""
    return list(db.session.scalars(select(HeldEntry).where(HeldEntry.person_id == person.id).order_by(HeldEntry.id)))


def sums_of(person: Person) -> dict[str, tuple[Any, ...]]:
    """A person's sums: xp, ip, work_xp, work_ip, active days."""
    db.session.expire_all()
    rows = db.session.scalars(select(PointSum).where(PointSum.person_id == person.id))
    return {row.period: (row.xp, row.ip, row.work_xp, row.work_ip, row.active_days) for row in rows}
