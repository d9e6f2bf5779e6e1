"""What changed between two texts, told by words: what stayed, what went and what came, in the order of reading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from peerlearn.core.likeness import LINE, compared

SAME, GONE, NEW = "same", "gone", "new"
MAX_LINES = 4_000
MAX_WORDS = 3_000
LIKE = 0.35
"""Lines that share less than this with those they took the place of are told as a whole: old, then new."""

_WORD = re.compile(
    r"""
    https?://[^\s<>()\[\]"']+     # an address is one word
    | \w+(?:['’\-.]\w+)*          # it’s, half-open, 1.5
    | [*_~`\#=+|-]{2,}            # marks of Markdown, as in ** or ```
    | \n
    | [^\S\n]+
    | .
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text that is the same in both, gone from the old or new in the new."""

    sort: str
    text: str


def reworded(old: str, new: str) -> tuple[Part, ...]:
    """How one text became the other. Without the new parts it is the old text, without the gone ones the new."""
    parts: list[Part] = []
    for same, olds, news in compared(LINE.findall(old), LINE.findall(new), MAX_LINES):
        before, after = "".join(olds), "".join(news)
        parts += [Part(SAME, before)] if same else _by_words(before, after)
    return tuple(_joined(parts))


def is_changed(parts: Sequence[Part]) -> bool:
    """Whether anything is different."""
    return any(part.sort != SAME for part in parts)


def old_of(parts: Sequence[Part]) -> str:
    """The text as it was."""
    return "".join(part.text for part in parts if part.sort != NEW)


def new_of(parts: Sequence[Part]) -> str:
    """The text as it is now."""
    return "".join(part.text for part in parts if part.sort != GONE)


def shortened(parts: Sequence[Part], around: int = 3) -> tuple[Part | None, ...]:
    """The parts with only so many lines of what stayed around each change; None stands for lines left out."""
    found: list[Part | None] = []
    for number, part in enumerate(parts):
        lines = LINE.findall(part.text)
        head = around if number else 0
        tail = around if number < len(parts) - 1 else 0
        if part.sort != SAME or len(lines) <= head + tail + 1:
            found.append(part)
            continue
        kept = [Part(SAME, "".join(lines[:head])), None, Part(SAME, "".join(lines[len(lines) - tail :]))]
        found += [one for one in kept if one is None or one.text]
    return tuple(found)


def _by_words(old: str, new: str) -> Iterator[Part]:
    before, after = _WORD.findall(old), _WORD.findall(new)
    if max(len(before), len(after)) > MAX_WORDS or not _are_alike(before, after):
        yield Part(GONE, old)
        yield Part(NEW, new)
        return
    for same, olds, news in _without_islands(list(compared(before, after, MAX_WORDS))):
        yield from [Part(SAME, "".join(olds))] if same else [Part(GONE, "".join(olds)), Part(NEW, "".join(news))]


def _are_alike(before: Sequence[str], after: Sequence[str]) -> bool:
    olds, news = ([piece for piece in pieces if not piece.isspace()] for pieces in (before, after))
    return float(SequenceMatcher(None, olds, news, autojunk=False).quick_ratio()) >= LIKE


_Step = tuple[bool, Sequence[str], Sequence[str]]


def _without_islands(steps: list[_Step]) -> Iterator[_Step]:
    """The steps, where a lone space between two changes belongs to them: nobody reads words with holes."""
    held: _Step | None = None
    for number, step in enumerate(steps):
        same, olds, news = step
        is_island = same and 0 < number < len(steps) - 1 and all(piece.isspace() and piece != "\n" for piece in olds)
        if same and not is_island:
            if held:
                yield held
            yield step
            held = None
        else:
            held = (False, [*held[1], *olds], [*held[2], *news]) if held else (False, olds, news)
    if held:
        yield held


def _joined(parts: Sequence[Part]) -> Iterator[Part]:
    """The parts without empty ones; between two that stayed at most one that is gone and one that is new."""
    gone = new = same = ""
    for part in parts:
        if part.sort == SAME and part.text:
            yield from _changed(gone, new)
            gone = new = ""
            same += part.text
        elif part.text:
            if same:
                yield Part(SAME, same)
                same = ""
            gone, new = (gone + part.text, new) if part.sort == GONE else (gone, new + part.text)
    if same:
        yield Part(SAME, same)
    yield from _changed(gone, new)


def _changed(gone: str, new: str) -> Iterator[Part]:
    if gone:
        yield Part(GONE, gone)
    if new:
        yield Part(NEW, new)
