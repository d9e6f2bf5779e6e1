"""The law of reports that hide: how much a reader's word weighs, and when a lesson is hidden before a curator looks.

A report weighs as much as its reader's level in the topic, times how right their last reports proved. What several
readers say is added up, and enough of it hides. Nothing here asks the database.
"""

from __future__ import annotations

from dataclasses import dataclass

from peerlearn.core.words import N_
from peerlearn.review.levels import Level

CONFIDENTIAL = "confidential"
HARMFUL = frozenset({"wrong", "unsafe", "disrespectful"})
"""The kinds that hide a lesson when several readers agree whose words weigh enough together. What is only old, unclear,
in another style, there twice or off the topic does no harm until a curator looks."""
GRAVE = ("confidential", "wrong", "unsafe")
"""The kinds that let a submission be looked at first, and that speak against whoever approved it."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers of reports that hide."""

    remembered: int = 50  # of a reader's decided reports, the newest
    least_share: float = 0.3  # proved right, below which a reader's word weighs nothing …
    judged_from: int = 5  # … once so many were decided
    unknown: int = 1  # right and wrong reports each, that a reader is thought to have besides
    hides_from: float = 3.0  # what reports that wait weigh together, that hide a lesson: three unknown contributors …
    together: int = 2  # … or fewer who weigh more, but never one alone
    confidential_a_day: int = 3  # that hide at once, of one reader


POLICY = Policy()
_ROUNDING = 1e-9
TOLD = {
    "hide_flagged": (
        N_("Readers whose word counts reported it, so it was hidden until a curator looks"),
        "eye-off",
        "bad",
    ),
    "hide_confidential": (
        N_("A reader reported that it holds something confidential, so it was hidden until a curator looks"),
        "eye-off",
        "bad",
    ),
}


def accuracy(upheld: int, decided: int, policy: Policy = POLICY) -> float:
    """How right a reader's last reports proved, against a reader of whom nothing is known, who has 1.

    It goes up to 2 for who is always right, and down to 0 for who mostly is not. Few reports move it little.
    """
    if decided >= policy.judged_from and upheld < policy.least_share * decided:
        return 0.0
    return 2 * (upheld + policy.unknown) / (decided + 2 * policy.unknown)


def weight(level: Level, upheld: int, decided: int, policy: Policy = POLICY) -> float:
    """How much a reader's report weighs."""
    return int(level) * accuracy(upheld, decided, policy)


def is_enough(readers: int, weight: float, policy: Policy = POLICY) -> bool:
    """Whether reports of harm hide a lesson: by so many readers whose words count, and so heavy together."""
    return readers >= policy.together and weight >= policy.hides_from - _ROUNDING


def act_of(
    kind: str,
    *,
    readers: int,
    weight: float,
    confidential_today: int,
    was_seen: bool,
    policy: Policy = POLICY,
) -> str | None:
    """What a report does to a lesson that is shown: the act that hides it, or None.

    `readers`: how many, this one included, whose words count reported harm and wait for an answer; `weight`: what
    these weigh together, each reader once.
    `confidential_today`: how many such reports this reader sent today, this one included. `was_seen`: a curator
    answered already that this very text holds nothing confidential.
    """
    if kind == CONFIDENTIAL:
        return "hide_confidential" if confidential_today <= policy.confidential_a_day and not was_seen else None
    return "hide_flagged" if kind in HARMFUL and is_enough(readers, weight, policy) else None
