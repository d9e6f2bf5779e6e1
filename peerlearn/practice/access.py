"""The only door by which the pages of practice obtain a set."""

from __future__ import annotations

from peerlearn.accounts.models import Person
from peerlearn.core.errors import NotFound
from peerlearn.practice import queries
from peerlearn.practice.models import SetQuestion
from peerlearn.practice.queries import Sitting


def set_of(set_id: int, person: Person) -> Sitting:
    """One's own set with all its questions."""
    found = queries.sitting(set_id, person.id)
    if found is None:
        raise NotFound()
    return found


def asked_at(sitting: Sitting, position: int) -> SetQuestion:
    """The question at a place of a set."""
    found = next((question for question in sitting.questions if question.position == position), None)
    if found is None:
        raise NotFound()
    return found
