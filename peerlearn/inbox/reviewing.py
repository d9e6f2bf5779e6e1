"""Notices about work in review that somebody is asked to do. Like all of them they stand in `rules.KINDS`."""

from __future__ import annotations

from typing import cast

from peerlearn.core.words import N_
from peerlearn.inbox.kind import Kind, fields_of, flag_is, person_of, source_by
from peerlearn.review.events import AdviceAsked, AuditFailed, LessonHeldBack, ReviewOverdue, SecondLookFailed

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
        ("accounts.people", ()),
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
