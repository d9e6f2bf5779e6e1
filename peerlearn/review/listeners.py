"""What review does when authors submit or withdraw, and when somebody is made curator."""

from __future__ import annotations

from collections.abc import Sequence

from peerlearn.accounts import rules as accounts
from peerlearn.accounts.events import RoleGiven
from peerlearn.core.events import Recorded, listens
from peerlearn.lessons.events import RevisionSubmitted, RevisionWithdrawn
from peerlearn.review import coming_in, preparing, training
from peerlearn.review.events import RatingCompared, ReportUpheld, ReviewDone, SecondLookFailed


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
            training.begin([event.person_id])


@listens(ReviewDone, RatingCompared, ReportUpheld, SecondLookFailed)
def judge_raters(records: Sequence[Recorded]) -> None:
    """Whose ratings are known better now: whoever rates too far from what is final is on probation until it changes."""
    events = [record.event for record in records]
    people = {record.actor_id for record in records if isinstance(record.event, ReviewDone)}
    people |= {event.reviewer_id for event in events if isinstance(event, RatingCompared)}
    again = {event.review_id for event in events if isinstance(event, ReviewDone | SecondLookFailed)}
    upheld = {event.report_id for event in events if isinstance(event, ReportUpheld)}
    again |= training.reviews_of(upheld) if upheld else set()
    people |= training.raters_of(again) if again else set()
    training.judge({person_id for person_id in people if person_id is not None})


@listens(RevisionWithdrawn)
def withdraw_reviews(records: Sequence[Recorded]) -> None:
    """What was taken back waits for nobody."""
    for record in records:
        event = record.event
        assert isinstance(event, RevisionWithdrawn)
        if record.actor_id is not None:
            coming_in.withdraw_review(event.revision_id, record.actor_id)
