"""Questions of a file on their way into a draft: what is offered, and the text with those that were taken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from peerlearn.core.errors import NotValid
from peerlearn.core.words import N_
from peerlearn.lessons import fileformat
from peerlearn.quizzes import textform
from peerlearn.quizzes.exchange.report import Fate, Reading
from peerlearn.quizzes.kinds.registry import KINDS
from peerlearn.quizzes.problem import Problem
from peerlearn.quizzes.question import Question

MAX_OFFERED = 200
MAX_CHARS = 600_000  # of all questions on the page: they travel in its form

NONE_CHOSEN = N_("Tick at least one question first.")
UNREADABLE = N_("One of these questions cannot be read any more. Import the file again.")
NO_ROOM = N_("A lesson has at most %(limit)s questions, and this one has room for %(room)s more. Tick fewer.")


@dataclass(frozen=True)
class Offer:
    """One question of a file: what became of it, its text, what is still to be written, and whether it is here."""

    fate: Fate
    text: str = ""
    problems: tuple[Problem, ...] = ()
    is_here: bool = False
    is_ticked: bool = False


def offers_of(reading: Reading, source: str) -> list[Offer]:
    """The questions of a file beside a draft; ticked are those that are new and for which there is room."""
    present = fileformat.parse(source).questions
    here = {text_of(question) for question in present}
    room, left = textform.MAX_QUESTIONS - len(present), MAX_CHARS
    offers = []
    for fate in reading.fates:
        offer = _offer(fate, here)
        left -= len(offer.text)
        if left < 0:
            break
        ticked = bool(offer.text) and not offer.is_here and room > 0
        room -= ticked
        offers.append(replace(offer, is_ticked=ticked))
    return offers


def _offer(fate: Fate, here: set[str]) -> Offer:
    if fate.question is None:
        return Offer(fate)
    problems = {p.message: p for p in KINDS[fate.question.kind].check(fate.question) if p.level == "error"}
    is_here = text_of(fate.question) in here
    return Offer(fate, textform.print_question(fate.question), tuple(problems.values()), is_here)


def text_of(question: Question) -> str:
    """A question as it is compared: its text without its own mark and the marks of its parts."""
    return textform.print_question(
        replace(
            question,
            uid="",
            options=tuple(replace(option, uid="", pinned=False) for option in question.options),
            entries=tuple(replace(entry, uid="") for entry in question.entries),
            pairs=tuple(replace(pair, uid="") for pair in question.pairs),
        )
    )


def questions_from(texts: Iterable[str]) -> tuple[Question, ...]:
    """The questions that were ticked, from their texts. Raises NotValid for none, and for what is no question."""
    found = []
    for text in texts:
        questions = textform.parse(f"{textform.TITLE}\n\n{text}").questions
        if len(questions) != 1:
            raise NotValid(UNREADABLE)
        found.append(questions[0])
    if not found:
        raise NotValid(NONE_CHOSEN)
    return tuple(found)


def with_questions(source: str, questions: Sequence[Question], *, instead: bool) -> str:
    """A draft with questions at its end, or `instead` of those it has; the same ones twice in a row count once.

    A mark is kept only where it names the same question of this draft: elsewhere it belongs to another one.
    """
    present = fileformat.parse(source).questions
    known = {question.uid for question in present if question.uid} if instead else set()
    printed = [textform.print_question(question) for question in _marked(questions, known)]
    body = "\n\n".join(printed)
    before, quiz = fileformat.split_quiz(source)
    if not instead and quiz.rstrip().endswith(f"\n\n{body}"):
        return source
    room = textform.MAX_QUESTIONS - (0 if instead else len(present))
    if len(questions) > room:
        raise NotValid(NO_ROOM, limit=textform.MAX_QUESTIONS, room=max(0, room))
    kept = quiz.rstrip("\n") if quiz and not instead else textform.TITLE
    return "\n\n".join(part for part in (before.rstrip("\n"), kept, body) if part) + "\n"


def _marked(questions: Sequence[Question], known: set[str]) -> list[Question]:
    """The questions, each mark used once at most and only where it is known."""
    free = set(known)
    out = []
    for question in questions:
        uid = question.uid if question.uid in free else ""
        free.discard(uid)
        out.append(replace(question, uid=uid))
    return out
