"""XML from elsewhere as a small tree, without its spells: no entities, no outside files, no bottomless nesting."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast
from xml.parsers.expat import ExpatError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, XMLParser

from peerlearn.core.words import N_
from peerlearn.quizzes.exchange.bounds import MAX_BYTES, insist_size
from peerlearn.quizzes.exchange.report import Refused

MAX_DEPTH = 100
MAX_NODES = 300_000
_XML_START = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<")


@dataclass(slots=True)
class Node:
    """An element: its name, its attributes, and what is inside it in order.

    Names are told apart as people do: without namespace, capitals, hyphens and the prefix `qti-`, so that
    `simpleChoice`, `simplechoice` and `qti-simple-choice` are one name.
    """

    name: str
    attrs: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)

    def get(self, name: str, default: str = "") -> str:
        """An attribute."""
        return self.attrs.get(name, default)

    def nodes(self, *names: str) -> list[Node]:
        """The elements directly inside, those with one of these names if any are given."""
        return [child for child in self.children if isinstance(child, Node) and (not names or child.name in names)]

    def child(self, name: str) -> Node | None:
        """The first element of this name directly inside."""
        return next((child for child in self.children if isinstance(child, Node) and child.name == name), None)

    def below(self, *names: str) -> Iterator[Node]:
        """All elements inside at any depth, in order; those with one of these names if any are given."""
        for child in self.children:
            if isinstance(child, Node):
                if not names or child.name in names:
                    yield child
                yield from child.below(*names)

    def first(self, *names: str) -> Node | None:
        """The first element with one of these names at any depth."""
        return next(self.below(*names), None)

    def text(self) -> str:
        """All the text inside."""
        return "".join(child if isinstance(child, str) else child.text() for child in self.children)


def read_xml(data: bytes) -> Node:
    """The tree of an XML file. Raises Refused, with a sentence, for whatever is not sound and harmless XML."""
    insist_size(data, MAX_BYTES)
    if not looks_like_xml(data):
        raise Refused(N_("This is not an XML file."))
    builder = _Builder()
    parser = XMLParser(target=builder, forbid_dtd=False, forbid_entities=True, forbid_external=True)
    try:
        parser.feed(data)
        root = cast(Node, parser.close())
    except DefusedXmlException:
        raise Refused(
            N_("This XML file defines entities, which can be used to do harm. Export it again without them.")
        ) from None
    except ParseError as error:
        raise Refused(
            N_("This XML file is broken near line %(line)s. Export it again, or mend that line."),
            line=int(getattr(error, "position", (1, 0))[0]),
        ) from None
    except (ExpatError, LookupError, ValueError, UnicodeError, AssertionError, TypeError):
        raise Refused(N_("This XML file is broken or written in an unknown encoding. Save it as UTF-8.")) from None
    return root


def looks_like_xml(data: bytes) -> bool:
    """Whether the bytes begin with an element, in UTF-8 or UTF-16."""
    return bool(_XML_START.match(data)) or data[:2] in (b"\xff\xfe", b"\xfe\xff")


@lru_cache(maxsize=4096)
def plain_name(name: str) -> str:
    """A name without namespace, capitals, hyphens and the prefix `qti-`."""
    return name.rpartition("}")[2].lower().removeprefix("qti-").replace("-", "")


def merged(children: list[Node | str]) -> list[Node | str]:
    """What is inside an element, with texts that a comment had parted put together."""
    out: list[Node | str] = []
    texts: list[str] = []
    for child in [*children, None]:
        if isinstance(child, str):
            texts.append(child)
            continue
        if texts:
            out.append("".join(texts))
            texts = []
        if child is not None:
            out.append(child)
    return out


class _Builder:
    """Builds the tree while the parser reads, and stops it where the file is out of all proportion."""

    def __init__(self) -> None:
        self.root = Node("")
        self.open = [self.root]
        self.count = 0

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        self.count += 1
        if len(self.open) > MAX_DEPTH or self.count > MAX_NODES:
            raise Refused(N_("This XML file is nested too deeply or has too many parts. Split it into smaller files."))
        node = Node(plain_name(tag), {plain_name(name): value for name, value in attrs.items()})
        self.open[-1].children.append(node)
        self.open.append(node)

    def end(self, tag: str) -> None:
        node = self.open.pop()
        node.children = merged(node.children)

    def data(self, text: str) -> None:
        self.open[-1].children.append(text)

    def close(self) -> Any:
        return self.root.nodes()[0]
