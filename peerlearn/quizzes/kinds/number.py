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
from peerlearn.quizzes.marks import one_line, stray
from peerlearn.quizzes.problem import Line, Problem, error
from peerlearn.quizzes.question import Number as Key
from peerlearn.quizzes.question import Question

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
        return line == "=" or line.startswith(("= ", "=\t"))

    def parse(self, draft: Question, lines: Sequence[Line]) -> tuple[Question, list[Problem]]:
        full = [line for line in lines if line.text]
        problems = [
            stray(line.number) if not self.starts_answer(line.text) else _second(line.number) for line in full[1:]
        ]
        if not full:
            return draft, problems
        key = read_key(full[0].text[1:].strip(" \t"))
        if key is None:
            problems.append(
                error(
                    full[0].number,
                    "no-number",
                    Said(
                        N_("This number cannot be read."),
                        N_("Write it like this: = 12.5 ± 0.5 kg, with a decimal point and no thousands marks."),
                    ),
                )
            )
        return replace(draft, number=key), problems

    def print(self, question: Question) -> list[str]:
        return [f"= {print_key(question.number)}"] if question.number else []

    def check_key(self, question: Question) -> list[Problem]:
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
        if key is None or not any(abs(value - key.amount) <= key.slack for value in found):
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
        return Explained(
            kind=self.slug,
            grade=self.grade(question, answer),
            given=self.describe(question, answer),
            correct=print_key(question.number) if question.number else "",
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
    to write; both are offered. Infinity, "nan" and absurd sizes are no numbers.
    """
    if len(typed) > MAX_TYPED_NUMBER:
        return [], ""
    text = unicodedata.normalize("NFKC", typed).replace("−", "-").replace("’", "'")
    text = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text).strip()
    found = _TYPED.match(text)
    if not found:
        return [], ""
    before, digits, exponent, after = found.groups()
    if exponent and abs(int(exponent)) > MAX_EXPONENT:
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


def _second(line: int) -> Problem:
    return error(line, "second-number", Said(N_("A number question has one right number."), N_("Remove this line.")))
