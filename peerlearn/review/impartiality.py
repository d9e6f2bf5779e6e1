"""Who is too close to a lesson to decide about it, and what happens when that holds for every curator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from peerlearn.core.words import N_


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers of closeness."""

    same_author: int = 3  # lessons of one author that a curator may decide …
    same_author_span: timedelta = timedelta(days=30)
    return_span: timedelta = timedelta(days=14)  # no review of somebody who reviewed one's own so lately


POLICY = Policy()


class Closeness(StrEnum):
    """What makes somebody too close; where several hold, the first that stands here is told."""

    APPROVED = "approved"
    APPEALED = "appealed"
    DECLARED = "declared"
    LEADS = "leads"
    LED = "led"
    OFTEN = "often"
    IN_RETURN = "in_return"


SENTENCES = {
    Closeness.APPROVED: N_("You approved this as the first of two: another curator reads it too."),
    Closeness.APPEALED: N_("You decided about this text before: another curator looks at the appeal."),
    Closeness.DECLARED: N_("You said that you are too close to this lesson: somebody else decides."),
    Closeness.LEADS: N_("You lead the team of one of its authors: somebody else decides."),
    Closeness.LED: N_("One of its authors leads your team: somebody else decides."),
    Closeness.OFTEN: N_(
        "You decided about three other lessons of one of its authors within 30 days: somebody else decides."
    ),
    Closeness.IN_RETURN: N_(
        "One of its authors decided about a lesson of yours within 14 days: somebody else decides."
    ),
}

WAIVED = frozenset({Closeness.LEADS, Closeness.LED, Closeness.OFTEN, Closeness.IN_RETURN})
"""What does not keep an administrator from deciding once every curator is too close. Everything else still does."""


@dataclass(frozen=True, slots=True)
class Since:
    """From when on earlier decisions make somebody close."""

    same_author: datetime
    in_return: datetime

    @classmethod
    def at(cls, now: datetime, policy: Policy = POLICY) -> Since:
        """As it is at a moment."""
        return cls(now - policy.same_author_span, now - policy.return_span)


@dataclass(frozen=True, slots=True)
class Position:
    """How one person stands to one review."""

    had_a_hand: bool
    is_theirs: bool  # a topic of it is theirs, or they may stand in
    closeness: Closeness | None  # what keeps them from deciding
    stands_in: bool  # decides as administrator, because every curator is too close

    @property
    def may_decide(self) -> bool:
        """Whether nothing but the state of the review can still be in the way."""
        return self.is_theirs and not self.had_a_hand and self.closeness is None


def position(
    *, had_a_hand: bool, looked_after: bool, closeness: str | None, is_handed_up: bool, may_stand_in: bool
) -> Position:
    """How somebody stands to a review. An administrator may stand in once it is handed up."""
    close = Closeness(closeness) if closeness else None
    as_admin = is_handed_up and may_stand_in and (not looked_after or close in WAIVED)
    if as_admin and close in WAIVED:
        close = None
    return Position(had_a_hand, looked_after or as_admin, close, as_admin)
