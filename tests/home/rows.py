"""Ready lessons, attempts, reviews and points for the tests of pages that show a little of everything."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from peerlearn.accounts.models import Person
from peerlearn.badges.models import Award
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.learn.models import Asked, Attempt, Reading
from peerlearn.lessons.models import Lesson, LessonAuthor, LessonTopic, Revision, Topic
from peerlearn.points.models import PointSum
from peerlearn.quizzes.models import Item, ItemVersion
from peerlearn.review.models import Remark, Review
from peerlearn.streaks import actions
from peerlearn.streaks.rules import Deeds

_numbers = count(1)


def topic(name: str | None = None) -> Topic:
    """A topic."""
    number = next(_numbers)
    name = name or f"Topic {number}"
    row = Topic(slug=f"topic-{number}", name=name, name_key=name.casefold(), hue=30 * (number % 12))
    db.session.add(row)
    db.session.commit()
    return row


def lesson(owner: Person, about: Topic, *, state: str = "published", minutes: int = 4, **values: Any) -> Lesson:
    """A lesson with one revision: published, or with the state of an open revision ("draft", "submitted", …)."""
    number = next(_numbers)
    published = state == "published"
    row = Lesson(
        uid=f"uid-{number}",
        slug=f"lesson-{number}",
        owner_id=owner.id,
        topic_id=about.id,
        state="published" if published else "unpublished",
        title=values.pop("title", f"Lesson {number}"),
        kind="how-to",
        minutes=minutes,
        major=1 if published else 0,
        published_at=values.pop("published_at", clock.now() - timedelta(days=30)) if published else None,
        check_on=values.pop("check_on", clock.today("UTC") + timedelta(days=150)) if published else None,
    )
    db.session.add(row)
    db.session.flush()
    revision = Revision(
        lesson_id=row.id,
        number=1,
        state=state,
        source="# Text",
        writer_id=owner.id,
        title=row.title,
        cards=[{"title": "One", "html": ""}, {"title": "Two", "html": ""}],
    )
    db.session.add_all(
        [
            revision,
            LessonAuthor(lesson_id=row.id, person_id=owner.id),
            LessonTopic(lesson_id=row.id, topic_id=about.id),
        ]
    )
    db.session.flush()
    if published:
        row.published_id = revision.id
    db.session.commit()
    return row


def revision_of(found: Lesson) -> Revision:
    """The only revision of a lesson."""
    return db.session.query(Revision).filter_by(lesson_id=found.id).one()


def reading(person: Person, found: Lesson, card: int = 1) -> None:
    """The person has begun the lesson."""
    row = Reading(person_id=person.id, lesson_id=found.id, revision_id=found.published_id, card=card)
    db.session.add(row)
    db.session.commit()


def attempt(person: Person, found: Lesson, *, passed: bool, answered: int = 0, at: datetime | None = None) -> Attempt:
    """A finished pass, or an open attempt with some of its three questions answered."""
    at = at or clock.now()
    row = Attempt(
        person_id=person.id,
        lesson_id=found.id,
        revision_id=found.published_id,
        major=found.major,
        number=1,
        seed=1,
        total=3,
        state="finished" if passed else "open",
        is_passed=passed,
        started_at=at,
        finished_at=at if passed else None,
    )
    db.session.add(row)
    db.session.flush()
    item = Item(uid=f"item-{next(_numbers)}")
    db.session.add(item)
    db.session.flush()
    version = ItemVersion(item_id=item.id, digest="d", meaning="m", kind="true-false", body={})
    db.session.add(version)
    db.session.flush()
    for position in range(3):
        done = {"asked_at": at, "answered_at": at, "mark": 1.0} if position < answered else {}
        db.session.add(Asked(attempt_id=row.id, position=position, version_id=version.id, **done))
    db.session.commit()
    return row


def review(found: Lesson, **values: Any) -> Review:
    """The lesson's revision waits for a curator, or has been decided."""
    row = Review(
        revision_id=revision_of(found).id,
        lesson_id=found.id,
        topic_id=found.topic_id,
        submitted_by_id=found.owner_id,
        due_at=clock.now() + timedelta(days=2),
        decide_by=clock.now() + timedelta(days=7),
        **values,
    )
    db.session.add(row)
    db.session.commit()
    return row


def remark(about: Review, curator: Person) -> None:
    """An open remark."""
    row = Remark(review_id=about.id, revision_id=about.revision_id, author_id=curator.id, severity="note", text="Why?")
    db.session.add(row)
    db.session.commit()


def points(person: Person, period: str = "all", **values: int) -> None:
    """The person's sums of a period."""
    numbers = {"xp": 0, "ip": 0, "work_xp": 0, "work_ip": 0, "active_days": 0, "goals": 0} | values
    db.session.add(PointSum(person_id=person.id, period=period, last_at=clock.now(), **numbers))
    db.session.commit()


def active_days(person: Person, *days: date) -> None:
    """The person passed a lesson on each of these days."""
    for day in sorted(days):
        actions.count(person.id, {day: Deeds(lessons=1)})
    db.session.commit()


def award(person: Person, badge: str, tier: int = 1, at: datetime | None = None) -> None:
    """The person holds a badge."""
    db.session.add(Award(person_id=person.id, badge=badge, tier=tier, rule_version=1, at=at or clock.now()))
    db.session.commit()
