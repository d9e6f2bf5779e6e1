"""The doors to a lesson that one may verify, and to a source that one's lessons cite."""

from __future__ import annotations

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.errors import NotFound
from peerlearn.core.paging import Page
from peerlearn.review import access as review
from peerlearn.review.standing import Standing
from peerlearn.verification import sources
from peerlearn.verification.sources import Citing


def lesson_to_check(lesson_id: int, person: Person) -> Standing:
    """A published lesson that this person may verify."""
    found = review.lesson_to_stand(lesson_id, person, clock.organisation_zone())
    if "verify" not in found.offered:
        raise NotFound()
    return found


def source(key: str, person: Person, after: int | None = None) -> Page[Citing]:
    """The lessons that cite an address and that this person sees; where there is none, there is no such source."""
    found = sources.citing(key, person, after)
    if not found.rows:
        raise NotFound()
    return found
