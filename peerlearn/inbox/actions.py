"""What people do with their notices."""

from __future__ import annotations

from sqlalchemy import update

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.deeds import deed
from peerlearn.inbox.models import Notice


@deed
def mark_read(notice: Notice, *, by: Person) -> None:
    """A notice was followed; the first time counts."""
    if notice.person_id == by.id and notice.read_at is None:
        notice.read_at = clock.now()


@deed
def mark_all_read(*, by: Person) -> None:
    """A person has seen all there is."""
    statement = update(Notice).where(Notice.person_id == by.id, Notice.read_at.is_(None)).values(read_at=clock.now())
    db.session.execute(statement)
