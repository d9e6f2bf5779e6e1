"""Trying a quiz: asked and explained like a learner's, kept nowhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from peerlearn.lessons import preview
from peerlearn.lessons.fileformat import LessonFile
from peerlearn.quizzes.answering import Explained, Presented, Row, Unreadable
from peerlearn.quizzes.kinds.registry import kind_of
from peerlearn.quizzes.marks import clean
from peerlearn.quizzes.queries import Stored


@dataclass(frozen=True)
class Tried:
    """One question on trial: as it is asked, and, once answered, explained or with what was unreadable."""

    presented: Presented
    explained: Explained | None = None
    message: str | None = None
    replies: tuple[Row, ...] = ()


def sit(stored: Sequence[Stored], *, seed: str, answers: Mapping[str, Any] | None) -> list[Tried]:
    """All questions of a quiz at once; those that `answers` (a posted form) holds an answer for are explained."""
    return [_try(one, seed, answers) for one in stored]


def _try(one: Stored, seed: str, answers: Mapping[str, Any] | None) -> Tried:
    question, kind = one.question, kind_of(one.question)
    field = f"q{one.position}"
    presented = kind.present(question, seed, render=one.render, render_line=one.render_line, field=field)
    if answers is None:
        return Tried(presented)
    answer = kind.read(question, seed, answers, field=field)
    if isinstance(answer, Unreadable):
        return Tried(presented, message=None if answer.blank else answer.message)
    explained = kind.explain(question, answer, seed, render=one.render, render_line=one.render_line)
    return Tried(presented, explained=explained, replies=kind.replies(question, render=one.render))


def of_text(file: LessonFile) -> tuple[Stored, ...]:
    """The questions of a text that is kept nowhere else, as if they were stored."""
    numbered = enumerate(file.questions, start=1)
    return tuple(Stored(number, 0, 0, "", question, preview.block, preview.line) for number, question in numbered)


def typed(answers: MultiDict[str, str]) -> MultiDict[str, str]:
    """What was typed, as a page can show it again."""
    return MultiDict((name, clean(value)) for name, value in answers.items(multi=True))
