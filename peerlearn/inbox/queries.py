"""What the inbox asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext
from sqlalchemy import ScalarSelect, String, and_, func, literal, or_, select, union_all

from peerlearn.accounts import times
from peerlearn.accounts.models import Person
from peerlearn.badges import rules as badges
from peerlearn.core.db import db
from peerlearn.core.paging import PAGE, Page, key_from
from peerlearn.inbox import rules
from peerlearn.inbox.models import Notice
from peerlearn.lessons import visibility
from peerlearn.lessons.models import Lesson, Topic
from peerlearn.points.models import HeldEntry, LedgerEntry, PointAppeal
from peerlearn.review.models import Report
from peerlearn.suggestions.models import Suggestion

EXPLAINED = ("report", "suggestion", "held", "entry", "appeal")  # decisions that say why
Names = dict[tuple[str, int | None], tuple[str, str]]


@dataclass(frozen=True)
class Shown:
    """A notice as its reader sees it: the sentence with its names, a note, and where it leads (endpoint and values)."""

    notice: Notice
    icon: str
    sentence: str
    values: dict[str, Any]
    note: str
    leads: tuple[str, dict[str, Any]]


def unread(person_id: int) -> ScalarSelect[int]:
    """How many notices a person has not read, to be asked within another statement."""
    statement = select(func.count()).where(Notice.person_id == person_id, Notice.read_at.is_(None))
    return statement.scalar_subquery()


def unread_count(person: Person) -> int:
    """How many notices this person has not read."""
    return db.session.scalar(select(unread(person.id))) or 0


def notices(person: Person, after: str | None = None, size: int = PAGE) -> Page[Shown]:
    """A person's notices: unread ones first, each part newest first. `after` is the key of the last one seen."""
    statement = select(Notice).where(Notice.person_id == person.id)
    is_read, last = (after or "")[:1] == "r", key_from((after or "")[1:])
    if last is not None and is_read:
        statement = statement.where(Notice.read_at.is_not(None), Notice.id < last)
    elif last is not None:
        statement = statement.where(or_(Notice.read_at.is_not(None), and_(Notice.read_at.is_(None), Notice.id < last)))
    statement = statement.order_by(Notice.read_at.is_not(None), Notice.id.desc()).limit(size + 1)
    rows = db.session.scalars(statement).all()
    more = len(rows) > size
    return Page(shown(rows[:size]), _key(rows[size - 1]) if more else None)


def _key(notice: Notice) -> str:
    return f"{'r' if notice.read_at else 'u'}{notice.id}"


def notice_by_id(notice_id: int, person: Person) -> Shown | None:
    """One of a person's own notices."""
    found = db.session.scalar(select(Notice).where(Notice.id == notice_id, Notice.person_id == person.id))
    rows = shown([found]) if found else []
    return rows[0] if rows else None


def shown(found: Sequence[Notice]) -> list[Shown]:
    """A person's notices with the names that belong into them today, all looked up in one statement.

    A lesson that is not for them any more has no name.
    """
    known = [notice for notice in found if notice.kind in rules.BY_SLUG]
    names = _names(known, known[0].person_id) if known else {}
    return [_shown(notice, names) for notice in known]


def _shown(notice: Notice, names: Names) -> Shown:
    kind, data = rules.BY_SLUG[notice.kind], notice.data
    title, slug = names.get(("lesson", data.get("lesson_id", 0)), ("", ""))
    places = dict(data) | {"slug": slug}
    endpoint, needed = kind.leads
    is_there = all(places.get(name) for name in needed)
    leads = (endpoint, {name: places[name] for name in needed}) if is_there else (rules.WITHOUT_PLACE, {})
    notes = (names.get((what, data.get(f"{what}_id", 0)), ("", ""))[0] for what in EXPLAINED)
    topic = names.get(("topic", data.get("topic_id", 0)), (gettext("all topics"), ""))[0]
    values = (
        dict(data) | {"lesson": title, "topic": topic} | _days(data) | {"badge": _badge_title(data.get("badge", ""))}
    )
    return Shown(notice, kind.icon, kind.sentence, values, next(filter(None, notes), ""), leads)


def _days(data: Mapping[str, Any]) -> dict[str, str]:
    """Dates in a notice as people read them."""
    return {
        key: times.day(date.fromisoformat(data[key])).striptags() for key in ("begins_on", "ends_on") if key in data
    }


def _badge_title(slug: str) -> str:
    """The name of a badge; empty for notices about something else."""
    badge = badges.BY_SLUG.get(slug)
    return gettext(badge.title) if badge else ""


def _names(found: Iterable[Notice], person_id: int) -> Names:
    """Titles of lessons and the words that explain a decision, for all notices of a page."""
    ids: dict[str, set[int]] = {}
    for notice in found:
        for what in ("lesson", "topic", *EXPLAINED):
            if f"{what}_id" in notice.data:
                ids.setdefault(what, set()).add(notice.data[f"{what}_id"])
    none = literal("", String)
    sources = {
        "lesson": (Lesson.id, Lesson.title, Lesson.slug),
        "topic": (Topic.id, Topic.name, none),
        "report": (Report.id, Report.answer, none),
        "suggestion": (Suggestion.id, Suggestion.reason, none),
        "held": (HeldEntry.id, HeldEntry.note, none),
        "appeal": (PointAppeal.id, PointAppeal.note, none),
        "entry": (LedgerEntry.reverses_id, LedgerEntry.reason, none),
    }
    theirs = {"lesson": (visibility.is_for(person_id),)}
    parts = [
        select(literal(what, String).label("what"), *columns).where(columns[0].in_(ids[what]), *theirs.get(what, ()))
        for what, columns in sources.items()
        if what in ids
    ]
    if not parts:
        return {}
    return {(what, number): (words, slug) for what, number, words, slug in db.session.execute(union_all(*parts))}
