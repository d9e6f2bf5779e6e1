"""When two typed texts mean the same, and when one is only misspelt."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from operator import or_

LETTERS_PER_SLIP = 6

_ENDED = re.compile(r"(?: ?[!?;:]|[.,])+$")
_AROUND = ("''", '""', "()", "[]")
_WITHIN = frozenset(" '.,&-")

# What keyboards and word processors put in place of what was typed, and what nobody can see.
_TYPED_AS = str.maketrans(
    dict.fromkeys("‘’‚‛′`´", "'")
    | dict.fromkeys("“”„‟″«»", '"')
    | dict.fromkeys("‐‑‒–−", "-")
    | {"—": "--", "\u00ad": "", "\u200b": "", "\u2060": ""}
)


def fold(text: str) -> str:
    """The text as it is compared: Unicode-normalised, without case, straight quotes and dashes, spaces folded."""
    whole = unicodedata.normalize("NFKC", text.translate(_TYPED_AS))
    folded = unicodedata.normalize("NFKC", whole.casefold()).replace("i\u0307", "i")
    return " ".join(folded.split())


def matches(typed: str, accepted: Iterable[str]) -> bool:
    """Whether the typed text is one of the accepted forms; words may end like a sentence or stand in quotes."""
    mine = fold(typed)
    bare = _unquoted(mine)
    return any(mine == form or (bare == form and _is_words(form)) for form in map(fold, accepted))


def nearly(typed: str, accepted: Iterable[str]) -> bool:
    """Whether the typed text is an accepted form but for one slip per six characters.

    A slip is a letter too many, missing, wrong, or swapped with its neighbour; accents left out or wrong are one slip
    even in short words. Digits are never a slip of spelling.
    """
    mine = fold(typed)
    bare = _unquoted(mine)
    return any(_near(bare if _is_words(form) else mine, form) for form in map(fold, accepted))


def _near(typed: str, form: str) -> bool:
    from rapidfuzz.distance import OSA

    if typed != form and _bare(typed) == _bare(form) != "":
        return True
    allowed = len(form) // LETTERS_PER_SLIP
    if not allowed or _digits(typed) != _digits(form):
        return False
    return 0 < OSA.distance(typed, form, score_cutoff=allowed) <= allowed


def _unquoted(text: str) -> str:
    """A folded text without the signs of a sentence at its ends, and without quotes or brackets around it."""
    before = None
    while text != before:
        before, text = text, _ENDED.sub("", text.lstrip("¿¡"))
        if len(text) > 2 and text[0] + text[-1] in _AROUND:
            text = text[1:-1].strip()
    return text


def _is_words(form: str) -> bool:
    """Whether a folded form is words, to which a sign at an end adds nothing: not `C++`, `.env`, `-1` or `:q`."""
    letters = [unicodedata.category(c)[0] in "LNM" for c in form]
    return bool(form) and letters[0] and letters[-1] and all(map(or_, letters, (c in _WITHIN for c in form)))


def _bare(text: str) -> str:
    """The text without its accents."""
    parts = unicodedata.normalize("NFD", text)
    return "".join(c for c in parts if not unicodedata.combining(c))


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())
