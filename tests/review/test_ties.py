"""Whose work a text is, for those who are too close to them: who is an author, who was one, and who wrote this text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from peerlearn.accounts.models import Grant, Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.errors import NotAllowed
from peerlearn.lessons.models import FormerAuthor, Lesson, LessonAuthor, Origin, Revision
from peerlearn.review import actions, conflicts, queries, recusing, waiting
from peerlearn.review.impartiality import Closeness
from peerlearn.review.models import Review
from tests import factories
from tests.factories import JUDGEMENT
from tests.review.test_actions import THURSDAY, Desk
from tests.review.test_impartiality import LATER, closeness, decided, lead

Wrote = Callable[[Desk], Person]


@pytest.fixture
def desk(db: Any) -> Desk:
    return Desk()


def was_author(desk: Desk) -> Person:
    """Somebody who wrote along before and whose name was taken out."""
    person = factories.person("Former")
    db.session.add(FormerAuthor(lesson_id=desk.lesson.id, person_id=person.id))
    db.session.commit()
    return person


def wrote_text(desk: Desk) -> Person:
    """Somebody who is no author, and wrote the text that waits."""
    person = factories.person("Writer")
    desk.fresh().revision.writer_id = person.id
    db.session.commit()
    return person


@pytest.mark.parametrize("wrote", [was_author, wrote_text])
def test_whoever_leads_or_is_led_by_them_is_too_close(desk: Desk, wrote: Wrote) -> None:
    person = wrote(desk)
    assert closeness(desk, desk.tom) is closeness(desk, desk.uma) is None
    lead(desk.tom, person.team_id)
    lead(person, desk.uma.team_id)
    assert closeness(desk, desk.tom) is Closeness.LEADS
    assert closeness(desk, desk.uma) is Closeness.LED


@pytest.mark.parametrize("wrote", [was_author, wrote_text])
def test_recusals_hold_for_their_work(desk: Desk, wrote: Wrote) -> None:
    person = wrote(desk)
    recusing.recuse(person.email, by=desk.me(desk.tom))
    with clock.at(THURSDAY - timedelta(hours=1)):
        recusing.recuse(desk.uma.email, by=desk.me(person))
    assert closeness(desk, desk.tom) is Closeness.RECUSED
    assert closeness(desk, desk.uma) is Closeness.APART


@pytest.mark.parametrize("wrote", [was_author, wrote_text])
@pytest.mark.parametrize(("days", "is_close"), [((29, 20, 10), True), ((31, 20, 10), False)])
def test_what_was_decided_about_other_work_of_theirs_counts(
    desk: Desk, wrote: Wrote, days: tuple[int, ...], is_close: bool
) -> None:
    person = wrote(desk)
    for ago in days:
        decided(desk, person, desk.tom, ago)
    assert closeness(desk, desk.tom) is (Closeness.OFTEN if is_close else None)
    assert closeness(desk, desk.uma) is None


@pytest.mark.parametrize("wrote", [was_author, wrote_text])
def test_there_is_no_review_in_return(desk: Desk, wrote: Wrote) -> None:
    person = wrote(desk)
    db.session.add(Grant(person_id=person.id, role="curator", scope_id=desk.topic.id))
    db.session.commit()
    decided(desk, desk.tom, person, 13)
    assert closeness(desk, desk.tom) is Closeness.IN_RETURN
    assert closeness(desk, desk.uma) is None


def left(lesson_ids: list[int], person: Person) -> None:
    """Somebody's name is taken out of these lessons."""
    for lesson_id in lesson_ids:
        db.session.add(FormerAuthor(lesson_id=lesson_id, person_id=person.id))
    mine = LessonAuthor.lesson_id.in_(lesson_ids), LessonAuthor.person_id == person.id
    db.session.execute(delete(LessonAuthor).where(*mine))
    db.session.commit()


def test_a_name_that_is_taken_out_of_a_lesson_hides_no_decision(desk: Desk) -> None:
    """Whose lessons somebody decided often, and whose decided about theirs, stays so when co-authors are edited."""
    for ago in (29, 20, 10):
        decided(desk, desk.author, desk.tom, ago)
    others = [one for (one,) in db.session.query(Review.lesson_id) if one != desk.lesson.id]
    left(others, desk.author)
    assert closeness(desk, desk.tom) is Closeness.OFTEN
    db.session.add(Grant(person_id=desk.author.id, role="curator", scope_id=desk.topic.id))
    db.session.commit()
    decided(desk, desk.uma, desk.author, 13)
    left([one for (one,) in db.session.query(Review.lesson_id) if one not in (*others, desk.lesson.id)], desk.uma)
    assert closeness(desk, desk.uma) is Closeness.IN_RETURN


def test_the_lesson_itself_is_not_one_more(desk: Desk) -> None:
    """Two others and the round before are not three, whether its author is named or was."""
    for ago in (12, 11):
        decided(desk, desk.author, desk.tom, ago)
    with clock.at(THURSDAY):
        desk.send_back()
        desk.review = desk.resubmit()
    factories.write_along(desk.fresh().lesson, factories.person())
    left([desk.lesson.id], desk.author)
    assert closeness(desk, desk.tom) is None


@pytest.mark.parametrize("wrote", [was_author, wrote_text])
def test_their_colleagues_come_second(desk: Desk, wrote: Wrote) -> None:
    person = wrote(desk)
    person.team_id = desk.tom.team_id
    db.session.commit()
    with clock.at(LATER):
        assert queries.standing(desk.fresh(), desk.me(desk.tom)).closeness is Closeness.COLLEAGUE
        rows = {row.id: (row.is_free, row.gives_way) for row in waiting.queue(desk.me(desk.tom)).rows}
    assert rows[desk.review.id] == (False, True)


def begun_from(desk: Desk, author: Person) -> None:
    """The lesson that waits was begun from a lesson that this person wrote along, in a topic of another curator."""
    origin = factories.published_lesson()
    factories.write_along(origin, author)
    db.session.add(Origin(lesson_id=desk.lesson.id, origin_id=origin.id))
    db.session.commit()


@pytest.mark.parametrize("still", [True, False])
def test_authors_of_the_lesson_that_it_was_begun_from_are_close(desk: Desk, still: bool) -> None:
    begun_from(desk, desk.tom)
    (origin_id,) = db.session.scalars(select(Origin.origin_id))
    if not still:
        left([origin_id], desk.tom)
    assert closeness(desk, desk.tom) is Closeness.ORIGIN
    assert closeness(desk, desk.uma) is None
    near = [
        select(conflicts.is_near(who.id, Review)).where(Review.id == desk.review.id) for who in (desk.tom, desk.uma)
    ]
    assert [bool(db.session.scalar(each)) for each in near] == [True, False]
    with clock.at(LATER):
        standing = queries.standing(desk.fresh(), desk.me(desk.tom))
        assert not standing.had_a_hand, "which would let them read along as authors do"
        with pytest.raises(NotAllowed, match="begun from a lesson of yours"):
            actions.approve(desk.fresh(), JUDGEMENT, by=desk.me(desk.tom))


def test_a_lesson_ties_to_what_it_was_begun_from_and_not_the_other_way_round(desk: Desk) -> None:
    fork = factories.published_lesson(desk.tom, desk.topic)
    db.session.add(Origin(lesson_id=fork.id, origin_id=desk.lesson.id))
    assert closeness(desk, desk.tom) is None


def test_where_no_other_curator_is_left_an_administrator_is_asked_even_one_who_wrote_the_other(desk: Desk) -> None:
    begun_from(desk, desk.tom)
    (origin_id,) = db.session.scalars(select(Origin.origin_id))
    admin = factories.person("Alma Admin", roles=(("admin", 0),))
    factories.write_along(db.session.get_one(Lesson, origin_id), admin)
    with clock.at(LATER):
        assert not queries.standing(desk.fresh(), desk.me(admin)).may_decide
        actions.decline(desk.fresh(), "conflict", by=desk.me(desk.uma))
        db.session.commit()
        assert queries.standing(desk.fresh(), desk.me(admin)).may_decide
        (row,) = [row for row in waiting.queue(desk.me(admin)).rows if row.id == desk.review.id]
    assert row.is_free


def test_somebody_who_only_mended_a_word_once_ties_nobody_to_a_later_text(desk: Desk) -> None:
    reader, old = factories.person("Reader"), desk.fresh().revision
    kept = {name: getattr(old, name) for name in ("lesson_id", "source", "title", "kind", "cards", "extras")}
    db.session.add(Revision(**kept, number=99, state="superseded", writer_id=reader.id))
    lead(desk.tom, reader.team_id)
    assert closeness(desk, desk.tom) is None
    old.writer_id = reader.id
    assert closeness(desk, desk.tom) is Closeness.LEADS
