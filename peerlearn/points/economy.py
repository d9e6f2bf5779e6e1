"""What the rules paid lately, rule by rule, for whoever looks after them; no person is named.

A lesson or topic is named only where the rule paid some people, so that nobody is recognised: learners must not be few
behind the lesson either. Lessons of authors and curators are public, but how much one of them earned is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, and_, bindparam, case, func, literal, null, or_, select, union_all

from peerlearn.core.db import ask
from peerlearn.core.kept import Kept
from peerlearn.lessons import visibility
from peerlearn.lessons.models import Lesson, Topic
from peerlearn.points import rules
from peerlearn.points.models import HeldEntry, LedgerEntry
from peerlearn.points.rule import IP, XP, Rule

DAYS = 30
SOURCES = 3  # of each rule
FEWEST = 3  # people behind a figure about one lesson or topic


@dataclass(frozen=True)
class Source:
    """A lesson or a topic that points came from. `amount` is left out where it would be one person's."""

    title: str
    amount: int | None


@dataclass(frozen=True)
class Figures:
    """What one rule paid. What was taken back is part of what was issued; what is held is not yet."""

    issued: int = 0
    reversed: int = 0
    held: int = 0
    people: int = 0
    sources: tuple[Source, ...] = ()

    def __add__(self, other: Figures) -> Figures:
        """Two rules together. Who earned by both cannot be told from their figures, so people are not counted."""
        return Figures(self.issued + other.issued, self.reversed + other.reversed, self.held + other.held)

    @property
    def held_percent(self) -> float:
        """How much of all that was earned still waits for a decision."""
        return _percent(self.held, self.issued + self.held)

    @property
    def reversed_percent(self) -> float:
        """How much of what was issued was taken back."""
        return _percent(self.reversed, self.issued)


@dataclass(frozen=True)
class Economy:
    """The last days, rule by rule and for each track."""

    since: date
    by_rule: Mapping[str, Figures]
    by_track: Mapping[str, Figures]
    rules: tuple[Rule, ...] = rules.RULES


_kept: Kept[Economy] = Kept("points economy", seconds=60, most=1)


def lately(today: date) -> Economy:
    """The last thirty days, up to a minute old; two statements."""
    return _kept.once(today, lambda: _of(today - timedelta(days=DAYS - 1)))


def _of(since: date) -> Economy:
    figures = {row.rule: row for row in ask(_FIGURES, {"since": since})}
    sources: dict[str, list[Source]] = {}
    for row in ask(_TOP, {"since": since}):
        if figures[row.rule].people >= FEWEST:
            amount = row.amount if row.people >= FEWEST else None
            sources.setdefault(row.rule, []).append(Source(row.title, amount))
    by_rule = {
        rule.slug: _figures(figures[rule.slug], sources.get(rule.slug, ())) if rule.slug in figures else Figures()
        for rule in rules.RULES
    }
    by_track = {
        track: sum((by_rule[rule.slug] for rule in rules.RULES if rule.track == track), Figures()) for track in (XP, IP)
    }
    return Economy(since, by_rule, by_track)


def _figures(row: Any, sources: Iterable[Source]) -> Figures:
    return Figures(int(row.issued), int(row.reversed), int(row.held), int(row.people), tuple(sources))


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0


def _since(model: Any) -> Any:
    return model.day >= bindparam("since", type_=Date)


_IS_AWARD = LedgerEntry.reverses_id.is_(None)
_PARTS = union_all(
    select(
        LedgerEntry.rule,
        func.sum(case((_IS_AWARD, LedgerEntry.amount), else_=0)).label("issued"),
        func.sum(case((_IS_AWARD, 0), else_=-LedgerEntry.amount)).label("reversed"),
        func.count(case((LedgerEntry.amount > 0, LedgerEntry.person_id)).distinct()).label("people"),
        literal(0).label("held"),
    )
    .where(_since(LedgerEntry))
    .group_by(LedgerEntry.rule),
    select(HeldEntry.rule, literal(0), literal(0), literal(0), func.sum(HeldEntry.amount))
    .where(_since(HeldEntry), HeldEntry.state == "pending")
    .group_by(HeldEntry.rule),
).subquery()
_NUMBERS = ("issued", "reversed", "held", "people")
_FIGURES = select(
    _PARTS.c.rule, *(func.coalesce(func.sum(_PARTS.c[name]), 0).label(name) for name in _NUMBERS)
).group_by(_PARTS.c.rule)

_LESSON, _TOPIC = LedgerEntry.detail["lesson_id"].as_integer(), LedgerEntry.detail["topic_id"].as_integer()
_SUMS = (
    select(
        LedgerEntry.rule,
        LedgerEntry.track,
        _LESSON.label("lesson_id"),
        _TOPIC.label("topic_id"),
        func.sum(LedgerEntry.amount).label("amount"),
        func.count(case((LedgerEntry.amount > 0, LedgerEntry.person_id)).distinct()).label("people"),
    )
    .where(_since(LedgerEntry), LedgerEntry.amount != 0)
    .group_by(LedgerEntry.rule, LedgerEntry.track, _LESSON, _TOPIC)
    .subquery()
)
_RANKED = (
    select(
        _SUMS,
        func.row_number()
        .over(partition_by=_SUMS.c.rule, order_by=(_SUMS.c.amount.desc(), _SUMS.c.lesson_id, _SUMS.c.topic_id))
        .label("place"),
    )
    .where(
        _SUMS.c.amount > 0,
        or_(_SUMS.c.people >= FEWEST, _SUMS.c.track == IP),
        or_(_SUMS.c.lesson_id.is_not(null()), _SUMS.c.topic_id.is_not(null())),
    )
    .subquery()
)
_TOP = (
    select(_RANKED.c.rule, _RANKED.c.amount, _RANKED.c.people, func.coalesce(Lesson.title, Topic.name).label("title"))
    .outerjoin(Lesson, and_(Lesson.id == _RANKED.c.lesson_id, visibility.is_for_all()))
    .outerjoin(Topic, and_(Topic.id == _RANKED.c.topic_id, Lesson.id.is_(None)))
    .where(_RANKED.c.place <= SOURCES)
    .order_by(_RANKED.c.rule, _RANKED.c.place)
)
