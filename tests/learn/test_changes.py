"""Whoever learned an older text of a lesson sees what changed since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.learn import queries
from peerlearn.lessons.models import Lesson
from tests import factories
from tests.factories import Walk
from tests.page import Client

ClientFor = Callable[..., Client]
STEP = "Every step is shown."


@pytest.fixture
def walk(app: Any) -> Walk:
    """A person who has passed a lesson."""
    walk = Walk(factories.person(), factories.published_lesson().slug)
    walk.read()
    walk.quiz()
    db.session.commit()
    return walk


def lesson_of(walk: Walk) -> Lesson:
    found = queries.lesson_by_slug(walk.slug, walk.person)
    assert found is not None
    return found


def change(walk: Walk, old: str, new: str) -> None:
    """The lesson is published with other words a week later."""
    with clock.at(walk.moment + timedelta(days=7)):
        factories.republish(lesson_of(walk), lambda text: text.replace(old, new))
        db.session.commit()


def test_nothing_changed(walk: Walk, client_for: ClientFor) -> None:
    browser = client_for(walk.person)
    assert "It changed since you learned it" not in browser.get(f"/lessons/{walk.slug}").text
    browser.get(f"/lessons/{walk.slug}/changes", status=404)


def test_a_card_that_changed_is_told_word_by_word(walk: Walk, client_for: ClientFor) -> None:
    change(walk, "Then show", "Afterwards show")
    browser = client_for(walk.person)
    assert "It changed since you learned it" in browser.get(f"/lessons/{walk.slug}").text
    page = browser.get(f"/lessons/{walk.slug}/changes")
    assert "Afterwards" in page.text
    assert "<ins" in page.text
    assert "<del" in page.text


def test_a_question_that_changed_is_not_told_before_it_is_answered(walk: Walk, client_for: ClientFor) -> None:
    change(walk, STEP, "No step is ever shown in this example.")
    page = client_for(walk.person).get(f"/lessons/{walk.slug}/changes")
    assert "they come back in practice" in page.text
    assert "No step is ever shown" not in page.text


def test_others_find_no_changes(walk: Walk, client_for: ClientFor) -> None:
    change(walk, "Then show", "Afterwards show")
    browser = client_for(factories.person())
    browser.get(f"/lessons/{walk.slug}/changes", status=404)
    assert "It changed since you learned it" not in browser.get(f"/lessons/{walk.slug}").text


def test_what_was_learned_keeps_its_date_and_its_text(walk: Walk) -> None:
    before = queries.standing(walk.person, lesson_of(walk)).passed
    assert before is not None
    kept = (before.id, before.revision_id, before.finished_at)
    change(walk, STEP, "No step is ever shown in this example.")
    db.session.expire_all()
    lesson = lesson_of(walk)
    learned = queries.standing(factories.reloaded(walk.person), lesson).learned
    assert learned is not None
    assert (learned.id, learned.revision_id, learned.finished_at) == kept
    assert learned.revision_id != lesson.published_id
