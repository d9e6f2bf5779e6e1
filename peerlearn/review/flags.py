"""The law of reports that hide: how much a reader's word weighs, and when a lesson is hidden before a curator looks.

A report weighs as much as its reader's level in the topic, times the share of their last reports that proved right.
Nothing here asks the database.
"""

from __future__ import annotations

from dataclasses import dataclass

from peerlearn.core.words import N_
from peerlearn.review.levels import Level

CONFIDENTIAL = "confidential"
HARMFUL = frozenset({"wrong", "unsafe", "disrespectful"})
"""The kinds that hide a lesson when several trusted readers agree. What is only old, unclear, in another style, there
twice or off the topic does no harm until a curator looks."""
GRAVE = ("confidential", "wrong", "unsafe")
"""The kinds that let a submission be looked at first, and that speak against whoever approved it."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers of reports that hide."""

    remembered: int = 50  # of a reader's decided reports, the newest
    least_share: float = 0.3  # proved right, below which a reader's word weighs nothing …
    judged_from: int = 5  # … once so many were decided
    trusted_from: float = 1.0  # the weight from which on a report counts
    together: int = 3  # readers whose reports count, that hide a lesson
    confidential_a_day: int = 3  # that hide at once, of one reader


POLICY = Policy()
TOLD = {
    "hide_flagged": (N_("Three trusted readers reported it, so it was hidden until a curator looks"), "eye-off", "bad"),
    "hide_confidential": (
        N_("A reader reported that it holds something confidential, so it was hidden until a curator looks"),
        "eye-off",
        "bad",
    ),
}


def accuracy(upheld: int, decided: int, policy: Policy = POLICY) -> float:
    """Which share of a reader's last reports proved right; 1 as long as none was decided, 0 when most were not."""
    if not decided:
        return 1.0
    share = upheld / decided
    return 0.0 if decided >= policy.judged_from and share < policy.least_share else share


def weight(level: Level, upheld: int, decided: int, policy: Policy = POLICY) -> float:
    """How much a reader's report weighs."""
    return int(level) * accuracy(upheld, decided, policy)


def act_of(kind: str, *, trusted: int, confidential_today: int, was_seen: bool, policy: Policy = POLICY) -> str | None:
    """What a report does to a lesson that is shown: the act that hides it, or None.

    `trusted`: how many readers, this one included, whose word counts reported harm and wait for an answer.
    `confidential_today`: how many such reports this reader sent today, this one included. `was_seen`: a curator
    answered already that this very text holds nothing confidential.
    """
    if kind == CONFIDENTIAL:
        return "hide_confidential" if confidential_today <= policy.confidential_a_day and not was_seen else None
    return "hide_flagged" if kind in HARMFUL and trusted >= policy.together else None
