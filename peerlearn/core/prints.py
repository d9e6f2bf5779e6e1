"""What a text and a title leave behind, so that one that says nearly the same is found by an index.

A text is taken as its runs of four words. Of the numbers that these come to, the smallest are its prints: which ones
that are does not depend on the order of the text, so two texts that share a third of their runs share about a third of
their prints. A title is taken as the beginnings of its words, and its prints are these with up to two left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from itertools import combinations

from peerlearn.core import text

RUN = 4  # words
OF_TEXT = 64
LEFT_OUT = 2  # words of a title that may differ
LONG, FEW = 3, 3  # letters of a word that tells titles apart, unless there are fewer of these
BEGINNING = 3  # letters: a word may be in another form
OF_TITLE = 12  # words


def of_text(source: str) -> frozenset[int]:
    """The prints of a text, at most 64 however long it is."""
    words = text.words_of(source)
    runs = {" ".join(run) for run in zip(*(words[start:] for start in range(RUN)), strict=False)}
    return frozenset(sorted(_numbers("text", runs))[:OF_TEXT])


def of_title(title: str) -> frozenset[int]:
    """The prints of a title, at most 80."""
    key = text.name_key(title)
    words = text.words_of(key)
    long = [word for word in words if len(word) >= LONG]
    kept = sorted({word[:BEGINNING] for word in (long if len(long) >= FEW else words)})[:OF_TITLE]
    fewest = max(1, len(kept) - LEFT_OUT)
    left = (" ".join(some) for count in range(fewest, len(kept) + 1) for some in combinations(kept, count))
    return frozenset(_numbers("title", {key, *left}))


def _numbers(sort: str, parts: Iterable[str]) -> list[int]:
    """Parts as numbers that a database keeps as they are: 63 bits."""
    person = sort.encode()
    return [int.from_bytes(blake2b(part.encode(), digest_size=8, person=person).digest()) >> 1 for part in parts]
