"""What operators run for practice: mails, the calibration of the memory model, fitting."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from peerlearn.core import clock, mail
from peerlearn.core.db import db
from peerlearn.practice import actions, calibrating, fitting, mailing, memory, past
from peerlearn.practice.calibrating import Bucket
from tests import factories
from tests.factories import Walk
from tests.practice.days import Practice


@pytest.fixture
def walk(app: Any) -> Walk:
    """Somebody who passed a lesson and wants mails."""
    walk = Walk(factories.person(), factories.published_lesson().slug)
    walk.read()
    walk.quiz()
    actions.choose(size=5, by_mail=True, by=walk.person)
    db.session.commit()
    return walk


@pytest.fixture
def due(walk: Walk, app: Flask) -> Iterator[datetime]:
    """The day on which its questions are due."""
    with clock.at(walk.moment + timedelta(days=2)), app.test_request_context():
        yield clock.now()


def test_a_mail_links_to_each_question_once_a_day(walk: Walk, due: datetime) -> None:
    assert walk.person.id in list(mailing.subscribers())
    letter = mailing.prepare(walk.person.id)
    assert isinstance(letter, mail.Mail)
    assert letter.subject == "3 questions for today"
    assert letter.text.count("/practice/sets/") == 3
    assert "Right, that comes first" not in letter.text
    assert mailing.prepare(walk.person.id) is None


@pytest.mark.parametrize("days", [1, 5])
def test_no_mail_when_nothing_is_due_or_on_a_day_off(walk: Walk, app: Flask, days: int) -> None:
    with clock.at(walk.moment + timedelta(days=days)), app.test_request_context():
        assert mailing.prepare(walk.person.id) is None


def test_no_mail_once_the_set_is_done(walk: Walk, due: datetime) -> None:
    practice = Practice(walk.person, due)
    practice.start()
    for _ in range(3):
        practice.answer()
    assert mailing.prepare(walk.person.id) is None


def test_the_month_is_compared_by_interval(walk: Walk, due: datetime) -> None:
    practice = Practice(walk.person, due)
    practice.start()
    practice.answer()
    practice.answer(right=False)
    report = calibrating.of_month(date(2026, 1, 1), date(2026, 2, 1))
    assert [bucket.count for bucket in report.buckets] == [2, 0, 0, 0]
    assert report.buckets[0].predicted == pytest.approx(0.9095, abs=1e-4)
    assert not report.is_off
    assert "too few" in list(report.lines())[1]


@pytest.mark.parametrize(
    ("count", "found", "off"), [(200, 0.84, True), (199, 0.5, False), (500, 0.86, False), (500, 0.96, True)]
)
def test_the_model_is_off_by_more_than_five_points_of_two_hundred(count: int, found: float, off: bool) -> None:
    assert Bucket("x", count, 0.90, found).is_off is off


def test_histories_hold_quiz_and_practice_one_answer_a_day(walk: Walk, due: datetime) -> None:
    practice = Practice(walk.person, due)
    practice.start()
    practice.answer()
    lengths = sorted(len(days) for days in past.histories().values())
    assert lengths == [1, 1, 2]
    logs = fitting.logs_of(past.histories())
    assert len({entry.card_id for entries in logs for entry in entries}) == 3
    assert fitting.log_loss(logs, memory.PARAMETERS) == pytest.approx(0.0949, abs=1e-3)
    assert "too few" in fitting.report()


@pytest.mark.parametrize(
    ("before", "after", "is_taken"), [(0.40, 0.394, True), (0.40, 0.396, False), (0.40, 0.5, False)]
)
def test_parameters_are_taken_only_when_they_predict_better(before: float, after: float, is_taken: bool) -> None:
    said = fitting.verdict(before, after, memory.PARAMETERS)
    assert said.startswith("Keep the parameters") is not is_taken
    assert (str(memory.PARAMETERS) in said) is is_taken
