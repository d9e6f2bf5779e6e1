"""Components that are drawn once: the markup of a macro that depends on nothing but what it is given.

A template says `{%- set pure = true -%}` when its macros read only their arguments, the language and what stays the
same while the program runs (icons, addresses of files). Called again with the same arguments, such a macro gives the
same markup, so that is kept for a while. This is no kept score: nothing is known here about anybody, a changed number
is another argument and hence another drawing, and forgetting everything changes no page. The key holds all arguments
with their types: text that must be escaped and markup that must not be never stand for each other, and nothing that
one person sees can reach another who would not see the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2.runtime import Macro
from markupsafe import Markup

DRAWINGS = 4096  # of about a kilobyte each
LONGEST = 8192  # letters of a drawing that is kept: long ones hold what somebody typed


class Firm(tuple[Any, ...]):
    """A tuple that is equal to itself alone. What is made once and handed out again is compared at a glance."""

    __slots__ = ()
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other


PLAIN = frozenset({str, Markup, int, float, bool, type(None), Firm})


class Drawings:
    """The drawings of one application by what they were drawn from; the oldest make room."""

    def __init__(self) -> None:
        self._kept: dict[Any, Markup] = {}

    def get(self, key: Any) -> Markup | None:
        """A drawing, if it is there."""
        return self._kept.get(key)

    def put(self, key: Any, drawn: Markup) -> Markup:
        """Keep a drawing unless it is long; returns it."""
        if len(drawn) <= LONGEST:
            self._kept[key] = drawn
        while len(self._kept) > DRAWINGS:
            self._kept.pop(next(iter(self._kept)), None)
        return drawn


class Remembered:
    """A macro that is drawn once for the same arguments in the same language; anew for what may change."""

    __slots__ = ("drawings", "language", "macro")

    def __init__(self, macro: Macro, drawings: Drawings, language: Callable[[], Any]) -> None:
        self.macro, self.drawings, self.language = macro, drawings, language

    def __call__(self, *args: Any, **named: Any) -> Markup:
        values: tuple[Any, ...] = (*args, *named.values())
        shapes: tuple[Any, ...] = tuple(map(type, values))
        if not PLAIN.issuperset(shapes):
            try:
                values = tuple(map(_content, values))
            except TypeError:
                return self.macro(*args, **named)  # type: ignore[return-value]
        key = (self.macro, self.language(), shapes, tuple(named), values)
        drawn = self.drawings.get(key)
        return self.drawings.put(key, self.macro(*args, **named)) if drawn is None else drawn  # type: ignore[arg-type]


def _content(value: Any) -> Any:
    """What a value holds, with the types that equal values would hide (1 and True, text and markup); TypeError for
    what has no fixed content."""
    kind = type(value)
    if kind is str or kind is Firm:
        return value
    if kind in PLAIN:
        return kind, value
    if kind is dict:
        return kind, *map(_content, value.items())
    if isinstance(value, tuple | list):
        return kind, *map(_content, value)
    raise TypeError(kind)
