"""What happens around checks: most of it follows from dates, and from who is still here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from peerlearn.core.events import Event
from peerlearn.core.words import N_


@dataclass(frozen=True)
class CheckDue(Event):
    """A lesson's check comes near, or nobody made it for long; its reminder is the record."""

    kept: ClassVar[bool] = False
    lesson_id: int
    check_on: str  # ISO date
    stage: int  # days left; less than 0: for months
    told_ids: tuple[int, ...]

    @property
    def is_abandoned(self) -> bool:
        """Whether nobody made the check for months."""
        return self.stage < 0


@dataclass(frozen=True)
class LessonHandedOver(Event):
    """The owner of a lesson left, and a colleague looks after it from now on."""

    told: ClassVar[str] = N_("lesson %(lesson_id)s was handed over to person %(to_id)s, because its owner left")
    lesson_id: int
    from_id: int
    to_id: int


@dataclass(frozen=True)
class TextHandedOver(Event):
    """The owner of a lesson that is still written left, and a colleague carries it on."""

    administrative: ClassVar[bool] = True
    told: ClassVar[str] = N_("lesson %(lesson_id)s, still in work, was handed over to person %(to_id)s")
    lesson_id: int
    from_id: int
    to_id: int


@dataclass(frozen=True)
class LessonsLeftBehind(Event):
    """Somebody left, and lessons of theirs wait until an administrator names who carries them on."""

    kept: ClassVar[bool] = False
    person_id: int
    lessons: int
    told_ids: tuple[int, ...]


@dataclass(frozen=True)
class SourceChanged(Event):
    """Somebody said that a source which a lesson cites has changed."""

    told: ClassVar[str] = N_("%(actor)s said that a source of lesson %(lesson_id)s changed on %(changed_on)s")
    change_id: int
    lesson_id: int
    owner_id: int
    changed_on: str  # ISO date
    link: str  # as it stands in a sentence
