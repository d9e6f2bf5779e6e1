"""What review does when authors submit or withdraw."""

from __future__ import annotations

from collections.abc import Sequence

from peerlearn.core.events import Recorded, listens
from peerlearn.lessons.events import RevisionSubmitted, RevisionWithdrawn
from peerlearn.review import actions


@listens(RevisionSubmitted)
def open_reviews(records: Sequence[Recorded]) -> None:
    """A submission waits for a curator from now on."""
    for record in records:
        event = record.event
        assert isinstance(event, RevisionSubmitted)
        if record.actor_id is not None:
            actions.open_review(event.revision_id, event.topic_id, record.actor_id)


@listens(RevisionWithdrawn)
def withdraw_reviews(records: Sequence[Recorded]) -> None:
    """What was taken back waits for nobody."""
    for record in records:
        event = record.event
        assert isinstance(event, RevisionWithdrawn)
        if record.actor_id is not None:
            actions.withdraw_review(event.revision_id, record.actor_id)
