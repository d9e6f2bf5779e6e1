"""A file of people, one a line: read with suspicion, judged row by row.

Pure: what a row means for those who are already here is asked in `queries.fates_of`.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from peerlearn.accounts import rules
from peerlearn.core.text import clean_line
from peerlearn.core.words import N_

if TYPE_CHECKING:
    from peerlearn.accounts.models import Person

MOST_BYTES = 800_000
MOST_ROWS = 5_000
MOST_COLUMNS = 50
LONGEST_CELL = 300
COLUMNS = {
    "email": "email",
    "e-mail": "email",
    "mail": "email",
    "name": "name",
    "team": "team",
    "time zone": "timezone",
    "timezone": "timezone",
    "working days": "work_days",
    "work days": "work_days",
}
STATE_TITLES = {
    "new": N_("New"),
    "changed": N_("Changed"),
    "unchanged": N_("Unchanged"),
    "problem": N_("Problem"),
}
_DAYS = {"mon": "1", "tue": "2", "wed": "3", "thu": "4", "fri": "5", "sat": "6", "sun": "7"}


@dataclass(frozen=True)
class Row:
    """One line of the file as it would be kept; `problem` says what is wrong with it."""

    line: int
    email: str
    name: str
    team: str = ""
    timezone: str = ""
    work_days: str = ""
    problem: str | None = None

    @property
    def key(self) -> str:
        """What the address, which is clean already, is compared by."""
        return self.email.casefold()


@dataclass(frozen=True)
class Roster:
    """All rows of a file; `problem` when the whole file cannot be read, `ignored` names columns nobody uses."""

    rows: tuple[Row, ...] = ()
    ignored: tuple[str, ...] = ()
    problem: str | None = None
    text: str = ""


@dataclass(frozen=True)
class Fate:
    """What would become of a row: new, changed, unchanged or a problem with a sentence."""

    row: Row
    state: str
    problem: str | None = None
    team_id: int | None = None
    changes: dict[str, object] = field(default_factory=dict)
    person: Person | None = None


def read_bytes(data: bytes) -> Roster:
    """The rows of an uploaded file, whatever it turns out to be."""
    if len(data) > 2 * MOST_BYTES:
        return Roster(problem=N_("This file is too large. Please split it into files of at most 5,000 people."))
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return Roster(problem=N_("This file is not UTF-8 text. In a spreadsheet, save it as “CSV UTF-8”."))
    return read_text(text)


def read_text(text: str) -> Roster:
    """The rows of a file's text."""
    text = text.removeprefix("\ufeff")
    if "\x00" in text:
        return Roster(problem=N_("This is not a text file. In a spreadsheet, save it as “CSV UTF-8”."))
    if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        return Roster(problem=N_("This file is too large. Please split it into files of at most 5,000 people."))
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        return _read(lines, text)
    except csv.Error:
        return Roster(problem=N_("This file breaks off inside a quoted cell, or a cell is far too long."))


def _delimiter(text: str) -> str:
    first = text.split("\n", 1)[0]
    return max(",;\t", key=first.count)


def _read(lines: csv._reader, text: str) -> Roster:  # type: ignore[name-defined, unused-ignore]
    titles = [clean_line(cell) for cell in next(lines, [])]
    if len(titles) > MOST_COLUMNS:
        return Roster(problem=N_("This file has too many columns. Keep the ones named on this page."))
    names = [COLUMNS.get(title.casefold()) for title in titles]
    used = [name for name in names if name]
    if "email" not in used or "name" not in used:
        return Roster(problem=N_("The first line must name the columns; “email” and “name” are needed."))
    if len(set(used)) < len(used):
        return Roster(problem=N_("The first line names a column twice."))
    rows: list[Row] = []
    seen: dict[str, int] = {}
    for cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if len(rows) >= MOST_ROWS:
            return Roster(problem=N_("This file has more than 5,000 people. Please split it."))
        rows.append(_row(lines.line_num, names, cells, seen))
    if not rows:
        return Roster(problem=N_("This file has a first line but nobody in it."))
    ignored = tuple(title[:60] for title, name in zip(titles, names, strict=True) if title and not name)
    return Roster(tuple(rows), ignored, None, text)


def _row(line: int, names: list[str | None], cells: list[str], seen: dict[str, int]) -> Row:
    if len(cells) > len(names) or any(len(cell) > LONGEST_CELL for cell in cells):
        first = clean_line(cells[0][:60]) if cells else ""
        return Row(line, first, "", problem=N_("This row has more cells than the first line, or a cell is too long."))
    found = {name: clean_line(cell) for name, cell in zip(names, cells, strict=False) if name}
    email, name = found.get("email", ""), found.get("name", "")
    days = _work_days(found.get("work_days", ""))
    zone = found.get("timezone", "")
    kept = rules.clean_email(email)
    problem = _problem(email, kept, name, zone, days)
    if problem is None and kept:
        if kept.casefold() in seen:
            problem = N_("This address stands in an earlier row of the file.")
        seen.setdefault(kept.casefold(), line)
    return Row(line, kept or email, name, found.get("team", ""), zone, days or "", problem)


def _problem(email: str, kept: str | None, name: str, zone: str, days: str | None) -> str | None:
    if not kept or email[0] in "=+-@":
        return N_("This is not a complete mail address.")
    if zone and zone not in rules.zone_names():
        return N_("This time zone is not known. Write it like Europe/Berlin.")
    if days is None:
        return N_("Write working days like “Mon Tue Wed” or “12345”.")
    return rules.person_name_problem(name)


def _work_days(typed: str) -> str | None:
    """Weekdays as they are kept; empty when none were given, None when they cannot be read."""
    words = typed.casefold().replace(",", " ").split()
    if len(words) == 1 and words[0].isdecimal():
        days = set(words[0])
        return rules.clean_work_days(days) if days <= set("1234567") else None
    marks = [_DAYS.get(word[:3]) for word in words]
    return None if None in marks else rules.clean_work_days([mark for mark in marks if mark])
