"""Who holds which badge, and how far somebody is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import func, select

from peerlearn.accounts.models import Person
from peerlearn.badges import kept_measures, measures, rules
from peerlearn.badges.badge import Badge, Measures
from peerlearn.badges.models import Award
from peerlearn.badges.rules import Progress
from peerlearn.core import clock
from peerlearn.core.db import ask, db
from peerlearn.points.models import PointSum

ACTIVE_DAYS = 90
SAME_DEED = timedelta(seconds=5)  # an award is dated a moment after the answer that brought it


@dataclass(frozen=True)
class Record:
    """What the judges look at: a person's measures, and the highest tier held of each badge."""

    measures: Measures
    held: dict[str, int]


def records(person_ids: Collection[int], badges: Iterable[Badge]) -> dict[int, Record]:
    """The measures that these badges need and the tiers held, for all these people in one statement."""
    badges, today = list(badges), clock.today(clock.organisation_zone())
    names = _names(badges)
    found = {}
    for row in ask(_records(tuple(badges)), {"people": list(person_ids), "today": today}):
        values = dict(zip(names, (float(value or 0) for value in row[1 : len(names) + 1]), strict=True))
        tiers = dict(zip((badge.slug for badge in badges), row[len(names) + 1 :], strict=True))
        found[row[0]] = Record(values, tiers)
    return found


def _names(badges: Iterable[Badge]) -> list[str]:
    """The measures that these badges need."""
    return list(dict.fromkeys(name for badge in badges for name in badge.measures))


@lru_cache(maxsize=256)
def _records(badges: tuple[Badge, ...]) -> Any:
    """The statement for these badges: it is long, and the same badges are judged again and again."""
    held = [
        select(func.coalesce(func.max(Award.tier), 0))
        .where(Award.person_id == Person.id, Award.badge == badge.slug)
        .correlate(Person)
        .scalar_subquery()
        for badge in badges
    ]
    columns = [measures.column(name) for name in _names(badges)]
    return select(Person.id, *columns, *held).where(Person.id.in_(kept_measures.PEOPLE))


def cabinet(person: Person) -> list[Progress]:
    """Where a person stands with every badge."""
    record = records([person.id], rules.BADGES)[person.id]
    return [rules.progress(badge, record.measures, record.held[badge.slug]) for badge in rules.BADGES]


def progress_of(person: Person, badge: Badge) -> Progress:
    """Where a person stands with one badge."""
    record = records([person.id], [badge])[person.id]
    return rules.progress(badge, record.measures, record.held[badge.slug])


@dataclass(frozen=True)
class Spread:
    """How many people hold a badge, among how many who are active."""

    active: int
    holders: dict[str, int]

    def rarity(self, slug: str) -> str | None:
        """The word for how rare a badge is; None while there are too few people to say."""
        return rules.rarity(self.holders.get(slug, 0), self.active)


def spread() -> Spread:
    """How many active people hold each badge. Active: scored something in the last quarter."""
    since = clock.now() - timedelta(days=ACTIVE_DAYS)
    active = (
        select(func.count())
        .select_from(PointSum)
        .join(Person, Person.id == PointSum.person_id)
        .where(PointSum.period == "all", PointSum.last_at >= since, Person.is_active)
        .scalar_subquery()
    )
    holders = (
        select(active, Award.badge, func.count(func.distinct(Award.person_id)))
        .join(Person, Person.id == Award.person_id)
        .join(PointSum, (PointSum.person_id == Award.person_id) & (PointSum.period == "all"))
        .where(Person.is_active, PointSum.last_at >= since)
        .group_by(Award.badge)
    )
    rows = db.session.execute(holders).all()
    return Spread(rows[0][0] if rows else 0, {badge: count for _, badge, count in rows})


def awards_of(person_id: int) -> Sequence[Award]:
    """A person's awards, newest first."""
    return db.session.scalars(
        select(Award).where(Award.person_id == person_id).order_by(Award.at.desc(), Award.id.desc())
    ).all()


def fresh(person_id: int, since: datetime) -> list[tuple[Badge, Award]]:
    """The tiers that a person reached since a moment, newest first."""
    statement = (
        select(Award).where(Award.person_id == person_id, Award.at >= since).order_by(Award.at.desc(), Award.id.desc())
    )
    return [(rules.BY_SLUG[a.badge], a) for a in db.session.scalars(statement) if a.badge in rules.BY_SLUG]


def lesson_result(attempt: Any) -> dict[str, Any] | None:
    """Fills the result page of an attempt: the badges that it brought."""
    if attempt.finished_at is None:
        return None
    statement = select(Award).where(
        Award.person_id == attempt.person_id,
        Award.at >= attempt.finished_at,
        Award.at <= attempt.finished_at + SAME_DEED,
    )
    found = [(rules.BY_SLUG[a.badge], a) for a in db.session.scalars(statement) if a.badge in rules.BY_SLUG]
    return {"earned": found} if found else None
