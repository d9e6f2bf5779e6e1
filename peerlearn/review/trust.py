"""The law of trust: who may publish small edits without a review, and what a curator looks at afterwards.

Trust is earned in each topic, by lessons that needed little review and proved right. Nothing here asks the database.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import mean, median

from peerlearn.core.words import N_


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers of trust."""

    lessons: int = 3  # published, in the topic
    rounds: float = 1  # of review that half of them needed at most
    rating: float = 3.5  # which their curators gave on average
    blameless: timedelta = timedelta(days=180)  # without a report that was agreed with
    pause: timedelta = timedelta(days=90)  # after an audit that found fault
    audited: float = 0.1  # of small edits
    reason_maximum: int = 2_000


POLICY = Policy()
VERDICTS = {
    "fine": N_("It was small, and it is right"),
    "failed": N_("It should have been reviewed"),
}
VERDICTS_AGAIN = {
    "fine": N_("It was right to publish it"),
    "failed": N_("It should not have been published as it is"),
}
TOLD = {
    "publish_edit": (N_("%(name)s mended a detail, and it was live at once"), "spell-check", "good"),
    "audit_fine": (N_("%(name)s looked at that detail again and found it right"), "badge-check", "good"),
    "audit_failed": (N_("%(name)s found that the detail should have been reviewed"), "scale", "warn"),
    "again_fine": (
        N_("%(name)s read it again after its approval and found that right"),
        "badge-check",
        "good",
    ),
    "again_failed": (
        N_("%(name)s read it again after its approval and would not have published it as it is"),
        "scale",
        "warn",
    ),
}


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of an author in one topic."""

    lessons: int = 0  # published
    rounds: tuple[int, ...] = ()  # of the reviews that approved them
    ratings: tuple[float, ...] = ()
    was_blamed: bool = False  # a report on one of them was agreed with lately
    failed_audit: bool = False  # lately


def is_trusted(record: Record, policy: Policy = POLICY) -> bool:
    """Whether somebody's small edits in this topic go live without a review."""
    if record.was_blamed or record.failed_audit or record.lessons < policy.lessons or not record.rounds:
        return False
    return median(record.rounds) <= policy.rounds and _quality(record.ratings) >= policy.rating


def _quality(ratings: Sequence[float]) -> float:
    return mean(ratings) if ratings else 0.0


def is_drawn(secret: str, *parts: str | int, share: float) -> bool:
    """Whether chance chose this: always the same answer, and nobody can foretell it who does not know the secret."""
    key = hashlib.blake2b(secret.encode(), digest_size=32, person=b"review").digest()
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.blake2b(text.encode(), key=key, digest_size=6).digest(), "big") / 2**48 < share
