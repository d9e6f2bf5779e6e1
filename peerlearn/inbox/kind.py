"""What a notice is made of, and the small functions that say whom it concerns. The notices stand in `rules.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from peerlearn.analysis.events import ItemFlagged
from peerlearn.badges.events import BadgeEarned
from peerlearn.core.events import Event
from peerlearn.learn.events import AnswerCorrected
from peerlearn.learn.remarking import Ruling
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


def flag_is(field: str, wanted: bool | str) -> Callable[[Event], bool]:
    """Which events a notice is about: those with this flag."""
    return lambda event: bool(getattr(event, field) == wanted)


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
    """A question and its new key, or what else was decided about it."""
    corrected = cast("AnswerCorrected | PracticeCorrected", event)
    decided = "" if corrected.ruling == Ruling.KEY else f":{corrected.ruling}"
    return f"item:{corrected.item_id}:version:{corrected.version_id}{decided}"


def answer_ruled(ruling: Ruling, pass_now: str, is_right: bool | None = None) -> Callable[[Event], bool]:
    """Whether this was decided about an answer, and it changed the pass in this way, and the answer in that."""

    def fits(event: Event) -> bool:
        corrected = cast(AnswerCorrected, event)
        said = corrected.ruling, corrected.pass_now
        return said == (ruling, pass_now) and is_right in (None, corrected.is_right)

    return fits


def practice_ruled(ruling: Ruling, is_right: bool | None = None) -> Callable[[Event], bool]:
    """Whether this was decided about practice, where a first answer is so; who has a result too is told of that."""

    def fits(event: Event) -> bool:
        corrected = cast(PracticeCorrected, event)
        return not corrected.has_result and corrected.ruling == ruling and is_right in (None, corrected.is_right)

    return fits
