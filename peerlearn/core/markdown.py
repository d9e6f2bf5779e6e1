"""Users' text becomes markup here and nowhere else.

Text goes through five gates: bounds that refuse what would only waste time, Markdown with raw HTML switched off,
bleach with an own allow-list of attributes and addresses, the finishing touches (own ids, own classes, link relations,
visible direction marks), and nh3 as a second sanitiser that reads HTML in an entirely different way.

Time. Python-Markdown takes quadratic time, and worse, on some texts; a bound on the text cannot promise that it knows
them all. So only texts of up to DIRECT_CHARS characters without fenced code (whose highlighters have regular
expressions of their own) are rendered in the calling thread: the slowest pattern known takes a few tenths of a second
at that size. Everything longer is rendered in a warm child process that is ended after RENDER_SECONDS of processor time
(see `timebox`): there the limit holds whatever the text is, and no other request waits for it meanwhile. The texts of
one lesson share this time (see `allowance`); once half of it is spent, the short ones are rendered in the child too.

Memory. Pages show what was rendered when it was stored, so the tools are loaded by whoever renders first.
"""

from __future__ import annotations

import html
import re
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, cast

from markupsafe import Markup, escape
from pygments.token import STANDARD_TYPES

from peerlearn.core import allowance
from peerlearn.core.addresses import is_foreign, safe_address, safe_picture
from peerlearn.core.allowance import Allowance
from peerlearn.core.complexity import MAX_CHARS, TooComplex, TooMuch, check
from peerlearn.core.errors import TooBusy
from peerlearn.core.fences import Fences
from peerlearn.core.outline import Outline, outline_of, read
from peerlearn.core.timebox import NoChildFree, OutOfTime, Timebox
from peerlearn.core.words import N_

if TYPE_CHECKING:
    from bleach.sanitizer import Cleaner
    from markdown import Markdown
    from markdown.util import Registry

RENDERER_VERSION = 2
"""Grows whenever the same text would give other markup; stored beside rendered text so that it is rendered again."""

DIRECT_CHARS = 2_000
RENDER_SECONDS = 0.9
_TOO_LONG = N_("This text takes too long to show. Please make it shorter or simpler, then try again.")

CALLOUTS = frozenset({"note", "tip", "warning", "mistake", "example"})
_BLOCK_TAGS = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "div", "hr"}
    | {"table", "thead", "tbody", "tr", "th", "td"}
)
_INLINE_TAGS = frozenset(("a", "br", "code", "em", "img", "span", "strong", "sup"))
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_ALIGNMENTS = {"left", "center", "right"}
_CODE_CLASSES = frozenset(STANDARD_TYPES.values()) - {""}
_CLASSES: dict[str, frozenset[str]] = {
    "a": frozenset({"footnote-ref", "footnote-backref"}),
    "div": frozenset({"hl", "footnote", "admonition"}) | CALLOUTS,
    "p": frozenset({"admonition-title"}),
    "span": _CODE_CLASSES | {"direction-mark", "hll"},
    "td": frozenset(f"align-{side}" for side in _ALIGNMENTS),
    "th": frozenset(f"align-{side}" for side in _ALIGNMENTS),
}
_ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href", "title", "rel"},
    "img": {"src", "alt", "title", "loading"},
    "ol": {"start"},
    "li": {"id"},
    "sup": {"id"},
} | {heading: {"id"} for heading in _HEADINGS}

_DIRECTION_MARKS = {
    "\u202a": "LRE",
    "\u202b": "RLE",
    "\u202c": "PDF",
    "\u202d": "LRO",
    "\u202e": "RLO",
    "\u2066": "LRI",
    "\u2067": "RLI",
    "\u2068": "FSI",
    "\u2069": "PDI",
}
_DIRECTION = re.compile(f"([{''.join(_DIRECTION_MARKS)}])")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_BARE_ADDRESS = re.compile(r"\bhttps?://[^\s<>\"'`|\\]+", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_NEEDS_INLINE = re.compile(f"[`*_\\[\\]<>&\\\\{''.join(_DIRECTION_MARKS)}]|https?://|\\n", re.IGNORECASE)
_PREFIX = re.compile(r"[a-z0-9-]*", re.ASCII)


@dataclass(frozen=True)
class Heading:
    """A heading in a text: its level as shown, the id to jump to, its words."""

    level: int
    id: str
    text: str


@dataclass(frozen=True)
class Rendered:
    """A text ready to be shown. `words` counts what a person reads, without code blocks."""

    html: Markup
    words: int
    headings: tuple[Heading, ...]


def render(text: str, *, heading_offset: int = 0, prefix: str = "") -> Rendered:
    """Markdown as clean HTML.

    `heading_offset` moves `#` down to where the page needs it (6 at most). `prefix` (a-z, 0-9, hyphen) keeps the ids of
    several texts on one page apart. Raises TooComplex, and TooBusy when many long texts come at once.
    """
    return _render(text, {"offset": heading_offset, "prefix": prefix, "inline": False})


def stored(html: str) -> Markup:
    """Markup that `render` or `render_inline` made earlier and that was kept in the database."""
    return Markup(html)  # noqa: S704  # nosec B704  # what both sanitisers let through when it was rendered


def render_inline(text: str) -> Markup:
    """A one-line text, such as an answer option, as clean HTML without blocks. Raises TooComplex."""
    text = _CONTROL.sub("", " ".join(text.split()))
    if not _NEEDS_INLINE.search(text):
        if len(text) > MAX_CHARS:
            check(text)
        return escape(text)
    return _render(text, {"offset": 0, "prefix": "", "inline": True}).html


@lru_cache(maxsize=256)
def outline(text: str, *, inline: bool = False) -> Outline:
    """The pictures and links of a text as it is rendered, a one-line text where `inline`. Raises like `render`."""
    if "[" not in text and "://" not in text:
        return Outline()
    return outline_of(_answer(" ".join(text.split()) if inline else text, {"inline": inline}))


def _render(text: str, how: dict[str, Any]) -> Rendered:
    if not _PREFIX.fullmatch(how["prefix"]):
        raise ValueError("prefix may hold a-z, 0-9 and hyphens")
    answer = _answer(text, how)
    headings = tuple(Heading(*heading) for heading in answer["headings"])
    return Rendered(html=stored(answer["html"]), words=answer["words"], headings=headings)


def _answer(text: str, how: dict[str, Any]) -> dict[str, Any]:
    """What the tools say of a text, here or in a child process."""
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    check(text)
    given = allowance.current(RENDER_SECONDS)
    if len(text) <= DIRECT_CHARS and "```" not in text and "~~~" not in text and not given.is_half_spent:
        answer = answer_of({"text": text} | how)
    else:
        answer = _answer_apart({"text": text} | how, given)
    given.spent += answer["seconds"]
    if "refused" in answer:
        raise TooComplex(answer["refused"])
    return answer


def _answer_apart(message: dict[str, Any], given: Allowance) -> dict[str, Any]:
    """Render in a child process, within what is left."""
    if not given.left:
        raise TooMuch
    try:
        return _apart.call(message, seconds=given.left)
    except NoChildFree:
        raise TooBusy(N_("Many texts are being prepared just now. Please try again in a few seconds.")) from None
    except OutOfTime:
        is_alone, given.spent = given.spent == 0, given.seconds
        raise (TooComplex(_TOO_LONG) if is_alone else TooMuch()) from None


def answer_of(message: dict[str, Any]) -> dict[str, Any]:
    """Render in this process and thread; plain values in and out, because a child process may be asked."""
    renderer = _local.renderer
    began = allowance.thread_seconds()
    try:
        answer = renderer.render(**message) if "offset" in message else renderer.outline(**message)
    except RecursionError:
        answer = {"refused": N_("Lists or quotes are nested too deeply. Please use fewer levels.")}
    return answer | {"seconds": allowance.thread_seconds() - began}


_apart = Timebox(
    "peerlearn.core.markdown:answer_of",
    seconds=RENDER_SECONDS,
    exercise={"text": "```python\npass\n```", "offset": 0, "prefix": "", "inline": False},
)


@dataclass
class _Page:
    """What one rendering gathers while the tokens pass."""

    prefix: str = ""
    offset: int = 0
    words: int = 0
    headings: list[tuple[int, str, str]] = field(default_factory=list)


class _Renderer:
    """The tools of one thread: neither Markdown nor bleach's Cleaner may be shared between threads."""

    def __init__(self) -> None:
        self.page = _Page()
        self.blocks = self._markdown()
        self.line = self._markdown()
        self.line.preprocessors = _kept(self.line.preprocessors, "normalize_whitespace")
        self.line.parser.blockprocessors = _kept(self.line.parser.blockprocessors, "paragraph")
        self.line.treeprocessors = _kept(self.line.treeprocessors, "inline", "prettify", "unescape")
        self.line.inlinePatterns.deregister("footnote")
        self.block_cleaner = self._cleaner(_BLOCK_TAGS | _INLINE_TAGS)
        self.line_cleaner = self._cleaner(_INLINE_TAGS)

    def outline(self, text: str, *, inline: bool) -> dict[str, Any]:
        return read(self.line if inline else self.blocks, text)

    def render(self, text: str, *, offset: int, prefix: str, inline: bool) -> dict[str, Any]:
        self.page = _Page(prefix=f"u-{prefix}-" if prefix else "u-", offset=offset)
        markdown, cleaner = (self.line, self.line_cleaner) if inline else (self.blocks, self.block_cleaner)
        markup = cleaner.clean(markdown.reset().convert(text))
        markup = _second_opinion(markup, _INLINE_TAGS if inline else _BLOCK_TAGS | _INLINE_TAGS)
        return {"html": markup.strip(), "words": self.page.words, "headings": self.page.headings}

    @staticmethod
    def _markdown() -> Markdown:
        from markdown import Markdown
        from markdown.extensions.footnotes import FootnoteExtension
        from markdown.extensions.tables import TableExtension
        from markdown.extensions.toc import TocExtension

        markdown = Markdown(
            extensions=[
                TableExtension(use_align_attribute=True),
                FootnoteExtension(BACKLINK_TITLE="Back to where note {} stands in the text"),
                "def_list",
                "sane_lists",
                "admonition",
                TocExtension(marker=""),
            ],
            output_format="html",
        )
        markdown.preprocessors.deregister("html_block")
        markdown.inlinePatterns.deregister("html")
        markdown.preprocessors.register(cast(Any, Fences(markdown)), "fences", 25)
        return markdown

    def _cleaner(self, tags: frozenset[str]) -> Cleaner:
        from bleach.linkifier import LinkifyFilter
        from bleach.sanitizer import Cleaner

        class Links(LinkifyFilter):
            """Looks for addresses only: references were read before, and "&amp;lt;" must not be read a second time."""

            def extract_entities(self, token: dict[str, Any]) -> Iterator[dict[str, Any]]:
                yield token

        links = partial(Links, callbacks=[], skip_tags={"pre", "code"}, url_re=_BARE_ADDRESS, parse_email=False)
        return Cleaner(
            tags=tags,
            attributes=_may_have,
            protocols={"http", "https", "mailto"},
            strip=True,
            filters=[links, cast(Any, self._finish)],
        )

    def _finish(self, source: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Ids, classes, levels and relations as this house wants them, while the tokens pass."""
        page = self.page
        heading: tuple[int, str] | None = None
        words: list[str] = []
        told: list[str] = []
        code = 0
        for token in source:
            kind, name = token["type"], token.get("name", "")
            if kind in ("StartTag", "EmptyTag", "EndTag"):
                if name == "pre":
                    code += 1 if kind == "StartTag" else -1
                if name not in _INLINE_TAGS:
                    words.append(" ")
                if name in _HEADINGS:
                    level = min(6, _HEADINGS[name] + page.offset)
                    token["name"] = f"h{level}"
                if kind != "EndTag":
                    token["data"] = _finished(name, token.get("data") or {}, page.prefix)
                if name == "img" and (None, "src") not in token["data"]:
                    token = {"type": "Characters", "data": html.unescape(token["data"][(None, "alt")])}
                if name in _HEADINGS and kind == "StartTag":
                    heading, told = (level, token["data"].get((None, "id"), "")), []
                elif name in _HEADINGS and heading is not None:
                    page.headings.append((*heading, " ".join("".join(told).split())))
                    heading = None
                yield token
                continue
            data = html.unescape(f"&{name};") if kind == "Entity" else token.get("data", "")
            if not code:
                words.append(data)
            told.append(data)
            if _DIRECTION.search(data):
                yield from _marked(data)
            else:
                yield token
        page.words = len(_WORD.findall("".join(words)))


class _Lazy:
    """The renderer of the current thread, without building one in threads that never render."""

    def __init__(self) -> None:
        self._slot = threading.local()

    @property
    def renderer(self) -> _Renderer:
        found: _Renderer | None = getattr(self._slot, "renderer", None)
        if found is None:
            found = self._slot.renderer = _Renderer()
        return found


_local = _Lazy()


def _kept(registry: Registry[Any], *names: str) -> Registry[Any]:
    """A registry with only these entries, in the order given."""
    kept = type(registry)()
    for place, name in enumerate(names):
        kept.register(registry[registry.get_index_for_name(name)], name, -place)
    return kept


def _may_have(tag: str, name: str, value: str) -> bool:
    """Whether an element keeps this attribute: bleach asks for every one."""
    if name == "href":
        return tag == "a" and safe_address(value)
    if name == "src":
        return tag == "img" and safe_picture(value)
    if name == "align":
        return tag in ("td", "th") and value in _ALIGNMENTS
    if name == "class":
        return tag in _CLASSES
    if name == "start":
        return tag == "ol" and value.isdecimal() and len(value) < 7
    return name in _ATTRIBUTES.get(tag, ()) and name not in ("rel", "loading")


def _finished(tag: str, data: dict[Any, str], prefix: str) -> dict[Any, str]:
    """The attributes an element is shown with."""
    attributes = {key[1]: value for key, value in data.items()}
    result: dict[str, str] = {}
    for name, value in attributes.items():
        if name == "id":
            result["id"] = prefix + value
        elif name == "align":
            result["class"] = f"align-{value}"
        elif name == "class":
            if classes := _own_classes(tag, value):
                result["class"] = classes
        elif name == "href":
            if safe_address(value):
                result["href"] = f"#{prefix}{value[1:]}" if value.startswith("#") else value
        elif name in ("alt", "title"):
            result[name] = _DIRECTION.sub(lambda found: f"[{_DIRECTION_MARKS[found[1]]}]", _plain(value))
        else:
            result[name] = value
    if tag == "a" and is_foreign(result.get("href", "")):
        result["rel"] = "nofollow ugc noopener"
    if tag == "img":
        result.setdefault("alt", "")
        result["loading"] = "lazy"
    return {(None, name): value for name, value in result.items()}


def _plain(value: str) -> str:
    """An attribute's value with its direction signs laid open, whether written as such or as a reference."""
    meant = html.unescape(value)
    return meant.replace("&", "&amp;") if _DIRECTION.search(meant) else value


def _own_classes(tag: str, value: str) -> str:
    """Those classes that are meant for users' text; a callout of an unknown kind becomes a note."""
    names = value.split()
    kept = [name for name in names if name in _CLASSES[tag]]
    if "admonition" in names and not CALLOUTS.intersection(names):
        kept.append("note")
    return " ".join(kept)


def _marked(text: str) -> Iterator[dict[str, Any]]:
    """Text whose direction signs are shown: they can make a line read differently from what it says."""
    for piece in _DIRECTION.split(text):
        if piece in _DIRECTION_MARKS:
            yield {"type": "StartTag", "name": "span", "data": {(None, "class"): "direction-mark"}}
            yield {"type": "Characters", "data": f"[{_DIRECTION_MARKS[piece]}]"}
            yield {"type": "EndTag", "name": "span"}
        elif piece:
            yield {"type": "Characters", "data": piece}


def _second_opinion(markup: str, tags: frozenset[str]) -> str:
    """The same markup after nh3, which takes away what bleach may have missed and changes nothing else."""
    import nh3

    return nh3.clean(
        markup,
        tags=set(tags),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        allowed_classes={tag: set(names) for tag, names in _CLASSES.items()},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
