"""Whose suggestions may wait without a bound. Who has earned that is known higher up; nobody imports upwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, false, or_

Condition = Callable[[Any], ColumnElement[bool]]
LIFTED_FOR: list[Condition] = []


def lift_for(condition: Condition) -> None:
    """Let no bound hold for people for whom this is true: a condition about a person's id."""
    LIFTED_FOR.append(condition)


def is_lifted(person_id: Any) -> ColumnElement[bool]:
    """Whether any number of this person's suggestions may wait, as part of a statement."""
    return or_(false(), *(condition(person_id) for condition in LIFTED_FOR))
