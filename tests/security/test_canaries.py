"""No address that answers a GET sings of a key before its answer is stored: each of them, from the URL map.

`test_leaks` follows one attempt question by question; here every address is looked at, however a question is asked.
What else could follow from a key, and what other people may look at, stands in `test_nothing_follows`.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from peerlearn.core import clock
from peerlearn.core.db import db as database
from peerlearn.learn import actions as learn
from peerlearn.learn import rules
from peerlearn.learn.actions import Sheet
from peerlearn.learn.models import Reading
from peerlearn.lessons.models import Lesson, Topic
from peerlearn.practice import queries
from peerlearn.quizzes.answering import Answer
from peerlearn.quizzes.kinds.registry import kind_of
from peerlearn.quizzes.question import Question
from tests import factories
from tests.factories import Walk
from tests.practice.test_offline_pages import everything_asked
from tests.security.test_leaks import KEYS, SECRET, canary_lesson, sung, wrong_answer

pytestmark = pytest.mark.security

FILES = {"ui.file", "ui.css"}  # the look, the same for everybody


def addresses(app: Flask, lesson: Lesson, **ids: int) -> list[str]:
    """Every address that answers a GET, with all values that lead to this lesson and some that lead elsewhere."""
    values: dict[str, list[Any]] = defaultdict(lambda: [1, 2, 3])
    topic = database.session.scalar(select(Topic.slug).where(Topic.id == lesson.topic_id))
    values |= {
        "slug": [lesson.slug, topic, "practice"],
        "lesson_id": [lesson.id],
        "position": list(range(1, len(KEYS) + 1)),
        "number": [1, 2, 3],
        "tab": ["around", "my-team"],
        "key": ["x"],
        "digest": ["0a" * 32],
        "about": ["password"],
    } | {name: [value] for name, value in ids.items()}
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint not in FILES:
            places = sorted(rule.arguments)
            for chosen in product(*(values[place] for place in places)):
                built = rule.build(dict(zip(places, chosen, strict=True)), append_unknown=False)
                found.append(built[1] if built else rule.rule)
    return found


def test_the_question_before_reading(app: Flask, client_for: Any) -> None:
    lesson = canary_lesson(factories.person("Ann Author"))
    me = factories.person()
    while not rules.is_pretested(me.id, lesson.id):
        me = factories.person()
    browser = client_for(me)
    browser.post(f"/lessons/{lesson.slug}/start")
    assert database.session.scalars(select(Reading.pretest_version_id)).one()
    assert browser.get(f"/lessons/{lesson.slug}/before").all("form")
    assert sung(browser, addresses(app, lesson)) == {}


@pytest.mark.parametrize("mode", ["check", "exam"])
def test_all_is_answered_before_and_after_it_is_handed_in(app: Flask, client_for: Any, mode: str) -> None:
    lesson = canary_lesson(factories.person("Ann Author"), front=f"mode: {mode}\n")
    walk = Walk(factories.person(), lesson.slug, clock.now() - timedelta(minutes=30))
    walk.read()
    sitting = walk.start()
    for asked in sitting.attempt.asked:
        question = Question.from_json(asked.version.body)
        typed = wrong_answer(question, sitting.attempt.seed)
        given = kind_of(question).read(question, sitting.attempt.seed, typed)
        assert isinstance(given, Answer)
        with clock.at(walk.moment):
            assert learn.turn_to(sitting, asked.position, by=walk.person)
            assert learn.keep(sitting, asked.position, Sheet(given, "certain", typed), insist=True, by=walk.person)
    database.session.commit()
    browser = client_for(walk.person)
    assert "Every question has an answer" in browser.get(f"/attempts/{sitting.attempt.id}/overview").text
    found = addresses(app, lesson, attempt_id=sitting.attempt.id)
    assert sung(browser, found) == {}
    browser.post(f"/attempts/{sitting.attempt.id}/hand-in")
    told = set(sung(browser, found))
    if mode == "check":
        assert told == set(), "it can be taken again, so what is right is not said yet"
    else:
        assert told == {f"/attempts/{sitting.attempt.id}/result"}, "it was the only attempt"


def test_a_set_of_practice(app: Flask, client_for: Any) -> None:
    lesson = canary_lesson(factories.person("Ann Author"))
    me = factories.person()
    drawn = everything_asked(me.id, lesson)
    browser, address = client_for(me), f"/practice/sets/{drawn.id}"
    found = addresses(app, lesson, set_id=drawn.id)
    assert address in found
    assert sung(browser, found) == {}, "before the first answer"
    sitting = queries.sitting(drawn.id, me.id)
    assert sitting is not None
    first = sitting.questions[0].version
    browser.post(f"{address}/next")
    assert sung(browser, found) == {}, "while the first question is asked"
    typed = wrong_answer(Question.from_json(first.body), drawn.seed)
    with clock.at(clock.now() + timedelta(minutes=1)):
        browser.post(f"{address}/1", typed | {"confidence": "guess"})
        told = sung(browser, found)
    assert {word for words in told.values() for word in words} <= set(KEYS[first.kind])
    assert address in told, "what was answered is explained"
    assert not any(SECRET.search(url) for url in told)
    assert sung(client_for(factories.person()), found) == {}, "to nobody else"


@pytest.mark.parametrize("mode", ["check", "exam"])
def test_practice_tells_nothing_of_a_check_that_can_be_taken_again(app: Flask, client_for: Any, mode: str) -> None:
    """A set from the day before has its questions too: answered or not, they are left out."""
    front = f"mode: {mode}\n" + ("attempts: 2\n" if mode == "exam" else "")
    lesson = canary_lesson(factories.person("Ann Author"), front=front)
    walk = Walk(factories.person(), lesson.slug, clock.now() - timedelta(days=2))
    walk.read()
    drawn = everything_asked(walk.person.id, lesson)
    browser, address = client_for(walk.person), f"/practice/sets/{drawn.id}"
    sitting = queries.sitting(drawn.id, walk.person.id)
    assert sitting is not None
    browser.post(f"{address}/next")
    typed = wrong_answer(Question.from_json(sitting.questions[0].version.body), drawn.seed)
    with clock.at(clock.now() + timedelta(minutes=1)):
        browser.post(f"{address}/1", typed | {"confidence": "guess"})
    found = addresses(app, lesson, set_id=drawn.id)
    assert sung(browser, found), "before it is begun nothing keeps it back"
    attempt = walk.start()
    for asked in attempt.attempt.asked:
        with clock.at(walk.moment):
            assert learn.turn_to(attempt, asked.position, by=walk.person)
    with clock.at(walk.moment):
        learn.hand_in(attempt, by=walk.person)
    database.session.commit()
    found = addresses(app, lesson, set_id=drawn.id, attempt_id=attempt.attempt.id)
    assert sung(browser, found) == {}
    for kind in ("start", "take-along"):
        browser.post(f"/practice/{kind}")
        assert sung(browser, found) == {}
