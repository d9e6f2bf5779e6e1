"""Tables: no cell is a formula, the layout is read whatever its order, and tables of others as far as they speak."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from peerlearn.quizzes.exchange.registry import FORMATS, read, write
from peerlearn.quizzes.exchange.report import Reading
from peerlearn.quizzes.exchange.sheet_reading import column_of
from peerlearn.quizzes.exchange.sheet_writing import guarded, unguarded
from peerlearn.quizzes.question import Number, Option, Question
from tests.quizzes.questions import EXAMPLES

EVIL = ['=HYPERLINK("http://x","y")', "+1+1", "-1+1", "@SUM(A1)", "\t=1", "＝1", "'=1"]


def table(*rows: str, sign: str = ",") -> Reading:
    return read("\n".join(row.replace(",", sign) for row in rows).encode(), "t.csv")


def cells_of(slug: str, questions: list[Question]) -> list[str]:
    data = write(questions, slug).data
    if slug == "csv":
        return [cell for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))) for cell in row]
    page = load_workbook(io.BytesIO(data)).active
    assert page is not None
    assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)
    return [str(cell.value or "") for row in page.iter_rows() for cell in row]


@pytest.mark.security
@pytest.mark.parametrize("slug", ["csv", "xlsx"])
@pytest.mark.parametrize("text", EVIL)
def test_no_cell_is_a_formula(slug: str, text: str) -> None:
    question = Question("single", text, options=(Option(text, True, "a", why=text), Option("b", uid="b")), why=text)
    number = Question("number", "How much?", number=Number("-5"), why="x")
    cells = cells_of(slug, [question, number])
    assert [cell for cell in cells if cell[:1] in tuple("=+-@\t\r＝")] == []
    back = read(write([question, number], slug).data, slug=slug).questions
    assert back[0].options[0].text == text.strip()
    assert back[0].stem == text.strip(" \t") or text.startswith("\t")
    assert back[1].number == Number("-5")


@settings(max_examples=200)
@given(st.text(max_size=8))
def test_the_guard_comes_off_again(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_columns_stand_in_any_order_and_others_are_passed_over(sign: str) -> None:
    found = table("why 2,right,Colour,answer 1,answer 2,QUESTION", "so,2,red,yes,no,Is it?", sign=sign)
    assert found.questions == (
        Question("single", "Is it?", options=(Option("yes", False, "a"), Option("no", True, "b", why="so"))),
    )
    assert "Colour" in found.remarks[0].message


@pytest.mark.parametrize(
    ("right", "wanted"),
    [("2", [2]), ("1, 3", [1, 3]), ("A/C", [1, 3]), ("2.0", [2]), ("three", [3]), ("b", [2]), ("", []), ("x?", [])],
)
def test_the_right_answers_are_said_in_many_ways(right: str, wanted: list[int]) -> None:
    found = table("kind;question;right;answer 1;answer 2;answer 3", f"multiple;Which?;{right};one;two;three", sign=",")
    options = found.questions[0].options
    assert [n for n, option in enumerate(options, start=1) if option.right] == wanted
    said = " ".join(loss.message for loss in found.fates[0].losses)
    assert ("Write its number" in said) == (right == "x?")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("single,,1,a,b", "“question” of this row is empty"),
        ("poem,What?,1,a,b", "“poem” is not known"),
        ("matching,What?,,no arrow,b", "needs =>"),
        ("number,How many?,,many,", "cannot be read"),
        ("cloze,No gap here,,,", ""),
    ],
)
def test_a_row_that_cannot_be_says_why(row: str, words: str) -> None:
    fate = table("kind,question,right,answer 1,answer 2", row).fates[0]
    said = " ".join(loss.message for loss in fate.losses)
    assert words in said
    assert (fate.question is None) == bool(words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n1,2", "must name the columns"),
        ('question,answer 1\n"open', "breaks off"),
        (",".join(["question", "answer 1", *["x"] * 300]), "more than 200 columns"),
    ],
)
def test_a_table_that_cannot_be_says_why(text: str, words: str) -> None:
    problem = read(text.encode(), slug="csv").problem
    assert problem is not None
    assert words in problem.message


@pytest.mark.parametrize(
    ("title", "column"),
    [
        ("Question - max 120 characters", "question"),
        ("Answer 3 - max 75 characters", "answer 3"),
        ("Correct answer(s) - choose at least one", "right"),
        ("Option B", "answer 2"),
        ("Feedback 2", "why 2"),
        ("general_feedback", "explanation"),
        ("Time limit", ""),
        ("x" * 10_000, ""),
    ],
)
def test_columns_of_other_tools_are_understood(title: str, column: str) -> None:
    assert column_of(title) == column


def test_numbers_of_a_workbook_are_read_as_they_are_seen() -> None:
    book = load_workbook(io.BytesIO(write([EXAMPLES["number"]], "xlsx").data))
    page = book.active
    assert page is not None
    page.cell(2, 4).value = 12.5
    page.cell(2, 2).value = 42
    out = io.BytesIO()
    book.save(out)
    question = read(out.getvalue()).questions[0]
    assert (question.stem, question.number) == ("42", Number("12.5"))


def test_a_workbook_is_read_from_the_sheet_that_holds_questions() -> None:
    book = load_workbook(io.BytesIO(write([EXAMPLES["text"]], "xlsx").data))
    book.create_sheet("Read me", 0)["A1"] = "How to fill this in"
    out = io.BytesIO()
    book.save(out)
    assert read(out.getvalue()).questions == (EXAMPLES["text"],)
    assert FORMATS["xlsx"].recognises(out.getvalue(), "")
