"""What authors are paid for what stays: the worked examples, whose answers count, and a job that can run twice."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from peerlearn import cli
from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db as database
from peerlearn.core.db import set_reading
from peerlearn.core.facts import Fact
from peerlearn.learn.events import AnswerCorrected, PassCorrected
from peerlearn.lessons.events import LessonPublished
from peerlearn.lessons.models import Lesson
from peerlearn.points import actions, engine, evidence, retention, rules
from peerlearn.points.engine import Entry
from peerlearn.points.events import HeldPointsDecided, LessonRetained
from peerlearn.points.retention import Evidence
from peerlearn.points.rule import Account, Line
from peerlearn.points.rules import POLICY
from peerlearn.practice.events import ItemReviewed
from tests import factories
from tests.points.deeds import entries_of, happen, held_of, sums_of
from tests.points.records import BERLIN, MONDAY, passed, pretest, recorded, reviewed

MONTH_END = datetime(2026, 5, 4, 6, tzinfo=MONDAY.tzinfo)


def shown(*learners: tuple[int, float, int, int], pretests: int = 0, right: int = 0) -> Evidence:
    """So many learners of a weight, with so many answers and right ones together, at a chance of a quarter."""
    found = Evidence(pretests=pretests, pretests_right=right)
    for count, weight, answers, rights in learners:
        for number in range(count):
            mine = answers // count + (number < answers % count)
            good = rights // count + (number < rights % count)
            found.add(weight, mine, good, mine * 0.25)
    return found


WORKED = [
    (shown((20, 1.0, 60, 51), (10, 0.5, 30, 21), pretests=12, right=5), 0.5467, 13.6667, 95),
    (shown((100, 1.0, 300, 90)), 0.0, 0.0, 0),
    (shown((8, 1.0, 24, 22), pretests=8, right=2), 0.7889, 6.3111, 58),
]


@pytest.mark.parametrize(("found", "gained", "impact", "credit"), WORKED)
def test_worked_examples(found: Evidence, gained: float, impact: float, credit: int) -> None:
    assert retention.gain(found, POLICY) == pytest.approx(gained, abs=1e-4)
    assert found.weight * retention.gain(found, POLICY) == pytest.approx(impact, abs=1e-4)
    assert retention.credit(found, POLICY) == credit


@pytest.mark.parametrize(
    ("impact", "credit"), [(1, 13), (5, 50), (10, 79), (15, 100), (35, 150), (75, 200), (155, 250)]
)
def test_each_doubling_adds_fifty(impact: float, credit: int) -> None:
    known = 0.40 * 8 / 8
    found = Evidence(learners=3, weight=impact / (1 - known), answers=1, right=1, guessed=0)
    assert retention.credit(found, POLICY) == credit


def test_two_learners_are_too_few() -> None:
    assert retention.credit(shown((2, 1.0, 20, 20)), POLICY) == 0
    assert retention.credit(shown((3, 1.0, 20, 20)), POLICY) > 0
    assert retention.credit(Evidence(), POLICY) == 0


@pytest.mark.parametrize(
    ("after", "since", "it_counts"),
    [(7, 7, True), (6, 6, False), (90, 30, True), (91, 30, False), (-1, 9, False), (120, 6, False)],
)
def test_only_delayed_answers_of_the_first_weeks_count(after: int, since: int, it_counts: bool) -> None:
    day = date(2026, 3, 2)
    assert retention.counts(day + timedelta(days=after), since, [day], POLICY) is it_counts


def test_a_later_pass_opens_the_weeks_again() -> None:
    first, second = date(2026, 1, 1), date(2026, 6, 1)
    assert retention.counts(date(2026, 6, 20), 9, [first, second], POLICY)
    assert not retention.counts(date(2026, 6, 20), 9, [first], POLICY)


def test_the_month_that_ended_last() -> None:
    assert retention.month_before(date(2026, 3, 1)) == "2026-02"
    assert retention.month_before(date(2026, 1, 31)) == "2025-12"


def retained(credited: int = 0, shares: tuple[tuple[int, float], ...] = ((1, 1.0),)) -> LessonRetained:
    found = WORKED[0][0]
    return LessonRetained(7, "2026-02", **vars(found), credited=credited, credit=95, shares=shares)


def decided(event: LessonRetained, lines: tuple[Line, ...] = ()) -> list[Entry]:
    accounts = {person: Account(person, BERLIN, lines=lines) for person, _ in event.shares}
    found = engine.decide([recorded(event, by=None)], rules.RULES, accounts, POLICY)
    assert all(isinstance(item, Entry) for item in found), "the house posts; nobody is in a hurry"
    return [item for item in found if isinstance(item, Entry)]


def test_only_the_increase_is_paid_and_shared() -> None:
    assert [entry.amount for entry in decided(retained())] == [95]
    assert [entry.amount for entry in decided(retained(credited=58))] == [37]
    shared = decided(retained(credited=58, shares=((1, 0.5), (2, 0.3), (3, 0.2))))
    assert [entry.amount for entry in shared] == [19, 11, 7]
    assert shared[0].detail["values"] == {"learners": 30}


def test_less_than_before_takes_nothing_away() -> None:
    assert [entry.amount for entry in decided(retained(credited=200))] == [0]


def test_many_postings_are_no_burst_and_make_none() -> None:
    at = MONDAY - timedelta(minutes=1)
    lines = tuple(Line("T2", f"lesson:{n + 100}:month:2026-02", at, at.date(), 5) for n in range(40))
    assert [entry.amount for entry in decided(retained(), lines)] == [95]
    hurried = tuple(Line("L4", f"lesson:{n}:major:1", at, at.date(), 2) for n in range(40))
    assert [entry.amount for entry in decided(retained(), hurried)] == [95]
    account = {1: Account(1, BERLIN, lines=lines)}
    (pass_,) = engine.decide([recorded(passed(9))], rules.RULES, account, POLICY)
    assert isinstance(pass_, Entry), "postings make no burst of what their author does next"


# On a database


def answer(lesson: Lesson, number: int, *, right: bool = True, since: int = 20, **changes: Any) -> ItemReviewed:
    usual: dict[str, Any] = {
        "lesson_id": lesson.id,
        "item_id": number,
        "version_id": number,
        "question_id": number,
        "topic_ids": (lesson.topic_id,),
        "is_right": right,
        "mark": float(right),
        "confidence": "fairly",
        "guess_chance": 0.25,
        "seconds": 12.0,
        "is_rapid": False,
        "was_due": True,
        "scheduled_days": since,
        "days_since": since,
        "tier_repeated": False,
        "is_own": False,
    }
    return ItemReviewed(**(usual | changes))


def learn(lesson: Lesson, learner: Person, rights: int = 4, wrongs: int = 0, **changes: Any) -> None:
    """Pass a lesson and answer its questions again three weeks later."""
    happen(passed(lesson.id), by=learner, at=MONDAY)
    answers = [answer(lesson, n + 1, right=n < rights, **changes) for n in range(rights + wrongs)]
    happen(*answers, by=learner, at=MONDAY + timedelta(days=21))


def post(at: datetime = MONTH_END) -> int:
    with clock.at(at):
        today = clock.today("Europe/Berlin")
        grown = sum(actions.post_retention(evidence.gather(today.replace(day=1)), today))
    database.session.commit()
    return grown


def credit_of(person: Person) -> list[int]:
    return [entry.amount for entry in entries_of(person) if entry.rule == "T2"]


@pytest.fixture
def author(db: Any) -> Person:
    return factories.person("Ada Author")


@pytest.fixture
def lesson(author: Person) -> Lesson:
    with clock.at(MONDAY - timedelta(days=7)):
        found = factories.published_lesson(author)
    database.session.commit()
    return found


@pytest.fixture
def learners(db: Any) -> list[Person]:
    return [factories.person() for _ in range(4)]


def test_authors_are_paid_once_a_month(lesson: Lesson, author: Person, learners: list[Person]) -> None:
    for learner in learners:
        learn(lesson, learner)
    assert post() == 1
    assert credit_of(author) == [retention.credit(shown((4, 1.0, 16, 16)), POLICY)]
    before = sums_of(author)
    assert post() == 0
    assert post(MONTH_END + timedelta(days=10)) == 0
    assert (credit_of(author), sums_of(author)) == ([35], before)
    assert database.session.scalar(select(func.count()).where(Fact.type == "LessonRetained")) == 1
    assert actions.verify() == []


def test_the_next_month_pays_the_increase(lesson: Lesson, author: Person, learners: list[Person]) -> None:
    for learner in learners[:3]:
        learn(lesson, learner)
    assert post() == 1
    learn(lesson, learners[3])
    assert post() == 0, "the month has been posted"
    assert post(MONTH_END + timedelta(days=31)) == 1
    first, second = credit_of(author)
    assert first + second == retention.credit(shown((4, 1.0, 16, 16)), POLICY)
    assert actions.verify() == []


def test_an_unfinished_month_waits(lesson: Lesson, author: Person, learners: list[Person]) -> None:
    for learner in learners:
        learn(lesson, learner)
    assert post(MONDAY + timedelta(days=25)) == 0
    assert credit_of(author) == []


def test_what_nobody_checked_for_long_waits(lesson: Lesson, author: Person, learners: list[Person]) -> None:
    for learner in learners:
        learn(lesson, learner)
    due = lesson.check_on
    lesson.check_on = clock.day_of(MONTH_END, "Europe/Berlin") - timedelta(days=31)
    database.session.commit()
    assert post() == 0
    assert credit_of(author) == []
    lesson.check_on = due
    database.session.commit()
    assert post() == 1
    assert credit_of(author) == [retention.credit(shown((4, 1.0, 16, 16)), POLICY)]


def test_what_was_taken_back_is_not_paid_again(lesson: Lesson, author: Person, learners: list[Person]) -> None:
    for learner in learners:
        learn(lesson, learner)
    post()
    entry = next(entry for entry in entries_of(author) if entry.rule == "T2")
    actions.reverse(entry, "The learners were invented.", by=factories.person(roles=(("admin", 0),)))
    database.session.commit()
    assert post(MONTH_END + timedelta(days=31)) == 0
    assert sum(credit_of(author)) == 0
    assert actions.verify() == []


def evidence_of(lesson: Lesson) -> Evidence:
    return evidence.gather(date(2026, 5, 1))[lesson.id].evidence


def test_whose_answers_count(lesson: Lesson, author: Person, learners: list[Person]) -> None:
    learn(lesson, author)
    learn(lesson, learners[0], is_own=True)
    learn(lesson, learners[1], is_rapid=True)
    learn(lesson, learners[2], since=6)
    happen(*[answer(lesson, n) for n in range(3)], by=learners[3], at=MONDAY + timedelta(days=21))  # never passed it
    assert evidence_of(lesson) == Evidence()
    curator = factories.person()
    happen(reviewed(99, lesson_id=lesson.id), by=curator)
    learn(lesson, curator)
    assert evidence_of(lesson) == Evidence()
    learn(lesson, factories.person(), 3, 1)
    assert evidence_of(lesson) == Evidence(learners=1, weight=1, answers=4, right=3, guessed=1)


def test_former_authors_stay_out(lesson: Lesson, author: Person, learners: list[Person]) -> None:
    helper = learners[0]
    said = {"lesson_id": lesson.id, "revision_id": 1, "major": 1, "is_first": False, "topic_ids": (lesson.topic_id,)}
    happen(LessonPublished(**said, shares=((author.id, 0.6), (helper.id, 0.4))), by=author)
    learn(lesson, helper)
    happen(LessonPublished(**said, shares=((author.id, 1.0),)), by=author)
    assert evidence.gather(date(2026, 5, 1))[lesson.id].shares == ((author.id, 1.0),)
    assert evidence_of(lesson) == Evidence()


def test_the_own_team_counts_half(db: Any, learners: list[Person]) -> None:
    team = factories.team()
    lead = factories.person(roles=(("lead", team.id),))
    lesson = factories.published_lesson(lead)
    report = factories.person(team_id=team.id)
    db.session.commit()
    learn(lesson, report)
    learn(lesson, learners[0])
    assert evidence_of(lesson) == Evidence(learners=2, weight=1.5, answers=6, right=6, guessed=1.5)


def test_somebody_whose_points_were_refused_proves_nothing(lesson: Lesson, learners: list[Person]) -> None:
    admin = factories.person(roles=(("admin", 0),))
    for learner in learners[:3]:
        learn(lesson, learner)
    happen(HeldPointsDecided(1, learners[0].id, False, 10), by=admin)
    happen(HeldPointsDecided(2, learners[1].id, True, 10), by=admin)
    happen(HeldPointsDecided(3, learners[2].id, False, 10), by=None)  # it went with a wrong key, nobody's fault
    assert evidence_of(lesson).learners == 2


def test_what_a_wrong_key_made_of_it_is_left_out(lesson: Lesson, learners: list[Person]) -> None:
    learn(lesson, learners[0], 2, 2)
    learn(lesson, learners[1], 4)
    curator = factories.person()
    happen(AnswerCorrected(learners[0].id, lesson.id, 4, 4, 1, True, "same"), by=curator)
    assert evidence_of(lesson) == Evidence(learners=2, weight=2, answers=6, right=5, guessed=1.5)
    no_pass = PassCorrected.of(learners[1].id, False, MONDAY, MONDAY.date(), passed(lesson.id))
    happen(no_pass, by=curator)
    assert evidence_of(lesson).learners == 1


def test_pretests_are_the_baseline(lesson: Lesson, author: Person, learners: list[Person]) -> None:
    happen(pretest(lesson.id, is_right=True), by=learners[0])
    happen(pretest(lesson.id), by=learners[1])
    happen(pretest(lesson.id, is_rapid=True), by=learners[2])
    happen(pretest(lesson.id, is_right=True), by=author)
    found = evidence_of(lesson)
    assert (found.pretests, found.pretests_right) == (2, 1)


def test_many_lessons_at_once_wait_for_nobody(author: Person, learners: list[Person]) -> None:
    lessons = [factories.published_lesson(author) for _ in range(22)]
    database.session.commit()
    for learner in learners[:3]:
        for number, lesson in enumerate(lessons):
            at = MONDAY + timedelta(hours=number)
            happen(passed(lesson.id), by=learner, at=at)
            happen(answer(lesson, number + 1), by=learner, at=at + timedelta(days=21))
    assert post() == 22
    assert (len(credit_of(author)), held_of(author)) == (22, [])
    assert actions.verify() == []
    assert actions.rebuild() > 0
    assert actions.verify() == []


def test_reading_takes_no_more_statements_for_more_people(
    lesson: Lesson, learners: list[Person], statements: list[str]
) -> None:
    learn(lesson, learners[0])
    statements.clear()
    evidence_of(lesson)
    few = len(statements)
    for learner in learners[1:]:
        learn(lesson, learner)
    statements.clear()
    evidence_of(lesson)
    assert len(statements) == few


def test_the_receipt_says_why(client_for: Any, lesson: Lesson, author: Person, learners: list[Person]) -> None:
    for learner in learners:
        learn(lesson, learner)
    post()
    page = client_for(author).get("/points").text
    assert f"People still know “{lesson.title}”" in page
    assert "So far 4 people have been asked again" in page
    assert f"your lesson “{lesson.title}” weeks later" in client_for(author).get("/inbox").text
    book = client_for(author).get("/points/how").text
    assert "At least 3 learners were asked again" in book


def test_the_command_pays_once(app: Flask, lesson: Lesson, author: Person, learners: list[Person]) -> None:
    for learner in learners:
        learn(lesson, learner)
    said = []
    for _run in range(2):
        with clock.at(MONTH_END):
            said.append(app.test_cli_runner().invoke(cli.points_group, ["retention"]).output)
        set_reading(False)
    assert said == [f"2026-04: {count} of 1 lessons earned their authors more.\n" for count in (1, 0)]
    assert credit_of(author) == [35]
