"""The loss report: what became of each question on its way in or out, in sentences a person can act on."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from peerlearn.core.words import N_
from peerlearn.quizzes.question import Question

TITLE_CHARS = 80
VALUE_CHARS = 160
_PICTURE = re.compile(r"!\[[^\]\n]{0,300}\]\([^()\s]{0,300}\)")
_LINK = re.compile(r"\[([^\[\]\n]{1,300})\]\([^()\s]{0,300}\)")
_GAP = re.compile(r"(?<!\\)\{\{\d{1,2}\}\}")
_MARK = re.compile(r"\\([\\`*_{}\[\]()>#+\-.!|])|\*+(?=\S)|(?<=\S)\*+|`+|^(?:>|-|#+|\d+\.) ", re.MULTILINE)


class Status(StrEnum):
    """What became of a question."""

    KEPT = "kept"
    CHANGED = "changed"
    SKIPPED = "skipped"


STATUS_TITLES = {
    Status.KEPT: N_("Kept"),
    Status.CHANGED: N_("Changed"),
    Status.SKIPPED: N_("Left out"),
}


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that did not come along, and what to do about it.

    `template` is the translatable sentence, `values` fill its `%(name)s` places.
    """

    template: str
    values: tuple[tuple[str, str | int], ...] = ()

    @property
    def message(self) -> str:
        """The sentence in English."""
        return self.words(str)

    def words(self, translate: Callable[[str], str]) -> str:
        """The sentence in the reader's language."""
        return translate(self.template) % dict(self.values)


def loss(template: str, **values: str | int) -> Loss:
    """A sentence with its values; texts that came from a file are cut to what fits into a sentence."""
    return Loss(template, tuple((n, shortened(v, VALUE_CHARS) if isinstance(v, str) else v) for n, v in values.items()))


def shortened(text: str, limit: int = TITLE_CHARS) -> str:
    """A text on one line, cut where it gets long."""
    line = " ".join(text[: 4 * limit].split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def title_of(stem: str) -> str:
    """How a question begins, without the marks of Markdown and with a line where a gap is."""
    text = _PICTURE.sub("", stem[: 8 * TITLE_CHARS])
    text = _LINK.sub(r"\1", text)
    text = _GAP.sub("___", text)
    return shortened(_MARK.sub(lambda found: found[1] or "", text))


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one question; `question` is None when it was left out. `number` counts from 1 in its file."""

    number: int
    title: str
    question: Question | None
    losses: tuple[Loss, ...] = ()

    @property
    def status(self) -> Status:
        """Kept whole, changed, or left out."""
        if self.question is None:
            return Status.SKIPPED
        return Status.CHANGED if self.losses else Status.KEPT


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in a file. `problem` says why nothing could be read, `remarks` concern the file as a whole."""

    fates: tuple[Fate, ...] = ()
    remarks: tuple[Loss, ...] = ()
    problem: Loss | None = None
    format: str = ""

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions that came along."""
        return tuple(fate.question for fate in self.fates if fate.question is not None)


@dataclass(frozen=True, slots=True)
class Writing:
    """A written file and what became of each question on the way into it."""

    data: bytes
    fates: tuple[Fate, ...]


class Refused(Exception):
    """A whole file that cannot be read; `loss` says why and what to bring instead."""

    def __init__(self, template: str, **values: str | int) -> None:
        super().__init__(template)
        self.loss = loss(template, **values)


class LeftOut(Exception):
    """A question that has no place on the other side; `loss` says why and what to do."""

    def __init__(self, template: str, **values: str | int) -> None:
        super().__init__(template)
        self.loss = loss(template, **values)


class Exhausted(Exception):
    """The file holds more text than is read at once."""


class Budget:
    """How much text of a file is still converted; it bounds the time a file can take, whatever is in it."""

    def __init__(self, chars: int) -> None:
        self.left = chars

    def spend(self, chars: int) -> None:
        """Take so many signs from what is left. Raises Exhausted."""
        self.left -= chars
        if self.left < 0:
            raise Exhausted


class Losses:
    """What is lost of one question while it is read or written; each sentence stands once."""

    def __init__(self, budget: Budget | None = None) -> None:
        self._found: dict[Loss, None] = {}
        self.budget = budget

    def add(self, template: str, **values: str | int) -> None:
        """Note a loss."""
        self._found[loss(template, **values)] = None

    def all(self) -> tuple[Loss, ...]:
        """The losses in the order in which they were found."""
        return tuple(self._found)


def count(fates: tuple[Fate, ...], status: Status) -> int:
    """How many questions had this fate."""
    return sum(fate.status is status for fate in fates)
