"""What analysis hears: answers count a moment later, and a new revision may have mended what was flagged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from peerlearn.analysis import actions, deciding
from peerlearn.core.afterwards import afterwards
from peerlearn.core.events import Recorded, always, listens
from peerlearn.learn.events import PretestAnswered, QuestionAnswered
from peerlearn.lessons.events import LessonPublished
from peerlearn.practice.events import ItemReviewed


@listens(QuestionAnswered, PretestAnswered, ItemReviewed, ahead=always)
def note_answers(records: Sequence[Recorded]) -> None:
    """Let these answers count soon."""
    afterwards(actions.catch_up_soon)


@listens(LessonPublished)
def follow_publications(records: Sequence[Recorded]) -> None:
    """Settle flags on what a lesson does not ask any more, and ask again what was written anew."""
    for record in records:
        event = cast(LessonPublished, record.event)
        deciding.follow_publication(event.lesson_id, event.revision_id)
