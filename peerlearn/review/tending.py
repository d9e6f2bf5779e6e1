"""What happens by itself, with no clock of its own: after responses, and when `peerlearn review` says so.

What was approved for a day goes live, what nobody may decide any more who could is handed on, colleagues are asked for
advice on what is new or changes what it teaches, curators to look at what waits, and what waits too long is told. Roles
of curators who did nothing for long lapse. Checks and exams whose time was over are handed in. Each may happen twice
and in two processes at once.
"""

from __future__ import annotations

import time

from flask import Response, current_app

from peerlearn.core import clock
from peerlearn.core.afterwards import Job, afterwards
from peerlearn.core.db import start_writing
from peerlearn.core.deeds import deed
from peerlearn.learn import actions as learning
from peerlearn.review import advising, assigning, conflicts, handing_up, lapsing
from peerlearn.review.escalating import escalate
from peerlearn.review.going_live import go_live_due

LOOK_EVERY = 60.0  # seconds between two looks of one process


def hand_up_stranded() -> bool:
    """Hand on what nobody may decide any more who could; whether more is left."""
    if not handing_up.is_needed():
        return False
    start_writing()
    return _hand_up() == conflicts.AT_ONCE


@deed
def _hand_up() -> int:
    return handing_up.hand_up()


def ask_curators() -> bool:
    """Suggest to curators what waits without anybody; whether more is left."""
    return assigning.suggest(clock.organisation_zone())


def ask_for_advice() -> bool:
    """Ask colleagues for advice, others in the place of those who say nothing; whether more is left."""
    return advising.ask_peers(clock.organisation_zone())


JOBS: list[Job] = [
    learning.hand_in_overdue,
    go_live_due,
    hand_up_stranded,
    ask_for_advice,
    ask_curators,
    escalate,
    lapsing.tend,
]


def also(job: Job) -> None:
    """Let something of a higher feature happen with these."""
    JOBS.append(job)


def look_now_and_then(response: Response) -> Response:
    """Let what is due happen after this response, at most once a minute in each process."""
    now = time.monotonic()
    looked: float = current_app.extensions.get("looked_for_due", now - LOOK_EVERY)
    if now - looked >= LOOK_EVERY:
        current_app.extensions["looked_for_due"] = now
        for job in JOBS:
            afterwards(job)
    return response
