"""Sixteen at once in practice: one set, each answer once, and the set is finished by whichever answer comes last."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.facts import Fact
from peerlearn.points.models import LedgerEntry
from peerlearn.practice import actions, queries
from peerlearn.practice.models import DailySet, Memory, SetQuestion
from peerlearn.quizzes.answering import token
from peerlearn.quizzes.kinds.registry import kind_of
from peerlearn.quizzes.question import Question
from tests import factories
from tests.factories import RIGHT, Walk
from tests.storms.storm import browsers_for, no_differences, prepared, send, storm

pytestmark = pytest.mark.own_database


@dataclass(frozen=True)
class Scene:
    """Somebody whose questions are due, and the forms that answer them rightly, by position."""

    person_id: int
    email: str
    set_id: int
    forms: dict[int, dict[str, str]]
    due: int

    def url(self, position: int) -> str:
        """Where the answer to a question goes."""
        return f"/practice/sets/{self.set_id}/{position}"


def learner() -> Walk:
    """Somebody who works every day and passed two lessons, of six questions that are due by now."""
    person = factories.person(work_days="1234567")
    start = clock.now() - timedelta(days=9)
    for slug in [factories.published_lesson().slug for _ in range(2)]:
        walk = Walk(person, slug, start)
        walk.read()
        walk.quiz()
    return walk


def ready() -> tuple[str, int]:
    """A learner who has not begun today."""
    walk = learner()
    return walk.person.email, walk.person.id


def begun() -> Scene:
    """A learner's set whose questions are all on the screen, in several windows."""
    person = learner().person
    set_id = actions.start_set(by=person)
    db.session.flush()
    sitting = queries.sitting(set_id, person.id)
    assert sitting is not None
    sitting.daily_set.started_at -= timedelta(minutes=5)
    forms = {}
    for asked in sitting.questions:
        asked.asked_at = clock.now() - timedelta(seconds=15)
        question = Question.from_json(asked.version.body)
        seed = sitting.daily_set.seed
        [right] = RIGHT[question.kind]
        value = right if question.kind == "text" else token(seed, question.uid, right)
        forms[asked.position] = {kind_of(question).present(question, seed).field: value, "confidence": "fairly"}
    due = sum(asked.kind == "due" for asked in sitting.questions)
    return Scene(person.id, person.email, set_id, forms, due)


def counted(statement: Any) -> int:
    return int(db.session.scalar(select(func.count()).select_from(statement.subquery())) or 0)


def of(scene: Scene, kind: str) -> Any:
    """What was announced of the learner."""
    return select(Fact.data).where(Fact.type == kind, Fact.actor_id == scene.person_id)


def test_the_same_answer_counts_once(storm_app: Flask) -> None:
    scene: Scene = prepared(storm_app, begun)
    browsers = browsers_for(storm_app, scene.email)
    tokens = {id(browser): browser.get(scene.url(1)).csrf_token for browser in browsers}
    counts = storm(browsers, lambda b: send(b, scene.url(1), scene.forms[1], tokens[id(b)]))
    assert counts[302] == 1, counts
    assert set(counts) <= {302, 409}, counts
    with storm_app.app_context():
        assert counted(of(scene, "ItemReviewed")) == 1
        item = select(SetQuestion.item_id).where(SetQuestion.set_id == scene.set_id, SetQuestion.position == 1)
        memory = db.session.get_one(Memory, (scene.person_id, db.session.scalars(item).one()))
        assert (memory.reviews, memory.passes) == (1, 2)
        assert (
            counted(select(LedgerEntry.id).where(LedgerEntry.person_id == scene.person_id, LedgerEntry.rule == "L2"))
            == 1
        )
        db.session.remove()
    no_differences(storm_app)


def test_sixteen_starts_draw_one_set(storm_app: Flask) -> None:
    email, person_id = prepared(storm_app, ready)
    browsers = browsers_for(storm_app, email)
    tokens = {id(browser): browser.get("/practice").csrf_token for browser in browsers}
    counts = storm(browsers, lambda b: send(b, "/practice/start", {}, tokens[id(b)]))
    assert counts == {302: 16}
    with storm_app.app_context():
        assert db.session.scalars(select(DailySet.number).where(DailySet.person_id == person_id)).all() == [1]
        asked = select(SetQuestion.id).join(DailySet).where(DailySet.person_id == person_id)
        assert counted(asked) == 5
        db.session.remove()


def test_answers_to_different_questions_all_count(storm_app: Flask) -> None:
    """And one of them is the last: it says that the set is finished, with what all of them were."""
    scene: Scene = prepared(storm_app, begun)
    browsers = browsers_for(storm_app, scene.email)[: len(scene.forms)]
    place = {id(browser): position for browser, position in zip(browsers, scene.forms, strict=True)}
    tokens = {id(browser): browser.get(scene.url(place[id(browser)])).csrf_token for browser in browsers}
    counts = storm(browsers, lambda b: send(b, scene.url(place[id(b)]), scene.forms[place[id(b)]], tokens[id(b)]))
    assert counts == {302: 5}
    with storm_app.app_context():
        assert counted(of(scene, "ItemReviewed")) == 5
        [finished] = db.session.scalars(of(scene, "DailySetFinished")).all()
        assert (finished["asked"], finished["right"], finished["any_rapid"]) == (5, 5, False)
        paid = select(func.sum(LedgerEntry.amount)).where(LedgerEntry.person_id == scene.person_id)
        assert db.session.scalar(paid.where(LedgerEntry.rule == "L2")) == 2 * scene.due
        assert db.session.scalar(paid.where(LedgerEntry.rule == "L3")) == 5
        db.session.remove()
    no_differences(storm_app)


def test_the_same_answer_from_without_a_network_counts_once(storm_app: Flask) -> None:
    scene: Scene = prepared(storm_app, begun)
    url, values = f"{scene.url(1)}/sync", scene.forms[1] | {"key": str(uuid.uuid4()), "ago": "5"}
    browsers = browsers_for(storm_app, scene.email)
    tokens = {id(browser): browser.get("/practice").csrf_token for browser in browsers}
    counts = storm(browsers, lambda b: send(b, url, values, tokens[id(b)]))
    assert counts[200] >= 1, counts
    assert set(counts) <= {200, 409}, counts
    again = send(browsers[0], url, values, tokens[id(browsers[0])])
    assert '"counted"' in again.text, "the same answer hears the same, however often it is sent"
    with storm_app.app_context():
        assert counted(of(scene, "ItemReviewed")) == 1
        keys = select(SetQuestion.synced_as).where(
            SetQuestion.set_id == scene.set_id, SetQuestion.answered_at.is_not(None)
        )
        assert db.session.scalars(keys).all() == [values["key"]]
        paid = select(LedgerEntry.id).where(LedgerEntry.person_id == scene.person_id, LedgerEntry.rule == "L2")
        assert counted(paid) == 1
        db.session.remove()
    no_differences(storm_app)
