"""The pictures and links of a lesson, in whatever text of it they stand, as they are shown to readers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from peerlearn.core import allowance, markdown
from peerlearn.core.complexity import TooComplex
from peerlearn.core.outline import Outline
from peerlearn.lessons.fileformat import LessonFile
from peerlearn.quizzes.question import texts


@dataclass(frozen=True)
class Shown:
    """A text of a lesson and what is in it."""

    first: int  # its first line in the file, or that of the answer or question it belongs to
    outline: Outline
    is_card: bool
    trouble: TooComplex | None = None  # why it cannot be shown
    part_line: int = 1  # where its card or question begins

    def line(self, number: int) -> int:
        """Where in the file this line of it stands; what a question says stands at its line."""
        return self.first + number - 1 if self.is_card else self.first


def outlined(file: LessonFile) -> tuple[Shown, ...]:
    """All texts of a lesson that are shown as Markdown, cards first; they share the time of one text."""
    with allowance.shared(markdown.RENDER_SECONDS):
        return tuple(_all_texts(file))


def outline_of(words: str, *, inline: bool = False) -> Outline:
    """What is in one text; nothing where it takes too long to show."""
    return _shown(1, words, inline=inline).outline


def _all_texts(file: LessonFile) -> Iterator[Shown]:
    for card in file.cards:
        yield _shown(card.body_line, card.body, is_card=True, part_line=card.line)
    for question in file.questions:
        for line, words, is_line in texts(question):
            yield _shown(line, words, inline=is_line, part_line=question.line)


def _shown(first: int, words: str, *, inline: bool = False, is_card: bool = False, part_line: int = 1) -> Shown:
    try:
        return Shown(first, markdown.outline(words, inline=inline), is_card)
    except TooComplex as trouble:
        return Shown(first, Outline(), is_card, trouble, part_line)
