"""How fast one person decides: nobody reads that many lessons, so that what is waved through is noticed in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import ask
from peerlearn.core.errors import TooMany
from peerlearn.core.words import N_
from peerlearn.review.models import Review


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers of haste (SAFETY A10)."""

    a_day: int = 30  # decisions within 24 hours
    in_a_row: int = 10  # decisions …
    row: timedelta = timedelta(minutes=5)  # … within these minutes


POLICY = Policy()
DAY = timedelta(days=1)
A_ROW = N_("You decided about ten lessons within five minutes. Take a break of five minutes; nothing here is lost.")
A_DAY = N_("You decided about thirty lessons within a day. The others can wait until tomorrow, or for a colleague.")


def wait(of_the_day: int, of_the_row: int, policy: Policy = POLICY) -> tuple[str, timedelta] | None:
    """Why somebody who decided so often of late waits before the next decision, and how long; None for nothing."""
    if of_the_day >= policy.a_day:
        return A_DAY, DAY
    return (A_ROW, policy.row) if of_the_row >= policy.in_a_row else None


def insist(by: Person) -> None:
    """Raise TooMany where this person decided about too many lessons of late."""
    now = clock.now()
    of_the_day, of_the_row = ask(_lately(by.id, now)).one()
    told = wait(of_the_day, of_the_row, POLICY)
    if told:
        sentence, time = told
        raise TooMany(sentence, retry_after=int(time.total_seconds()))


def _lately(person_id: int, now: datetime) -> Any:
    row = func.count().filter(Review.decided_at > now - POLICY.row)
    return select(func.count(), row).where(Review.decided_by_id == person_id, Review.decided_at > now - DAY)
