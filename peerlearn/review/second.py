"""What is not for all takes two curators: the first one's approval is kept with the review, the second one's counts."""

from __future__ import annotations

from statistics import mean
from typing import Any

from peerlearn.core.words import N_
from peerlearn.lessons.rules import FOR_SOME
from peerlearn.review.models import Review

NEEDED = N_("This lesson is not for everybody, so two curators approve it.")
NOTED = N_("Noted. Another curator reads it too, then it goes live. Thank you for the review.")


def takes_two(review: Review) -> bool:
    """Whether the lesson is not for all, as it stands or as it is about to; lesson and revision are loaded."""
    return bool({review.lesson.classification, review.revision.extras.get("classification")} & FOR_SOME)


def is_first(review: Review) -> bool:
    """Whether an approval now is the first of two."""
    return takes_two(review) and review.first_approved_by_id is None


def rating_of(review: Review) -> float | None:
    """The mean of what the curators rated, each counting the same."""
    first: dict[str, Any] = (review.first_approval or {}).get("rubric") or {}
    ratings = [mean(rubric.values()) for rubric in (first, review.rubric) if rubric]
    return mean(ratings) if ratings else None
