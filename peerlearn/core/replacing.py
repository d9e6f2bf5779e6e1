"""Putting other words in the place of some lines of a text, which may have been changed since they were written."""

from __future__ import annotations

from dataclasses import dataclass

from peerlearn.core.merging import merge


@dataclass(frozen=True, slots=True)
class Replaced:
    """A text in which some lines were replaced; the lines where that is."""

    source: str
    line_from: int
    line_to: int


def replaced(now: str, place: tuple[int, int], old: str, new: str) -> Replaced | None:
    """The text with `new` in the place of its lines, both ends included, which said `old` when that was written.

    What these lines say otherwise by now stays, unless both changed the same: then None. An empty `new` takes them out.
    """
    first, last = place
    lines = now.removesuffix("\n").split("\n")
    here = lines[first - 1 : last]
    merged = merge(_whole(old), _whole("\n".join(here)), _whole(new))
    if merged.conflicts:
        return None
    lines[first - 1 : last] = fresh = merged.text.removesuffix("\n").split("\n") if merged.text else []
    return Replaced("\n".join(lines) + "\n", first, first + max(1, len(fresh)) - 1)


def _whole(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"
