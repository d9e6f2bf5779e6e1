"""What is a small edit: one that mends words and leaves alone everything that anybody could learn wrongly from.

It is a rule over the two texts alone. Whoever is trusted may publish small edits without a review. In a language for
which nobody listed the words that turn a sentence round, no edit is small.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from peerlearn.lessons import turning
from peerlearn.lessons.fileformat import LessonFile

_WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)*")
_NUMBER = re.compile(r"\d(?:[\d.,:/]*\d)?(?:\s?[°%‰]?[^\W\d_]+)?")  # with what it counts
_LINK = re.compile(
    r"\]\([^)\s]*|\]\[[^\]]*\]|^\[[^\]]+\]:.*$|https?://[^\s)>]+|\[\[[^\]]*\]\]|/media/\w+", re.MULTILINE
)
_CODE = re.compile(r"```.*?```|~~~.*?~~~|`[^`]*`", re.DOTALL)
_SIGN = re.compile(r"[<>=≤≥±×÷%€$£°§]|[+−-](?=\s?\d)|^\s*(?:[-*+]|\d+[.)]|!!!.*$|\||#+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers of small edits."""

    words: int = 10  # that are new or gone, in the whole lesson
    share: float = 0.05  # of its words


POLICY = Policy()


def is_small(old: LessonFile, new: LessonFile, policy: Policy = POLICY) -> bool:
    """Whether an edit is small: few words, and no question, key, link, picture, number, code or sign.

    Nor a title, a topic, a word that moved, or one that turns a sentence round, such as “not”, “before” or “red”.
    """
    turning_words = turning.list_of(new.front.language)
    if turning_words is None:
        return False
    if not (old.ok and new.ok) or replace(old.front, summary="") != replace(new.front, summary=""):
        return False
    if [replace(one, line=0) for one in old.questions] != [replace(one, line=0) for one in new.questions]:
        return False
    if [card.title for card in old.cards] != [card.title for card in new.cards]:
        return False
    before, after = _text(old), _text(new)
    if before == after or any(_kept(pattern, before) != _kept(pattern, after) for pattern in _FIXED):
        return False
    edits = _edits(before, after)
    gone, came = ({word for edit in edits for word in edit[side]} for side in (0, 1))
    if gone & came or turning.turns(gone, came, turning_words):
        return False
    count = _count(edits)
    return count <= policy.words and count <= policy.share * len(_WORD.findall(before))


def puts_back(put_in: LessonFile, before: LessonFile, new: LessonFile, now: LessonFile) -> bool:
    """Whether an edit of `now` touches lines that stand there since a curator made `put_in` of the text `before`."""
    return not (_lines(put_in) - _lines(before)) & _lines(now) <= _lines(new)


def changed(before: str, after: str) -> int:
    """How many words are new or gone; a word in another's place counts once."""
    return _count(_edits(before, after))


def _edits(before: str, after: str) -> list[tuple[list[str], list[str]]]:
    """The words that are gone and those that came in their place, from top to bottom."""
    olds, news = _WORD.findall(before), _WORD.findall(after)
    parts = SequenceMatcher(None, olds, news, autojunk=False).get_opcodes()
    return [(olds[i1:i2], news[j1:j2]) for tag, i1, i2, j1, j2 in parts if tag != "equal"]


def _count(edits: list[tuple[list[str], list[str]]]) -> int:
    return sum(max(len(gone), len(came)) for gone, came in edits)


_FIXED = (_NUMBER, _LINK, _CODE, _SIGN)


def _kept(pattern: re.Pattern[str], text: str) -> list[str]:
    return pattern.findall(text)


def _lines(file: LessonFile) -> frozenset[str]:
    return frozenset(_text(file).splitlines())


def _text(file: LessonFile) -> str:
    return "\n\n".join(_parts(file))


def _parts(file: LessonFile) -> Iterator[str]:
    yield file.front.summary
    for card in file.cards:
        yield card.body
