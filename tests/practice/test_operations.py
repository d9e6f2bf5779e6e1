"""What operators run for practice: mails, the calibration of the memory model, its parameters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from peerlearn import cli
from peerlearn.app import create_app
from peerlearn.config import Settings, SettingsError
from peerlearn.core import clock, mail
from peerlearn.core.db import db
from peerlearn.learn import actions as learn
from peerlearn.practice import actions, calibrating, fitting, mailing, memory, past, rules
from peerlearn.practice.calibrating import Bucket
from peerlearn.practice.models import SetQuestion
from peerlearn.quizzes.answering import Answer
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
    assert walk.person.id in list(mailing.subscribers(due.replace(hour=9)))
    letter = mailing.prepare(walk.person.id)
    assert isinstance(letter, mail.Mail)
    assert letter.subject == "3 questions for today"
    assert letter.text.count("/practice/sets/") == 3
    assert "Right, that comes first" not in letter.text
    assert mailing.prepare(walk.person.id) is None


@pytest.mark.parametrize("days", [1, 5])
def test_no_mail_when_there_is_nothing_to_ask_or_on_a_day_off(walk: Walk, app: Flask, days: int) -> None:
    if days == 5:
        factories.published_lesson()
    with clock.at(walk.moment + timedelta(days=days)), app.test_request_context():
        assert mailing.prepare(walk.person.id) is None


def test_a_mail_brings_what_is_new_when_nothing_is_due(walk: Walk, app: Flask) -> None:
    factories.published_lesson()
    with clock.at(walk.moment + timedelta(days=1)), app.test_request_context():
        letter = mailing.prepare(walk.person.id)
        assert letter is not None
        assert letter.subject == "2 questions for today"
        assert mailing.prepare(walk.person.id) is None, "once a day"


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
    report = calibrating.of_month(date(2026, 1, 1))
    assert [bucket.count for bucket in report.buckets] == [2, 0, 0, 0]
    assert report.buckets[0].predicted == pytest.approx(0.9095, abs=1e-4)
    assert not report.is_off
    assert "too few" in list(report.lines())[1]


def test_what_was_recalled_with_a_hint_does_not_judge_the_model(walk: Walk, due: datetime) -> None:
    practice = Practice(walk.person, due)
    practice.start()
    waiting = practice.waiting
    assert waiting is not None
    waiting.hints_seen = 1
    db.session.commit()
    practice.answer(confidence="certain")
    practice.answer()
    helped, alone = (row for row in practice.again().questions if row.rating)
    assert (helped.rating, alone.rating) == (2, 3)
    assert calibrating.of_month(date(2026, 1, 1)).count == 1
    assert {days[-1][1] for days in past.histories().values() if len(days) == 2} == {2, 3}


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
    assert fitting.log_loss(logs, memory.used().parameters) == pytest.approx(0.0949, abs=1e-3)
    assert "too few" in fitting.report()


def test_histories_are_what_memory_counted(app: Flask) -> None:
    """Late in the evening of Berlin it is the next day in Auckland; what never counts is no answer."""
    reflection = "\n## reflection ^refl1\n\nWhat will you do?\n\n= Something.\n"
    slug = factories.published_lesson(more=reflection).slug
    walk = Walk(factories.person(timezone="Pacific/Auckland"), slug, factories.MONDAY.replace(hour=20))
    walk.read()
    sitting = walk.start()
    for seconds in (10, 1, 10):
        walk.answer(sitting, seconds=seconds)
    with clock.at(walk.moment):
        asked = learn.next_question(sitting.attempt, by=walk.person)
        assert asked is not None
        learn.answer(sitting, asked.position, Answer("reflection", ("I will.",)), None, by=walk.person)
        db.session.commit()
    histories = past.histories()
    assert len(histories) == 2, "neither the hasty answer nor the open question"
    assert set(map(tuple, histories.values())) == {((date(2026, 1, 6), 3),)}


def test_a_check_that_is_under_way_is_no_history(app: Flask) -> None:
    walk = Walk(factories.person(), factories.published_lesson(front="mode: check\n").slug)
    walk.read()
    sitting = walk.start()
    given = learn.Sheet(Answer("single", factories.RIGHT["single"]), "fairly", {})
    with clock.at(walk.moment + timedelta(seconds=20)):
        learn.keep(sitting, 1, given, insist=True, by=walk.person)
        db.session.commit()
        assert past.histories() == {}
        learn.hand_in(sitting, by=walk.person)
        db.session.commit()
        assert len(past.histories()) == 1


def said(app: Flask, *command: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(cli.practice_group, list(command))
    return result.exit_code, result.output


def test_each_month_can_be_looked_at_and_an_alarm_ends_the_command_with_one(
    walk: Walk, due: datetime, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    practice = Practice(walk.person, due)
    practice.start()
    for right in (True, False, False):
        practice.answer(right)
    with clock.at(due.replace(month=2, day=1)):
        code, output = said(app, "calibrate")
        assert output.startswith("January 2026")
        assert "3 answers" in output
        assert (code, "too few" in output) == (0, True)
        monkeypatch.setattr(calibrating, "POLICY", rules.Policy(calibration_least=3))
        code, output = said(app, "calibrate")
        assert (code, "too far off" in output) == (1, True)
    with clock.at(due.replace(month=3, day=1)):
        assert said(app, "calibrate")[0] == 0, "another month, in which nothing was asked"


def test_answers_are_compared_by_the_interval_after_which_they_came(walk: Walk, due: datetime) -> None:
    practice = Practice(walk.person, due)
    practice.start()
    for interval in (6, 7, 60):
        practice.answer()
        row = next(one for one in practice.again().questions if one.rating and one.interval == 2)
        db.session.get_one(SetQuestion, row.id).interval = interval
        db.session.commit()
    report = calibrating.of_month(date(2026, 1, 1))
    assert [bucket.count for bucket in report.buckets] == [1, 1, 0, 1]


@pytest.mark.parametrize("value", ["often", "0.2,0.3", "1,2,x"])
def test_other_numbers_are_refused_in_a_sentence(value: str, tmp_path: Path) -> None:
    env = {"PEERLEARN_DEMO": "1", "PEERLEARN_INSTANCE": str(tmp_path), "PEERLEARN_MEMORY": value}
    with pytest.raises(SettingsError, match="PEERLEARN_MEMORY must hold the 21 numbers"):
        create_app(Settings.from_env(env))
