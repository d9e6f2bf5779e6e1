"""What administrators do to the machinery."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from peerlearn.core.events import Event
from peerlearn.core.words import N_


@dataclass(frozen=True)
class JobTriedAgain(Event):
    """Somebody let work that had failed be tried again."""

    administrative: ClassVar[bool] = True
    told: ClassVar[str] = N_("job %(job_id)s (%(name)s), which had failed, is tried again")
    job_id: int
    name: str
