"""What is special about the QTI 1.2 of Blackboard Learn: names of kinds, blocks, the two sides of a matching."""

from __future__ import annotations

import re
from collections.abc import Iterator

from peerlearn.quizzes.exchange.xmltree import Node

QUESTION, RIGHT_SIDES = "QUESTION_BLOCK", "RIGHT_MATCH_BLOCK"
EITHER_OR = "either/or"
KINDS = {  # in the words of Canvas, where the answer parts do not say it themselves
    "numeric": "numerical_question",
    "essay": "essay_question",
    "short response": "essay_question",
    "fill in the blank plus": "fill_in_multiple_blanks_question",
    "jumbled sentence": "multiple_dropdowns_question",
    "file upload": "file_upload_question",
    "hot spot": "hot_spot_question",
    "calculated": "calculated_question",
}
_WORD = re.compile(r"[a-z]+_[a-z]+\.([a-z]+)")


def kind_of(item: Node) -> str | None:
    """What kind of question the item says it is; None where Blackboard did not write it."""
    named = item.first("bbmd_questiontype")
    return None if named is None else KINDS.get(named.text().strip().lower(), named.text().strip().lower())


def question_block(presentation: Node | None) -> Node | None:
    """The part that asks: all of it, unless a block is named so."""
    found = _block(presentation, QUESTION) if presentation else None
    return found or presentation


def sides(presentation: Node | None) -> tuple[list[tuple[Node, Node]], list[Node]] | None:
    """The left sides of a matching, each with its answer part, and the right sides in the order of the labels there."""
    rights = _block(presentation, RIGHT_SIDES) if presentation else None
    if presentation is None or rights is None:
        return None
    lefts = [(flow, part) for flow in presentation.below("flow") if (part := flow.child("response_lid")) is not None]
    return lefts, rights.nodes("flow")


def word(text: str) -> str:
    """One side of an either-or as a word: `yes_no.yes` is Yes."""
    found = _WORD.fullmatch(text)
    return found[1].capitalize() if found else text


def _block(node: Node, name: str) -> Node | None:
    named: Iterator[Node] = (flow for flow in node.below("flow") if flow.get("class") == name)
    return next(named, None)
