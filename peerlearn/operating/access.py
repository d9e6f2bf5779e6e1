"""The door to work that has failed."""

from __future__ import annotations

from peerlearn.accounts.models import Person
from peerlearn.core.db import db
from peerlearn.core.errors import NotAllowed, NotFound
from peerlearn.core.jobs import QueuedJob


def job_to_try(job_id: int, *, by: Person) -> QueuedJob:
    """A job that has failed at some time, for whoever looks after what runs by itself."""
    if not by.may("operate"):
        raise NotAllowed()
    found = db.session.get(QueuedJob, job_id)
    if found is None:
        raise NotFound()
    return found
