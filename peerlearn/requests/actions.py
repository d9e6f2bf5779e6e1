"""Asking for lessons, wanting them too, writing them, and ending what is answered. None of it commits."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, update

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import ask as ask_database
from peerlearn.core.db import db, table_of
from peerlearn.core.deeds import deed, publish
from peerlearn.core.errors import Conflict, NotValid, TooMany
from peerlearn.core.text import name_key
from peerlearn.core.upsert import insert_into
from peerlearn.core.words import N_
from peerlearn.lessons import actions as lessons
from peerlearn.lessons import sharing
from peerlearn.lessons.models import Lesson, Topic
from peerlearn.lessons.rules import FOR_SOME, Kind
from peerlearn.requests import queries
from peerlearn.requests.events import (
    LessonRequested,
    RequestAnswered,
    RequestClosed,
    RequestGivenBack,
    RequestTaken,
)
from peerlearn.requests.models import IS_WAITING, LessonRequest, RequestVote
from peerlearn.requests.rules import POLICY, State

TITLE = N_("Use 8 to 80 characters, so that it says something and fits into a list.")
WHY = N_("Use at most 500 characters.")
REASON = N_("Say in 10 to 300 characters why it is closed. Whoever asked reads it.")
NO_LESSON = N_("There is no published lesson at this address. Open the lesson and copy its address from the browser.")
_DAY = timedelta(days=1)


@deed
def ask(*, title: str, why: str, topic: Topic | None, by: Person) -> tuple[LessonRequest, bool]:
    """Ask for a lesson; the request, and whether it is new. One that waits already gets a vote instead."""
    title, why = sharing.line(title, "title"), sharing.words(why, "why")
    if not POLICY.title_minimum <= len(title) <= POLICY.title_maximum:
        raise NotValid(TITLE, {"title": [TITLE]})
    if len(why) > POLICY.why_maximum:
        raise NotValid(WHY, {"why": [WHY]})
    if queries.asked_since(by.id, clock.now() - _DAY) >= POLICY.a_day:
        raise TooMany(N_("You asked for several lessons today. Please come back tomorrow with the next one."))
    values = {
        "title": title,
        "title_key": name_key(title),
        "why": why,
        "topic_id": topic.id if topic else None,
        "state": State.OPEN,
        "votes": 1,
        "asker_id": by.id,
        "asked_at": clock.now(),
        "reason": "",
        "saves": 1,
    }
    statement = insert_into(LessonRequest).on_conflict_do_nothing(index_elements=("title_key",), index_where=IS_WAITING)
    request_id = ask_database(statement.returning(table_of(LessonRequest).c.id), values).scalar()
    if request_id is None:
        found = queries.waiting_by_title(name_key(title))
        if found is None:
            raise Conflict()
        vote(found, by=by)
        return found, False
    request = db.session.get_one(LessonRequest, request_id)
    db.session.add(RequestVote(request_id=request.id, person_id=by.id))
    publish(LessonRequested(request.id, request.topic_id), by=by)
    return request, True


@deed
def vote(request: LessonRequest, *, by: Person) -> None:
    """Want a lesson too. Doing it twice is doing it once."""
    values = {"request_id": request.id, "person_id": by.id, "at": clock.now()}
    statement = insert_into(RequestVote).on_conflict_do_nothing().returning(table_of(RequestVote).c.person_id)
    if ask_database(statement, values).scalar() is not None:
        _count(request, 1)


@deed
def unvote(request: LessonRequest, *, by: Person) -> None:
    """Want a lesson no more."""
    votes = table_of(RequestVote)
    gone = delete(votes).where(votes.c.request_id == request.id, votes.c.person_id == by.id)
    if ask_database(gone).rowcount:
        _count(request, -1)


def _count(request: LessonRequest, change: int) -> None:
    """Votes are added up by the database, so that two at once both count."""
    found = table_of(LessonRequest)
    ask_database(update(found).where(found.c.id == request.id).values(votes=found.c.votes + change))
    db.session.expire(request, ["votes"])


@deed
def take(request: LessonRequest, *, topic: Topic, by: Person) -> Lesson:
    """Begin the lesson that was asked for; its first draft carries the title and the topic."""
    lesson = lessons.start_lesson(kind=str(Kind.HOW_TO), title=request.title, topics=[topic], by=by)
    request.state, request.taker, request.taken_at = State.TAKEN, by, clock.now()
    request.lesson, request.topic = lesson, topic
    publish(RequestTaken(request.id, lesson.id, request.asker_id), by=by)
    return lesson


@deed
def give_back(request: LessonRequest, *, by: Person) -> None:
    """Let somebody else write it. The draft stays its author's."""
    request.state, request.taker, request.taken_at, request.lesson = State.OPEN, None, None, None
    publish(RequestGivenBack(request.id), by=by)


@deed
def answer(request: LessonRequest, lesson: Lesson | None, *, by: Person) -> None:
    """Say that there is a lesson for it already."""
    if lesson is None or lesson.state != "published" or lesson.classification in FOR_SOME:
        raise NotValid(NO_LESSON, {"lesson": [NO_LESSON]})
    end_with(request, lesson, by=by)


@deed
def end_with(request: LessonRequest, lesson: Lesson, *, by: Person | None) -> None:
    """A request is answered by a lesson, and everybody who wanted it hears of it."""
    request.state, request.lesson, request.ended_at = State.ANSWERED, lesson, clock.now()
    publish(RequestAnswered(request.id, lesson.id, queries.voters(request.id)), by=by)


@deed
def close(request: LessonRequest, reason: str, *, by: Person) -> None:
    """End a request without a lesson. Whoever asked hears why; one's own needs no reason."""
    reason = "" if by.id == request.asker_id else sharing.line(reason, "reason")
    if by.id != request.asker_id and not POLICY.reason_minimum <= len(reason) <= POLICY.reason_maximum:
        raise NotValid(REASON, {"reason": [REASON]})
    request.state, request.reason, request.ended_at = State.CLOSED, reason, clock.now()
    publish(RequestClosed(request.id, request.asker_id), by=by)
