"""A curator who approves a lesson of more than ten minutes says so: its authors asked for it, with a reason."""

from __future__ import annotations

from peerlearn.accounts.models import Person
from peerlearn.core.errors import NotValid
from peerlearn.core.words import N_
from peerlearn.lessons import lengths
from peerlearn.review import history
from peerlearn.review.models import Review

FIELD = "may_be_longer"
NOT_SAID = N_("This takes more than ten minutes. Allow that, or ask for changes.")


def is_asked(review: Review) -> bool:
    """Whether approving this text means to allow a longer lesson; its revision is loaded."""
    return lengths.is_to_be_allowed(review.lesson_id, review.revision.minutes)


def insist(review: Review, *, is_allowed: bool) -> None:
    """Raise NotValid where a curator approves a longer lesson without saying that it may be."""
    if is_asked(review) and not is_allowed:
        raise NotValid(NOT_SAID, fields={FIELD: [NOT_SAID]})


def allow(review: Review, by: Person) -> None:
    """Let the lesson be that long, and write down who allowed it and why, where that was asked."""
    if is_asked(review):
        lengths.allow(review.lesson, review.revision)
        history.note(review, "allowed_longer", by.id, str(review.revision.extras.get("why_longer", "")))
