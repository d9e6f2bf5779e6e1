"""Tables: no cell is a formula, the layout is read whatever its order, and tables of others as far as they speak."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from peerlearn.quizzes.exchange.registry import FORMATS, read, write
from peerlearn.quizzes.exchange.report import Reading, Status
from peerlearn.quizzes.exchange.sheet_reading import column_of
from peerlearn.quizzes.exchange.sheet_writing import guarded, unguarded
from peerlearn.quizzes.question import Number, Option, Question, Reply
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
    [
        *[("2", [2]), ("1, 3", [1, 3]), ("A/C", [1, 3]), ("2.0", [2]), ("three", [3]), ("b", [2]), ("", [])],
        ("x?", []),
        *[("1 and 3", [1, 3]), ("Option C", [3]), ("2)", [2]), ("one, Three", [1, 3]), ("two/three", [2, 3])],
        *[("1, three", []), ("1, x", []), ("9", []), ("1, 9", []), ("one, four", []), ("A, Z", [])],
    ],
)
def test_the_right_answers_are_said_in_many_ways(right: str, wanted: list[int]) -> None:
    found = table("kind;question;right;answer 1;answer 2;answer 3", f"multiple;Which?;{right};one;two;three", sign=",")
    options = found.questions[0].options
    assert [n for n, option in enumerate(options, start=1) if option.right] == wanted
    said = " ".join(loss.message for loss in found.fates[0].losses)
    assert ("Write its number" in said) == bool(right and not wanted)


@pytest.mark.parametrize(
    ("answers", "right", "wanted"),
    [
        ("2;3;5", "3,5", ["3", "5"]),  # there is no fifth answer
        ("1914;1939;1945", "1914, 1945", ["1914", "1945"]),
        ("3,5;2,5;1", "3,5", ["3,5"]),
        ("1;2;3", "2", ["2"]),  # both ways the same
        ("2;3;1", "answer 2", ["3"]),
        ("2;3;5", "3.0", None),
        ("2;3;1", "2", None),
        ("b;a;c", "A", None),
        ("mW;MW;kW", "MW", ["MW"]),
        ("mW;MW;kW", "mw", []),
    ],
)
@pytest.mark.parametrize("kind", ["multiple", "", "text"])
def test_what_may_be_numbers_or_texts_is_told_instead_of_guessed(
    kind: str, answers: str, right: str, wanted: list[str] | None
) -> None:
    names = "kind;question;right;answer 1;answer 2;answer 3"
    fate = table(names, f"{kind};Which?;{right};{answers}", sign=",").fates[0]
    assert fate.question is not None
    ticked = [option.text for option in fate.question.options if option.right]
    assert (ticked or list(fate.question.accepted)) == (wanted or [])
    said = " ".join(loss.message for loss in fate.losses)
    assert ("may be the numbers of answers or their texts" in said) == (wanted is None)
    assert ("Write its number" in said) == (wanted == [])
    assert (fate.status is Status.KEPT) == bool(wanted)


def test_the_right_number_is_the_one_that_is_named() -> None:
    names = "kind;question;right;answer 1;why 1;answer 2"
    named = table(names, "number;How much?;2;10;Too little.;20 kg", sign=",").questions[0]
    assert (named.number, [reply.answer for reply in named.replies]) == (Number("20", "", "kg"), ["10 kg"])
    assert table(names, "number;How much?;;10;;20", sign=",").questions[0].number == Number("10")
    lost = table(names, "number;How much?;3 or so;10;;20", sign=",").fates[0]
    assert (lost.question, "does not say which" in lost.losses[0].message) == (None, True)


def test_what_stays_at_the_end_is_said_by_numbers_only() -> None:
    names = "kind;question;right;answer 1;answer 2;answer 3;stays"
    kept, lost = (table(names, f"single;Which?;1;x;y;3;{stays}", sign=",").fates[0] for stays in ("3", "the last"))
    pinned = [[option.pinned for option in fate.question.options] for fate in (kept, lost) if fate.question]
    assert pinned == [[False, False, True], [False, False, False]]
    assert ["stay at the end" in loss.message for loss in (*kept.losses, *lost.losses)] == [True]


@pytest.mark.parametrize("slug", ["csv", "xlsx"])
@pytest.mark.parametrize("right", [0, 1, 2])
def test_answers_that_are_numbers_come_back_as_they_went_out(slug: str, right: int) -> None:
    options = tuple(Option(text, n == right, "abc"[n]) for n, text in enumerate(["2", "3", "1"]))
    chosen, typed = Question("single", "Which?", options=options), Question("text", "Which?", accepted=("2", "x"))
    amount = Question("number", "How many?", number=Number("5"), why="So.", replies=(Reply("1", "Too few."),))
    sent = [chosen, replace(typed, replies=(Reply("1", "No."),), why="So."), amount]
    found = read(write(sent, slug).data, slug=slug)
    assert list(found.questions) == sent
    assert {fate.status for fate in found.fates} == {Status.KEPT}


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
