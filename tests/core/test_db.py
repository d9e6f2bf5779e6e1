"""Asking for plain rows, and words that stand in statements as they are."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Integer, bindparam, insert, literal, literal_column, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from peerlearn.accounts.models import Grant, Person
from peerlearn.accounts.rules import CURATOR
from peerlearn.core.db import ask, table_of
from peerlearn.learn.models import Attempt
from peerlearn.lessons.models import Lesson
from tests import factories

compiled: list[str] = []


class noted(FunctionElement[int]):
    """Tells how often it was compiled; each one is another key to SQLAlchemy."""

    name = "noted"
    inherit_cache = True
    type = Integer()


@compiles(noted)
def _noted(element: noted, compiler: Any, **kw: Any) -> str:
    compiled.append(compiler.dialect.name)
    return "1"


def test_what_is_asked_again_is_compiled_no_more_and_filled_in_anew(db: Any) -> None:
    number = bindparam("number", type_=Integer)
    statement = select(number + 0, literal(7), noted()).where(number.in_(bindparam("some", expanding=True)))
    for asked in range(5):
        compiled.clear()
        rows = ask(statement, {"number": asked, "some": list(range(asked, asked + 3))}).all()
        assert [tuple(row) for row in rows] == [(asked, 7, 1)]
        assert len(compiled) == (asked < 2)  # once for all statements, once for its own


def test_the_same_statement_stores_one_row_and_many(db: Any) -> None:
    people = [factories.person() for _ in range(5)]
    rows = [{"person_id": each.id, "role": CURATOR, "scope_id": 0} for each in people]
    statement = insert(table_of(Grant))
    for values in (rows[0], rows[1], rows[2:4], rows[4:]):
        ask(statement, values)
    found = ask(select(Grant.person_id).where(Grant.role == CURATOR)).scalars().all()
    assert sorted(found) == sorted(each.id for each in people)


@pytest.mark.parametrize(
    ("asked", "literally"),
    [
        (Attempt.state == "open", "attempts.state = 'open'"),
        (Attempt.state != "left", "attempts.state != 'left'"),
        (Lesson.kind == "how-to", "lessons.kind = 'how-to'"),
        (Attempt.state.in_({"open", "finished"}), "attempts.state IN ('finished', 'open')"),
        (Attempt.state.not_in(["open"]), "(attempts.state NOT IN ('open'))"),
        (Attempt.state.in_([literal_column("'left'"), "open"]), "attempts.state IN ('left', :state_1)"),
    ],
)
def test_a_word_stands_as_it_is(asked: Any, literally: str) -> None:
    assert str(asked) == literally


@pytest.mark.parametrize("typed", ["' or 1=1 --", "Open", "it's", "a%b", "", "two words", "a\\", "ünder"])
def test_anything_else_stays_a_parameter(typed: str) -> None:
    assert str(Attempt.state == typed) == "attempts.state = :state_1"
    assert typed not in str(Attempt.state.in_([typed, "open"])) or not typed
    assert str(Person.name == "open") == "people.name = :name_1"
    assert "'open'" not in str(Attempt.state.startswith("open"))
