"""The verbs every kind of question offers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from peerlearn.core.words import N_, Said
from peerlearn.quizzes.answering import (
    Answer,
    Explained,
    Grade,
    Presented,
    Render,
    Row,
    Seed,
    Unreadable,
    plain,
)
from peerlearn.quizzes.problem import Line, Problem, error
from peerlearn.quizzes.question import FLAGS, Question, Reply

MAX_STEM = 4000
MAX_TEXT = 500
MAX_WHY = 2000
MAX_ENTRIES = 40
MAX_HINTS = 2


@dataclass(frozen=True)
class Kind(ABC):
    """A kind of question. Knows how to read, print, check, show, mark and explain its questions."""

    slug: ClassVar[str]
    title: ClassVar[str]
    instruction: ClassVar[str]
    why_required: ClassVar[bool] = True
    any_will_do: ClassVar[bool] = False  # several options may be right, and one of them is the whole answer
    counts: ClassVar[bool] = True  # False: answered to learn; no mark, pass, points, memory or difficulty follows

    @abstractmethod
    def starts_answer(self, line: str) -> bool:
        """Whether this line begins the answer part of a question of this kind."""

    @abstractmethod
    def parse(self, draft: Question, lines: Sequence[Line]) -> tuple[Question, list[Problem]]:
        """The draft (heading, stem, why, hints, card) completed from the lines of its answer part."""

    @abstractmethod
    def print(self, question: Question) -> list[str]:
        """The lines of the answer part."""

    def print_stem(self, question: Question) -> str:
        """The stem as it stands in the file."""
        return question.stem

    def normal_replies(self, question: Question) -> tuple[Reply, ...]:
        """What is said to single answers, as it comes back from its own print; their texts are clean already."""
        return question.replies

    def counts_as_right(self, question: Question, reply: Reply) -> bool:
        """Whether the answer that a reply is about is right."""
        return self.grade(question, Answer(self.slug, (reply.answer,))).right

    def replies(self, question: Question, *, render: Render = plain) -> tuple[Row, ...]:
        """What is said to single answers, for those who check a question; learners see what belongs to their own."""
        return tuple(
            Row(
                text=f"[{reply.gap}] {reply.answer}" if reply.gap else reply.answer,
                right=self.counts_as_right(question, reply),
                why=render(reply.why) if reply.why else "",
            )
            for reply in question.replies
        )

    @abstractmethod
    def check_key(self, question: Question) -> list[Problem]:
        """What is wrong with the answer part."""

    def check(self, question: Question) -> list[Problem]:
        """Everything that keeps the question from being asked, each with how to mend it."""
        return [*self._check_common(question), *self.check_key(question)]

    @abstractmethod
    def present(
        self,
        question: Question,
        seed: Seed,
        *,
        render: Render = plain,
        render_line: Render = plain,
        field: str = "answer",
    ) -> Presented:
        """What a learner may see before answering. `render` makes HTML of Markdown, `render_line` of one line."""

    @abstractmethod
    def read(
        self, question: Question, seed: Seed, form: Mapping[str, Any], *, field: str = "answer"
    ) -> Answer | Unreadable:
        """The answer in a posted form, whatever else is in it; same seed and field as it was presented with."""

    @abstractmethod
    def grade(self, question: Question, answer: Answer) -> Grade:
        """The mark of an answer."""

    def rate(self, answer: Answer, form: Mapping[str, Any]) -> Answer | Unreadable | None:
        """The stored answer with what its learner says of it; None where a kind does not ask for that."""
        return None

    def carried_over(self, answer: Answer, before: Question, after: Question) -> Answer:
        """A stored answer as it says the same of the question with another key; most kinds keep it as it is."""
        return answer

    @abstractmethod
    def guess_chance(self, question: Question) -> float:
        """The chance that a blind guess is right."""

    @abstractmethod
    def explain(
        self,
        question: Question,
        answer: Answer,
        seed: Seed,
        *,
        render: Render = plain,
        render_line: Render = plain,
    ) -> Explained:
        """What a learner sees after answering, in the order in which it was presented."""

    @abstractmethod
    def describe(self, question: Question, answer: Answer) -> str:
        """The answer in words, for records."""

    def _check_common(self, question: Question) -> list[Problem]:
        line, problems = question.line, []
        if not question.stem:
            problems.append(
                error(line, "no-stem", Said(N_("The question asks nothing yet."), N_("Write it under its heading.")))
            )
        if len(question.stem) > MAX_STEM:
            problems.append(too_long(line, MAX_STEM))
        if self.why_required and not question.why:
            problems.append(
                error(
                    line,
                    "no-why",
                    Said(
                        N_("This question does not explain its answer."),
                        N_("Say why it is right: add a paragraph that begins with Why:."),
                    ),
                )
            )
        if any(len(text) > MAX_WHY for text in (question.why, *question.hints)):
            problems.append(too_long(line, MAX_WHY))
        if len(question.hints) > MAX_HINTS:
            problems.append(
                error(line, "too-many-hints", Said(N_("A question has at most two hints."), N_("Remove the others.")))
            )
        for flag in sorted(question.flags - set(FLAGS)):
            problems.append(
                error(
                    line,
                    "unknown-flag",
                    Said(N_("“%(flag)s” is not known here."), N_("Write one of these after the kind: %(flags)s.")),
                    flag=flag[:40],
                    flags=", ".join(FLAGS),
                )
            )
        if {"easy", "hard"} <= question.flags:
            problems.append(
                error(
                    line, "easy-and-hard", Said(N_("A question cannot be both easy and hard."), N_("Keep one of them."))
                )
            )
        return problems


def too_long(line: int, limit: int) -> Problem:
    """A text over its limit."""
    return error(
        line, "too-long", Said(N_("This text is longer than %(limit)s characters."), N_("Shorten it.")), limit=limit
    )


def check_texts(texts: Sequence[tuple[int, str]]) -> list[Problem]:
    """Empty, overlong and repeated texts among the answers of one question."""
    problems, seen = [], set()
    for line, text in texts:
        folded = " ".join(text.casefold().split())
        if not folded:
            problems.append(
                error(line, "empty-text", Said(N_("This answer is empty."), N_("Write its text or remove it.")))
            )
        elif folded in seen:
            problems.append(
                error(
                    line,
                    "repeated-text",
                    Said(N_("This answer stands here twice."), N_("Change or remove one of them.")),
                )
            )
        seen.add(folded)
        if len(text) > MAX_TEXT:
            problems.append(too_long(line, MAX_TEXT))
    return problems


def check_ids(uids: Sequence[tuple[int, str]]) -> list[Problem]:
    """Ids used twice in one question."""
    problems, seen = [], set()
    for line, uid in uids:
        if uid and uid in seen:
            problems.append(
                error(
                    line,
                    "repeated-id",
                    Said(
                        N_("The mark ^%(uid)s is used twice in this question."),
                        N_("Remove this one; a new one is added for you."),
                    ),
                    uid=uid,
                )
            )
        seen.add(uid)
    return problems


def count_problem(line: int, count: int, least: int, most: int) -> list[Problem]:
    """Too few or too many answers."""
    if least <= count <= most:
        return []
    return [
        error(
            line,
            "count",
            Said(
                N_("This kind of question needs %(least)s to %(most)s answers; here are %(count)s."),
                N_("Add or remove some."),
            ),
            least=least,
            most=most,
            count=count,
        )
    ]
