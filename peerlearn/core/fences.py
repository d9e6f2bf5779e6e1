"""Fenced code in Markdown: where it stands, and how it is highlighted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import escape

if TYPE_CHECKING:
    from markdown import Markdown

LANGUAGES = frozenset(
    re.findall(
        r"\S+",
        """bash c console cpp csharp css diff docker dockerfile go graphql groovy haskell hcl html http ini java
        javascript jinja js json jsx kotlin less lua make makefile markdown md nginx perl php plpgsql postgresql
        powershell properties proto ps1 py pytb python r rb ruby rust scala scss sh shell sql swift terraform toml ts
        tsx typescript vue xml yaml yml zsh""",
    )
)
"""Languages that are highlighted; code in any other is shown plainly."""

_FENCE = re.compile(
    r"(?P<indent>[ ]*)(?P<fence>`{3,}|~{3,})[ ]*(?:\{?[ ]*\.?(?P<language>[\w#.+-]+))?"
    r"(?:[ ]+hl_lines=[\"']?(?P<marked>[\d ]*)[\"']?)?[^`~]*$"
)


class Fences:
    """A preprocessor for Markdown: fenced code, highlighted by Pygments in classes.

    Ours instead of `fenced_code` with `codehilite`, because there an author's `{ .python full=1 cssfile=... }` reaches
    Pygments as options, and those can write files. Fences may also stand indented inside a list or a callout.
    """

    def __init__(self, md: Markdown) -> None:
        self.md = md

    def run(self, lines: list[str]) -> list[str]:
        """The lines with each fence replaced by a place that its highlighted code is put into."""
        result: list[str] = []
        done = 0
        for fence in fences(lines):
            spaces = " " * fence.indent
            place = self.md.htmlStash.store(fence.markup())
            result += [*lines[done : fence.first], "", spaces + place, ""]
            done = fence.last + 1
        return result + lines[done:]


@dataclass(frozen=True)
class Fence:
    """Code between two lines of ``` or ~~~; `first` and `last` are the numbers of these lines."""

    first: int
    last: int
    indent: int
    language: str
    marked: tuple[int, ...]
    code: str

    def markup(self) -> str:
        """The code as HTML, in Pygments' classes when its language is known."""
        language = self.language.lower()
        if language not in LANGUAGES:
            return f'<div class="hl"><pre><code>{escape(self.code)}\n</code></pre></div>'
        from pygments import highlight
        from pygments.formatters import HtmlFormatter
        from pygments.lexers import get_lexer_by_name

        formatter = HtmlFormatter(cssclass="hl", wrapcode=True, hl_lines=self.marked)
        return str(highlight(self.code + "\n", get_lexer_by_name(language, stripnl=False), formatter))


def fences(lines: list[str]) -> Iterator[Fence]:
    """The fenced code among these lines. A fence that is never closed is ordinary text."""
    closing = {line.strip(): number for number, line in enumerate(lines) if line.lstrip()[:3] in ("```", "~~~")}
    number = 0
    while number < len(lines):
        first = number
        number += 1
        opening = _FENCE.match(lines[first])
        if not opening or closing.get(opening["fence"], -1) <= first:
            continue
        indent = len(opening["indent"])
        last = number
        while last < len(lines) and lines[last].strip() != opening["fence"]:
            last += 1
        code = "\n".join(_outdented(line, indent) for line in lines[number:last])
        marked = tuple(int(digits) for digits in re.findall(r"\d{1,4}", opening["marked"] or ""))
        yield Fence(first, last, indent, opening["language"] or "", marked, code)
        number = last + 1


def _outdented(line: str, indent: int) -> str:
    return line[min(indent, len(line) - len(line.lstrip(" "))) :]
