"""Notices about work in review that somebody is asked to do. Like all of them they stand in `rules.KINDS`."""

from __future__ import annotations

from typing import cast

from peerlearn.core.events import Event
from peerlearn.core.words import N_
from peerlearn.inbox.kind import Kind, fields_of, flag_is, person_of, source_by
from peerlearn.review.events import (
    AdviceAsked,
    AuditFailed,
    LessonHeldBack,
    ReviewHandedUp,
    ReviewOverdue,
    SecondLookFailed,
    StandInOverdue,
)

HELD_BACK: tuple[Kind, ...] = (
    Kind(
        "lesson_held_back",
        LessonHeldBack,
        "eye-off",
        N_("“%(lesson)s” was hidden after a report. Please look, and show it again if it may be shown."),
        ("review.standing", ("lesson_id",)),
        lambda event: cast(LessonHeldBack, event).curator_ids,
        source_by("report_id"),
        fields_of("lesson_id"),
        own_deeds=True,
    ),
    Kind(
        "lesson_held_back_told",
        LessonHeldBack,
        "eye-off",
        N_("A reader reported that “%(lesson)s” holds something confidential. It is hidden, and its curators look."),
        ("home.today", ()),
        lambda event: cast(LessonHeldBack, event).administrator_ids,
        source_by("report_id"),
        fields_of("lesson_id"),
        lambda event: cast(LessonHeldBack, event).kind == "confidential",
        own_deeds=True,
    ),
)
ADVICE = ("review.advise", ("review_id",))
PEOPLE: tuple[str, tuple[str, ...]] = ("accounts.people", ())


def _which_wait(event: Event) -> str:
    """A review and what it waits for."""
    overdue = cast(StandInOverdue, event)
    return f"review:{overdue.review_id}:{overdue.waits_for}"


def _authors_left_waiting(event: Event) -> tuple[int, ...]:
    """The authors who do not find somebody themselves."""
    handed_up = cast(ReviewHandedUp, event)
    return tuple(person_id for person_id in handed_up.author_ids if person_id not in handed_up.appointing_ids)


STUCK: tuple[Kind, ...] = (
    Kind(
        "nobody_decides_yet",
        ReviewHandedUp,
        "scale",
        N_(
            "Everybody who could decide about “%(lesson)s” is too close to it. "
            "Administrators are asked to find somebody."
        ),
        ("lessons.history", ("lesson_id",)),
        _authors_left_waiting,
        source_by("review_id"),
        fields_of("lesson_id"),
        lambda event: not cast(ReviewHandedUp, event).asked_ids,
        own_deeds=True,
    ),
    Kind(
        "asked_to_appoint",
        ReviewHandedUp,
        "scale",
        N_(
            "Nobody may decide about “%(lesson)s”: every curator and administrator is too close to it. "
            "Please make somebody else a curator."
        ),
        PEOPLE,
        lambda event: cast(ReviewHandedUp, event).appointing_ids,
        source_by("review_id"),
        fields_of("lesson_id"),
        own_deeds=True,
    ),
    Kind(
        "stand_in_overdue",
        StandInOverdue,
        "clock",
        N_("“%(lesson)s” waits longer than promised. Please decide, or make somebody else a curator."),
        ("review.show", ("review_id",)),
        lambda event: cast(StandInOverdue, event).asked_ids,
        _which_wait,
        fields_of("lesson_id", "review_id"),
        own_deeds=True,
    ),
    Kind(
        "appointment_overdue",
        StandInOverdue,
        "clock",
        N_(
            "“%(lesson)s” waits longer than promised, and nobody may decide about it. "
            "Please make somebody a curator who is not too close to it."
        ),
        PEOPLE,
        lambda event: cast(StandInOverdue, event).appointing_ids,
        _which_wait,
        fields_of("lesson_id"),
        own_deeds=True,
    ),
)

REVIEWING: tuple[Kind, ...] = (
    Kind(
        "advice_asked",
        AdviceAsked,
        "message-circle",
        N_("“%(lesson)s” is new, and you know its topic. Please say what you think of it before a curator decides."),
        ADVICE,
        lambda event: cast(AdviceAsked, event).asked_ids,
        source_by("review_id"),
        fields_of("lesson_id", "review_id"),
        flag_is("is_new", True),
        own_deeds=True,
    ),
    Kind(
        "advice_asked_again",
        AdviceAsked,
        "message-circle",
        N_("What “%(lesson)s” teaches changes, and you know its topic. Please say what you think of it."),
        ADVICE,
        lambda event: cast(AdviceAsked, event).asked_ids,
        source_by("review_id"),
        fields_of("lesson_id", "review_id"),
        flag_is("is_new", False),
        own_deeds=True,
    ),
    Kind(
        "review_overdue",
        ReviewOverdue,
        "clock",
        N_("“%(lesson)s” waits longer than promised. Please look at it, or say that you cannot."),
        ("review.show", ("review_id",)),
        lambda event: cast(ReviewOverdue, event).asked_ids,
        source_by("review_id"),
        fields_of("lesson_id", "review_id"),
        flag_is("is_up", False),
        own_deeds=True,
    ),
    Kind(
        "decision_overdue",
        ReviewOverdue,
        "clock",
        N_("Nobody decided about “%(lesson)s” in five working days. Its topic needs one more curator, or a reminder."),
        PEOPLE,
        lambda event: cast(ReviewOverdue, event).asked_ids,
        source_by("review_id"),
        fields_of("lesson_id", "review_id"),
        flag_is("is_up", True),
        own_deeds=True,
    ),
    Kind(
        "audit_failed",
        AuditFailed,
        "scale",
        N_(
            "A curator looked at a small change of “%(lesson)s”: it should have been reviewed. "
            "For 90 days curators read your small changes first. The history says why."
        ),
        ("lessons.history", ("lesson_id",)),
        person_of("person_id"),
        source_by("edit_id"),
        fields_of("lesson_id"),
    ),
    Kind(
        "second_look_failed",
        SecondLookFailed,
        "scale",
        N_(
            "A colleague looked again at “%(lesson)s”, which you approved, and would not have published it as it is. "
            "Thank you for the review; what they say may help with the next one."
        ),
        ("review.second_look", ("look_id",)),
        person_of("approved_by_id"),
        source_by("review_id"),
        fields_of("lesson_id", "look_id"),
    ),
    Kind(
        "second_look_failed_told",
        SecondLookFailed,
        "message-circle",
        N_(
            "A second curator read “%(lesson)s” and found something to make better. It stays published, and you keep "
            "what it earned. The history says what it is."
        ),
        ("lessons.history", ("lesson_id",)),
        lambda event: cast(SecondLookFailed, event).author_ids,
        source_by("review_id"),
        fields_of("lesson_id"),
    ),
)
