"""Keys, passwords and data about people that slipped into a lesson. What was found is never repeated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace

from peerlearn.core.words import N_, Said
from peerlearn.lessons.assigned import secrets_in
from peerlearn.lessons.inspection import Found, Subject, rule, say
from peerlearn.lessons.keys import Shape, is_begin, key_in, private_keys, shapes_in
from peerlearn.lessons.personal import traces_in
from peerlearn.quizzes.problem import Problem
from peerlearn.quizzes.question import Entry, Option, Pair, Reply

ADVICE = {
    "mail-address": Said(
        N_("This looks like an e-mail address of a person."),
        N_("Name the role instead, or invent one: name@example.com."),
    ),
    "phone-number": Said(
        N_("This looks like a telephone number."),
        N_("Take it out if it reaches one person; people change, and this stays."),
    ),
    "bank-account": Said(
        N_("This is a real bank account number."), N_("Take it out, unless everybody here may know it.")
    ),
    "card-number": Said(
        N_("This is the number of a payment card."), N_("Take it out, or use a test number: 4111 1111 1111 1111.")
    ),
    "person-number": Said(N_("This is a person's number in a register of a state."), N_("Take it out.")),
}


@rule
def nothing_leaks(subject: Subject) -> Found:
    """What opens doors, and what is about somebody, does not belong into a lesson."""
    yield from leaks_in(list(_lines(subject)))


def leaks_in(lines: Sequence[tuple[int, str]]) -> list[Problem]:
    """Everything in these numbered lines that should not be shared: one thing a line, the worst first."""
    shapes = shapes_in("\n".join(line for _, line in lines))
    begun = set(private_keys(lines))
    found = (_secret(number, line, shapes, begun) or _trace(number, line) for number, line in lines)
    return sorted(filter(None, found), key=lambda problem: problem.level != "error")


def _secret(number: int, line: str, shapes: Sequence[Shape], begun: set[int]) -> Problem | None:
    name = N_("a private key") if number in begun and is_begin(line) else key_in(line, shapes)
    if name:
        message = Said(N_("This looks like %(what)s."), N_("Take it out, and have it replaced where it is used."))
        return say("error", number, "secret", message, what=name)
    verdicts = set(secrets_in(line))
    if "sure" in verdicts:
        message = Said(
            N_("This looks like a real password or key."), N_("Use an invented one, such as “your-password”.")
        )
        return say("error", number, "secret", message)
    message = Said(
        N_("This may be a password or a key."), N_("If it is real, use an invented one, such as “your-password”.")
    )
    return say("warning", number, "maybe-secret", message) if verdicts else None


def _trace(number: int, line: str) -> Problem | None:
    trace = next(traces_in(line), None)
    return say(trace.level, number, trace.code, ADVICE[trace.code]) if trace else None


def _lines(subject: Subject) -> Iterator[tuple[int, str]]:
    """Everything that is written in a lesson, code included, with the numbers of its lines."""
    file = subject.file
    for name in ("title", "summary", "try_it", "why_longer", "tags", "sources"):
        value = getattr(file.front, name)
        for part in (value,) if isinstance(value, str) else value:
            yield file.front.line_of(name), part
    for card in file.cards:
        yield card.line, card.title
        yield from enumerate(card.body.split("\n"), start=card.body_line)
    for question in file.questions:
        parts: tuple[Option | Entry | Pair | Reply, ...]
        parts = (*question.options, *question.entries, *question.pairs, *question.replies)
        for at, value in ((part.line, asdict(part)) for part in parts):
            yield from ((at or question.line, line) for text in _texts_of(value) for line in text.split("\n"))
        rest = replace(question, options=(), entries=(), pairs=(), replies=())
        for text in _texts_of(rest.to_json()):
            for line in text.split("\n"):
                yield question.line, line


def _texts_of(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts_of(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts_of(part)
