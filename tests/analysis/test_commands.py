"""The commands that let answers count."""

from __future__ import annotations

from typing import Any

from flask import Flask

from peerlearn.analysis.models import FirstAnswer
from peerlearn.cli import analysis_group
from peerlearn.core import clock
from peerlearn.core.db import db as database
from tests import factories
from tests.analysis.crowd import Reply, room


def said(app: Flask, command: str) -> str:
    with clock.at(factories.MONDAY.replace(year=2030)):
        result = app.test_cli_runner().invoke(analysis_group, [command])
    assert result.exit_code == 0, result.output
    return result.output


def firsts() -> list[tuple[Any, ...]]:
    rows = database.session.query(FirstAnswer.meaning_id, FirstAnswer.person_id, FirstAnswer.theta)
    return sorted(tuple(row) for row in rows)


def test_update_lets_all_answers_count_and_says_how_far_it_is(app: Flask) -> None:
    here = room(factories.published_lesson())
    here.take(factories.person(), Reply(0, ("b",)), Reply(1, ("a",)))
    database.session.commit()
    first = said(app, "update")
    assert "Facts" in first
    assert len(firsts()) == 2
    assert said(app, "update").startswith("0 facts read")


def test_rebuild_works_everything_out_again(app: Flask) -> None:
    here = room(factories.published_lesson())
    here.take(factories.person(), Reply(0, ("b",)), Reply(1, ("a",)))
    database.session.commit()
    said(app, "update")
    before = firsts()
    assert "from 0 on" in said(app, "rebuild")
    assert firsts() == before
