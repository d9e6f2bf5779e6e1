"""Rows of a table into questions: the layout that we write, and tables of other quiz tools.

Tables of others are read as far as the names of their columns say what is in them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from peerlearn.core.words import N_
from peerlearn.quizzes.exchange import making, sheet_key
from peerlearn.quizzes.exchange.bounds import MAX_QUESTIONS
from peerlearn.quizzes.exchange.making import Candidate
from peerlearn.quizzes.exchange.reading import read_each
from peerlearn.quizzes.exchange.report import LeftOut, Losses, Reading, Refused, loss
from peerlearn.quizzes.exchange.sheet_writing import Row, unguarded
from peerlearn.quizzes.kinds.number import read_key
from peerlearn.quizzes.kinds.registry import KINDS
from peerlearn.quizzes.kinds.true_false import FALSE, TRUE
from peerlearn.quizzes.marks import split_arrow, unquote_arrows
from peerlearn.quizzes.question import Entry, Option, Pair, Question, Reply

NO_HEADER = N_("The first line must name the columns. “question” and “answer 1” are needed; see the help page.")
IGNORED = N_("These columns are not used: %(columns)s.")
TOO_MANY_COLUMNS = N_("This table has more than %(limit)s columns. Keep the ones that are named in the help.")
UNKNOWN_KIND = N_("The kind “%(kind)s” is not known. Use one of: %(kinds)s.")
NO_STEM = N_("The cell “question” of this row is empty. Write what is asked.")
NO_ARROW = N_("A pair needs => between its sides, as in: left => right.")

MAX_COLUMNS = 200
HEADER_ROWS = 20
_NUMBERED = re.compile(r"(answer|option|choice|why|feedback|explanation|hint) ?([0-9]{1,2}|[a-j])")
_NOTE = re.compile(r"\s+-\s.*|\([^)]*\)|\[[^\]]*\]")
_NAMES = {
    "kind": "kind type|question type|kind of question",
    "question": "question|question text|stem",
    "right": "right|correct|correct answer|correct answers|right answer|right answers|answer key|key",
    "explanation": "explanation|why|feedback|general feedback|answer explanation",
    "hint 1": "hint",
}
_COLUMNS = {name: column for column, names in _NAMES.items() for name in names.split("|")}
_COLUMNS |= {name: name for name in ("kind", "type", "flags", "card", "id", "stays")} | {"type": "kind"}
_PARTS = {"option": "answer", "choice": "answer", "feedback": "why", "explanation": "why"}
_KINDS = {
    "multiple choice": "",
    "mc": "",
    "quiz": "",
    "checkbox": "multiple",
    "multiple answers": "multiple",
    "multiple select": "multiple",
    "ma": "multiple",
    "true/false": "true-false",
    "true or false": "true-false",
    "truefalse": "true-false",
    "tf": "true-false",
    "short answer": "text",
    "fill in the blank": "text",
    "type answer": "text",
    "numeric": "number",
    "numerical": "number",
    "order": "ordering",
    "puzzle": "ordering",
    "match": "matching",
    "essay": "reflection",
    "open ended": "reflection",
    "open": "reflection",
}
_PLACED = re.compile(r"\[([1-9])\] *(.*)", re.ASCII)
_TICKED = ("single", "multiple", "true-false", "hotspot")


def read_table(rows: Iterable[Sequence[str]], limit: int = MAX_QUESTIONS) -> Reading:
    """The questions of a table. Raises Refused when no row names the columns."""
    lines = iter(rows)
    names, ignored = _header(lines)
    found = ({n: unguarded(c.strip(" ")) for n, c in zip(names, cells, strict=False) if n} for cells in lines)
    filled = (row for row in found if any(cell.strip() for cell in row.values()))
    reading = read_each(filled, question_of, lambda row: row.get("question", ""), limit)
    remark = (loss(IGNORED, columns=", ".join(ignored)),) if ignored else ()
    return replace(reading, remarks=(*reading.remarks, *remark))


def names_columns(cells: Sequence[str]) -> bool:
    """Whether these are the names of our columns."""
    names = {column_of(cell) for cell in cells[:MAX_COLUMNS]}
    return "question" in names and bool(names & {"answer 1", "right", "kind"})


def column_of(title: str) -> str:
    """The column a title means; "" for one that is not known."""
    name = " ".join(_NOTE.sub("", title[:200]).replace("_", " ").lower().split())
    if name in _COLUMNS:
        return _COLUMNS[name]
    found = _NUMBERED.fullmatch(name)
    if not found:
        return ""
    number = int(found[2]) if found[2].isdigit() else ord(found[2]) - ord("a") + 1
    return f"{_PARTS.get(found[1], found[1])} {number}"


def _header(lines: Iterator[Sequence[str]]) -> tuple[list[str], list[str]]:
    """The columns by place, and the titles that mean nothing to us."""
    for _, cells in zip(range(HEADER_ROWS), lines, strict=False):
        if names_columns(cells):
            if len(cells) > MAX_COLUMNS:
                raise Refused(TOO_MANY_COLUMNS, limit=MAX_COLUMNS)
            names = [column_of(cell) for cell in cells]
            names = [name if name not in names[:place] else "" for place, name in enumerate(names)]
            return names, [" ".join(c.split()) for c, n in zip(cells, names, strict=True) if c.strip() and not n]
    raise Refused(NO_HEADER)


@dataclass(frozen=True)
class _Cells:
    """One row while it is read."""

    row: Row
    losses: Losses

    def get(self, name: str) -> str:
        return self.row.get(name, "").strip()

    @property
    def answers(self) -> list[tuple[int, str, str]]:
        """Number, text and explanation of each answer that is there."""
        numbers = sorted({int(name.split()[1]) for name in self.row if name.startswith(("answer ", "why "))})
        found = ((n, self.get(f"answer {n}"), self.get(f"why {n}")) for n in numbers)
        return [(n, answer, why) for n, answer, why in found if answer or why]

    @property
    def texts(self) -> dict[int, str]:
        """The text of each answer, by its number."""
        return {n: answer for n, answer, _ in self.answers}


def question_of(row: Row, losses: Losses) -> Question:
    """The question of a row. Raises LeftOut."""
    cells = _Cells(row, losses)
    if not cells.get("question"):
        raise LeftOut(NO_STEM)
    question = _READERS[kind](cells, kind) if (kind := _kind(cells)) else _guessed(cells)
    hints = [cells.get("hint 1"), cells.get("hint 2")]
    question = replace(question, uid=cells.get("id"), why=question.why or cells.get("explanation"))
    labels = [*cells.get("flags").replace(",", " ").split(), f"card-{cells.get('card').split('.')[0]}"]
    return making.labelled(making.hinted(question, hints, losses), labels)


def _kind(cells: _Cells) -> str:
    said = " ".join(cells.get("kind").lower().replace("-", " ").replace("_", " ").split())
    slug = said.replace(" ", "-")
    if slug in _READERS:
        return slug
    if said and said not in _KINDS:
        raise LeftOut(UNKNOWN_KIND, kind=said, kinds=", ".join(_READERS))
    return _KINDS.get(said, "")


def _guessed(cells: _Cells) -> Question:
    """A row that does not say its kind: typed with one answer and no key, chosen otherwise."""
    if len(cells.answers) == 1 and not cells.get("right"):
        return _typed(cells, "text")
    right = _right(cells)
    answers = [Candidate(text, float(n in right), why) for n, text, why in cells.answers]
    return making.choice(cells.get("question"), answers, cells.losses, several=len(right) > 1)


def _ticked(cells: _Cells, kind: str) -> Question:
    right, stays = _right(cells), sheet_key.staying(cells.get("stays"), cells.texts, cells.losses)
    if not right:
        cells.losses.add(making.NO_KEY)
    options = []
    for number, answer, why in making.first_of(cells.answers, cells.losses):
        text, area = answer, ""
        if kind == "hotspot":
            text, area = split_arrow(answer) or (unquote_arrows(answer), "")
        if kind == "true-false":
            text = {"true": TRUE, "false": FALSE}.get(text.lower(), text)
        options.append(Option(text, number in right, pinned=number in stays, why=why, area=area))
    return Question(kind, cells.get("question"), options=tuple(options))


def _right(cells: _Cells) -> set[int]:
    """The numbers of the right answers; none where the row does not say them, or not clearly."""
    return sheet_key.right_answers(cells.get("right"), cells.texts, cells.losses)


def _typed(cells: _Cells, kind: str) -> Question:
    right = _right(cells) if cells.get("right") else set(cells.texts)
    question = making.typed(cells.get("question"), [text for n, text, _ in cells.answers if n in right], cells.losses)
    return _replied(cells, question, [Reply(text, why) for _, text, why in cells.answers])


def _number(cells: _Cells, kind: str) -> Question:
    right = sorted(_right(cells)) if cells.get("right") else list(cells.texts)[:1]
    if len(right) > 1:
        cells.losses.add(making.ONE_NUMBER)
    text = cells.texts[right[0]] if right else ""
    key, stem = read_key(text), cells.get("question")
    question = Question("number", stem, number=key) if key else making.numeric(stem, text, "0", "", cells.losses)
    return _replied(cells, question, [Reply(answer, why) for _, answer, why in cells.answers])


def _replied(cells: _Cells, question: Question, told: Sequence[Reply]) -> Question:
    return making.replied(question, told, cells.losses, cells.get("explanation"))


def _ordering(cells: _Cells, kind: str) -> Question:
    entries = [Entry(text, why=why) for _, text, why in cells.answers]
    return making.ordering(cells.get("question"), entries, cells.losses)


def _matching(cells: _Cells, kind: str) -> Question:
    pairs = []
    for _, text, why in cells.answers:
        sides = split_arrow(text)
        if sides is None:
            raise LeftOut(NO_ARROW)
        pairs.append(Pair(sides[0], unquote_arrows(sides[1]), why=why))
    return making.matching(cells.get("question"), pairs, cells.losses)


def _cloze(cells: _Cells, kind: str) -> Question:
    draft = Question("cloze", cells.get("question"))
    question = KINDS["cloze"].parse(draft, [])[0]
    placed = ((_PLACED.match(text), why) for _, text, why in cells.answers)
    return _replied(cells, question, [Reply(found[2], why, int(found[1])) for found, why in placed if found])


def _reflection(cells: _Cells, kind: str) -> Question:
    model = "\n\n".join(text for _, text, _ in cells.answers)
    return Question("reflection", cells.get("question"), model=model)


_READERS: dict[str, Callable[[_Cells, str], Question]] = {
    **dict.fromkeys(_TICKED, _ticked),
    "text": _typed,
    "number": _number,
    "ordering": _ordering,
    "matching": _matching,
    "cloze": _cloze,
    "reflection": _reflection,
}
