"""Pages by key, never by offset: the thousandth page costs what the first does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
PAGE = 20
LARGEST_ID = 2**31 - 1  # what a row's number can be; a database refuses to compare it with more


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some rows of a list; `after` is the key from which the next page goes on, None at the end."""

    rows: Sequence[T]
    after: str | None


def page_of(rows: Sequence[T], key: Callable[[T], object], size: int = PAGE) -> Page[T]:
    """Make a page of a query that asked for `size + 1` rows."""
    more = len(rows) > size
    return Page(rows[:size], str(key(rows[size - 1])) if more else None)


def key_from(text: str | None) -> int | None:
    """The numeric key in a page's address; None when there is none or it is no number."""
    return int(text) if text and text.isdecimal() and len(text) < 11 and int(text) <= LARGEST_ID else None
