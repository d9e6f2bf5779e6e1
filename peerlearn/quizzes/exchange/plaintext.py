"""Plain text as Markdown that shows exactly this text, with as few backslashes as can be."""

from __future__ import annotations

import re

_SPECIAL = re.compile(r"\\(?=[\\`*_{}\[\]()>#+\-.!|])|`|\*|_|\[|&(?=#|\w{1,31};)|<(?=[^\s<>]{1,200}[:@])")
_REFERENCE = re.compile(r"\][\[(:]|\[\^|\] [\[(]")
_LINE_MARK = re.compile(r"[#>]|[+\-]|\*(?=\s|$)|!!!|\d{1,9}\.(?=\s)|[=~:|]")
_ENTITIES = {"&": "&#38;", "<": "&lt;", "=": "&#61;", "~": "&#126;", ":": "&#58;", "|": "&#124;"}


def escaped(text: str, *, whole: bool = True) -> str:
    """The text, so that no sign in it is read as emphasis, code, a link or an entity.

    `whole` says that nothing else will stand on its line, so that a lonely mark may stay as it is.
    """
    spare = set()
    if whole and text.count("`") < 2:
        spare.add("`")
    if whole and text.count("*") < 2:
        spare.add("*")
    if whole and text.count("_") < 2:
        spare.add("_")
    if whole and not _REFERENCE.search(text):
        spare.add("[")
    return _SPECIAL.sub(lambda found: _quoted(found, spare), text)


def escaped_start(line: str) -> str:
    """The line, so that its beginning is not read as a heading, a list, a quote, a table or a rule."""
    bare = line.lstrip(" \t")
    found = _LINE_MARK.match(bare)
    if not found or _is_harmless(bare):
        return bare
    first = found[0]
    if first in _ENTITIES:
        return _ENTITIES[first] + bare[1:]
    if first[0].isdigit():
        return f"{first[:-1]}\\.{bare[len(first) :]}"
    return "\\" + bare


def escaped_block(text: str) -> str:
    """A text of several lines as Markdown paragraphs: each of its lines becomes a paragraph of its own."""
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n\n".join(escaped_start(escaped(line)) for line in lines if line)


def _quoted(found: re.Match[str], spare: set[str]) -> str:
    sign = found[0]
    if sign in spare or (sign in "*_" and _stands_alone(found)):
        return sign
    return _ENTITIES.get(sign) or "\\" + sign


def _stands_alone(found: re.Match[str]) -> bool:
    """A star between spaces, an underscore inside a word: no Markdown reads them as marks."""
    text, start, end = found.string, found.start(), found.end()
    before, after = text[start - 1 : start], text[end : end + 1]
    if found[0] == "*":
        return bool(before and after) and before.isspace() and after.isspace()
    return bool(before and after) and before.isalnum() and after.isalnum()


def _is_harmless(line: str) -> bool:
    """A number with its sign and a word in dashes begin no list: `-5` and `+1` need no backslash."""
    return (line[0] in "+-" and line[1:2].isalnum()) or (line[0] in "=:~" and line[1:2].isalnum())
