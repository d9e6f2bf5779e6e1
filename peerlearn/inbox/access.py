"""The door to notices: one's own only."""

from __future__ import annotations

from peerlearn.accounts.models import Person
from peerlearn.core.errors import NotFound
from peerlearn.inbox import queries
from peerlearn.inbox.queries import Shown


def notice_to_open(notice_id: int, *, by: Person) -> Shown:
    """A notice addressed to this person, with the place it leads to."""
    found = queries.notice_by_id(notice_id, by)
    if found is None:
        raise NotFound()
    return found
