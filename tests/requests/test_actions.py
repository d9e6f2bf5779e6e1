"""Asking, voting, taking and answering on a real database."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db as database
from peerlearn.core.errors import Conflict, NotAllowed, NotFound, NotValid, TooMany
from peerlearn.core.facts import Fact
from peerlearn.inbox.models import Notice
from peerlearn.lessons.models import Lesson
from peerlearn.requests import access, actions, queries
from peerlearn.requests.models import LessonRequest, RequestVote
from peerlearn.requests.rules import POLICY, State
from tests import factories

TITLE = "Book a room in another office"


@pytest.fixture
def asker(db: Any) -> Person:
    return factories.person("Asker")


@pytest.fixture
def request_(db: Any, asker: Person) -> LessonRequest:
    found, is_new = actions.ask(title=TITLE, why="", topic=factories.topic(), by=asker)
    assert is_new
    db.session.commit()
    return found


def notices(db: Any, person: Person) -> list[str]:
    db.session.commit()
    return list(db.session.scalars(select(Notice.kind).where(Notice.person_id == person.id).order_by(Notice.id)))


def facts(kind: str, person: Person | None = None) -> list[dict[str, Any]]:
    mine = [] if person is None else [Fact.actor_id == person.id]
    return list(database.session.scalars(select(Fact.data).where(Fact.type == kind, *mine).order_by(Fact.id)))


def again(db: Any, found: LessonRequest) -> LessonRequest:
    db.session.commit()
    db.session.expire_all()
    return db.session.get_one(LessonRequest, found.id)


def test_asking_is_the_first_vote(db: Any, asker: Person, request_: LessonRequest) -> None:
    assert (request_.state, request_.votes) == (State.OPEN, 1)
    assert queries.voters(request_.id) == (asker.id,)
    assert len(facts("LessonRequested", asker)) == 1


def test_asking_for_what_is_asked_for_is_a_vote(db: Any, request_: LessonRequest) -> None:
    other = factories.person()
    found, is_new = actions.ask(title=f"  {TITLE.upper()} ", why="Me too", topic=None, by=other)
    assert (found.id, is_new) == (request_.id, False)
    assert again(db, request_).votes == 2
    actions.ask(title=TITLE, why="", topic=None, by=other)
    assert again(db, request_).votes == 2


def test_a_closed_request_can_be_made_again(db: Any, asker: Person, request_: LessonRequest) -> None:
    actions.close(request_, "", by=asker)
    found, is_new = actions.ask(title=TITLE, why="", topic=None, by=asker)
    assert is_new
    assert found.id != request_.id


@pytest.mark.parametrize(
    ("title", "why", "field"),
    [("Short", "", "title"), ("x" * 81, "", "title"), ("  \u200b ", "", "title"), (TITLE, "x" * 501, "why")],
)
def test_what_cannot_be_asked(db: Any, asker: Person, title: str, why: str, field: str) -> None:
    with pytest.raises(NotValid) as refused:
        actions.ask(title=title, why=why, topic=None, by=asker)
    assert list(refused.value.fields) == [field]


def test_a_few_requests_a_day(db: Any, asker: Person, request_: LessonRequest) -> None:
    for number in range(1, POLICY.a_day):
        actions.ask(title=f"{TITLE} {number}", why="", topic=None, by=asker)
    with pytest.raises(TooMany):
        actions.ask(title=f"{TITLE} again", why="", topic=None, by=asker)
    with clock.at(clock.now() + timedelta(days=1, seconds=1)):
        assert actions.ask(title=f"{TITLE} again", why="", topic=None, by=asker)[1]


def test_votes_count_once_and_can_be_taken_back(db: Any, request_: LessonRequest) -> None:
    other = factories.person()
    actions.vote(request_, by=other)
    actions.vote(request_, by=other)
    assert again(db, request_).votes == 2
    actions.unvote(request_, by=other)
    actions.unvote(request_, by=other)
    assert again(db, request_).votes == 1
    assert len(db.session.scalars(select(RequestVote.person_id)).all()) == 1


def test_taking_begins_the_lesson_and_tells_the_asker(db: Any, asker: Person, request_: LessonRequest) -> None:
    author, topic = factories.person(), factories.topic()
    lesson = actions.take(request_, topic=topic, by=author)
    found = again(db, request_)
    assert (found.state, found.taker_id, found.lesson_id, found.topic_id) == ("taken", author.id, lesson.id, topic.id)
    assert (lesson.title, lesson.owner_id) == (TITLE, author.id)
    assert notices(db, asker) == ["request_taken"]
    with pytest.raises(Conflict):
        access.request_to("take", request_.id, by=factories.person())


def test_giving_back_keeps_the_draft(db: Any, request_: LessonRequest) -> None:
    author = factories.person()
    lesson = actions.take(request_, topic=factories.topic(), by=author)
    actions.give_back(access.request_to("give_back", request_.id, by=author), by=author)
    found = again(db, request_)
    assert (found.state, found.taker_id, found.lesson_id) == ("open", None, None)
    assert db.session.get(Lesson, lesson.id) is not None
    assert len(facts("RequestGivenBack", author)) == 1


def test_somebody_else_takes_over_what_lapsed(db: Any, request_: LessonRequest) -> None:
    first, second = factories.person(), factories.person()
    actions.take(request_, topic=factories.topic(), by=first)
    db.session.commit()
    with clock.at(clock.now() + POLICY.writing_time + timedelta(seconds=1)):
        lesson = actions.take(access.request_to("take", request_.id, by=second), topic=factories.topic(), by=second)
    assert (again(db, request_).taker_id, request_.lesson_id) == (second.id, lesson.id)


def test_publishing_answers_it_and_tells_everybody_who_wanted_it(
    db: Any, asker: Person, request_: LessonRequest
) -> None:
    fan, author = factories.person(), factories.person()
    actions.vote(request_, by=fan)
    lesson = factories.published_lesson(author)
    request_.state, request_.taker_id, request_.lesson_id = State.TAKEN, author.id, lesson.id
    db.session.commit()
    factories.republish(lesson, lambda text: text)
    assert again(db, request_).state == State.TAKEN, "only a first publication answers"
    draft, waiting = factories.reviewed_lesson(author, factories.topic())
    request_.lesson_id = draft.id
    db.session.commit()
    factories.approve(waiting, factories.person(roles=(("curator", waiting.topic_id),)))
    found = again(db, request_)
    assert (found.state, found.lesson_id) == (State.ANSWERED, draft.id)
    assert notices(db, asker) == notices(db, fan) == ["request_answered"]
    assert facts("RequestAnswered")[-1]["voter_ids"] == sorted([asker.id, fan.id])


def test_a_lesson_that_was_there_already_answers_it(db: Any, asker: Person, request_: LessonRequest) -> None:
    fan, lesson = factories.person(), factories.published_lesson()
    actions.vote(request_, by=fan)
    for wrong in (None, factories.reviewed_lesson(factories.person(), factories.topic())[0]):
        with pytest.raises(NotValid):
            actions.answer(request_, wrong, by=asker)
    actions.answer(request_, lesson, by=asker)
    assert again(db, request_).state == State.ANSWERED
    assert notices(db, fan) == ["request_answered"]
    assert notices(db, asker) == [], "one's own deed is no news"


def test_a_curator_closes_with_a_reason(db: Any, asker: Person, request_: LessonRequest) -> None:
    curator = factories.reloaded(factories.person(roles=(("curator", request_.topic_id or 0),)))
    with pytest.raises(NotValid):
        actions.close(request_, "No.", by=curator)
    actions.close(request_, "This is what the help desk is for.", by=curator)
    assert again(db, request_).state == State.CLOSED
    assert notices(db, asker) == ["request_closed"]
    with pytest.raises(Conflict):
        access.request_to("vote", request_.id, by=curator)


def test_what_is_anothers_is_refused(db: Any, request_: LessonRequest) -> None:
    other = factories.person(roles=(("curator", factories.topic().id),))
    for act in ("answer", "close", "give_back"):
        with pytest.raises(NotAllowed):
            access.request_to(act, request_.id, by=other)
    with pytest.raises(NotFound):
        access.request_to("vote", 10**9, by=other)
