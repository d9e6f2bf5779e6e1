"""Words as people type them: cleaned, compared, shortened."""

from __future__ import annotations

import re
import unicodedata

from peerlearn.core.errors import NotValid
from peerlearn.core.words import N_

_DROPPED_IN_LINES = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_FOLDED_IN_LINES = frozenset("\t\n\v\f\r\x85\u2028\u2029")
_JOINERS = frozenset("\u200c\u200d")
"""Zero-width joiners belong to emoji and to some scripts; elsewhere they only hide."""
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Signs that count as letters or marks and show nothing."""
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_SHINGLE = 3
_COMPARED_WORDS = 5_000
_SPELLED = str.maketrans(
    {
        "ß": "ss",
        "ẞ": "ss",
        "ø": "o",
        "Ø": "o",
        "ł": "l",
        "Ł": "l",
        "æ": "ae",
        "Æ": "ae",
        "œ": "oe",
        "Œ": "oe",
        "đ": "d",
    }
    | {"Đ": "d", "ð": "d", "Ð": "d", "þ": "th", "Þ": "th", "ı": "i"}
)
_NEUTRAL_SCRIPTS = frozenset({"COMMON"})
_WRITTEN_TOGETHER = (
    frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "CJK", "HANGUL"}),
    frozenset({"LATIN", "CJK", "BOPOMOFO"}),
)
_SCRIPT_NAMES = {"FULLWIDTH": "LATIN", "HALFWIDTH": "KATAKANA", "KATAKANA-HIRAGANA": "KATAKANA"}


class NotText(NotValid, ValueError):
    """What came in can not be kept as text."""


def clean_line(text: str) -> str:
    """A one-line text (name, title) as it is kept: nothing invisible in it, single spaces, none around it."""
    folded = "".join(" " if sign in _FOLDED_IN_LINES else sign for sign in unicodedata.normalize("NFKC", text))
    kept = [
        sign for place, sign in enumerate(folded) if _is_shown(sign) or (sign in _JOINERS and _joins(folded, place))
    ]
    return " ".join(unicodedata.normalize("NFKC", "".join(kept)).split())


def clean_block(text: str) -> str:
    """A text of several lines as it is kept: line ends are `\\n`, the rest is as it was typed.

    Direction signs stay: they are shown as visible marks when the text is rendered. Raises NotText for NUL and for
    halves of signs, which no database takes.
    """
    if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise NotText(
            N_("This text contains signs that can not be stored. Please type it anew or paste it as plain text.")
        )
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")


def slugify(text: str, *, limit: int = 60) -> str:
    """The text as a part of an address: `Über uns` becomes `uber-uns`. Empty when nothing of it can be spelled so."""
    plain = unicodedata.normalize("NFKD", text.translate(_SPELLED)).encode("ascii", "ignore").decode().lower()
    slug = _NOT_SLUG.sub("-", plain.replace("'", "")).strip("-")
    if len(slug) <= limit:
        return slug
    shortened, _, _ = slug[: limit + 1].rpartition("-")
    return (shortened or slug[:limit]).strip("-")


def name_key(name: str) -> str:
    """What two names must differ in to be two names: case, width and spaces do not count."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", clean_line(name)).casefold())


def is_mixed_script(text: str) -> bool:
    """Whether one word mixes writing systems that are not written together, as look-alikes of names do (`аdmin`)."""
    return any(_is_mixed(_scripts(word)) for word in re.split(r"[^\w]+", text))


def initials(name: str) -> str:
    """One or two letters that stand for a person without a picture."""
    words = [word for word in re.split(r"[\s._-]+", clean_line(name)) if word[:1].isalnum()]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def excerpt(text: str, limit: int = 160) -> str:
    """The beginning of a text on one line, ending after a whole word."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    cut = line[:limit]
    whole, space, _ = cut.rpartition(" ")
    return (whole if space and len(whole) > limit // 2 else cut[: limit - 1]).rstrip(" ,;:.–-") + "…"


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared: without case, width and punctuation."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def shared(one: frozenset[int], other: frozenset[int]) -> float:
    """How much two texts share, 0 to 1: the part of all their shingles that stands in both (Jaccard)."""
    return len(one & other) / max(1, len(one | other))


def shingles(text: str) -> frozenset[int]:
    """What a text is compared by: its runs of three words, each as a number that holds as long as this process."""
    words = words_of(text)[:_COMPARED_WORDS]
    if len(words) < _SHINGLE:
        return frozenset({hash(tuple(words))}) if words else frozenset()
    return frozenset(map(hash, zip(words, words[1:], words[2:], strict=False)))


def title_similarity(one: str, other: str) -> float:
    """How alike two titles are, 0 to 1, whatever the order of their words."""
    from rapidfuzz import fuzz

    return float(fuzz.token_sort_ratio(" ".join(words_of(one)), " ".join(words_of(other)))) / 100


def _is_shown(sign: str) -> bool:
    return unicodedata.category(sign) not in _DROPPED_IN_LINES and sign not in _BLANK


def _joins(text: str, place: int) -> bool:
    """Whether a joiner stands between signs that are joined: emoji, or letters of a script that uses it."""
    if not 0 < place < len(text) - 1:
        return False
    return all(_takes_joiner(sign) for sign in (text[place - 1], text[place + 1]))


def _takes_joiner(sign: str) -> bool:
    if unicodedata.category(sign) in ("So", "Sk", "Mn") or sign == "\ufe0f":
        return True
    return unicodedata.category(sign)[0] in "LM" and _script(sign) not in (
        "LATIN",
        "CYRILLIC",
        "GREEK",
        "CJK",
    )


def _script(sign: str) -> str:
    """The writing system of a letter, as its Unicode name begins; COMMON for everything that is no letter."""
    if not unicodedata.category(sign).startswith("L"):
        return "COMMON"
    first = unicodedata.name(sign, "COMMON").split(" ")[0]
    return _SCRIPT_NAMES.get(first, first)


def _scripts(word: str) -> frozenset[str]:
    return frozenset(_script(sign) for sign in unicodedata.normalize("NFKC", word)) - _NEUTRAL_SCRIPTS


def _is_mixed(scripts: frozenset[str]) -> bool:
    return len(scripts) > 1 and not any(scripts <= together for together in _WRITTEN_TOGETHER)
