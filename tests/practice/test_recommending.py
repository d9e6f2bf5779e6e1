"""Which lessons are offered next, in which order, and to whom they are open."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db as database
from peerlearn.lessons.models import Lesson, Topic
from peerlearn.practice import ranking, recommending
from peerlearn.practice.models import NeededTopic
from peerlearn.practice.ranking import Candidate
from peerlearn.practice.recommending import recommended_lessons
from tests import factories
from tests.conftest import Statements
from tests.home import rows
from tests.practice import held_rows
from tests.practice.test_held_rules import close

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def candidate(number: int, **values: Any) -> Candidate:
    """A lesson that many have tried, each of a topic of its own unless told otherwise."""
    topic_id = values.pop("topic_id", number)
    days = values.pop("days", 100)
    base = Candidate(number, topic_id, NOON - timedelta(days=days))
    return replace(base, **({"learners": 10, "holders": 3} | values))


def ids(found: list[Candidate]) -> list[int]:
    return [one.id for one in found]


def test_the_score_is_made_of_what_is_known() -> None:
    found = candidate(1, coverage=0.2, holders=1, quality=63.5, extras={"odds": [[0.25], [0.0, "easy"], [0.5, "hard"]]})
    chances = [0.625, 0.7311, 0.5 + 0.5 * 0.2689]
    assert found.chance == close(sum(chances) / 3)
    assert found.score == close(0.35 * 0.6 + 0.20 + 0.20 * 0.635 + 0.15 * 2 / 3 + 0.10)


def test_what_answers_have_told_takes_the_place_of_guesses() -> None:
    found = candidate(1, extras={"odds": [[0.25, "easy"]]}, ability=-1.0, difficulty=0.5)
    assert found.chance == close(0.25 + 0.75 / (1 + 2.718281828**1.5))


def test_the_larger_gap_comes_first_and_nothing_beyond_the_target() -> None:
    found = [candidate(1, coverage=0.75), candidate(2, coverage=0.1), candidate(3, coverage=0.95)]
    assert ids(ranking.offered(found)) == [2, 1, 3]
    assert candidate(3, coverage=0.95).gap == 0


def test_what_the_team_needs_comes_before_what_scores_more() -> None:
    found = [candidate(1), candidate(2, coverage=0.7, is_needed=True), candidate(3, coverage=0.9, is_needed=True)]
    assert ids(ranking.offered(found)) == [2, 1, 3]


def test_the_last_of_five_is_one_that_few_have_tried() -> None:
    found = [candidate(n, coverage=n / 20) for n in range(1, 8)] + [candidate(9, coverage=0.79, learners=9)]
    offered = ranking.offered(found)
    assert ids(offered) == [1, 2, 3, 4, 9]
    assert [one.is_exploration for one in offered] == [False] * 4 + [True]


def test_when_all_are_well_known_the_best_fill_the_places() -> None:
    offered = ranking.offered(candidate(n, coverage=n / 20) for n in range(1, 8))
    assert ids(offered) == [1, 2, 3, 4, 5]
    assert not any(one.is_exploration for one in offered)


def test_one_topic_does_not_take_all_places() -> None:
    found = [candidate(n, topic_id=1, days=n) for n in range(1, 6)] + [candidate(9, coverage=0.7)]
    assert ids(ranking.offered(found)) == [1, 2, 9, 3, 4]


def test_of_nothing_nothing_is_offered() -> None:
    assert ranking.offered([]) == []


# found in the database


def known(person: Person, **values: Any) -> dict[int, Candidate]:
    return {one.id: one for one in recommended_lessons(person, **values)}


def lesson(topic: Topic, author: Person | None = None, **extras: Any) -> Lesson:
    """A published lesson with something said of its revision."""
    found = rows.lesson(author or factories.person(), topic)
    rows.revision_of(found).extras = extras
    database.session.commit()
    return found


def test_only_what_is_new_is_offered(db: Any) -> None:
    topic, person, author = rows.topic(), factories.person(), factories.person()
    fresh = rows.lesson(author, topic)
    rows.lesson(person, topic)
    rows.lesson(author, topic, state="draft")
    rows.reading(person, rows.lesson(author, topic))
    rows.attempt(person, rows.lesson(author, topic), passed=True)
    rows.attempt(person, rows.lesson(author, topic), passed=False)
    (found,) = recommended_lessons(person)
    assert (found.id, found.knows_topic, found.teammates) == (fresh.id, True, 0)
    assert (found.topic, found.author, found.title) == (topic.name, author.name, fresh.title)


def test_a_lesson_waits_for_those_before_it(db: Any) -> None:
    topic, person = rows.topic(), factories.person()
    first, second = lesson(topic), lesson(topic)
    after = lesson(topic, prerequisites=[first.uid, second.uid])
    assert set(known(person)) == {first.id, second.id}
    rows.attempt(person, first, passed=True)
    assert set(known(person)) == {second.id}
    rows.attempt(person, second, passed=True)
    found = known(person)
    assert set(found) == {after.id}
    assert found[after.id].builds_on


def test_nobody_waits_for_what_is_gone_or_their_own(db: Any) -> None:
    topic, person = rows.topic(), factories.person()
    own, gone = lesson(topic, person), lesson(topic)
    gone.state = "archived"
    db.session.commit()
    after = lesson(topic, prerequisites=[own.uid, gone.uid, "never-was"])
    assert set(known(person)) == {after.id}


def test_what_is_held_and_needed_is_known(db: Any) -> None:
    topic, other = factories.topic(), factories.topic()
    person = factories.person()
    found_id, other_id = lesson(topic).id, lesson(other).id
    held_rows.holding(person, topic, 0.3, is_holder=False)
    for _ in range(4):
        held_rows.holding(factories.person(), topic)
    held_rows.holding(factories.person(is_active=False), other)
    held_rows.holding(factories.person(), other)
    db.session.add(NeededTopic(team_id=person.team_id, topic_id=topic.id))
    db.session.add(NeededTopic(team_id=factories.team().id, topic_id=other.id))
    db.session.commit()
    found = known(person)
    assert (found[found_id].coverage, found[found_id].holders, found[found_id].is_needed) == (0.3, 3, True)
    assert (found[other_id].coverage, found[other_id].holders, found[other_id].is_needed) == (0, 1, False)
    assert next(iter(found)) == found_id


def test_learners_are_counted_as_far_as_it_matters(db: Any) -> None:
    topic = rows.topic()
    loved, tried = lesson(topic), lesson(topic)
    for number in range(12):
        person = factories.person()
        rows.attempt(person, loved, passed=True)
        if number < 4:
            rows.attempt(person, tried, passed=True)
    found = known(factories.person())
    assert (found[loved.id].learners, found[tried.id].learners) == (10, 4)
    assert found[tried.id].is_exploration is False


def test_teammates_count_from_three_on_and_only_lately(db: Any) -> None:
    topic, team, author = rows.topic(), factories.team(), factories.person()
    person = factories.person(team=team)
    loved, quiet, old = (rows.lesson(author, topic) for _ in range(3))
    mates = [factories.person(team=team) for _ in range(3)]
    for mate in mates:
        rows.attempt(mate, loved, passed=True)
        rows.attempt(mate, old, passed=True, at=clock.now() - timedelta(days=31))
    for mate in mates[:2]:
        rows.attempt(mate, quiet, passed=True)
    for _ in range(4):
        rows.attempt(factories.person(), quiet, passed=True)
    assert {c.id: c.teammates for c in recommended_lessons(person)} == {loved.id: 3, quiet.id: 0, old.id: 0}


def test_people_without_a_team_have_no_teammates(db: Any) -> None:
    found = rows.lesson(factories.person(), rows.topic())
    for _ in range(4):
        rows.attempt(factories.person(team=None), found, passed=True)
    assert [c.teammates for c in recommended_lessons(factories.person(team=None))] == [0]


def _bury(topic: Topic, author: Person) -> None:
    """Many newer lessons of a topic that is safe."""
    for _ in range(15):
        rows.lesson(author, topic)
    for _ in range(3):
        held_rows.holding(factories.person(), topic)


def test_older_lessons_are_found_for_each_reason(db: Any) -> None:
    author, team = factories.person(), factories.team()
    person = factories.person(team=team)
    safe, needed, learned, rare = (rows.topic() for _ in range(4))
    _bury(safe, author)
    for topic in (needed, learned):
        for _ in range(3):
            held_rows.holding(factories.person(), topic)
    ago = clock.now() - timedelta(days=900)
    old = {name: rows.lesson(author, topic, published_at=ago) for name, topic in (("needed", needed), ("rare", rare))}
    old["learned"] = rows.lesson(author, learned, published_at=ago)
    old["loved"] = rows.lesson(author, safe, published_at=ago)
    rows.attempt(person, rows.lesson(author, learned, published_at=ago), passed=True)
    for _ in range(3):
        rows.attempt(factories.person(team=team), old["loved"], passed=True)
    db.session.add(NeededTopic(team_id=team.id, topic_id=needed.id))
    db.session.commit()
    looked_at = {one.id for one in recommending._found(person)}
    assert {found.id for found in old.values()} <= looked_at
    assert len(looked_at) == 12 + 4


@pytest.mark.parametrize("number", [3, 30])
def test_it_takes_one_statement(db: Any, statements: Statements, number: int) -> None:
    person, topic = factories.person(), rows.topic()
    first = lesson(topic)
    for _ in range(number):
        lesson(topic, prerequisites=[first.uid])
        lesson(topic)
    statements.clear()
    assert len(recommended_lessons(person, limit=3)) == 3
    assert len(statements) == 1


def test_a_rated_lesson_remembers_what_the_ranking_needs(db: Any) -> None:
    extras = rows.revision_of(factories.published_lesson()).extras
    assert extras["rating"] == 4.5
    assert extras["odds"] == [[0.3333], [0.5], [0.0]]


@pytest.mark.parametrize(("days_late", "known"), [(30, True), (31, False)])
def test_what_nobody_checked_for_long_is_not_recommended(db: Any, days_late: int, known: bool) -> None:
    person, author = factories.person(), factories.person()
    due = clock.today(person.timezone) - timedelta(days=days_late)
    late = rows.lesson(author, rows.topic("Security"), check_on=due)
    assert (late.id in ids(recommended_lessons(factories.reloaded(person)))) is known
