"""Checks hear what casts doubt on lessons, and who leaves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from peerlearn.accounts.events import PersonDeactivated
from peerlearn.analysis.events import ItemFlagged
from peerlearn.core.events import Recorded, listens
from peerlearn.lessons import showing
from peerlearn.lessons.events import LessonPublished, LessonShown
from peerlearn.review.events import ChangesRequested, ReportUpheld
from peerlearn.verification import leaving, queries, rules

DRIFT = "drift"  # the flag of a question that is answered worse than it used to be


@listens(ReportUpheld)
def doubt_what_is_reported(records: Sequence[Recorded]) -> None:
    """A lesson on which several reports were right is to be read again as a whole."""
    lesson_ids = {cast(ReportUpheld, record.event).lesson_id for record in records}
    counts = queries.upheld_of_late(lesson_ids)
    doubted = [lesson_id for lesson_id in lesson_ids if rules.is_doubted(counts.get(lesson_id, 0))]
    if doubted:
        showing.doubt(doubted)


@listens(ItemFlagged)
def doubt_what_drifts(records: Sequence[Recorded]) -> None:
    """Learners answer a question worse than they used to: what it teaches may have changed."""
    events = (cast(ItemFlagged, record.event) for record in records)
    drifting = [event.lesson_id for event in events if event.flag == DRIFT]
    if drifting:
        showing.doubt(drifting)


@listens(PersonDeactivated)
def hand_over(records: Sequence[Recorded]) -> None:
    """Lessons of somebody who left need an owner."""
    leaving.hand_over([cast(PersonDeactivated, record.event).person_id for record in records])


@listens(LessonPublished, LessonShown)
def find_owners(records: Sequence[Recorded]) -> None:
    """What is shown from now on has an owner who is here; a wrong key is put right in any case."""
    events = [cast("LessonPublished | LessonShown", record.event) for record in records]
    shown = {event.lesson_id for event in events if isinstance(event, LessonShown) or not event.is_correction}
    if shown:
        leaving.insist_on_owners(shown)


@listens(ChangesRequested)
def tell_of_what_came_back(records: Sequence[Recorded]) -> None:
    """What is given back to somebody who has left needs a name."""
    leaving.tell_of_left_behind(among={cast(ChangesRequested, record.event).lesson_id for record in records})
