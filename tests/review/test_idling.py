"""The law of idle curators: when somebody is told, when their role lapses, and when neither."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from peerlearn.review import idling
from peerlearn.review.idling import Policy, Quiet, Step

DAY = date(2026, 3, 2)
BUSY = Quiet(since=DAY, others=1, had_work=True)
LAW = Policy()


def after(days: int) -> date:
    return DAY + timedelta(days=days)


def off(first: int, last: int) -> tuple[date, date]:
    return after(first), after(last)


@pytest.mark.parametrize(
    ("today", "days_off", "idle"),
    [
        (0, [], 0),
        (1, [], 1),
        (90, [], 90),
        (90, [off(10, 19)], 80),
        (90, [off(10, 19), off(15, 24)], 75),  # each day once
        (90, [off(-20, 9)], 81),  # the day of the act itself is none of them
        (90, [off(85, 200)], 84),
        (90, [off(100, 200)], 90),
        (90, [off(-20, -10)], 90),
        (90, [off(0, 90)], 0),
        (-1, [], 0),
    ],
)
def test_days_off_are_no_idle_days(today: int, days_off: list[tuple[date, date]], idle: int) -> None:
    assert idling.idle_days(DAY, after(today), days_off) == idle


@pytest.mark.parametrize(
    ("days", "told", "step"),
    [
        (75, None, Step.NOTHING),
        (76, None, Step.TELL),
        (89, None, Step.TELL),
        (120, None, Step.TELL),  # never without a word before
        (77, 76, Step.NOTHING),
        (89, 75, Step.NOTHING),
        (90, 76, Step.LAPSE),
        (90, 77, Step.NOTHING),
        (133, 120, Step.NOTHING),
        (134, 120, Step.LAPSE),
    ],
)
def test_somebody_is_told_and_two_weeks_later_it_lapses(days: int, told: int | None, step: Step) -> None:
    quiet = replace(BUSY, told_on=None if told is None else after(told))
    assert idling.step(quiet, after(days)) is step


@pytest.mark.parametrize(
    "reason",
    [
        replace(BUSY, others=0),  # nobody else looks after it
        replace(BUSY, had_work=False),  # there was nothing to do
        replace(BUSY, days_off=(off(120, 130),)),  # away today
        replace(BUSY, days_off=(off(10, 60),)),  # away for most of it
    ],
)
def test_what_keeps_a_role(reason: Quiet) -> None:
    for told_on in (None, after(76)):
        assert idling.step(replace(reason, told_on=told_on), after(122)) is Step.NOTHING
    assert idling.step(replace(BUSY, told_on=after(76)), after(122)) is Step.LAPSE


@pytest.mark.parametrize(("days", "ends"), [(76, 90), (80, 94), (89, 103), (120, 134)])
def test_what_is_said_about_the_end_holds(days: int, ends: int) -> None:
    assert idling.ends_on(BUSY, after(days)) == after(ends)
    told = replace(BUSY, told_on=after(days))
    assert idling.step(told, after(ends - 1)) is Step.NOTHING
    assert idling.step(told, after(ends)) is Step.LAPSE


def test_an_organisation_may_choose_other_numbers() -> None:
    law = Policy(days=30, notice=7)
    assert idling.step(BUSY, after(22), law) is Step.NOTHING
    assert idling.step(BUSY, after(23), law) is Step.TELL
    assert idling.step(replace(BUSY, told_on=after(23)), after(30), law) is Step.LAPSE
    assert Policy(days=90, notice=14) == LAW
