"""All that is kept of a person, as one file: rows as JSON, one file for each table, and what else features bring.

It is made when it is asked for, in a file without a name that is gone when it has been sent: a heap of everything that
is known of somebody lies nowhere and waits for nobody. Memory holds a few rows, or one picture, at a time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, datetime
from tempfile import TemporaryFile
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from flask_babel import gettext as _
from sqlalchemy import RowMapping

from peerlearn.accounts.models import Person
from peerlearn.core import clock, privacy
from peerlearn.core.words import N_

ABOUT = "ABOUT.txt"
PIECE = 64 * 1024
WORDS = N_(
    "This is what PeerLearn keeps of %(name)s, on %(day)s.\n\n"
    "Each .json file holds one line for each row. The folder lessons/texts has the lessons as Markdown,\n"
    "lessons/pictures the pictures. What would tell of colleagues is left out, and so are the texts of\n"
    "confidential lessons, and marks that a quiz does not tell yet. Moments are in UTC.\n"
)


def file_about(person: Person) -> IO[bytes]:
    """An archive of all that is kept of a person, open at its end."""
    with ExitStack() as stack:
        file: IO[bytes] = stack.enter_context(TemporaryFile())
        with ZipFile(file, "w", ZIP_DEFLATED) as archive:
            about = _(WORDS, name=person.name, day=clock.today(person.timezone).isoformat())
            archive.writestr(ABOUT, about)
            for part in privacy.PARTS:
                _add_rows(archive, f"{part.name}.json", privacy.rows_of(part, person.id))
            for bring in privacy.BRINGERS:
                for name, data in bring(person.id):
                    archive.writestr(name, data)
        stack.pop_all()  # whoever sends it closes it
    return file


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    """What is in a file, from its beginning and bit by bit; then it is closed, and gone if it has no name."""
    with file:
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def _add_rows(archive: ZipFile, name: str, rows: Iterator[RowMapping]) -> None:
    """One line for each row; no file where there is none."""
    lines = (json.dumps(dict(row), default=_plain, ensure_ascii=False) for row in rows)
    first = next(lines, None)
    if first is None:
        return
    with archive.open(name, "w", force_zip64=True) as out:
        out.write(f"[\n{first}".encode())
        for line in lines:
            out.write(f",\n{line}".encode())
        out.write(b"\n]\n")


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not told in a download")
