"""Those who want points without learning: what each trick pays, to the point (ENGINE E5 and E17)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.errors import Conflict, DomainError, NotAllowed, NotFound
from peerlearn.learn import access
from peerlearn.learn import actions as learn
from peerlearn.learn.models import Reaction
from peerlearn.lessons import actions as lessons
from peerlearn.lessons import contributing
from peerlearn.lessons.models import Topic
from peerlearn.points import access as purses
from peerlearn.points import actions as points
from peerlearn.points.models import HeldEntry, LedgerEntry
from peerlearn.review import access as desks
from peerlearn.review import actions as review
from peerlearn.review import going_live, reporting
from peerlearn.review import queries as reviewing
from peerlearn.review.models import Review
from tests import factories
from tests.factories import JUDGEMENT, MONDAY, Walk, reloaded

pytestmark = [pytest.mark.security, pytest.mark.usefixtures("db")]


def paid(person: Person, rule: str) -> list[int]:
    """What a rule paid a person, line by line, 0 included."""
    mine = select(LedgerEntry.amount).where(LedgerEntry.person_id == person.id, LedgerEntry.rule == rule)
    return list(db.session.scalars(mine.order_by(LedgerEntry.id)))


@pytest.fixture(autouse=True)
def _the_books_agree(db: Any) -> Any:
    yield
    assert points.verify() == []


def ready(person: Person, slug: str, **values: Any) -> Walk:
    walk = Walk(person, slug, **values)
    walk.read()
    return walk


def test_a_lesson_pays_once_however_often_it_is_passed() -> None:
    person, slug = factories.person(), factories.published_lesson().slug
    walk = ready(person, slug)
    walk.quiz()
    for _ in range(5):
        walk.moment += timedelta(hours=9)
        try:
            walk.read()
            walk.quiz()
        except DomainError:
            continue
    assert paid(person, "L1") == [10]


def test_a_later_pass_pays_nothing() -> None:
    person, slug = factories.person(), factories.published_lesson().slug
    walk = ready(person, slug)
    walk.quiz(False, False, False)
    walk.moment += timedelta(hours=1)
    walk.quiz()
    assert sum(paid(person, "L1")) == 0


def test_sixty_tries_of_a_guesser_pay_nothing() -> None:
    person, slug = factories.person(), factories.published_lesson().slug
    walk = ready(person, slug)
    refused = 0
    walk.quiz(False, False, False)
    for number in range(60):
        walk.moment += timedelta(minutes=3)
        try:
            walk.quiz(number % 2 == 0, False, False)
        except (Conflict, AssertionError):
            refused += 1
    assert refused >= 30, "a round cools down for ten minutes"
    assert sum(paid(person, "L1")) == 0


@pytest.mark.parametrize(
    ("reading", "answering", "wanted"), [(60, 10, 10), (60, 1.5, 0), (60, 0.2, 0), (1, 10, 0), (60, 2.0, 10)]
)
def test_speed_pays_nothing(reading: float, answering: float, wanted: int) -> None:
    person, slug = factories.person(), factories.published_lesson().slug
    walk = Walk(person, slug)
    walk.read(reading)
    walk.quiz(seconds=answering)
    assert sum(paid(person, "L1")) == wanted


def test_skipping_the_cards_pays_nothing() -> None:
    person, slug = factories.person(), factories.published_lesson().slug
    walk = Walk(person, slug)
    walk.quiz()
    assert sum(paid(person, "L1")) == 0


def test_who_knows_the_answers_is_not_paid_for_them() -> None:
    topic: Topic = factories.topic()
    author, friend = factories.person(), factories.person()
    curator = factories.person(roles=(("curator", topic.id),))
    everywhere = factories.person(roles=(("curator", 0),))
    lesson, revision = lessons.import_file(factories.lesson_text(topic), owner=author, by=author)
    assert revision is not None
    contributing.add_author(lesson, friend, by=author)
    lessons.submit(revision, by=author)
    db.session.commit()
    waiting = db.session.scalars(select(Review).where(Review.revision_id == revision.id)).one()
    seen = reviewing.review_to_change(waiting.id, curator)
    assert seen is not None
    review.approve(seen.review, JUDGEMENT, by=curator)
    db.session.commit()
    for person in (author, friend, curator, everywhere):
        ready(reloaded(person), lesson.slug).quiz()
        assert sum(paid(person, "L1")) == 0
        assert sum(paid(person, "L4")) == 0
    assert [sum(paid(person, "T1")) for person in (author, friend, curator)] == [18, 2, 0]
    assert sum(paid(curator, "C1")) in {0, 6}


def test_four_lessons_a_day_pay_three() -> None:
    person = factories.person()
    for number in range(4):
        ready(person, factories.published_lesson().slug, moment=MONDAY + timedelta(hours=number)).quiz()
    assert paid(person, "L1") == [10, 10, 10, 0]
    ready(person, factories.published_lesson().slug, moment=MONDAY + timedelta(days=1)).quiz()
    assert sum(paid(person, "L1")) == 40


def test_three_lessons_a_week_pay_their_author_two() -> None:
    author, topic = factories.person(), factories.topic()
    with clock.at(MONDAY):
        for _ in range(3):
            factories.published_lesson(author, topic)
    assert paid(author, "T1") == [20, 20, 0]


def test_toggling_a_reaction_pays_nobody() -> None:
    author, person = factories.person(), factories.person()
    slug = factories.published_lesson(author).slug
    walk = ready(person, slug)
    walk.quiz()
    before = db.session.scalar(select(func.count(LedgerEntry.id)))
    for number in range(40):
        lesson, where = access.lesson_to_learn(slug, person)
        learn.react(lesson, where, "useful", stands=number % 2 == 0, by=person)
    db.session.commit()
    assert db.session.scalar(select(func.count(LedgerEntry.id))) == before
    assert db.session.scalar(select(func.count(Reaction.id)).where(Reaction.person_id == person.id)) == 0
    lesson, where = access.lesson_to_learn(slug, author)
    with pytest.raises(NotAllowed):
        learn.react(lesson, where, "useful", stands=True, by=author)


def test_a_co_author_never_decides_also_one_who_left() -> None:
    topic = factories.topic()
    author = factories.person()
    helper = factories.person(roles=(("curator", topic.id),))
    lesson, revision = lessons.import_file(factories.lesson_text(topic), owner=author, by=author)
    assert revision is not None
    for change in (
        lambda: contributing.add_author(lesson, helper, by=author),
        lambda: contributing.remove_author(lesson, helper.id, by=author),
    ):
        change()
        lessons.submit(revision, by=author)
        db.session.commit()
        db.session.expire_all()
        waiting = db.session.scalars(select(Review).where(Review.revision_id == revision.id, Review.state == "open"))
        with pytest.raises(NotAllowed):
            desks.review_to_decide(waiting.one().id, reloaded(helper))
        lessons.withdraw(revision, by=author)
        db.session.commit()
    assert paid(helper, "C1") == []


@pytest.mark.parametrize("is_scheduled", [False, True])
def test_nobody_becomes_an_author_of_what_they_judge_or_judged(is_scheduled: bool) -> None:
    topic = factories.topic()
    author, lesson_curator = factories.person(), factories.person(roles=(("curator", topic.id),))
    lesson, waiting = factories.reviewed_lesson(author, topic)
    if is_scheduled:
        seen = reviewing.review_to_change(waiting.id, lesson_curator)
        assert seen is not None
        with clock.at(clock.now() - timedelta(minutes=5)):
            review.claim(seen.review, by=lesson_curator)
        moment = going_live.moment_of(clock.today("UTC") + timedelta(days=3), "UTC")
        review.approve(seen.review, JUDGEMENT, by=lesson_curator, goes_live_at=moment)
        db.session.commit()
    for change in (
        lambda: contributing.add_author(lesson, lesson_curator, by=author),
        lambda: contributing.add_colleague(lesson, lesson_curator.id, by=author),
        lambda: contributing.set_authors(lesson, [(author, 0.1), (lesson_curator, 0.9)], by=author),
    ):
        with pytest.raises(Conflict, match="while curators have the text"):
            change()
    contributing.set_shares(lesson, {author.id: 100}, by=author)  # nobody joins by that


def test_authors_are_fixed_once_it_paid() -> None:
    author, late = factories.person(), factories.person()
    lesson = factories.published_lesson(author)
    with pytest.raises(Conflict):
        contributing.add_author(lesson, late, by=author)
    assert paid(author, "T1") == [20]
    assert paid(late, "T1") == []


def test_a_report_pays_its_first_reporter_once_and_never_its_judge() -> None:
    topic = factories.topic()
    author = factories.person()
    lesson, _where = access.lesson_to_read(factories.published_lesson(author, topic).slug, author)
    judge = factories.person(roles=(("curator", topic.id),))
    first, second = factories.person(), factories.person()
    words = review.written("The second step is missing on this card, so one is stuck.")
    problem = reporting.Problem("wrong", card=1, text=words)
    with pytest.raises(NotAllowed):
        reporting.report(lesson, problem, by=author)
    made = [reporting.report(lesson, problem, by=who) for who in (first, first, second, judge)]
    assert made[0] is made[1]
    db.session.commit()
    with pytest.raises(NotAllowed):
        desks.report_to_decide(made[3].id, reloaded(judge))
    for report in (made[0], made[2]):
        reporting.uphold(desks.report_to_decide(report.id, reloaded(judge)), "", by=reloaded(judge))
    with pytest.raises(Conflict):
        reporting.uphold(desks.report_to_decide(made[0].id, reloaded(judge)), "", by=reloaded(judge))
    with pytest.raises(NotFound):
        desks.report_to_decide(made[0].id, factories.person(roles=(("curator", factories.topic().id),)))
    db.session.commit()
    assert (paid(first, "T5"), paid(second, "T5"), paid(judge, "T5"), paid(author, "T5")) == ([3], [0], [], [])


def test_many_reviews_a_day_pay_five() -> None:
    topic = factories.topic()
    curator = factories.person(roles=(("curator", topic.id),))
    words = review.Judgement(JUDGEMENT.rubric, JUDGEMENT.checklist, "Good and clear, thank you. " * 5)
    with clock.at(MONDAY):
        for _ in range(6):
            _lesson, waiting = factories.reviewed_lesson(factories.person(), topic)
            seen = reviewing.review_to_change(waiting.id, curator)
            assert seen is not None
            review.approve(seen.review, words, by=curator)
    db.session.commit()
    assert paid(curator, "C1") == [6, 6, 6, 6, 6, 0]


def test_nobody_releases_points_of_their_own_or_their_team() -> None:
    team = factories.team()
    admin = factories.person(roles=(("admin", 0),), team=team)
    mate = factories.person(team=team)
    now = clock.now()
    day = {"day": now.date(), "is_workday": True, "reason": "burst", "detail": {}, "at": now}
    for who in (admin, mate):
        held = HeldEntry(person_id=who.id, track="xp", rule="L1", rule_version=1, amount=10, source="x", **day)
        db.session.add(held)
        db.session.commit()
        with pytest.raises(NotAllowed):
            purses.held_to_decide(held.id, by=reloaded(admin))
