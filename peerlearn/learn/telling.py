"""Whether a person was told a question's answer before. Practice knows, and stands above: it says so here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, literal

from peerlearn.learn.rules import Told

Teller = Callable[[Any, Any], ColumnElement[int]]
_tellers: list[Teller] = []


def told_by(teller: Teller) -> Teller:
    """Ask this, as a column, of a person and of what a question means; it says a `Told`."""
    _tellers.append(teller)
    return teller


def told(person_id: Any, meaning: Any) -> ColumnElement[int]:
    """What a person was told of a question that means this, as a column. Ask it late: when all features are there."""
    return next((tell(person_id, meaning) for tell in _tellers), literal(int(Told.NOTHING)))
