"""The notices about suggestions: authors hear of them, whoever made one hears what became of it."""

from __future__ import annotations

from typing import cast

from peerlearn.core.words import N_
from peerlearn.inbox.kind import Kind, fields_of, flag_is, person_of, source_by
from peerlearn.suggestions.events import SuggestionAccepted, SuggestionDeclined, SuggestionMade

SUGGESTION = ("suggestions.show", ("suggestion_id",))

SUGGESTING: tuple[Kind, ...] = (
    Kind(
        "suggestion_made",
        SuggestionMade,
        "pencil",
        N_("A reader suggested other words for “%(lesson)s”. You can take them over with one click."),
        SUGGESTION,
        lambda event: cast(SuggestionMade, event).author_ids,
        source_by("suggestion_id"),
        fields_of("lesson_id", "suggestion_id"),
    ),
    Kind(
        "suggestion_accepted",
        SuggestionAccepted,
        "hand-heart",
        N_("Your suggestion on “%(lesson)s” was taken over. Thank you."),
        SUGGESTION,
        person_of("suggester_id"),
        source_by("suggestion_id"),
        fields_of("lesson_id", "suggestion_id"),
    ),
    Kind(
        "suggestion_published",
        SuggestionAccepted,
        "pencil",
        N_("“%(lesson)s” says something new: a curator took over a reader’s suggestion. Look whether it is right."),
        SUGGESTION,
        lambda event: cast(SuggestionAccepted, event).author_ids,
        source_by("suggestion_id"),
        fields_of("lesson_id", "suggestion_id"),
        flag_is("is_published", True),
    ),
    Kind(
        "suggestion_handed_in",
        SuggestionAccepted,
        "pencil",
        N_("A curator took over what a reader suggested for “%(lesson)s”. It is no detail, so it waits for review."),
        SUGGESTION,
        lambda event: cast(SuggestionAccepted, event).author_ids,
        source_by("suggestion_id"),
        fields_of("lesson_id", "suggestion_id"),
        flag_is("is_handed_in", True),
    ),
    Kind(
        "suggestion_declined",
        SuggestionDeclined,
        "pencil",
        N_("Your suggestion on “%(lesson)s” was not taken over. The answer says why."),
        SUGGESTION,
        person_of("suggester_id"),
        source_by("suggestion_id"),
        fields_of("lesson_id", "suggestion_id"),
    ),
)
