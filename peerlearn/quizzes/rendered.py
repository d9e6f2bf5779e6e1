"""A question's texts as markup: rendered once when it is stored, looked up when it is shown."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from peerlearn.core import markdown
from peerlearn.quizzes.answering import Answer, Grade, Render
from peerlearn.quizzes.kinds.registry import kind_of
from peerlearn.quizzes.models import ItemVersion
from peerlearn.quizzes.question import Question, explanations


def render_texts(question: Question) -> dict[str, Any]:
    """All texts of a question rendered: whole paragraphs under "block", one-line texts under "line"."""
    blocks: dict[str, str] = {}
    lines: dict[str, str] = {}

    def block(text: str) -> Markup:
        if text not in blocks:
            blocks[text] = str(markdown.render(text).html)
        return markdown.stored(blocks[text])

    def line(text: str) -> Markup:
        if text not in lines:
            lines[text] = str(markdown.render_inline(text))
        return markdown.stored(lines[text])

    kind = kind_of(question)
    kind.present(question, 0, render=block, render_line=line)
    kind.explain(question, Answer(question.kind, ()), 0, render=block, render_line=line)
    for text in (*question.hints, *(told.why for told in explanations(question) if told.why)):
        block(text)
    return {"block": blocks, "line": lines, "renderer": markdown.RENDERER_VERSION}


def renderers(version: ItemVersion) -> tuple[Render, Render]:
    """How to show the texts of a stored question: a function for paragraphs and one for lines."""
    current = version.html.get("renderer") == markdown.RENDERER_VERSION
    blocks = version.html.get("block", {}) if current else {}
    lines = version.html.get("line", {}) if current else {}

    def block(text: str) -> Markup:
        return markdown.stored(blocks[text]) if text in blocks else markdown.render(text).html

    def line(text: str) -> Markup:
        return markdown.stored(lines[text]) if text in lines else markdown.render_inline(text)

    return block, line


def once_more(near_miss: Grade) -> str:
    """What somebody reads whose answer nearly fits, before it counts."""
    return _("%(what)s This try is free.", what=_(near_miss.message))
