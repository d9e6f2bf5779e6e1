"""Checks on a real database: verifying, telling, doubting, handing over, archiving."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from peerlearn.accounts import actions as accounts
from peerlearn.accounts.models import Person
from peerlearn.analysis.events import ItemFlagged
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.deeds import deed, publish
from peerlearn.core.facts import Fact
from peerlearn.inbox.models import Notice
from peerlearn.lessons import actions as lesson_actions
from peerlearn.lessons import queries as lessons
from peerlearn.lessons import showing
from peerlearn.lessons.models import Lesson, LessonAuthor
from peerlearn.points.models import LedgerEntry
from peerlearn.practice.models import Holding
from peerlearn.review import queries as review
from peerlearn.review import reporting, standing
from peerlearn.review.models import Report, StandingAct
from peerlearn.verification import actions, heirs, queries, tending
from peerlearn.verification.models import CheckReminder
from tests import factories
from tests.factories import Walk

BEGIN = datetime(2026, 1, 5, 9, tzinfo=UTC)
DUE = date(2026, 7, 4)


@pytest.fixture
def lesson(app: Any) -> Lesson:
    """A lesson that was published half a year before its check is due."""
    with clock.at(BEGIN):
        found = factories.published_lesson()
        db.session.commit()
    return found


def on(day: date) -> Any:
    """Noon of a day."""
    return clock.at(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))


def now_of(lesson: Lesson) -> Lesson:
    db.session.expire_all()
    found = lessons.lesson_by_id(lesson.id)
    assert found is not None
    return found


def owner_of(lesson: Lesson) -> Person:
    return factories.reloaded(lesson.owner_id)


def told(kind: str) -> list[int]:
    """Who was told, in the order in which it was written."""
    return list(db.session.scalars(select(Notice.person_id).where(Notice.kind == kind).order_by(Notice.id)))


def test_publishing_dates_the_next_check(lesson: Lesson) -> None:
    assert lesson.check_on == DUE


@pytest.mark.parametrize(("importance", "days"), [("critical", 90), ("ordinary", 180), ("optional", 180)])
def test_where_a_mistake_does_harm_it_is_checked_more_often(app: Any, importance: str, days: int) -> None:
    """However the check comes about: by publication, by its page, or together with others (ENGINE E13)."""
    topic = factories.topic()
    topic.importance = importance
    db.session.commit()
    draft = lesson_actions.start_lesson(kind="how-to", title="How it begins", topics=[topic], by=factories.person())
    first = lessons.open_revision(draft.id)
    assert first is not None
    assert f"review_every: {days}" in first.source or days == 180
    with clock.at(BEGIN):
        lesson = factories.published_lesson(topic_=topic)
        db.session.commit()
    for number in range(2):
        due = now_of(lesson).check_on
        assert due == BEGIN.date() + (number + 1) * timedelta(days=days) - number * timedelta(days=5)
        with on(due - timedelta(days=5)):
            assert actions.verify_all({lesson.id: now_of(lesson).version}, by=owner_of(lesson)) == 1
            db.session.commit()
    with on(date(2026, 12, 24)):
        found = now_of(lesson)
        showing.verify(found, by=owner_of(lesson))
        assert found.check_on == date(2026, 12, 24) + timedelta(days=days)


def test_any_topic_in_which_a_mistake_does_harm_is_enough(app: Any) -> None:
    """The second topic of a lesson counts, from the text on that names it, and in every way to check it."""
    first, second = factories.topic(), factories.topic()
    second.importance = "critical"
    with clock.at(BEGIN):
        lesson = factories.published_lesson(topic_=first)
        assert lesson.check_on == BEGIN.date() + timedelta(days=180)
        both = f"topics: [{first.slug}, {second.slug}]"
        factories.republish(lesson, lambda source: source.replace(f"topics: [{first.slug}]", both))
    due = now_of(lesson).check_on
    assert due == BEGIN.date() + timedelta(days=90)
    with on(due):
        [row] = queries.to_check(owner_of(lesson), due, [lesson.id])
        assert row.days == 90
        actions.verify_all({lesson.id: now_of(lesson).version}, by=owner_of(lesson))
        db.session.commit()
    assert now_of(lesson).check_on == due + timedelta(days=90)
    with on(due + timedelta(days=10)):
        showing.verify(now_of(lesson), by=owner_of(lesson))
        assert now_of(lesson).check_on == due + timedelta(days=100)
        draft = lesson_actions.start_lesson(
            kind="how-to", title="How both begin", topics=[first, second], by=factories.person()
        )
        text = lessons.open_revision(draft.id)
    assert text is not None
    assert "review_every: 90" in text.source


@pytest.mark.parametrize(("kind", "days"), [("how-to", 180), ("decision", 365), ("lesson-learned", 365)])
def test_a_draft_begins_with_the_interval_of_its_kind_and_its_author_may_choose(app: Any, kind: str, days: int) -> None:
    author, topic = factories.person(), factories.topic()
    db.session.commit()
    lesson = lesson_actions.start_lesson(kind=kind, title="How it begins", topics=[topic], by=author)
    draft = lessons.open_revision(lesson.id)
    assert draft is not None
    assert (f"review_every: {days}" in draft.source) is (days != 180), "180 days is what a text means that says nothing"
    with clock.at(BEGIN):
        chosen = factories.published_lesson(author, topic, front="review_every: 30\n")
        db.session.commit()
    assert chosen.check_on == BEGIN.date() + timedelta(days=30)


def test_owners_hear_three_times_and_never_twice(lesson: Lesson) -> None:
    heard = []
    for days in (-15, -14, -13, -4, -3, -2, 0, 1, 20):
        with on(DUE + timedelta(days=days)):
            while tending.tell_of_checks():
                pass
            db.session.commit()
            heard.append(len(told("check_due")))
    assert heard == [0, 1, 1, 1, 2, 2, 3, 3, 3]
    assert set(told("check_due")) == {lesson.owner_id}


def test_many_are_told_in_as_many_statements_as_few(app: Any, statements: list[str]) -> None:
    counts = []
    for number in (3, 9):
        with clock.at(BEGIN):
            for _ in range(number):
                factories.published_lesson()
            db.session.commit()
        with on(DUE - timedelta(days=10)):
            statements.clear()
            assert actions.tell() == number
            counts.append(len(statements))
            db.session.commit()
    assert counts[0] == counts[1]


def test_the_owner_checks_in_time_and_is_paid_once_for_reading(lesson: Lesson) -> None:
    with on(DUE - timedelta(days=3)):
        for _ in range(2):
            found = now_of(lesson)
            standing.decide(found, "verify", "", by=owner_of(lesson), zone_name="UTC", was_read=True)
            db.session.commit()
    assert now_of(lesson).check_on == DUE - timedelta(days=3) + timedelta(days=180)
    paid = select(LedgerEntry.amount).where(LedgerEntry.rule == "C3").order_by(LedgerEntry.id)
    assert list(db.session.scalars(paid)) == [3, 0]


def test_a_check_without_reading_counts_and_pays_nothing(lesson: Lesson) -> None:
    with on(DUE - timedelta(days=3)):
        assert actions.verify_all({lesson.id: lesson.version}, by=owner_of(lesson)) == 1
        db.session.commit()
    assert now_of(lesson).check_on > DUE
    assert list(db.session.scalars(select(LedgerEntry.amount).where(LedgerEntry.rule == "C3"))) == [0]
    assert list(db.session.scalars(select(StandingAct.act))) == ["verify"]


def test_many_are_verified_in_as_many_statements_as_few(app: Any, statements: list[str]) -> None:
    curator = factories.person(roles=(("curator", 0),))
    counts = []
    for number in (2, 12):
        with clock.at(BEGIN):
            found = [factories.published_lesson() for _ in range(number)]
            db.session.commit()
            versions = {one.id: one.version for one in found}
        with on(DUE):
            statements.clear()
            assert actions.verify_all(versions, by=curator) == number
            counts.append(len(statements))
            db.session.commit()
    assert counts[0] == counts[1]


def test_what_is_not_due_and_what_is_not_theirs_is_left_alone(lesson: Lesson) -> None:
    stranger = factories.person()
    with on(DUE):
        assert actions.verify_all({lesson.id: lesson.version}, by=stranger) == 0
    with on(DUE - timedelta(days=20)):
        assert actions.verify_all({lesson.id: lesson.version}, by=owner_of(lesson)) == 0
    assert now_of(lesson).check_on == DUE


def test_a_curator_who_had_a_hand_in_it_does_not_check_it(lesson: Lesson) -> None:
    curator = factories.person(roles=(("curator", lesson.topic_id),))
    with on(DUE):
        assert [row.lesson_id for row in queries.page_to_check(curator, DUE).rows] == [lesson.id]
        db.session.add(LessonAuthor(lesson_id=lesson.id, person_id=curator.id, position=1, share=0.0))
        db.session.commit()
        assert queries.page_to_check(factories.reloaded(curator), DUE).rows == []
        assert actions.verify_all({lesson.id: lesson.version}, by=factories.reloaded(curator)) == 0


def test_what_changed_meanwhile_is_left_alone(lesson: Lesson) -> None:
    with on(DUE):
        assert actions.verify_all({lesson.id: lesson.version - 1}, by=owner_of(lesson)) == 0
    assert now_of(lesson).check_on == DUE


def uphold(lesson: Lesson, times: int) -> None:
    """Reports on a lesson that a curator agreed with."""
    curator = factories.person(roles=(("curator", 0),))
    for _ in range(times):
        reporter = factories.person()
        row = Report(
            lesson_id=lesson.id,
            revision_id=lesson.published_id,
            topic_id=lesson.topic_id,
            card=1,
            kind="outdated",
            text="This has changed since.",
            reporter_id=reporter.id,
        )
        db.session.add(row)
        db.session.commit()
        found = review.report_by_id(row.id, curator)
        assert found is not None
        reporting.uphold(found, "", by=curator)
        db.session.commit()


@pytest.mark.parametrize(("reports", "is_doubted"), [(1, False), (2, True)])
def test_upheld_reports_make_a_check_due_at_once(lesson: Lesson, reports: int, is_doubted: bool) -> None:
    day = DUE - timedelta(days=100)
    with on(day):
        uphold(lesson, reports)
    assert now_of(lesson).check_on == (day if is_doubted else DUE)


@pytest.mark.parametrize(("flag", "is_doubted"), [("drift", True), ("too_hard", False)])
def test_a_question_that_is_answered_worse_makes_a_check_due_at_once(
    lesson: Lesson, flag: str, is_doubted: bool
) -> None:
    day = DUE - timedelta(days=100)
    with on(day):
        deed(lambda: publish(ItemFlagged(1, lesson.id, 1, flag, "red", False, ()), by=None))()
        db.session.commit()
    assert now_of(lesson).check_on == (day if is_doubted else DUE)


def test_a_doubt_never_puts_a_check_off(lesson: Lesson) -> None:
    with on(DUE + timedelta(days=5)):
        showing.doubt([lesson.id])
    assert now_of(lesson).check_on == DUE


def test_how_far_lessons_can_be_trusted_is_weighted_by_who_reads_them(lesson: Lesson) -> None:
    day = DUE - timedelta(days=1)
    with on(day):
        other, late = factories.published_lesson(), factories.published_lesson()
        assert queries.trusted_share(day) is None, "nobody read anything"
        for read, times in ((lesson, 1), (late, 3), (other, 0)):
            for _ in range(times):
                Walk(factories.person(), read.slug, clock.now() - timedelta(days=1)).read()
        for _ in range(2):  # read too long ago to count
            Walk(factories.person(), lesson.slug, clock.now() - timedelta(days=61)).read()
        now_of(late).check_on = day - timedelta(days=1)
        db.session.commit()
        assert queries.trusted_share(day) == pytest.approx(0.25)


def deactivate(person: Person) -> None:
    accounts.deactivate(person, by=factories.person(roles=(("admin", 0),)))
    db.session.commit()


def test_lessons_of_somebody_who_left_go_to_who_holds_most_of_the_topic(lesson: Lesson) -> None:
    left, some, most, gone = owner_of(lesson), factories.person(), factories.person(), factories.person()
    gone.is_active = False
    for person, coverage in ((some, 0.81), (most, 0.9), (gone, 1.0)):
        db.session.add(
            Holding(
                person_id=person.id,
                topic_id=lesson.topic_id,
                held=5,
                coverage=coverage,
                proven=1.0,
                items=5,
                is_holder=True,
                day=DUE,
            )
        )
    db.session.commit()
    day = DUE - timedelta(days=60)
    with on(day):
        deactivate(left)
    found = now_of(lesson)
    assert (found.owner_id, found.check_on) == (most.id, day)
    authors = select(LessonAuthor.person_id, LessonAuthor.share).order_by(LessonAuthor.position)
    rows = db.session.execute(authors.where(LessonAuthor.lesson_id == lesson.id)).all()
    assert [tuple(row) for row in rows] == [(most.id, 0.0), (left.id, 1.0)]
    assert told("lesson_handed_over") == [most.id]
    assert db.session.scalar(select(func.count()).where(Fact.type == "LessonHandedOver")) == 1


def test_a_co_author_who_takes_a_lesson_over_keeps_their_share(lesson: Lesson) -> None:
    left, other = owner_of(lesson), factories.person()
    mine = db.session.get_one(LessonAuthor, (lesson.id, left.id))
    mine.share = 0.75
    db.session.add(LessonAuthor(lesson_id=lesson.id, person_id=other.id, position=1, share=0.25))
    db.session.commit()
    with on(DUE - timedelta(days=60)):
        deactivate(left)
    rows = db.session.execute(
        select(LessonAuthor.person_id, LessonAuthor.share)
        .where(LessonAuthor.lesson_id == lesson.id)
        .order_by(LessonAuthor.position)
    ).all()
    assert now_of(lesson).owner_id == other.id
    assert [tuple(row) for row in rows] == [(other.id, 0.25), (left.id, 0.75)]


def test_a_co_author_comes_first_and_without_anybody_a_curator(lesson: Lesson) -> None:
    other = factories.person()
    assert not heirs.without_owner(None), "the author is still here"
    db.session.add(LessonAuthor(lesson_id=lesson.id, person_id=other.id, position=1, share=0.0))
    left = owner_of(lesson)
    left.is_active = False
    db.session.commit()
    assert heirs.find(heirs.without_owner(None)) == {lesson.id: other.id}
    other.is_active = False
    db.session.commit()
    assert heirs.find(heirs.without_owner(None))[lesson.id] in queries.curators_of([lesson.topic_id])[lesson.topic_id]


def test_what_is_abandoned_and_hardly_read_is_archived(lesson: Lesson) -> None:
    with on(DUE + timedelta(days=91)):
        actions.tell()
        db.session.commit()
    assert now_of(lesson).state == "archived"
    [act] = db.session.scalars(select(StandingAct))
    assert (act.act, act.actor_id) == ("expire", None)
    assert not told("check_missed")


def test_what_is_abandoned_and_still_read_is_told_to_its_curators(lesson: Lesson) -> None:
    curators = {
        person_id
        for ids in queries.curators_of([lesson.topic_id]).values()
        for person_id in (*ids, factories.person(roles=(("curator", lesson.topic_id),)).id)
    }
    for _ in range(5):
        walk = Walk(factories.person(), lesson.slug, datetime(2026, 9, 1, 9, tzinfo=UTC))
        walk.read()
    with on(DUE + timedelta(days=91)):
        actions.tell()
        assert actions.tell() == 0
        db.session.commit()
    assert now_of(lesson).state == "published"
    assert sorted(told("check_missed")) == sorted({lesson.owner_id, *curators})


def test_what_is_abandoned_is_judged_again_each_month(lesson: Lesson) -> None:
    """Its owner hears of it once a month while it is read; when its readers of September are gone, it is archived."""
    for _ in range(5):
        Walk(factories.person(), lesson.slug, datetime(2026, 9, 20, 9, tzinfo=UTC)).read()
    heard = []
    for late in (91, 92, 119, 120, 121, 150):
        with on(DUE + timedelta(days=late)):
            actions.tell()
            db.session.commit()
        heard.append(told("check_missed").count(lesson.owner_id))
    assert heard == [1, 1, 1, 1, 2, 2]
    assert now_of(lesson).state == "published"
    with on(DUE + timedelta(days=151)):
        actions.tell()
        db.session.commit()
    assert now_of(lesson).state == "archived"
    assert told("check_missed").count(lesson.owner_id) == 2


def test_a_month_passes_between_two_words_even_where_the_first_came_late(lesson: Lesson) -> None:
    for _ in range(5):
        Walk(factories.person(), lesson.slug, datetime(2026, 10, 25, 9, tzinfo=UTC)).read()
    heard = []
    for late in (120, 121, 149, 150):
        with on(DUE + timedelta(days=late)):
            actions.tell()
            assert actions.tell() == 0
            db.session.commit()
        heard.append(told("check_missed").count(lesson.owner_id))
    assert heard == [1, 1, 1, 2]


def test_a_mail_is_written_once_and_not_when_the_check_was_made(lesson: Lesson, app: Any) -> None:
    with on(DUE - timedelta(days=14)), app.test_request_context():
        tending.tell_of_checks()
        db.session.commit()
        [key] = tending.to_mail()
        letter = tending.write(*key)
        assert letter is not None
        assert letter.to == owner_of(lesson).email
        assert "/verification/mail/" in letter.text
        assert tending.write(*key) is None
        assert not tending.to_mail()
    with on(DUE - timedelta(days=3)), app.test_request_context():
        tending.tell_of_checks()
        db.session.commit()
        standing.decide(now_of(lesson), "verify", "", by=owner_of(lesson), zone_name="UTC")
        db.session.commit()
        [key] = tending.to_mail()
        assert tending.write(*key) is None
    assert db.session.scalar(select(func.count()).select_from(CheckReminder)) == 2
