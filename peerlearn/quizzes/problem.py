"""What is wrong in a text somebody wrote, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

Level = Literal["error", "warning", "hint"]


class Line(NamedTuple):
    """One line of a file with its number, counted from 1."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A remark on one line that says how to mend it; only errors block.

    `template` is the translatable sentence, `values` fill its `%(name)s` places.
    """

    line: int
    level: Level
    code: str
    template: str
    values: tuple[tuple[str, str | int], ...] = ()

    @property
    def message(self) -> str:
        """The sentence in English."""
        return self.words(str)

    def words(self, translate: Callable[[str], str]) -> str:
        """The sentence in the reader's language."""
        return translate(self.template) % dict(self.values)


def error(line: int, code: str, template: str, **values: str | int) -> Problem:
    """A problem that must be mended before the text can be submitted."""
    return Problem(line, "error", code, template, tuple(values.items()))


def hint(line: int, code: str, template: str, **values: str | int) -> Problem:
    """A suggestion that may be ignored."""
    return Problem(line, "hint", code, template, tuple(values.items()))
