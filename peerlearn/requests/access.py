"""The door to requests: everybody may see them; what a person may do depends on who they are."""

from __future__ import annotations

from peerlearn.accounts.models import Person
from peerlearn.accounts.rules import CURATOR
from peerlearn.core import clock
from peerlearn.core.errors import Conflict, NotAllowed, NotFound
from peerlearn.requests import queries, rules
from peerlearn.requests.models import LessonRequest
from peerlearn.requests.queries import Shown
from peerlearn.requests.rules import Visitor


def request_to_see(request_id: int, *, by: Person) -> Shown:
    """A request as this person sees it."""
    found = queries.request_by_id(request_id, by.id)
    if found is None:
        raise NotFound()
    return found


def acts_of(shown: Shown, person: Person) -> frozenset[str]:
    """What a person may do with a request now."""
    topic_id = shown.request.topic_id
    curates = person.holds(CURATOR, topic_id) if topic_id else person.may("curate")
    visitor = Visitor(person.id, curates, shown.has_voted)
    return frozenset(rules.acts(shown.request.standing, visitor, clock.now()))


def request_to(act: str, request_id: int, *, by: Person) -> LessonRequest:
    """A request to do something with. Conflict when it was possible before, NotAllowed when it is another's."""
    shown = request_to_see(request_id, by=by)
    if act in acts_of(shown, by):
        return shown.request
    if act in ("vote", "unvote", "take") or shown.request.state not in rules.WAITING:
        raise Conflict()
    raise NotAllowed()
