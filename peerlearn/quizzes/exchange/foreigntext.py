"""Texts of other systems in whatever form they say they are, as the Markdown or the plain words that we keep."""

from __future__ import annotations

import re
from dataclasses import dataclass

from peerlearn.core.words import N_
from peerlearn.quizzes.exchange.htmltext import markdown_of_html, plain_of_html
from peerlearn.quizzes.exchange.htmltree import cut
from peerlearn.quizzes.exchange.plaintext import escaped, escaped_block
from peerlearn.quizzes.exchange.report import Losses
from peerlearn.quizzes.marks import one_line

MARKDOWN, HTML, PLAIN, LOOSE = "markdown", "html", "plain", "loose"
"""LOOSE is what Moodle calls its auto-format: plain text in which HTML may stand."""

JOINED = N_("An explanation of several paragraphs became one paragraph.")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,500}>|&#?\w{1,31};|<!--")
_PARAGRAPHS = re.compile(r"\n[ \t]*\n")


@dataclass(frozen=True, slots=True)
class Foreign:
    """A text and the form it is in."""

    text: str
    form: str = LOOSE

    @property
    def is_html(self) -> bool:
        """Whether tags and entities in it mean something."""
        return self.form == HTML or (self.form == LOOSE and bool(_MARKUP.search(self.text)))


def block(foreign: Foreign, losses: Losses) -> str:
    """The text as Markdown of any length, as a stem or an explanation of an answer."""
    if foreign.is_html:
        loose = foreign.form == LOOSE
        return markdown_of_html(foreign.text.replace("\n", "<br>\n") if loose else foreign.text, losses)
    text = cut(foreign.text, losses)
    return text if foreign.form == MARKDOWN else escaped_block(text)


def line(foreign: Foreign, losses: Losses) -> str:
    """The text as Markdown on one line, as an answer to choose."""
    if foreign.is_html:
        return " ".join(markdown_of_html(foreign.text, losses).split("\n")).replace("  ", " ").strip()
    text = one_line(cut(foreign.text, losses))
    return text if foreign.form == MARKDOWN else escaped(text)


def words(foreign: Foreign, losses: Losses) -> str:
    """The text on one line without any marks, as it is typed or chosen from a list."""
    if foreign.is_html:
        return plain_of_html(foreign.text, losses)
    return one_line(cut(foreign.text, losses))


def paragraph(foreign: Foreign, losses: Losses) -> str:
    """The text as one Markdown paragraph, as the explanation of a question."""
    text = block(foreign, losses).strip()
    if _PARAGRAPHS.search(text):
        losses.add(JOINED)
    return text
