"""How fast one person decides: nobody reads that many lessons, so that what is waved through is noticed in time.

The first of two approvals, a second look at an approval, and a reader's small change that a curator lets go live are
decisions like any other. A look at a small edit is none: it is ten words at most.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, union_all

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import ask
from peerlearn.core.errors import TooMany
from peerlearn.core.words import N_
from peerlearn.review.models import Review, SecondLook, TrustedEdit


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers of haste (SAFETY A10)."""

    a_day: int = 30  # decisions within 24 hours
    in_a_row: int = 10  # decisions …
    row: timedelta = timedelta(minutes=5)  # … within these minutes


POLICY = Policy()
DAY = timedelta(days=1)
A_ROW = N_("You made ten decisions within five minutes. Take a break of five minutes; nothing here is lost.")
A_DAY = N_("You made thirty decisions within a day. The others can wait until tomorrow, or for a colleague.")


def wait(of_the_day: int, of_the_row: int, policy: Policy = POLICY) -> tuple[str, timedelta] | None:
    """Why somebody who decided so often of late waits before the next decision, and how long; None for nothing."""
    if of_the_day >= policy.a_day:
        return A_DAY, DAY
    return (A_ROW, policy.row) if of_the_row >= policy.in_a_row else None


def insist(by: Person) -> None:
    """Raise TooMany where this person decided too often of late."""
    now = clock.now()
    of_the_day, of_the_row = ask(_lately(by.id, now)).one()
    told = wait(of_the_day, of_the_row, POLICY)
    if told:
        sentence, time = told
        raise TooMany(sentence, retry_after=int(time.total_seconds()))


def _lately(person_id: int, now: datetime) -> Any:
    day = now - DAY
    reviews = select(Review.decided_at.label("at")).where(Review.decided_by_id == person_id, Review.decided_at > day)
    firsts = select(Review.first_approved_at).where(
        Review.first_approved_by_id == person_id, Review.first_approved_at > day
    )
    looks = select(SecondLook.decided_at).where(SecondLook.decided_by_id == person_id, SecondLook.decided_at > day)
    edits = select(TrustedEdit.at).where(TrustedEdit.accepted_by_id == person_id, TrustedEdit.at > day)
    made = union_all(reviews, firsts, looks, edits).subquery()
    return select(func.count(), func.count().filter(made.c.at > now - POLICY.row)).select_from(made)
