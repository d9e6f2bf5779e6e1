"""What owners and curators hear about checks of published lessons. These follow from dates: nobody caused them."""

from __future__ import annotations

from typing import cast

from peerlearn.core.events import Event
from peerlearn.core.words import N_
from peerlearn.inbox.kind import Kind, fields_of, person_of, source_by
from peerlearn.verification.events import CheckDue, LessonHandedOver

CHECK = ("verification.check", ("lesson_id",))


def _source(event: Event) -> str:
    """A check and how near it is."""
    due = cast(CheckDue, event)
    return f"lesson:{due.lesson_id}:check:{due.check_on}:{due.stage}"


CHECKING: tuple[Kind, ...] = (
    Kind(
        "check_due",
        CheckDue,
        "badge-check",
        N_("“%(lesson)s” is due for a check: is it still right?"),
        CHECK,
        lambda event: cast(CheckDue, event).told_ids,
        _source,
        fields_of("lesson_id"),
        lambda event: not cast(CheckDue, event).is_abandoned,
        own_deeds=True,
    ),
    Kind(
        "check_missed",
        CheckDue,
        "triangle-alert",
        N_("Nobody has checked “%(lesson)s” for months, and colleagues still read it."),
        CHECK,
        lambda event: cast(CheckDue, event).told_ids,
        _source,
        fields_of("lesson_id"),
        lambda event: cast(CheckDue, event).is_abandoned,
        own_deeds=True,
    ),
    Kind(
        "lesson_handed_over",
        LessonHandedOver,
        "hand-heart",
        N_("You look after “%(lesson)s” now, because its owner has left. Please see whether it is still right."),
        CHECK,
        person_of("to_id"),
        source_by("lesson_id"),
        fields_of("lesson_id"),
        own_deeds=True,
    ),
)
