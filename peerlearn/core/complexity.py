"""Bounds that refuse a Markdown text before it costs anybody time. They take linear time themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from peerlearn.core.errors import NotValid
from peerlearn.core.fences import fences
from peerlearn.core.words import N_

MAX_CHARS = 20_000
MAX_PARAGRAPH = 6_000
MAX_BRACKETS_PER_PARAGRAPH = 120
MAX_BRACKETS = 400
MAX_PIPES = 2_000
MAX_NESTING = 12
MAX_MARKER_INDENT = 40

_MARKER = r"(?:>[ ]?|[-*+][ ]+|\d{1,9}\.[ ]+)"
_NESTED_MARKERS = re.compile(rf"[ ]*(?:{_MARKER}[ ]*){{{MAX_NESTING},}}")
_FAR_MARKER = re.compile(rf"[ ]{{{MAX_MARKER_INDENT},}}{_MARKER}")
_RULE_LINE = re.compile(r"[ ]*([-*_])(?:[ ]*\1)*[ ]*$")


class TooComplex(NotValid, ValueError):
    """A text that would take too long to show; the message says what to change."""


class TooMuch(TooComplex):
    """Texts that are quick one by one and take too long together."""

    default = N_("These texts take too long to show together. Please make them shorter or simpler, or split them.")


def check(text: str) -> None:
    """Refuse a text that is sure to be slow, with a sentence that says what to change. Takes linear time."""
    if len(text) > MAX_CHARS:
        raise TooComplex(
            N_("This text is too long: it may have %(limit)s characters. Please split it."), limit=MAX_CHARS
        )
    brackets = pipes = 0
    for paragraph in _paragraphs(text):
        here = sum(line.count("[") for line in paragraph)
        brackets += here
        pipes += sum(line.count("|") for line in paragraph)
        if sum(len(line) + 1 for line in paragraph) > MAX_PARAGRAPH:
            raise TooComplex(
                N_("A paragraph is too long: it may have %(limit)s characters. Please add an empty line in between."),
                limit=MAX_PARAGRAPH,
            )
        if here > MAX_BRACKETS_PER_PARAGRAPH or brackets > MAX_BRACKETS:
            raise TooComplex(
                N_("There are too many square brackets. If this is code, please put it between lines of ```.")
            )
        if pipes > MAX_PIPES:
            raise TooComplex(N_("There are too many table cells. Please make the table smaller."))
        for line in paragraph:
            if _FAR_MARKER.match(line) or (_NESTED_MARKERS.match(line) and not _RULE_LINE.match(line)):
                raise TooComplex(N_("Lists or quotes are nested too deeply. Please use fewer levels."))


def _paragraphs(text: str) -> Iterator[list[str]]:
    """Blocks of lines between empty lines; fenced code is left out."""
    lines = text.expandtabs(4).split("\n")
    for fence in list(fences(lines)):
        lines[fence.first : fence.last + 1] = [""] * (fence.last + 1 - fence.first)
    for filled, block in groupby(lines, key=lambda line: bool(line.strip())):
        if filled:
            yield list(block)
