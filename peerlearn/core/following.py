"""A place in a text moves when the text changes: where it is now, or that it is gone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from peerlearn.core.likeness import LINE, compared

MAX_LINES = 4_000
MAX_WORDS = 6_000
LEFT = 1 / 3
"""A place of which less than this share of the letters is left is gone."""

_PIECE = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Characters `old` to `old_end` became `new` to `new_end`; `same` when they are what they were."""

    old: int
    old_end: int
    new: int
    new_end: int
    same: bool


class Following:
    """The way from one text to another; many places can be followed along it."""

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new
        self._stretches = tuple(_stretches(old, new))

    def range(self, start: int, end: int) -> tuple[int, int] | None:
        """Where the characters from `start` up to `end` are now; None when too little is left of them.

        What was written in front of or behind the place stays outside, what was written inside belongs to it.
        """
        if start >= end:
            return self._point(start)
        touched = [each for each in self._stretches if each.old < end and each.old_end > start]
        kept = [(max(each.old, start), min(each.old_end, end)) for each in touched if each.same]
        if sum(map(self._letters, kept)) < LEFT * self._letters((start, end)) or not kept:
            return None
        first, last = touched[0], touched[-1]
        begin = first.new + start - first.old if first.same else first.new
        finish = last.new_end - (last.old_end - end) if last.same else last.new_end
        return begin, finish

    def lines(self, first: int, last: int) -> tuple[int, int] | None:
        """Where the lines `first` to `last`, counted from 1, are now; None when too little is left of them."""
        starts = [0, *(match.end() for match in re.finditer("\n", self.old))]
        if not 1 <= first <= last <= len(starts):
            return None
        start, end = starts[first - 1], starts[last] - 1 if last < len(starts) else len(self.old)
        found = self.range(start, end)
        if found is None:
            return None
        begin, finish = found
        if not self.old.endswith("\n", start, end):  # nor does what became of it end with an empty line
            finish = begin + len(self.new[begin:finish].rstrip("\n"))
        return self._line(begin), self._line(finish)

    def _line(self, place: int) -> int:
        """The line of a place, counted from 1; what stands behind the last line is of the last line."""
        return self.new.count("\n", 0, min(place, len(self.new) - self.new.endswith("\n"))) + 1

    def _point(self, place: int) -> tuple[int, int] | None:
        if not self.old:
            return 0, 0
        around = [each for each in self._stretches if each.old <= place <= each.old_end]
        for each in sorted(around, key=lambda each: not each.same):
            if each.same:
                return (each.new + place - each.old,) * 2
            if place in (each.old, each.old_end):
                return (each.new if place == each.old else each.new_end,) * 2
        return None

    def _letters(self, place: tuple[int, int]) -> int:
        """How many characters stand there that are no space; empty places count as they are long."""
        text = self.old[slice(*place)]
        return len("".join(text.split())) or len(text)


def follow(old: str, new: str, start: int, end: int) -> tuple[int, int] | None:
    """Where the characters from `start` up to `end` of an old text are in the new one; None when they are gone."""
    return Following(old, new).range(start, end)


def _stretches(old: str, new: str) -> Iterator[_Stretch]:
    """The old text from its beginning to its end, with what became of each part: by lines, then by words."""
    before, after = LINE.findall(old), LINE.findall(new)
    i = j = 0
    for same, olds, news in compared(before, after, MAX_LINES):
        if same or not olds or not news:
            yield _Stretch(i, i + _length(olds), j, j + _length(news), same)
        else:
            yield from _by_words("".join(olds), "".join(news), i, j)
        i, j = i + _length(olds), j + _length(news)


def _by_words(old: str, new: str, i: int, j: int) -> Iterator[_Stretch]:
    for same, olds, news in compared(_PIECE.findall(old), _PIECE.findall(new), MAX_WORDS):
        yield _Stretch(i, i + _length(olds), j, j + _length(news), same)
        i, j = i + _length(olds), j + _length(news)


def _length(pieces: Sequence[str]) -> int:
    return sum(map(len, pieces))
