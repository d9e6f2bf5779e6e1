"""What `peerlearn doctor` finds: a line each, and how to mend what is not good."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is."""

    GOOD = "good"
    WARN = "warn"  # it works, and somebody should look at it
    BAD = "bad"


@dataclass(frozen=True)
class Finding:
    """What was found of one thing. `mend` says what to do, and is empty when all is well."""

    level: Level
    said: str
    mend: str = ""

    def lines(self, subject: str) -> list[str]:
        """As it is printed."""
        first = f"{self.level:5} {subject:10} {self.said}"
        return [first, f"{'':16} → {self.mend}"] if self.mend else [first]


def good(said: str) -> Finding:
    """All is well."""
    return Finding(Level.GOOD, said)


def warn(said: str, mend: str) -> Finding:
    """It works, and somebody should look at it."""
    return Finding(Level.WARN, said, mend)


def bad(said: str, mend: str) -> Finding:
    """It does not work, or will lose something."""
    return Finding(Level.BAD, said, mend)


def or_good(found: Iterable[Finding], said: str) -> list[Finding]:
    """What was found, or that all is well."""
    return list(found) or [good(said)]


def megabytes(size: int) -> str:
    """A size for people."""
    return f"{size / 1_000_000_000:.1f} GB" if size >= 1_000_000_000 else f"{size / 1_000_000:.0f} MB"
