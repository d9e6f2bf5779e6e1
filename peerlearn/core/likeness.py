"""What two texts have in common, in order: their lines or their words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

LINE = re.compile(r"[^\n]*\n|[^\n]+")
"""A line with its end. All of them together are the text, whatever stands in it."""


def alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many pieces both begin with."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def compared(
    before: Sequence[str], after: Sequence[str], most: int
) -> Iterator[tuple[bool, Sequence[str], Sequence[str]]]:
    """Alike and unlike parts in turn, from beginning to end.

    What both begin or end with is alike. Blanks are alike only beside something that is: every text has blank lines. A
    rest that is longer than `most` pieces is unlike as a whole, so that nobody waits for it.
    """
    head = alike(before, after)
    tail = min(alike(before[::-1], after[::-1]), len(before) - head, len(after) - head)
    olds, news = before[head : len(before) - tail], after[head : len(after) - tail]
    if head:
        yield True, before[:head], after[:head]
    if max(len(olds), len(news)) > most:
        yield False, olds, news
    else:
        for tag, i1, i2, j1, j2 in SequenceMatcher(str.isspace, olds, news).get_opcodes():
            yield tag == "equal", olds[i1:i2], news[j1:j2]
    if tail:
        yield True, before[len(before) - tail :], after[len(after) - tail :]
