"""HTML from elsewhere as Markdown, and our Markdown as plain XHTML. Only a handful of elements is known.

What is not known is unwrapped to its text; what cannot come along, such as pictures, is reported. Both ways take time
in proportion to the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

from peerlearn.core.words import N_
from peerlearn.quizzes.exchange.htmltree import cut, html_tree
from peerlearn.quizzes.exchange.plaintext import escaped, escaped_start
from peerlearn.quizzes.exchange.report import Losses
from peerlearn.quizzes.exchange.xmltree import Node

MAX_DEPTH = 40
BREAK = "\x0b"  # a line break inside a paragraph, while it is being put together
PICTURE = N_("A picture was left out: %(picture)s. Add it in the editor where it belongs.")
NAMELESS = N_("without a description")
MEDIA = N_("A part that is no text (“%(part)s”) was left out. Describe it in words, or link to it.")
LINK = N_("A link to “%(address)s” leads nowhere from here, so only its words were kept.")
STYLE = N_("Underlined or struck-out words became ordinary words. Check that they still say the same.")
FORMULA = N_(
    "A formula is shown as it was typed, “%(formula)s”. Write it in words if people should be able to read it."
)

_DROPPED = {"script", "style", "head", "title", "noscript", "template"}
_MEDIA = set("iframe object embed video audio svg canvas math input button select textarea".split())
_INERT = _DROPPED | _MEDIA
_STRONG, _EMPHASIS, _CODE = {"strong", "b"}, {"em", "i", "cite", "dfn"}, {"code", "kbd", "tt", "samp", "var"}
_STYLED = {"u", "s", "del", "strike"}
_HEADINGS = {f"h{level}" for level in range(1, 7)}
_BLOCKS = _HEADINGS | set(
    "p div section article header footer main figure figcaption center ul ol li pre blockquote table dl dt dd hr "
    "prompt itembody rubricblock feedbackblock address fieldset details summary".split()
)
_SAFE = re.compile(r"(?:https?://|mailto:)[^\s<>\"\\]+$", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\n\r\f\xa0]+")
_TEX = re.compile(r"\\\(.{1,500}?\\\)|\\\[.{1,500}?\\\]|\$\$.{1,500}?\$\$", re.DOTALL)
_RAISED = dict(zip("0123456789+-()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿ", strict=True))
_LOWERED = dict(zip("0123456789+-()", "₀₁₂₃₄₅₆₇₈₉₊₋₍₎", strict=True))
Replaced = Callable[[Node], str | None]


def markdown_of_html(html: str, losses: Losses) -> str:
    """A piece of HTML as Markdown."""
    return markdown_of(html_tree(cut(html, losses)), losses)


def markdown_of(node: Node, losses: Losses, replaced: Replaced = lambda node: None) -> str:
    """What is inside an element as Markdown. `replaced` gives the Markdown of elements that stand for something."""
    return "\n\n".join(_Writer(losses, replaced).blocks(node.children))


def plain_of_html(html: str, losses: Losses) -> str:
    """The words of a piece of HTML on one line."""
    return plain_of(html_tree(cut(html, losses)), losses)


def plain_of(node: Node, losses: Losses) -> str:
    """The words inside an element on one line; pictures are reported."""
    for picture in node.below("img"):
        losses.add(PICTURE, picture=picture.get("alt") or NAMELESS)
    return " ".join(_SPACES.sub(" ", node.text()).split())


class _Writer:
    """Writes Markdown for a tree."""

    def __init__(self, losses: Losses, replaced: Replaced) -> None:
        self.losses = losses
        self.replaced = replaced
        self._blocks: dict[int, bool] = {}

    def blocks(self, children: list[Node | str]) -> list[str]:
        out: list[str] = []
        run: list[Node | str] = []
        for child in children:
            if isinstance(child, Node) and self._is_block(child):
                out += [*self._paragraphs(run), *self._block(child)]
                run = []
            else:
                run.append(child)
        return [*out, *self._paragraphs(run)]

    def _is_block(self, node: Node) -> bool:
        """A block, or an inline element around blocks, as some editors write."""
        known = self._blocks.get(id(node))
        if known is None:
            known = node.name in _BLOCKS
            if not known and node.name not in _INERT:
                known = any(self._is_block(child) for child in node.nodes())
            self._blocks[id(node)] = known
        return known

    def _paragraphs(self, run: list[Node | str]) -> list[str]:
        parts = (part.strip(" ") for part in self.inline(run).split(BREAK))
        return [escaped_start(part) for part in parts if part]

    def _block(self, node: Node) -> list[str]:
        if (text := self.replaced(node)) is not None:
            return [text] if text else []
        if node.name in ("ul", "ol"):
            return self._list(node)
        if node.name == "pre":
            return self._pre(node)
        if node.name == "blockquote":
            lines = "\n\n".join(self.blocks(node.children)).split("\n")
            return ["\n".join(f"> {line}".rstrip(" ") for line in lines)] if lines != [""] else []
        if node.name == "table":
            return self._table(node)
        if node.name in _HEADINGS or node.name == "dt":
            return [f"**{text}**" if "*" not in text else text for text in self._paragraphs(node.children)]
        return self.blocks(node.children)

    def _list(self, node: Node) -> list[str]:
        items = []
        for number, item in enumerate(node.nodes("li"), start=1):
            mark = f"{number}." if node.name == "ol" else "-"
            lines = "\n\n".join(self.blocks(item.children)).split("\n")
            rest = ("    " + line if line else "" for line in lines[1:])
            items.append("\n".join([f"{mark} {lines[0]}", *rest]))
        return ["\n".join(items)] if items else []

    def _pre(self, node: Node) -> list[str]:
        code = self._bare(node).replace("\r\n", "\n").strip("\n")
        fence = "```"
        while fence in code:
            fence += "`"
        inner = node.first("code") or node
        language = next((w[9:] for w in inner.get("class").split() if w.startswith("language-")), "")
        language = language if re.fullmatch(r"[a-z0-9+-]{1,20}", language) else ""
        return [f"{fence}{language}\n{code}\n{fence}"] if code.strip() else []

    def _table(self, node: Node) -> list[str]:
        parts = [node, *node.nodes("thead", "tbody", "tfoot")]
        rows = [row.nodes("td", "th") for part in parts for row in part.nodes("tr")]
        cells = [[self._cell(cell) for cell in row] for row in rows if row]
        width = max((len(row) for row in cells), default=0)
        if width < 2 or len(cells) < 2:
            return [cell for row in cells for cell in row if cell]
        padded = [row + [""] * (width - len(row)) for row in cells]
        lines = ["| " + " | ".join(row) + " |" for row in padded]
        return ["\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])]

    def _cell(self, cell: Node) -> str:
        return " ".join(self.blocks(cell.children)).replace("\n", " ").replace("|", "\\|")

    def inline(self, children: list[Node | str], inside: frozenset[str] = frozenset()) -> str:
        parts = [self._text(child) if isinstance(child, str) else self._inline(child, inside) for child in children]
        return _SPACES.sub(" ", "".join(parts))

    def _text(self, text: str) -> str:
        if found := _TEX.search(text):
            self.losses.add(FORMULA, formula=found[0])
        return escaped(_SPACES.sub(" ", text.replace(BREAK, " ")), whole=False)

    def _inline(self, node: Node, inside: frozenset[str]) -> str:
        name = node.name
        if (text := self.replaced(node)) is not None:
            return text
        if name == "br":
            return BREAK
        if name == "img":
            return self._picture(node)
        if name in _DROPPED:
            return ""
        if name in _MEDIA:
            self.losses.add(MEDIA, part=name)
            return ""
        if name in _CODE:
            return code_span(_SPACES.sub(" ", self._bare(node)).strip())
        if name in ("sup", "sub"):
            return _shifted(node.text().strip(), name)
        if name == "a":
            return self._link(node, inside)
        if name in _STYLED:
            self.losses.add(STYLE)
        mark = "**" if name in _STRONG else "*" if name in _EMPHASIS else ""
        if not mark or mark in inside:
            return self.inline(node.children, inside)
        return _marked(self.inline(node.children, inside | {mark}), mark)

    def _bare(self, node: Node) -> str:
        """The signs of code as they are, with what elements inside stand for."""
        parts = (c if isinstance(c, str) else self.replaced(c) or self._bare(c) for c in node.children)
        return "".join(parts)

    def _picture(self, node: Node) -> str:
        formula = node.get("data-equation-content")
        if formula:
            self.losses.add(FORMULA, formula=formula)
            return code_span(" ".join(unescape(formula).split()))
        self.losses.add(PICTURE, picture=" ".join(node.get("alt").split()) or NAMELESS)
        return ""

    def _link(self, node: Node, inside: frozenset[str]) -> str:
        address = node.get("href").strip()
        text = self.inline(node.children, inside)
        if not address or not text.strip():
            return text
        if not _SAFE.match(address):
            self.losses.add(LINK, address=address)
            return text
        address = address.replace("(", "%28").replace(")", "%29")
        words = text.strip().replace(BREAK, " ")
        return f"<{address}>" if unescape(node.text().strip()) == address else f"[{words}]({address})"


def code_span(text: str) -> str:
    """A text as Markdown code, whatever backticks are in it."""
    if not text:
        return ""
    fence = "`"
    while fence in text:
        fence += "`"
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"


def _marked(text: str, mark: str) -> str:
    """The text in its mark; spaces at its ends stay outside, where Markdown wants them."""
    words = text.strip(" " + BREAK)
    if not words or BREAK in words:
        return text
    before, after = text.split(words, 1)
    return f"{before}{mark}{words}{mark}{after}"


def _shifted(text: str, name: str) -> str:
    """Raised or lowered signs, as Unicode has them or with a mark in front."""
    signs, mark = (_RAISED, "^") if name == "sup" else (_LOWERED, "\\_")
    if text and all(sign in signs for sign in text):
        return "".join(signs[sign] for sign in text)
    return f"{mark}({escaped(text, whole=False)})" if text else ""
