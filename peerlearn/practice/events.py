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
    scheduled_days: int  # the interval it was due after; 0 when it was not due
    days_since: int  # local days since its previous answer; 0 when there was none
    tier_repeated: bool  # a due answer in this tier of intervals was right before
    is_own: bool  # author or curator of the lesson, who can see the key


@dataclass(frozen=True)
class DailySetFinished(Event):
    """All questions of a set were answered. `number` is 1 for the day's own set, more for extra practice."""

    personal: ClassVar[bool] = True
    set_id: int
    number: int
    asked: int
    right: int
    any_rapid: bool


@dataclass(frozen=True)
class MissedItemRecalled(Event):
    """A question missed in an attempt was right at its first due review; the lesson was passed in a later attempt."""

    personal: ClassVar[bool] = True
    lesson_id: int
    major: int
    attempt_number: int  # of the attempt that passed
    item_id: int


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
