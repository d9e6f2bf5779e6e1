"""Notes become cards by rules that can be told in a few sentences. Knows no database.

1. Headings begin cards: those of the highest level that stands there; deeper ones stay headings inside a card.
2. Without headings, a short line that stands alone and ends without a full stop begins a card.
3. Without those, paragraphs are put together to cards of about a hundred words, each named by how it begins.
4. What stands above the first heading is a card of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from peerlearn.core.fences import fences
from peerlearn.lessons.fileformat import Card

MAX_CHARS = 40_000
WORDS_OF_A_CARD = 100
CODE = -1
_HEADING = re.compile(r"(#{1,6})[ \t]+(.*?)[ \t#]*$")
_UNDERLINE = re.compile(r"(={3,}|-{3,})[ \t]*$")
_BULLET = re.compile(r"^(\s*)[•·▪◦‣–—*+][ \t]+")
_NUMBERED = re.compile(r"^(\s*)(\d{1,3})[)][ \t]+")
_LISTED = re.compile(r"\s*(?:[-*+>|]|\d+[.)])")
_MARKS = re.compile(r"[*`\[\]#]|\([^)\s]*\)")
_STOP = (".", ":", ";", ",", "!", "?", "…")


def cards_of(notes: str, title: str) -> list[Card]:
    """The cards that these notes become; what stands above the first heading is named like the lesson."""
    lines = list(_tidied(notes[:MAX_CHARS].replace("\r\n", "\n").replace("\r", "\n").split("\n")))
    levels = [level for level, _line in lines if level > 0]
    if not levels:
        lines = list(_with_short_lines(lines))
        levels = [level for level, _line in lines if level > 0]
    if not levels:
        return _by_length([line for _level, line in lines])
    top = min(levels)
    cards: list[tuple[str, list[str]]] = [(title, [])]
    for level, line in lines:
        if level == top:
            cards.append((line, []))
        else:
            cards[-1][1].append(f"{'#' * max(3, level - top + 2)} {line}" if level > 0 else line)
    bodies = [(name, "\n".join(body).strip("\n")) for name, body in cards]
    return [Card(_named(name), body) for n, (name, body) in enumerate(bodies) if n or body]


def _tidied(lines: list[str]) -> Iterator[tuple[int, str]]:
    """The lines with the level of those that are headings, 0 for others, CODE for code; lists as Markdown has them."""
    code = {number for fence in fences(lines) for number in range(fence.first, fence.last + 1)}
    skip = False
    for n, line in enumerate(lines):
        line = line.rstrip()
        if skip:
            skip = False
            continue
        if n in code:
            yield CODE, line
            continue
        following = lines[n + 1] if n + 1 < len(lines) else ""
        found = _HEADING.fullmatch(line)
        if found and found[2]:
            yield len(found[1]), found[2]
        elif line.strip() and not _LISTED.match(line) and (under := _UNDERLINE.fullmatch(following)):
            skip = True
            yield (1 if under[1][0] == "=" else 2), line.strip()
        else:
            line = _NUMBERED.sub(r"\1\2. ", _BULLET.sub(r"\1- ", line))
            yield 0, "" if _UNDERLINE.fullmatch(line) else line


def _with_short_lines(lines: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Short lines that stand alone, as headings; the text must go on below them."""
    for n, (level, line) in enumerate(lines):
        before = lines[n - 1][1] if n else ""
        after = [text for _, text in lines[n + 1 : n + 3]]
        alone = not before and any(after)
        short = 0 < len(line) <= 60 and not line.endswith(_STOP) and not _LISTED.match(line) and line[0] not in " `~"
        yield (2 if level != CODE and alone and short else level), line


def _by_length(lines: list[str]) -> list[Card]:
    paragraphs = [part.strip("\n") for part in re.split(r"\n{2,}", "\n".join(lines)) if part.strip()]
    cards: list[list[str]] = []
    for paragraph in paragraphs:
        if cards and len(" ".join(cards[-1]).split()) + len(paragraph.split()) <= WORDS_OF_A_CARD:
            cards[-1].append(paragraph)
        else:
            cards.append([paragraph])
    return [Card(_named(parts[0]), "\n\n".join(parts)) for parts in cards]


def _named(text: str) -> str:
    """A title of at most eight words from how a text begins."""
    words = _MARKS.sub("", text.strip().split("\n")[0]).split()
    name = " ".join(words[:8]).rstrip(" .:;,")
    return name[:77] + "…" if len(name) > 80 or len(words) > 8 else name
