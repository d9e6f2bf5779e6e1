"""One lesson is one Markdown file: front matter, cards, quiz. From text to parts and back, byte for byte.

Reading never fails: what cannot be read becomes a problem with its line and how to mend it. Reading takes time in
proportion to the text's length, whatever is in it. The quiz part belongs to `quizzes.textform`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from peerlearn.core.words import N_, Said
from peerlearn.lessons import rules
from peerlearn.lessons.frontmatter import CONTROL, plain_line, read_front
from peerlearn.lessons.frontmatter import Front as Front
from peerlearn.lessons.frontmatter import print_front as print_front
from peerlearn.quizzes import textform
from peerlearn.quizzes.kinds.registry import counts
from peerlearn.quizzes.problem import Problem, error
from peerlearn.quizzes.question import VARIANT, Question

MAX_CHARS = rules.POLICY.source_maximum
TOO_BIG = Said(N_("This file is longer than %(limit)s characters."), N_("Split it into several lessons."))

_FENCE = re.compile(r"\s*(`{3,}|~{3,})[^`~]*$")
_CARD = re.compile(r"##(?:[ \t]+(.*))?$")


@dataclass(frozen=True, slots=True)
class Card:
    """One screen of a lesson. `line` is where its heading stands, `body_line` where its text begins."""

    title: str
    body: str
    line: int = field(default=0, compare=False, repr=False)
    body_line: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class LessonFile:
    """A lesson as a value: what a file says, and everything in it that should be mended."""

    front: Front = field(default_factory=Front)
    cards: tuple[Card, ...] = ()
    questions: tuple[Question, ...] = ()
    problems: tuple[Problem, ...] = field(default=(), compare=False)

    @property
    def ok(self) -> bool:
        """Whether the file can be read whole."""
        return all(problem.level != "error" for problem in self.problems)

    @property
    def pool(self) -> tuple[Question, ...]:
        """The questions that a first attempt chooses from: marked ones that are no spares."""
        return tuple(q for q in self.questions if VARIANT not in q.flags and counts(q.kind))

    @property
    def asked(self) -> int:
        """How many questions a first attempt asks; what is never marked is always asked."""
        others = sum(VARIANT not in q.flags and not counts(q.kind) for q in self.questions)
        return min(self.front.draw or len(self.pool), len(self.pool)) + others


def decode(data: bytes) -> str | None:
    """The text of an uploaded file; None when it is not UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def parse(text: str) -> LessonFile:
    """The lesson in `text`, as far as it can be read."""
    if len(text) > MAX_CHARS:
        return LessonFile(problems=(error(1, "too-big", TOO_BIG, limit=MAX_CHARS),))
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff").split("\n")
    problems: list[Problem] = []
    for number, line in enumerate(lines):
        if CONTROL.search(line):
            lines[number] = CONTROL.sub("", line)
            problems.append(
                error(
                    number + 1,
                    "hidden-character",
                    textform.HIDDEN,
                )
            )
    front, body_from = read_front(lines, problems)
    fenced, open_fences = _fenced(lines, body_from)
    titles = [n for n in range(body_from, len(lines)) if _is_quiz_title(lines[n])]
    quiz_from = next((n for n in titles if not fenced[n]), len(lines))
    if titles and quiz_from == len(lines):
        open_fences.append(next(n for n in range(titles[0], -1, -1) if n == 0 or not fenced[n - 1]))
    problems += [_open_fence(n + 1, lines[n].strip()) for n in open_fences if n < quiz_from]
    cards = _read_cards(lines, body_from, quiz_from, fenced, problems)
    questions: tuple[Question, ...] = ()
    if quiz_from < len(lines):
        quiz = "\n".join([textform.TITLE, *lines[quiz_from + 1 :]])
        parsed = textform.parse(quiz, first_line=quiz_from + 1)
        questions = parsed.questions
        problems += parsed.problems
    problems.sort(key=lambda problem: problem.line)
    return LessonFile(front, cards, questions, tuple(problems[: textform.MAX_PROBLEMS]))


def split_quiz(text: str) -> tuple[str, str]:
    """The text before the quiz, and the quiz with its title ("" where there is none)."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    _front, body_from = read_front(lines, [])
    fenced, _open = _fenced(lines, body_from)
    start = next((n for n in range(body_from, len(lines)) if _is_quiz_title(lines[n]) and not fenced[n]), len(lines))
    return "\n".join(lines[:start]), "\n".join(lines[start:])


def print_file(file: LessonFile) -> str:
    """The canonical text of a lesson: always the same bytes for the same lesson."""
    parts = [print_front(file.front), *(print_card(card) for card in file.cards)]
    if file.questions:
        parts.append(textform.print_quiz(file.questions).rstrip("\n"))
    return "\n\n".join(parts) + "\n"


def print_card(card: Card) -> str:
    """The canonical text of one card, without a line end after it."""
    return f"## {card.title}\n\n{card.body}" if card.body else f"## {card.title}".rstrip()


def _is_quiz_title(line: str) -> bool:
    return line.rstrip(" \t").lower() == textform.TITLE.lower()


def _fenced(lines: list[str], start: int) -> tuple[list[bool], list[int]]:
    """For each line whether it belongs to fenced code, and where a fence opens that is never closed.

    Such a fence is ordinary text, as when the lesson is shown.
    """
    closing = {line.strip(): n for n, line in enumerate(lines) if line.lstrip()[:3] in ("```", "~~~")}
    inside, never_closed = [False] * len(lines), []
    number = start
    while number < len(lines):
        opening = _FENCE.match(lines[number])
        first = number
        number += 1
        if opening and closing.get(opening[1], -1) > first:
            while lines[number].strip() != opening[1]:
                number += 1
            number += 1
            inside[first:number] = [True] * (number - first)
        elif opening:
            never_closed.append(first)
    return inside, never_closed


def _open_fence(line: int, opening: str) -> Problem:
    fence = opening[: len(opening) - len(opening.lstrip("`~"))]
    message = Said(N_("This block of code is not closed."), N_("End it with a line of %(fence)s."))
    return error(line, "open-fence", message, fence=fence[:10])


def _read_cards(
    lines: list[str], start: int, end: int, fenced: list[bool], problems: list[Problem]
) -> tuple[Card, ...]:
    heads = [n for n in range(start, end) if not fenced[n] and _CARD.match(lines[n])]
    for n in range(start, heads[0] if heads else end):
        if lines[n].strip():
            problems.append(
                error(
                    n + 1,
                    "before-card",
                    Said(N_("Every card begins with a heading."), N_("Put a line “## Title” above this one.")),
                )
            )
            break
    cards = []
    for head, after in zip(heads, [*heads[1:], end], strict=False):
        title = _CARD.match(lines[head])
        body = _body(lines[head + 1 : after], fenced[head + 1 : after])
        begins = next((n for n in range(head + 1, after) if lines[n].strip()), head + 1)
        cards.append(Card(plain_line((title[1] if title else "") or ""), body, head + 1, begins + 1))
    return tuple(cards)


def _body(lines: list[str], fenced: list[bool]) -> str:
    """A card's text without empty lines around it and without spaces at line ends, but for meant line breaks."""
    following = [*lines[1:], ""]
    out = [line if code else _tidy(line, after) for line, after, code in zip(lines, following, fenced, strict=False)]
    first = next((n for n, line in enumerate(out) if line.strip()), len(out))
    last = next((n for n in range(len(out), first, -1) if out[n - 1].strip()), first)
    return "\n".join(out[first:last])


def _tidy(line: str, after: str) -> str:
    bare = line.rstrip(" \t")
    return f"{bare}  " if bare and line.endswith("  ") and after.strip() else bare


def plain_questions(questions: Iterable[Question]) -> str:
    """What of the questions may be found by searching: stems only, never options, keys or explanations."""
    return "\n".join(question.stem for question in questions)
