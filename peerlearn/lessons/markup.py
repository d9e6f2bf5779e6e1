"""Lint rules about how Markdown is used: headings, callouts, HTML, hidden signs."""

from __future__ import annotations

import re

from peerlearn.core import markdown
from peerlearn.core.words import N_, Said
from peerlearn.lessons.inspection import CODE_SPAN, Found, Subject, rule, say

_HTML = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>\n]{0,200})?/?>|<!--")
_HEADING = re.compile(r"(#{1,6})[ \t]+\S")
_CALLOUT = re.compile(r"!!! ?(\S*)")
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")


@rule
def headings_in_order(subject: Subject) -> Found:
    """Headings make an outline that screen readers can follow."""
    for lines in subject.prose:
        before = 2
        for number, line in lines:
            heading = _HEADING.match(line)
            if not heading:
                continue
            level = len(heading[1])
            if level == 1:
                message = Said(N_("A single # is for “# Quiz” only."), N_("Use ## to begin a card, or ### inside one."))
                yield say("warning", number, "heading-one", message)
            elif level > before + 1:
                message = Said(N_("This heading skips a level."), N_("Use %(marks)s here."))
                yield say("warning", number, "heading-skips", message, marks="#" * (before + 1))
            before = max(level, 2)


@rule
def callouts_known(subject: Subject) -> Found:
    """A callout is one of five kinds and has a text."""
    for lines in subject.prose:
        for place, (number, line) in enumerate(lines):
            callout = _CALLOUT.match(line)
            if not callout:
                continue
            if callout[1].casefold() not in markdown.CALLOUTS:
                message = Said(N_("There is no such callout."), N_("Write one of these after !!!: %(kinds)s."))
                yield say("warning", number, "callout-kind", message, kinds=", ".join(sorted(markdown.CALLOUTS)))
            following = next((text for _, text in lines[place + 1 :] if text.strip()), "")
            if not following.startswith(("    ", "\t")) and not _code_follows(subject, number):
                message = Said(
                    N_("This callout has no text."), N_("Write it on the lines below, each indented by four spaces.")
                )
                yield say("warning", number, "callout-empty", message)


def _code_follows(subject: Subject, number: int) -> bool:
    """Whether the next line is code, which the rules do not see."""
    return all(other != number + 1 for other, _ in subject.lines)


@rule
def markup_is_text(subject: Subject) -> Found:
    """Only Markdown makes markup; anything else is shown as typed."""
    for number, line in subject.lines:
        if _HTML.search(CODE_SPAN.sub("", line)):
            message = Said(N_("HTML is shown as text."), N_("Use Markdown, or put code between ` signs."))
            yield say("warning", number, "html", message)


@rule
def hidden_directions(subject: Subject) -> Found:
    """Signs that turn the reading direction can hide what a text says."""
    for card in subject.file.cards:
        for number, line in enumerate(card.body.split("\n"), start=card.body_line):
            if _DIRECTION.search(line):
                message = Said(
                    N_("This line holds hidden signs that change the reading direction; they are shown as marks."),
                    N_("Take them out, or type the line again."),
                )
                yield say("warning", number, "direction-marks", message)
