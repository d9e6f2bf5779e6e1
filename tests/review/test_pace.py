"""Nobody waves lessons through: how often somebody may decide (SAFETY A10)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.errors import TooMany
from peerlearn.review import actions, looking, pace, queries
from peerlearn.review.models import Review, SecondLook
from tests import factories
from tests.factories import JUDGEMENT, MONDAY

FIVE, DAY = timedelta(minutes=5), timedelta(days=1)


@pytest.mark.parametrize(
    ("of_the_day", "of_the_row", "known"),
    [(0, 0, None), (29, 9, None), (29, 10, FIVE), (10, 10, FIVE), (30, 0, DAY), (30, 10, DAY)],
)
def test_how_long_one_waits(of_the_day: int, of_the_row: int, known: timedelta | None) -> None:
    told = pace.wait(of_the_day, of_the_row)
    assert (told and told[1]) == known


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(("policy", "later"), [(pace.Policy(in_a_row=2), FIVE), (pace.Policy(a_day=2), DAY)])
def test_too_many_decisions_wait(monkeypatch: pytest.MonkeyPatch, policy: pace.Policy, later: timedelta) -> None:
    monkeypatch.setattr(pace, "POLICY", policy)
    topic = factories.topic()
    curator = factories.person(roles=(("curator", topic.id),))
    with clock.at(MONDAY):
        waiting = [factories.reviewed_lesson(factories.person(), topic)[1] for _ in range(3)]
        for one in waiting[:2]:
            factories.approve(one, curator)
        seen = queries.review_to_change(waiting[2].id, factories.reloaded(curator))
        assert seen is not None
        with pytest.raises(TooMany):
            actions.approve(seen.review, JUDGEMENT, by=curator)
        with pytest.raises(TooMany):
            actions.reject(
                seen.review, "other", actions.Judgement({}, {}, "This is not for us at all, sorry."), by=curator
            )
        db.session.rollback()
    with clock.at(MONDAY + later - timedelta(seconds=1)), pytest.raises(TooMany):
        factories.approve(waiting[2], curator)
    db.session.rollback()
    with clock.at(MONDAY + later):
        factories.approve(waiting[2], curator)
    assert waiting[2].state == "approved"


@pytest.mark.usefixtures("db")
def test_a_first_approval_and_a_second_look_are_decisions_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "POLICY", pace.Policy(in_a_row=2))
    topic = factories.topic()
    tom, uma = (factories.person(roles=(("curator", topic.id),)) for _ in range(2))

    def read(review: Review, by: Person) -> Review:
        seen = queries.review_to_change(review.id, factories.reloaded(by))
        assert seen is not None
        return seen.review

    with clock.at(MONDAY):
        closed = [factories.reviewed_lesson(factories.person(), topic) for _ in range(2)]
        for lesson, _ in closed:
            lesson.classification = "restricted"
        looks = []
        for _ in range(2):
            lesson, review = factories.reviewed_lesson(factories.person(), topic)
            where = {"lesson_id": lesson.id, "topic_id": topic.id, "revision_id": review.revision_id}
            looks.append(SecondLook(**where, review_id=review.id, approved_by_id=uma.id))
        db.session.add_all(looks)
        db.session.commit()
        first = read(closed[0][1], tom)
        actions.approve(first, JUDGEMENT, by=factories.reloaded(tom))
        assert (first.state, first.first_approved_at) == ("open", MONDAY)
        looking.judge(looking.APPROVAL, looks[0].id, "fine", "", by=factories.reloaded(tom))
        with pytest.raises(TooMany):
            looking.judge(looking.APPROVAL, looks[1].id, "fine", "", by=factories.reloaded(tom))
        with pytest.raises(TooMany):
            actions.approve(read(closed[1][1], tom), JUDGEMENT, by=factories.reloaded(tom))
    with clock.at(MONDAY + FIVE):
        looking.judge(looking.APPROVAL, looks[1].id, "fine", "", by=factories.reloaded(tom))
