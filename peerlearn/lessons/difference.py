"""What changed between two texts, line by line and inside a line word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

AROUND = 3
MAX_LINES = 4_000
MAX_PAIRS = 200
_PIECE = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a line; `changed` when the other text does not have it here."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the comparison: same, added, removed, or a gap of unchanged lines that are left out."""

    sort: str
    old: int | None
    new: int | None
    runs: tuple[Run, ...] = ()


def compare(old: str, new: str) -> list[Row] | None:
    """The changed lines with three lines around each; empty when nothing changed, None for too long texts."""
    before, after = old.split("\n"), new.split("\n")
    if old == new:
        return []
    if max(len(before), len(after)) > MAX_LINES:
        return None
    rows: list[Row] = []
    done = 0
    pairs = 0
    for group in SequenceMatcher(None, before, after).get_grouped_opcodes(AROUND):
        if group[0][1] > done:
            rows.append(Row("gap", None, None))
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                rows += [_same(before[i], i, j) for i, j in zip(range(i1, i2), range(j1, j2), strict=True)]
            elif tag == "replace" and i2 - i1 == j2 - j1 and pairs < MAX_PAIRS:
                pairs += i2 - i1
                rows += _replaced(before[i1:i2], after[j1:j2], i1, j1)
            else:
                rows += [_whole("removed", before[i], i + 1, None) for i in range(i1, i2)]
                rows += [_whole("added", after[j], None, j + 1) for j in range(j1, j2)]
        done = group[-1][2]
    if done < len(before):
        rows.append(Row("gap", None, None))
    return rows


def _same(line: str, old: int, new: int) -> Row:
    return Row("same", old + 1, new + 1, (Run(line, changed=False),))


def _whole(sort: str, line: str, old: int | None, new: int | None) -> Row:
    return Row(sort, old, new, (Run(line, changed=False),))


def _replaced(old: Sequence[str], new: Sequence[str], first_old: int, first_new: int) -> Iterator[Row]:
    """Lines that took each other's place: first all old ones, then all new ones, changed words marked."""
    marked = [_by_words(a, b) for a, b in zip(old, new, strict=True)]
    for n, (runs, _) in enumerate(marked):
        yield Row("removed", first_old + n + 1, None, runs)
    for n, (_, runs) in enumerate(marked):
        yield Row("added", None, first_new + n + 1, runs)


def _by_words(old: str, new: str) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    before, after = _PIECE.findall(old), _PIECE.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=len(before) + len(after) > 1_000)
    if matcher.quick_ratio() < 0.3:
        return (Run(old, changed=False),), (Run(new, changed=False),)
    left, right = [], []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if i1 < i2:
            left.append(Run("".join(before[i1:i2]), tag != "equal"))
        if j1 < j2:
            right.append(Run("".join(after[j1:j2]), tag != "equal"))
    return tuple(left), tuple(right)
