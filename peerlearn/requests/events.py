"""What happens to requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from peerlearn.core.events import Event
from peerlearn.core.words import N_


@dataclass(frozen=True)
class LessonRequested(Event):
    """Somebody asked for a lesson."""

    told: ClassVar[str] = N_("%(actor)s asked for a lesson (request %(request_id)s)")
    request_id: int
    topic_id: int | None


@dataclass(frozen=True)
class RequestTaken(Event):
    """Somebody began to write a lesson that was asked for."""

    told: ClassVar[str] = N_("%(actor)s took request %(request_id)s and began lesson %(lesson_id)s")
    request_id: int
    lesson_id: int
    asker_id: int


@dataclass(frozen=True)
class RequestGivenBack(Event):
    """Whoever had taken a request does not write it."""

    told: ClassVar[str] = N_("%(actor)s gave request %(request_id)s back")
    request_id: int


@dataclass(frozen=True)
class RequestAnswered(Event):
    """There is a lesson now for what was asked. `voter_ids` are all who wanted it."""

    told: ClassVar[str] = N_("%(actor)s answered request %(request_id)s with lesson %(lesson_id)s")
    request_id: int
    lesson_id: int
    voter_ids: tuple[int, ...]


@dataclass(frozen=True)
class RequestClosed(Event):
    """A request ended without a lesson."""

    told: ClassVar[str] = N_("%(actor)s closed request %(request_id)s")
    request_id: int
    asker_id: int
