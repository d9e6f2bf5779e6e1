"""Lessons whose cards and questions were put into another order, while other parts of them were written anew."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

from hypothesis import assume
from hypothesis import strategies as st

from peerlearn.lessons import fileformat
from peerlearn.lessons.fileformat import Card, Front, LessonFile
from peerlearn.quizzes import textform
from peerlearn.quizzes.question import Question
from tests.quizzes.questions import EXAMPLES

POOL = st.sampled_from(
    [
        "Ask.",
        "Remember this:",
        "- yes",
        "- no",
        "Ask your lead before you do anything else here.",
        "It depends on who reads it, so read it again.",
        "![what it shows](/media/" + "0a" * 32 + ")",
        "```\n## no card\nx = 1\n```",
    ]
)
"""What stands in several places of a lesson."""

FRONT = Front(id="moved", title="Moved", summary="What moved.", kind="how-to", topics=("writing",))
TITLES = st.sampled_from(["Begin", "Example", "Why", "How", "When not to", ""])
Item = TypeVar("Item")
Part = Card | Question


@st.composite
def repetitive(draw: st.DrawFn) -> LessonFile:
    """A lesson in which the same words stand again and again, also as titles of its cards."""
    bodies = st.lists(POOL, max_size=5).map("\n\n".join)
    cards = [Card(draw(TITLES), draw(bodies)) for _ in range(draw(st.integers(2, 6)))]
    asked = draw(st.lists(st.sampled_from(list(EXAMPLES.values())), min_size=2, max_size=4))
    questions = tuple(replace(question, uid=f"mark{number}") for number, question in enumerate(asked))
    return fileformat.parse(fileformat.print_file(LessonFile(FRONT, tuple(cards), questions)))


@dataclass(frozen=True)
class Moved:
    """A lesson before and after; `was` and `now` are the part that is watched, and `text` its words."""

    before: str
    after: str
    was: Part
    now: Part
    text: str

    def line_now(self, line: int) -> int:
        """Where a line of the watched part is now."""
        return line - self.was.line + self.now.line

    @property
    def lines(self) -> list[int]:
        """The numbers of the lines of the watched part that say something, as they were."""
        return [self.was.line + n for n, line in enumerate(self.text.split("\n")) if line.strip()]


@st.composite
def moved(draw: st.DrawFn, files: st.SearchStrategy[LessonFile], *, with_edits: bool = True) -> Moved:
    """Any lesson of these in another order. The watched part says what it said; others may say something else."""
    file = draw(files)
    cards, questions = draw(_order(len(file.cards))), draw(_order(len(file.questions)))
    is_card = draw(st.booleans())
    watched = draw(st.sampled_from(cards if is_card else questions))
    new = LessonFile(
        file.front,
        tuple(_touched(draw, file.cards[n], (is_card and n == watched) or not with_edits) for n in cards),
        tuple(_touched(draw, file.questions[n], (not is_card and n == watched) or not with_edits) for n in questions),
    )
    before, after = fileformat.print_file(file), fileformat.print_file(new)
    old, now = fileformat.parse(before), fileformat.parse(after)
    assume(old == file)
    assume(now == new)
    if is_card:
        place = cards.index(watched)
        return Moved(before, after, old.cards[watched], now.cards[place], text_of(old.cards[watched]))
    place = questions.index(watched)
    return Moved(before, after, old.questions[watched], now.questions[place], text_of(old.questions[watched]))


@st.composite
def _order(draw: st.DrawFn, count: int) -> list[int]:
    """Some order of so many parts: one of them moved, two changed places, or anything."""
    order = list(range(count))
    how = draw(st.sampled_from(["move", "swap", "any"]))
    if how == "any":
        return draw(st.permutations(order))
    one, other = draw(st.sampled_from(order)), draw(st.sampled_from(order))
    if how == "swap":
        order[one], order[other] = order[other], order[one]
    else:
        order.insert(other, order.pop(one))
    return order


def _touched(draw: st.DrawFn, part: Item, stays: bool) -> Item:
    how = "" if stays else draw(st.sampled_from(["", "", "above", "below", "less", "words"]))
    if not isinstance(part, Card):
        new = f"It was explained anew, number {draw(st.integers(0, 99))}." if how and isinstance(part, Question) else ""
        return replace(part, why=new) if new else part
    line = f"A sentence that nobody wrote before, number {draw(st.integers(0, 99))}."
    parts = part.body.split("\n\n") if part.body else []
    at = draw(st.integers(0, len(parts)))
    if how in ("above", "below"):
        parts.insert(0 if how == "above" else len(parts), line)
    elif how and "```" not in part.body and "~~~" not in part.body:
        parts[at : at + 1] = [line] if how == "words" else []
    return replace(part, body="\n\n".join(parts))


def text_of(part: Part) -> str:
    """A card or question as it stands in its file."""
    return fileformat.print_card(part) if isinstance(part, Card) else textform.print_question(part)
