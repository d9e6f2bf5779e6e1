"""Working out anew how good lessons are."""

from __future__ import annotations

from collections.abc import Mapping

from peerlearn.core.db import start_writing
from peerlearn.core.deeds import deed, publish
from peerlearn.learn.rules import is_unhelpful
from peerlearn.lessons import showing
from peerlearn.lessons.quality import quality
from peerlearn.points.evidence import Taught
from peerlearn.quality import queries
from peerlearn.quality.events import LessonsRated


@deed
def recompute(taught: Mapping[int, Taught]) -> int:
    """Write down the quality of every lesson that was published; how many there are. It can run at any time."""
    known = queries.signs(taught)
    found = {lesson_id: quality(signs) for lesson_id, signs in known.items()}
    start_writing()
    showing.rate(found, {lesson_id for lesson_id, one in known.items() if is_unhelpful(one.helpful, one.votes)})
    publish(LessonsRated(queries.authors()), by=None)
    return len(found)
