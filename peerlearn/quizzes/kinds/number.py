"""Number: a value with tolerance and unit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from peerlearn.core.words import N_, Said
from peerlearn.quizzes.answering import (
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
from peerlearn.quizzes.kind import Kind
from peerlearn.quizzes.marks import one_line
from peerlearn.quizzes.problem import Line, Problem, error
from peerlearn.quizzes.question import Number as Key
from peerlearn.quizzes.question import Question, Reply
from peerlearn.quizzes.replies import check_replies, print_reply, read_replies, starts_reply, wrong_sign

MAX_TYPED_NUMBER = 100
MAX_UNIT = 20
_KEY = re.compile(
    r"([+\-−]?)(\d{1,15}(?:\.\d{1,9})?)(?![\d.,])(?:[ \t]*(?:±|\+/-)[ \t]*(\d{1,15}(?:\.\d{1,9})?)(?![\d.,]))?(.*)$",
    re.ASCII,
)
_TYPED = re.compile(r"([^\d+\-.,]{0,20}?) ?([+\-]?[\d.,' _]{1,40})(?:[eE]([+\-]?\d{1,5}))?(?!\d)(.{0,40})$", re.ASCII)
_GROUPED = {
    mark: re.compile(rf"\d{{1,3}}(?:{re.escape(mark)}\d{{3}})+$", re.ASCII) for mark in (",", ".", "'", " ", "_")
}
_RECKONED = re.compile(r"\s*[/⁄∕÷:*×·^x]\s*\d")  # 1/2, 1⁄2 (as ½ is read), 5×10^3: to be worked out, not a unit
_EXPONENT = re.compile(r"[eE][+\-]?\d")
_PLAIN = re.compile(r"(?:\d+|\d*\.\d+|\d+\.)$", re.ASCII)
MAX_EXPONENT = 15


@dataclass(frozen=True)
class Number(Kind):
    """Type a number; it is right within the tolerance, with or without its unit."""

    slug = "number"
    title = N_("Number")
    instruction = N_("Type a number.")

    def starts_answer(self, line: str) -> bool:
        return starts_reply(line)

    def parse(self, draft: Question, lines: Sequence[Line]) -> tuple[Question, list[Problem]]:
        written, problems = read_replies(lines)
        right = [reply for reply, is_right in written if is_right]
        draft = replace(draft, replies=tuple(reply for reply, is_right in written if not is_right))
        problems += [_second(reply.line) for reply in right[1:]]
        problems += [_why_below(reply.line) for reply in right if reply.why]
        if not right:
            return draft, problems
        key = read_key(right[0].answer)
        if key is None:
            problems.append(_unreadable(right[0].line))
        return replace(draft, number=key), problems

    def print(self, question: Question) -> list[str]:
        key = print_reply(Reply(print_key(question.number)), is_right=True) if question.number else []
        return [*key, *(line for reply in question.replies for line in print_reply(reply, is_right=False))]

    def normal_replies(self, question: Question) -> tuple[Reply, ...]:
        """Their numbers as they are printed; without a unit they have that of the right number."""
        usual = question.number.unit if question.number else ""
        numbers = ((reply, read_key(reply.answer)) for reply in question.replies)
        return tuple(
            replace(reply, answer=print_key(replace(key, unit=key.unit or usual))) if key else reply
            for reply, key in numbers
        )

    def counts_as_right(self, question: Question, reply: Reply) -> bool:
        """Whether all numbers of a range are right; part of it may be."""
        key, right = read_key(reply.answer), question.number
        if key is None or right is None or _compact(key.unit) not in ("", _compact(right.unit)):
            return False
        return abs(key.amount - right.amount) + key.slack <= right.slack

    def check_key(self, question: Question) -> list[Problem]:
        return self._check_number(question) + self._check_wrong(question)

    def _check_number(self, question: Question) -> list[Problem]:
        if question.number is None:
            return [
                error(
                    question.line,
                    "number-missing",
                    Said(
                        N_("The right number is missing."),
                        N_("Add it in a line of its own, for example: = 12.5 ± 0.5 kg."),
                    ),
                )
            ]
        if read_key(print_key(question.number)) != question.number:
            return [
                error(
                    question.line,
                    "number-form",
                    Said(
                        N_("Number, tolerance or unit cannot be read."),
                        N_(
                            "Write both numbers with digits and a decimal point, "
                            "and the unit with at most %(limit)s letters."
                        ),
                    ),
                    limit=MAX_UNIT,
                )
            ]
        return []

    def _check_wrong(self, question: Question) -> list[Problem]:
        """Wrong numbers that cannot be read, or that nobody can answer, because they are right."""
        problems = check_replies(question.line, question.replies)
        for reply in question.replies:
            line = reply.line or question.line
            if read_key(reply.answer) is None:
                problems.append(_unreadable(line))
            elif self.counts_as_right(question, reply):
                problems.append(wrong_sign(line, is_right=True))
        return problems

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
            unit=question.number.unit if question.number else "",
            hints=len(question.hints),
        )

    def read(
        self, question: Question, seed: Seed, form: Mapping[str, Any], *, field: str = "answer"
    ) -> Answer | Unreadable:
        typed = one_line(next(iter(values(form, field)), ""))
        if not typed:
            return Unreadable(N_("Type a number first."), blank=True)
        if len(typed) > MAX_TYPED_NUMBER or not readings(typed)[0]:
            return Unreadable(N_("This cannot be read as a number. Use digits, for example 12.5."))
        return Answer(self.slug, (typed,))

    def grade(self, question: Question, answer: Answer) -> Grade:
        key = question.number
        found, unit = readings("".join(answer.value[:1]))
        if key is None or not _holds(key, found):
            return Grade(0.0)
        if unit and unit != _compact(key.unit):
            return Grade(0.0, True, N_("The number fits: check the unit."))
        return Grade(1.0)

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
        grade = self.grade(question, answer)
        reply = None if grade.right else _reply_to(question, "".join(answer.value[:1]))
        return Explained(
            kind=self.slug,
            grade=grade,
            given=self.describe(question, answer),
            correct=print_key(question.number) if question.number else "",
            said=render(reply.why) if reply and reply.why else "",
            why=render(question.why) if question.why else "",
            card=question.card,
        )

    def describe(self, question: Question, answer: Answer) -> str:
        return "".join(answer.value[:1])


def read_key(text: str) -> Key | None:
    """The author's number: decimal point, no thousands marks; `+/-` is read as ±."""
    found = _KEY.match(text)
    if not found:
        return None
    sign, value, tolerance, unit = found.groups()
    unit = unit.strip(" \t")
    if len(unit) > MAX_UNIT or unit.startswith(("±", "+/-")) or _EXPONENT.match(unit):
        return None
    negative = "-" if sign in ("-", "−") and value.strip("0.") else ""
    slack = _short(tolerance) if tolerance and tolerance.strip("0.") else ""
    return Key(negative + _short(value), slack, unit)


def print_key(key: Key) -> str:
    """The number as the file and the learner show it."""
    tolerance = f" ± {key.tolerance}" if key.tolerance else ""
    return f"{key.value}{tolerance} {key.unit}".rstrip(" ")


def readings(typed: str) -> tuple[list[Decimal], str]:
    """All sensible values of a typed number, and the unit typed with it.

    "1,234" may be one point two three four or one thousand two hundred thirty-four, depending on where one learned
    to write; both are offered. Infinity, "nan", absurd sizes, and what has to be worked out first, are no numbers.
    """
    if len(typed) > MAX_TYPED_NUMBER:
        return [], ""
    text = unicodedata.normalize("NFKC", typed).replace("−", "-").replace("’", "'")
    text = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text).strip()
    found = _TYPED.match(text)
    if not found:
        return [], ""
    before, digits, exponent, after = found.groups()
    if _RECKONED.match(after) or (exponent and abs(int(exponent)) > MAX_EXPONENT):
        return [], ""
    sign = -1 if digits.startswith("-") else 1
    scale = Decimal(10) ** int(exponent or 0)
    values_ = {sign * Decimal(plain_form) * scale for plain_form in _plain_forms(digits.strip("+- "))}
    return sorted(values_), _compact(before + after)


def _plain_forms(digits: str) -> set[str]:
    """The digits with a point and no thousands marks, in each way they can be read."""
    forms = set()
    for point, others in ((".", ",' _"), (",", ".' _")):
        whole, _, rest = digits.partition(point)
        marks = {c for c in whole if not c.isdigit()}
        if len(marks) > 1 or not marks <= set(others):
            continue
        if marks and not _GROUPED[marks.pop()].match(whole):
            continue
        forms.add("".join(c for c in whole if c.isdigit()) + (f".{rest}" if point in digits else ""))
    return {form for form in forms if _PLAIN.match(form) and len(form) <= 25}


def _compact(unit: str) -> str:
    """A unit as it is compared: without spaces and a full stop; case counts, because mW is not MW."""
    return "".join(unicodedata.normalize("NFKC", unit).split()).rstrip(".")


def _short(digits: str) -> str:
    return digits.lstrip("0") if digits.lstrip("0")[:1].isdigit() else "0" + digits.lstrip("0")


def _reply_to(question: Question, typed: str) -> Reply | None:
    """What belongs to a wrong number: the first whose range it lies in and whose unit it has."""
    found, unit = readings(typed)
    unit = unit or (_compact(question.number.unit) if question.number else "")
    for reply in question.replies:
        key = read_key(reply.answer)
        if key and _holds(key, found) and (not key.unit or _compact(key.unit) == unit):
            return reply
    return None


def _holds(key: Key, amounts: Sequence[Decimal]) -> bool:
    return any(abs(amount - key.amount) <= key.slack for amount in amounts)


def _unreadable(line: int) -> Problem:
    message = Said(
        N_("This number cannot be read."),
        N_("Write it like this: = 12.5 ± 0.5 kg, with a decimal point and no thousands marks."),
    )
    return error(line, "no-number", message)


def _why_below(line: int) -> Problem:
    message = Said(
        N_("Only wrong numbers have explanations of their own."),
        N_("Move this explanation of the right one into the paragraph that begins with Why:."),
    )
    return error(line, "right-number-why", message)


def _second(line: int) -> Problem:
    message = Said(
        N_("A number question has one right number."),
        N_("Remove this line, or begin it with != if it is a wrong one."),
    )
    return error(line, "second-number", message)
