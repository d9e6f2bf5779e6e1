"""Which lessons are to be checked, and who could look after those of somebody who left."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select, true
from sqlalchemy.orm import joinedload

from peerlearn.accounts import rules as accounts
from peerlearn.accounts.models import Grant, Person
from peerlearn.core import clock
from peerlearn.core.db import ask, db, least
from peerlearn.core.kept import Kept
from peerlearn.core.paging import PAGE, Page, page_of
from peerlearn.learn.models import Reading
from peerlearn.lessons import freshness
from peerlearn.lessons import queries as lessons
from peerlearn.lessons.machine import Place
from peerlearn.lessons.models import Lesson, Revision, Topic, hue_step
from peerlearn.review import queries as review
from peerlearn.review.models import Report
from peerlearn.verification import rules
from peerlearn.verification.models import CheckReminder
from peerlearn.verification.rules import POLICY

_trust: Kept[tuple[int, int]] = Kept("reads of checked lessons", seconds=3600, most=1)


@dataclass(frozen=True)
class ToCheck:
    """A lesson whose check is due or late."""

    lesson_id: int
    version: int
    title: str
    slug: str
    topic: str
    hue: int
    owner_id: int
    owner: str
    is_mine: bool
    check_on: date
    verified_at: datetime
    reports: int  # that wait for an answer
    days: int  # between two checks

    @property
    def key(self) -> str:
        """Its place in the list, which it keeps while others are checked."""
        return f"{0 if self.is_mine else 1}.{self.check_on.isoformat()}.{self.lesson_id}"

    @property
    def hue_step(self) -> int:
        """The topic's colour as one of the twelve steps that the look knows."""
        return hue_step(self.hue)

    def place(self, today: date) -> Place:
        """How late it is."""
        return freshness.freshness(self.check_on, today)


def may_verify(person: Person) -> ColumnElement[bool]:
    """Whether this person may verify a lesson: its owner, and a curator of its topics who had no hand in it."""
    mine: ColumnElement[bool] = Lesson.owner_id == person.id
    if not person.may("curate"):
        return mine
    looked_after = review.looked_after(person, Lesson.topic_id, Lesson.id)
    return or_(mine, and_(looked_after, ~review.had_a_hand(person.id, Lesson.id)))


def _is_due(today: date) -> ColumnElement[bool]:
    return and_(Lesson.state == "published", Lesson.check_on <= rules.latest_check(today))


_WISHED = Revision.extras["review_every"].as_integer()
_DAYS = case((lessons.teaches_critical(), least(_WISHED, freshness.POLICY.critical_days)), else_=_WISHED)
"""What `freshness.days_between` says."""


def page_to_check(person: Person, today: date, after: str | None = None) -> Page[ToCheck]:
    """A page of what this person should check, their own lessons first, then the longest due. One statement."""
    return page_of(_to_check(person, today, _comes_after(person, after)), lambda row: row.key, POLICY.shown)


def to_check(person: Person, today: date, ids: Collection[int]) -> list[ToCheck]:
    """Which of some lessons this person should check, at most a page of them. One statement."""
    return _to_check(person, today, Lesson.id.in_(ids))[: POLICY.shown]


def _not_mine(person: Person) -> ColumnElement[int]:
    return case((Lesson.owner_id == person.id, 0), else_=1)


def _comes_after(person: Person, key: str | None) -> ColumnElement[bool]:
    """What comes after the place that a key names; what is no key names the beginning."""
    found = re.fullmatch(r"([01])\.(\d{4}-\d\d-\d\d)\.(\d{1,9})", key or "", re.ASCII)
    try:
        day = date.fromisoformat(found[2]) if found else None
    except ValueError:
        day = None
    if found is None or day is None:
        return true()
    group, number = int(found[1]), int(found[3])
    later = or_(Lesson.check_on > day, and_(Lesson.check_on == day, Lesson.id > number))
    return or_(_not_mine(person) > group, and_(_not_mine(person) == group, later))


def _to_check(person: Person, today: date, condition: ColumnElement[bool]) -> list[ToCheck]:
    reports = select(func.count()).where(Report.lesson_id == Lesson.id, Report.state == "open").scalar_subquery()
    statement = (
        select(
            Lesson.id,
            Lesson.version,
            Lesson.title,
            Lesson.slug,
            Topic.name,
            Topic.hue,
            Lesson.owner_id,
            Person.name,
            Lesson.owner_id == person.id,
            Lesson.check_on,
            Lesson.verified_at,
            reports,
            _DAYS,
        )
        .join(Topic, Topic.id == Lesson.topic_id)
        .join(Person, Person.id == Lesson.owner_id)
        .join(Revision, Revision.id == Lesson.published_id)
        .where(_is_due(today), may_verify(person), condition)
        .order_by(_not_mine(person), Lesson.check_on, Lesson.id)
        .limit(POLICY.shown + 1)
    )
    return [ToCheck(*row) for row in ask(statement)]


def helping_few(person: Person, after: int | None = None) -> Page[Any]:
    """A page of the lessons of a curator's topics that help few so far, as was found last night; nobody's own."""
    last = select(Lesson.quality).where(Lesson.id == after).correlate(None).scalar_subquery()
    comes_after = or_(Lesson.quality > last, and_(Lesson.quality == last, Lesson.id > after)) if after else true()
    looked_after = review.looked_after(person, Lesson.topic_id, Lesson.id)
    statement = (
        select(Lesson.id, Lesson.title, Topic.name.label("topic"), Topic.hue, Person.name.label("owner"))
        .join(Topic, Topic.id == Lesson.topic_id)
        .join(Person, Person.id == Lesson.owner_id)
        .where(Lesson.helps_few, Lesson.state == "published", looked_after, ~review.had_a_hand(person.id, Lesson.id))
        .where(comes_after)
        .order_by(Lesson.quality, Lesson.id)
        .limit(PAGE + 1)
    )
    return page_of(ask(statement).all(), lambda row: row.id)


def trusted_share(today: date) -> float | None:
    """The share of what was read of late that is checked, over all lessons; an hour old at most."""
    since = clock.now() - timedelta(days=POLICY.read_days)
    checked = func.coalesce(func.sum(case((Lesson.check_on >= today, 1), else_=0)), 0)
    statement = (
        select(checked, func.count())
        .select_from(Reading)
        .join(Lesson, Lesson.id == Reading.lesson_id)
        .where(Reading.started_at >= since, Lesson.state == "published")
    )
    return rules.trust(*_trust.once(today, lambda: tuple(ask(statement).one())))


# what happens by itself


def untold(today: date, limit: int) -> Sequence[Any]:
    """Lessons near their check of which the newest reminder is not written: with their readers of late.

    What nobody checked for months is judged again each month, since its readers may have left it.
    """
    since = clock.now() - timedelta(days=POLICY.read_days)
    readers = select(func.count()).where(Reading.lesson_id == Lesson.id, Reading.started_at >= since).scalar_subquery()
    limits = {stage: today + timedelta(days=stage) for stage in sorted(POLICY.told_before)}
    stage = case(*((Lesson.check_on <= latest, one) for one, latest in limits.items()))
    is_abandoned = Lesson.check_on < freshness.abandoned_before(today)
    month = clock.start_of_day(today - timedelta(days=POLICY.judged_every - 1), clock.organisation_zone())
    is_judged = and_(CheckReminder.stage <= rules.ABANDONED, CheckReminder.told_at >= month)
    told = select(1).where(
        CheckReminder.lesson_id == Lesson.id,
        CheckReminder.check_on == Lesson.check_on,
        or_(and_(is_abandoned, is_judged), and_(~is_abandoned, CheckReminder.stage == stage)),
    )
    statement = (
        select(Lesson.id, Lesson.owner_id, Lesson.topic_id, Lesson.check_on, readers.label("readers"))
        .where(Lesson.state == "published", Lesson.check_on <= max(limits.values()), ~told.exists())
        .order_by(Lesson.check_on, Lesson.id)
        .limit(limit)
    )
    rows: Sequence[Any] = ask(statement).all()
    return rows


def curators_of(topic_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    """Who looks after these topics: their curators, else those of everything, else administrators."""
    statement = (
        select(Grant.role, Grant.scope_id, Grant.person_id)
        .join(Person, Person.id == Grant.person_id)
        .where(Person.is_active, Grant.role.in_((accounts.CURATOR, accounts.ADMIN)))
        .order_by(Grant.person_id)
    )
    own: dict[int, list[int]] = {}
    everywhere: list[int] = []
    admins: list[int] = []
    for role, scope_id, person_id in ask(statement):
        if role == accounts.ADMIN:
            admins.append(person_id)
        elif scope_id == accounts.EVERYWHERE:
            everywhere.append(person_id)
        else:
            own.setdefault(scope_id, []).append(person_id)
    return {topic_id: tuple(own.get(topic_id) or everywhere or admins) for topic_id in topic_ids}


def to_mail() -> Sequence[tuple[int, date, int]]:
    """The reminders to owners that were not mailed yet: lesson, day of its check, stage; the oldest first."""
    keys = (CheckReminder.lesson_id, CheckReminder.check_on, CheckReminder.stage)
    statement = select(*keys).where(CheckReminder.mailed_at.is_(None), CheckReminder.stage >= 0)
    return [(row[0], row[1], row[2]) for row in ask(statement.order_by(CheckReminder.told_at, *keys))]


def reminder(lesson_id: int, check_on: date, stage: int) -> tuple[CheckReminder, Lesson] | None:
    """A reminder that was not mailed yet, and its lesson with its owner."""
    statement = (
        select(CheckReminder, Lesson)
        .join(Lesson, Lesson.id == CheckReminder.lesson_id)
        .where(
            CheckReminder.lesson_id == lesson_id,
            CheckReminder.check_on == check_on,
            CheckReminder.stage == stage,
            CheckReminder.mailed_at.is_(None),
        )
        .options(joinedload(Lesson.owner))
        .with_for_update(of=CheckReminder)
    )
    row = db.session.execute(statement).one_or_none()
    return (row[0], row[1]) if row else None


def upheld_of_late(lesson_ids: Collection[int]) -> dict[int, int]:
    """How many reports on these lessons were upheld of late."""
    since = clock.now() - timedelta(days=POLICY.doubt_days)
    statement = (
        select(Report.lesson_id, func.count())
        .where(Report.lesson_id.in_(lesson_ids), Report.state == "upheld", Report.decided_at >= since)
        .group_by(Report.lesson_id)
    )
    return {row[0]: row[1] for row in ask(statement)}


def whole(revision_id: int) -> Revision:
    """A published revision with its cards."""
    return db.session.scalars(
        select(Revision).where(Revision.id == revision_id).execution_options(populate_existing=True)
    ).one()


def words_of(lesson: Lesson) -> int:
    """How many words a published lesson has."""
    return int(ask(select(Revision.words).where(Revision.id == lesson.published_id)).scalar_one())
