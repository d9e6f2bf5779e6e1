"""What is told when lessons were rated anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from peerlearn.core.events import Event


@dataclass(frozen=True)
class LessonsRated(Event):
    """How good published lessons are was worked out anew. The lessons themselves keep it; these wrote them."""

    kept: ClassVar[bool] = False
    author_ids: tuple[int, ...]
