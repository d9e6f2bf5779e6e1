"""Making a typed text ready to be submitted: read, checked, completed and rendered. It reads and never writes."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from peerlearn.core import allowance, complexity, markdown
from peerlearn.core.errors import NotValid
from peerlearn.core.text import clean_block
from peerlearn.core.words import N_, Said
from peerlearn.lessons import fileformat, lint, queries, rules, surroundings
from peerlearn.lessons.fileformat import Card, LessonFile
from peerlearn.lessons.models import Lesson
from peerlearn.quizzes import actions as quizzes
from peerlearn.quizzes import queries as quiz_queries
from peerlearn.quizzes import textform
from peerlearn.quizzes.kinds.registry import kind_of
from peerlearn.quizzes.problem import Problem, error
from peerlearn.quizzes.question import Question

_UNSEEN = re.compile("[\x01-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
TOGETHER = Said(
    N_("All texts of this lesson take too long to show together."),
    N_("Shorten this part, which takes the longest, or split the lesson into two."),
)
_RANDOM = secrets.SystemRandom()
TOO_LONG = N_("This text is longer than %(limit)s characters. Split it into several lessons.")


class TooSlow(NotValid):
    """A lesson that takes too long to show; `problem` names the line where it is mended."""

    def __init__(self, line: int, trouble: complexity.TooComplex) -> None:
        super().__init__(trouble.message, None, **trouble.values)
        is_whole = isinstance(trouble, complexity.TooMuch)
        self.problem = error(line, "too-slow", TOGETHER) if is_whole else lint.too_complex(line, trouble)


@dataclass(frozen=True)
class Prepared:
    """A text made ready to be submitted: everything slow is done. `given` is what was typed."""

    given: str
    source: str
    file: LessonFile
    problems: tuple[Problem, ...]
    cards: tuple[Mapping[str, str], ...]
    html: Mapping[str, Any]
    words: int
    minutes: float


def clean_source(source: str) -> str:
    """A typed text as it is kept: line ends are LF; NotValid for what no database takes and for far too much."""
    if len(source) > rules.POLICY.source_maximum:
        raise NotValid(TOO_LONG, limit=rules.POLICY.source_maximum)
    return _UNSEEN.sub("", clean_block(source))


def prepare(lesson: Lesson, source: str) -> Prepared:
    """Read, check, complete and render a text. It only reads; what it finds wrong is in `problems`."""
    source = clean_source(source)
    file = fileformat.parse(source)
    found = lint.lint(file, surroundings.known_around(lesson.id, file))
    if file.front.id not in ("", lesson.uid):
        found = (_wrong_id(file, lesson), *found)
    return finish(source, with_ids(file, lesson.uid), found)


def finish(given: str, file: LessonFile, found: Sequence[Problem]) -> Prepared:
    """Render a complete lesson unless something blocks it. It needs no database, so it can be done apart."""
    problems = list(found)
    cards: list[Mapping[str, str]] = []
    html: Mapping[str, Any] = {}
    if not lint.blocks(tuple(problems)):
        cards, html = _rendered(file, problems)
    words = lint.count_words(file)
    minutes = rules.minutes(words, file.asked)
    return Prepared(given, fileformat.print_file(file), file, tuple(problems), tuple(cards), html, words, minutes)


def with_ids(file: LessonFile, uid: str) -> LessonFile:
    """The lesson with every id it needs: its own, and one for each question and answer that has none."""
    taken: frozenset[str] = frozenset()
    while True:
        named = textform.with_ids(file.questions, taken, _RANDOM)
        old = {question.uid for question in file.questions}
        clash = quiz_queries.taken_ids([question.uid for question in named if question.uid not in old])
        if not clash:
            return replace(file, front=replace(file.front, id=uid), questions=named)
        taken |= clash


def extras_of(file: LessonFile) -> dict[str, Any]:
    """What a lesson says about itself beside its title, as plain values."""
    front = file.front
    return {
        "topics": list(front.topics),
        "tags": list(front.tags),
        "language": front.language,
        "review_every": front.review_every,
        "try_it": front.try_it,
        "sources": list(front.sources),
        "prerequisites": list(front.prerequisites),
        "related": list(front.related),
        "ai_assisted": front.ai_assisted,
        "why_longer": front.why_longer,
        "mode": front.mode,
        "pass_mark": front.pass_mark,
        "draw": front.draw,
        "time_limit": front.time_limit,
        "attempts": front.attempts,
        "odds": odds_of(file),
    } | ({"classification": front.classification} if front.classification in rules.FOR_SOME else {})


def extras_of_submission(prepared: Prepared) -> dict[str, Any]:
    """What a revision keeps beside its text when it is handed in: also what it was typed as, and how many remarks."""
    return extras_of(prepared.file) | {
        "submitted_from": queries.fingerprint(prepared.given),
        "remarks": sum(problem.level != "error" for problem in prepared.problems),
    }


def odds_of(file: LessonFile) -> list[list[Any]]:
    """How hard the questions that count look beforehand: the chance of a blind guess, and the author's guess."""
    questions = [(question, kind_of(question)) for question in file.questions]
    guesses = {"easy", "hard"}
    return [
        [round(kind.guess_chance(question), 4), *sorted(question.flags & guesses)]
        for question, kind in questions
        if kind.counts
    ]


def _wrong_id(file: LessonFile, lesson: Lesson) -> Problem:
    message = Said(N_("The id of this lesson is %(uid)s and never changes."), N_("Put it back, or remove the line."))
    return error(file.front.line_of("id"), "wrong-id", message, uid=lesson.uid)


def render_card(card: Card, number: int) -> Mapping[str, str]:
    """A card as it is kept for readers. Raises TooComplex."""
    rendered = markdown.render(card.body, heading_offset=0, prefix=f"c{number}")
    return {"title": card.title, "html": str(rendered.html)}


def render_all(file: LessonFile) -> tuple[list[Mapping[str, str]], dict[str, Any]]:
    """The cards and the texts of the questions of a lesson, all of them in the time of one text. Raises TooSlow."""
    cards: list[Mapping[str, str]] = []
    html: dict[str, Any] = {}
    slowest = (0.0, 1)
    parts: tuple[Card | Question, ...] = (*file.cards, *file.questions)
    with allowance.shared(markdown.RENDER_SECONDS) as given:
        for number, part in enumerate(parts, start=1):
            before = given.spent
            try:
                if isinstance(part, Card):
                    cards.append(render_card(part, number))
                else:
                    html |= quizzes.render_quiz([part])
            except complexity.TooComplex as trouble:
                heaviest = max(slowest, (given.spent - before, part.line))[1]
                raise TooSlow(heaviest if isinstance(trouble, complexity.TooMuch) else part.line, trouble) from None
            slowest = max(slowest, (given.spent - before, part.line))
    return cards, html


def _rendered(file: LessonFile, problems: list[Problem]) -> tuple[list[Mapping[str, str]], dict[str, Any]]:
    try:
        return render_all(file)
    except TooSlow as trouble:
        problems.append(trouble.problem)
        return [], {}
