"""Lint rules about how easily a text reads: short sentences, and words that are not harder than they need to be.

How hard a text is, is estimated by a formula that was made for its language. A formula counts, it does not understand:
so what it finds is a hint, about a whole card, and where no formula fits nothing is said.

English: Flesch-Kincaid grade level (Kincaid, Fishburne, Rogers and Chissom, 1975). German: Flesch (Amstad, 1978).
French: Kandel and Moles (1958). Spanish: Fernández Huerta (1959). Italian: Gulpease (Lucisano and Piemontese, 1988).
Danish, Dutch, Norwegian and Swedish: LIX (Björnsson, 1968).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from peerlearn.core import text
from peerlearn.core.words import N_, Said
from peerlearn.lessons.inspection import CODE_SPAN, Found, Subject, rule, say

_ADDRESS = re.compile(r"\]\([^()\s]{0,2000}\)?|https?://[^\s)>\]]{1,2000}")
_SKIPPED = ("|", "#", "![", "<", "!!!", "[^")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)])\s|\s*>|:\s")
_END = re.compile(r"(?<=[.!?…。！？])[\"'”’»)*_]{0,4}\s+")
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with the line on which it begins."""

    line: int
    words: tuple[str, ...]


def sentences(lines: Sequence[tuple[int, str]]) -> Iterator[Sentence]:
    """The sentences of a card: what ends with a full stop, with a paragraph or with an entry of a list."""
    for paragraph in _paragraphs(lines):
        joined = "\n".join(CODE_SPAN.sub("code", line) for _, line in paragraph)
        begin = place = 0
        for end in chain(_END.finditer(joined), (None,)):
            part = joined[begin : end.start() if end else len(joined)]
            words = text.words_of(_ADDRESS.sub("]", part))
            if words:
                yield Sentence(paragraph[min(place, len(paragraph) - 1)][0], tuple(words))
            if end:
                place += joined.count("\n", begin, end.end())
                begin = end.end()


def _paragraphs(lines: Sequence[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    """Lines that belong together; tables, headings, pictures and the like are none."""
    together: list[tuple[int, str]] = []
    for number, line in lines:
        bare = line.strip()
        follows = bool(together) and number == together[-1][0] + 1
        if together and (not bare or bare.startswith(_SKIPPED) or _ITEM.match(line) or not follows):
            yield together
            together = []
        if bare and not bare.startswith(_SKIPPED):
            together.append((number, line))
            if line.endswith("  "):
                yield together
                together = []
    if together:
        yield together


@rule
def sentences_short(subject: Subject) -> Found:
    """A sentence of more than 32 words is read twice."""
    for lines in subject.prose:
        for sentence in sentences(lines):
            if len(sentence.words) > subject.policy.sentence_words:
                message = Said(
                    N_("This sentence has %(count)s words."),
                    N_("Make two shorter ones of it, which are easier to follow."),
                )
                yield say("hint", sentence.line, "long-sentence", message, count=len(sentence.words))


_PARTICIPLES = (
    r"\w{2,}ed|built|bought|brought|caught|chosen|done|drawn|found|given|held|hidden|kept|known|made|paid|read|run|said"
    r"|seen|sent|set|shown|sold|spent|taken|taught|thought|told|understood|won|written|left|lost|led|cut|put"
)
_PASSIVE = re.compile(
    r"\b(?<!what )(?<!that )(?<!who )(?<!which )(?:is|are|was|were|be|been|being) "
    rf"(?:(?:not|never|always|often|best|\w{{2,}}ly) )?(?:{_PARTICIPLES})\b",
    re.IGNORECASE,
)


@rule
def title_says_who_acts(subject: Subject) -> Found:
    """A title says what the reader does, not what is done by nobody."""
    front = subject.file.front
    if front.language.partition("-")[0].lower() == "en" and _PASSIVE.search(front.title):
        message = Said(
            N_("The title says what is done, and not who does it."),
            N_("Begin with what the reader does, such as “Approve …”."),
        )
        yield say("hint", front.line_of("title"), "passive-title", message)


@dataclass(frozen=True, slots=True)
class Counted:
    """What a formula counts."""

    words: int
    sentences: int
    syllables: int
    letters: int
    long_words: int  # of more than six letters


def counted(found: Sequence[Sentence], language: str = "en") -> Counted:
    """The counts of some sentences."""
    words = [word for sentence in found for word in sentence.words if _LETTERS.search(word)]
    return Counted(
        words=len(words),
        sentences=len(found),
        syllables=sum(syllables(word, language) for word in words),
        letters=sum(map(len, words)),
        long_words=sum(len(word) > 6 for word in words),
    )


_VOWELS = re.compile(r"[aeiouyàâäáãåæèéêëìíîïòóôöõøœùúûüýÿ]+", re.IGNORECASE)
_GERMAN_VOWELS = re.compile(r"ei|ai|au|eu|äu|ie|aa|ee|oo|[aeiouyäöü]", re.IGNORECASE)
_SPANISH_VOWELS = re.compile(r"[aeoáéíóú]|[iuü](?![aeoáéó])(?<![aeoáéó][iuü])", re.IGNORECASE)
_SILENT = re.compile(r"(?:[^aeiouyl]e|[^aeiouytd]ed|[^aeiouysxzh]es|[aeiouy]le)$")
_SILENT_FRENCH = re.compile(r"[^aeiouyàâéèêëîïôûù](?:e|es|ent)$")


def syllables(word: str, language: str = "en") -> int:
    """How many syllables a word has, about: groups of vowels, less those that are not spoken."""
    if language == "de":
        return max(1, len(_GERMAN_VOWELS.findall(word)))
    if language == "es":
        return max(1, len(_SPANISH_VOWELS.findall(word)))
    groups = len(_VOWELS.findall(word))
    if (language == "en" and _SILENT.search(word)) or (language == "fr" and _SILENT_FRENCH.search(word)):
        groups -= 1
    return max(1, groups)


def grade(seen: Counted) -> float:
    """English: years of school."""
    return 0.39 * seen.words / seen.sentences + 11.8 * seen.syllables / seen.words - 15.59


def amstad(seen: Counted) -> float:
    """German: 100 is easy, 0 is hard."""
    return 180 - seen.words / seen.sentences - 58.5 * seen.syllables / seen.words


def kandel_moles(seen: Counted) -> float:
    """French: 100 is easy, 0 is hard."""
    return 209 - 1.15 * seen.words / seen.sentences - 68 * seen.syllables / seen.words


def fernandez_huerta(seen: Counted) -> float:
    """Spanish: 100 is easy, 0 is hard."""
    return 206.84 - 60 * seen.syllables / seen.words - 1.02 * seen.words / seen.sentences


def gulpease(seen: Counted) -> float:
    """Italian: 100 is easy, 0 is hard."""
    return 89 + (300 * seen.sentences - 10 * seen.letters) / seen.words


def lix(seen: Counted) -> float:
    """Words in a sentence, and of 100 words the long ones: 20 is easy, 60 is hard."""
    return seen.words / seen.sentences + 100 * seen.long_words / seen.words


@dataclass(frozen=True, slots=True)
class Formula:
    """How hard texts of a language are, and from where on they are hard for most people at work."""

    name: str
    measure: Callable[[Counted], float]
    limit: float
    rises: bool = False  # whether a larger number means a harder text

    def is_hard(self, seen: Counted) -> bool:
        """Whether a text is harder than it should be."""
        score = self.measure(seen)
        return score > self.limit if self.rises else score < self.limit


_LIX = Formula("LIX", lix, 60, rises=True)
FORMULAS = {
    "en": Formula("Flesch-Kincaid", grade, 12, rises=True),
    "de": Formula("Flesch-Amstad", amstad, 20),
    "fr": Formula("Kandel-Moles", kandel_moles, 30),
    "es": Formula("Fernández Huerta", fernandez_huerta, 30),
    "it": Formula("Gulpease", gulpease, 35),
} | dict.fromkeys(("da", "nb", "nl", "nn", "no", "sv"), _LIX)


@rule
def reads_easily(subject: Subject) -> Found:
    """Hard words in long sentences are left unread."""
    language = subject.file.front.language.partition("-")[0].lower()
    formula = FORMULAS.get(language)
    for card, lines in zip(subject.file.cards, subject.prose, strict=True) if formula else ():
        seen = counted(list(sentences(lines)), language)
        if formula and seen.words >= subject.policy.reading_words and formula.is_hard(seen):
            message = Said(
                N_("This card may read hard (%(formula)s: %(score)s)."), N_("Use shorter sentences and plain words.")
            )
            score = round(formula.measure(seen))
            yield say("hint", card.line, "hard-to-read", message, formula=formula.name, score=score)
