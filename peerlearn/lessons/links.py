"""Lint rules about links: one inside the library leads to a lesson, a card, a topic, a picture or a heading."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qs, urlsplit

from peerlearn.core.addresses import safe_address
from peerlearn.core.words import N_, Said
from peerlearn.lessons.inspection import Found, Known, Subject, rule, say

_LINK = re.compile(r"(?<!!)\[[^\]\n]{0,500}\]\(\s*<?([^)\s>]{0,500})")
_SLUG = re.compile(r"/lessons/([a-z0-9-]{1,100})")
_CARD = re.compile(r"/lessons/([a-z0-9-]{1,100})(?:/cards/\d|/whole#card-\d)")
_CARD_PLACE = re.compile(r"card-(\d{1,6})")
_PATH = re.compile(r"(?<![\w.~/-])/[a-z][^\s<>()\[\]\"'?#]{0,300}", re.IGNORECASE)
_HOST = re.compile(r"https?://[^\s/<>()\[\]\"']{1,260}", re.IGNORECASE)
CARDS_LOOKED_UP = 20
PATHS_LOOKED_UP = 100

_MEND = N_("Correct the link or remove it.")
EMPTY = Said(N_("This link leads nowhere."), N_("Write its address into the ( )."))
_BEGIN = N_("Begin its address with / for a page here, as in /lessons/…, or with https://.")
LOST = Said(N_("The link to “%(address)s” leads nowhere."), _BEGIN)
UNSAFE = Said(N_("This link leads nowhere."), _BEGIN)
NO_HEADING = Said(N_("This card has no heading for “%(address)s”."), N_("Correct the link, or add the heading."))
NO_PAGE = Said(N_("There is no page at %(address)s."), _MEND)
NO_LESSON = Said(N_("There is no published lesson at %(address)s."), _MEND)
NO_TOPIC = Said(N_("There is no topic at %(address)s."), _MEND)
NO_PICTURE = Said(N_("There is no picture at %(address)s that this lesson may show."), _MEND)
NO_CARD = Said(N_("The lesson at %(address)s has only %(count)s cards."), N_("Correct the number of the card."))


def linked_lessons(source: str) -> frozenset[str]:
    """The addresses of lessons that a text may link to."""
    return frozenset(_SLUG.findall(source))


def linked_cards(source: str) -> frozenset[str]:
    """The addresses of the lessons of which a text links to a card."""
    return frozenset(_CARD.findall(source)[:CARDS_LOOKED_UP])


def linked_paths(source: str) -> list[str]:
    """The pages of this site that a text may link to, without what stands after ? and #."""
    found = (path.rstrip(".,:;!*_") for path in _PATH.findall(_HOST.sub("", source)))
    return list(dict.fromkeys(found))[:PATHS_LOOKED_UP]


@rule
def links_lead_somewhere(subject: Subject) -> Found:
    """Who follows a link arrives, in the cards and in what is read around a question."""
    for text in subject.shown:
        for link in text.outline.links:
            places = text.outline.places if text.is_card else None
            yield from _checked(subject.known, text.line(link.line), link.address, places)


@rule
def links_of_the_front_lead_somewhere(subject: Subject) -> Found:
    """What to try at work, and the sources, lead somewhere too."""
    front = subject.file.front
    for words in (front.try_it, *front.sources):
        for link in _LINK.finditer(words):
            yield from _checked(subject.known, 1, link[1], None)
    for source in front.sources:
        if source.startswith(("/", "http")):
            yield from _checked(subject.known, 1, source, None)


def _checked(known: Known, number: int, address: str, places: frozenset[str] | None) -> Found:
    shown = address[:100]
    if not address:
        yield say("warning", number, "empty-link", EMPTY)
    elif address.startswith("#"):
        if places is not None and address[1:] not in places:
            yield say("warning", number, "dead-anchor", NO_HEADING, address=shown)
    elif not safe_address(address):
        yield say("warning", number, "lost-link", UNSAFE if ":" in address else LOST, address=shown)
    elif (inside := _inside(address, known.house)) and (missing := _missing(inside, known)):
        yield say("warning", number, "dead-link", missing, address=shown)
    elif inside and (count := _cards_there(inside, known)) is not None:
        yield say("warning", number, "dead-card", NO_CARD, address=shown, count=count)


def _inside(address: str, house: str) -> SplitResult | None:
    """The parts of an address of this site, whether written with its name or without; None for any other."""
    try:
        parts, ours = urlsplit(address), urlsplit(house)
    except ValueError:
        return None
    if parts.netloc:
        if not house or parts.netloc.casefold() != ours.netloc.casefold() or not parts.path.startswith(ours.path):
            return None
        parts = parts._replace(path=parts.path.removeprefix(ours.path))
    return parts if parts.path.startswith("/") and "%" not in parts.path else None


def _missing(parts: SplitResult, known: Known) -> Said | None:
    """What is not there that an address of this site leads to."""
    if parts.path in known.nowhere:
        return NO_PAGE
    first, _, rest = parts.path.strip("/").partition("/")
    slug = rest.split("/")[0]
    if first == "lessons" and slug and known.slugs is not None and slug not in known.slugs:
        return NO_LESSON
    if first == "media" and known.pictures is not None and slug not in known.pictures:
        return NO_PICTURE
    topics = parse_qs(parts.query).get("topic", []) if (first, rest) == ("lessons", "") else []
    topics += [rest.removeprefix("topics/")] if first == "practice" and rest.startswith("topics/") else []
    return NO_TOPIC if known.topics is not None and not known.topics.issuperset(topics) else None


def _cards_there(parts: SplitResult, known: Known) -> int | None:
    """How many cards a lesson has of which an address names another one; None where all is well."""
    steps = parts.path.strip("/").split("/")
    count = known.cards.get(steps[1]) if steps[0] == "lessons" and len(steps) > 1 else None
    place = _CARD_PLACE.fullmatch(parts.fragment)
    card = place[1] if place and steps[2:] == ["whole"] else steps[3] if steps[2:3] == ["cards"] and steps[3:] else "1"
    is_there = count is None or (card.isdecimal() and 1 <= int(card[:7]) <= count)
    return None if is_there else count
