"""A lower page names a slot; higher features fill it with a template and one query. Nobody imports upwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import render_template
from markupsafe import Markup

Query = Callable[..., dict[str, Any] | None]


@dataclass(frozen=True)
class Filling:
    """What a feature puts into a slot: a template and the query that feeds it (None leaves it empty)."""

    template: str
    query: Query


FILLINGS: dict[str, list[Filling]] = {}


def fill(name: str, template: str, query: Query) -> None:
    """Put a template into a named slot. `query` gets the slot's keyword arguments."""
    FILLINGS.setdefault(name, []).append(Filling(template, query))


def slot(name: str, **context: Any) -> Markup:
    """Everything that higher features put here, in the order of the staircase."""
    parts = []
    for filling in FILLINGS.get(name, ()):
        values = filling.query(**context)
        if values is not None:
            parts.append(render_template(filling.template, **values))
    return Markup("").join(Markup(part) for part in parts)  # noqa: S704  # nosec B704  # templates have escaped it
