"""What is noticed about questions, and what somebody decided about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from peerlearn.core.events import Event
from peerlearn.core.words import N_


@dataclass(frozen=True)
class ItemFlagged(Event):
    """Answers show that a question may be bad. `told_ids` are those who should hear of it at once."""

    flag_id: int
    lesson_id: int
    item_id: int
    flag: str
    level: str
    is_paused: bool  # it is asked no more until somebody has decided
    told_ids: tuple[int, ...]


@dataclass(frozen=True)
class FlagDismissed(Event):
    """Somebody looked at a flag and found the question, or an old key of it, good."""

    told: ClassVar[str] = N_("%(actor)s found a flagged question of lesson %(lesson_id)s good (flag %(flag_id)s)")
    flag_id: int
    lesson_id: int
    item_id: int
    owner_id: int  # of the lesson
    of_old_key: bool = False  # an old key was right at its time, so marks stay as they are


@dataclass(frozen=True)
class ItemRetired(Event):
    """A question is asked no more. What people answered stays as it was."""

    told: ClassVar[str] = N_("%(actor)s retired a question of lesson %(lesson_id)s (item %(item_id)s)")
    lesson_id: int
    item_id: int
    owner_id: int


@dataclass(frozen=True)
class ItemLeftOut(Event):
    """A question was faulty: it is asked no more and counts for nothing in what was handed in."""

    told: ClassVar[str] = N_(
        "%(actor)s left a faulty question of lesson %(lesson_id)s out of all results (item %(item_id)s): "
        "%(answers)s results follow"
    )
    lesson_id: int
    item_id: int
    owner_id: int
    answers: int  # results it is left out of
    gained: int  # people who pass after all


@dataclass(frozen=True)
class FullMarksGiven(Event):
    """A question was faulty: everybody who answered it has full marks for it."""

    told: ClassVar[str] = N_(
        "%(actor)s gave everybody full marks for a question of lesson %(lesson_id)s (item %(item_id)s): "
        "%(answers)s answers were marked again"
    )
    flag_id: int
    lesson_id: int
    item_id: int
    owner_id: int
    is_retired: bool
    answers: int
    gained: int


@dataclass(frozen=True)
class KeyCorrected(Event):
    """A key was wrong and is right now; stored answers were marked again."""

    told: ClassVar[str] = N_(
        "%(actor)s corrected a key of lesson %(lesson_id)s (item %(item_id)s): %(answers)s answers were marked again"
    )
    lesson_id: int
    revision_id: int  # the one that asks it with the right key
    item_id: int
    owner_id: int
    answers: int
    gained: int  # people who pass after all
    lost: int  # people who do not pass any more
