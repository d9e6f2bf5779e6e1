"""Notices about work in review that somebody is asked to do. Like all of them they stand in `rules.KINDS`."""

from __future__ import annotations

from typing import cast

from peerlearn.core.words import N_
from peerlearn.inbox.kind import Kind, fields_of, source_by
from peerlearn.review.events import AdviceAsked

ADVICE = ("review.advise", ("review_id",))

REVIEWING: tuple[Kind, ...] = (
    Kind(
        "advice_asked",
        AdviceAsked,
        "message-circle",
        N_("You know the topic of “%(lesson)s”, and its author is new. Please say what you think of it."),
        ADVICE,
        lambda event: cast(AdviceAsked, event).asked_ids,
        source_by("review_id"),
        fields_of("lesson_id", "review_id"),
        own_deeds=True,
    ),
)
