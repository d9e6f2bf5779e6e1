"""What a decision about a faulty question means for one person: marks, scores, and with which attempt they pass.

Where the key was wrong, a first answer is marked by the new one. A later answer was given after our wrong key had been
shown: it keeps the mark it had, if that was better, because nobody answers for what we taught them. Where everybody
gets full marks or the question is left out, nobody loses a pass: nothing was shown against them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from peerlearn.quizzes import rules as quizzes


class Ruling(StrEnum):
    """What was decided about the answers to a faulty question."""

    KEY = "key"  # its key was wrong: they are marked by the right one
    FULL = "full"  # everybody gets full marks
    LEFT_OUT = "left_out"  # it counts for nothing, as if it had not been asked

    @property
    def takes_passes(self) -> bool:
        """Whether a pass may be lost: only a right key shows that something was not known."""
        return self is Ruling.KEY


@dataclass(frozen=True)
class Row:
    """One question of an attempt. `fresh` is its mark by the ruling, None where that is about another question.

    `answer` is what was answered, as it is stored from now on.
    """

    id: int
    place: int  # the item in whose place it was asked
    mark: float
    fresh: float | None = None
    counts: bool = True
    answer: Mapping[str, Any] | None = None
    was_shown: bool = False  # before it, the person had met our wrong key elsewhere, or was promised full marks
    is_told: bool = False  # its answer had been told before

    @property
    def is_right(self) -> bool:
        """Right means full marks."""
        return self.mark == 1


@dataclass(frozen=True)
class Try:
    """One attempt as far as marks go; `carried` places were right in earlier ones and are not among its rows."""

    id: int
    major: int
    total: int
    carried: int
    percent: int
    rows: tuple[Row, ...]
    is_finished: bool = True
    is_scored: bool = True
    is_passed: bool = False

    @property
    def score(self) -> float:
        """Its marks together."""
        return self.carried + sum(row.mark for row in self.rows if row.counts)

    @property
    def right(self) -> int:
        """How many of its questions are right."""
        return sum(row.is_right for row in self.rows if row.counts)

    @property
    def would_pass(self) -> bool:
        """Whether its marks are enough."""
        return self.is_finished and self.is_scored and self.total > 0 and self._is_enough(self.score)

    @property
    def rests_on_told(self) -> bool:
        """Whether its marks are enough only with answers that had been told before."""
        told = sum(row.mark for row in self.rows if row.counts and row.is_told)
        return self._is_enough(self.score) and not self._is_enough(self.score - told)

    def _is_enough(self, score: float) -> bool:
        return round(score, 9) >= quizzes.pass_mark(self.total, self.percent)


def marked_again(tries: Sequence[Try], ruling: Ruling = Ruling.KEY) -> list[Try]:
    """All attempts of a person at one lesson, the earliest first, as they are by the ruling."""
    found = [_without(one) for one in tries] if ruling is Ruling.LEFT_OUT else _with_fresh_marks(tries)
    carried = [_with_carried(tries, found, at, ruling) for at in range(len(found))]
    return _passing(tries, carried, ruling)


def _with_fresh_marks(tries: Sequence[Try]) -> list[Try]:
    found: list[Try] = []
    answered = False
    for one in tries:
        rows = []
        for row in one.rows:
            if row.fresh is not None:
                row = replace(row, mark=max(row.fresh, row.mark) if answered or row.was_shown else row.fresh)
                answered = True
            rows.append(row)
        found.append(replace(one, rows=tuple(rows)))
    return found


def _without(one: Try) -> Try:
    """An attempt as if the question had not been asked in it."""
    left = sum(row.counts for row in one.rows if row.fresh is not None)
    return replace(one, rows=tuple(row for row in one.rows if row.fresh is None), total=one.total - left)


def _with_carried(before: Sequence[Try], after: Sequence[Try], at: int, ruling: Ruling) -> Try:
    """An attempt without the places that it carried and that were never right, or are no more."""
    here = after[at]
    asked = {row.place for row in before[at].rows}
    lost = (_right(before[:at], here.major) - _right(after[:at], here.major)) - asked
    carried = max(0, here.carried - len(lost))
    gone = here.carried - carried if ruling is Ruling.LEFT_OUT else 0
    return replace(here, carried=carried, total=here.total - gone)


def _right(tries: Sequence[Try], major: int) -> set[int]:
    return {row.place for one in tries if one.major == major and one.is_finished for row in one.rows if row.is_right}


def _passing(before: Sequence[Try], after: Sequence[Try], ruling: Ruling) -> list[Try]:
    """Of each version the first attempt that is enough passes; one whose marks stayed was judged before."""
    passed: set[int] = set()
    found = []
    for was, one in zip(before, after, strict=True):
        is_kept = was.is_passed and (one.score == was.score or not ruling.takes_passes)
        passes = (one.would_pass or is_kept) and one.major not in passed
        passed |= {one.major} if passes else set()
        found.append(replace(one, is_passed=passes))
    return found


@dataclass(frozen=True)
class PassChange:
    """A version of a lesson that a person passes with another attempt than before; None: with none."""

    major: int
    before: Try | None
    after: Try | None


def changes_of_pass(before: Sequence[Try], after: Sequence[Try]) -> list[PassChange]:
    """For which versions the attempt that passes is another one now."""
    was = {one.major: one for one in before if one.is_passed}
    now = {one.major: one for one in after if one.is_passed}
    return [
        PassChange(major, was.get(major), now.get(major))
        for major in sorted({*was, *now})
        if (was[major].id if major in was else None) != (now[major].id if major in now else None)
    ]
