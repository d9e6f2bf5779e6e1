"""Lessons that are in the catalogue, and people who learned them, before a story begins."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from peerlearn.accounts.models import Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.lessons import actions as lessons
from peerlearn.lessons import importing
from peerlearn.lessons.models import Lesson
from peerlearn.review import actions as review
from peerlearn.review import queries as reviewing
from peerlearn.review.models import Review
from tests.factories import JUDGEMENT, Walk, reloaded

ZONE = "Europe/Berlin"
CONTENT = Path(__file__).parents[2] / "content"


def published(text: str, author: Person, curator: Person) -> Lesson:
    """A lesson of this text, approved by this curator; its pictures are among those that ship."""
    lesson, revision = lessons.import_file(text, owner=author, by=author)
    assert revision is not None
    importing.take_in_pictures(text, lesson, CONTENT, by=author)
    lessons.submit(revision, by=author)
    db.session.commit()
    waiting = db.session.scalars(select(Review).where(Review.revision_id == revision.id)).one()
    seen = reviewing.review_to_change(waiting.id, curator)
    assert seen is not None
    review.claim(seen.review, by=curator)
    review.approve(seen.review, JUDGEMENT, by=curator)
    db.session.commit()
    return lesson


def long_ago() -> datetime:
    """Three weeks before today."""
    return clock.now() - timedelta(weeks=3)


def this_monday() -> datetime:
    """The first minutes of this week, which are over whenever the tests run."""
    today = clock.today(ZONE)
    return clock.start_of_day(clock.monday_of(today), ZONE) + timedelta(minutes=1)


def passes(person: Person, lesson: Lesson, moment: datetime) -> None:
    """This person read the lesson and passed it at the first attempt."""
    walk = Walk(reloaded(person), lesson.slug, moment)
    walk.read(seconds=30)
    walk.quiz()
