"""The verbs every format speaks, and what each of them makes of each kind of question."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from peerlearn.quizzes.exchange.bounds import MAX_QUESTIONS
from peerlearn.quizzes.exchange.report import Fate, LeftOut, Losses, Reading, Writing, title_of
from peerlearn.quizzes.question import Question

Written = TypeVar("Written")


@dataclass(frozen=True, slots=True)
class Mapped:
    """What a kind of question becomes in a format, and what of it does not come along ("" = everything does)."""

    becomes: str
    loss: str = ""


class Format(ABC):
    """A way to write questions down that other systems understand."""

    slug: ClassVar[str]
    title: ClassVar[str]
    about: ClassVar[str]
    suffix: ClassVar[str]
    mimetype: ClassVar[str]
    mapping: ClassVar[Mapping[str, Mapped]]

    @abstractmethod
    def recognises(self, data: bytes, filename: str) -> bool:
        """Whether a file looks like this format. Looks at its beginning or at its list of names only."""

    @abstractmethod
    def read(self, data: bytes, limit: int = MAX_QUESTIONS) -> Reading:
        """The questions of a file and what was lost of them. Raises Refused when nothing can be read."""

    @abstractmethod
    def write(self, questions: Sequence[Question], title: str) -> Writing:
        """A file with the questions, and what is lost of them there."""


def write_each(
    questions: Sequence[Question], write: Callable[[Question, Losses], Written]
) -> tuple[list[Written], tuple[Fate, ...]]:
    """The written form of every question that has one, and the fate of all."""
    done: list[Written] = []
    fates: list[Fate] = []
    for number, question in enumerate(questions, start=1):
        losses = Losses()
        try:
            done.append(write(question, losses))
            fates.append(Fate(number, title_of(question.stem), question, losses.all()))
        except LeftOut as reason:
            fates.append(Fate(number, title_of(question.stem), None, (*losses.all(), reason.loss)))
    return done, tuple(fates)
