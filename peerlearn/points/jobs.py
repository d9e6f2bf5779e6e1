"""What the points engine does by itself: authors are credited each month, and the books are looked at each night."""

from __future__ import annotations

from collections.abc import Iterator

from peerlearn.core import clock
from peerlearn.core.jobs import GiveUp, routine
from peerlearn.core.schedule import daily, monthly
from peerlearn.core.words import N_
from peerlearn.points import actions, evidence


@routine("points.retention", N_("Credit authors for what is still known of their lessons"), monthly(3, 30))
def credit_authors() -> Iterator[int]:
    """Pay for the month that has ended, once."""
    today = clock.today(clock.organisation_zone())
    yield from actions.post_retention(evidence.gather(today.replace(day=1)), today)


@routine("points.verify", N_("Compare ledger, sums and facts"), daily(4))
def verify() -> None:
    """Say that they differ, and repair nothing: somebody must look at why."""
    if differences := actions.verify():
        raise GiveUp(f"{len(differences)} differences; peerlearn points verify lists them")
