"""Questions as rows of a table: one question a row, one part of it a cell. Nothing is lost.

The layout is explained in `docs/question-exchange.md`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from peerlearn.core.words import N_
from peerlearn.quizzes.exchange import sheet_key
from peerlearn.quizzes.exchange.formats import Mapped, write_each
from peerlearn.quizzes.exchange.report import Fate
from peerlearn.quizzes.kinds.number import print_key
from peerlearn.quizzes.kinds.registry import KINDS
from peerlearn.quizzes.marks import quote_arrows
from peerlearn.quizzes.question import Question

MAPPING = dict.fromkeys(KINDS, Mapped(N_("a row with all its parts")))
LEAST_ANSWERS = 5
_GUARDED = tuple("=+-@\t\r'＝＋－＠")
Row = dict[str, str]


def guarded(cell: str) -> str:
    """The cell, so that no spreadsheet takes it for a formula: with an apostrophe before what could begin one."""
    return f"'{cell}" if cell.startswith(_GUARDED) else cell


def unguarded(cell: str) -> str:
    """The cell without the apostrophe that `guarded` put there."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_GUARDED) else cell


def table_of(questions: Sequence[Question]) -> tuple[list[list[str]], tuple[Fate, ...]]:
    """The header and a row for each question, all cells guarded."""
    rows, fates = write_each(questions, lambda question, losses: _row_of(question))
    answers = max([LEAST_ANSWERS, *(int(name[7:]) for row in rows for name in row if name.startswith("answer "))])
    names = ["kind", "question", "right"]
    for number in range(1, answers + 1):
        names += [f"answer {number}", f"why {number}"]
    names += ["explanation", "hint 1", "hint 2", "flags", "card", "stays", "id"]
    return [names, *([guarded(row.get(name, "")) for name in names] for row in rows)], fates


def _row_of(question: Question) -> Row:
    kind = KINDS[question.kind]
    row = {
        "kind": question.kind,
        "question": kind.print_stem(question),
        "explanation": question.why,
        "flags": " ".join(sorted(question.flags)),
        "card": str(question.card or ""),
        "id": question.uid,
        "right": _right_of(question),
        "stays": ", ".join(str(n) for n, option in enumerate(question.options, start=1) if option.pinned),
    }
    row |= {f"hint {n}": hint for n, hint in enumerate(question.hints, start=1)}
    for number, (answer, why) in enumerate(_answers_of(question), start=1):
        row |= {f"answer {number}": answer, f"why {number}": why}
    return row


def _answers_of(question: Question) -> Iterator[tuple[str, str]]:
    for option in question.options:
        place = f" => {option.area}" if question.kind == "hotspot" else ""
        yield (quote_arrows(option.text) if place else option.text) + place, option.why
    yield from ((entry.text, entry.why) for entry in question.entries)
    for pair in question.pairs:
        yield f"{quote_arrows(pair.left)} => {quote_arrows(pair.right)}", pair.why
    told = {(reply.gap, reply.answer): reply.why for reply in question.replies}
    yield from ((form, told.pop((0, form), "")) for form in question.accepted)
    if question.number:
        yield print_key(question.number), ""
    yield from ((f"[{gap}] {answer}" if gap else answer, why) for (gap, answer), why in told.items())
    if question.model:
        yield question.model, ""


def _right_of(question: Question) -> str:
    """The numbers of the right answers, where there are others beside them."""
    answers = {n: text for n, (text, _) in enumerate(_answers_of(question), start=1)}
    if question.options:
        return sheet_key.written((n for n, option in enumerate(question.options, start=1) if option.right), answers)
    count = len(question.accepted) + bool(question.number)
    return sheet_key.written(range(1, count + 1), answers) if count and count < len(answers) else ""
