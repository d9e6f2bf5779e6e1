"""Parameters of the memory model for one organisation: judged on answers they were not fitted to."""

from __future__ import annotations

from datetime import date, timedelta
from importlib.util import find_spec
from itertools import count
from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert

from peerlearn import cli
from peerlearn.config import Settings
from peerlearn.core import clock
from peerlearn.core.db import db as database
from peerlearn.core.db import table_of
from peerlearn.practice import fitting, memory
from peerlearn.practice.memory import Recall
from peerlearn.practice.models import DailySet, SetQuestion
from tests import factories
from tests.practice import held_rows

FIRST = date(2026, 1, 5)
QUICK = 0.2  # of the stability that the model expects: people who forget much sooner
IS_INSTALLED = all(map(find_spec, ("torch", "pandas", "tqdm")))


def fit(app: Flask) -> str:
    result = app.test_cli_runner().invoke(cli.practice_group, ["fit"])
    assert result.exit_code == 0, result.output
    return result.stdout


def _company(people: int, items: int, reviews: int, pace: float) -> None:
    """Answers of people who forget at this pace, given whenever the model thinks that it is time."""
    chance, lesson, sets = Random(people), held_rows.lesson(factories.topic(), items=items), count(1)
    rows: list[dict[str, Any]] = []
    for person in [factories.person(timezone="UTC") for _ in range(people)]:
        for version in held_rows.versions_of(lesson):
            trace = memory.begin(Recall.GOOD, FIRST + timedelta(days=chance.randrange(60)), 0.9)
            for number in range(reviews):
                row = {"person_id": person.id, "day": trace.day, "item_id": version.item_id, "version_id": version.id}
                if number:
                    day = trace.day + timedelta(days=trace.interval)
                    knows = chance.random() < memory.retrievability(pace * trace.stability, trace.interval)
                    recall = Recall.GOOD if knows else Recall.AGAIN
                    trace = memory.go_on(trace, recall, day, 0.9)
                    row |= {"day": day, "rating": int(recall)}
                rows.append({"rating": int(Recall.GOOD), "id": next(sets), "lesson_id": lesson.id} | row)
    of_set = {"number": 1, "size": 1, "seed": 1}
    keys = ("id", "person_id", "day")
    numbers = {(row["person_id"], row["day"]): count(1) for row in rows}
    database.session.execute(
        insert(table_of(DailySet)),
        [
            {key: row[key] for key in keys} | of_set | {"number": next(numbers[row["person_id"], row["day"]])}
            for row in rows
        ],
    )
    database.session.execute(
        insert(table_of(SetQuestion)),
        [
            {key: row[key] for key in ("person_id", "item_id", "version_id", "lesson_id", "rating")}
            | {"set_id": row["id"], "position": 1, "kind": "due", "mark": 1.0, "answered_at": clock.now()}
            for row in rows
        ],
    )
    database.session.commit()


def test_too_few_answers_say_nothing(app: Flask) -> None:
    _company(people=3, items=11, reviews=30, pace=1)
    assert fit(app) == "990 reviews are too few: 1000 are needed.\n"


@pytest.mark.skipif(IS_INSTALLED, reason="the optimizer is installed")
def test_without_the_optimizer_it_says_what_to_install(app: Flask) -> None:
    _company(people=5, items=20, reviews=10, pace=1)
    assert fit(app) == fitting.NOT_INSTALLED + "\n"
    assert "pip install 'fsrs[optimizer]'" in fitting.NOT_INSTALLED


@pytest.mark.skipif(not IS_INSTALLED, reason="needs the optimizer: pip install 'fsrs[optimizer]'")
def test_people_who_forget_sooner_get_parameters_that_predict_them(app: Flask) -> None:
    _company(people=6, items=40, reviews=5, pace=QUICK)
    said = fit(app)
    assert said.startswith("Log loss "), said
    _, before, _, after, *_rest = said.replace(". Set", " ").split()[1:]
    found = Settings.from_env({"PEERLEARN_DEMO": "1", "PEERLEARN_MEMORY": said.strip().rpartition("=")[2]}).memory
    _older, newer = fitting.split(fitting.logs_of(fitting.past.histories()))
    assert fitting.log_loss(newer, found) == pytest.approx(float(after), abs=2e-4)
    assert float(before) - float(after) >= fitting.POLICY.fit_gain


@pytest.mark.skipif(not IS_INSTALLED, reason="needs the optimizer: pip install 'fsrs[optimizer]'")
def test_people_who_are_as_expected_keep_the_parameters(app: Flask) -> None:
    _company(people=6, items=40, reviews=5, pace=1)
    assert fit(app).startswith("Keep the parameters")


def test_what_is_judged_was_not_fitted() -> None:
    answers = {(1, n): [(date(2026, 1, 1) + timedelta(days=n), 3)] for n in range(10)}
    older, newer = fitting.split(fitting.logs_of(answers))
    assert (len(older), len(newer)) == (8, 2)
    assert max(entries[0].review_datetime for entries in older) < min(e[0].review_datetime for e in newer)


@pytest.mark.parametrize(
    ("before", "after", "is_taken"),
    [(0.40, 0.394, True), (0.40, 0.396, False), (0.40, 0.5, False), (0.40, float("nan"), False), (0.0, 0.0, False)],
)
def test_parameters_are_taken_only_when_they_predict_better(before: float, after: float, is_taken: bool) -> None:
    said = fitting.verdict(before, after, memory.used().parameters)
    assert said.startswith("Keep the parameters") is not is_taken
    assert ("PEERLEARN_MEMORY=0.212,1.2931,2.3065," in said) is is_taken


def test_what_fitting_prints_can_be_set() -> None:
    line = fitting.verdict(0.5, 0.4, memory.used().parameters).splitlines()[-1]
    name, value = line.split("=")
    settings = Settings.from_env({"PEERLEARN_DEMO": "1", name: value})
    assert settings.memory == memory.used().parameters
