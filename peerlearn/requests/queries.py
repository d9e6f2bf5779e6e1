"""Which requests wait, and everything that one request's page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from peerlearn.accounts.models import Person
from peerlearn.core.db import db
from peerlearn.core.paging import LARGEST_ID, PAGE, Page
from peerlearn.lessons.models import Topic
from peerlearn.requests.models import LessonRequest, RequestVote
from peerlearn.requests.rules import WAITING, State

SHOWN_TO_AUTHORS = 3


@dataclass(frozen=True)
class Shown:
    """A request, and whether the person who looks at it voted for it."""

    request: LessonRequest
    has_voted: bool


def _shown(person_id: int) -> Select[LessonRequest, bool]:
    voted = exists().where(RequestVote.request_id == LessonRequest.id, RequestVote.person_id == person_id)
    return (
        select(LessonRequest, voted)
        .outerjoin(LessonRequest.topic)
        .options(
            contains_eager(LessonRequest.topic),
            joinedload(LessonRequest.asker).load_only(Person.name),
            joinedload(LessonRequest.taker).load_only(Person.name),
            joinedload(LessonRequest.lesson),
        )
    )


def request_by_id(request_id: int, person_id: int) -> Shown | None:
    """A request with its names, in one statement."""
    row = db.session.execute(_shown(person_id).where(LessonRequest.id == request_id)).first()
    return Shown(row[0], bool(row[1])) if row else None


def board(person_id: int, state: State, topic: str | None, after: str | None, size: int = PAGE) -> Page[Shown]:
    """The requests in a state, those that most people want first, then the oldest. `after`: the last one seen."""
    statement = _shown(person_id).where(LessonRequest.state == state)
    if topic:
        statement = statement.where(Topic.slug == topic)
    key = _read(after)
    if key:
        votes, last = key
        later = and_(LessonRequest.votes == votes, LessonRequest.id > last)
        statement = statement.where(or_(LessonRequest.votes < votes, later))
    statement = statement.order_by(LessonRequest.votes.desc(), LessonRequest.id).limit(size + 1)
    rows = [Shown(row[0], bool(row[1])) for row in db.session.execute(statement)]
    more = len(rows) > size
    return Page(rows[:size], _key(rows[size - 1].request) if more else None)


def _key(request: LessonRequest) -> str:
    return f"{request.votes}-{request.id}"


def _read(after: str | None) -> tuple[int, int] | None:
    votes, _, last = (after or "").partition("-")
    if not (votes.isdecimal() and last.isdecimal() and len(votes) < 11 and len(last) < 11):
        return None
    return min(int(votes), LARGEST_ID), min(int(last), LARGEST_ID)


def waiting_by_title(title_key: str) -> LessonRequest | None:
    """The request of this title that waits."""
    statement = select(LessonRequest).where(LessonRequest.title_key == title_key, LessonRequest.state.in_(WAITING))
    return db.session.scalar(statement)


def asked_since(person_id: int, moment: Any) -> int:
    """How many requests a person made since a moment."""
    statement = select(func.count()).where(LessonRequest.asker_id == person_id, LessonRequest.asked_at >= moment)
    return db.session.scalar(statement) or 0


def voters(request_id: int) -> tuple[int, ...]:
    """Everybody who wants this lesson."""
    statement = select(RequestVote.person_id).where(RequestVote.request_id == request_id)
    return tuple(db.session.scalars(statement.order_by(RequestVote.person_id)))


def being_written(lesson_id: int) -> Sequence[LessonRequest]:
    """The requests that this lesson is written for."""
    statement = select(LessonRequest).where(LessonRequest.lesson_id == lesson_id, LessonRequest.state == State.TAKEN)
    return db.session.scalars(statement).all()


def wanted_most(person_id: int) -> dict[str, Any] | None:
    """Fills the page on which a lesson begins: what most colleagues wait for and nobody writes yet."""
    found = board(person_id, State.OPEN, None, None, size=SHOWN_TO_AUTHORS).rows
    return {"wanted": found} if found else None
