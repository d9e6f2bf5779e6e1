"""What is a small edit: one that mends words and leaves alone everything that anybody could learn wrongly from.

It is a rule over the two texts alone. Whoever is trusted may publish small edits without a review.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from peerlearn.lessons.fileformat import LessonFile

_WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)*")
_NUMBER = re.compile(r"\d(?:[\d.,:/]*\d)?")
_LINK = re.compile(
    r"\]\([^)\s]*|\]\[[^\]]*\]|^\[[^\]]+\]:.*$|https?://[^\s)>]+|\[\[[^\]]*\]\]|/media/\w+", re.MULTILINE
)
_CODE = re.compile(r"```.*?```|~~~.*?~~~|`[^`]*`", re.DOTALL)
_SIGN = re.compile(r"[<>=≤≥±×÷%€$£°§]|[+−-](?=\s?\d)|^\s*(?:[-*+]|\d+[.)]|!!!.*$|\||#+)", re.MULTILINE)
_TURNING = re.compile(
    r"\b(?:no|not|never|none|nobody|nothing|neither|nor|without|only|unless|except|must|may|can|should|always|all|every|any"
    r"|before|after|until|first|last|more|less|least|most|above|below|if|or|and|but|cannot|\w+n[’']t)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers of small edits."""

    words: int = 10  # that are new or gone, in the whole lesson
    share: float = 0.05  # of its words


POLICY = Policy()


def is_small(old: LessonFile, new: LessonFile, policy: Policy = POLICY) -> bool:
    """Whether an edit is small: few words, and no question, key, link, picture, number, code or sign.

    Nor a title, a topic, or a word that turns a sentence round, such as “not” or “before”.
    """
    if not (old.ok and new.ok) or replace(old.front, summary="") != replace(new.front, summary=""):
        return False
    if [replace(one, line=0) for one in old.questions] != [replace(one, line=0) for one in new.questions]:
        return False
    if [card.title for card in old.cards] != [card.title for card in new.cards]:
        return False
    before, after = _text(old), _text(new)
    if before == after or any(_kept(pattern, before) != _kept(pattern, after) for pattern in _FIXED):
        return False
    if _turns(before) != _turns(after):
        return False
    words, count = _WORD.findall(before), changed(before, after)
    return count <= policy.words and count <= policy.share * len(words)


def changed(before: str, after: str) -> int:
    """How many words are new or gone; a word in another's place counts once."""
    matcher = SequenceMatcher(None, _WORD.findall(before), _WORD.findall(after), autojunk=False)
    return sum(max(i2 - i1, j2 - j1) for tag, i1, i2, j1, j2 in matcher.get_opcodes() if tag != "equal")


_FIXED = (_NUMBER, _LINK, _CODE, _SIGN)


def _kept(pattern: re.Pattern[str], text: str) -> list[str]:
    return pattern.findall(text)


def _turns(text: str) -> Counter[str]:
    return Counter(word.casefold() for word in _TURNING.findall(text))


def _text(file: LessonFile) -> str:
    return "\n\n".join(_parts(file))


def _parts(file: LessonFile) -> Iterator[str]:
    yield file.front.summary
    for card in file.cards:
        yield card.body
