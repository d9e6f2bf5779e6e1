"""What review does when authors submit or withdraw, and when somebody is made curator."""

from __future__ import annotations

from collections.abc import Sequence

from peerlearn.accounts import rules as accounts
from peerlearn.accounts.events import RoleGiven
from peerlearn.core.events import Recorded, listens
from peerlearn.lessons.events import RevisionSubmitted, RevisionWithdrawn
from peerlearn.review import coming_in, preparing


@listens(RevisionSubmitted)
def open_reviews(records: Sequence[Recorded]) -> None:
    """Submissions wait for a curator from now on."""
    events = ((record.event, record.actor_id) for record in records)
    coming_in.open_reviews(
        [
            (event.revision_id, event.topic_id, actor_id)
            for event, actor_id in events
            if isinstance(event, RevisionSubmitted) and actor_id is not None
        ]
    )


@listens(RoleGiven)
def end_preparations(records: Sequence[Recorded]) -> None:
    """Whoever is curator now need not prepare for it any more."""
    for record in records:
        event = record.event
        assert isinstance(event, RoleGiven)
        if event.role == accounts.CURATOR:
            preparing.has_come_about(event.person_id, event.scope_id)


@listens(RevisionWithdrawn)
def withdraw_reviews(records: Sequence[Recorded]) -> None:
    """What was taken back waits for nobody."""
    for record in records:
        event = record.event
        assert isinstance(event, RevisionWithdrawn)
        if record.actor_id is not None:
            coming_in.withdraw_review(event.revision_id, record.actor_id)
