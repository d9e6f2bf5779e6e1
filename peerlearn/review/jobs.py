"""What review does by itself, whether or not anybody looks at a page."""

from __future__ import annotations

from collections.abc import Iterator

from peerlearn.core.jobs import routine
from peerlearn.core.schedule import every
from peerlearn.core.words import N_
from peerlearn.review import tending


@routine("review.tend", N_("Publish what is due, ask curators and colleagues, hand on what waits"), every(5))
def tend() -> Iterator[None]:
    """All that happens after responses too, which may be long apart."""
    for job in tending.JOBS:
        while job():
            yield
        yield
