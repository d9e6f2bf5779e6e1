"""Text that was copied from a page or a document, as Markdown: headings, lists, tables, code and links come along.

The HTML is cleaned first: the reader of the standard library takes minutes for some texts, and only for unclean ones.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

import nh3

MAX_CHARS = 60_000
DEEPEST = 5  # lists within lists
_BLOCKS = frozenset("p div section article blockquote table ul ol hr h1 h2 h3 h4 h5 h6 pre tr li".split())
_MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "code": "`"}
_TAGS = {*_BLOCKS, *_MARKS, "a", "br", "td", "th"}
_BLANKS = re.compile(r"\s+")
_MANY_LINES = re.compile(r"\n{3,}")
_EMPTY_MARK = re.compile(r"(?<![*`])(\*\*|`)\s*\1(?![*`])")
_LOOKS_LIKE = re.compile(r"\s*<(?:!doctype|html|meta|body|div|p|h[1-6]|ul|ol|table|span|b|article)\b", re.IGNORECASE)


def looks_like_html(text: str) -> bool:
    """Whether a text is the source of a page, and not what the page says."""
    return _LOOKS_LIKE.match(text) is not None


def text_of_html(html: str) -> str:
    """What a piece of HTML says, as Markdown. Pictures, colours and sizes stay behind; so do links within the page."""
    clean = nh3.clean(
        html[:MAX_CHARS],
        tags=_TAGS,
        attributes={"a": {"href"}, "b": {"style"}},
        url_schemes={"http", "https"},
        link_rel=None,
    )
    reader = _Reader()
    reader.feed(clean)
    reader.close()
    text = _MANY_LINES.sub("\n\n", _EMPTY_MARK.sub("", "".join(reader.parts)))
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")


class _Reader(HTMLParser):
    """Reads clean HTML and writes Markdown."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.lists: list[int | None] = []  # the next number of each open list; None where it has none
        self.links: list[str] = []
        self.bold: list[bool] = []
        self.cells = 0
        self.rows = 0
        self.is_code = False
        self.at_start = True
        self.ended = 2  # how many ends of lines stand last

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in ("ul", "ol"):
            self._block(1 if self.lists else 2)
            self.lists.append(1 if tag == "ol" else None)
        elif tag == "li":
            self._item()
        elif tag == "br":
            self._write("\n")
        elif tag in ("td", "th"):
            self.cells += 1
            self._write("| " if self.cells == 1 else " | ")
        elif tag == "tr":
            self._block(1 if self.rows else 2)
            self.cells = 0
        elif tag == "pre":
            self._block(2)
            self._write("```\n")
            self.is_code = True
        elif tag in _BLOCKS:
            self._begin_block(tag)
        elif tag == "a":
            address = values.get("href") or ""
            self.links.append(address if address.startswith("http") else "")
            self._write("[" if self.links[-1] else "")
        elif tag in _MARKS and not self.is_code:
            weighs = not (tag == "b" and "normal" in (values.get("style") or ""))
            self.bold.append(weighs)
            self._write(_MARKS[tag] if weighs else "")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("ul", "ol") and self.lists:
            self.lists.pop()
            self._block(1 if self.lists else 2)
        elif tag == "tr":
            self._row()
        elif tag == "table":
            self.rows = 0
            self._block(2)
        elif tag == "pre":
            self.is_code = False
            self._write("\n```")
            self._block(2)
        elif tag in _BLOCKS and tag not in ("li", "hr"):
            self._block(1 if self.lists or self.cells else 2)
        elif tag == "a" and self.links:
            address = self.links.pop()
            self._write(f"]({address})" if address else "")
        elif tag in _MARKS and self.bold and not self.is_code and self.bold.pop():
            self._write(_MARKS[tag])

    def handle_data(self, data: str) -> None:
        if self.is_code:
            self._write(data.replace("```", "'''"))
            return
        words = _BLANKS.sub(" ", data)
        self._write(words.lstrip() if self.at_start else words)

    def _write(self, text: str) -> None:
        if text:
            self.parts.append(text)
            self.at_start = text.endswith("\n")
            bare = len(text) - len(text.rstrip("\n"))
            self.ended = bare if bare < len(text) else self.ended + bare

    def _block(self, lines: int) -> None:
        if self.parts and not self.cells:
            self._write("\n" * (lines - self.ended))

    def _begin_block(self, tag: str) -> None:
        if self.cells or (self.lists and self.parts and self.parts[-1].endswith((". ", "- "))):
            return
        self._block(2)
        if tag[0] == "h" and tag[1:].isdecimal():
            self._write("#" * int(tag[1:]) + " ")
        self.at_start = True

    def _item(self) -> None:
        self._block(1)
        number = self.lists[-1] if self.lists else None
        indent = "    " * min(len(self.lists) - 1, DEEPEST)
        self._write(f"{indent}{f'{number}.' if number else '-'} ")
        if number:
            self.lists[-1] = number + 1
        self.at_start = True

    def _row(self) -> None:
        count, self.cells = self.cells, 0
        if not count:
            return
        self._write(" |")
        if not self.rows:
            self._write("\n|" + "---|" * count)
        self.rows += 1
