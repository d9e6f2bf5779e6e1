"""A lesson's file as numbered lines, with the remarks that stand at them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from peerlearn.lessons import fileformat
from peerlearn.lessons.models import Revision
from peerlearn.review import rules
from peerlearn.review.anchors import Anchor
from peerlearn.review.models import Remark


@dataclass(frozen=True)
class Line:
    """A line of the file; the remarks under it are those that end here."""

    number: int
    text: str
    remarks: list[Remark] = field(default_factory=list)


def numbered(source: str, remarks: Sequence[Remark], places: Mapping[int, Anchor]) -> list[Line]:
    """The lines of a file, each with the remarks that end at it now."""
    lines = [Line(number, text) for number, text in enumerate(rules.lines_of(source), start=1)]
    for remark in remarks:
        anchor = places.get(remark.id)
        if anchor is not None and anchor.line_to <= len(lines):
            lines[anchor.line_to - 1].remarks.append(remark)
    return lines


def question_ids(revision: Revision) -> list[str]:
    """The stable ids of a revision's questions in order."""
    return [question.uid for question in fileformat.parse(revision.source).questions if question.uid]
