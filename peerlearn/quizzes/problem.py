"""What is wrong in a text somebody wrote, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from peerlearn.core.words import Said

Level = Literal["error", "warning", "hint"]


class Line(NamedTuple):
    """One line of a file with its number, counted from 1."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A remark on one line that says how to mend it; only errors block.

    `values` fill the `%(name)s` places of what is said.
    """

    line: int
    level: Level
    code: str
    said: Said
    values: tuple[tuple[str, str | int], ...] = ()

    @property
    def message(self) -> str:
        """Both sentences in English."""
        return self.words(str)

    def words(self, translate: Callable[[str], str]) -> str:
        """What is wrong and how to mend it, in the reader's language."""
        return " ".join(translate(part) for part in self.said) % dict(self.values)


def error(line: int, code: str, said: Said, **values: str | int) -> Problem:
    """A problem that must be mended before the text can be submitted."""
    return Problem(line, "error", code, said, tuple(values.items()))


def hint(line: int, code: str, said: Said, **values: str | int) -> Problem:
    """A suggestion that may be ignored."""
    return Problem(line, "hint", code, said, tuple(values.items()))
