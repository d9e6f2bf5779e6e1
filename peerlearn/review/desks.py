"""Whose reviews somebody meets, and which of them they are free to decide: for lists of one person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, and_, or_, union_all

from peerlearn.accounts import rules as accounts
from peerlearn.accounts.models import Person
from peerlearn.lessons.queries import of_topics
from peerlearn.review import precedence, ties
from peerlearn.review.conflicts import decided_before, declared, is_often
from peerlearn.review.impartiality import Since
from peerlearn.review.models import Review


@dataclass(frozen=True)
class Desk:
    """Whose reviews somebody meets: those of these topics, and for administrators what is handed up."""

    topics: frozenset[int]
    stands_in: bool

    @classmethod
    def of(cls, person: Person) -> Desk | None:
        """A person's desk; None for whoever decides nothing."""
        stands_in = person.may("stand_in")
        return cls(person.scopes(accounts.CURATOR), stands_in) if stands_in or person.may("curate") else None

    def holds(self) -> ColumnElement[bool]:
        """Whether a review lies on this desk."""
        theirs = of_topics(self.topics, Review.topic_id, Review.lesson_id)
        return or_(theirs, Review.handed_up_at.is_not(None)) if self.stands_in else theirs

    def is_free(self, me: Any, since: Since) -> ColumnElement[bool]:
        """Whether nothing keeps this one person from deciding about a review; a hand in it is asked for elsewhere.

        It says what `closeness` and `precedence` say, of the same ties, for lists: whose work they leave to others is
        found once, not for each row.
        """
        by_others = or_(
            ties.are_by_one_of(_close_people(me, since), Review),
            ties.builds_on_theirs(me, Review),
            _often(me, since),
        )
        counts = and_(by_others, Review.handed_up_at.is_(None)) if self.stands_in else by_others
        appealed = and_(Review.appeal_of_id.is_not(None), decided_before(me, Review))
        first = and_(Review.first_approved_by_id.is_not(None), Review.first_approved_by_id == me)
        second = precedence.gives_way_in_list(me, Review)
        named = ties.are_by_one_of(ties.named_by(me), Review)
        apart = ties.is_by_one_of(ties.naming(me, Review), Review)
        return ~or_(first, appealed, declared(me, Review.lesson_id), named, apart, counts, second)


def _close_people(me: Any, since: Since) -> CompoundSelect[Any]:
    """Whose work this person leaves to others but when administrators are asked, however often they decided."""
    return union_all(ties.led_by(me), ties.leads_of(me), ties.judges_of(me, since.in_return))


def _often(me: Any, since: Since) -> ColumnElement[bool]:
    """As `conflicts.is_often` says it, asked only of the work of those whom this person met often."""
    people = ties.met_often(me, since.same_author)
    decided = ties.decided_by(me, since.same_author)
    return and_(ties.are_by_one_of(people, Review), is_often(me, Review, decided))
