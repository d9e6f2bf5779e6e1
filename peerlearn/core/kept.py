"""What many look at and few change: worked out once, then kept by this process for a short, stated time.

Nothing here is a source of truth. What is kept may be older than the database by as many seconds as its owner says,
in each process alike, and forgetting everything changes no page. Whoever keeps something that a person could catch
being old checks that part anew. Tests keep nothing unless they say so.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar, cast

from flask import Flask, current_app

from peerlearn.core import clock

V = TypeVar("V")
NAME = "kept"


def init_app(app: Flask) -> None:
    """Give an application a place for what it keeps; none while it is tested."""
    app.extensions[NAME] = None if app.testing else {}


class Kept(Generic[V]):
    """Values by a key, each for `seconds`; of more than `most` the oldest are forgotten."""

    def __init__(self, name: str, seconds: int, most: int) -> None:
        self.name, self.age, self.most = name, timedelta(seconds=seconds), most

    def get(self, key: Hashable) -> V | None:
        """What is kept under this key, unless it is too old or from a time yet to come."""
        values = self._values()
        found = values.get(key) if values is not None else None
        return found[1] if found and timedelta() <= clock.now() - found[0] < self.age else None

    def put(self, key: Hashable, value: V) -> V:
        """Keep a value from now on; returns it."""
        values = self._values()
        if values is not None:
            values[key] = clock.now(), value
            while len(values) > self.most:
                values.popitem(last=False)
        return value

    def once(self, key: Hashable, work: Callable[[], V]) -> V:
        """What is kept under this key, worked out first where nothing is. None is never kept."""
        found = self.get(key)
        return self.put(key, work()) if found is None else found

    def _values(self) -> OrderedDict[Hashable, tuple[datetime, V]] | None:
        place: dict[str, Any] | None = current_app.extensions[NAME]
        if place is None:
            return None
        return cast("OrderedDict[Hashable, tuple[datetime, V]]", place.setdefault(self.name, OrderedDict()))
