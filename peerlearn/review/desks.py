"""Whose reviews somebody meets, and which of them they are free to decide: for lists of one person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, case, func, or_, select, union_all
from sqlalchemy.orm import aliased

from peerlearn.accounts import rules as accounts
from peerlearn.accounts.models import Grant, Person
from peerlearn.lessons.models import LessonAuthor
from peerlearn.lessons.queries import of_topics
from peerlearn.review import precedence
from peerlearn.review.conflicts import decided_before, declared
from peerlearn.review.impartiality import POLICY, Since
from peerlearn.review.models import Recusal, Review


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

        It says what `closeness` and `precedence` say, for lists: which lessons they are too close to is found once, not
        for each row.
        """
        by_others = Review.lesson_id.in_(_close_by_others(me, since))
        counts = and_(by_others, Review.handed_up_at.is_(None)) if self.stands_in else by_others
        appealed = and_(Review.appeal_of_id.is_not(None), decided_before(me, Review))
        first = and_(Review.first_approved_by_id.is_not(None), Review.first_approved_by_id == me)
        second = precedence.gives_way_in_list(me, Review)
        recused = Review.lesson_id.in_(_by_recusals(me))
        return ~or_(first, appealed, declared(me, Review.lesson_id), recused, counts, second)


def _close_by_others(me: Any, since: Since) -> CompoundSelect[Any]:
    """The lessons that one of their authors makes this person too close to: what administrators may be asked for."""
    return union_all(_by_team(me), _by_leads(me), _by_often_decided(me, since), _by_deciders(me, since))


def _by_recusals(me: Any) -> CompoundSelect[Any]:
    """The lessons of everybody whose work this person leaves to others, and of whoever leaves theirs."""
    author, other = aliased(LessonAuthor), aliased(LessonAuthor)
    said, heard = aliased(Recusal), aliased(Recusal)
    return union_all(
        select(author.lesson_id).join(said, said.about_id == author.person_id).where(said.person_id == me),
        select(other.lesson_id).join(heard, heard.person_id == other.person_id).where(heard.about_id == me),
    )


def _by_team(me: Any) -> Select[Any]:
    author, person, grant = aliased(LessonAuthor), aliased(Person), aliased(Grant)
    return (
        select(author.lesson_id)
        .join(person, person.id == author.person_id)
        .join(grant, grant.scope_id == person.team_id)
        .where(grant.role == accounts.LEAD, grant.person_id == me)
    )


def _by_leads(me: Any) -> Select[Any]:
    author, mine, grant = aliased(LessonAuthor), aliased(Person), aliased(Grant)
    return (
        select(author.lesson_id)
        .join(grant, grant.person_id == author.person_id)
        .join(mine, mine.team_id == grant.scope_id)
        .where(grant.role == accounts.LEAD, mine.id == me)
    )


def _by_often_decided(me: Any, since: Since) -> Select[Any]:
    """Lessons of authors of whom this person decided about so many others lately."""
    past, author, other = aliased(Review), aliased(LessonAuthor), aliased(LessonAuthor)
    decided = select(past.lesson_id).where(past.decided_by_id == me, past.decided_at >= since.same_author)
    number = func.count(other.lesson_id)
    often = (
        select(other.person_id, number.label("number"))
        .where(other.lesson_id.in_(decided))
        .group_by(other.person_id)
        .having(number >= POLICY.same_author)
        .subquery()
    )
    itself = case((author.lesson_id.in_(decided), 1), else_=0)
    return (
        select(author.lesson_id)
        .join(often, often.c.person_id == author.person_id)
        .where(often.c.number - itself >= POLICY.same_author)
    )


def _by_deciders(me: Any, since: Since) -> Select[Any]:
    """Lessons of authors who decided lately about one of this person's."""
    author, mine, past = aliased(LessonAuthor), aliased(LessonAuthor), aliased(Review)
    return (
        select(author.lesson_id)
        .join(past, past.decided_by_id == author.person_id)
        .join(mine, mine.lesson_id == past.lesson_id)
        .where(mine.person_id == me, past.decided_at >= since.in_return)
    )
