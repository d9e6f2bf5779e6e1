"""Two people who are close for good: neither decides about the other's work, whoever of them said so.

Only whoever said it sees it, and nobody is asked why. What others meet is that somebody else decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, delete, func, or_, select, update

from peerlearn.accounts import queries as accounts
from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import ask, db, table_of
from peerlearn.core.deeds import deed
from peerlearn.core.errors import NotValid
from peerlearn.core.upsert import insert_into
from peerlearn.core.words import N_
from peerlearn.lessons.models import LessonAuthor
from peerlearn.review import claims
from peerlearn.review.models import Assignment, Recusal, Review


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers of recusals."""

    people: int = 5  # whom one person may name


POLICY = Policy()
YOURSELF = N_("That is you. Your own work is decided by others in any case.")
UNKNOWN = N_("Nobody here has this address. Check the spelling.")
TOO_MANY = N_("You have named five people, which is as many as can be. Take one back first.")


def named_by(person_id: int) -> Sequence[tuple[int, str]]:
    """Whose work somebody leaves to others, by id and name."""
    statement = select(Person.id, Person.name).join(Recusal, Recusal.about_id == Person.id)
    rows = ask(statement.where(Recusal.person_id == person_id).order_by(Person.name, Person.id))
    return [(row[0], row[1]) for row in rows]


@deed
def recuse(email: str, *, by: Person) -> None:
    """Leave the work of whoever has this address to others at once; they leave what one hands in from now on.

    What somebody has handed in stays with whoever decides about it: nobody chooses a judge. Said twice it is once.
    """
    person = accounts.active_by_email(email)
    wrong = UNKNOWN if person is None else YOURSELF if person.id == by.id else None
    if wrong or person is None:
        raise NotValid(wrong or UNKNOWN, fields={"email": [wrong or UNKNOWN]})
    row = {"person_id": by.id, "about_id": person.id, "at": clock.now()}
    ask(insert_into(Recusal).values(row).on_conflict_do_nothing())
    if (ask(select(func.count()).where(Recusal.person_id == by.id)).scalar() or 0) > POLICY.people:
        raise NotValid(TOO_MANY, fields={"email": [TOO_MANY]})
    _ask_no_more(by.id, person.id)
    _give_back(by.id, person.id)


@deed
def take_back(about_id: int, *, by: Person) -> None:
    """They may decide about each other's work again, unless the other one said so too."""
    ask(delete(table_of(Recusal)).where(Recusal.person_id == by.id, Recusal.about_id == about_id))


def _ask_no_more(person_id: int, author_id: int) -> None:
    """Whoever was asked about work of the other and has not answered need not any more; somebody else is asked."""
    open_ones = (
        Assignment.person_id == person_id,
        Assignment.state == "open",
        Assignment.review_id.in_(_open(author_id)),
    )
    ask(update(table_of(Assignment)).where(*open_ones).values(state="declined", answered_at=clock.now()))


def _give_back(person_id: int, author_id: int) -> None:
    """What they took and have not decided goes back to the queue: they could not even give it back any more."""
    held = or_(Review.claimed_by_id == person_id, Review.first_right_id == person_id)
    claims.give_back(db.session.scalars(select(Review).where(held, Review.id.in_(_open(author_id)))).all(), person_id)
    db.session.flush()


def _open(author_id: int) -> Select[int]:
    theirs = select(Review.id).join(LessonAuthor, LessonAuthor.lesson_id == Review.lesson_id)
    return theirs.where(LessonAuthor.person_id == author_id, Review.state == "open")
