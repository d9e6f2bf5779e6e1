"""The queue keeps itself short."""

from __future__ import annotations

from peerlearn.core import jobs
from peerlearn.core.db import start_writing
from peerlearn.core.schedule import daily
from peerlearn.core.words import N_
from peerlearn.operating import traffic


@jobs.routine("jobs.forget", N_("Forget work that ended long ago"), daily(5))
def forget() -> None:
    """After that nobody can see when it ran."""
    start_writing()
    jobs.forget_old()
    traffic.forget_old()
