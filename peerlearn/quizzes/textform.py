"""The quiz part of a lesson file: from text to questions and back, byte for byte.

`docs/lesson-format.md` is the grammar for authors. Reading never fails: what cannot be read becomes a problem with its
line and how to mend it. Reading takes time in proportion to the text's length, whatever is in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import TypeVar

from peerlearn.core.words import N_, Said
from peerlearn.quizzes.kind import Kind
from peerlearn.quizzes.kinds.registry import KINDS
from peerlearn.quizzes.marks import (
    UNSEEN,
    WORD,
    block,
    clean,
    closed,
    fence_after,
    one_line,
    paragraph,
    quote_block,
    quote_line,
    starts_part,
    starts_question,
    stray,
    unquote_line,
)
from peerlearn.quizzes.pictures import canonical_area
from peerlearn.quizzes.problem import Line, Problem, error
from peerlearn.quizzes.question import Entry, Gap, Number, Option, Pair, Question, Reply

MAX_QUESTIONS = 60
MAX_CHARS = 200_000
MAX_LINE = 4000
MAX_PROBLEMS = 100
TITLE = "# Quiz"
NO_TITLE = Said(N_("The quiz begins with the line “# Quiz”."), N_("Add it."))
HIDDEN = Said(N_("This line holds a character that cannot be seen."), N_("Delete the line and type it again."))
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
ID_LENGTH = 6
_UID = re.compile(r"[a-z0-9]{5,12}$")
_HAS_UID = TypeVar("_HAS_UID", Option, Entry, Pair)


@dataclass(frozen=True, slots=True)
class Parsed:
    """The questions of a text and everything that should be mended, in the order of lines."""

    questions: tuple[Question, ...]
    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing blocks."""
        return all(problem.level != "error" for problem in self.problems)


@dataclass
class _Draft:
    """A question while its lines are being read."""

    line: int
    kind: Kind | None
    uid: str
    flags: frozenset[str]
    state: str = "stem"
    fence: str = ""
    stem: list[str] = field(default_factory=list)
    answer: list[Line] = field(default_factory=list)
    why: list[str] | None = None
    hints: list[str] = field(default_factory=list)
    card: int | None = None


def parse(text: str, first_line: int = 1) -> Parsed:
    """The quiz in `text`, which begins with the line `# Quiz`; `first_line` is that line's number in its file."""
    if len(text) > MAX_CHARS:
        return Parsed((), (_too_big(first_line),))
    reader = _Reader()
    for number, line in enumerate(_clean_lines(text, first_line, reader.problems), start=first_line):
        reader.take(number, line)
    reader.finish()
    problems = sorted(reader.problems, key=lambda problem: problem.line)
    return Parsed(tuple(reader.questions), tuple(problems[:MAX_PROBLEMS]))


def print_quiz(questions: Iterable[Question]) -> str:
    """The canonical text of a quiz: always the same bytes for the same questions."""
    return "\n\n".join([TITLE, *(print_question(question) for question in questions)]) + "\n"


def print_question(question: Question) -> str:
    """The canonical text of one question, without a line end after it."""
    kind, question = KINDS[question.kind], normal(question)
    flags = sorted(question.flags)
    heading = " ".join(["##", question.kind, *flags, *([f"^{question.uid}"] if question.uid else [])])
    stem = kind.print_stem(question)
    why = question.why.split("\n")
    parts = [
        heading,
        quote_block(stem, _mark_of(kind)),
        "\n".join(kind.print(question)),
        "\n".join([f"Why: {why[0]}", *(quote_line(line, starts_part) for line in why[1:])]) if question.why else "",
        *(f"Hint: {text}" for text in question.hints),
        f"Card: {question.card}" if question.card else "",
    ]
    return "\n\n".join(part for part in parts if part)


def normal(question: Question) -> Question:
    """The question as it comes back from its own print: clean texts, no empty lines around, code fences closed.

    An option without an id is not pinned, because the mark stands behind the id; add ids first.
    """
    number = question.number
    clean_one = replace(
        question,
        stem=closed(block(question.stem)),
        options=tuple(
            replace(
                o,
                text=one_line(o.text),
                pinned=o.pinned and bool(o.uid),
                why=block(o.why),
                area=canonical_area(one_line(o.area)),
            )
            for o in question.options
        ),
        entries=tuple(replace(e, text=one_line(e.text), why=block(e.why)) for e in question.entries),
        pairs=tuple(
            replace(p, left=one_line(p.left), right=one_line(p.right), why=block(p.why)) for p in question.pairs
        ),
        accepted=tuple(one_line(form) for form in question.accepted),
        number=number and Number(number.value, number.tolerance, one_line(number.unit)),
        gaps=tuple(
            Gap(tuple(one_line(t) for t in g.accepted), tuple(one_line(t) for t in g.choices)) for g in question.gaps
        ),
        replies=tuple(Reply(one_line(r.answer), block(r.why), r.gap, r.line) for r in question.replies),
        model=closed(block(question.model)),
        why=paragraph(question.why),
        hints=tuple(filter(None, (one_line(text) for text in question.hints))),
    )
    return replace(clean_one, replies=KINDS[question.kind].normal_replies(clean_one))


def with_ids(questions: Iterable[Question], taken: Iterable[str], rng: Random) -> tuple[Question, ...]:
    """The questions, each part with an id: those that have one keep it, others get one that is not `taken`."""
    listed = list(questions)
    used = set(taken) | {question.uid for question in listed}
    done = []
    for question in listed:
        uid = question.uid
        while not uid or (not question.uid and uid in used):
            uid = "".join(rng.choice(ALPHABET) for _ in range(ID_LENGTH))
        used.add(uid)
        done.append(
            replace(
                question,
                uid=uid,
                options=named(question.options),
                entries=named(question.entries),
                pairs=named(question.pairs),
            )
        )
    return tuple(done)


def named(parts: Sequence[_HAS_UID]) -> tuple[_HAS_UID, ...]:
    """The parts, those without an id with the next free letter."""
    used = {part.uid for part in parts}
    free = (uid for uid in _letters() if uid not in used)
    return tuple(part if part.uid else replace(part, uid=next(free)) for part in parts)


def _letters() -> Iterator[str]:
    """a, b, … z, aa, ab, …"""
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    yield from alphabet
    for first in alphabet:
        yield from (first + second for second in alphabet)


def _clean_lines(text: str, first_line: int, problems: list[Problem]) -> list[str]:
    """The lines of a text without control characters and spaces at their ends; what was cut out is a problem."""
    out = []
    for number, raw in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=first_line):
        if UNSEEN.search(raw):
            problems.append(
                error(
                    number,
                    "hidden-character",
                    HIDDEN,
                )
            )
        if len(raw) > MAX_LINE:
            message = Said(N_("This line is longer than %(limit)s characters."), N_("Shorten it."))
            problems.append(error(number, "long-line", message, limit=MAX_LINE))
        out.append(clean(raw[:MAX_LINE]).rstrip(" \t"))
    return out


class _Reader:
    """Reads line by line; only a heading outside a code fence ends a question, so one mistake spoils one question."""

    def __init__(self) -> None:
        self.questions: list[Question] = []
        self.problems: list[Problem] = []
        self.uids: list[tuple[int, str]] = []
        self.headings = 0
        self.titled = False
        self.draft: _Draft | None = None
        self.lost = False

    def take(self, number: int, line: str) -> None:
        draft = self.draft
        if draft and draft.fence:
            draft.stem.append(line)
            draft.fence = fence_after(line, draft.fence)
        elif not self.titled:
            self._title(number, line)
        elif starts_question(line):
            self.finish()
            self._heading(number, line)
        elif draft:
            self._inside(draft, number, line)
        elif line and not self.headings and not self.lost:
            self.lost = True
            self.problems.append(
                error(
                    number,
                    "before-question",
                    Said(
                        N_("This stands before the first question."),
                        N_("Begin a question with a heading, for example: ## single."),
                    ),
                )
            )

    def finish(self) -> None:
        draft, self.draft = self.draft, None
        if not self.titled and not self.headings:
            self.titled = True
            self.problems.append(error(1, "no-quiz", NO_TITLE))
        if draft is None or draft.kind is None:
            return
        if draft.fence:
            self.problems.append(
                error(
                    draft.line,
                    "open-fence",
                    Said(N_("A block of code in this question is not closed."), N_("End it with a line of %(fence)s.")),
                    fence=draft.fence,
                )
            )
        question, problems = draft.kind.parse(
            Question(
                kind=draft.kind.slug,
                stem=closed(block("\n".join(draft.stem))),
                uid=draft.uid,
                flags=draft.flags,
                why=paragraph("\n".join(draft.why or ())),
                hints=tuple(draft.hints),
                card=draft.card,
                line=draft.line,
            ),
            draft.answer,
        )
        self.questions.append(question)
        self.problems += problems
        if all(problem.code != "too-many-entries" for problem in problems):
            self.problems += draft.kind.check(question)

    def _title(self, number: int, line: str) -> None:
        if not line:
            return
        self.titled = True
        if line != TITLE:
            self.problems.append(error(number, "no-quiz", NO_TITLE))
            if starts_question(line):
                self._heading(number, line)

    def _heading(self, number: int, line: str) -> None:
        self.headings += 1
        if self.headings > MAX_QUESTIONS:
            self.draft = _Draft(number, None, "", frozenset())
            if self.headings == MAX_QUESTIONS + 1:
                self.problems.append(
                    error(
                        number,
                        "too-many-questions",
                        Said(
                            N_("A quiz has at most %(limit)s questions."),
                            N_("Remove the rest or write a second lesson."),
                        ),
                        limit=MAX_QUESTIONS,
                    )
                )
            return
        words = line[2:].split()
        uid = words.pop()[1:] if words and words[-1].startswith("^") else ""
        kind = KINDS.get(words[0].lower()) if words else None
        if kind is None:
            self.problems.append(
                error(
                    number,
                    "unknown-kind",
                    Said(
                        N_("This heading does not begin with a kind of question."),
                        N_("Write one of these after the ##: %(kinds)s."),
                    ),
                    kinds=", ".join(KINDS),
                )
            )
        if uid and not _UID.match(uid):
            self.problems.append(
                error(
                    number,
                    "bad-id",
                    Said(
                        N_("The mark after ^ has 5 to 12 small letters and digits."),
                        N_("Remove it; a new one is added for you."),
                    ),
                )
            )
            uid = ""
        if uid:
            self.problems += _repeated(self.uids, number, uid)
        self.draft = _Draft(number, kind, uid, frozenset(words[1:]))

    def _inside(self, draft: _Draft, number: int, line: str) -> None:
        word = WORD.match(line)
        if draft.kind is None:
            draft.fence = fence_after(line, "")
        elif word:
            self._word(draft, number, word[1].lower(), word[2])
        elif not line:
            self._blank(draft)
        elif draft.state == "stem" and not draft.kind.starts_answer(line):
            draft.stem.append(unquote_line(line, _mark_of(draft.kind)))
            draft.fence = fence_after(line, "")
        elif draft.state == "why" and draft.why is not None:
            draft.why.append(unquote_line(line, starts_part))
        elif draft.state in ("stem", "answer") or (not draft.answer and draft.kind.starts_answer(line)):
            draft.state = "answer"
            draft.answer.append(Line(number, line))
        else:
            self.problems.append(stray(number))

    def _blank(self, draft: _Draft) -> None:
        if draft.state == "stem":
            draft.stem.append("")
        elif draft.state == "why":
            draft.state = "after"

    def _word(self, draft: _Draft, number: int, word: str, text: str) -> None:
        draft.state = "after"
        if word == "why" and draft.why is None:
            draft.state, draft.why = "why", [text]
        elif word == "why":
            self.problems.append(
                error(
                    number,
                    "second-why",
                    Said(N_("Why: stands here twice."), N_("Keep one explanation for the question.")),
                )
            )
        elif word == "hint" and text:
            draft.hints.append(one_line(text))
        elif word == "hint":
            self.problems.append(
                error(number, "empty-hint", Said(N_("This hint is empty."), N_("Write it or remove the line.")))
            )
        elif draft.card is None and text.isascii() and text.isdigit() and len(text) <= 2 and int(text):
            draft.card = int(text)
        else:
            self.problems.append(
                error(
                    number,
                    "bad-card",
                    Said(
                        N_("This names no card."),
                        N_("Write one line with the number of one card, for example: Card: 2."),
                    ),
                )
            )


def _mark_of(kind: Kind) -> Callable[[str], bool]:
    """Whether a line of a stem would be read as something else."""
    return lambda line: starts_part(line) or kind.starts_answer(line)


def _repeated(uids: list[tuple[int, str]], number: int, uid: str) -> list[Problem]:
    uids.append((number, uid))
    if all(uid != other for _, other in uids[:-1]):
        return []
    return [
        error(
            number,
            "repeated-question-id",
            Said(N_("Another question has the mark ^%(uid)s too."), N_("Remove it here; a new one is added for you.")),
            uid=uid,
        )
    ]


def _too_big(line: int) -> Problem:
    return error(
        line,
        "too-big",
        Said(N_("The quiz is longer than %(limit)s characters."), N_("Split it over several lessons.")),
        limit=MAX_CHARS,
    )
