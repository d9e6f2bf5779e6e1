"""Lessons that an author may want to link to."""

from __future__ import annotations

from collections.abc import Sequence

from peerlearn.core import fulltext
from peerlearn.core.db import db
from peerlearn.lessons import queries
from peerlearn.lessons.models import Lesson

SHOWN = 8


def linkable(words: str) -> Sequence[Lesson]:
    """Published lessons that hold these words, the best first; without words the newest. At most two statements."""
    if not fulltext.query_words(words):
        return queries.catalogue(queries.Wanted(), size=SHOWN).rows
    hits = fulltext.search(db.session(), words, limit=SHOWN)
    found = queries.published_by_id([hit.lesson_id for hit in hits])
    return [found[hit.lesson_id] for hit in hits if hit.lesson_id in found]
