"""The text a new lesson begins with: front matter from what was asked, cards and quiz from the template of its kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from peerlearn.lessons.fileformat import Front, print_front
from peerlearn.lessons.rules import Kind
from peerlearn.quizzes import textform

FOLDER = Path(__file__).parent / "templates_per_kind"
_PROMPT = re.compile(r"\*[A-Z][^*\n]{8,300}\*")
_ASKED = re.compile(r"- \[[ x]\] \S|[A-Z][a-z]+ [^:\n]*[.?]$")


def first_text(
    *, uid: str, title: str, kind: Kind, topics: Sequence[str], front: Front | None = None, body: str | None = None
) -> str:
    """The file of a lesson that was just started; what else stands at the top comes from `front`."""
    top = print_front(replace(front or Front(), id=uid, title=title, kind=kind, topics=tuple(topics)))
    return f"{top}\n\n{body_of(kind) if body is None else body}"


def quiz_of(kind: Kind) -> str:
    """The questions to fill in for a kind of lesson."""
    return body_of(kind).partition(f"{textform.TITLE}\n")[2]


def body_of(kind: Kind) -> str:
    """The cards and questions to fill in for a kind of lesson."""
    return (FOLDER / f"{kind}.md").read_text(encoding="utf-8")


@cache
def prompts() -> frozenset[str]:
    """What the templates ask authors to replace: prompts in the cards, and the texts of the questions."""
    found: set[str] = set()
    for kind in Kind:
        cards, _, quiz = body_of(kind).partition("# Quiz")
        found |= set(_PROMPT.findall(cards))
        found |= {line.split("] ", 1)[-1].strip() for line in quiz.split("\n") if _ASKED.match(line)}
    return frozenset(found) - {"True", "False"}
