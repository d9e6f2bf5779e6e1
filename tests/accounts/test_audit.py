"""The record of deeds of administration: found by whom, about whom and when; and nothing of it changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from peerlearn.accounts import actions
from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.paging import PAGE
from tests import factories
from tests.page import Client

MAY = datetime(2026, 5, 4, 22, 30, tzinfo=UTC)  # in Berlin it is the 5th


def test_deeds_of_administration_are_found(client_for: Callable[[Person], Client], app: Flask) -> None:
    ada, otto = (factories.person(name, roles=(("admin", 0),)) for name in ("Ada Admin", "Otto Other"))
    nina = factories.person("Nina New")
    factories.published_lesson()
    for by, moment in ((ada, MAY), (otto, MAY + timedelta(days=3))):
        with clock.at(moment):
            grant = actions.give_role(nina, "lead", nina.team_id or 0, by=by)
            actions.take_role(grant, by=by)
            db.session.commit()
            nina = factories.reloaded(nina)
    with clock.at(MAY):
        actions.add_team("Herons", by=otto)
        db.session.commit()
    auditor = client_for(factories.person(roles=(("auditor", 0),)))

    def found(**asked: str) -> list[str]:
        page = auditor.get("/audit", query_string=asked)
        return [" ".join("".join(cell.itertext()).split()) for cell in page.all("th") if cell.get("scope") == "row"]

    gave, took = "{} gave Nina New the role Team lead", "{} took the role Team lead"
    cases: list[tuple[dict[str, str], list[str]]] = [
        ({"who": "ada a"}, [took.format("Ada Admin"), gave.format("Ada Admin")]),
        ({"who": nina.email, "until": "2026-05-05"}, [took.format("Ada Admin"), gave.format("Ada Admin")]),
        ({"who": "nina", "since": "2026-05-06"}, [took.format("Otto Other"), gave.format("Otto Other")]),
        ({"until": "2026-05-04"}, []),
        ({"since": "2026-05-05", "until": "2026-05-05", "who": "otto"}, ["Otto Other added or renamed team"]),
        ({"who": "Nobody of that name"}, []),
        ({"since": "never", "until": "99999-12-31", "who": "otto", "what": "x"}, ["Otto Other"] * 3),
    ]
    for asked, lines in cases:
        told = found(**asked)
        assert len(told) == len(lines), (asked, told)
        assert all(line.startswith(start) for line, start in zip(told, lines, strict=True)), (asked, told)
    assert any("published" in line for line in found())
    assert not any("published" in line for line in found(what="administration"))


def test_the_record_goes_on_page_by_page_as_it_was_narrowed(client_for: Callable[[Person], Client], app: Flask) -> None:
    admin = factories.person("Ada Admin", roles=(("admin", 0),))
    for number in range(PAGE + 1):
        actions.add_team(f"Team of birds {number}", by=admin)
    db.session.commit()
    browser = client_for(admin)
    first = browser.get("/audit?who=ada")
    older = next(link.get("href") for link in first.all("a") if "after=" in link.get("href", ""))
    assert "who=ada" in older
    second = browser.get(older)
    rows = [[c for c in page.all("th") if c.get("scope") == "row"] for page in (first, second)]
    assert [len(each) for each in rows] == [PAGE, 1]


@pytest.mark.parametrize("change", ["update facts set type = 'x'", "delete from facts"])
def test_the_database_refuses_to_change_the_record(app: Flask, change: str) -> None:
    actions.add_team("Herons", by=factories.person())
    db.session.commit()
    with pytest.raises(DBAPIError, match="only added to"), db.session.begin_nested():
        db.session.execute(text(change))
