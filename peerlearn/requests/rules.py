"""The law of requests: who may do what with one in which state, and how long somebody may keep it without writing.

The functions know no clock and no database.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from peerlearn.core.words import N_


@dataclass(frozen=True, slots=True)
class Policy:
    """Numbers an organisation may change."""

    title_minimum: int = 8  # those of a lesson's title: the lesson begins with it
    title_maximum: int = 80
    why_maximum: int = 500
    reason_minimum: int = 10
    reason_maximum: int = 300
    a_day: int = 5  # requests of one person
    writing_time: timedelta = timedelta(days=14)  # then somebody else may take it


POLICY = Policy()


class State(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    TAKEN = "taken"
    ANSWERED = "answered"
    CLOSED = "closed"


STATE_TITLES = {
    State.OPEN: N_("Waiting for an author"),
    State.TAKEN: N_("Being written"),
    State.ANSWERED: N_("Answered"),
    State.CLOSED: N_("Closed"),
}
WAITING = (State.OPEN, State.TAKEN)


@dataclass(frozen=True, slots=True)
class Standing:
    """A request as far as the law looks at it. `votes` counts the asker's own."""

    state: str
    asker_id: int
    taker_id: int | None
    taken_at: datetime | None
    votes: int

    def is_lapsed(self, now: datetime, policy: Policy = POLICY) -> bool:
        """Whether whoever took it had time enough to write it."""
        return self.state == State.TAKEN and self.taken_at is not None and now - self.taken_at > policy.writing_time


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever looks at a request: themselves, whether they look after its topic, and whether they voted for it."""

    id: int
    curates: bool = False
    has_voted: bool = False


def acts(standing: Standing, visitor: Visitor, now: datetime) -> Iterator[str]:
    """What a visitor may do with a request now; what is not named cannot be done."""
    if standing.state not in WAITING:
        return
    is_asker, is_taker = visitor.id == standing.asker_id, visitor.id == standing.taker_id
    if not is_asker:
        yield "unvote" if visitor.has_voted else "vote"
    if standing.state == State.OPEN or (standing.is_lapsed(now) and not is_taker):
        yield "take"
    if standing.state == State.TAKEN and is_taker:
        yield "give_back"
    if is_asker or is_taker or visitor.curates:
        yield "answer"
    if visitor.curates or (is_asker and standing.state == State.OPEN and standing.votes == 1):
        yield "close"
