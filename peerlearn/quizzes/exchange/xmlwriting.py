"""XML and XHTML that others can read: built from values, escaped in one place, never from pieces of text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from peerlearn.core import markdown
from peerlearn.core.complexity import TooComplex
from peerlearn.quizzes.exchange.htmltext import NAMELESS, PICTURE
from peerlearn.quizzes.exchange.htmltree import html_tree
from peerlearn.quizzes.exchange.report import Losses
from peerlearn.quizzes.exchange.xmltree import Node

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_KEPT = set(
    "p div ul ol li pre blockquote table thead tbody tr td th strong em code sup sub h1 h2 h3 h4 h5 h6 dl dt dd".split()
)


@dataclass(frozen=True, slots=True)
class Xml:
    """A piece of finished XML."""

    text: str


def tag(name: str, *inside: Xml | str, **attrs: str | int | float | bool) -> Xml:
    """An element. Texts are escaped; names with `_` at their end or `__` inside are spelt without and with `:`."""
    said = "".join(f' {_attr(key)}="{_value(value)}"' for key, value in attrs.items())
    body = "".join(part.text if isinstance(part, Xml) else escape(clean(part), quote=False) for part in inside)
    return Xml(f"<{name}{said}>{body}</{name}>" if body else f"<{name}{said}/>")


def document(root: Xml) -> bytes:
    """A whole file."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{root.text}\n'.encode()


def clean(text: str) -> str:
    """The text without what XML cannot hold."""
    return _NOT_XML.sub("", text)


def _attr(name: str) -> str:
    return name.rstrip("_").replace("__", ":")


def _value(value: str | int | float | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return escape(clean(str(value)), quote=True).replace("\n", "&#10;")


def xhtml(text: str, losses: Losses, *, line: bool = False) -> Xml:
    """Our Markdown as XHTML with only the elements that every system knows; `line` makes no blocks."""
    try:
        html = markdown.render_inline(text) if line else markdown.render(text).html
    except TooComplex:
        return tag("span", text) if line else tag("p", text)
    return Xml("".join(_kept(child, losses) for child in html_tree(str(html)).children))


def _kept(child: Node | str, losses: Losses) -> str:
    if isinstance(child, str):
        return escape(clean(child), quote=False)
    inside = "".join(_kept(part, losses) for part in child.children)
    if child.name == "img":
        losses.add(PICTURE, picture=child.get("alt") or NAMELESS)
        return ""
    if child.name == "a" and child.get("href").startswith(("http://", "https://", "mailto:")):
        return f'<a href="{_value(child.get("href"))}">{inside}</a>'
    if child.name in ("br", "hr"):
        return f"<{child.name}/>"
    return f"<{child.name}>{inside}</{child.name}>" if child.name in _KEPT else inside
