"""What a profile asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import joinedload

from peerlearn.accounts import rules as accounts
from peerlearn.accounts.models import Grant, Person
from peerlearn.badges.models import Award
from peerlearn.core.db import db
from peerlearn.home.lines import by_kind_of, is_author, line, of_lesson, together
from peerlearn.home.queries import FreshBadge
from peerlearn.lessons import visibility
from peerlearn.lessons.models import Lesson, Topic


@dataclass(frozen=True)
class Published:
    """A lesson on a profile."""

    slug: str
    title: str
    topic: str
    hue: int
    minutes: int
    at: datetime


@dataclass(frozen=True)
class Profile:
    """What colleagues may see of each other: team, what they teach, the badges they hold. Never points or ranks."""

    person: Person
    lessons: Sequence[Published]
    lessons_count: int
    topics: Sequence[tuple[str, str, int, int]]  # slug, name, hue and how many lessons
    curates: Sequence[str]  # topics; empty for none
    curates_all: bool
    badges: Sequence[FreshBadge]


SHOWN_LESSONS = 12


def profile(person_id: int) -> Profile | None:
    """A colleague's public page, in two statements."""
    statement = select(Person).where(Person.id == person_id).options(joinedload(Person.team), joinedload(Person.grants))
    person = db.session.scalars(statement).unique().one_or_none()
    return _profile(person) if person else None


def _profile(person: Person) -> Profile:
    published = and_(Lesson.state == "published", visibility.is_for_all(), is_author(person.id, Lesson.id))
    lessons = (
        of_lesson("lesson", ident=Lesson.id, title=Lesson.title, part=Lesson.minutes, at=Lesson.published_at)
        .select_from(Lesson)
        .join(Topic, Topic.id == Lesson.topic_id)
        .where(published)
        .order_by(Lesson.published_at.desc(), Lesson.id.desc())
        .limit(SHOWN_LESSONS)
    )
    taught = (
        line("topic", ident=Topic.id, slug=Topic.slug, topic=Topic.name, hue=Topic.hue, part=func.count(Lesson.id))
        .select_from(Lesson)
        .join(Topic, Topic.id == Lesson.topic_id)
        .where(published)
        .group_by(Topic.id, Topic.slug, Topic.name, Topic.hue)
    )
    curates = (
        line("curates", ident=Topic.id, topic=Topic.name)
        .select_from(Grant)
        .join(Topic, Topic.id == Grant.scope_id)
        .where(Grant.person_id == person.id, Grant.role == accounts.CURATOR)
    )
    held = line("badge", slug=Award.badge, part=func.max(Award.tier), at=func.max(Award.at))
    held = held.select_from(Award).where(Award.person_id == person.id).group_by(Award.badge)
    by_kind = by_kind_of(db.session.execute(together(lessons, taught, curates, held)).all())
    badges = sorted(by_kind.get("badge", []), key=lambda r: r.at, reverse=True)
    topics = sorted(by_kind.get("topic", []), key=lambda r: (-r.part, r.topic))
    return Profile(
        person=person,
        lessons=[Published(r.slug, r.title, r.topic, r.hue, r.part, r.at) for r in by_kind.get("lesson", [])],
        lessons_count=sum(r.part for r in topics),
        topics=[(r.slug, r.topic, r.hue, r.part) for r in topics],
        curates=sorted(r.topic for r in by_kind.get("curates", [])),
        curates_all=person.holds(accounts.CURATOR, accounts.EVERYWHERE),
        badges=[FreshBadge(r.slug, r.part, r.at) for r in badges],
    )
