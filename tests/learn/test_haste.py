"""An answer faster than anybody can read is not marked: its question comes again after all others, once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.errors import Conflict
from peerlearn.learn import access, pool
from peerlearn.learn import actions as learn
from peerlearn.learn.models import Asked
from peerlearn.learn.queries import Sitting
from peerlearn.practice import material
from peerlearn.quizzes.answering import Answer
from tests import factories
from tests.factories import RIGHT, Walk
from tests.learn.test_actions import earned, facts
from tests.learn.test_checks import keep
from tests.learn.test_quiz_pages import EXPLAINED
from tests.page import Client
from tests.practice.days import Practice


@pytest.fixture
def walk(app: Any) -> Walk:
    """Somebody who has read a lesson."""
    walk = Walk(factories.person(), factories.published_lesson().slug)
    walk.read()
    return walk


def anew(walk: Walk, sitting: Sitting) -> Sitting:
    """The attempt as it is stored."""
    db.session.commit()
    db.session.expire_all()
    return access.sitting_of(sitting.attempt.id, factories.reloaded(walk.person.id))


def test_it_comes_again_after_all_others_and_counts_when_it_was_read(walk: Walk) -> None:
    sitting = walk.start()
    walk.answer(sitting, seconds=1)
    first = anew(walk, sitting).attempt.asked[0]
    assert (first.is_put_off, first.answered_at, first.mark, first.answer) == (True, None, None, None)
    assert facts("QuestionAnswered") == [], "nothing is said of it"
    walk.answer(sitting)
    walk.answer(sitting)
    sitting = anew(walk, sitting)
    assert sitting.attempt.state == "open"
    with clock.at(walk.moment):
        again = learn.next_question(sitting.attempt, by=walk.person)
    assert again is not None
    assert (again.position, again.comes_again, again.is_put_off) == (1, True, False)
    walk.answer(sitting)
    db.session.commit()
    assert anew(walk, sitting).attempt.is_passed
    [passed] = facts("LessonPassed")
    assert (passed["any_rapid"], passed["is_clean"]) == (False, True)
    assert [(rule, amount) for rule, amount, _ in earned(walk.person)] == [("L1", 10)]


def test_the_second_time_it_counts_as_no_answer(walk: Walk) -> None:
    sitting = walk.quiz(True, True, True, True, True, True, seconds=1)
    attempt = anew(walk, sitting).attempt
    assert (attempt.state, attempt.right, attempt.score, attempt.is_passed) == ("finished", 0, 0, False)
    assert [(row.is_rapid, row.is_right, row.answer["value"]) for row in attempt.asked if row.answer] == [
        (True, False, [])
    ] * 3
    assert earned(walk.person) == []
    walk.moment += timedelta(minutes=11)
    assert len(walk.start().attempt.asked) == 3, "all of it is asked again"


def test_what_haste_missed_is_recalled_like_anything_that_was_missed(walk: Walk) -> None:
    sitting = walk.start()
    walk.answer(sitting)
    walk.answer(sitting)
    walk.answer(sitting, seconds=1)
    walk.answer(sitting, seconds=1)
    db.session.commit()
    walk.moment += timedelta(minutes=11)
    walk.quiz(True)
    practice = Practice(walk.person, walk.moment + timedelta(days=3))
    practice.start()
    while practice.waiting:
        practice.answer()
    found = [(rule, amount) for rule, amount, _ in earned(walk.person) if rule.startswith("L1")]
    assert found == [("L1", 0), ("L1-later", 5)]


def test_the_same_form_sent_twice_is_one_hasty_answer(walk: Walk) -> None:
    sitting = walk.start()
    walk.answer(sitting, seconds=1)
    sitting = anew(walk, sitting)
    given = Answer("single", RIGHT["single"])
    with clock.at(walk.moment), pytest.raises(Conflict):
        learn.answer(sitting, 1, given, "fairly", by=walk.person)
    assert anew(walk, sitting).attempt.asked[0].is_put_off


def test_in_a_check_a_hasty_answer_counts_and_earns_nothing(app: Any) -> None:
    walk = Walk(factories.person(), factories.published_lesson(front="mode: check\n").slug)
    walk.read()
    sitting = walk.start()
    for position in (1, 2, 3):
        keep(walk, sitting, position, seconds=1 if position == 1 else 10)
    with clock.at(walk.moment):
        learn.hand_in(anew(walk, sitting), by=walk.person)
    assert facts("LessonPassed")[0]["any_rapid"]
    assert [(rule, amount) for rule, amount, _ in earned(walk.person)] == [("L1", 0)]


def test_a_question_keeps_its_times_over_a_new_version(walk: Walk) -> None:
    """The same question with another explanation is another wording of it; other words ask something else."""
    old = {row.version_id for row in walk.quiz(seconds=30).attempt.asked}
    with clock.at(walk.moment):
        known = access.lesson_to_learn(walk.slug, walk.person)[0]
        factories.republish(
            known,
            lambda text: text.replace("Right, that comes first.", "Right, this is where it begins.").replace(
                "Every step is shown.", "All steps are shown."
            ),
        )
    db.session.expire_all()
    other = Walk(factories.person(), walk.slug, walk.moment)
    other.read()
    versions = [row.version_id for row in other.start().attempt.asked]
    assert [version in old for version in versions] == [False, False, True]
    assert pool.response_times(versions) == {versions[0]: [30], versions[2]: [30]}
    times = material.times(other.person.id, versions).by_version
    assert [times[version] for version in versions] == [[30], [], [30]]


def test_the_page_says_so_and_tells_nothing_of_the_answer(walk: Walk, client_for: Any) -> None:
    sitting = walk.start()
    walk.answer(sitting, seconds=1)
    db.session.commit()
    browser: Client = client_for(walk.person)
    url = f"/attempts/{sitting.attempt.id}"
    page = browser.get(url)
    assert "The question comes once more at the end" in page.text
    assert not any(said in page.text for said in EXPLAINED)
    browser.post(f"{url}/next", {}, token_from=url)
    opened = select(Asked.position).where(Asked.asked_at.is_not(None)).order_by(Asked.asked_at.desc())
    assert db.session.scalar(opened) == 2


def test_the_pages_say_that_it_was_not_answered(walk: Walk, client_for: Any) -> None:
    sitting = walk.quiz(True, True, True, True, True, True, seconds=1)
    browser: Client = client_for(walk.person)
    url = f"/attempts/{sitting.attempt.id}"
    assert "it counts as not answered" in browser.get(url).text
    assert browser.get(f"{url}/result").text.count("Not answered") == 3
