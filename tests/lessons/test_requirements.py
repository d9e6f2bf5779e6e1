"""What has to be learned first does not wait for the lesson itself; many warnings hide no error."""

from __future__ import annotations

from typing import Any

import pytest

from peerlearn.core.db import db as database
from peerlearn.lessons import fileformat, lint, requirements, surroundings
from peerlearn.lessons.actions import NotReady
from peerlearn.lessons.models import Lesson, Revision
from tests import factories


def _needs(lesson: Lesson, *others: Lesson) -> None:
    """Publish a lesson with what is to be learned before it."""
    asked = ", ".join(other.uid for other in others)
    fresh = database.session.get_one(Lesson, lesson.id)
    factories.republish(fresh, lambda text: text.replace("\nkind:", f"\nprerequisites: [{asked}]\nkind:", 1))


def _published(lesson: Lesson) -> Revision:
    return database.session.get_one(Revision, database.session.get_one(Lesson, lesson.id).published_id)


@pytest.fixture
def chain(db: Any) -> list[Lesson]:
    """Three lessons, each of which waits for the one before."""
    topic = factories.topic()
    found = [factories.published_lesson(topic_=topic) for _ in range(3)]
    _needs(found[1], found[0])
    _needs(found[2], found[1])
    return found


@pytest.mark.parametrize(("first", "last"), [(0, 1), (0, 2)])
def test_a_lesson_waits_for_none_that_waits_for_it(chain: list[Lesson], first: int, last: int) -> None:
    with pytest.raises(NotReady) as refused:
        _needs(chain[first], chain[last])
    assert [problem.code for problem in refused.value.problems if problem.level == "error"] == ["circular-prerequisite"]


def test_two_ways_to_the_same_lesson_are_no_circle(chain: list[Lesson]) -> None:
    other = factories.published_lesson(topic_=factories.topic())
    _needs(other, chain[1], chain[2])
    assert requirements.leading_back(other.uid, [chain[1].uid, chain[2].uid]) == frozenset()
    assert requirements.leading_back(chain[0].uid, [chain[1].uid, chain[2].uid]) == {chain[1].uid, chain[2].uid}


def test_a_circle_that_is_there_ends_by_itself(chain: list[Lesson]) -> None:
    """As lessons of before may have one."""
    revision = _published(chain[0])
    revision.extras = revision.extras | {"prerequisites": [chain[2].uid]}
    database.session.commit()
    assert requirements.leading_back(chain[0].uid, [chain[2].uid]) == {chain[2].uid}
    assert requirements.leading_back("another", [chain[2].uid]) == frozenset()


def test_a_text_that_names_none_asks_nothing(chain: list[Lesson], statements: list[str]) -> None:
    file = fileformat.parse(_published(chain[0]).source)
    statements.clear()
    surroundings.known_around(chain[0].id, file, compare=False)
    assert not [one for one in statements if "RECURSIVE" in one]


def test_many_warnings_of_a_rule_hide_no_error(db: Any) -> None:
    cards = "".join(f"\n## Same\n\n{f'Text {number}.' if number < 8 else ''}\n" for number in range(9))
    front = "---\nid: same-titles\ntitle: Cards of one title\nsummary: Nine cards of one title.\nkind: how-to\n---\n"
    found = [problem.code for problem in lint.lint(fileformat.parse(front + cards))]
    assert "empty-card" in found
    assert found.count("same-card-title") == lint.PER_RULE
