"""Curators who do nothing for long, on a real database: what counts as doing something, who is told, what lapses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from peerlearn.accounts.models import Absence, Grant, Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.facts import Fact
from peerlearn.inbox.models import Notice
from peerlearn.lessons.models import Lesson, Topic
from peerlearn.review import actions as review
from peerlearn.review import lapsing, standing
from peerlearn.review import queries as reviewing
from peerlearn.review import rules as review_rules
from peerlearn.review.models import IdleSpell, Report, Review
from tests import factories
from tests.page import Client

ClientFor = Callable[..., Client]
BEGIN = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = BEGIN.date()


@dataclass
class Desk:
    """A topic with two curators of which one is quiet, and a lesson in it."""

    topic: Topic
    quiet: Person
    busy: Person
    author: Person
    lesson: Lesson


@pytest.fixture
def desk(app: Flask) -> Desk:
    """Both were made curators on the same day; another lesson waits all the time."""
    with clock.at(BEGIN):
        topic, author = factories.topic("Tea"), factories.person("Ada Author")
        quiet = factories.person("Quentin Quiet", roles=factories.curator_of(topic.id))
        busy = factories.person("Bea Busy", roles=factories.curator_of(topic.id))
        lesson = factories.published_lesson(author, topic)
        for grant in db.session.scalars(select(Grant).where(Grant.person_id.not_in((quiet.id, busy.id)))):
            db.session.delete(grant)
        factories.reviewed_lesson(author, topic)
        db.session.commit()
    return Desk(topic, quiet, busy, author, lesson)


def at(days: float) -> Any:
    return clock.at(BEGIN + timedelta(days=days))


def settle(days: int) -> None:
    with at(days):
        lapsing.settle(DAY + timedelta(days=days))
        db.session.commit()


def act(who: Person, desk: Desk, days: float) -> None:
    """An act of a curator: they verify the lesson."""
    with at(days):
        standing.decide(
            factories.reloaded_lesson(desk.lesson.id),
            "verify",
            "",
            by=factories.reloaded(who),
            zone_name=clock.organisation_zone(),
        )
        db.session.commit()


def holds(who: Person) -> list[int]:
    return list(db.session.scalars(select(Grant.scope_id).where(Grant.person_id == who.id)))


def told(kind: str) -> list[int]:
    return list(db.session.scalars(select(Notice.person_id).where(Notice.kind == kind).order_by(Notice.id)))


def test_two_weeks_before_they_are_told_and_then_it_lapses(desk: Desk, client_for: ClientFor) -> None:
    act(desk.busy, desk, 60)
    settle(75)
    assert told("curator_quiet") == []
    settle(76)
    settle(76)
    settle(80)
    assert told("curator_quiet") == [desk.quiet.id]
    with at(80):
        inbox = client_for(factories.reloaded(desk.quiet)).get("/inbox").text
    assert "quiet around you as curator of Tea. The role ends on 31 May 2026" in inbox
    settle(89)
    assert holds(desk.quiet) == [desk.topic.id]
    settle(90)
    assert (holds(desk.quiet), holds(desk.busy)) == ([], [desk.topic.id])
    settle(91)
    assert told("curator_lapsed") == [desk.quiet.id]
    facts = db.session.scalars(select(Fact).where(Fact.type == "RoleLapsed")).all()
    assert [(fact.data["person_id"], fact.data["scope_id"], fact.actor_id) for fact in facts] == [
        (desk.quiet.id, desk.topic.id, None)
    ]


def test_administrators_read_of_it_and_give_the_role_again_with_one_click(desk: Desk, client_for: ClientFor) -> None:
    act(desk.busy, desk, 60)
    settle(76)
    settle(90)
    with at(91):
        admin = client_for(factories.person(roles=(("admin", 0),)))
        assert "Quentin Quiet has no longer the role Curator" in admin.get("/audit").text
        page = admin.get(f"/people/{desk.quiet.id}")
        assert "Tea · lapsed on" in page.text
        assert "31 May 2026" in page.text
        admin.post(f"/people/{desk.quiet.id}/roles", {"role": "curator", "scope": str(desk.topic.id)})
        assert "lapsed on" not in admin.get(f"/people/{desk.quiet.id}").text
    assert holds(desk.quiet) == [desk.topic.id]
    act(desk.busy, desk, 160)
    settle(91 + 75)
    assert len(told("curator_quiet")) == 1
    settle(91 + 76)
    assert len(told("curator_quiet")) == 2


def test_nobody_lapses_where_nobody_else_is_left(desk: Desk) -> None:
    """Both are idle: neither is told, since the other is no help."""
    for days in (76, 90, 120):
        settle(days)
    assert told("curator_quiet") == [desk.quiet.id, desk.busy.id]  # each was told while the other was not yet idle
    assert holds(desk.quiet)
    assert holds(desk.busy)


def test_another_curator_who_is_away_is_no_help(desk: Desk) -> None:
    act(desk.busy, desk, 60)
    settle(76)
    first, last = DAY + timedelta(days=85), DAY + timedelta(days=95)
    db.session.add(Absence(person_id=desk.busy.id, first_day=first, last_day=last))
    db.session.commit()
    settle(90)
    assert holds(desk.quiet)
    settle(96)
    assert not holds(desk.quiet)


def test_time_off_is_no_idle_time(desk: Desk) -> None:
    first, last = DAY + timedelta(days=10), DAY + timedelta(days=29)
    db.session.add(Absence(person_id=desk.quiet.id, first_day=first, last_day=last))
    db.session.commit()
    act(desk.busy, desk, 60)
    settle(95)
    assert told("curator_quiet") == []
    settle(96)
    assert told("curator_quiet") == [desk.quiet.id]


def test_nothing_to_do_is_no_idleness(desk: Desk) -> None:
    """Lessons that came long ago and were decided leave nothing to do; one that comes changes that."""
    act(desk.busy, desk, 100)
    for waiting in db.session.scalars(select(Review).where(Review.state == "open")):
        waiting.state = "withdrawn"
    db.session.commit()
    settle(100)
    assert told("curator_quiet") == []
    with at(100):
        elsewhere = factories.topic()
        factories.person(roles=factories.curator_of(elsewhere.id))
        factories.reviewed_lesson(desk.author, elsewhere)
        settle(100)
        assert told("curator_quiet") == []  # what waits elsewhere is nothing either
        factories.reviewed_lesson(desk.quiet, desk.topic)
        settle(100)
        assert told("curator_quiet") == []  # one's own lesson is nothing one could do
        factories.reviewed_lesson(desk.busy, desk.topic)  # by another curator: this one could have been decided
    settle(100)
    assert told("curator_quiet") == [desk.quiet.id]


def test_an_appointment_begins_anew_whatever_was_done_before(desk: Desk) -> None:
    act(desk.quiet, desk, 1)
    act(desk.busy, desk, 150)
    db.session.execute(
        update(Grant).where(Grant.person_id == desk.quiet.id).values(given_at=BEGIN + timedelta(days=80))
    )
    settle(80 + 75)
    assert told("curator_quiet") == []
    settle(80 + 76)
    assert told("curator_quiet") == [desk.quiet.id]


def claims(desk: Desk) -> None:
    _lesson, waiting = factories.reviewed_lesson(desk.author, desk.topic)
    seen = reviewing.review_to_change(waiting.id, factories.reloaded(desk.quiet))
    assert seen is not None
    review.claim(seen.review, by=desk.quiet)


def remarks(desk: Desk) -> None:
    claims(desk)
    newest = select(func.max(Review.id))
    seen = reviewing.review_to_change(db.session.scalars(newest).one(), factories.reloaded(desk.quiet))
    assert seen is not None
    words = review.Words("note", review_rules.Place(), review.written("A remark."))
    review.remark(seen.review, words, by=desk.quiet)


def verifies(desk: Desk) -> None:
    standing.decide(
        factories.reloaded_lesson(desk.lesson.id),
        "verify",
        "",
        by=factories.reloaded(desk.quiet),
        zone_name=clock.organisation_zone(),
    )


def answers_a_report(desk: Desk) -> None:
    about = {"lesson_id": desk.lesson.id, "revision_id": desk.lesson.published_id, "topic_id": desk.topic.id}
    decided = {"state": "upheld", "decided_by_id": desk.quiet.id, "decided_at": clock.now()}
    db.session.add(Report(**about, **decided, kind="unclear", reporter_id=desk.busy.id))


def takes_words_over(desk: Desk) -> None:
    made = factories.suggested(desk.lesson, factories.person(), "A worked example", "One example")
    made.state, made.decided_by_id, made.decided_at, made.reason = "declined", desk.quiet.id, clock.now(), "No."


def looks_again(desk: Desk) -> None:
    standing.note_all("again_fine", [desk.lesson.id], "Fine.", by=desk.quiet)


@pytest.mark.parametrize("does", [claims, remarks, verifies, answers_a_report, takes_words_over, looks_again])
def test_what_counts_as_doing_something(desk: Desk, does: Callable[[Desk], None]) -> None:
    with at(50):
        does(desk)
        db.session.commit()
    act(desk.busy, desk, 100)
    settle(50 + 75)
    assert told("curator_quiet") == []
    settle(50 + 76)
    assert told("curator_quiet") == [desk.quiet.id]


def submits(desk: Desk) -> None:
    factories.reviewed_lesson(desk.quiet, desk.topic)


def tells_of_a_source(desk: Desk) -> None:
    standing.note_all("source_changed", [desk.lesson.id], "", by=desk.quiet)


def checks_their_own(desk: Desk) -> None:
    standing.note_all("verify", [factories.published_lesson(desk.quiet, desk.topic).id], "", by=desk.quiet)


def works_elsewhere(desk: Desk) -> None:
    standing.note_all("again_fine", [factories.published_lesson().id], "Fine.", by=desk.quiet)


@pytest.mark.parametrize("does", [submits, tells_of_a_source, checks_their_own, works_elsewhere])
def test_what_does_not_count(desk: Desk, does: Callable[[Desk], None]) -> None:
    with at(50):
        does(desk)
        db.session.commit()
    act(desk.busy, desk, 60)
    settle(76)
    assert told("curator_quiet") == [desk.quiet.id]


def test_who_looks_after_all_topics_lapses_only_beside_another_such(desk: Desk) -> None:
    with clock.at(BEGIN):
        everywhere = factories.person("Eve", roles=(("curator", 0),))
    act(desk.busy, desk, 60)
    settle(76)
    assert told("curator_quiet") == [desk.quiet.id]  # for the topic there is Bea; for all topics nobody but Eve
    with at(60):
        factories.person("Ed", roles=(("curator", 0),))
    settle(77)
    assert told("curator_quiet") == [desk.quiet.id, everywhere.id]


def test_two_looks_at_once_tell_once_and_lapse_once(desk: Desk) -> None:
    act(desk.busy, desk, 60)
    with at(76):
        found = lapsing.due(DAY + timedelta(days=76))
        for _ in range(2):
            lapsing.settle(DAY + timedelta(days=76))
    assert len(found) == 1
    assert len(db.session.scalars(select(IdleSpell)).all()) == 1
    assert told("curator_quiet") == [desk.quiet.id]
    db.session.commit()


def test_one_process_looks_once_a_day(app: Flask, desk: Desk, statements: list[str]) -> None:
    app.extensions.pop("looked_for_idle", None)
    with at(10):
        assert lapsing.tend() is False
        assert 0 < len(statements) <= 3
        statements.clear()
        lapsing.tend()
        assert statements == []
    with at(11):
        lapsing.tend()
        assert statements


@pytest.mark.parametrize("number", [3, 30])
def test_looking_costs_the_same_for_few_and_many(desk: Desk, statements: list[str], number: int) -> None:
    with clock.at(BEGIN):
        for _ in range(number):
            factories.person(roles=factories.curator_of(desk.topic.id))
    act(desk.busy, desk, 60)
    statements.clear()
    with at(76):
        assert len(lapsing.due(date(2026, 5, 17))) == number + 1
    assert len(statements) == 5, statements
