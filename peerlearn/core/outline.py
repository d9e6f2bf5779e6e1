"""What a text shows and where it leads, told from the tree that it is rendered from.

A pattern that looks for pictures or links sees others than the renderer does: definitions, brackets in brackets, lines
that go on, code. So the renderer's own parser reads the text, and what it found is taken out of its tree. Before each
bracket stands a sign of no script meanwhile, by which the line of what was found is known.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from peerlearn.core.fences import Fences, fences

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # nosec B405  # what Markdown makes; nothing is parsed here

    from markdown import Markdown

_FIRST, _LAST = 0xE000, 0xF8FF  # signs without a meaning
_SIGN = re.compile(f"[{chr(_FIRST)}-{chr(_LAST)}]")
_BRACKET = re.compile(
    r"(?<!\\)!\[|(?<![\\!\]])(?<!\]\s)\[(?![^\[\]]*\]:)"
)  # a second pair and a definition keep theirs
_ADDRESS = re.compile(r"\bhttps?://[^\s<>\"'`|\\]+", re.IGNORECASE)
_NOT_AT_THE_END = ".,:;!?)]*_"


class Picture(NamedTuple):
    """A picture as it is shown: what those hear who cannot see it, and its address. Lines count from 1."""

    line: int
    alt: str
    address: str

    @property
    def is_described(self) -> bool:
        """Whether anything is said for those who cannot see it."""
        return any(unicodedata.category(sign)[0] not in "CZ" for sign in self.alt)


class Link(NamedTuple):
    """A link as it is followed."""

    line: int
    address: str


@dataclass(frozen=True)
class Outline:
    """The pictures and links of a text in their order, and the names of places in it that a link can lead to."""

    pictures: tuple[Picture, ...] = ()
    links: tuple[Link, ...] = ()
    places: frozenset[str] = frozenset()


@dataclass
class _Found:
    """What was met on the way through the tree; `at` is the number of the last sign that was passed."""

    at: int = -1
    pictures: list[tuple[int, str, str]] = field(default_factory=list)
    links: list[tuple[int, str]] = field(default_factory=list)
    places: list[str] = field(default_factory=list)


def read(markdown: Markdown, text: str) -> dict[str, Any]:
    """The outline of a text as plain values, by the tools that render it."""
    text = _SIGN.sub("\ufffd", text)
    starts: list[int] = []
    root = _tree(markdown.reset(), _marked(text, starts))
    found = _Found()
    _visit(root, found, is_plain=True)
    lines = [text.count("\n", 0, start) + 1 for start in starts]

    def line(at: int) -> int:
        return lines[at] if at >= 0 else 1

    return {
        "pictures": [(line(at), alt, address) for at, alt, address in found.pictures],
        "links": [(_line_of(text, address) or line(at), address) for at, address in found.links],
        "places": found.places,
    }


def outline_of(answer: dict[str, Any]) -> Outline:
    """The outline of a text out of plain values."""
    pictures = tuple(Picture(*each) for each in answer["pictures"])
    return Outline(pictures, tuple(Link(*each) for each in answer["links"]), frozenset(answer["places"]))


def _line_of(text: str, address: str) -> int:
    """The line of a link that is written as what it leads to; 0 where it is not."""
    written = text.find(address) if _ADDRESS.match(address) else -1
    return text.count("\n", 0, written) + 1 if written >= 0 else 0


def _marked(text: str, starts: list[int]) -> str:
    """The text with a sign before each bracket that may begin a link or a picture; `starts` says where they stood."""

    def mark(found: re.Match[str]) -> str:
        if len(starts) > _LAST - _FIRST:
            return found[0]
        starts.append(found.start())
        return chr(_FIRST + len(starts) - 1) + found[0]

    return _BRACKET.sub(mark, text)


def _tree(markdown: Markdown, text: str) -> Element:
    """What Markdown makes of a text before it is written out; code is left out, for highlighting it takes time."""
    lines = text.split("\n")
    for preprocessor in markdown.preprocessors:
        lines = _without_fences(lines) if isinstance(preprocessor, Fences) else preprocessor.run(lines)
    root: Any = markdown.parser.parseDocument(lines).getroot()
    for treeprocessor in markdown.treeprocessors:
        changed = treeprocessor.run(root)
        root = root if changed is None else changed
    whole: Element = root
    return whole


def _without_fences(lines: list[str]) -> list[str]:
    """The lines with a word in the place of fenced code, as its markup would stand there."""
    result: list[str] = []
    done = 0
    for fence in fences(lines):
        result += [*lines[done : fence.first], "", " " * fence.indent + "code", ""]
        done = fence.last + 1
    return result + lines[done:]


def _visit(element: Element, found: _Found, *, is_plain: bool) -> None:
    """Gather what an element and those in it say, in the order in which it is read."""
    tag = element.tag
    if tag == "img":
        alt, address = (_SIGN.sub("", html.unescape(element.get(name) or "")) for name in ("alt", "src"))
        found.pictures.append((found.at, alt, address.strip()))
    elif tag == "a":
        # the sign before a link stands before the element, and what is in it has signs of its own
        found.links.append((found.at, _SIGN.sub("", html.unescape(element.get("href") or "")).strip()))
    if place := element.get("id"):
        found.places.append(_SIGN.sub("", place))
    is_plain = is_plain and tag not in ("a", "code", "pre")
    _hear(element.text, found, is_plain=is_plain)
    for child in element:
        _visit(child, found, is_plain=is_plain)
        _hear(child.tail, found, is_plain=is_plain)


def _hear(words: str | None, found: _Found, *, is_plain: bool) -> None:
    if not words:
        return
    for sign in _signs(words):
        found.at = sign
    if is_plain and "://" in words:
        for address in _ADDRESS.findall(_SIGN.sub("", words)):
            found.links.append((found.at, html.unescape(address).rstrip(_NOT_AT_THE_END)))


def _signs(words: str) -> Iterator[int]:
    return (ord(sign) - _FIRST for sign in _SIGN.findall(words))
