"""CSV: a table as text, for every spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from peerlearn.core.words import N_
from peerlearn.quizzes.exchange import sheet_reading, sheet_writing
from peerlearn.quizzes.exchange.bounds import MAX_QUESTIONS, decode
from peerlearn.quizzes.exchange.formats import Format
from peerlearn.quizzes.exchange.report import Reading, Refused, Writing
from peerlearn.quizzes.question import Question

BROKEN = N_("This table breaks off inside a quoted cell, or a cell is far too long. Save it again as CSV.")


class Csv(Format):
    """A table as text."""

    slug = "csv"
    title = "CSV"
    about = N_("A table as text, one question a row. Nothing is lost.")
    suffix = ".csv"
    mimetype = "text/csv"
    mapping = sheet_writing.MAPPING

    def recognises(self, data: bytes, filename: str) -> bool:
        """By its name, or by the names of its columns in the first line."""
        if data[:2] == b"PK" or data[:1] == b"<":
            return False
        if filename.lower().endswith((".csv", ".tsv")):
            return True
        first = data[:4096].decode("utf-8-sig", "replace").split("\n", 1)[0]
        return sheet_reading.names_columns(first.replace('"', "").split(_delimiter(first)))

    def read(self, data: bytes, limit: int = MAX_QUESTIONS) -> Reading:
        return sheet_reading.read_table(_rows(decode(data)), limit)

    def write(self, questions: Sequence[Question], title: str) -> Writing:
        table, fates = sheet_writing.table_of(questions)
        out = io.StringIO(newline="")
        csv.writer(out).writerows(table)
        return Writing(out.getvalue().encode("utf-8-sig"), fates)


def _delimiter(text: str) -> str:
    return max(",;\t", key=text.count)


def _rows(text: str) -> Iterator[list[str]]:
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text.split("\n", 1)[0]), strict=True)
    try:
        yield from lines
    except csv.Error:
        raise Refused(BROKEN) from None
