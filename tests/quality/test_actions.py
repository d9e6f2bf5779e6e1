"""Quality on a real database: what it is made of, and what it orders."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from peerlearn.authors import counting
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.learn import actions as learning
from peerlearn.learn import queries
from peerlearn.learn.models import Reaction
from peerlearn.learn.queries import Filters
from peerlearn.lessons.models import Lesson
from peerlearn.lessons.quality import Signs, quality
from peerlearn.quality import actions
from peerlearn.quality import queries as known
from tests import factories
from tests.factories import Walk
from tests.page import Client, text_of


@pytest.fixture
def lesson(app: Any) -> Lesson:
    """A published lesson that a curator rated with 4.5."""
    return factories.published_lesson()


def says(lesson: Lesson, kind: str, right: bool = True) -> Walk:
    """Somebody learns a lesson, or fails, and says whether it helped."""
    walk = Walk(factories.person(), lesson.slug)
    walk.read()
    walk.quiz(right, right, right)
    found = queries.lesson_by_slug(lesson.slug, walk.person)
    assert found is not None
    learning.react(found, queries.standing(walk.person, found), kind, stands=True, by=walk.person)
    db.session.commit()
    return walk


def test_a_new_lesson_has_the_quality_of_its_review(lesson: Lesson) -> None:
    assert lesson.quality == pytest.approx(quality(Signs(rating=4.5)))


def test_votes_of_those_who_passed_count_once_each(lesson: Lesson) -> None:
    says(lesson, "useful")
    says(lesson, "unhelpful")
    says(lesson, "unhelpful", right=False)
    changed = says(lesson, "useful")
    found = queries.lesson_by_slug(lesson.slug, changed.person)
    assert found is not None
    learning.react(found, queries.standing(changed.person, found), "unhelpful", stands=True, by=changed.person)
    db.session.commit()
    signs = known.signs({})[lesson.id]
    assert (signs.helpful, signs.votes, signs.items, signs.rating) == (1, 3, 3, 4.5)
    assert queries.reactions_of(found, changed.person)["unhelpful"] == (2, True)
    assert queries.reactions_of(found, changed.person)["useful"] == (1, False)


def test_what_everybody_reads_counts_the_votes_of_those_who_passed(
    lesson: Lesson, client_for: Callable[..., Client]
) -> None:
    """On the lesson's page and its author's; other reactions are of whoever took the quiz, and mine stays pressed."""
    for _ in range(9):
        says(lesson, "useful")
    late = says(lesson, "useful", right=False)
    says(lesson, "unhelpful", right=False)
    says(lesson, "clear", right=False)
    share = "percent of those who learned it found it useful"
    page = client_for(late.person).get(f"/lessons/{lesson.slug}")
    assert share not in page.text, "nine voted who learned it"
    found = queries.lesson_by_slug(lesson.slug, late.person)
    assert found is not None
    assert queries.reactions_of(found, late.person) == {
        "useful": (9, True),
        "unhelpful": (0, False),
        "clear": (1, False),
    }
    assert counting.figures({lesson.id: 3})[lesson.id].reactions == {"useful": 9, "clear": 1}
    late.person, late.moment = factories.reloaded(late.person), late.moment + timedelta(days=1)
    late.quiz()
    assert share in client_for(late.person).get(f"/lessons/{lesson.slug}").text
    assert counting.figures({lesson.id: 3})[lesson.id].reactions == {"useful": 10, "clear": 1}


def test_open_flags_count_a_question_once(lesson: Lesson) -> None:
    walk = says(lesson, "useful")
    attempt = queries.standing(walk.person, lesson).finished[0]
    factories.flagged(lesson, attempt)
    signs = known.signs({})[lesson.id]
    assert signs.red + signs.amber == 1


def test_who_was_not_helped_is_told_to_those_who_can_act(app: Any, client_for: Callable[..., Client]) -> None:
    """The curators of its topic read it where they look after lessons, its author what to do; readers nothing."""
    topic = factories.topic()
    curator = factories.person("Carla Curator", roles=(("curator", topic.id),))
    lesson = factories.published_lesson(topic_=topic, title="How to fold a map")
    for number in range(10):
        person = says(lesson, "useful" if number < 2 else "unhelpful").person
    told = "They help few so far"
    assert told not in client_for(curator).get("/verification").text
    actions.recompute({})
    db.session.commit()
    page = text_of(client_for(curator).get("/verification").all("main")[0])
    assert told in page
    assert "How to fold a map" in page
    mine = client_for(factories.reloaded(lesson.owner_id))
    assert "It helped 2 of the 10 who said so." in mine.get("/write").text
    assert told not in mine.get("/verification").text
    other = factories.person(roles=(("curator", factories.topic().id),))
    for reader in (client_for(other), client_for(person)):
        assert told not in reader.get("/verification").text
        assert "It does not help everybody yet" not in reader.get(f"/lessons/{lesson.slug}").text
    db.session.execute(delete(Reaction))
    actions.recompute({})
    db.session.commit()
    assert told not in client_for(curator).get("/verification").text


def test_it_is_worked_out_for_all_in_the_same_statements(lesson: Lesson, statements: list[str]) -> None:
    counts = []
    for number in (1, 9):
        for _ in range(number):
            factories.published_lesson()
        db.session.commit()
        statements.clear()
        actions.recompute({})
        counts.append(len(statements))
        db.session.commit()
    assert counts[0] == counts[1]


def test_a_search_puts_the_better_and_the_checked_first(app: Any) -> None:
    topic = factories.topic()
    good, poor, old = (
        factories.published_lesson(topic_=topic, title=f"How to polish spoons {name}") for name in ("A", "B", "C")
    )
    poor.quality, old.check_on = 10.0, clock.today("UTC") - timedelta(days=60)
    db.session.commit()
    found = queries.catalogue(factories.person(), Filters(words="polish spoons"), None)
    order = [row.lesson.id for row in found.rows]
    assert order[0] == good.id
    assert set(order) == {good.id, poor.id, old.id}
