"""How good lessons are is worked out each night."""

from __future__ import annotations

from peerlearn.core import clock
from peerlearn.core.jobs import routine
from peerlearn.core.schedule import daily
from peerlearn.core.words import N_
from peerlearn.points import evidence
from peerlearn.quality import actions


@routine("quality.recompute", N_("Work out how good lessons are"), daily(3))
def work_out() -> None:
    """For searches and recommendations."""
    actions.recompute(evidence.gather(clock.today(clock.organisation_zone())))
