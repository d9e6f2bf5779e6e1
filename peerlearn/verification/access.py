"""The door to a lesson that one may verify."""

from __future__ import annotations

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.errors import NotFound
from peerlearn.review import access as review
from peerlearn.review.standing import Standing


def lesson_to_check(lesson_id: int, person: Person) -> Standing:
    """A published lesson that this person may verify."""
    found = review.lesson_to_stand(lesson_id, person, clock.organisation_zone())
    if "verify" not in found.offered:
        raise NotFound()
    return found
