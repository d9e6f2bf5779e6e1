"""A lesson's file as numbered lines, with the remarks that stand at them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from peerlearn.lessons import fileformat
from peerlearn.lessons.models import Revision
from peerlearn.review import rules
from peerlearn.review.models import Remark


@dataclass(frozen=True)
class Line:
    """A line of the file; the remarks under it are those that end here."""

    number: int
    text: str
    remarks: list[Remark] = field(default_factory=list)


def numbered(source: str, remarks: Sequence[Remark], review_id: int) -> list[Line]:
    """The lines of a file, each with the remarks of this review that end at it."""
    lines = [Line(number, text) for number, text in enumerate(rules.lines_of(source), start=1)]
    for remark in remarks:
        if remark.review_id == review_id and remark.line_to is not None and remark.line_to <= len(lines):
            lines[remark.line_to - 1].remarks.append(remark)
    return lines


def question_ids(revision: Revision) -> list[str]:
    """The stable ids of a revision's questions in order."""
    return [question.uid for question in fileformat.parse(revision.source).questions if question.uid]
