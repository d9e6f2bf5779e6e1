"""What administrators can do to the machinery."""

from __future__ import annotations

from peerlearn.accounts.models import Person
from peerlearn.core import jobs
from peerlearn.core.deeds import deed, publish
from peerlearn.core.errors import Conflict
from peerlearn.core.jobs import QueuedJob
from peerlearn.core.words import N_
from peerlearn.operating.events import JobTriedAgain


@deed
def try_again(job: QueuedJob, *, by: Person) -> None:
    """Let a job that has failed be done as if it were new."""
    if not jobs.again(job.id):
        raise Conflict(N_("This is being tried already."))
    publish(JobTriedAgain(job.id, job.name), by=by)
