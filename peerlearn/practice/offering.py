"""Whether a set could be drawn where nothing is due: found by a part of a statement that a page asks anyway.

A set is filled with what is new. So a page may offer one when a question suits that the draw would find, and only then.
"""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, String, Subquery, case, cast, func, literal, select

from peerlearn.accounts.models import Person
from peerlearn.core.db import ask, database
from peerlearn.lessons import freshness
from peerlearn.practice import drawing, material
from peerlearn.quizzes.question import Question
from peerlearn.quizzes.rules import Mode, Terms

Found = tuple[str, str, str]  # facts, what a lesson says of itself, and the text of a question


@cache
def _new(database: str) -> Subquery:
    found = material.new_questions(database).subquery()
    is_learned = case((found.c.is_learned, 1), else_=0)
    parts = (cast(column, String) for column in (is_learned, found.c.check_on, found.c.ability, found.c.hardness))
    facts: Any = literal("")
    for part in parts:
        facts = facts.concat(func.coalesce(part, literal(""))).concat(literal("/"))
    return select(facts.label("facts"), found.c.said, found.c.text).subquery()


@cache
def _all_of(database: str) -> Select[Any]:
    return select(_new(database))


def new() -> Subquery:
    """The questions in which the draw would look for something new; asked with `values`."""
    return _new(database())


def values(person: Person, today: date, wanted: int) -> dict[str, Any]:
    """What `new` is asked with, where so many questions are wanted and none is due."""
    return {
        "me": person.id,
        "team": person.team_id,
        "today": today,
        "checked_since": freshness.unverified_before(today),
    } | material.looked_at(0, wanted)


def any_suits(found: list[Found], today: date) -> bool:
    """Whether a set can be drawn of these."""
    return any(_suits(*row, today) for row in found)


def _suits(facts: str, said: str, text: str, today: date) -> bool:
    is_learned, checked, ability, hardness, _end = facts.split("/")
    if is_learned == "1":
        return True
    if Terms.of(json.loads(said)).mode is not Mode.LEARN:
        return False
    if checked and freshness.weight(date.fromisoformat(checked), today) < freshness.LEAST_CHECKED:
        return False
    question = Question.from_json(json.loads(text))
    return drawing.suits(question, float(ability), float(hardness) if hardness else None)


def is_something_new(person: Person, today: date, wanted: int) -> bool:
    """Whether a set can be drawn for a person to whom nothing is due; one statement."""
    rows = ask(_all_of(database()), values(person, today, wanted))
    return any_suits([(row.facts, row.said, row.text) for row in rows], today)
