"""What owners and curators hear about checks of published lessons. These follow from dates: nobody caused them."""

from __future__ import annotations

from typing import cast

from peerlearn.accounts.events import ErasureAsked
from peerlearn.core.events import Event
from peerlearn.core.words import N_
from peerlearn.inbox.kind import Kind, fields_of, person_of, source_by
from peerlearn.verification.events import CheckDue, LessonHandedOver, LessonsLeftBehind, SourceChanged, TextHandedOver


def _wish(event: Event) -> str:
    """Each wish is told once; another one can come after it was taken back."""
    asked = cast(ErasureAsked, event)
    return f"erasure:{asked.person_id}:{asked.since}"


CHECK = ("verification.check", ("lesson_id",))


def _source(event: Event) -> str:
    """A check and how near it is."""
    due = cast(CheckDue, event)
    return f"lesson:{due.lesson_id}:check:{due.check_on}:{due.stage}"


def _change(event: Event) -> str:
    """A change of a source, for one of the lessons that cite it."""
    changed = cast(SourceChanged, event)
    return f"lesson:{changed.lesson_id}:change:{changed.change_id}"


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
        "source_changed",
        SourceChanged,
        "link",
        N_("A source of “%(lesson)s” has changed: %(link)s. Is the lesson still right?"),
        CHECK,
        person_of("owner_id"),
        _change,
        fields_of("lesson_id", "link"),
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
    Kind(
        "text_handed_over",
        TextHandedOver,
        "pencil",
        N_("“%(lesson)s” is yours to carry on, because the colleague who began it has left."),
        ("lessons.edit", ("lesson_id",)),
        person_of("to_id"),
        source_by("lesson_id"),
        fields_of("lesson_id"),
        own_deeds=True,
    ),
    Kind(
        "erasure_asked",
        ErasureAsked,
        "user",
        N_("A colleague asks to be erased: you find them among people, filtered by “Wants to be erased”."),
        ("accounts.people", ()),
        lambda event: cast(ErasureAsked, event).told_ids,
        _wish,
        lambda event: {},
    ),
    Kind(
        "lessons_left_behind",
        LessonsLeftBehind,
        "hand-heart",
        N_("A colleague has left, and what they were writing waits for somebody. Please name who carries it on."),
        ("verification.left_behind", ()),
        lambda event: cast(LessonsLeftBehind, event).told_ids,
        source_by("person_id"),
        lambda event: {},
        own_deeds=True,
    ),
)
