"""Why an approval is looked at again by another curator: what is always read twice, and what chance chooses.

It says nothing against anybody. Nothing here asks the database.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from peerlearn.core.words import N_


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers of what is always read twice (SAFETY A10)."""

    floor: timedelta = timedelta(seconds=30)  # from taking a review to the decision, however short the text is
    words_a_minute: int = 1_000  # nobody reads faster
    approvals: int = 10  # of an author, from which on it can be said who gives them
    share_percent: int = 40  # of them, which one curator may give
    each_way: int = 3  # approvals by which two are seen to approve each other's lessons


POLICY = Policy()


class Reason(StrEnum):
    """Why it is looked at again; where several hold, the first that stands here is kept."""

    HASTE = "haste"
    ALONE = "alone"
    MUTUAL = "mutual"
    SHARE = "share"
    CHANCE = "chance"


WORDS = {
    Reason.HASTE: N_("decided quickly"),
    Reason.ALONE: N_("nobody else could decide"),
    Reason.MUTUAL: N_("approvals in return"),
    Reason.SHARE: N_("often the same curator"),
    Reason.CHANCE: N_("by chance"),
}
SENTENCES = {
    Reason.HASTE: N_("It was decided sooner than its text can be read. Perhaps its curator knew it from before."),
    Reason.ALONE: N_("Others come first to decide about it, and none of them could."),
    Reason.MUTUAL: N_("Its curator and one of its authors have approved several lessons of each other."),
    Reason.SHARE: N_("Many approvals of one of its authors came from the same curator."),
    Reason.CHANCE: N_("Chance chose it."),
}


@dataclass(frozen=True, slots=True)
class Dealings:
    """What was approved between a curator and one author of a lesson, its own approval counted."""

    approvals: int = 0  # of the author's lessons
    by_curator: int = 0  # of these
    in_return: int = 0  # of the curator's lessons, by the author


def is_hasty(took: timedelta, words: int, policy: Policy = POLICY) -> bool:
    """Whether somebody decided sooner than anybody reads so many words."""
    return took < max(policy.floor, timedelta(minutes=1) * words / policy.words_a_minute)


def is_mutual(dealings: Dealings, policy: Policy = POLICY) -> bool:
    """Whether two approve each other's lessons often."""
    return min(dealings.by_curator, dealings.in_return) >= policy.each_way


def is_large_share(dealings: Dealings, policy: Policy = POLICY) -> bool:
    """Whether one curator gives more of an author's approvals than one should."""
    is_known = dealings.approvals >= policy.approvals
    return is_known and 100 * dealings.by_curator > policy.share_percent * dealings.approvals


def reason(
    took: timedelta,
    words: int,
    dealings: Sequence[Dealings],
    *,
    alone: bool,
    by_chance: bool,
    policy: Policy = POLICY,
) -> Reason | None:
    """Why an approval is looked at again; None for nothing.

    `dealings` are those with each author. `alone` means that whoever approved it did so only because nobody who comes
    first could.
    """
    if is_hasty(took, words, policy):
        return Reason.HASTE
    if alone:
        return Reason.ALONE
    if any(is_mutual(one, policy) for one in dealings):
        return Reason.MUTUAL
    if any(is_large_share(one, policy) for one in dealings):
        return Reason.SHARE
    return Reason.CHANCE if by_chance else None
