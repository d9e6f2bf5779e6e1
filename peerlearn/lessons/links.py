"""Lint rules about links: one inside the library leads to a lesson, a card or a heading that is there."""

from __future__ import annotations

import re

from peerlearn.core.words import N_, Said
from peerlearn.lessons.inspection import CODE_SPAN, Found, Subject, rule, say
from peerlearn.quizzes.question import explanations

_LINK = re.compile(r"(?<!!)\[[^\]\n]{0,500}\]\(\s*<?([^)\s>]{0,500})")
_DEFINED = re.compile(r" {0,3}\[[^\]\n^]{1,100}\]:[ \t]*<?([^\s>]{1,500})")
_LESSON = re.compile(r"/lessons/([a-z0-9-]{1,100})(?:/cards/(\d{1,6})|/whole(?:#card-(\d{1,6}))?)?/?(?=$|[?#])")
_HEADING = re.compile(r"#{1,6}[ \t]+(.+?)[ \t]*#*$")
_UNSURE = re.compile(r"[^\w \-.,?()\x27]|[_]|[^\x00-\x7f]")
_SLUG = re.compile(r"/lessons/([a-z0-9-]{1,100})")
_CARD = re.compile(r"/lessons/([a-z0-9-]{1,100})(?:/cards/\d|/whole#card-\d)")
CARDS_LOOKED_UP = 20
_FOOTNOTE = ("fn:", "fnref:")


def linked_lessons(source: str) -> frozenset[str]:
    """The addresses of lessons that a text may link to."""
    return frozenset(_SLUG.findall(source))


def linked_cards(source: str) -> frozenset[str]:
    """The addresses of the lessons of which a text links to a card."""
    return frozenset(_CARD.findall(source)[:CARDS_LOOKED_UP])


@rule
def links_lead_somewhere(subject: Subject) -> Found:
    """Who follows a link arrives."""
    for lines in subject.prose:
        anchors = _anchors([line for _, line in lines])
        for number, line in lines:
            bare = CODE_SPAN.sub("", line)
            for link in (*_LINK.finditer(bare), *_DEFINED.finditer(bare)):
                yield from _checked(subject, number, link[1], anchors)


@rule
def links_of_questions_lead_somewhere(subject: Subject) -> Found:
    """What a learner reads around a question leads somewhere too: its words, hints and explanations."""
    for question in subject.file.questions:
        parts = [(question.line, words) for words in (question.stem, question.why, question.model, *question.hints)]
        parts += [(option.line, option.text) for option in question.options]
        parts += [(entry.line, entry.text) for entry in question.entries]
        parts += [(told.line, told.why) for told in explanations(question)]
        for line, words in parts:
            for link in _LINK.finditer(CODE_SPAN.sub("", words)):
                yield from _checked(subject, line or question.line, link[1], None)


@rule
def links_of_the_front_lead_somewhere(subject: Subject) -> Found:
    """What to try at work, and the sources, lead somewhere too."""
    front = subject.file.front
    for words in (front.try_it, *front.sources):
        for link in _LINK.finditer(words):
            yield from _checked(subject, 1, link[1], None)
    for source in front.sources:
        if source.startswith("/"):
            yield from _checked(subject, 1, source, None)


def _checked(subject: Subject, number: int, address: str, anchors: frozenset[str] | None) -> Found:
    known = subject.known
    if known.house and address.startswith(f"{known.house}/"):
        address = address.removeprefix(known.house)
    if not address:
        yield say(
            "warning", number, "empty-link", Said(N_("This link leads nowhere."), N_("Write its address into the ( )."))
        )
    elif address.startswith("#"):
        if anchors is not None and _plain(address[1:]) not in anchors and not address[1:].startswith(_FOOTNOTE):
            message = Said(
                N_("This card has no heading for “%(address)s”."), N_("Correct the link, or add the heading.")
            )
            yield say("warning", number, "dead-anchor", message, address=address[:100])
    elif (found := _LESSON.match(address)) and known.slugs is not None:
        slug, card = found[1], int(found[2] or found[3] or 1)
        there = known.cards.get(slug)
        if slug not in known.slugs:
            message = Said(N_("There is no published lesson at %(address)s."), N_("Correct the link or remove it."))
            yield say("warning", number, "dead-link", message, address=address[:100])
        elif there is not None and not 1 <= card <= there:
            message = Said(
                N_("The lesson at %(address)s has only %(count)s cards."), N_("Correct the number of the card.")
            )
            yield say("warning", number, "dead-card", message, address=address[:100], count=there)


def _anchors(lines: list[str]) -> frozenset[str] | None:
    """The names by which headings of a card can be linked to; None when a heading holds more than words."""
    titles = [found[1] for line in lines if (found := _HEADING.match(line))]
    if any(_UNSURE.search(title) for title in titles):
        return None
    return frozenset(map(_plain, titles))


def _plain(title: str) -> str:
    """A heading or its address without what making an address of it changes."""
    return re.sub(r"_\d+$", "", re.sub(r"[\W]+", "-", title).strip("-").casefold())
