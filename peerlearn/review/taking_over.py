"""A curator takes a reader's words over. What is small is live at once; everything else waits in the queue.

It is the law for the small edits of trusted authors: what is small is measured against the last text that a curator
read, chance may have it looked at again, and where a look found fault, the queue comes first for a while. It counts in
the pace of whoever decides.
"""

from __future__ import annotations

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.deeds import deed
from peerlearn.core.errors import Conflict
from peerlearn.core.words import N_
from peerlearn.lessons import actions as lessons
from peerlearn.lessons import amending, checking, lengths, queries
from peerlearn.lessons.models import Lesson, Revision
from peerlearn.lessons.preparing import Prepared
from peerlearn.lessons.rules import FOR_SOME
from peerlearn.review import pace, trusting

BEING_WRITTEN = N_(
    "This is more than a small change, so it goes through review. Its authors are writing a new revision now, and can "
    "take these words over into it."
)


@deed
def take_over(lesson: Lesson, prepared: Prepared, *, writer: Person, by: Person) -> Revision:
    """Publish this text or hand it in; its state says which. `writer` is whose words are new in it.

    `lesson` comes with its authors and topics. What somebody puts together by hand are their own words: nobody else
    read them, so they are always looked at again.
    """
    pace.insist(by)
    if not _is_live_at_once(lesson, prepared, by):
        return _hand_in(lesson, prepared, writer)
    old_id, topic_id = lesson.published_id, lesson.topic_id
    assert old_id is not None
    revision = amending.amend(lesson, prepared, writer=writer, by=by)
    is_drawn = writer.id == by.id or trusting.is_drawn(lesson.id, revision.id)
    trusting.keep(revision, old_id, topic_id, is_drawn=is_drawn, accepted_by_id=by.id)
    return revision


def _is_live_at_once(lesson: Lesson, prepared: Prepared, by: Person) -> bool:
    old = db.session.get(Revision, lesson.published_id) if lesson.published_id else None
    if old is None or lesson.state != "published":
        raise Conflict(amending.NOT_SHOWN)
    if lesson.classification in FOR_SOME or lengths.is_to_be_allowed(lesson.id, prepared.minutes):
        return False
    return trusting.is_small(lesson.id, old, prepared.source, is_taken_over=True) and not trusting.has_failed(
        by.id, clock.now()
    )


def _hand_in(lesson: Lesson, prepared: Prepared, writer: Person) -> Revision:
    """Let it wait for a curator, handed in by whoever wrote it."""
    found = queries.open_revision(lesson.id)
    if found is not None:
        raise Conflict(BEING_WRITTEN)
    revision = lessons.revise(lesson, by=writer)
    lessons.save_draft(revision, prepared.given, base_version=revision.version, by=writer)
    return lessons.submit(revision, by=writer, prepared=prepared, checked=checking.ALL)
