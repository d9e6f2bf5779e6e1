"""Lint rules about pictures: they are described for those who cannot see them, and kept with the lesson."""

from __future__ import annotations

import re
from collections.abc import Iterator

from peerlearn.core.outline import Picture
from peerlearn.core.words import N_, Said
from peerlearn.lessons.inspection import Found, Subject, rule, say

OWN = re.compile(r"/media/([0-9a-f]{64})")


@rule
def pictures_described(subject: Subject) -> Found:
    """Whoever cannot see a picture still learns what it shows."""
    for number, picture in _pictures(subject):
        if not picture.is_described:
            message = Said(
                N_("This picture has no text for people who cannot see it."),
                N_("Write it between the [ ] after the !."),
            )
            yield say("error", number, "no-alt", message)


@rule
def pictures_kept(subject: Subject) -> Found:
    """Pictures live with the lesson, so that they stay and nobody else learns who reads."""
    known = subject.known.pictures
    for number, picture in _pictures(subject):
        own = OWN.fullmatch(picture.address)
        if not own:
            message = Said(N_("Pictures from elsewhere are not shown."), N_("Save it and drop it into the text."))
            yield say("error", number, "foreign-picture", message)
        elif known is not None and own[1] not in known:
            message = Said(N_("This picture is not there."), N_("Drop it into the text once more."))
            yield say("error", number, "unknown-picture", message)


def _pictures(subject: Subject) -> Iterator[tuple[int, Picture]]:
    """All pictures that the lesson shows, each at its line."""
    for text in subject.shown:
        yield from ((text.line(picture.line), picture) for picture in text.outline.pictures)
