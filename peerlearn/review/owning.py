"""Of the two curators of what is not for all, one is from the team that owns it, where such a curator is free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, bindparam, exists, select
from sqlalchemy.orm import aliased

from peerlearn.accounts.models import Grant, Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.errors import NotAllowed
from peerlearn.core.words import N_
from peerlearn.review import asking, conflicts, precedence, second
from peerlearn.review.conflicts import ME
from peerlearn.review.impartiality import Since
from peerlearn.review.models import Review
from peerlearn.review.precedence import is_from_team

TODAY: Any = bindparam("today", type_=Date)
THEIRS = N_(
    "One of the two curators is from the team that owns this lesson. The first one was not, so a colleague from there "
    "approves it. You can still ask for changes, or not accept it."
)
AFTER_YOU = N_(
    "One of the two is from the team that owns the lesson: if you approve it, a colleague from there is next."
)


@dataclass(frozen=True, slots=True)
class Within:
    """Who is from the team that owns a lesson."""

    first: bool | None  # the curator who approved it first; None as long as nobody did
    me: bool  # whoever asks
    another: bool  # some other curator who may decide now

    @property
    def is_needed(self) -> bool:
        """Whether one of the two is still to come from there, and somebody can."""
        return not self.first and not self.me and self.another

    @property
    def refuses(self) -> bool:
        """Whether whoever asks leaves the approval to somebody from there."""
        return self.is_needed and self.first is False

    @property
    def sentence(self) -> str | None:
        """What whoever asks should know before deciding."""
        return (THEIRS if self.refuses else AFTER_YOU) if self.is_needed else None


@cache
def columns() -> tuple[ColumnElement[Any], ...]:
    """Who is from the team that owns a review's lesson, made once; `values` fill it in."""
    return (
        is_from_team(Review.first_approved_by_id, Review),
        is_from_team(ME, Review),
        somebody_is_free(Review, conflicts.BOUND, TODAY, besides=ME),
    )


def values(me: Person) -> dict[str, Any]:
    """What fills in `columns`."""
    return {"me": me.id, "today": clock.today(clock.organisation_zone())} | conflicts.bound(clock.now())


def as_read(review: Review, row: Sequence[Any]) -> Within | None:
    """What `columns` told of a review; None where it does not matter, since one curator is enough."""
    first, me, another = row
    was_approved = review.first_approved_by_id is not None
    return Within(bool(first) if was_approved else None, bool(me), bool(another)) if second.takes_two(review) else None


def insist(review: Review, by: Person) -> None:
    """Raise NotAllowed where the approval is left to the team that owns the lesson."""
    if second.takes_two(review):
        row = db.session.execute(select(*columns()).where(Review.id == review.id), values(by)).one()
        found = as_read(review, row)
        if found and found.refuses:
            raise NotAllowed(THEIRS)


def waits_for_team(review: Any) -> ColumnElement[bool]:
    """Whether the second of two approvals is to come from the team that owns the lesson; as `columns`, filled in."""
    return and_(
        review.first_approved_by_id.is_not(None),
        ~is_from_team(review.first_approved_by_id, review),
        somebody_is_free(review, conflicts.BOUND, TODAY),
    )


def somebody_is_free(review: Any, since: Since, today: Any, besides: Any = 0) -> ColumnElement[bool]:
    """Whether some curator of that team may decide now: here, not too close, and not leaving it to others."""
    curator, grant = aliased(Person), aliased(Grant)
    return exists().where(
        grant.person_id == curator.id,
        conflicts.curates(grant, review.topic_id, review.lesson_id),
        curator.is_active,
        curator.id != besides,
        is_from_team(curator.id, review),
        ~asking.declined(curator.id, review.id),
        asking.is_here_on(curator.id, today),
        ~conflicts.hand(curator.id, review.lesson_id),
        conflicts.closeness(curator.id, review, since).is_(None),
        ~precedence.gives_way(curator.id, review),
    )
