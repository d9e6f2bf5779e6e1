"""The door to what is known of a lesson. What is foreign and what is missing answer the same."""

from __future__ import annotations

from peerlearn.accounts.models import Person
from peerlearn.authors import queries
from peerlearn.authors.queries import Written
from peerlearn.core.errors import NotFound


def lesson_to_look_at(lesson_id: int, by: Person) -> Written:
    """A lesson that one wrote, alone or with others, and that was published once."""
    found = queries.lesson_of(lesson_id, by)
    if found is None:
        raise NotFound()
    return found
