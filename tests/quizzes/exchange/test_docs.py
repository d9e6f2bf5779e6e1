"""The reference says what the registry does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from peerlearn.quizzes.exchange import bounds
from peerlearn.quizzes.exchange.registry import FORMATS
from peerlearn.quizzes.exchange.sheet_reading import column_of
from peerlearn.quizzes.kinds.registry import KINDS

PAGE = (Path(__file__).parents[3] / "docs" / "question-exchange.md").read_text(encoding="utf-8")
SECTIONS = {"qti30": "QTI 2.1 and 3.0", "qti21": "QTI 2.1 and 3.0", "csv": "XLSX and CSV", "xlsx": "XLSX and CSV"}


def rows_of(section: str) -> list[tuple[str, ...]]:
    text = re.split(r"^## ", PAGE, flags=re.MULTILINE)
    body = next(part for part in text if part.startswith(f"{section}\n"))
    return [
        tuple(cell.strip() for cell in line.strip("| ").split(" | ")) for line in body.split("\n") if line[:1] == "|"
    ]


@pytest.mark.parametrize("slug", FORMATS)
def test_the_tables_say_what_becomes_of_every_kind(slug: str) -> None:
    format_ = FORMATS[slug]
    rows = rows_of(SECTIONS.get(slug, format_.title))
    wanted = {KINDS[kind].title: (m.becomes, m.loss or "nothing is lost") for kind, m in format_.mapping.items()}
    if len(set(wanted.values())) == 1:
        wanted = {"every kind": next(iter(wanted.values()))}
    assert {row[0]: row[1:] for row in rows if row[0] in wanted} == wanted
    assert (format_.title, f"`{format_.suffix}`", format_.about) in rows_of("Formats at a glance")


def test_the_columns_are_those_that_are_read() -> None:
    named = re.findall(r"`([a-z0-9 ]+)`", " ".join(row[0] for row in rows_of("XLSX and CSV")[3:]))
    assert len(named) == 14
    assert [name for name in named if column_of(name) != name] == []


def test_the_limits_are_the_real_ones() -> None:
    limits = dict(rows_of("Limits")[2:])
    mega = 1024 * 1024
    assert limits["a text or XML file"] == f"{bounds.MAX_BYTES // mega} MB"
    assert limits["a package"] == (
        f"{bounds.MAX_PACKAGE // mega} MB, {bounds.MAX_MEMBERS} files, {bounds.MAX_UNPACKED // mega} MB unpacked"
    )
    assert limits["questions of a file, on the command line"] == f"{bounds.MAX_QUESTIONS:,}"
    assert limits["one text"] == f"{bounds.MAX_TEXT:,} characters"
