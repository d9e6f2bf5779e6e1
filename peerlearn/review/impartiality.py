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
    RECUSED = "recused"
    LEADS = "leads"
    LED = "led"
    ORIGIN = "origin"
    OFTEN = "often"
    IN_RETURN = "in_return"
    APART = "apart"
    COLLEAGUE = "colleague"
    PROBATION = "probation"
    NEW = "new"


SENTENCES = {
    Closeness.APPROVED: N_("You approved this as the first of two: another curator reads it too."),
    Closeness.APPEALED: N_("You decided about this text before: another curator looks at the appeal."),
    Closeness.DECLARED: N_("You said that you are too close to this lesson: somebody else decides."),
    Closeness.RECUSED: N_("You leave the work of one of its authors to others: somebody else decides."),
    Closeness.LEADS: N_("You lead the team of one of its authors: somebody else decides."),
    Closeness.LED: N_("One of its authors leads your team: somebody else decides."),
    Closeness.ORIGIN: N_("It was begun from a lesson of yours: somebody else decides."),
    Closeness.OFTEN: N_(
        "You decided about three other lessons of one of its authors within 30 days: somebody else decides."
    ),
    Closeness.IN_RETURN: N_(
        "One of its authors decided about a lesson of yours within 14 days: somebody else decides."
    ),
    Closeness.APART: N_("Somebody else decides about this lesson."),
    Closeness.COLLEAGUE: N_(
        "One of its authors is in your team, so a curator of another team decides. When nobody else can, you may."
    ),
    Closeness.PROBATION: N_(
        "Your ratings and the final ones are often far apart, so another curator decides for now. When nobody else "
        "can, you may."
    ),
    Closeness.NEW: N_(
        "You are new as a curator and find your eye first, so another curator decides. When nobody else can, you may."
    ),
}

STEPS_IN = {
    Closeness.COLLEAGUE: N_(
        "You are in the team of an author, and may decide because nobody else can. "
        "It stands in the history, and the authors can read it."
    ),
    Closeness.PROBATION: N_(
        "You may decide because nobody else can. Take your time with the ratings. The history says that no other "
        "curator could."
    ),
    Closeness.NEW: N_(
        "You may decide because nobody else can, before you have found your eye. The history says that no other "
        "curator could."
    ),
}
"""What comes second, and what whoever does is told where nobody comes first."""

CALIBRATES = frozenset({Closeness.PROBATION, Closeness.NEW})
"""Who comes second until they have rated some lessons that are decided already."""

NOTES = {Closeness.COLLEAGUE: "colleague", Closeness.PROBATION: "only", Closeness.NEW: "only"}
"""Which note a decision by whoever came second gets. Authors can read it: nothing tells who is on probation."""

NOTED = {
    "colleague": N_("as a curator of an author's team, because nobody else could"),
    "only": N_("because no other curator could"),
}
"""What the history says by these notes."""

WAIVED = frozenset({Closeness.LEADS, Closeness.LED, Closeness.ORIGIN, Closeness.OFTEN, Closeness.IN_RETURN})
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
    steps_in: Closeness | None = None  # decides although they come second, because nobody else can

    @property
    def may_decide(self) -> bool:
        """Whether nothing but the state of the review can still be in the way."""
        return self.is_theirs and not self.had_a_hand and self.closeness is None


def position(
    *,
    had_a_hand: bool,
    looked_after: bool,
    closeness: str | None,
    is_handed_up: bool,
    may_stand_in: bool,
    comes_second: str | None = None,
    is_let: bool = False,
) -> Position:
    """How somebody stands to a review. An administrator may stand in once it is handed up.

    Whoever comes second may decide once they are let, because nobody else can.
    """
    close = Closeness(closeness) if closeness else None
    second = Closeness(comes_second) if comes_second else None
    as_admin = is_handed_up and may_stand_in and (not looked_after or close in WAIVED)
    if as_admin and close in WAIVED:
        close = None
    if close is None and not is_let:
        close = second
    steps_in = second if close is None and not as_admin else None
    return Position(had_a_hand, looked_after or as_admin, close, as_admin, steps_in)
