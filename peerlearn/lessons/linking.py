"""Lessons that an author may want to link to."""

from __future__ import annotations

from collections.abc import Sequence

from peerlearn.accounts.models import Person
from peerlearn.core import fulltext
from peerlearn.core.db import db
from peerlearn.lessons import queries
from peerlearn.lessons.models import Lesson

SHOWN = 8


def linkable(words: str, person: Person) -> Sequence[Lesson]:
    """What this person may find with these words, the best first; without words the newest. At most two statements."""
    wanted = queries.Wanted(seen_by=person.id)
    if not fulltext.query_words(words):
        return queries.catalogue(wanted, size=SHOWN).rows
    hits = fulltext.search(db.session(), words, limit=SHOWN)
    found = queries.published_by_id([hit.lesson_id for hit in hits], wanted)
    return [found[hit.lesson_id] for hit in hits if hit.lesson_id in found]
