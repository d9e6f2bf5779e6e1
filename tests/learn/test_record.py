"""How somebody learns is theirs: nothing of it stands in the record that administrators and auditors read."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from peerlearn.accounts import queries as accounts
from peerlearn.core.db import db as database
from peerlearn.core.facts import Fact
from tests import factories
from tests.factories import Walk

LEARNING = {"ReadingStarted", "QuestionAnswered", "AttemptFinished", "LessonPassed"}


@pytest.mark.security
def test_the_record_leaves_out_how_people_learn(db: Any) -> None:
    walk = Walk(factories.person(), factories.published_lesson().slug)
    walk.read()
    walk.quiz()
    kept = set(database.session.scalars(select(Fact.type)))
    assert kept >= LEARNING
    shown = {fact.type for fact in accounts.facts(accounts.RecordFilter(), None).rows}
    assert "LessonApproved" in shown
    assert not shown & LEARNING
    assert database.session.scalar(select(func.count()).select_from(Fact).where(Fact.type.in_(LEARNING)))
