"""What the kinds with options to tick have in common."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from peerlearn.core.words import N_, Said
from peerlearn.quizzes.answering import (
    Answer,
    Choice,
    Explained,
    Grade,
    Presented,
    Render,
    Row,
    Seed,
    Unreadable,
    plain,
    shuffled,
    token,
    values,
)
from peerlearn.quizzes.kind import MAX_ENTRIES, MAX_WHY, Kind, check_ids, check_texts, count_problem, too_long
from peerlearn.quizzes.marks import Item, print_why, read_items, split_id, with_id
from peerlearn.quizzes.pictures import read_area
from peerlearn.quizzes.problem import Line, Problem, error
from peerlearn.quizzes.question import Option, Question

_OPTION = re.compile(r"[-*] \[([ xX]?)\](?:[ \t]+(.*))?$")
_UNKNOWN = N_("That answer does not belong to this question. Choose again.")


@dataclass(frozen=True)
class ChoiceKind(Kind):
    """A question whose options are ticked."""

    least: ClassVar[int] = 3
    most: ClassVar[int] = 5
    why_required: ClassVar[bool] = False

    def starts_answer(self, line: str) -> bool:
        return _OPTION.match(line) is not None

    def parse(self, draft: Question, lines: Sequence[Line]) -> tuple[Question, list[Problem]]:
        items, problems = read_items(lines, _body, MAX_ENTRIES)
        return replace(draft, options=tuple(self.read_option(item) for item in items)), problems

    def read_option(self, item: Item) -> Option:
        """The option of one line: its mark, its text, its id."""
        text, uid, pinned = split_id(item.text[1:].strip(" \t"))
        return Option(text, item.text[0] in "xX", uid, pinned, item.why, line=item.line)

    def print(self, question: Question) -> list[str]:
        lines = []
        for option in question.options:
            lines.append(f"- [{'x' if option.right else ' '}] {self.print_option(option)}".rstrip(" "))
            lines.extend(print_why(option.why))
        return lines

    def print_option(self, option: Option) -> str:
        """What stands behind the mark of an option."""
        return with_id(option.text, option.uid, option.pinned)

    def check_key(self, question: Question) -> list[Problem]:
        options = question.options
        problems = count_problem(question.line, len(options), self.least, self.most)
        problems += check_texts([(o.line, o.text) for o in options])
        problems += check_ids([(o.line, o.uid) for o in options])
        for option in options:
            if not option.why:
                problems.append(
                    error(
                        option.line,
                        "no-option-why",
                        Said(
                            N_("This answer has no explanation."),
                            N_("Add a line under it that begins with two spaces and “> ”."),
                        ),
                    )
                )
            if len(option.why) > MAX_WHY:
                problems.append(too_long(option.line, MAX_WHY))
        return problems

    def shown(self, question: Question, seed: Seed) -> list[Option]:
        """The options in the order a learner sees them: shuffled, the pinned ones last."""
        free = [o for o in question.options if not o.pinned]
        return shuffled(free, seed, question.uid) + [o for o in question.options if o.pinned]

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
            choices=tuple(
                Choice(token(seed, question.uid, o.uid), render_line(o.text), read_area(o.area))
                for o in self.shown(question, seed)
            ),
            hints=len(question.hints),
        )

    def read(
        self, question: Question, seed: Seed, form: Mapping[str, Any], *, field: str = "answer"
    ) -> Answer | Unreadable:
        posted = set(values(form, field))
        if not posted - {""}:
            return Unreadable(N_("Choose an answer first."), blank=True)
        chosen = tuple(o.uid for o in question.options if token(seed, question.uid, o.uid) in posted)
        return Answer(self.slug, chosen) if chosen else Unreadable(_UNKNOWN)

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
            correct=_texts(o for o in question.options if o.right),
            rows=tuple(
                Row(
                    text=render_line(o.text),
                    right=o.right,
                    chosen=o.uid in answer.value,
                    why=render(o.why) if o.why else "",
                    area=read_area(o.area),
                )
                for o in self.shown(question, seed)
            ),
            why=render(question.why) if question.why else "",
            card=question.card,
        )

    def describe(self, question: Question, answer: Answer) -> str:
        return _texts(o for o in question.options if o.uid in answer.value)


@dataclass(frozen=True)
class OneChoiceKind(ChoiceKind):
    """A question of which one option is chosen."""

    def read(
        self, question: Question, seed: Seed, form: Mapping[str, Any], *, field: str = "answer"
    ) -> Answer | Unreadable:
        return one_only(super().read(question, seed, form, field=field))

    def grade(self, question: Question, answer: Answer) -> Grade:
        right = {o.uid for o in question.options if o.right}
        return Grade(1.0 if len(answer.value) == 1 and right.issuperset(answer.value) else 0.0)

    def guess_chance(self, question: Question) -> float:
        return max(1, sum(o.right for o in question.options)) / max(1, len(question.options))


def one_only(answer: Answer | Unreadable) -> Answer | Unreadable:
    """The answer, unless it chose several."""
    if isinstance(answer, Answer) and len(answer.value) > 1:
        return Unreadable(N_("Choose one answer only."))
    return answer


def right_and_wrong(question: Question) -> list[Problem]:
    """Nothing to choose where all options are right or all are wrong."""
    if len({o.right for o in question.options}) != 1:
        return []
    message = Said(
        N_("All answers are right, or all are wrong."),
        N_("Mark at least one as right with [x] and leave at least one wrong."),
    )
    return [error(question.line, "right-and-wrong", message)]


def _body(line: str) -> str | None:
    """An option line's mark (one character) and its text, or None where it is no option."""
    found = _OPTION.match(line)
    return (found[1] or " ") + (found[2] or "") if found else None


def _texts(options: Any) -> str:
    return "; ".join(o.text for o in options)
