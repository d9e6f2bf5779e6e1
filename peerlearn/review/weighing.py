"""What levels and the weight of reports are told from, and hiding what readers report. None of it commits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import aliased

from peerlearn.accounts import rules as accounts
from peerlearn.accounts.models import Grant, Person
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.deeds import publish
from peerlearn.lessons import showing
from peerlearn.lessons.models import Lesson, LessonAuthor, LessonHelper, Topic
from peerlearn.review import conflicts, flags, levels, trusting
from peerlearn.review.events import LessonHeldBack
from peerlearn.review.levels import Facts, Level, Step
from peerlearn.review.models import Report, StandingAct

_ADMINS = accounts.PERMISSIONS["stand_in"].roles


def _anywhere(person_id: int) -> tuple[Any, Any]:
    """How many lessons a person published in all, and how many of others thank them, as parts of a statement."""
    mine = select(LessonAuthor.lesson_id).where(LessonAuthor.person_id == person_id)
    published = select(func.count(Lesson.id)).where(Lesson.id.in_(mine), Lesson.published_at.is_not(None))
    thanks = select(func.count(LessonHelper.id)).where(LessonHelper.person_id == person_id)
    return published.scalar_subquery(), thanks.scalar_subquery()


def _decided(person_id: int) -> Any:
    """The newest decided reports of a person."""
    return (
        select(Report.state)
        .where(Report.reporter_id == person_id, Report.state != "open")
        .order_by(Report.decided_at.desc(), Report.id.desc())
        .limit(flags.POLICY.remembered)
        .subquery()
    )


@dataclass(frozen=True)
class Reader:
    """What is known of a reader before their report on a lesson is stored."""

    today: int  # reports they sent today …
    confidential_today: int  # … and of those the ones that call a lesson confidential
    decided: int  # of their last reports
    upheld: int
    lessons: int
    thanks: int
    others: int  # readers whose word counts and who reported harm in this lesson …
    others_weigh: float  # … and what their words weigh together, each reader once
    was_seen: bool  # a curator answered that this text holds nothing confidential


def reader_of(person: Person, lesson: Lesson) -> Reader:
    """What is known of a reader and of a published lesson, in one statement."""
    began = clock.start_of_day(clock.today(person.timezone), person.timezone)
    mine = select(func.count(Report.id)).where(Report.reporter_id == person.id, Report.created_at >= began)
    shown = select(func.max(StandingAct.at)).where(
        StandingAct.lesson_id == lesson.id, StandingAct.act.in_(("show_again", "bring_back"))
    )
    since = shown.scalar_subquery()
    others = (
        select(Report.reporter_id, func.max(Report.weight).label("weight"))
        .where(
            Report.lesson_id == lesson.id,
            Report.reporter_id != person.id,
            Report.state == "open",
            Report.kind.in_(sorted(flags.HARMFUL)),
            Report.weight > 0,
            or_(since.is_(None), Report.created_at > since),
        )
        .group_by(Report.reporter_id)
        .subquery()
    )
    seen = select(func.count(Report.id)).where(
        Report.revision_id == lesson.published_id, Report.kind == flags.CONFIDENTIAL, Report.state == "declined"
    )
    last = _decided(person.id)
    statement = select(
        mine.scalar_subquery(),
        mine.where(Report.kind == flags.CONFIDENTIAL).scalar_subquery(),
        func.count(),
        func.count(case((last.c.state == "upheld", 1))),
        *_anywhere(person.id),
        select(func.count()).select_from(others).scalar_subquery(),
        select(func.coalesce(func.sum(others.c.weight), 0.0)).scalar_subquery(),
        seen.scalar_subquery(),
    ).select_from(last)
    today, confidential, decided, upheld, lessons, thanks, count, weigh, was_seen = db.session.execute(statement).one()
    return Reader(today, confidential, decided, upheld, lessons, thanks, count, float(weigh), bool(was_seen))


def weight_of(person: Person, topic_id: int, reader: Reader) -> float:
    """How much this person's report on a lesson of that topic weighs, in one statement more."""
    record = trusting.record_of(person.id, topic_id, clock.now())
    curates, is_admin = person.holds(accounts.CURATOR, topic_id), person.may("stand_in")
    level = levels.level_of(Facts(reader.lessons, reader.thanks, record, curates, is_admin))
    return flags.weight(level, reader.upheld, reader.decided)


@dataclass(frozen=True)
class Held:
    """A topic in which somebody wrote or which they look after, with their level in it."""

    name: str
    slug: str
    hue: int
    level: Level
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Levels:
    """What somebody may do where, and how right their reports proved."""

    general: Level
    steps: tuple[Step, ...]  # to the first level, where it is not reached
    topics: tuple[Held, ...]
    decided: int
    upheld: int


def levels_of(person: Person) -> Levels:
    """A person's levels, in two statements."""
    last = _decided(person.id)
    records = trusting.records_of(person.id, clock.now())
    curated = person.scopes(accounts.CURATOR) - {accounts.EVERYWHERE}
    counted = select(func.count(), func.count(case((last.c.state == "upheld", 1)))).select_from(last)
    facts = counted.add_columns(*_anywhere(person.id)).subquery()
    shown = Topic.id.in_({*records, *curated})
    rows = db.session.execute(
        select(facts, Topic.id, Topic.name, Topic.slug, Topic.hue).select_from(facts).outerjoin(Topic, shown)
    ).all()
    decided, upheld, published, thanks = rows[0][:4]
    is_admin = person.may("stand_in")
    found = []
    for *_, topic_id, name, slug, hue in rows:
        if topic_id is not None:
            curates = person.holds(accounts.CURATOR, topic_id)
            known = Facts(published, thanks, records.get(topic_id, levels.NOTHING), curates, is_admin)
            found.append(Held(name, slug, hue, levels.level_of(known), levels.steps_from(known)))
    general = Facts(published, thanks, is_admin=is_admin)
    level = levels.level_of(general)
    steps = levels.steps_from(general) if level is Level.NEWCOMER else ()
    in_order = tuple(sorted(found, key=lambda one: (-one.level, one.name)))
    return Levels(level, steps, in_order, decided, upheld)


def hide_if_needed(row: Report, lesson: Lesson, reader: Reader) -> bool:
    """Hide a lesson until a curator looks, if this report is reason enough; whether it was. `row` is stored."""
    act = flags.act_of(
        row.kind,
        readers=reader.others + (row.weight > 0),
        weight=reader.others_weigh + row.weight,
        confidential_today=reader.confidential_today + 1,
        was_seen=reader.was_seen,
    )
    if act is None or lesson.state != "published":
        return False
    showing.quarantine(lesson, by=None)
    db.session.add(StandingAct(lesson_id=lesson.id, actor_id=None, act=act, at=clock.now()))
    curators, administrators = _who_looks(lesson)
    publish(LessonHeldBack(row.id, lesson.id, row.kind, curators, administrators), by=None)
    return True


def _who_looks(lesson: Lesson) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The curators of a lesson who had no hand in it, and the administrators."""
    grant, person = aliased(Grant), aliased(Person)
    is_curator = and_(conflicts.curates(grant, Lesson.topic_id, Lesson.id), ~conflicts.hand(grant.person_id, Lesson.id))
    statement = (
        select(person.id, grant.role)
        .select_from(Lesson)
        .join(grant, or_(is_curator, grant.role.in_(_ADMINS)))
        .join(person, person.id == grant.person_id)
        .where(Lesson.id == lesson.id, person.is_active)
    )
    found: dict[bool, set[int]] = {True: set(), False: set()}
    for person_id, role in db.session.execute(statement):
        found[role == accounts.CURATOR].add(person_id)
    return tuple(sorted(found[True])), tuple(sorted(found[False] - found[True]))
