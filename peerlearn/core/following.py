"""A place in a text moves when the text changes: where it is now, or that it is gone."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, islice, pairwise

from peerlearn.core.likeness import LINE, compared
from peerlearn.core.moving import strands

MAX_LINES = 4_000
MAX_WORDS = 6_000
LEFT = 1 / 3
"""A place of which less than this share of the letters is left is gone."""

MOST = 20  # places that lines are looked for in; what stands in more is nowhere known again
AROUND = 4  # lines with words above and below a place, by which it is known
MANY = 20
"""Lines of so many letters are known by themselves; shorter ones only beside a line that stood beside them before."""

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
    """The way from one text to another; many places can be followed along it, also into a part that moved."""

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new
        self._olds, self._news = old.split("\n"), new.split("\n")
        found = _stretches(LINE.findall(old), LINE.findall(new))
        self._stretches = tuple(sorted(found, key=lambda each: (each.old, each.old_end)))

    def range(self, start: int, end: int) -> tuple[int, int] | None:
        """Where the characters from `start` up to `end` are now; None when too little is left of them.

        What was written in front of or behind the place stays outside, what was written inside belongs to it. Of a
        place that was torn apart, the larger piece is followed.
        """
        if start >= end:
            return self._point(start)
        touched = [each for each in self._stretches if each.old < end and each.old_end > start]
        sizes = [(self._kept(piece, start, end), piece) for piece in _pieces(touched)]
        kept, piece = max(sizes, key=lambda sized: sized[0])
        if kept < LEFT * self._letters((start, end)) or not any(each.same for each in piece):
            return None
        first, last = piece[0], piece[-1]
        begin = first.new + max(0, start - first.old) if first.same else first.new
        finish = last.new_end - max(0, last.old_end - end) if last.same else last.new_end
        return begin, finish

    def lines(self, first: int, last: int) -> tuple[int, int] | None:
        """Where the lines `first` to `last`, counted from 1, are now; None when too little is left of them.

        Where they are gone or say something else, the only other place that holds them as they were is theirs.
        """
        if not 1 <= first <= last <= len(self._olds):
            return None
        start, wanted = sum(len(line) + 1 for line in self._olds[: first - 1]), self._olds[first - 1 : last]
        found = self._lines_along(start, start + len("\n".join(wanted)))
        if found is not None and self._news[found[0] - 1 : found[1]] == wanted:
            return found
        return self._elsewhere(first, wanted) or found

    def _lines_along(self, start: int, end: int) -> tuple[int, int] | None:
        found = self.range(start, end)
        if found is None:
            return None
        begin, finish = found
        if not self.old.endswith("\n", start, end):  # nor does what became of it end with an empty line
            finish = begin + len(self.new[begin:finish].rstrip("\n"))
        return self._line(begin), self._line(finish)

    def _elsewhere(self, first: int, wanted: list[str]) -> tuple[int, int] | None:
        """The place whose lines are these and became of no others; of several the one whose surroundings are alike."""
        news, count = self._news, len(wanted)
        places = [at for at in range(1, len(news) - count + 2) if news[at - 1 : at - 1 + count] == wanted]
        own = range(first, first + count)
        places = [at for at in places if all(self._kept_lines.get(n, first) in own for n in range(at, at + count))]
        if not 1 <= len(places) <= MOST or not any(map(str.strip, wanted)):
            return None
        here = _around(self._olds, first, first + count)
        likeness = {at: _agreeing(here, _around(news, at, at + count)) for at in places}
        best = max(places, key=lambda at: likeness[at])
        is_told = len("".join("".join(wanted).split())) >= MANY or _meet(here, _around(news, best, best + count))
        is_alone = sum(likeness[at] == likeness[best] for at in places) == 1
        return (best, best + count - 1) if is_told and is_alone else None

    @cached_property
    def _kept_lines(self) -> dict[int, int]:
        """The numbers of the lines with words that are as they were: each now, and before."""
        before, now = _numbers(self.old), _numbers(self.new)
        kept: dict[int, int] = {}
        for each in self._stretches:
            at = each.new
            for line in LINE.findall(self.new[each.new : each.new_end]) if each.same else ():
                was, after = each.old + at - each.new, at + len(line)
                if at in now and was in before and line.strip() and (line[-1] == "\n" or after == len(self.new)):
                    kept[now[at]] = before[was]
                at = after
        return kept

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

    def _kept(self, piece: Sequence[_Stretch], start: int, end: int) -> int:
        same = [(max(each.old, start), min(each.old_end, end)) for each in piece if each.same]
        return sum(map(self._letters, same))

    def _letters(self, place: tuple[int, int]) -> int:
        """How many characters stand there that are no space; empty places count as they are long."""
        text = self.old[slice(*place)]
        return len("".join(text.split())) or len(text)


def follow(old: str, new: str, start: int, end: int) -> tuple[int, int] | None:
    """Where the characters from `start` up to `end` of an old text are in the new one; None when they are gone."""
    return Following(old, new).range(start, end)


def _pieces(stretches: Sequence[_Stretch]) -> Iterator[list[_Stretch]]:
    """What stands together in the new text as it did in the old one."""
    piece: list[_Stretch] = []
    for each in stretches:
        if piece and piece[-1].new_end != each.new:
            yield piece
            piece = []
        piece.append(each)
    yield piece


def _numbers(text: str) -> dict[int, int]:
    """The numbers of lines, from 1, by where they begin."""
    ends = accumulate(map(len, LINE.findall(text)), initial=0)
    return {start: number for number, start in enumerate(ends, start=1)}


def _around(lines: Sequence[str], first: int, end: int) -> tuple[list[str], ...]:
    """The next lines with words above and below the lines from `first` up to `end`, counted from 1."""
    above = (lines[n] for n in range(first - 2, -1, -1))
    below = (lines[n] for n in range(end - 1, len(lines)))
    return tuple(list(islice((line for line in side if line.strip()), AROUND)) for side in (above, below))


def _agreeing(one: tuple[list[str], ...], other: tuple[list[str], ...]) -> int:
    """How many lines two surroundings share."""
    return sum((Counter(here) & Counter(there)).total() for here, there in zip(one, other, strict=True))


def _meet(one: tuple[list[str], ...], other: tuple[list[str], ...]) -> bool:
    """Whether the line right above or right below is the same in both."""
    return any(here[:1] == there[:1] != [] for here, there in zip(one, other, strict=True))


class _Side:
    """Those lines of a text that are compared with some of another, put together; where they stand in the whole."""

    def __init__(self, lines: Sequence[str], starts: Sequence[int], numbers: Sequence[int]) -> None:
        self.lines = [lines[n] for n in numbers]
        self._begins, self._shifts = [0], [starts[numbers[0]] if numbers else 0]
        at = 0
        for before, n in pairwise(numbers):
            at += len(lines[before])
            if n != before + 1:
                self._begins.append(at)
                self._shifts.append(starts[n] - at)

    def seams(self, start: int, end: int) -> list[int]:
        """Between `start` and `end`: where what follows stands somewhere else in the whole text."""
        return [at for at in self._begins if start < at < end]

    def begin(self, at: int) -> int:
        """Where something that begins here does so in the whole text."""
        return at + self._shifts[bisect_right(self._begins, at) - 1]

    def end(self, at: int) -> int:
        """Where something that ends here does so in the whole text."""
        return at + self._shifts[max(0, bisect_left(self._begins, at) - 1)]


def _stretches(olds: Sequence[str], news: Sequence[str]) -> Iterator[_Stretch]:
    """The old text with what became of each part of it: by lines, then by words."""
    starts = [list(accumulate(map(len, lines), initial=0)) for lines in (olds, news)]
    for before, after in strands(olds, news):
        old, new = _Side(olds, starts[0], before), _Side(news, starts[1], after)
        for each in _along(old, new):
            yield from _cut(each, old, new)


def _along(old: _Side, new: _Side) -> Iterator[_Stretch]:
    i = j = 0
    for same, before, after in compared(old.lines, new.lines, MAX_LINES):
        if same or not before or not after:
            yield _Stretch(i, i + _length(before), j, j + _length(after), same)
        else:
            yield from _by_words("".join(before), "".join(after), i, j)
        i, j = i + _length(before), j + _length(after)


def _cut(each: _Stretch, old: _Side, new: _Side) -> Iterator[_Stretch]:
    """A stretch in the places of the whole texts; in several where what stood together was torn apart."""
    seams = old.seams(each.old, each.old_end)
    if each.same:
        seams += [each.old + at - each.new for at in new.seams(each.new, each.new_end)]
        bounds = [each.old, *sorted({*seams}), each.old_end]
        for start, end in pairwise(bounds):
            first, last = each.new + start - each.old, each.new + end - each.old
            yield _Stretch(old.begin(start), old.end(end), new.begin(first), new.end(last), same=True)
        return
    news = [each.new, *new.seams(each.new, each.new_end), each.new_end]
    olds = [each.old, *seams, each.old_end]
    begin, end = (new.begin if news[0] < news[1] else new.end)(news[0]), new.end(news[1])
    for start, stop in pairwise(olds):
        yield _Stretch((old.begin if start < stop else old.end)(start), old.end(stop), begin, end, same=False)
        begin = end


def _by_words(old: str, new: str, i: int, j: int) -> Iterator[_Stretch]:
    for same, olds, news in compared(_PIECE.findall(old), _PIECE.findall(new), MAX_WORDS):
        yield _Stretch(i, i + _length(olds), j, j + _length(news), same)
        i, j = i + _length(olds), j + _length(news)


def _length(pieces: Sequence[str]) -> int:
    return sum(map(len, pieces))
