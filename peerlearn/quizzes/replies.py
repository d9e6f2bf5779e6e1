"""What is said to single typed answers and fillings of gaps: how it stands in the text, and what is wrong with it.

`= answer` is right and `!= answer` is wrong; the explanation is quoted under it, as under an answer to tick.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from peerlearn.core.words import N_, Said
from peerlearn.quizzes.kind import MAX_ENTRIES, MAX_TEXT, MAX_WHY, too_long
from peerlearn.quizzes.marks import Item, one_line, print_why, read_items
from peerlearn.quizzes.problem import Line, Problem, error
from peerlearn.quizzes.question import Reply
from peerlearn.quizzes.spelling import fold, matches

_LINE = re.compile(r"(!?=)(?:[ \t]+(.*))?$")
_PLACED = re.compile(r"(!?=)[ \t]+\[([1-9])\](?:[ \t]+(.*))?$", re.ASCII)
_WRONG = "!="
MAX_REPLIES = 20


class Written(NamedTuple):
    """One line of the answer part with what stands under it."""

    reply: Reply
    is_right: bool


def starts_reply(line: str, *, placed: bool = False) -> bool:
    """Whether the line is an answer with its sign; `placed` ones name their gap in brackets."""
    return (_PLACED if placed else _LINE).match(line) is not None


def read_replies(lines: Iterable[Line], *, placed: bool = False) -> tuple[list[Written], list[Problem]]:
    """The answers of these lines, in their order, with what is said about each."""
    pattern = _PLACED if placed else _LINE
    items, problems = read_items(lines, lambda line: line if pattern.match(line) else None, MAX_ENTRIES)
    return [_written(item, pattern) for item in items], problems


def _written(item: Item, pattern: re.Pattern[str]) -> Written:
    found = pattern.match(item.text)
    assert found is not None
    sign, *place, text = found.groups()
    reply = Reply(one_line(text or ""), item.why, int(place[0]) if place else 0, item.line)
    return Written(reply, sign != _WRONG)


def print_reply(reply: Reply, *, is_right: bool) -> list[str]:
    """The lines of one answer and of what is said about it."""
    place = f"[{reply.gap}] " if reply.gap else ""
    return [f"{'=' if is_right else _WRONG} {place}{reply.answer}".rstrip(" "), *print_why(reply.why)]


def check_replies(question_line: int, replies: Sequence[Reply]) -> list[Problem]:
    """What is missing, too long or said twice."""
    problems, seen = [], set()
    if len(replies) > MAX_REPLIES:
        message = Said(
            N_("At most %(limit)s single answers of a question are explained."),
            N_("Keep those that people really give."),
        )
        problems.append(error(question_line, "too-many-replies", message, limit=MAX_REPLIES))
    for reply in replies:
        line, key = reply.line or question_line, (reply.gap, fold(reply.answer))
        if not key[1]:
            problems.append(
                error(line, "empty-text", Said(N_("This answer is empty."), N_("Write its text or remove it.")))
            )
        elif key in seen:
            problems.append(
                error(
                    line,
                    "repeated-text",
                    Said(N_("This answer stands here twice."), N_("Change or remove one of them.")),
                )
            )
        seen.add(key)
        if not reply.why:
            message = Said(
                N_("This answer is not explained."),
                N_("Add a line under it that begins with two spaces and “> ”, and say why it is right or wrong."),
            )
            problems.append(error(line, "no-reply-why", message))
        if len(reply.answer) > MAX_TEXT or len(reply.why) > MAX_WHY:
            problems.append(too_long(line, MAX_TEXT if len(reply.answer) > MAX_TEXT else MAX_WHY))
    return problems


def wrong_sign(line: int, *, is_right: bool) -> Problem:
    """An answer whose sign says something else than the key."""
    if is_right:
        message = Said(
            N_("This answer counts as right."),
            N_("Begin its line with = instead of !=, or change what is right."),
        )
    else:
        message = Said(N_("This answer does not count as right."), N_("Begin its line with != instead of =."))
    return error(line, "wrong-sign", message)


def reply_to(typed: str, replies: Iterable[Reply], gap: int = 0) -> Reply | None:
    """What belongs to a typed or chosen text, told apart as answers are; the very same words come first."""
    mine = fold(typed)
    found = [reply for reply in replies if reply.gap == gap and matches(typed, [reply.answer])]
    return next((reply for reply in found if fold(reply.answer) == mine), next(iter(found), None))


def spelt_as(replies: Iterable[Reply], forms: Sequence[str]) -> tuple[Reply, ...]:
    """The replies, each that is about an accepted form with the spelling of that form."""
    spelt = {fold(form): form for form in reversed(forms)}
    return tuple(replace(reply, answer=spelt.get(fold(reply.answer), reply.answer)) for reply in replies)
