"""Active days are looked at each night."""

from __future__ import annotations

from peerlearn.core.jobs import GiveUp, routine
from peerlearn.core.schedule import daily
from peerlearn.core.words import N_
from peerlearn.streaks import actions


@routine("streaks.verify", N_("Tell all active days again and compare"), daily(4, 30))
def verify() -> None:
    """Say that they differ, and repair nothing: somebody must look at why."""
    if differences := actions.verify():
        raise GiveUp(f"{len(differences)} differences; peerlearn streaks verify lists them")
