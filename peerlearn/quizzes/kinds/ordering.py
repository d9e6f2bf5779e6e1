"""Ordering: put the steps into the right order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import factorial
from typing import Any

from peerlearn.core.words import N_
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
from peerlearn.quizzes.marks import print_why, read_items, split_id, with_id
from peerlearn.quizzes.problem import Line, Problem
from peerlearn.quizzes.question import Entry, Question

LEAST, MOST = 3, 7
_ENTRY = re.compile(r"\d{1,3}[.)](?:[ \t]+(.*))?$", re.ASCII)


@dataclass(frozen=True)
class Ordering(Kind):
    """Bring three to seven steps into order; the mark is the share of neighbours that are right."""

    slug = "ordering"
    title = N_("Ordering")
    instruction = N_("Put these into the right order.")

    def starts_answer(self, line: str) -> bool:
        return _ENTRY.match(line) is not None

    def parse(self, draft: Question, lines: Sequence[Line]) -> tuple[Question, list[Problem]]:
        items, problems = read_items(lines, _body, MAX_ENTRIES)
        entries = []
        for item in items:
            text, uid, _ = split_id(item.text.strip(" \t"))
            entries.append(Entry(text, uid, item.why, item.line))
        return replace(draft, entries=tuple(entries)), problems

    def print(self, question: Question) -> list[str]:
        lines = []
        for place, entry in enumerate(question.entries, start=1):
            lines.append(f"{place}. {with_id(entry.text, entry.uid)}".rstrip(" "))
            lines.extend(print_why(entry.why))
        return lines

    def check_key(self, question: Question) -> list[Problem]:
        entries = question.entries
        problems = count_problem(question.line, len(entries), LEAST, MOST)
        problems += check_texts([(e.line, e.text) for e in entries])
        problems += check_ids([(e.line, e.uid) for e in entries])
        return problems + [too_long(e.line, MAX_WHY) for e in entries if len(e.why) > MAX_WHY]

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
                Choice(token(seed, question.uid, e.uid), render_line(e.text))
                for e in shuffled(question.entries, seed, question.uid)
            ),
            hints=len(question.hints),
        )

    def read(
        self, question: Question, seed: Seed, form: Mapping[str, Any], *, field: str = "answer"
    ) -> Answer | Unreadable:
        count = len(question.entries)
        places: dict[int, str] = {}
        typed = False
        for entry in question.entries:
            text = next(iter(values(form, f"{field}-{token(seed, question.uid, entry.uid)}")), "")
            typed = typed or bool(text)
            if text.isascii() and text.isdigit() and len(text) <= 2 and 1 <= int(text) <= count:
                places.setdefault(int(text), entry.uid)
        if not typed:
            return Unreadable(N_("Choose a place for each of them first."), blank=True)
        if len(places) < count:
            return Unreadable(N_("Give each of them a place of its own."))
        return Answer(self.slug, tuple(places[place] for place in sorted(places)))

    def grade(self, question: Question, answer: Answer) -> Grade:
        wanted = set(pairwise(e.uid for e in question.entries))
        given = set(pairwise(answer.value))
        return Grade(len(wanted & given) / max(1, len(wanted)))

    def guess_chance(self, question: Question) -> float:
        return 1 / factorial(min(MAX_ENTRIES, len(question.entries)))

    def explain(
        self,
        question: Question,
        answer: Answer,
        seed: Seed,
        *,
        render: Render = plain,
        render_line: Render = plain,
    ) -> Explained:
        given = {uid: place for place, uid in enumerate(answer.value, start=1)}
        return Explained(
            kind=self.slug,
            grade=self.grade(question, answer),
            given=self.describe(question, answer),
            correct=" → ".join(e.text for e in question.entries),
            rows=tuple(
                Row(
                    text=render_line(e.text),
                    right=given.get(e.uid) == place,
                    given=str(given.get(e.uid, "")),
                    wanted=str(place),
                    why=render(e.why) if e.why else "",
                )
                for place, e in enumerate(question.entries, start=1)
            ),
            why=render(question.why) if question.why else "",
            card=question.card,
        )

    def describe(self, question: Question, answer: Answer) -> str:
        texts = {e.uid: e.text for e in question.entries}
        return " → ".join(texts[uid] for uid in answer.value if uid in texts)


def _body(line: str) -> str | None:
    found = _ENTRY.match(line)
    return found[1] or "" if found else None
