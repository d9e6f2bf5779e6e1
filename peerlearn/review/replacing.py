"""Taking a suggestion over into a text that may have changed since."""

from __future__ import annotations

from dataclasses import dataclass

from peerlearn.review.rules import lines_of


@dataclass(frozen=True, slots=True)
class Replaced:
    """A text in which a suggestion was taken over; the lines it went to."""

    source: str
    line_from: int
    line_to: int


def replace_lines(source: str, line_from: int, quoted: str, replacement: str) -> Replaced | None:
    """Take a suggestion over; None when its lines have changed.

    The lines may have moved because another suggestion was taken over before: they are looked for once more, and
    taken when they stand in the text exactly once.
    """
    lines, wanted = lines_of(source), quoted.split("\n")
    count = len(wanted)
    at = line_from - 1
    if lines[at : at + count] != wanted:
        found = [i for i in range(len(lines) - count + 1) if lines[i : i + count] == wanted]
        if len(found) != 1:
            return None
        at = found[0]
    new = replacement.removesuffix("\n").split("\n") if replacement else []
    lines[at : at + count] = new
    return Replaced("\n".join(lines) + "\n", at + 1, at + max(1, len(new)))
