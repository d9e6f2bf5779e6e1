"""Which answers of a row a cell names: by their numbers or letters, or by their texts. Nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from peerlearn.core.words import N_
from peerlearn.quizzes.exchange.report import Losses

BAD_RIGHT = N_("“%(right)s” does not say which answer is right. Write its number, as in 2, or 1, 3.")
TWO_WAYS = N_(
    "“%(right)s” may be the numbers of answers or their texts, and these are not the same answers. "
    "Write “answer 2” for the second."
)
BAD_STAYS = N_("“%(stays)s” does not say which answers stay at the end. Write their numbers, as in 2, or 1, 3.")

_NAMED = re.compile(r"\b(?:answer|option|choice) ?#? ?(?=(?:\d{1,2}|[a-j])\b)", re.ASCII)
_BETWEEN = re.compile(r"[\s,;/|&+]+")
_NUMBER = re.compile(r"(\d{1,2})(?:\.0)?", re.ASCII)
_LETTER = re.compile(r"[a-j]")
_WHOLE = re.compile(r"(-?\d+)\.0", re.ASCII)
_LISTS = (re.compile(r"(?!)"), *map(re.compile, (";", r"\|", r"\n", ",", "/", r"[;|\n,/]")))


def right_answers(said: str, answers: Mapping[int, str], losses: Losses) -> set[int]:
    """The numbers of the answers that are said to be right; none where that cannot be told, and then it is a loss."""
    if not said:
        return set()
    numbered, spelt = _by_number(said, answers), _by_text(said, answers)
    if numbered and spelt and numbered != spelt and not _NAMED.search(said.lower()):
        losses.add(TWO_WAYS, right=said)
        return set()
    found = numbered or spelt
    if not found:
        losses.add(BAD_RIGHT, right=said)
    return found


def staying(said: str, answers: Mapping[int, str], losses: Losses) -> set[int]:
    """The numbers of the answers that stay where they are; none where that cannot be told, and then it is a loss."""
    found = _by_number(said, answers)
    if said and not found:
        losses.add(BAD_STAYS, stays=said)
    return found


def written(right: Iterable[int], answers: Mapping[int, str]) -> str:
    """The numbers as `right_answers` reads them again, said longer where they could be texts of answers too."""
    listed = sorted(right)
    short = ", ".join(map(str, listed))
    if right_answers(short, answers, Losses()) == set(listed):
        return short
    return ", ".join(f"answer {number}" for number in listed)


def _by_number(said: str, answers: Mapping[int, str]) -> set[int]:
    """Numbers or letters in a list: `2`, `1, 3`, `A;C`, `answer 2`, and `2.0`, as spreadsheets write numbers.

    None at all where a single one is something else, or no answer stands there.
    """
    words = (word.strip("()[].:") for word in _BETWEEN.split(_NAMED.sub("", said.lower())))
    found = {_place(word) for word in words if word not in ("", "and")}
    return {place for place in found if place} if found <= set(answers) else set()


def _place(word: str) -> int:
    if number := _NUMBER.fullmatch(word):
        return int(number[1])
    return ord(word) - ord("a") + 1 if _LETTER.fullmatch(word) else 0


def _by_text(said: str, answers: Mapping[int, str]) -> set[int]:
    """The answers whose texts these are, alone or in a list."""
    return next(filter(None, (_all_of(sign.split(said), answers) for sign in _LISTS)), set())


def _all_of(texts: Iterable[str], answers: Mapping[int, str]) -> set[int]:
    """The one answer for each text; none at all where one belongs to no answer, or to several."""
    found: set[int] = set()
    for text in texts:
        same = [n for n, answer in answers.items() if answer == text.strip()]
        alike = same or [n for n, answer in answers.items() if _folded(answer) == _folded(text)]
        if len(alike) != 1:
            return set()
        found.update(alike)
    return found


def _folded(text: str) -> str:
    line = " ".join(text.casefold().split())
    whole = _WHOLE.fullmatch(line)
    return whole[1] if whole else line
