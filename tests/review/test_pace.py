"""Nobody waves lessons through: how often somebody may decide (SAFETY A10)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.errors import TooMany
from peerlearn.review import actions, pace, queries
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
