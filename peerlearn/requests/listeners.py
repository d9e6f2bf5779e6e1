"""Requests hear of lessons that are published for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from peerlearn.core.db import db
from peerlearn.core.events import Recorded, listens
from peerlearn.lessons.events import LessonPublished
from peerlearn.lessons.models import Lesson
from peerlearn.requests import actions, queries


@listens(LessonPublished)
def follow(records: Sequence[Recorded]) -> None:
    """The first publication of a lesson answers what it was written for."""
    for event in (cast(LessonPublished, record.event) for record in records):
        if event.is_first:
            for request in queries.being_written(event.lesson_id):
                actions.end_with(request, db.session.get_one(Lesson, event.lesson_id), by=None)
