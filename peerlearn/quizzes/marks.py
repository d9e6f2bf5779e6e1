"""The small marks of the text form: clean text, ids at a line's end, escapes and code fences.

Every escape follows one rule: where a text of its own would be read as a mark, the printer puts one backslash in
front, and the reader takes one away. So any text survives, backslashes included. All patterns are linear.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from peerlearn.core.words import N_, Said
from peerlearn.quizzes.problem import Line, Problem, error

UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})")
_ID = re.compile(r"(?:^|(?<=[ \t]))\^([a-z0-9]{1,4})(!?)$")
_LIKE_ID = re.compile(r"(?:^|(?<=[ \t]))\\*\^[a-z0-9]{1,4}!?$")
_ARROW = re.compile(r"(?<!\\)\\*=>")
_WHY_LINE = re.compile(r"[ \t]*> ?(.*)")
WORD = re.compile(r"(why|hint|card):[ \t]*(.*)", re.IGNORECASE)


def clean(text: str) -> str:
    """The text with LF line ends and without control characters, hidden direction marks and half characters."""
    return UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """The text on one line, without spaces at its ends."""
    return clean(text).replace("\n", " ").replace("\t", " ").strip(" ")


def block(text: str) -> str:
    """Markdown without empty lines around it and without spaces at line ends."""
    lines = [line.rstrip(" \t") for line in clean(text).split("\n")]
    first = next((n for n, line in enumerate(lines) if line), len(lines))
    last = next((n for n in range(len(lines), first, -1) if lines[n - 1]), first)
    return "\n".join(lines[first:last])


def paragraph(text: str) -> str:
    """Markdown as one paragraph: no empty line inside, no spaces around a line."""
    lines = (line.strip(" \t") for line in clean(text).split("\n"))
    return "\n".join(line for line in lines if line)


def fence_after(line: str, fence: str) -> str:
    """The code fence that is open after this line ("" = none), given the one open before it."""
    found = _FENCE.match(line)
    if not fence:
        return found[1] if found else ""
    closes = found and found[1].startswith(fence) and not line[found.end() :].strip(" \t")
    return "" if closes else fence


def closed(text: str) -> str:
    """The text with its last code fence closed, so that it cannot swallow what follows."""
    fence = ""
    for line in text.split("\n"):
        fence = fence_after(line, fence)
    return f"{text}\n{fence}" if fence else text


def starts_question(line: str) -> bool:
    """Whether the line is a second-level heading, which begins a question."""
    return line == "##" or line.startswith(("## ", "##\t"))


def starts_part(line: str) -> bool:
    """Whether the line begins a question or one of the parts Why, Hint and Card."""
    return starts_question(line) or WORD.match(line) is not None


def quote_line(line: str, is_mark: Callable[[str], bool]) -> str:
    """The line with a backslash in front if it would be read as a mark."""
    return "\\" + line if is_mark(line.lstrip("\\")) else line


def unquote_line(line: str, is_mark: Callable[[str], bool]) -> str:
    """The line that `quote_line` protected."""
    return line[1:] if line.startswith("\\") and is_mark(line.lstrip("\\")) else line


def quote_block(text: str, is_mark: Callable[[str], bool]) -> str:
    """Markdown whose lines outside code fences cannot be read as marks."""
    fence, out = "", []
    for line in text.split("\n"):
        before, fence = fence, fence_after(line, fence)
        out.append(line if before or fence else quote_line(line, is_mark))
    return "\n".join(out)


def split_id(text: str) -> tuple[str, str, bool]:
    """The text, the id after it ("" if none) and whether `!` pins it."""
    found = _ID.search(text)
    if not found:
        return _unquote_end(text), "", False
    return _unquote_end(text[: found.start()].rstrip(" \t")), found[1], bool(found[2])


def with_id(text: str, uid: str, pinned: bool = False) -> str:
    """The text followed by its id, so that `split_id` gives both back."""
    found = _LIKE_ID.search(text)
    quoted = f"{text[: found.start()]}\\{text[found.start() :]}" if found else text
    return f"{quoted} ^{uid}{'!' if pinned else ''}".strip(" ") if uid else quoted


def _unquote_end(text: str) -> str:
    found = _LIKE_ID.search(text)
    if not found or not found[0].startswith("\\"):
        return text
    return text[: found.start()] + text[found.start() + 1 :]


def split_arrow(text: str) -> tuple[str, str] | None:
    """The two sides of the first `=>`, or None where there is none."""
    found = next((m for m in _ARROW.finditer(text) if not m[0].startswith("\\")), None)
    if not found:
        return None
    left, right = text[: found.start()], text[found.end() :]
    return unquote_arrows(left).strip(" \t"), right.strip(" \t")


def quote_arrows(text: str) -> str:
    """The text with every `=>` of its own protected."""
    return _ARROW.sub(lambda m: "\\" + m[0], text)


def unquote_arrows(text: str) -> str:
    """The text that `quote_arrows` protected."""
    return _ARROW.sub(lambda m: m[0].removeprefix("\\"), text)


class Item(NamedTuple):
    """One line of a list with the explanation quoted under it."""

    line: int
    text: str
    why: str


def read_items(
    lines: Iterable[Line], starts: Callable[[str], str | None], limit: int
) -> tuple[list[Item], list[Problem]]:
    """The entries of a list, each with its explanation; `starts` gives an entry's text or None.

    At most `limit` entries are kept; one more is an error and the rest is passed over.
    """
    items: list[tuple[int, list[str], list[str]]] = []
    problems: list[Problem] = []
    for number, line in lines:
        text, quoted = starts(line), _WHY_LINE.match(line)
        if text is not None:
            if len(items) == limit:
                problems.append(
                    error(
                        number,
                        "too-many-entries",
                        Said(
                            N_("A question has at most %(limit)s answers."), N_("Remove some, or split the question.")
                        ),
                        limit=limit,
                    )
                )
                break
            items.append((number, [text], []))
        elif not line.strip(" \t"):
            continue
        elif quoted and items:
            items[-1][2].append(quoted[1])
        elif line[0] in " \t" and items and not items[-1][2]:
            items[-1][1].append(line.strip(" \t"))
        else:
            problems.append(stray(number))
    return [Item(n, " ".join(text), block("\n".join(why))) for n, text, why in items], problems


def print_why(why: str) -> list[str]:
    """The lines of an explanation as they stand under its answer."""
    return [f"  > {line}".rstrip(" ") for line in why.split("\n")] if why else []


def stray(line: int) -> Problem:
    """A line that belongs to no part of the question."""
    return error(
        line,
        "stray-line",
        Said(
            N_("This line belongs to no part of the question."),
            N_(
                "Move it above the answers, put “  > ” in front if it explains an answer, "
                "or begin it with Why:, Hint: or Card:."
            ),
        ),
    )
