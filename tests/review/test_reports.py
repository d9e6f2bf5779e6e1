"""What readers report and what curators answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.errors import Conflict, NotAllowed, NotFound, NotValid, TooMany
from peerlearn.core.facts import Fact
from peerlearn.learn import queries as learn
from peerlearn.lessons import actions as lessons
from peerlearn.lessons.models import Lesson
from peerlearn.quizzes import queries as quizzes
from peerlearn.review import access, reporting, rules
from peerlearn.review.models import Report
from peerlearn.review.queries import Reported
from peerlearn.review.reporting import Problem
from tests import factories

NOON = datetime(2026, 1, 6, 11, 0, tzinfo=UTC)


class Library:
    """A published lesson with its author, a reader, and a curator of its topic."""

    def __init__(self) -> None:
        self.topic = factories.topic()
        self.author, self.reader = factories.person("Ada Author"), factories.person("Rita Reader")
        self.curator = factories.person("Tom Curator", roles=(("curator", self.topic.id),))
        self.slug = factories.published_lesson(self.author, self.topic).slug

    @property
    def lesson(self) -> Lesson:
        db.session.commit()
        db.session.expire_all()
        found = learn.lesson_by_slug(self.slug, self.author)
        assert found is not None
        return found

    @property
    def question(self) -> str:
        published = self.lesson.published
        assert published is not None
        return quizzes.load_quiz(published.quiz_id)[0].question.uid

    def report(self, kind: str = "wrong", by: Person | None = None, **values: Any) -> Report:
        return reporting.report(self.lesson, Problem(kind, **values), by=factories.reloaded(by or self.reader))

    def door(self, report: Report, person: Person | None = None) -> tuple[Reported, Person]:
        me = factories.reloaded(person or self.curator)
        return access.report_to_decide(report.id, me), me

    def uphold(self, report: Report, person: Person | None = None) -> None:
        db.session.commit()
        found, me = self.door(report, person)
        reporting.uphold(found, "Thank you.", by=me)


@pytest.fixture
def library(db: Any) -> Library:
    return Library()


def facts(kind: str) -> list[dict[str, Any]]:
    return list(db.session.scalars(select(Fact.data).where(Fact.type == kind).order_by(Fact.id)))


def test_a_report_reaches_the_curators_of_its_topic(library: Library) -> None:
    report = library.report(card=2, text=reporting.Written("Old", "<p>Old</p>"), hide_name=True)
    assert (report.state, report.card, report.topic_id, report.hide_name) == ("open", 2, library.topic.id, True)
    assert facts("ProblemReported")[0]["report_id"] == report.id
    library.uphold(report)
    assert facts("ReportUpheld")[0] == {
        "report_id": report.id,
        "lesson_id": library.lesson.id,
        "reporter_id": library.reader.id,
        "is_first": True,
    }


def test_the_same_report_sent_twice_is_one_while_it_waits(library: Library) -> None:
    first, second = library.report(card=1), library.report(card=1)
    assert first.id == second.id
    other = [library.report(card=2), library.report("outdated", card=1), library.report(question=library.question)]
    assert len({first.id, *(report.id for report in other)}) == 4
    library.uphold(first)
    assert library.report(card=1).id != first.id


def test_only_the_first_who_names_a_place_and_kind_is_first(library: Library) -> None:
    second_reader = factories.person()
    first, second = library.report(card=1), library.report(by=second_reader, card=1)
    elsewhere = library.report(by=second_reader, card=2)
    another_kind = library.report("unclear", by=second_reader, card=1)
    for report in (second, first, elsewhere, another_kind):
        library.uphold(report)
    assert [fact["is_first"] for fact in facts("ReportUpheld")] == [False, True, True, True]


def test_a_new_revision_can_be_reported_anew(library: Library) -> None:
    library.uphold(library.report(card=1))
    author = factories.reloaded(library.author)
    draft = lessons.revise(library.lesson, by=author)
    text = draft.source.replace("Then show", "Next show")
    lessons.submit(lessons.save_draft(draft, text, base_version=draft.version, by=author), by=author)
    lessons.publish(draft, by=factories.reloaded(library.curator))
    library.uphold(library.report(by=factories.person(), card=1))
    assert [fact["is_first"] for fact in facts("ReportUpheld")] == [True, True]


def test_seeing_it_differently_needs_words(library: Library) -> None:
    report = library.report()
    db.session.commit()
    found, me = library.door(report)
    with pytest.raises(NotValid):
        reporting.decline(found, "No.", by=me)
    reporting.decline(found, "The number is right since the change in May.", by=me)
    assert report.state == "declined"
    assert facts("ReportDeclined")[0]["reporter_id"] == library.reader.id


def test_a_report_is_answered_once(library: Library) -> None:
    report = library.report()
    library.uphold(report)
    db.session.commit()
    other = factories.person("Uma Curator", roles=(("curator", library.topic.id),))
    found, me = library.door(report, other)
    with pytest.raises(Conflict, match="Tom Curator agreed"):
        reporting.decline(found, "I see it in another way, because of …", by=me)
    assert len(facts("ReportUpheld")) == 1


@pytest.mark.security
def test_authors_do_not_report_their_own_lesson(library: Library) -> None:
    with pytest.raises(NotAllowed):
        library.report(by=library.author)


@pytest.mark.security
def test_nobody_answers_their_own_report(library: Library) -> None:
    report = library.report(by=library.curator)
    db.session.commit()
    with pytest.raises(NotAllowed):
        library.door(report)
    me = factories.reloaded(library.curator)
    with pytest.raises(NotAllowed):
        reporting.uphold(access.report_to_read(report.id, me), "", by=me)
    assert report.state == "open"


@pytest.mark.security
def test_nobody_answers_reports_on_their_own_lesson(library: Library) -> None:
    writer = factories.person(roles=(("curator", library.topic.id),))
    library.slug = factories.published_lesson(factories.reloaded(writer), library.topic).slug
    report = library.report()
    db.session.commit()
    with pytest.raises(NotAllowed):
        library.door(report, writer)
    me = factories.reloaded(writer)
    with pytest.raises(NotAllowed):
        reporting.decline(access.report_to_read(report.id, me), "x" * 30, by=me)


@pytest.mark.security
@pytest.mark.parametrize("who", ["reader", "author", "curator of another topic", "admin"])
def test_a_report_of_a_foreign_topic_does_not_exist(library: Library, who: str) -> None:
    roles = {"curator of another topic": (("curator", factories.topic().id),), "admin": (("admin", 0),)}
    stranger = {"reader": library.reader, "author": library.author}.get(who) or factories.person(roles=roles[who])
    report = library.report()
    db.session.commit()
    with pytest.raises(NotFound):
        library.door(report, stranger)
    found, _curator = library.door(report)
    with pytest.raises(NotFound):
        reporting.uphold(found, "", by=factories.reloaded(stranger))


def test_twenty_reports_a_day_and_then_tomorrow(library: Library) -> None:
    kinds = list(rules.REPORT_KINDS)
    with clock.at(NOON):
        for number in range(20):
            report = library.report(kinds[number % 5], card=number % 3 + 1)
            report.state = "declined"  # so that the same may be said again
            report.decided_by_id, report.decided_at = library.curator.id, NOON
        with pytest.raises(TooMany) as refused:
            library.report()
        assert refused.value.retry_after <= 12 * 3600 + 1
    with clock.at(NOON + timedelta(hours=12)):
        library.report()


@pytest.mark.security
@pytest.mark.parametrize(
    "values", [{"card": 9}, {"card": 0}, {"card": -1}, {"question": "nosuch"}, {"question": "'; drop table"}]
)
def test_places_that_do_not_exist_are_refused(library: Library, values: dict[str, Any]) -> None:
    with pytest.raises(NotValid):
        library.report(**values)


def test_a_question_of_another_lesson_is_no_place(library: Library) -> None:
    foreign = Library().question
    with pytest.raises(NotValid):
        library.report(question=foreign)
