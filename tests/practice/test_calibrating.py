"""The monthly report of the memory model: it comes by itself, once, and administrators hear of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from peerlearn import cli
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.inbox.models import Notice
from peerlearn.practice import belief, calibrating
from peerlearn.practice.calibrating import Bucket, Report
from peerlearn.practice.models import ModelMonth
from tests import factories
from tests.factories import Walk
from tests.page import Client
from tests.practice.days import Practice
from tests.practice.test_pages import answer, begun

JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
LATER = datetime(2026, 2, 4, 9, tzinfo=factories.MONDAY.tzinfo)


@pytest.mark.parametrize(
    ("today", "newest"),
    [
        (date(2026, 2, 3), date(2025, 12, 1)),
        (date(2026, 2, 4), JANUARY),
        (date(2026, 2, 28), JANUARY),
        (date(2026, 1, 4), date(2025, 12, 1)),
        (date(2024, 3, 3), date(2024, 1, 1)),
        (date(2024, 3, 4), date(2024, 2, 1)),
    ],
)
def test_a_month_is_settled_when_no_answer_comes_in_any_more(today: date, newest: date) -> None:
    months = belief.settled_months(today)
    assert months[0] == newest
    assert len(set(months)) == 12
    assert months == sorted(months, reverse=True)
    assert {month.day for month in months} == {1}


@pytest.mark.parametrize(
    ("answers", "loss"),
    [
        ([], None),
        ([(0.9, True, 0.0)], 0.1054),
        ([(0.9, False, 0.0)], 2.3026),
        ([(0.9, True, 0.25)], 0.0780),
        ([(0.9, False, 0.25)], 2.5903),
        ([(1.0, False, 0.0)], 9.2103),
        ([(0.9, True, 0.0), (0.9, False, 0.0)], 1.2040),
    ],
)
def test_log_loss_knows_of_guessing(answers: list[tuple[float, bool, float]], loss: float | None) -> None:
    assert belief.log_loss(answers) == (loss if loss is None else pytest.approx(loss, abs=1e-4))


@pytest.mark.parametrize(
    ("buckets", "verdict"),
    [
        ([(0, 0.0)], "none"),
        ([(199, -0.4)], "few"),
        ([(200, -0.05), (10, 0.5)], "fits"),
        ([(200, -0.06)], "forgetful"),
        ([(200, 0.06), (300, 0.0)], "keen"),
        ([(200, 0.06), (300, -0.06)], "both"),
    ],
)
def test_what_a_month_says(buckets: list[tuple[int, float]], verdict: str) -> None:
    assert belief.verdict(buckets) == verdict
    assert verdict in belief.VERDICTS


def test_the_distance_weighs_each_interval_by_its_answers() -> None:
    report = Report(JANUARY, [Bucket("a", 300, 0.9, 0.8), Bucket("b", 100, 0.9, 0.9), Bucket("c", 0, 0.0, 0.0)])
    assert report.distance == pytest.approx(0.0866, abs=1e-4)
    assert Report(JANUARY).distance is None


def practised(walk: Walk) -> None:
    """Three due answers in January, one of them wrong."""
    practice = Practice(walk.person, walk.moment + timedelta(days=2))
    practice.start()
    for right in (True, True, False):
        practice.answer(right)


def catch_up(at: datetime) -> int:
    """Let the months be looked at; how many rounds that took."""
    rounds, more = 0, True
    with clock.at(at):
        while more:
            more, rounds = calibrating.catch_up(), rounds + 1
            db.session.commit()
    return rounds


def notices() -> list[tuple[int, str]]:
    return [(row.person_id, row.kind) for row in db.session.scalars(select(Notice)) if row.kind.startswith("month")]


def test_a_month_comes_once_and_administrators_hear_of_it(walk: Walk) -> None:
    admin = factories.person(roles=(("admin", 0),))
    practised(walk)
    assert catch_up(LATER - timedelta(days=1)) == 12
    assert notices() == [], "the month before was quiet"
    assert catch_up(LATER) == 1
    assert notices() == [(admin.id, "month_calibrated")]
    assert catch_up(LATER) == 1
    calibrating.keep(Report(JANUARY), tells=True)
    assert notices() == [(admin.id, "month_calibrated")]
    row = db.session.get_one(ModelMonth, JANUARY)
    assert [one["count"] for one in row.buckets] == [3, 0, 0, 0]
    assert row.log_loss == pytest.approx(calibrating.of_month(JANUARY).log_loss or 0), (
        "another report of the same month changes nothing"
    )


def test_a_month_that_is_off_is_told_as_such(app: Any) -> None:
    admin = factories.person(roles=(("admin", 0),))
    calibrating.keep(Report(JANUARY, [Bucket("under 7 days", 200, 0.9, 0.8)], 0.5), tells=True)
    assert notices() == [(admin.id, "month_off")]


def test_whoever_finishes_a_set_lets_it_be_looked_at(
    walk: Walk, app: Flask, now: datetime, client_for: Callable[..., Client]
) -> None:
    browser = client_for(walk.person)
    set_url, waiting = begun(browser), app.extensions["afterwards"].waiting
    for number in range(3):
        waiting.clear()
        answer(browser, set_url)
        assert (calibrating.catch_up in waiting) is (number == 2)
        browser.post(f"{set_url}/next")


def test_the_nightly_command_looks_too(walk: Walk, app: Flask) -> None:
    practised(walk)
    with clock.at(LATER):
        assert app.test_cli_runner().invoke(cli.practice_group, ["recompute"]).exit_code == 0
    assert db.session.get(ModelMonth, JANUARY)


def test_the_page_says_what_to_do(walk: Walk, client_for: Callable[..., Client], statements: list[str]) -> None:
    practised(walk)
    browser = client_for(factories.person(roles=(("admin", 0),)))
    assert "No month yet" in browser.get("/practice/memory-model").text
    catch_up(LATER)
    page = browser.get("/practice/memory-model")
    assert "January 2026" in page.text
    assert "December 2025" not in page.text, "before anything was due"
    assert "Too few answers to judge the model: that takes 200" in page.text
    tiers = [Bucket(name, 400, 0.9, found) for name, found in zip(calibrating.NAMES, (0.9, 0.8, 0.9, 0.9), strict=True)]
    calibrating.keep(Report(FEBRUARY, tiers, 0.41), tells=False)
    db.session.commit()
    statements.clear()
    page = browser.get("/practice/memory-model")
    assert len(statements) <= 3
    assert "People recall less than the model expects" in page.text
    assert "peerlearn practice fit" in page.text
    assert "too far apart" in page.text
    assert "February 2026" in page.text
    assert "January 2026" in page.text


def test_others_do_not_see_it(app: Any, client_for: Callable[..., Client]) -> None:
    for roles in ((), (("curator", 0),), (("lead", 0),)):
        client_for(factories.person(roles=roles)).get("/practice/memory-model", status=403)
