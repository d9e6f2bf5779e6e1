"""What is promised to authors: an answer in two working days, a decision in five; and who hears when it is late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.inbox.models import Notice
from peerlearn.learn.models import Reading
from peerlearn.lessons.models import LessonAuthor
from peerlearn.requests.models import LessonRequest
from peerlearn.review import actions, escalating, rules, tending, waiting
from peerlearn.review.models import Report, Review
from tests import factories
from tests.conftest import Statements
from tests.page import Client
from tests.review.test_actions import THURSDAY, Desk
from tests.review.test_impartiality import lead
from tests.review.test_pages import words

Browser = Callable[[Person], Client]
DUE = THURSDAY + timedelta(days=4)  # over the weekend
DECIDE_BY = THURSDAY + timedelta(days=7)


@pytest.mark.parametrize(
    ("age", "promised", "people", "red", "expected"),
    [(24, 48, 15, False, 1.5), (60, 40, 3, True, 3.0), (500, 48, 0, False, 2.0), (0, 48, 0, False, 0.0)],
)
def test_how_urgent_something_is(age: float, promised: float, people: int, red: bool, expected: float) -> None:
    assert rules.priority(age, promised, people, red) == pytest.approx(expected)
    assert rules.priority(age, promised, people, red, is_disputed=True) > rules.priority(500, 48, 5_000, True)


@pytest.mark.parametrize(
    ("responded", "days", "late"),
    [(False, 3.9, False), (False, 4.1, True), (True, 4.1, False), (True, 6.9, False), (True, 7.1, True)],
)
def test_when_something_is_late(responded: bool, days: float, late: bool) -> None:
    answered = THURSDAY if responded else None
    assert rules.is_late(DUE, DECIDE_BY, answered, THURSDAY + timedelta(days=days)) is late


@pytest.fixture
def desk(db: Any) -> Desk:
    return Desk()


def told(kind: str) -> list[int]:
    return list(db.session.scalars(select(Notice.person_id).where(Notice.kind == kind).order_by(Notice.person_id)))


def escalate(moment: datetime) -> None:
    db.session.commit()
    with clock.at(moment):
        escalating.escalate()
    db.session.commit()


def test_an_answer_and_a_decision_are_promised(desk: Desk) -> None:
    assert (desk.review.due_at, desk.review.decide_by) == (DUE, DECIDE_BY)
    with clock.at(THURSDAY):
        actions.claim(desk.fresh(), by=desk.me(desk.tom))
    assert desk.fresh().responded_at == THURSDAY


def test_who_takes_it_and_gives_it_back_has_answered_nobody(desk: Desk) -> None:
    with clock.at(THURSDAY):
        actions.claim(desk.fresh(), by=desk.me(desk.tom))
        actions.release(desk.fresh(), by=desk.me(desk.tom))
    assert desk.fresh().responded_at is None
    with clock.at(THURSDAY + timedelta(hours=1)):
        actions.claim(desk.fresh(), by=desk.me(desk.uma))
    assert desk.fresh().responded_at == THURSDAY + timedelta(hours=1)


def test_who_left_a_remark_has_answered(desk: Desk) -> None:
    with clock.at(THURSDAY):
        actions.claim(desk.fresh(), by=desk.me(desk.tom))
        desk.block()
        actions.release(desk.fresh(), by=desk.me(desk.tom))
    assert desk.fresh().responded_at == THURSDAY


def test_curators_then_administrators_hear_once_each(desk: Desk) -> None:
    admin = factories.person("Admin", roles=(("admin", 0),))
    lead(desk.uma, desk.author.team_id)  # too close to decide
    escalate(DUE - timedelta(minutes=1))
    assert told("review_overdue") == []
    for _ in range(2):
        escalate(DUE + timedelta(minutes=1))
    assert (told("review_overdue"), told("decision_overdue")) == ([desk.tom.id], [])
    for _ in range(2):
        escalate(DECIDE_BY + timedelta(minutes=1))
    assert (told("review_overdue"), told("decision_overdue")) == ([desk.tom.id], [admin.id])


@pytest.fixture
def handed_up(desk: Desk) -> tuple[Desk, Person]:
    """Both curators lead an author, and say so a day after the lesson came in; an administrator is asked."""
    admin = factories.person("Admin", roles=(("admin", 0),))
    for curator in (desk.tom, desk.uma):
        lead(curator, desk.author.team_id)
    db.session.commit()
    with clock.at(HANDED_UP):
        tending.hand_up_stranded()
    db.session.commit()
    assert desk.fresh().handed_up_at == HANDED_UP
    return desk, admin


HANDED_UP = THURSDAY + timedelta(days=1)
ANSWER_AFTER = timedelta(days=4)  # two working days from Friday: over the weekend
DECIDE_AFTER = timedelta(days=7)


def test_administrators_are_reminded_once_each_of_what_was_handed_up(handed_up: tuple[Desk, Person]) -> None:
    _desk, admin = handed_up
    heard = []
    for wait in (ANSWER_AFTER, DECIDE_AFTER):
        for after in (-1, 1, 60):
            escalate(HANDED_UP + wait + timedelta(minutes=after))
            heard.append(told("stand_in_overdue"))
    escalate(HANDED_UP + timedelta(days=90))
    assert heard == [[], [admin.id], [admin.id], [admin.id], [admin.id] * 2, [admin.id] * 2]
    assert told("stand_in_overdue") == [admin.id] * 2
    assert told("review_overdue") == told("decision_overdue") == told("appointment_overdue") == []


def test_what_an_administrator_took_waits_for_a_decision_only(handed_up: tuple[Desk, Person]) -> None:
    desk, admin = handed_up
    with clock.at(HANDED_UP):
        actions.claim(desk.fresh(), by=desk.me(admin))
    escalate(HANDED_UP + ANSWER_AFTER + timedelta(minutes=1))
    assert told("stand_in_overdue") == []
    for days in (0, 30):
        escalate(HANDED_UP + DECIDE_AFTER + timedelta(days=days, minutes=1))
    assert told("stand_in_overdue") == [admin.id]


def test_what_was_late_for_curators_is_promised_anew_when_it_is_handed_up(desk: Desk) -> None:
    admin = factories.person("Admin", roles=(("admin", 0),))
    escalate(DECIDE_BY + timedelta(hours=1))
    assert told("decision_overdue") == [admin.id]
    for curator in (desk.tom, desk.uma):
        lead(curator, desk.author.team_id)
    db.session.commit()
    moment = DECIDE_BY + timedelta(hours=2)
    with clock.at(moment):
        tending.hand_up_stranded()
    for wait, wanted in ((timedelta(hours=1), 0), (ANSWER_AFTER, 1), (timedelta(days=10), 2), (timedelta(days=20), 2)):
        escalate(moment + wait + timedelta(minutes=1))
        assert told("stand_in_overdue") == [admin.id] * wanted


def test_reminders_go_to_whoever_may_decide_by_then(handed_up: tuple[Desk, Person]) -> None:
    """A curator made since, in place of an administrator who had a hand in it; without them, whoever makes one."""
    desk, admin = handed_up
    db.session.add(LessonAuthor(lesson_id=desk.review.lesson_id, person_id=admin.id, position=1, share=0.0))
    escalate(HANDED_UP + ANSWER_AFTER + timedelta(minutes=1))
    assert (told("stand_in_overdue"), told("appointment_overdue")) == ([], [admin.id])
    new = factories.person("New", roles=(("curator", desk.topic.id),))
    escalate(HANDED_UP + DECIDE_AFTER + timedelta(minutes=1))
    assert (told("stand_in_overdue"), told("appointment_overdue")) == ([new.id], [admin.id])


def test_many_handed_up_are_told_in_as_many_statements_as_few(
    handed_up: tuple[Desk, Person], statements: Statements
) -> None:
    desk, _admin = handed_up

    def count() -> int:
        statements.clear()
        escalate(HANDED_UP + timedelta(days=30))
        return len(statements)

    few = count()
    with clock.at(HANDED_UP):
        for _ in range(9):
            factories.reviewed_lesson(desk.me(desk.author), desk.topic)
    assert count() <= few
    assert len(told("stand_in_overdue")) == 10


def test_what_somebody_took_in_time_is_late_only_without_a_decision(desk: Desk) -> None:
    with clock.at(THURSDAY):
        actions.claim(desk.fresh(), by=desk.me(desk.tom))
    escalate(DUE + timedelta(hours=1))
    assert told("review_overdue") == []
    escalate(DECIDE_BY + timedelta(hours=1))
    assert told("review_overdue") == sorted([desk.tom.id, desk.uma.id])


def test_what_is_decided_is_told_to_nobody(desk: Desk) -> None:
    with clock.at(THURSDAY):
        actions.approve(desk.fresh(), factories.JUDGEMENT, by=desk.me(desk.tom))
    escalate(DECIDE_BY + timedelta(days=30))
    assert told("review_overdue") == told("decision_overdue") == []


def test_many_are_told_in_as_many_statements_as_few(desk: Desk, statements: Statements) -> None:
    def count(moment: datetime) -> int:
        statements.clear()
        escalate(moment)
        return len(statements)

    few = count(DECIDE_BY + timedelta(days=1))
    for number in range(9):
        with clock.at(THURSDAY):
            factories.reviewed_lesson(factories.person(f"Author {number}"), desk.topic)
    assert count(DECIDE_BY + timedelta(days=1)) <= few


def test_the_queue_is_in_the_order_of_the_rule(desk: Desk, client_for: Browser) -> None:
    """Wanted, read, young, old, late and reported lessons: what SQL sorts by is what the rule says."""
    now = THURSDAY + timedelta(days=2)
    made: dict[int, float] = {}
    for number, (hours, votes, red, readers) in enumerate(
        [(47, 0, 0, 0), (1, 7, 0, 0), (1, 0, 1, 0), (30, 3, 0, 0), (40, 0, 0, 0), (300, 0, 0, 0), (2, 0, 0, 5)]
    ):
        with clock.at(now - timedelta(hours=hours)):
            lesson, review = factories.reviewed_lesson(
                factories.person(f"Author {number}"), desk.topic, title=f"A lesson with number {number}"
            )
        if votes:
            who = {"asker_id": desk.author.id, "taker_id": desk.author.id}
            words_ = {"title": f"Wish {number}", "title_key": f"wish {number}"}
            db.session.add(LessonRequest(**words_, **who, state="taken", votes=votes, lesson_id=lesson.id))
        for reader in range(readers and readers + 1):  # and one eight days ago
            days = timedelta(days=1 + 7 * (reader == readers))
            row = {"person_id": factories.person().id, "lesson_id": lesson.id, "revision_id": review.revision_id}
            db.session.add(Reading(**row, started_at=now - days))
        if red:
            where = {"lesson_id": lesson.id, "revision_id": review.revision_id, "topic_id": desk.topic.id}
            db.session.add(Report(**where, kind="unsafe", reporter_id=desk.tom.id))
        promised = (review.due_at - review.submitted_at) / timedelta(hours=1)
        made[review.id] = rules.priority(hours, promised, votes + readers, bool(red))
    made[desk.review.id] = rules.priority(48, 96, 0, False)
    db.session.commit()
    wanted = sorted(made, key=lambda one: -made[one])
    with clock.at(now):
        page = waiting.queue(desk.me(desk.tom), size=3)
        rest = waiting.queue(desk.me(desk.tom), page.after, size=10)
        assert [row.id for row in (*page.rows, *rest.rows)] == wanted
        seen = words(client_for(desk.tom).get("/review"))
    assert "7 colleagues wait for it" in seen
    assert "5 colleagues read it in 7 days" in seen
    assert seen.count("Overdue") == 1


@pytest.mark.parametrize(
    ("weekday", "days", "expected"),
    [
        (4, 1, "2026-01-07 09:00"),  # Thursday
        (1, 2, "2026-01-01 09:00"),  # Monday … the Thursday before is the second
        (4, 5, "2026-01-01 09:00"),
        (6, 1, "2026-01-08 23:59"),  # Saturday: Friday's end
        (7, 1, "2026-01-08 23:59"),
    ],
)
def test_working_days_are_counted_back(weekday: int, days: int, expected: str) -> None:
    moment = datetime(2026, 1, 4 + weekday, 9, tzinfo=UTC)
    before = rules.working_days_before(moment, days, UTC)
    assert before.strftime("%Y-%m-%d %H:%M") == expected


def test_the_queue_says_how_long_what_waits_has_waited(desk: Desk, client_for: Browser) -> None:
    now = THURSDAY + timedelta(days=14)
    for hours in (1, 30, 31, 24 * 3):
        with clock.at(now - timedelta(hours=hours)):
            factories.reviewed_lesson(factories.person(), desk.topic)
    with clock.at(now):
        assert waiting.counts(desk.me(desk.tom), now, UTC).ages == (1, 2, 1, 1)
        page = client_for(desk.tom).get("/review")
    assert "under 1 day11 to 2 days22 to 5 days1over 5 days1" in words(page)


def test_every_promise_of_old_rows_is_a_week(desk: Desk) -> None:
    """Five working days after a moment of a working day are seven days later: what the migration writes."""
    for day in range(5):
        moment = datetime(2026, 1, 5, 9, tzinfo=UTC) + timedelta(days=day)
        assert rules.working_days_after(moment, 5, UTC) == moment + timedelta(days=7)
    assert db.session.scalar(select(Review.decide_by)) is not None
