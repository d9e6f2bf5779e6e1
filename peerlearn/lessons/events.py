"""What happens to lessons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from peerlearn.core.events import Event
from peerlearn.core.words import N_


@dataclass(frozen=True)
class LessonStarted(Event):
    """An author opened a new lesson."""

    told: ClassVar[str] = N_("%(actor)s began lesson %(lesson_id)s")
    lesson_id: int


@dataclass(frozen=True)
class RevisionSubmitted(Event):
    """An author handed a revision in for review. `version` tells two submissions of one revision apart."""

    told: ClassVar[str] = N_("%(actor)s handed in lesson %(lesson_id)s (revision %(revision_id)s)")
    lesson_id: int
    revision_id: int
    topic_id: int
    version: int


@dataclass(frozen=True)
class RevisionWithdrawn(Event):
    """An author took a submitted revision back."""

    told: ClassVar[str] = N_("%(actor)s took lesson %(lesson_id)s back (revision %(revision_id)s)")
    lesson_id: int
    revision_id: int


@dataclass(frozen=True)
class LessonPublished(Event):
    """A revision became the published one. `shares` are (person id, share) of all authors."""

    told: ClassVar[str] = N_("%(actor)s published lesson %(lesson_id)s (revision %(revision_id)s)")
    lesson_id: int
    revision_id: int
    major: int
    is_first: bool
    topic_ids: tuple[int, ...]
    shares: tuple[tuple[int, float], ...]
    is_correction: bool = False  # one question was put right: what was answered to it is marked again


@dataclass(frozen=True)
class LessonArchived(Event):
    """A published lesson left the catalogue."""

    told: ClassVar[str] = N_("%(actor)s archived lesson %(lesson_id)s")
    lesson_id: int


@dataclass(frozen=True)
class LessonHidden(Event):
    """A curator hid a published lesson until somebody has looked into it."""

    told: ClassVar[str] = N_("%(actor)s hid lesson %(lesson_id)s")
    lesson_id: int
    owner_id: int
    version: int  # of the lesson: tells one time from another


@dataclass(frozen=True)
class LessonShown(Event):
    """A hidden or archived lesson is in the catalogue again, with the revision that it had."""

    told: ClassVar[str] = N_("%(actor)s brought lesson %(lesson_id)s back")
    lesson_id: int
    revision_id: int
    owner_id: int
    version: int  # of the lesson: tells one time from another


@dataclass(frozen=True)
class TopicChanged(Event):
    """A topic was added or changed."""

    administrative: ClassVar[bool] = True
    told: ClassVar[str] = N_("%(actor)s added or changed topic %(topic_id)s")
    topic_id: int
