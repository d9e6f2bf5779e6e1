"""XLSX: the table for Excel, LibreOffice and their kin."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import chain, islice
from typing import Any

from peerlearn.core.words import N_
from peerlearn.quizzes.exchange import sheet_reading, sheet_writing
from peerlearn.quizzes.exchange.bounds import MAX_QUESTIONS, Package, is_package
from peerlearn.quizzes.exchange.formats import Format
from peerlearn.quizzes.exchange.report import Reading, Refused, Writing
from peerlearn.quizzes.exchange.sheet_reading import HEADER_ROWS
from peerlearn.quizzes.exchange.xmlwriting import clean
from peerlearn.quizzes.question import Question

BROKEN = N_("This workbook is damaged. Open it, save it anew as .xlsx, and choose the new file.")
MAX_UNPACKED = 16 * 1024 * 1024
MAX_SHEETS = 5
_WIDTHS = {"kind": 12, "question": 60, "explanation": 50}


class Xlsx(Format):
    """A workbook."""

    slug = "xlsx"
    title = "XLSX"
    about = N_("A table for Excel or LibreOffice, one question a row. Nothing is lost.")
    suffix = ".xlsx"
    mimetype = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    mapping = sheet_writing.MAPPING

    def recognises(self, data: bytes, filename: str) -> bool:
        """A package that holds a workbook."""
        return is_package(data) and b"xl/workbook.xml" in data

    def read(self, data: bytes, limit: int = MAX_QUESTIONS) -> Reading:
        package = Package(data, unpacked=MAX_UNPACKED)
        for name in package.names:
            package.read(name, MAX_UNPACKED)
        return sheet_reading.read_table(_rows(data, limit), limit)

    def write(self, questions: Sequence[Question], title: str) -> Writing:
        table, fates = sheet_writing.table_of(questions)
        return Writing(_workbook(table), fates)


def _rows(data: bytes, limit: int) -> Iterator[list[str]]:
    """The rows of the first sheet that names our columns."""
    from openpyxl import load_workbook  # large, and few people import a workbook

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        for page in book.worksheets[:MAX_SHEETS]:
            rows = page.iter_rows(
                max_row=limit + sheet_reading.HEADER_ROWS + 2, max_col=sheet_reading.MAX_COLUMNS, values_only=True
            )
            first = [_texts(cells) for cells in islice(rows, HEADER_ROWS)]
            if any(map(sheet_reading.names_columns, first)):
                return iter([*first, *map(_texts, rows)])
    except Exception:  # whatever a broken workbook makes the reader stumble over, to a person it is a broken workbook
        raise Refused(BROKEN) from None
    return chain()


def _texts(cells: Sequence[Any]) -> list[str]:
    return [_text(cell) for cell in cells]


def _text(cell: Any) -> str:
    """A cell as a person sees it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, float):
        return f"{cell:.10g}"
    if isinstance(cell, datetime) and not (cell.hour or cell.minute or cell.second):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _workbook(table: Sequence[Sequence[str]]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    page = book.active
    assert page is not None
    page.title = "Questions"
    for cells in table:
        page.append([clean(cell) for cell in cells])
    for number, name in enumerate(table[0], start=1):
        page.cell(1, number).font = Font(bold=True)
        page.column_dimensions[get_column_letter(number)].width = _WIDTHS.get(name, 24)
    for row in page.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.number_format = "@"
    page.freeze_panes = "C2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
