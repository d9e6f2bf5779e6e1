"""What the league tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from peerlearn.core.events import Event


@dataclass(frozen=True)
class LeagueMovedUp(Event):
    """A person goes up to a division after a week (its Monday). The seats are the record of it."""

    kept: ClassVar[bool] = False
    person_id: int
    monday: str
    division: int
