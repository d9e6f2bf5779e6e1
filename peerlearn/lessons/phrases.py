"""A text as phrases and what stands between them: the words that may be mended, and all that holds them in place.

Between two phrases stand the signs that part or join clauses, the ends of lines with the indent of the next, and
everything that is no plain word: numbers with what they count, code, pictures, links, names with dots or slashes in
them. Two texts with the same signs in the same order have the same lists, tables, callouts, headings and links.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from peerlearn.core.fences import fences

CODE_INDENT = 4  # columns from which on a line is code, where it belongs to nothing above it

_WORD = r"[^\W\d_]+(?:[’'][^\W\d_]+)*"
_TOKEN = re.compile(
    "|".join(
        (
            r"(?P<code>(?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`))",
            r"^[ \t]*(?:!!!|#{1,6}[ \t]).*?$",  # the kind and title of a callout, a heading
            r"!\[(?:[^\[\]]|\[[^\[\]]*\])*+\]",  # a picture and what those hear who cannot see it
            r"\[\[[^\[\]]*\]\]",
            r"^ {0,3}\[[^\[\]\n]+\]:.*(?:\n[ \t]+[\"'(].*)?$",  # where a reference leads
            r"\[[^\[\]]*\](?:\[\])?(?![(\[])",  # a reference that is its own name
            r"\](?:\((?:[^()\[\]]|\([^()\[\]]*\))*+\)|\[[^\[\]]*\])",  # where a link leads
            r"https?://[^\s)>]+",
            r"&#?\w+;",
            r"[^\W_]++(?:[./\\@=#&_:]++[^\W_]++)++",  # a file, an address, a name in a program
            r"[^\W\d_]*+\d(?:[\d.,:/]*\d)?(?:\s?[°%‰]?[^\W\d_]+)?",  # a number with what it counts
            rf"(?P<word>{_WORD})",
        )
    ),
    re.DOTALL | re.MULTILINE | re.IGNORECASE,
)
_UNREAD = re.compile(r"!\[|\]\(|\]\[")  # a picture or a link that was not understood
_ITEM = re.compile(r"([ \t]*)(?:[-*+]|\d+[.)])[ \t]")
_HOLDS_MORE = re.compile(r" {0,3}(?:(?:[-*+]|\d+[.)])[ \t]|!!!|\[\^|:[ \t])")
_ALIKE = str.maketrans("“”‘’", "\"\"''")
_DOUBLED = re.compile(r"([.!?])\1(?=\s|$)")
_AT_THE_END = re.compile(r"(?<=[^\W\d_])(?:([!?])\1|\.\.)$")
_LOOSE = re.compile(r"[ \t]*([,;])[ \t]*|[ \t]*([.:!?])[ \t]+")


@dataclass
class Phrases:
    """The phrases of a text, each a list of words, and what stands between them: one less than there are phrases."""

    phrases: list[list[str]] = field(default_factory=lambda: [[]])
    between: list[str] = field(default_factory=list)

    def stands(self, sign: str) -> None:
        """Here a phrase ends."""
        self.between.append(sign)
        self.phrases.append([])


def read(text: str) -> Phrases | None:
    """The phrases of a Markdown text; None where a picture or a link in it cannot be told from its words."""
    found = Phrases()
    lines = text.split("\n")
    code = _code(lines)
    lines = [line if number in code else _ended(lines, number) for number, line in enumerate(lines)]
    text, done = "\n".join(lines), 0
    for start, end, is_word in _spans(text, lines, code):
        found_gap = _gap(text, done, start)
        if _UNREAD.search(found_gap):
            return None
        if found_gap:
            found.stands(found_gap)
        if is_word:
            found.phrases[-1].append(text[start:end].translate(_ALIKE))
        elif end > start:
            found.stands(text[start:end])
        done = end
    return found


def _gap(text: str, start: int, end: int) -> str:
    """What stands between two tokens, without what only its looks depend on."""
    gap = text[start:end].translate(_ALIKE)
    if gap.isspace() and "\n" not in gap:
        return ""
    if start and text[start - 1].isalpha():
        gap = _DOUBLED.sub(r"\1", gap, count=1) if _DOUBLED.match(gap) else gap
        loose = _LOOSE.fullmatch(gap)
        gap = f"{loose[1] or loose[2]} " if loose else gap
    return gap


def _spans(text: str, lines: list[str], code: frozenset[int]) -> Iterator[tuple[int, int, bool]]:
    """Where words stand, and where what is kept as it is; last the end of the text."""
    at = done = 0
    for number, line in enumerate(lines):
        if number in code:
            yield from _tokens(text, done, at)
            done = at + len(line)
            yield at, done, False
        at += len(line) + 1
    yield from _tokens(text, done, len(text))
    yield len(text), len(text), False


def _tokens(text: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    for token in _TOKEN.finditer(text, start, end):
        yield token.start(), token.end(), token["word"] is not None


def _code(lines: list[str]) -> frozenset[int]:
    """The numbers of the lines of fenced and indented code."""
    code = {number for fence in fences(lines) for number in range(fence.first, fence.last + 1)}
    holds_more = False
    for number, line in enumerate(lines):
        if number in code or not line.strip():
            continue
        columns = len(line[: len(line) - len(line.lstrip())].expandtabs(CODE_INDENT))
        if columns < CODE_INDENT:
            holds_more = bool(_HOLDS_MORE.match(line))
        elif not holds_more or columns >= 2 * CODE_INDENT:
            code.add(number)
    return frozenset(code)


def _ended(lines: list[str], number: int) -> str:
    """A line without the full stop of a sentence that ends its paragraph or its item of a list.

    In front of what may go on with the sentence, such as a list, code or a table, the full stop stays.
    """
    line = _AT_THE_END.sub(lambda found: found[0][0], lines[number])
    if line[-1:] != "." or not line[-2:-1].isalpha():
        return line
    after = next((at for at in range(number + 1, len(lines)) if lines[at].strip()), None)
    if after is None:
        return line[:-1]
    own, following = _ITEM.match(line), _ITEM.match(lines[after])
    if own and following and own[1] == following[1]:
        return line[:-1]
    first = lines[after][0]
    return line[:-1] if after > number + 1 and first.isalpha() and not first.islower() else line
