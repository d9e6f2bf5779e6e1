"""What happens in practice. The actor of each fact is the learner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from peerlearn.core.events import Event
from peerlearn.core.words import N_


@dataclass(frozen=True)
class ItemReviewed(Event):
    """One question of a daily set was answered."""

    personal: ClassVar[bool] = True
    lesson_id: int
    item_id: int
    version_id: int
    question_id: int  # its place in a set: the row that holds the answer
    topic_ids: tuple[int, ...]
    is_right: bool
    mark: float
    confidence: str | None
    guess_chance: float
    seconds: float | None  # unknown when it was answered without a network
    is_rapid: bool
    was_due: bool  # False: a stretch item, or one that was not due yet
    scheduled_days: int  # for how many days it was put off, less if it was made due before; 0 when it was not due
    days_since: int  # local days since its previous answer; 0 when there was none
    tier_repeated: bool  # a due answer in this tier of intervals was right before
    is_own: bool  # author or curator of the lesson, who can see the key
    beats_guessing: bool = True  # the learner’s newest answers before its set were better than guesses
    hinted: bool = False  # a hint was opened before the answer; older facts tell of none
    overdue_days: int = 0  # local days since it came due; older facts tell of none
    is_first: bool = False  # the person's first answer to the item, in practice or in a quiz; older facts say no
    is_pretest: bool = False  # first, and before its lesson was begun: they had not been taught it


@dataclass(frozen=True)
class MonthCalibrated(Event):
    """There is a report of how well the memory model expected a month's answers; its row is the record."""

    kept: ClassVar[bool] = False
    month: str  # ISO date of its first day
    is_off: bool
    told_ids: tuple[int, ...]  # the administrators


@dataclass(frozen=True)
class DailySetFinished(Event):
    """All questions of a set were answered. `number` is 1 for the day's own set, more for extra practice."""

    personal: ClassVar[bool] = True
    set_id: int
    number: int
    asked: int
    right: int
    any_rapid: bool
    beats_guessing: bool = True  # the learner’s newest answers before it were better than guesses
    is_late: bool = False  # on a later day than it was drawn for; older facts tell of none


@dataclass(frozen=True)
class MissedItemRecalled(Event):
    """A question that a pass waits for, missed in an attempt or told before it, was right at its first due review."""

    personal: ClassVar[bool] = True
    lesson_id: int
    major: int
    attempt_number: int  # of the attempt that passed
    item_id: int
    beats_guessing: bool = True
    hinted: bool = False


@dataclass(frozen=True)
class TopicHeld(Event):
    """A person became a holder of a topic: they hold most of it and have proven it."""

    personal: ClassVar[bool] = True
    topic_id: int
    is_own: bool  # a curator of the topic, who can see the keys


@dataclass(frozen=True)
class KnowledgeAddedUp(Event):
    """What somebody holds was added up anew after they finished a set; nobody waited for it, so nobody did it."""

    kept: ClassVar[bool] = False
    person_id: int


@dataclass(frozen=True)
class ItemForgotten(Event):
    """A person forgot an item again and again: it is not asked any more until they have read its card again."""

    personal: ClassVar[bool] = True
    lesson_id: int
    item_id: int
    owner_id: int  # of the lesson, who may say it more plainly


@dataclass(frozen=True)
class NeededTopicsChosen(Event):
    """A lead or an administrator said which topics the work of a team needs."""

    told: ClassVar[str] = N_("%(actor)s chose the topics that team %(team_id)s needs: %(topic_ids)s")
    team_id: int
    topic_ids: tuple[int, ...]


@dataclass(frozen=True)
class PracticeCorrected(Event):
    """It was decided what a person's answers to a faulty question count in practice; the actor is who did.

    `has_result`: they had answered it in a lesson too, and are told of that. `ruling` is one of `remarking.Ruling`.
    """

    personal: ClassVar[bool] = True
    person_id: int
    lesson_id: int
    item_id: int
    version_id: int  # the wording that has the right key
    is_right: bool  # their first answer in practice
    has_result: bool
    ruling: str = "key"  # older facts tell of corrected keys alone


@dataclass(frozen=True)
class RecallCorrected(Event):
    """Marking again changed whether an answer in practice counts as a recall.

    `review_id` is the fact that tells of the answer, as it was when it was given.
    """

    personal: ClassVar[bool] = True
    person_id: int
    item_id: int
    review_id: int
    counts: bool
    tier_repeated: bool
    ruling: str = "key"


@dataclass(frozen=True)
class SetCorrected(Event):
    """Marking again changed whether a set was finished well.

    `finish_id` is the fact that tells of the set, as it was when it was finished.
    """

    personal: ClassVar[bool] = True
    person_id: int
    set_id: int
    finish_id: int
    counts: bool
    right: int
    ruling: str = "key"


@dataclass(frozen=True)
class MissedRecallCorrected(Event):
    """Marked again, an answer in practice recalls what had been missed: what waited for that is due."""

    personal: ClassVar[bool] = True
    person_id: int
    review_id: int  # the fact that tells of the answer
    lesson_id: int
    major: int
    attempt_number: int  # of the attempt that passed
    item_id: int
    ruling: str = "key"
