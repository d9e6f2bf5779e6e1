"""What the today page, the frame and a profile ask the database."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from peerlearn.accounts.models import Person
from peerlearn.analysis.models import EVERYTHING, Ability, ItemFigures, ItemFlag
from peerlearn.core import clock, kept
from peerlearn.home import profiles, queries
from peerlearn.practice import recommending
from peerlearn.quizzes.models import ItemVersion
from tests import factories
from tests.conftest import Statements
from tests.home import rows


def test_the_frame_asks_once(db: Any, statements: Statements) -> None:
    curator = factories.person(roles=(("curator", 0),))
    rows.points(curator, xp=30, ip=12)
    rows.review(rows.lesson(factories.person(), rows.topic(), state="submitted"))
    statements.clear()
    found = queries.counts(curator)
    assert len(statements) == 1
    assert (found.xp, found.ip, found.unread, found.queue) == (30, 12, 0, 1)


def test_the_queue_counts_only_what_one_could_take_up(db: Any) -> None:
    mine, foreign = rows.topic(), rows.topic()
    curator = factories.person(roles=(("curator", mine.id),))
    other = factories.person(roles=(("curator", 0),))
    author = factories.person()
    rows.review(rows.lesson(author, mine, state="submitted"))
    rows.review(rows.lesson(author, foreign, state="submitted"))
    rows.review(rows.lesson(curator, mine, state="submitted"))
    later = clock.now() + timedelta(days=1)
    claimed = rows.lesson(author, mine, state="submitted")
    rows.review(claimed, claimed_by_id=other.id, claimed_at=clock.now(), claimed_until=later)
    expired = rows.lesson(author, mine, state="submitted")
    rows.review(expired, claimed_by_id=other.id, claimed_at=clock.now(), claimed_until=clock.now())
    assert queries.counts(curator).queue == 2
    assert len([task for task in queries.today(curator).tasks if task.kind == "review"]) == 2
    assert queries.counts(author).queue == 0


def test_the_queue_counts_each_questionable_question_once_and_only_for_whom_it_waits(db: Any) -> None:
    mine, foreign, author = rows.topic(), rows.topic(), factories.person()
    curator = factories.person(roles=(("curator", mine.id),))
    shown = [rows.lesson(author, mine), rows.lesson(author, foreign), rows.lesson(curator, mine)]
    retired = rows.lesson(author, mine)
    retired.state = "archived"
    for lesson in (*shown, retired):
        row = factories.flagged(lesson, rows.attempt(factories.person(), lesson, passed=True))
        db.session.add(
            ItemFlag(
                item_id=row.item_id,
                meaning_id=row.meaning_id,
                lesson_id=lesson.id,
                flag="reversed",
                level="red",
                answers=12,
            )
        )
    db.session.commit()
    assert queries.counts(curator).queue == 1
    assert queries.counts(factories.person(roles=(("curator", 0),))).queue == 3


def test_everything_that_waits_is_found_in_one_statement_and_lessons_are_ranked_in_another(
    db: Any, statements: Statements
) -> None:
    topic, person, author = rows.topic("Security"), factories.person(roles=(("curator", 0),)), factories.person("Ada")
    rows.attempt(person, rows.lesson(author, topic), passed=False, answered=2)
    rows.reading(person, rows.lesson(author, topic), card=2)
    rows.lesson(person, topic, state="draft")
    changed = rows.lesson(person, topic, state="changes_requested")
    about = rows.review(changed, state="changes_requested", decided_by_id=author.id)
    rows.remark(about, author)
    rows.review(rows.lesson(author, topic, state="submitted"))
    rows.award(person, "explorer", 2)
    rows.award(person, "reviewer", 1, at=clock.now() - timedelta(days=15))
    week = clock.monday_of(clock.today(person.timezone))
    rows.active_days(person, *(week + timedelta(days=number) for number in (-4, -3, 0)))
    statements.clear()
    found = queries.today(person)
    assert len(statements) == 2
    assert [task.kind for task in found.tasks] == ["attempt", "changes", "review", "reading", "draft"]
    by_kind = {task.kind: task for task in found.tasks}
    assert (by_kind["attempt"].part, by_kind["attempt"].whole) == (2, 3)
    assert (by_kind["reading"].part, by_kind["reading"].whole) == (2, 2)
    assert by_kind["changes"].part == 1
    assert [(badge.badge, badge.tier) for badge in found.badges] == [("explorer", 2)]
    assert found.days.latest is not None
    assert (found.days.latest.day, found.days.latest.before.days) == (week, 2)


def test_others_work_and_finished_work_does_not_wait_for_me(db: Any) -> None:
    topic, person, author = rows.topic(), factories.person(), factories.person()
    lesson = rows.lesson(author, topic)
    rows.reading(person, lesson)
    rows.attempt(person, lesson, passed=True)
    rows.lesson(author, topic, state="draft")
    rows.review(rows.lesson(author, topic, state="submitted"))
    rows.attempt(author, rows.lesson(person, topic), passed=False)
    assert queries.today(person).tasks == []


def test_a_lesson_with_an_open_attempt_is_named_once(db: Any) -> None:
    topic, person = rows.topic(), factories.person()
    lesson = rows.lesson(factories.person(), topic)
    rows.reading(person, lesson)
    rows.attempt(person, lesson, passed=False)
    assert [task.kind for task in queries.today(person).tasks] == ["attempt"]


def test_lessons_are_ranked_anew_when_one_of_them_is_no_longer_new(
    app: Flask, db: Any, statements: Statements, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, kept.NAME, {})
    topic, person, author = rows.topic(), factories.person(), factories.person()
    lessons = [rows.lesson(author, topic) for _ in range(3)]
    first = queries.today(person).picks
    statements.clear()
    assert queries.today(person).picks == first
    assert len(statements) == 1, "the order is kept for a while"
    rows.reading(person, lessons[0])
    assert {lesson.id for lesson in queries.today(person).picks} == {lesson.id for lesson in lessons[1:]}
    lessons[1].state = "archived"
    db.session.commit()
    assert [lesson.id for lesson in queries.today(person).picks] == [lessons[2].id]


def test_lessons_are_ranked_by_what_answers_have_told(db: Any) -> None:
    topic, other, person = rows.topic(), rows.topic(), factories.person()
    here, there = rows.lesson(factories.person(), topic), rows.lesson(factories.person(), other)
    rows.attempt(factories.person(), here, passed=True, answered=1)
    version = db.session.query(ItemVersion).one()
    figures = {"meaning_id": version.id, "item_id": version.item_id, "lesson_id": here.id, "difficulty": 0.5}
    db.session.add_all(
        [
            Ability(person_id=person.id, topic_id=EVERYTHING, theta=0.25, answers=4),
            Ability(person_id=person.id, topic_id=topic.id, theta=1.5, answers=4),
            Ability(person_id=factories.person().id, topic_id=other.id, theta=-3, answers=4),
            ItemFigures(**figures, rated=4),
        ]
    )
    db.session.commit()
    found = {one.id: (one.ability, one.difficulty) for one in recommending.recommended_lessons(person)}
    assert found == {here.id: (1.5, 0.5), there.id: (0.25, None)}


def _profile(person: Person) -> profiles.Profile:
    found = profiles.profile(person.id)
    assert found is not None
    return found


def test_a_profile_shows_what_somebody_teaches(db: Any) -> None:
    first, second = rows.topic("Security"), rows.topic("Writing")
    author = factories.person(roles=(("curator", first.id), ("admin", 0)))
    for topic in (first, first, second):
        rows.lesson(author, topic)
    rows.lesson(author, second, state="draft")
    rows.award(author, "first-lesson")
    rows.award(author, "explorer", 1)
    rows.award(author, "explorer", 2)
    found = _profile(author)
    assert found.lessons_count == 3
    assert [(name, lessons) for _, name, _, lessons in found.topics] == [("Security", 2), ("Writing", 1)]
    assert found.curates == ["Security"]
    assert not found.curates_all
    assert {(badge.badge, badge.tier) for badge in found.badges} == {("first-lesson", 1), ("explorer", 2)}


def test_a_profile_costs_two_statements(db: Any, statements: Statements) -> None:
    author, topic = factories.person(), rows.topic()
    for number in (3, 27):
        for _ in range(number):
            rows.lesson(author, topic)
        author_id = author.id
        db.session.expunge_all()
        statements.clear()
        profiles.profile(author_id)
        assert len(statements) == 2
        author, topic = db.session.get(Person, author_id), rows.topic()
