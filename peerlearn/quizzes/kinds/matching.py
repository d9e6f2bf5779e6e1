"""Matching: say what belongs together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import perm
from typing import Any

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
from peerlearn.quizzes.marks import (
    print_why,
    quote_arrows,
    read_items,
    split_arrow,
    split_id,
    unquote_arrows,
    with_id,
)
from peerlearn.quizzes.problem import Line, Problem, error, hint
from peerlearn.quizzes.question import Pair, Question

LEAST, MOST, MOST_DECOYS = 3, 6, 4


@dataclass(frozen=True)
class Matching(Kind):
    """Find the right side of each left side; right sides are shown in a list of choices, as plain text."""

    slug = "matching"
    title = N_("Matching")
    instruction = N_("Choose what belongs to each.")

    def starts_answer(self, line: str) -> bool:
        return line.startswith(("- ", "-\t")) and split_arrow(line[1:]) is not None

    def parse(self, draft: Question, lines: Sequence[Line]) -> tuple[Question, list[Problem]]:
        items, problems = read_items(lines, lambda line: line if line[:1] == "-" else None, MAX_ENTRIES)
        pairs = []
        for item in items:
            sides = split_arrow(item.text[1:])
            if sides is None:
                problems.append(
                    error(
                        item.line,
                        "no-arrow",
                        Said(N_("This pair has no =>."), N_("Write both sides with => between them: - left => right.")),
                    )
                )
                continue
            right, uid, _ = split_id(sides[1])
            pairs.append(Pair(sides[0], unquote_arrows(right), uid, item.why, item.line))
        return replace(draft, pairs=tuple(pairs)), problems

    def print(self, question: Question) -> list[str]:
        lines = []
        for pair in question.pairs:
            left = quote_arrows(pair.left) + (" " if pair.left else "")
            lines.append(f"- {left}=> {with_id(quote_arrows(pair.right), pair.uid)}".rstrip(" "))
            lines.extend(print_why(pair.why))
        return lines

    def check_key(self, question: Question) -> list[Problem]:
        full = [p for p in question.pairs if p.left]
        decoys = len(question.pairs) - len(full)
        problems = count_problem(question.line, len(full), LEAST, MOST)
        problems += check_texts([(p.line, p.left) for p in full])
        problems += check_texts([(p.line, p.right) for p in question.pairs])
        problems += check_ids([(p.line, p.uid) for p in question.pairs])
        if decoys > MOST_DECOYS:
            problems.append(
                error(
                    question.line,
                    "too-many-decoys",
                    Said(N_("At most %(limit)s right sides may be without a partner."), N_("Remove some.")),
                    limit=MOST_DECOYS,
                )
            )
        problems += [too_long(p.line, MAX_WHY) for p in question.pairs if len(p.why) > MAX_WHY]
        message = Said(
            N_("This right side belongs to nobody, so its explanation would not be seen."), N_("Move it to Why:.")
        )
        problems += [error(p.line, "decoy-why", message) for p in question.pairs if p.why and not p.left]
        return problems + [
            hint(p.line, "plain-right", Said(N_("Right sides are shown as plain text."), N_("Leave the ` marks out.")))
            for p in question.pairs
            if "`" in p.right
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
            lefts=tuple(
                Choice(token(seed, question.uid, "left", p.uid), render_line(p.left)) for p in question.pairs if p.left
            ),
            choices=tuple(
                Choice(token(seed, question.uid, "right", p.right), p.right)
                for p in shuffled(question.pairs, seed, question.uid)
            ),
            hints=len(question.hints),
        )

    def read(
        self, question: Question, seed: Seed, form: Mapping[str, Any], *, field: str = "answer"
    ) -> Answer | Unreadable:
        rights = {token(seed, question.uid, "right", p.right): p.uid for p in question.pairs}
        links = []
        for pair in question.pairs:
            if pair.left:
                name = f"{field}-{token(seed, question.uid, 'left', pair.uid)}"
                chosen = rights.get(next(iter(values(form, name)), ""))
                links += [] if chosen is None else [f"{pair.uid}={chosen}"]
        if not links:
            return Unreadable(N_("Choose a partner for each of them first."), blank=True)
        return Answer(self.slug, tuple(links))

    def grade(self, question: Question, answer: Answer) -> Grade:
        wanted = {f"{p.uid}={p.uid}" for p in question.pairs if p.left}
        return Grade(len(wanted & set(answer.value)) / max(1, len(wanted)))

    def carried_over(self, answer: Answer, before: Question, after: Question) -> Answer:
        texts = {p.uid: p.right for p in before.pairs}
        uids = {p.right: p.uid for p in after.pairs}
        links = (f"{left}={uids.get(texts.get(right, ''), right)}" for left, right in _links(answer).items())
        return replace(answer, value=tuple(links))

    def guess_chance(self, question: Question) -> float:
        lefts = sum(1 for p in question.pairs if p.left)
        return 1 / perm(len(question.pairs), lefts)

    def explain(
        self,
        question: Question,
        answer: Answer,
        seed: Seed,
        *,
        render: Render = plain,
        render_line: Render = plain,
    ) -> Explained:
        given = _links(answer)
        texts = {p.uid: p.right for p in question.pairs}
        return Explained(
            kind=self.slug,
            grade=self.grade(question, answer),
            given=self.describe(question, answer),
            correct="; ".join(f"{p.left} = {p.right}" for p in question.pairs if p.left),
            rows=tuple(
                Row(
                    text=render_line(p.left),
                    right=given.get(p.uid) == p.uid,
                    given=texts.get(given.get(p.uid, ""), ""),
                    wanted=p.right,
                    why=render(p.why) if p.why else "",
                )
                for p in question.pairs
                if p.left
            ),
            why=render(question.why) if question.why else "",
            card=question.card,
        )

    def describe(self, question: Question, answer: Answer) -> str:
        given = _links(answer)
        texts = {p.uid: p.right for p in question.pairs}
        return "; ".join(
            f"{p.left} = {texts[given[p.uid]]}" for p in question.pairs if given.get(p.uid) in texts and p.left
        )


def _links(answer: Answer) -> dict[str, str]:
    """The chosen right side's id by the left side's id."""
    return {left: right for left, _, right in (link.partition("=") for link in answer.value)}
