"""Item analysis every night: it also catches up after responses, where answers come in."""

from __future__ import annotations

from collections.abc import Iterator

from peerlearn.analysis import actions
from peerlearn.core.jobs import routine
from peerlearn.core.schedule import daily
from peerlearn.core.words import N_


@routine("analysis.update", N_("Let answers count for item analysis"), daily(1, 30))
def update() -> Iterator[None]:
    """Let all answers count that do not yet, and look through all questions."""
    while actions.catch_up():
        yield
    last: int | None = 0
    while last is not None:
        last = actions.look_through(last)
        yield
