"""What is a small edit: one that mends words and leaves alone everything that anybody could learn wrongly from.

It is a rule over the two texts alone. Whoever is trusted may publish small edits without a review. In a language for
which nobody listed the words that turn a sentence round, no edit is small.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from peerlearn.lessons import phrases, turning
from peerlearn.lessons.fileformat import LessonFile

_WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)*")

_Edit = tuple[list[str], list[str]]
MOST_COMPARED = 500  # words of one phrase


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers of small edits."""

    words: int = 10  # that are new or gone, in the whole lesson
    share: float = 0.05  # of its words


POLICY = Policy()


def is_small(old: LessonFile, new: LessonFile, policy: Policy = POLICY) -> bool:
    """Whether an edit is small: few words, each in its place, and nothing around them that holds a text together.

    So no question, key, title, topic, link, picture, number or code, no structure, no sign that parts or joins clauses,
    nor a word that moved, or one that turns a sentence round, such as “not”, “before” or “red”.
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
    pairs = [pair for pair in zip(_parts(old), _parts(new), strict=True) if pair[0] != pair[1]]
    mended: list[_Edit] = []
    for before, after in pairs:
        part = _mended(before, after)
        if part is None:
            return False
        mended += part
    if not pairs or len(mended) > policy.words:
        return False
    edits = [edit for olds, news in mended for edit in _edits(olds, news, _begun_small)]
    gone, came = ({word for edit in edits for word in edit[side]} for side in (0, 1))
    has_moved = {*map(str.casefold, gone)} & {*map(str.casefold, came)}
    if has_moved or turning.turns(gone, came, turning_words):
        return False
    count = sum(_count(_edits(*edit)) for edit in mended)
    return count <= policy.words and count <= policy.share * len(_WORD.findall(_text(old)))


def puts_back(put_in: LessonFile, before: LessonFile, new: LessonFile, now: LessonFile) -> bool:
    """Whether an edit of `now` touches lines that stand there since a curator made `put_in` of the text `before`."""
    return not (_lines(put_in) - _lines(before)) & _lines(now) <= _lines(new)


def changed(before: str, after: str) -> int:
    """How many words are new or gone; a word in another's place counts once."""
    return _count(_edits(_WORD.findall(before), _WORD.findall(after)))


def _count(edits: list[_Edit]) -> int:
    return sum(max(map(len, edit)) for edit in edits)


def _edits(olds: list[str], news: list[str], key: Callable[[str], str] = str) -> list[_Edit]:
    """The words that are gone and those that came in their place, from first to last.

    Where two edits are further apart than a sentence can be, all between them counts: comparing would take too long.
    """
    same = [key(old) == key(new) for old, new in zip(olds, news, strict=False)]
    head = same.index(False) if False in same else len(same)
    olds, news = olds[head:], news[head:]
    tail = 0
    while tail < min(len(olds), len(news)) and key(olds[-1 - tail]) == key(news[-1 - tail]):
        tail += 1
    olds, news = olds[: len(olds) - tail], news[: len(news) - tail]
    if max(len(olds), len(news)) > MOST_COMPARED:
        return [(olds, news)]
    parts = SequenceMatcher(None, list(map(key, olds)), list(map(key, news)), autojunk=False).get_opcodes()
    return [(olds[i1:i2], news[j1:j2]) for tag, i1, i2, j1, j2 in parts if tag != "equal"]


def _mended(before: str, after: str) -> list[_Edit] | None:
    """The phrases of a part whose words are mended; None where more than words is changed."""
    old, new = phrases.read(before), phrases.read(after)
    if old is None or new is None or old.between != new.between:
        return None
    pairs = zip(old.phrases, new.phrases, strict=True)
    return [(olds, news) for olds, news in pairs if olds != news]


def _begun_small(word: str) -> str:
    """A word with another first letter, a capital or a small one, is the same word."""
    return word[:1].casefold() + word[1:]


def _lines(file: LessonFile) -> frozenset[str]:
    return frozenset(_text(file).splitlines())


def _text(file: LessonFile) -> str:
    return "\n\n".join(_parts(file))


def _parts(file: LessonFile) -> Iterator[str]:
    yield file.front.summary
    for card in file.cards:
        yield card.body
