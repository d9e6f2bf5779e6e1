"""What a notice is made of, and the small functions that say whom it concerns. The notices stand in `rules.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from peerlearn.analysis.events import ItemFlagged
from peerlearn.badges.events import BadgeEarned
from peerlearn.core.events import Event
from peerlearn.learn.events import AnswerCorrected
from peerlearn.lessons.events import LessonHidden, LessonShown
from peerlearn.points.events import LessonRetained
from peerlearn.practice.events import PracticeCorrected
from peerlearn.review.events import (
    ChangesRequested,
    LessonApproved,
    LessonRejected,
)


@dataclass(frozen=True)
class Kind:
    """One kind of notice. `sentence` names what `names` looks up; `leads` is an endpoint with the values it needs."""

    slug: str
    event: type[Event]
    icon: str
    sentence: str
    leads: tuple[str, tuple[str, ...]]
    who: Callable[[Event], Iterable[int]]
    source: Callable[[Event], str]
    data: Callable[[Event], Mapping[str, Any]]
    fits: Callable[[Event], bool] = lambda event: True
    own_deeds: bool = False  # whether a person also hears of what they caused themselves


@dataclass(frozen=True)
class Telling:
    """One notice for one person, before it is stored."""

    person_id: int
    kind: str
    source: str
    data: Mapping[str, Any]


def fields_of(*fields: str) -> Callable[[Event], dict[str, Any]]:
    """What a notice keeps of an event."""
    return lambda event: {field: getattr(event, field) for field in fields}


def person_of(field: str) -> Callable[[Event], tuple[int, ...]]:
    """Who hears: the person that one field names."""
    return lambda event: (getattr(event, field),)


def authors_of(event: Event) -> tuple[int, ...]:
    """Who hears: the authors."""
    return cast("ChangesRequested | LessonRejected", event).author_ids


def sharers_of(event: Event) -> tuple[int, ...]:
    """Who hears: whoever has a share."""
    return tuple(person for person, _ in cast("LessonApproved | LessonRetained", event).shares)


def source_by(field: str) -> Callable[[Event], str]:
    """Of what a notice is, so that it is told once."""
    name = field.removesuffix("_id")
    return lambda event: f"{name}:{getattr(event, field)}"


def flag_is(field: str, wanted: bool) -> Callable[[Event], bool]:
    """Which events a notice is about: those with this flag."""
    return lambda event: getattr(event, field) is wanted


def badge_source(event: Event) -> str:
    """A badge and its tier."""
    earned = cast(BadgeEarned, event)
    return f"badge:{earned.badge}:{earned.tier}"


def lesson_at_version(event: Event) -> str:
    """A lesson as it stood."""
    changed = cast("LessonHidden | LessonShown", event)
    return f"lesson:{changed.lesson_id}:version:{changed.version}"


def told_by_flag(event: Event) -> tuple[int, ...]:
    """Who hears of a question: whom its flag names."""
    return cast(ItemFlagged, event).told_ids


def correction_source(event: Event) -> str:
    """A question and its new key."""
    corrected = cast("AnswerCorrected | PracticeCorrected", event)
    return f"item:{corrected.item_id}:version:{corrected.version_id}"


def corrected_to(pass_now: str, is_right: bool | None = None) -> Callable[[Event], bool]:
    """Whether marking again changed the pass in this way, and the answer in that."""

    def fits(event: Event) -> bool:
        corrected = cast(AnswerCorrected, event)
        return corrected.pass_now == pass_now and is_right in (None, corrected.is_right)

    return fits


def practice_corrected_to(is_right: bool) -> Callable[[Event], bool]:
    """Whether marking again found a first answer in practice so; who also had a result is told of that instead."""

    def fits(event: Event) -> bool:
        corrected = cast(PracticeCorrected, event)
        return not corrected.has_result and corrected.is_right is is_right

    return fits
