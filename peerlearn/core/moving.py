"""Parts of a text that were put somewhere else.

A part is a heading of the first or second level with what it heads, or what stands above the first one.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from peerlearn.core.fences import fences

MAX_PARTS = 200
"""A text of more parts than these is compared in its order, so that nobody waits for it."""

_HEADING = re.compile(r"##?(?!#)")
_MARK = re.compile(r"\^\w+\s*$")

Strand = tuple[Sequence[int], Sequence[int]]
"""Lines of an old text and of a new one, by their numbers from 0, that are compared with one another."""


def strands(old: Sequence[str], new: Sequence[str]) -> Iterator[Strand]:
    """Two texts in lines, cut so that each line is compared with those of its own part.

    A part that moved is one strand. One that stayed in its order begins one, which goes on with the parts behind it
    that nobody knows: so what was cut in two, put together or renamed is found as well.
    """
    olds, news = _parts(old), _parts(new)
    partner = _paired(olds, news) if max(len(olds), len(news)) <= MAX_PARTS else {}
    moved = out_of_order([partner[i] for i in sorted(partner)])
    pairs = [(olds[i].numbers, news[j].numbers, j in moved) for i, j in sorted(partner.items())]
    gone = {n for was, _now, has_moved in pairs if has_moved for n in was}
    came = {n for _was, now, has_moved in pairs if has_moved for n in now}
    cuts = [(was.start, now.start) for was, now, has_moved in pairs if not has_moved]
    for (i, j), (i_end, j_end) in pairwise([(0, 0), *cuts, (len(old), len(new))]):
        yield [n for n in range(i, i_end) if n not in gone], [n for n in range(j, j_end) if n not in came]
    yield from ((was, now) for was, now, has_moved in pairs if has_moved)


def out_of_order(places: Sequence[int]) -> set[int]:
    """Which of these stand out of order: all but the longest row of rising ones."""
    rising: list[tuple[int, ...]] = [()]  # for each place the longest rising row that ends with it
    for place in places:
        before = [row for row in rising if not row or row[-1] < place]
        rising.append((*sorted(before, key=len)[-1], place))
    return set(places) - set(sorted(rising, key=len)[-1])


@dataclass(frozen=True, slots=True)
class _Part:
    numbers: range
    lines: tuple[str, ...]  # those that say something

    @property
    def name(self) -> str:
        """The mark at the end of its heading, such as ^k3f9x, else its heading."""
        mark = _MARK.search(self.lines[0]) if self.lines else None
        return mark[0] if mark else self.lines[0] if self.lines else ""

    @property
    def letters(self) -> int:
        return sum(map(len, self.lines))


def _parts(lines: Sequence[str]) -> list[_Part]:
    code = {n for fence in fences([line.rstrip("\n") for line in lines]) for n in range(fence.first, fence.last + 1)}
    heads = [n for n, line in enumerate(lines) if n and n not in code and _HEADING.match(line)]
    bounds = zip([0, *heads], [*heads, len(lines)], strict=True)
    return [
        _Part(range(first, end), tuple(line.strip() for line in lines[first:end] if line.strip()))
        for first, end in bounds
    ]


def _paired(olds: Sequence[_Part], news: Sequence[_Part]) -> dict[int, int]:
    """Which part is which: one that says the same, else one of the same name, else one with most of its lines.

    Those of one name that nothing tells from one another are taken in their order.
    """
    partner: dict[int, int] = {}
    partner |= _grouped(olds, news, partner, lambda part: part.lines, most=1)
    partner |= _grouped(olds, news, partner, lambda part: part.name, most=1)
    partner |= _alike(olds, news, partner)
    return partner | _grouped(olds, news, partner, lambda part: part.name, most=MAX_PARTS)


def _free(olds: Sequence[_Part], news: Sequence[_Part], partner: dict[int, int]) -> tuple[list[int], list[int]]:
    taken = set(partner.values())
    return [i for i in range(len(olds)) if i not in partner], [j for j in range(len(news)) if j not in taken]


def _grouped(
    olds: Sequence[_Part],
    news: Sequence[_Part],
    partner: dict[int, int],
    key: Callable[[_Part], object],
    most: int,
) -> dict[int, int]:
    """Those of one key, where there are as many now as before and not more than `most`."""
    before: dict[object, list[int]] = defaultdict(list)
    after: dict[object, list[int]] = defaultdict(list)
    free = _free(olds, news, partner)
    for i in free[0]:
        before[key(olds[i])].append(i)
    for j in free[1]:
        after[key(news[j])].append(j)
    same = ((i, after.get(what, [])) for what, i in before.items() if len(i) <= most)
    return {i: j for ours, theirs in same if len(ours) == len(theirs) for i, j in zip(ours, theirs, strict=True)}


def _alike(olds: Sequence[_Part], news: Sequence[_Part], partner: dict[int, int]) -> dict[int, int]:
    """Parts that share more than half of what they say, in lines that no other has."""
    free = _free(olds, news, partner)
    before = Counter(line for i in free[0] for line in set(olds[i].lines))
    after = Counter(line for j in free[1] for line in set(news[j].lines))
    home = {line: j for j in free[1] for line in news[j].lines if after[line] == 1}
    shared: Counter[tuple[int, int]] = Counter()
    for i in free[0]:
        for line in set(olds[i].lines):
            if before[line] == 1 and line in home:
                shared[i, home[line]] += len(line)
    return {i: j for (i, j), letters in shared.items() if 2 * letters > max(olds[i].letters, news[j].letters)}
