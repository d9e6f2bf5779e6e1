"""What of an item of QTI 2 or 3 belongs to a text, and what stands in it for something else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from peerlearn.quizzes.exchange.htmltext import BREAK
from peerlearn.quizzes.exchange.xmltree import Node

OUTSIDE = ("feedbackinline", "feedbackblock", "prompt", "rubricblock", "stylesheet")
_OPTION_ID = re.compile(r"option-([a-z0-9]{1,4})")


def own_id(node: Node) -> str:
    """The id that we gave an answer when it was written, if it was."""
    found = _OPTION_ID.fullmatch(node.get("identifier"))
    return found[1] if found else ""


def without_feedback(node: Node) -> str | None:
    """The text of an answer, without what is said about it."""
    return "" if node.name in ("feedbackinline", "feedbackblock") else None


def without_interactions(node: Node) -> str | None:
    """What is asked, without the parts in which it is answered."""
    return "" if node.name.endswith("interaction") or node.name in OUTSIDE else None


def with_words(node: Node) -> str | None:
    """The text of which words are chosen stays, the words included."""
    return "" if node.name in OUTSIDE else None


def trimmed(node: Node) -> Node:
    """An element without the feedback inside."""
    inside = [child for child in node.children if isinstance(child, str) or child.name not in OUTSIDE[:2]]
    kept: list[Node | str] = [child if isinstance(child, str) else trimmed(child) for child in inside]
    return Node(node.name, node.attrs, kept)


def around(node: Node, stop: Node) -> Iterator[str | Node]:
    """The texts around an element in order, with a break at each end of a block."""
    for child in node.children:
        if isinstance(child, str) or child is stop:
            yield child
        else:
            yield from around(child, stop)
            if child.name in ("p", "div", "li", "td", "br", "h1", "h2", "h3", "blockquote"):
                yield BREAK
