"""Short text: the learner types a word or a few."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from peerlearn.core.words import N_
from peerlearn.quizzes.answering import (
    MAX_TYPED,
    Answer,
    Explained,
    Grade,
    Presented,
    Render,
    Seed,
    Unreadable,
    plain,
    values,
)
from peerlearn.quizzes.kind import Kind, check_texts, count_problem
from peerlearn.quizzes.marks import one_line, stray
from peerlearn.quizzes.problem import Line, Problem
from peerlearn.quizzes.question import Question
from peerlearn.quizzes.spelling import matches, nearly

MAX_FORMS = 20


@dataclass(frozen=True)
class Text(Kind):
    """Type a short text; any of the accepted forms is right."""

    slug = "text"
    title = N_("Short text")
    instruction = N_("Type your answer.")

    def starts_answer(self, line: str) -> bool:
        return line == "=" or line.startswith(("= ", "=\t"))

    def parse(self, draft: Question, lines: Sequence[Line]) -> tuple[Question, list[Problem]]:
        full = [line for line in lines if line.text]
        forms = tuple(one_line(text[1:]) for _, text in full if self.starts_answer(text))
        problems = [stray(number) for number, text in full if not self.starts_answer(text)]
        return replace(draft, accepted=forms), problems

    def print(self, question: Question) -> list[str]:
        return [f"= {form}".rstrip(" ") for form in question.accepted]

    def check_key(self, question: Question) -> list[Problem]:
        line = question.line
        problems = count_problem(line, len(question.accepted), 1, MAX_FORMS)
        return problems + check_texts([(line, form) for form in question.accepted])

    def present(
        self,
        question: Question,
        seed: Seed,
        *,
        render: Render = plain,
        render_line: Render = plain,
        field: str = "answer",
    ) -> Presented:
        return Presented(
            kind=self.slug,
            uid=question.uid,
            field=field,
            instruction=self.instruction,
            stem=render(question.stem),
            hints=len(question.hints),
        )

    def read(
        self, question: Question, seed: Seed, form: Mapping[str, Any], *, field: str = "answer"
    ) -> Answer | Unreadable:
        typed = one_line(next(iter(values(form, field)), ""))
        if not typed:
            return Unreadable(N_("Type an answer first."), blank=True)
        if len(typed) > MAX_TYPED:
            return Unreadable(N_("This answer is too long. A few words are enough."))
        return Answer(self.slug, (typed,))

    def grade(self, question: Question, answer: Answer) -> Grade:
        typed = "".join(answer.value[:1])
        if matches(typed, question.accepted):
            return Grade(1.0)
        near = nearly(typed, question.accepted)
        return Grade(0.0, near, N_("Almost: check the spelling.") if near else "")

    def guess_chance(self, question: Question) -> float:
        return 0.0

    def explain(
        self,
        question: Question,
        answer: Answer,
        seed: Seed,
        *,
        render: Render = plain,
        render_line: Render = plain,
    ) -> Explained:
        return Explained(
            kind=self.slug,
            grade=self.grade(question, answer),
            given=self.describe(question, answer),
            correct=" / ".join(question.accepted),
            why=render(question.why) if question.why else "",
            card=question.card,
        )

    def describe(self, question: Question, answer: Answer) -> str:
        return "".join(answer.value[:1])
