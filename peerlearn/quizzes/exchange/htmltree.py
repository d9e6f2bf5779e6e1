"""HTML as untidy people and programs write it, as a small tree; whatever is in it, this takes linear time.

The parser of the standard library takes minutes for some broken texts of twenty thousand signs; this one takes none.
"""

from __future__ import annotations

import re
from html import unescape

from peerlearn.core.words import N_
from peerlearn.quizzes.exchange.bounds import MAX_TEXT
from peerlearn.quizzes.exchange.report import Losses
from peerlearn.quizzes.exchange.xmltree import Node, merged

MAX_DEPTH = 40
CUT = N_("A text of more than %(limit)s characters was cut. Check its end.")

_TAG = re.compile(
    r"""<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,40})((?:[^<>"']|"[^"]{0,2000}"|'[^']{0,2000}'){0,1000})>""",
)
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]{1,60})(?:\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_DATA = re.compile(r"data:[\w/+.;=-]{1,80},[A-Za-z0-9+/=%\s]{100,}")
_RAW = ("script", "style")
_VOID = {"br", "hr", "img", "input", "source", "wbr", "col", "link", "meta", "area", "embed", "base", "track"}
_CLOSES = {"p": {"p"}, "li": {"li"}, "dt": {"dt", "dd"}, "dd": {"dt", "dd"}, "tr": {"tr", "td", "th"}}
_CLOSES |= {"td": {"td", "th"}, "th": {"td", "th"}}


def cut(html: str, losses: Losses) -> str:
    """HTML of bearable length: pictures written into it as digits are taken out before anything is cut."""
    html = _DATA.sub("data:", html)
    if losses.budget:
        losses.budget.spend(min(len(html), MAX_TEXT))
    if len(html) <= MAX_TEXT:
        return html
    losses.add(CUT, limit=MAX_TEXT)
    return html[:MAX_TEXT]


def html_tree(html: str) -> Node:
    """The tree of a piece of HTML; elements that nobody closes end with the element around them."""
    tree = _Tree()
    at = 0
    while (start := html.find("<", at)) >= 0:
        tree.text(html[at:start])
        at = _markup(html, start, tree)
    tree.text(html[at:])
    return tree.finish()


def _markup(html: str, start: int, tree: _Tree) -> int:
    """Take in what begins with the `<` at `start`, and say where it ends."""
    if html.startswith("<!--", start):
        end = html.find("-->", start + 4)
        return end + 3 if end >= 0 else len(html)
    if html.startswith("<![CDATA[", start):
        end = html.find("]]>", start + 9)
        tree.text(html[start + 9 : end if end >= 0 else len(html)])
        return end + 3 if end >= 0 else len(html)
    found = _TAG.match(html, start)
    if found is None:
        end = html.find(">", start) if html[start + 1 : start + 2] in ("!", "?") else -1
        if end < 0:
            tree.text("<")
        return end + 1 if end >= 0 else start + 1
    closing, name, inside = found[1], found[2].lower(), found[3]
    if closing:
        tree.end(name)
        return found.end()
    tree.start(name, inside)
    return _after_raw(html, name, found.end()) if name in _RAW else found.end()


def _after_raw(html: str, name: str, start: int) -> int:
    """Where the end tag of a script or a style stands: what is inside is no markup."""
    end = html.lower().find(f"</{name}", start)
    return end if end >= 0 else len(html)


class _Tree:
    """The tree while it grows."""

    def __init__(self) -> None:
        self.open = [Node("")]

    def text(self, text: str) -> None:
        if text:
            self.open[-1].children.append(unescape(text))

    def start(self, name: str, inside: str) -> None:
        while len(self.open) > 1 and self.open[-1].name in _CLOSES.get(name, ()):
            self._pop()
        attrs = {a[1].lower(): unescape(a[2] or a[3] or a[4] or "") for a in _ATTRIBUTE.finditer(inside)}
        node = Node(name, attrs)
        self.open[-1].children.append(node)
        if name not in _VOID and not inside.endswith("/") and len(self.open) < MAX_DEPTH:
            self.open.append(node)

    def end(self, name: str) -> None:
        if any(node.name == name for node in self.open[1:]):
            while self._pop().name != name:
                pass

    def finish(self) -> Node:
        while len(self.open) > 1:
            self._pop()
        self.open[0].children = merged(self.open[0].children)
        return self.open[0]

    def _pop(self) -> Node:
        node = self.open.pop()
        node.children = merged(node.children)
        return node
