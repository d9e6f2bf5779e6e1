"""A draft as its readers will see it, while it is being written. Knows no database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from markupsafe import Markup

from peerlearn.core import allowance, complexity, markdown
from peerlearn.lessons import fileformat, lint, rules
from peerlearn.lessons.fileformat import Front, LessonFile
from peerlearn.lessons.lint import Known
from peerlearn.quizzes.answering import Answer, Explained, Presented, Row
from peerlearn.quizzes.kinds.registry import KINDS
from peerlearn.quizzes.problem import Problem
from peerlearn.quizzes.question import Question

SHOWN_QUESTIONS = 20
SHOWN_CARDS = 20
ENDLESS = 10**9


@dataclass(frozen=True)
class SeenCard:
    """A card as it will be shown, or why it cannot be."""

    number: int
    title: str
    html: Markup | None
    trouble: Problem | None


@dataclass(frozen=True)
class SeenQuestion:
    """A question as it will be asked, and what is said after it was answered; None where it cannot be shown yet."""

    number: int
    line: int
    title: str
    question: Question
    presented: Presented | None
    explained: Explained | None
    replies: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Part:
    """One part of a file with its first and last line: a card or a question.

    `seconds` is how long it takes, in tens; `errors` must be mended, `advice` may be followed.
    """

    sort: str
    number: int
    title: str
    first: int
    last: int
    errors: int = 0
    advice: int = 0
    seconds: int = 0


@dataclass(frozen=True)
class Sight:
    """All of a draft at a glance."""

    front: Front
    cards: tuple[SeenCard, ...]
    questions: tuple[SeenQuestion, ...]
    parts: tuple[Part, ...]
    problems: tuple[Problem, ...]
    words: int
    minutes: int

    @property
    def errors(self) -> int:
        """How many problems keep it from being submitted."""
        return sum(problem.level == "error" for problem in self.problems)


def sight_of(file: LessonFile, problems: tuple[Problem, ...]) -> Sight:
    """What an author sees beside the text."""
    words = lint.count_words(file)
    with allowance.shared(markdown.RENDER_SECONDS):
        cards = tuple(seen_card(n, card) for n, card in enumerate(file.cards[:SHOWN_CARDS], start=1))
        questions = tuple(_question(n, q) for n, q in enumerate(file.questions[:SHOWN_QUESTIONS], start=1))
    return Sight(
        front=file.front,
        cards=cards,
        questions=questions,
        parts=tuple(parts_of(file, problems)),
        problems=problems,
        words=words,
        minutes=rules.whole_minutes(rules.minutes(words, file.asked)),
    )


def look(source: str, known: Known | None = None) -> Sight:
    """Read, check and render a text."""
    file = fileformat.parse(source)
    return sight_of(file, lint.lint(file, known))


def parts_of(file: LessonFile, problems: tuple[Problem, ...]) -> list[Part]:
    """The cards and questions of a file in order, each with the lines it takes and how much must be mended in it."""
    starts = [
        ("card", n, card.title, card.line, rules.minutes(lint.count_words(replace(file, cards=(card,))), 0))
        for n, card in enumerate(file.cards, start=1)
    ]
    starts += [
        ("question", n, _title_of(q), q.line, rules.minutes(0, 1)) for n, q in enumerate(file.questions, start=1)
    ]
    ends = [start[3] - 1 for start in starts[1:]] + [ENDLESS]
    return [
        Part(sort, number, title, first, last, *_found_between(problems, first, last), seconds=_tens(minutes))
        for (sort, number, title, first, minutes), last in zip(starts, ends, strict=False)
    ]


def _found_between(problems: tuple[Problem, ...], first: int, last: int) -> tuple[int, int]:
    """How many errors these lines have, and how much other advice there is about them."""
    errors = [problem.level == "error" for problem in problems if first <= problem.line <= last]
    return sum(errors), len(errors) - sum(errors)


def _tens(minutes: float) -> int:
    return max(10, round(minutes * 6) * 10)


def _title_of(question: Question) -> str:
    return KINDS[question.kind].title


def seen_card(number: int, card: fileformat.Card) -> SeenCard:
    """One card, rendered."""
    try:
        return SeenCard(number, card.title, _rendered(card.body, f"p{number}"), None)
    except complexity.TooComplex as trouble:
        return SeenCard(number, card.title, None, lint.too_complex(card.line, trouble))


def _question(number: int, question: Question) -> SeenQuestion:
    kind = KINDS[question.kind]
    shown = replace(question, uid=f"preview-{number}")
    presented = explained = None
    replies: tuple[Row, ...] = ()
    if not any(problem.level == "error" for problem in kind.check(_explained_enough(question))):
        try:
            presented = kind.present(shown, 0, render=block, render_line=line, field=f"preview-{number}")
            explained = kind.explain(shown, Answer(kind.slug, ()), 0, render=block, render_line=line)
            replies = kind.replies(shown, render=block)
        except complexity.TooComplex:
            presented = explained = None
    return SeenQuestion(number, question.line, kind.title, question, presented, explained, replies)


def _explained_enough(question: Question) -> Question:
    """The question as if all explanations were written: it can be shown before they are."""
    options = tuple(replace(option, why=option.why or "-") for option in question.options)
    replies = tuple(replace(reply, why=reply.why or "-") for reply in question.replies)
    return replace(question, why=question.why or "-", options=options, replies=replies)


@lru_cache(maxsize=256)
def _rendered(text: str, prefix: str) -> Markup:
    return markdown.render(text, prefix=prefix).html


def block(text: str) -> Markup:
    """Text of a question, rendered."""
    return _rendered(text, "")


@lru_cache(maxsize=512)
def line(text: str) -> Markup:
    """A line of a question, rendered."""
    return markdown.render_inline(text)
