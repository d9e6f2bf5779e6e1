"""Whose words stand in a text that several people write before it is published.

They are followed word by word from save to save. What stays is whose it was, what is new belongs to whoever saved it. A
line that only moved, or that was gone and comes back, is still whose it was: nobody becomes its author by pasting or by
undoing. What is gone counts for nobody. While one person alone writes, there is nothing to follow.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import groupby
from typing import Any

from peerlearn.core.likeness import LINE, alike
from peerlearn.core.rewording import GONE, NEW, SAME, reworded
from peerlearn.lessons import preview
from peerlearn.lessons.fileformat import LessonFile
from peerlearn.lessons.models import Revision
from peerlearn.lessons.rules import Written

NOBODY = 0  # words that none of its authors wrote: of another lesson, or set by the house
REMEMBERED = 200  # lines that are gone and whose they were
LINE_WORDS = 3  # shorter lines are nobody's in particular
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Hands:
    """Whose the words of a text are, in order; and whose the lines were that are gone, the last ones last."""

    runs: tuple[tuple[int, int], ...] = ()  # (person, how many words)
    gone: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Hands:
        """As a revision keeps it."""
        runs = tuple((person_id, count) for person_id, count in stored["runs"])
        return cls(runs, dict(stored["gone"]))

    def stored(self) -> dict[str, Any]:
        """What a revision keeps."""
        return {"runs": [list(run) for run in self.runs], "gone": [list(line) for line in self.gone.items()]}


def all_by(person_id: int, text: str) -> Hands:
    """A text that one person wrote."""
    return Hands(_runs([person_id] * _count(text)))


def followed(hands: Hands, old: str, new: str, by: int) -> Hands:
    """Whose words the new text holds, if this person made it of the old one. Only lines that differ are looked at."""
    before, after = LINE.findall(old), LINE.findall(new)
    head = alike(before, after)
    tail = min(alike(before[::-1], after[::-1]), len(before) - head, len(after) - head)
    olds, news = (list(_lines(lines[head : len(lines) - tail])) for lines in (before, after))
    owners = [person_id for person_id, count in hands.runs for _word in range(count)]
    start = _count("".join(before[:head]))
    end = olds[-1].words.stop + start if olds else start
    middle = owners[start:end] + [NOBODY] * (end - max(start, len(owners)))
    stayed, now = _stayed("".join(line.text for line in olds), "".join(line.text for line in news), middle)
    whose = {line.mark: _most(middle[line.words]) for line in olds if line.mark}
    known = {**hands.gone, **whose}
    for line in news:
        now[line.words] = [known.get(line.mark, by) if owner is None else owner for owner in now[line.words]]
    lost = {line.mark: whose[line.mark] for line in olds if line.mark and not any(stayed[line.words])}
    back = {line.mark for line in news}
    gone = [(mark, owner) for mark, owner in {**hands.gone, **lost}.items() if mark not in back]
    runs = _runs([*owners[:start], *(by if owner is None else owner for owner in now), *owners[end:]])
    return Hands(runs, dict(gone[-REMEMBERED:]))


def written(hands: Hands, source: str, file: LessonFile) -> dict[int, Written]:
    """What each person wrote of the cards and questions of a text. A question of several is divided by their words."""
    owners = _owners(hands, source)
    counts = [Counter[int]() for _part in range(len(file.cards) + len(file.questions))]
    parts = preview.parts_of(file, ())
    at = number = 0
    for line, text in enumerate(source.split("\n"), start=1):
        count = _count(text)
        while number < len(parts) and line > parts[number].last:
            number += 1
        if number < len(parts) and line >= parts[number].first:
            counts[number].update(owners[at : at + count])
        at += count
    found: dict[int, Written] = {}
    for part, count_of in zip(parts, counts, strict=True):
        for person_id, words in count_of.items():
            had = found.get(person_id, Written())
            is_card = part.sort == "card"
            found[person_id] = Written(
                had.words + (words if is_card else 0), had.items + (0 if is_card else words / count_of.total())
            )
    return found


def part_new(old: str, new: str) -> float:
    """Which part of the words of a text are new against an earlier one: 0 for none, 1 for all."""
    came = sum(_count(part.text) for part in reworded(old, new) if part.sort == NEW)
    return came / max(1, _count(new))


# of revisions


def of(revision: Revision) -> Hands:
    """Whose words a revision holds. As long as nothing else is kept, all of them are its writer's."""
    return Hands.read(revision.hands) if revision.hands else all_by(revision.writer_id, revision.source)


def pass_on(revision: Revision, source: str, by: int) -> None:
    """A draft is about to become this text. Of a lesson that was published, shares are fixed: nothing is followed."""
    is_alone = revision.hands is None and by in (revision.writer_id, NOBODY)
    if revision.base_id is None and not is_alone:
        revision.hands = followed(of(revision), revision.source, source, by).stored()


def taken_over(before: Revision, source: str, by: int) -> dict[str, Any] | None:
    """What a new draft keeps that goes on from an earlier one; None where all of it is by whoever begins it."""
    hands = of(before) if before.source == source else followed(of(before), before.source, source, by)
    return None if {person_id for person_id, _count in hands.runs} <= {by} else hands.stored()


# how it is done


def _count(text: str) -> int:
    return len(_WORD.findall(text))


def _owners(hands: Hands, text: str) -> list[int]:
    """The owner of each word; as many as the text has, whatever happened to it in between."""
    count = _count(text)
    owners = [person_id for person_id, words in hands.runs for _word in range(words)][:count]
    return owners + [NOBODY] * (count - len(owners))


def _runs(owners: Iterable[int]) -> tuple[tuple[int, int], ...]:
    return tuple((person_id, sum(1 for _word in words)) for person_id, words in groupby(owners))


def _stayed(old: str, new: str, owners: Sequence[int]) -> tuple[list[bool], list[int | None]]:
    """Which words of the old text stayed, and whose those of the new one are: None for a new word."""
    stayed: list[bool] = []
    now: list[int | None] = []
    for part in reworded(old, new):
        count = _count(part.text)
        if part.sort == SAME:
            now += owners[len(stayed) : len(stayed) + count]
        if part.sort in (SAME, GONE):
            stayed += [part.sort == SAME] * count
        if part.sort == NEW:
            now += [None] * count
    return stayed, now


@dataclass(frozen=True, slots=True)
class _Line:
    """A line, which words of the text are its own, and by what it is known again; short lines are not."""

    text: str
    words: slice
    mark: str = ""


def _lines(lines: Iterable[str]) -> Iterator[_Line]:
    at = 0
    for text in lines:
        words = _WORD.findall(text)
        is_known = len(words) >= LINE_WORDS
        mark = blake2b(" ".join(words).encode(), digest_size=6).hexdigest() if is_known else ""
        yield _Line(text, slice(at, at + len(words)), mark)
        at += len(words)


def _most(owners: Sequence[int]) -> int:
    return Counter(owners).most_common(1)[0][0]
