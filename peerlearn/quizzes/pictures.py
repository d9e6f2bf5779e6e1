"""The picture of a question and the places on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from peerlearn.quizzes.marks import fence_after

WHOLE = 100
LEAST_SIDE = 3  # percent of the picture: a finger must be able to hit it
_PART = r"(\d{1,3}(?:\.\d{1,6})?)"
_AREA = re.compile(rf"{_PART} {{0,2}}, {{0,2}}{_PART}(?:,| ) {{0,2}}{_PART} ?[x×] ?{_PART}$", re.ASCII)
_PICTURE = re.compile(r" {0,3}!\[([^\]\n]*)\]\((/media/[0-9a-f]{64})\)[ \t]*$")


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle on a picture, in percent of the picture's width and height."""

    left: float
    top: float
    width: float
    height: float

    def __str__(self) -> str:
        return f"{self.left:g},{self.top:g} {self.width:g}x{self.height:g}"

    @property
    def is_inside(self) -> bool:
        """Whether all of it lies on the picture."""
        return round(max(self.left + self.width, self.top + self.height), 1) <= WHOLE

    @property
    def is_large_enough(self) -> bool:
        """Whether it can be hit."""
        return min(self.width, self.height) >= LEAST_SIDE

    def overlaps(self, other: Area) -> bool:
        """Whether the two share more than an edge."""
        across = min(self.left + self.width, other.left + other.width) - max(self.left, other.left)
        down = min(self.top + self.height, other.top + other.height) - max(self.top, other.top)
        return min(across, down) > 0.05


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of ours and what it shows, for those who cannot see it."""

    address: str
    alt: str


def read_area(text: str) -> Area | None:
    """The place that is written as `left,top widthxheight`, as in `62,10 30x12.5`; None where it is none."""
    found = _AREA.match(text)
    return Area(*(round(float(part), 1) for part in found.groups())) if found else None


def canonical_area(text: str) -> str:
    """A place as it is always written; any other text stays as it is."""
    area = read_area(text)
    return str(area) if area else text


def pictures_in(stem: str) -> list[Picture]:
    """The pictures that stand on lines of their own, outside code."""
    return [picture for _, picture in _lines(stem) if picture]


def without_pictures(stem: str) -> str:
    """The stem without the lines of its pictures."""
    return "\n".join(line for line, picture in _lines(stem) if not picture).strip("\n")


def _lines(stem: str) -> Iterator[tuple[str, Picture | None]]:
    fence = ""
    for line in stem.split("\n"):
        before, fence = fence, fence_after(line, fence)
        found = None if before or fence else _PICTURE.match(line)
        yield line, Picture(found[2], found[1]) if found else None
