"""What learners do. The actor of each fact is the learner."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import ClassVar

from peerlearn.core.events import Event
from peerlearn.learn.rules import Missed


@dataclass(frozen=True)
class ReadingStarted(Event):
    """A person began a lesson; `pretest` says whether a question was drawn for them."""

    personal: ClassVar[bool] = True
    lesson_id: int
    revision_id: int
    pretest: bool


@dataclass(frozen=True)
class PretestAnswered(Event):
    """One question was answered before reading."""

    personal: ClassVar[bool] = True
    lesson_id: int
    major: int
    item_id: int
    is_right: bool
    is_rapid: bool
    is_own: bool  # an author or reviewer of the lesson
    seconds: float


@dataclass(frozen=True)
class QuestionAnswered(Event):
    """One question of an attempt was answered; in a check or an exam this is said when it is handed in.

    `is_first`: in a first attempt, and the person's first answer to what the item means, in a quiz or in practice.
    """

    personal: ClassVar[bool] = True
    lesson_id: int
    attempt_id: int
    item_id: int
    version_id: int
    is_right: bool
    mark: float
    confidence: str | None
    guess_chance: float
    seconds: float
    is_rapid: bool
    is_first: bool
    topic_ids: tuple[int, ...]  # of the lesson, the main one first
    is_own: bool  # author or curator of the lesson, who can see the key
    is_critical: bool  # its author marked it as one that must not be forgotten
    counts: bool  # whether its kind is marked at all
    hinted: bool = False  # a hint was opened before the answer; older facts tell of none


@dataclass(frozen=True)
class CheckStarted(Event):
    """A check or an exam was begun: what it asks may be told nowhere until it is over. Its attempt is the record."""

    kept: ClassVar[bool] = False
    lesson_id: int
    attempt_id: int


@dataclass(frozen=True)
class AttemptFinished(Event):
    """All questions of an attempt were answered, or it was handed in. Only those that count are counted."""

    personal: ClassVar[bool] = True
    lesson_id: int
    attempt_id: int
    number: int
    asked: int
    right: int
    is_clean: bool  # first attempt, every question right, no answer too fast or told before


@dataclass(frozen=True)
class LessonPassed(Event):
    """A person passed a lesson's major version for the first time. The flags are what a rule may ask."""

    personal: ClassVar[bool] = True
    lesson_id: int
    revision_id: int
    major: int
    attempt_id: int
    attempt_number: int
    topic_ids: tuple[int, ...]
    dwell_met: bool  # read at least the minimum time
    cards_seen: bool  # every card was opened
    any_rapid: bool
    impossible: int  # answers faster than half the rapid threshold
    is_own: bool  # author or co-author
    is_reviewed: bool  # curates one of its topics, so may have seen the key
    is_clean: bool
    asked: int = 0  # questions of the attempt that count …
    hinted: int = 0  # … and those of them with a hint opened before the answer; older facts tell of none
    missed: str = Missed.WAITS  # how it stands with what earlier attempts missed; older facts say that it waits
    rests_on_told: bool = False  # enough only with answers that had been told and were not recalled since


@dataclass(frozen=True)
class AnswerCorrected(Event):
    """It was decided what an answer to a faulty question counts; the actor is who did. `pass_now`: what that changed.

    `ruling` is one of `remarking.Ruling`.
    """

    personal: ClassVar[bool] = True
    person_id: int
    lesson_id: int
    item_id: int
    version_id: int  # the wording that was answered
    attempt_id: int
    is_right: bool
    pass_now: str  # gained, lost, or same
    ruling: str = "key"  # older facts tell of corrected keys alone


@dataclass(frozen=True)
class PassCorrected(Event):
    """What was decided about a faulty question changed with which attempt a person passed a lesson, or whether.

    All that follows `passes` is about the attempt that passes now, or about the one that does not pass any more, as
    `LessonPassed` would have said it on `day` at `moment`.
    """

    personal: ClassVar[bool] = True
    person_id: int
    passes: bool
    moment: str
    day: str
    lesson_id: int
    revision_id: int
    major: int
    attempt_id: int
    attempt_number: int
    topic_ids: tuple[int, ...]
    dwell_met: bool
    cards_seen: bool
    any_rapid: bool
    impossible: int
    is_own: bool
    is_reviewed: bool
    is_clean: bool
    asked: int = 0
    hinted: int = 0
    missed: str = Missed.WAITS
    ruling: str = "key"
    rests_on_told: bool = False

    @classmethod
    def of(
        cls, person_id: int, passes: bool, moment: datetime, day: date, passed: LessonPassed, ruling: str = "key"
    ) -> PassCorrected:
        """The correction of what was or would have been said when the attempt was finished."""
        return cls(person_id, passes, moment.isoformat(), day.isoformat(), **vars(passed), ruling=ruling)

    def as_passed(self) -> LessonPassed:
        """The pass itself."""
        return LessonPassed(**{field.name: getattr(self, field.name) for field in fields(LessonPassed)})


@dataclass(frozen=True)
class ReactionGiven(Event):
    """A person said what a lesson did for them: one of `rules.REACTIONS`."""

    personal: ClassVar[bool] = True
    lesson_id: int
    kind: str


@dataclass(frozen=True)
class ReactionWithdrawn(Event):
    """A person took a reaction back."""

    personal: ClassVar[bool] = True
    lesson_id: int
    kind: str
