"""People who prepare as curators of a topic: who asks them, how far they came, and when it ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, select, update

from peerlearn.accounts import rules as accounts
from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import ask, table_of
from peerlearn.core.deeds import deed, publish
from peerlearn.core.errors import NotValid
from peerlearn.core.upsert import insert_into
from peerlearn.core.words import N_
from peerlearn.lessons import sharing
from peerlearn.lessons.models import Topic
from peerlearn.review import shadowing
from peerlearn.review.events import AskedToPrepare, PreparationEnded
from peerlearn.review.models import Calibration, IdleSpell, Preparation, Review
from peerlearn.review.shadowing import Progress


@dataclass(frozen=True)
class Preparing:
    """Somebody who prepares as curator of a topic, and how far they came."""

    topic_id: int
    topic: str
    progress: Progress


@deed
def ask_to_prepare(person: Person, topic_id: int, *, by: Person) -> bool:
    """Ask somebody to prepare as curator of a topic; whether that is new."""
    topic = ask(select(Topic.id).where(Topic.id == topic_id, Topic.is_active)).scalar()
    if topic is None or not person.is_active:
        raise NotValid(N_("Choose a topic from the list."))
    if person.holds(accounts.CURATOR, topic_id):
        raise NotValid(N_("This person is curator of the topic already."))
    now = clock.now()
    row = {"person_id": person.id, "topic_id": topic_id, "asked_by_id": by.id, "asked_at": now, "ended_at": None}
    adding = insert_into(Preparation).values(row)
    again = {"asked_by_id": by.id, "asked_at": now, "ended_at": None}
    adding = adding.on_conflict_do_update(
        index_elements=["person_id", "topic_id"], set_=again, where=Preparation.ended_at.is_not(None)
    )
    if ask(adding.returning(Preparation.topic_id)).first() is None:
        return False
    publish(AskedToPrepare(person.id, topic_id, now.isoformat()), by=by)
    return True


@deed
def end(person_id: int, topic_id: int, *, by: Person) -> None:
    """Somebody need not prepare any more; what they rated stays."""
    if _end(person_id, topic_id):
        publish(PreparationEnded(person_id, topic_id), by=by)


def has_come_about(person_id: int, scope_id: int) -> None:
    """Somebody is curator now: preparing for it ends, for all topics where they look after all."""
    _end(person_id, scope_id)


def _end(person_id: int, scope_id: int) -> bool:
    open_ones = Preparation.person_id == person_id, Preparation.ended_at.is_(None)
    theirs = () if scope_id == accounts.EVERYWHERE else (Preparation.topic_id == scope_id,)
    ending = update(table_of(Preparation)).where(*open_ones, *theirs).values(ended_at=clock.now())
    return bool(ask(ending).rowcount)


def of(person_id: int) -> Sequence[Preparing]:
    """For which topics somebody prepares, and how far they came. One statement."""
    return [read(row) for row in ask(under_way(person_id))]


def read(row: Any) -> Preparing:
    """A row of `under_way` as a value."""
    return Preparing(row[0], row[1], Progress(row[2], row[3]))


def under_way(person_id: int) -> Any:
    """The statement that says so: topic and name, and how many lessons were rated and agreed about."""
    counts = func.count(Review.id), func.coalesce(func.sum(_agreed()), 0)
    theirs = (Calibration.person_id == Preparation.person_id) & (Calibration.topic_id == Preparation.topic_id)
    return (
        select(Preparation.topic_id, Topic.name, *counts)
        .join(Topic, Topic.id == Preparation.topic_id)
        .outerjoin(Calibration, theirs)
        .outerjoin(Review, Review.id == Calibration.review_id)
        .where(Preparation.person_id == person_id, Preparation.ended_at.is_(None))
        .group_by(Preparation.topic_id, Topic.name)
        .order_by(Topic.name)
    )


def _agreed() -> Any:
    alike = ((Review.state == state) & (Calibration.advice == advice) for state, advice in shadowing.DECIDED.items())
    return case(*((one, 1) for one in alike), else_=0)


def is_ready(person_id: int, scope_id: int) -> bool:
    """Whether somebody can be made curator without a word about why: they prepared, or were it before."""
    was = select(func.count()).where(
        IdleSpell.person_id == person_id, IdleSpell.scope_id == scope_id, IdleSpell.lapsed_on.is_not(None)
    )
    theirs = Calibration.person_id == person_id, Calibration.topic_id == scope_id
    rated = select(func.count(), func.coalesce(func.sum(_agreed()), 0)).select_from(Calibration)
    statement = rated.join(Review, Review.id == Calibration.review_id).where(*theirs)
    row = ask(statement.add_columns(was.scalar_subquery())).one()
    return bool(row[2]) or Progress(row[0], row[1]).is_ready()


def judged(person_id: int, scope_id: int, reason: str) -> tuple[str | None, str]:
    """What is missing before somebody is made curator, and the reason to keep; who is ready needs none."""
    if is_ready(person_id, scope_id):
        return None, ""
    return shadowing.reason_problem(reason), sharing.line(reason, "reason")
