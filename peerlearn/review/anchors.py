"""A remark stays where it belongs: its lines are followed through what was changed since it was made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from peerlearn.core.following import Following
from peerlearn.core.replacing import Replaced, replaced
from peerlearn.review.models import Remark
from peerlearn.review.rules import lines_of, quote


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where the lines of a remark are in a text, both ends included; `is_changed` when they say something else."""

    line_from: int
    line_to: int
    is_changed: bool = False


class Anchors:
    """The newest text of a revision; `seen` are the texts that remarks were made on, by their ids."""

    def __init__(self, now: str, seen: Mapping[int, str]) -> None:
        self.now = now
        self._lines = lines_of(now)
        self._ways = {text_id: Following(source, now) for text_id, source in seen.items()}

    def place(self, remark: Remark) -> Anchor | None:
        """Where a remark stands now; None when it stands at no line, or when that place is gone."""
        if remark.line_from is None or remark.line_to is None:
            return None
        way = self._ways.get(remark.text_id or 0)
        found = way.lines(remark.line_from, remark.line_to) if way else self._found(remark.line_from, remark.quoted)
        if found is None:
            return None
        return Anchor(*found, is_changed=quote(self._lines, *found) != remark.quoted)

    def places(self, remarks: Sequence[Remark]) -> dict[int, Anchor]:
        """Where remarks stand now, by their ids; those whose place is gone are missing."""
        found = ((remark.id, self.place(remark)) for remark in remarks)
        return {remark_id: anchor for remark_id, anchor in found if anchor is not None}

    def _found(self, line_from: int, quoted: str) -> tuple[int, int] | None:
        """The lines as they were, at their place or at the only place that has them."""
        wanted = quoted.split("\n")
        count = len(wanted)
        places = [n for n in range(len(self._lines) - count + 1) if self._lines[n : n + count] == wanted]
        at = line_from - 1 if line_from - 1 in places else places[0] if len(places) == 1 else None
        return None if at is None else (at + 1, at + count)


def take_over(remark: Remark, seen: str | None, now: str) -> Replaced | None:
    """The newest text with what a remark suggests; None when its lines say something else by now, or are gone."""
    assert remark.replacement is not None
    place = Anchors(now, {} if seen is None else {remark.text_id or 0: seen}).place(remark)
    if place is None:
        return None
    return replaced(now, (place.line_from, place.line_to), remark.quoted, remark.replacement)
