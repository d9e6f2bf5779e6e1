"""Whoever wrote much of a lesson by suggesting words for it never judges it, whoever took the words over."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db as database
from peerlearn.core.errors import NotAllowed
from peerlearn.lessons import actions as lessons
from peerlearn.lessons import hands
from peerlearn.lessons.models import Lesson, Revision, WrittenPart
from peerlearn.lessons.rules import LEAST_SHARE
from peerlearn.review import access, actions, conflicts, queries, rules, ties, waiting
from peerlearn.review.models import Review
from tests import factories
from tests.factories import JUDGEMENT, reloaded, suggested
from tests.review.test_actions import Desk
from tests.suggestions.test_actions import NEW, OLD, Case
from tests.suggestions.test_actions import case as case  # the fixture

MUCH = " ".join(f"Say {number} times what a reader needs." for number in ("two", "three", "four", "five", "six", "ten"))


@pytest.fixture
def writer(case: Case) -> Person:
    """Somebody who suggests words and curates the topic."""
    return factories.person("Writer", roles=(("curator", case.topic.id),))


def part_of(person: Person, lesson_id: int) -> float | None:
    wanted = WrittenPart.lesson_id == lesson_id, WrittenPart.person_id == person.id
    return database.session.scalar(select(WrittenPart.share).where(*wanted))


def judges(person: Person, revision: Revision | None) -> bool:
    """Whether somebody may decide about a text; their queue and what is asked of all curators at once agree."""
    assert revision is not None
    review = database.session.scalars(select(Review).where(Review.revision_id == revision.id)).one()
    place = queries.standing(review, reloaded(person))
    (row,) = [row for row in waiting.queue(reloaded(person)).rows if row.id == review.id]
    hand = select(conflicts.hand(Person.id, Review.lesson_id)).select_from(Review).where(Review.id == review.id)
    hand = hand.join(Person, Person.id == person.id)
    assert bool(row.is_mine) is bool(database.session.scalar(hand)) is place.had_a_hand
    return place.may_decide


def test_how_much_of_a_text_is_new() -> None:
    old = "One two three.\n\nFour five six.\n"
    assert hands.part_new(old, old) == 0
    assert hands.part_new("", old) == 1
    assert hands.part_new(old, "One two four.\n\nFour five six.\n") == pytest.approx(1 / 6)
    assert hands.part_new(old, "One two three.\n") == 0, "what is gone is no writing"
    assert hands.part_new(old, "") == 0


def test_whoever_wrote_much_does_not_judge_and_whoever_mended_a_word_does(case: Case, writer: Person) -> None:
    other = factories.person()
    little = factories.published_lesson(other, case.topic)
    taken = case.accept(suggested(little, writer, OLD, NEW), other)
    assert 0 < (part_of(writer, little.id) or 0) < LEAST_SHARE
    assert judges(writer, taken.revision)
    taken = case.accept(case.suggest(MUCH, by=reloaded(writer)), case.author)
    assert (part_of(writer, case.lesson.id) or 0) >= LEAST_SHARE
    assert not judges(writer, taken.revision)
    assert judges(case.curator, taken.revision)
    review = queries.latest_review(taken.revision.id if taken.revision else 0)
    assert review is not None
    with pytest.raises(NotAllowed, match="yours"):
        access.review_to_decide(review.id, reloaded(writer))


def test_several_add_up(case: Case, writer: Person) -> None:
    """The author takes them into a draft, one after the other."""
    lessons.revise(case.lesson, by=reloaded(case.author))
    database.session.commit()
    parts, judged = [], []
    for card in (1, 2, 3):
        more = suggested(
            case.lesson, reloaded(writer), "\n\n", "\n\nTake a breath, and then go on. ", place=f"card-{card}"
        )
        case.accept(more, case.author)
        parts.append(part_of(writer, case.lesson.id) or 0)
        hand = select(ties.had_a_hand(writer.id, Lesson.id)).where(Lesson.id == case.lesson.id)
        judged.append(not database.session.scalar(hand))
    assert parts == sorted(parts)
    assert parts[0] < LEAST_SHARE <= parts[-1]
    assert judged == [part < LEAST_SHARE for part in parts]


def test_what_a_curator_wrote_into_a_draft_by_remarks_counts_too(db: Any) -> None:
    desk = Desk()
    lines = desk.revision.source.split("\n")
    remark = desk.suggest(next(number for number, line in enumerate(lines, start=1) if OLD in line), MUCH)
    desk.block()
    actions.request_changes(desk.fresh(), actions.Judgement({}, {}), by=desk.me(desk.tom))
    found, review = access.remark_to_answer(remark.id, desk.me(desk.author))
    actions.accept_suggestion(found, review, by=desk.me(desk.author))
    assert (part_of(desk.tom, desk.lesson.id) or 0) >= LEAST_SHARE
    desk.review = desk.resubmit()
    with pytest.raises(NotAllowed, match="yours"):
        actions.approve(desk.fresh(), JUDGEMENT, by=desk.me(desk.tom))
    with clock.at(clock.now() + rules.POLICY.first_right):
        actions.approve(desk.fresh(), JUDGEMENT, by=desk.me(desk.uma))
