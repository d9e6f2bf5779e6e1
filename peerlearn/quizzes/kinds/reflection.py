"""Open reflection: write an answer of one's own, then compare it with a model answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from peerlearn.core.words import N_, Said
from peerlearn.quizzes.answering import Answer, Explained, Grade, Presented, Render, Seed, Unreadable, plain, values
from peerlearn.quizzes.kind import MAX_WHY, Kind, too_long
from peerlearn.quizzes.marks import block, closed, stray
from peerlearn.quizzes.problem import Line, Problem, error
from peerlearn.quizzes.question import Question

MAX_WRITTEN = 2000
RATINGS = (("matches", N_("It matches")), ("partly", N_("Partly")), ("not-yet", N_("Not yet")))
_MODEL = re.compile(r"=(?:[ \t](.*))?$")


@dataclass(frozen=True)
class Reflection(Kind):
    """Write freely; nobody marks it. The model answer shows afterwards, and learners judge their own."""

    slug = "reflection"
    title = N_("Reflection")
    instruction = N_("Write a few sentences. Afterwards you compare them with a model answer.")
    why_required: ClassVar[bool] = False
    counts: ClassVar[bool] = False

    def starts_answer(self, line: str) -> bool:
        return _MODEL.match(line) is not None

    def parse(self, draft: Question, lines: Sequence[Line]) -> tuple[Question, list[Problem]]:
        full = [line for line in lines if line.text]
        model = [found[1] or "" for _, text in full if (found := _MODEL.match(text))]
        problems = [stray(number) for number, text in full if not self.starts_answer(text)]
        return replace(draft, model=closed(block("\n".join(model)))), problems

    def print(self, question: Question) -> list[str]:
        return [f"= {line}".rstrip(" ") for line in question.model.split("\n")] if question.model else []

    def check_key(self, question: Question) -> list[Problem]:
        if not question.model:
            message = Said(
                N_("There is no model answer; it shows after the answer is written."),
                N_("Add one, each of its lines begun with “= ”."),
            )
            return [error(question.line, "no-model", message)]
        return [too_long(question.line, MAX_WHY)] if len(question.model) > MAX_WHY else []

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
        written = block(next(iter(values(form, field)), ""))
        if not written.strip():
            return Unreadable(N_("Write your answer first. A sentence is enough."), blank=True)
        if len(written) > MAX_WRITTEN:
            return Unreadable(N_("This answer is too long. Keep what matters most."))
        return Answer(self.slug, (written,))

    def grade(self, question: Question, answer: Answer) -> Grade:
        """No mark: what is never counted must not help anybody either where somebody forgets to leave it out."""
        return Grade(0.0)

    def guess_chance(self, question: Question) -> float:
        return 0.0

    def rate(self, answer: Answer, form: Mapping[str, Any]) -> Answer | Unreadable | None:
        said = next(iter(values(form, "rating")), "")
        if said not in dict(RATINGS):
            return Unreadable(N_("Say how well your answer matches the model answer."), blank=not said)
        return Answer(self.slug, (*answer.value[:1], said))

    def explain(
        self,
        question: Question,
        answer: Answer,
        seed: Seed,
        *,
        render: Render = plain,
        render_line: Render = plain,
    ) -> Explained:
        said = "".join(answer.value[1:2])
        return Explained(
            kind=self.slug,
            grade=self.grade(question, answer),
            given=self.describe(question, answer),
            correct=question.model,
            model=render(question.model),
            ratings=RATINGS,
            rating=said if said in dict(RATINGS) else "",
            why=render(question.why) if question.why else "",
            card=question.card,
        )

    def describe(self, question: Question, answer: Answer) -> str:
        return "".join(answer.value[:1])
