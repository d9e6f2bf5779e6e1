"""What the engine announces. The ledger is the record of payments, so these are not kept as facts; decisions are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from peerlearn.core.events import Event
from peerlearn.core.words import N_


@dataclass(frozen=True)
class PointsEarned(Event):
    """An entry with an amount above 0 entered the ledger."""

    kept: ClassVar[bool] = False
    person_id: int
    entry_id: int
    rule: str
    track: str
    amount: int


@dataclass(frozen=True)
class PointsHeld(Event):
    """Points wait for a decision."""

    kept: ClassVar[bool] = False
    person_id: int
    held_id: int
    rule: str
    amount: int


@dataclass(frozen=True)
class HeldPointsDecided(Event):
    """Somebody released or refused held points; the actor is that somebody."""

    administrative: ClassVar[bool] = True
    told: ClassVar[str] = N_("%(actor)s decided on %(amount)s held points of %(person)s (held entry %(held_id)s)")
    held_id: int
    person_id: int
    released: bool
    amount: int


@dataclass(frozen=True)
class PointsReversed(Event):
    """An entry was taken back with a reason; the actor is who did it."""

    administrative: ClassVar[bool] = True
    told: ClassVar[str] = N_("%(actor)s took back %(amount)s points of %(person)s (entry %(entry_id)s)")
    person_id: int
    entry_id: int
    amount: int


@dataclass(frozen=True)
class PointsAppealed(Event):
    """Somebody spoke against a decision about their points; the actor is that somebody."""

    told: ClassVar[str] = N_("%(person)s appealed against a decision about points (appeal %(appeal_id)s)")
    appeal_id: int
    person_id: int
    entry_id: int  # the line that told the decision


@dataclass(frozen=True)
class PointsAppealDecided(Event):
    """Somebody else looked again; the actor is that somebody, nobody where a command decided. `amount` is what it pays.

    `held_id` names the held points that had been refused, where it was about those.
    """

    administrative: ClassVar[bool] = True
    told: ClassVar[str] = N_(
        "%(actor)s decided on the appeal of %(person)s, which brought %(amount)s points (appeal %(appeal_id)s)"
    )
    appeal_id: int
    person_id: int
    entry_id: int
    held_id: int | None
    granted: bool
    amount: int


@dataclass(frozen=True)
class LessonRetained(Event):
    """Until the end of a month a lesson's learners have shown so much that its authors' credit has grown.

    It says what they showed, answers by the weight of whoever gave them. `credited` is what earlier postings had
    counted, `credit` what it comes to now. `shares` are (person id, share) of the authors.
    """

    told: ClassVar[str] = N_("Lesson %(lesson_id)s was credited for what is still known of it, to the end of %(month)s")
    lesson_id: int
    month: str
    learners: int
    weight: float
    answers: float
    right: float
    guessed: float
    pretests: int
    pretests_right: int
    credited: int
    credit: int
    shares: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class NumbersChanged(Event):
    """The numbers of the rules have a new version, which holds from now on; the actor is who put it into effect."""

    administrative: ClassVar[bool] = True
    told: ClassVar[str] = N_("%(actor)s put version %(version)s of the numbers of points into effect")
    version: int
