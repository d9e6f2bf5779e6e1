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
from peerlearn.quizzes.marks import one_line
from peerlearn.quizzes.problem import Line, Problem
from peerlearn.quizzes.question import Question, Reply
from peerlearn.quizzes.replies import check_replies, print_reply, read_replies, reply_to, starts_reply, wrong_sign
from peerlearn.quizzes.spelling import matches, nearly

MAX_FORMS = 20


@dataclass(frozen=True)
class Text(Kind):
    """Type a short text; any of the accepted forms is right."""

    slug = "text"
    title = N_("Short text")
    instruction = N_("Type your answer.")

    def starts_answer(self, line: str) -> bool:
        return starts_reply(line)

    def parse(self, draft: Question, lines: Sequence[Line]) -> tuple[Question, list[Problem]]:
        written, problems = read_replies(lines)
        accepted = tuple(reply.answer for reply, is_right in written if is_right)
        wrong = [reply for reply, is_right in written if not is_right]
        problems += [wrong_sign(reply.line, is_right=True) for reply in wrong if reply.answer in accepted]
        replies = tuple(reply for reply, is_right in written if reply.why or not is_right)
        return replace(draft, accepted=accepted, replies=replies), problems

    def print(self, question: Question) -> list[str]:
        of_forms = _of_forms(question)
        others = [reply for reply in question.replies if reply not in of_forms.values()]
        right = [print_reply(of_forms.pop(form, Reply(form)), is_right=True) for form in question.accepted]
        return [line for lines in (*right, *(print_reply(r, is_right=False) for r in others)) for line in lines]

    def normal_replies(self, question: Question) -> tuple[Reply, ...]:
        """Those of accepted forms in the order of the forms, then the others."""
        first = _of_forms(question)
        forms = [first[form] for form in dict.fromkeys(question.accepted) if form in first]
        others = (reply for reply in question.replies if reply not in forms)
        return (*forms, *(reply for reply in others if reply.why or reply.answer not in question.accepted))

    def check_key(self, question: Question) -> list[Problem]:
        line = question.line
        problems = count_problem(line, len(question.accepted), 1, MAX_FORMS)
        problems += check_texts([(line, form) for form in question.accepted])
        problems += check_replies(line, question.replies)
        others = (reply for reply in question.replies if reply.answer not in question.accepted)
        return problems + [
            wrong_sign(reply.line or line, is_right=True)
            for reply in others
            if matches(reply.answer, question.accepted)
        ]

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
        near = nearly(typed, question.accepted) and not reply_to(typed, question.replies)
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
        reply = reply_to("".join(answer.value[:1]), question.replies)
        return Explained(
            kind=self.slug,
            grade=self.grade(question, answer),
            given=self.describe(question, answer),
            correct=" / ".join(question.accepted),
            said=render(reply.why) if reply and reply.why else "",
            why=render(question.why) if question.why else "",
            card=question.card,
        )

    def describe(self, question: Question, answer: Answer) -> str:
        return "".join(answer.value[:1])


def _of_forms(question: Question) -> dict[str, Reply]:
    """What is said to whoever gives an accepted form, by that form."""
    found: dict[str, Reply] = {}
    for reply in question.replies:
        if reply.why and reply.answer in question.accepted:
            found.setdefault(reply.answer, reply)
    return found
