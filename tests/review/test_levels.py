"""Levels: told from facts by a pure rule, taken away and given back by the same facts, and shown only to oneself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db as database
from peerlearn.lessons.models import LessonHelper
from peerlearn.review import levels, trusting, weighing
from peerlearn.review.levels import Facts, Level, level_of, steps_from
from peerlearn.review.models import Report
from peerlearn.review.trust import Record
from tests import factories
from tests.page import Client

KNOWN = Record(lessons=3, rounds=(1, 1, 2), ratings=(4.0, 3.5, 4.5))
AUTHOR = Facts(lessons=3, record=KNOWN)


@pytest.mark.parametrize(
    ("facts", "level"),
    [
        (Facts(), Level.NEWCOMER),
        (Facts(thanks=2), Level.NEWCOMER),
        (Facts(thanks=3), Level.CONTRIBUTOR),
        (Facts(lessons=1), Level.CONTRIBUTOR),
        (Facts(lessons=9), Level.CONTRIBUTOR),
        (AUTHOR, Level.TRUSTED),
        (replace(AUTHOR, record=replace(KNOWN, lessons=2)), Level.CONTRIBUTOR),
        (replace(AUTHOR, record=replace(KNOWN, rounds=(2, 2, 1))), Level.CONTRIBUTOR),
        (replace(AUTHOR, record=replace(KNOWN, ratings=(3.0, 3.0))), Level.CONTRIBUTOR),
        (replace(AUTHOR, record=replace(KNOWN, was_blamed=True)), Level.CONTRIBUTOR),
        (replace(AUTHOR, record=replace(KNOWN, failed_audit=True)), Level.CONTRIBUTOR),
        (Facts(curates=True), Level.CURATOR),
        (replace(AUTHOR, curates=True, record=replace(KNOWN, was_blamed=True)), Level.CURATOR),
        (Facts(is_admin=True), Level.LEAD),
        (replace(AUTHOR, curates=True, is_admin=True), Level.LEAD),
    ],
)
def test_the_level_of_these_facts(facts: Facts, level: Level) -> None:
    assert level_of(facts) is level


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"lessons": 1}, 0),
        ({"rounds": (3, 3)}, 1),
        ({"rounds": ()}, 1),
        ({"ratings": (2.0,)}, 2),
        ({"was_blamed": True}, 3),
        ({"failed_audit": True}, 4),
    ],
)
def test_what_is_missing_is_what_keeps_the_level_away(change: dict[str, Any], missing: int) -> None:
    steps = steps_from(replace(AUTHOR, record=replace(KNOWN, **change)))
    assert [number for number, step in enumerate(steps) if not step.is_done] == [missing]


def test_who_has_all_or_is_appointed_is_told_of_nothing_missing() -> None:
    assert steps_from(AUTHOR) == ()
    assert steps_from(Facts(curates=True)) == ()
    assert [step.is_done for step in steps_from(Facts(thanks=1))] == [False]


def test_every_level_has_a_name_and_says_what_it_lets_one_do() -> None:
    assert set(levels.TITLES) == set(levels.LETS) == set(Level)


def trusted_author() -> tuple[Person, int, list[int]]:
    topic, author = factories.topic("Writing for all"), factories.person("Ada Author")
    lessons = [factories.published_lesson(author, topic).id for _ in range(3)]
    return factories.reloaded(author), topic.id, lessons


def test_a_report_that_is_agreed_with_takes_it_away_for_half_a_year(db: Any) -> None:
    author, topic_id, lessons = trusted_author()
    assert weighing.levels_of(author).topics[0].level is Level.TRUSTED
    curator = factories.person(roles=(("curator", topic_id),))
    lesson = factories.reloaded_lesson(lessons[0])
    row = Report(lesson_id=lesson.id, revision_id=lesson.published_id, topic_id=topic_id, kind="wrong")
    row.reporter_id, row.state, row.decided_by_id, row.decided_at = curator.id, "upheld", curator.id, clock.now()
    database.session.add(row)
    database.session.commit()
    assert weighing.levels_of(author).topics[0].level is Level.CONTRIBUTOR
    with clock.at(clock.now() + timedelta(days=181)):
        assert weighing.levels_of(author).topics[0].level is Level.TRUSTED


def test_one_topic_and_all_topics_are_told_alike(db: Any) -> None:
    author, topic_id, _ = trusted_author()
    other = factories.topic()
    factories.published_lesson(author, other)
    now = clock.now()
    found = trusting.records_of(author.id, now)
    assert found == {one: trusting.record_of(author.id, one, now) for one in (topic_id, other.id)}
    assert trusting.record_of(author.id, factories.topic().id, now) == Record()


def test_thanks_of_other_lessons_count(db: Any) -> None:
    helper = factories.reloaded(factories.person())
    for _ in range(3):
        lesson = factories.published_lesson()
        database.session.add(LessonHelper(lesson_id=lesson.id, person_id=helper.id))
    database.session.commit()
    assert weighing.levels_of(helper).general is Level.CONTRIBUTOR


@pytest.mark.parametrize("topics", [1, 12])
def test_the_page_says_what_it_lets_one_do_and_what_is_missing(
    client_for: Callable[[Person], Client], statements: Any, topics: int
) -> None:
    author = factories.person("Ada Author")
    for _ in range(topics):
        factories.published_lesson(author)
    browser = client_for(author)
    browser.get("/me/levels")
    statements.clear()
    page = browser.get("/me/levels")
    assert len(statements) <= 5
    assert page.text.count("What makes a trusted author") == topics
    assert "3 published lessons in this topic (1 so far)" in page.text
    newcomer = client_for(factories.person())
    assert "Publish a lesson" in newcomer.get("/me/levels").text
