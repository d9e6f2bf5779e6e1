"""What badges announce; the award itself is the record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from peerlearn.core.events import Event


@dataclass(frozen=True)
class BadgeEarned(Event):
    """A person reached a tier of a badge."""

    kept: ClassVar[bool] = False
    person_id: int
    badge: str
    tier: int
    is_quiet: bool = False  # it followed from no deed of anybody, so no page after a deed tells it
