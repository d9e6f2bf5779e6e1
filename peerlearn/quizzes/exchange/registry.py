"""All formats in which questions come and go. A new format is one more line here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from peerlearn.core.words import N_
from peerlearn.quizzes.exchange.bounds import MAX_QUESTIONS
from peerlearn.quizzes.exchange.csvfile import Csv
from peerlearn.quizzes.exchange.formats import Format
from peerlearn.quizzes.exchange.gift import Gift
from peerlearn.quizzes.exchange.moodle import MoodleXml
from peerlearn.quizzes.exchange.qti import Qti12, Qti21, Qti30
from peerlearn.quizzes.exchange.report import Reading, Refused, Writing, loss
from peerlearn.quizzes.exchange.xlsx import Xlsx
from peerlearn.quizzes.question import Question
from peerlearn.quizzes.textform import normal

EMPTY = N_("This file is empty. Choose another one.")
UNKNOWN = N_("This file is in none of the formats that can be read: %(formats)s.")


def by_slug(formats: Iterable[Format]) -> dict[str, Format]:
    """The formats by slug; two with one slug are refused."""
    found: dict[str, Format] = {}
    for format_ in formats:
        if format_.slug in found:
            raise ValueError(f"two formats are called {format_.slug!r}")
        found[format_.slug] = format_
    return found


FORMATS = by_slug([MoodleXml(), Xlsx(), Csv(), Qti12(), Qti21(), Qti30(), Gift()])


def guess(data: bytes, filename: str = "") -> Format | None:
    """The format a file looks like."""
    return next((format_ for format_ in FORMATS.values() if format_.recognises(data, filename)), None)


def read(data: bytes, filename: str = "", slug: str = "", limit: int = MAX_QUESTIONS) -> Reading:
    """What is in a file, in the format of this slug or the one it looks like. Never raises: `problem` says it."""
    if not data.strip():
        return Reading(problem=loss(EMPTY))
    format_ = FORMATS.get(slug) or guess(data, filename)
    if format_ is None:
        return Reading(problem=loss(UNKNOWN, formats=", ".join(f.title for f in FORMATS.values())))
    try:
        return replace(format_.read(data, limit), format=format_.slug)
    except Refused as reason:
        return Reading(problem=reason.loss, format=format_.slug)


def write(questions: Sequence[Question], slug: str, title: str = "") -> Writing:
    """A file with the questions in the format of this slug, and what is lost of them there."""
    return FORMATS[slug].write([normal(question) for question in questions], title)
