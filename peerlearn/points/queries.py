"""Receipts: what a person's points came from, what waits, and what one attempt earned."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from peerlearn.accounts.models import Person, Team
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.paging import PAGE, Page, page_of
from peerlearn.learn.models import Attempt
from peerlearn.lessons import visibility
from peerlearn.lessons.models import Lesson
from peerlearn.points import appeals, rules
from peerlearn.points.models import HeldEntry, LedgerEntry, PointAppeal, PointSum
from peerlearn.points.rules import Standing
from peerlearn.practice.models import SetQuestion
from peerlearn.practice.queries import Sitting

OF_PRACTICE = ("L1-later", "L2", "L3", "L5", "L6")
MOMENT = timedelta(seconds=5)  # what an answer brings is written a little after it


@dataclass(frozen=True)
class Receipt:
    """A line of a person's account in words."""

    id: int
    rule: str
    track: str
    amount: int
    at: datetime
    day: date
    lesson: str | None
    slug: str | None  # None where the lesson has no public page
    reason: str
    values: dict[str, Any]
    is_own_words: bool  # the reason was written by a person, not by a rule
    is_reversal: bool
    is_held: bool
    is_reversed: bool = False
    appeal: PointAppeal | None = None  # against the decision that this line tells
    may_appeal: bool = False  # whose line it is
    is_stuck: bool = False  # nobody could decide about the appeal

    @property
    def words(self) -> str:
        """The sentence of the rule; the line of a rule that is no more says its slug."""
        rule = rules.BY_SLUG.get(self.rule)
        return rule.receipt if rule else self.rule


def _lesson_of(model: Any) -> Any:
    return model.detail["lesson_id"].as_integer()


def _lesson_for(reader_id: int, model: Any) -> Any:
    """The lesson of an entry, as long as it is for whoever reads the line: the line stays, the title goes."""
    return and_(Lesson.id == _lesson_of(model), visibility.is_for(reader_id))


def _other_for(reader_id: int, other: Any) -> Any:
    """The lesson by others that a reason names by its number, as `_lesson_for` says it."""
    number = LedgerEntry.detail["values", "stands_in"].as_integer()
    return and_(other.id == number, visibility.is_for(reader_id, other))


def _receipt(row: Any) -> Receipt:
    entry, is_held = row[0], isinstance(row[0], HeldEntry)
    values = entry.detail.get("values", {})
    if "stands_in" in values:
        values = values | {"stands_in": row.other}
    appeal = None if is_held else row.PointAppeal
    was_decided = not is_held and entry.by_id is not None and row.decided_at is not None
    return Receipt(
        id=entry.id,
        rule=entry.rule,
        track=entry.track,
        amount=entry.amount,
        at=entry.at,
        day=entry.day,
        lesson=row.title,
        slug=row.slug if row.state == "published" else None,
        reason=entry.reason,
        values=values,
        is_own_words=not is_held and entry.by_id is not None and entry.detail.get("why") != rules.APPEALED,
        is_reversal=not is_held and entry.reverses_id is not None,
        is_held=is_held,
        is_reversed=bool(row.back) if not is_held else False,
        appeal=appeal,
        may_appeal=was_decided and appeal is None and rules.is_in_time(row.decided_at, clock.now()),
        is_stuck=appeal is not None and appeal.state == "open" and not row.is_decidable,
    )


def _entries(reader_id: int) -> Any:
    back, other = aliased(LedgerEntry), aliased(Lesson)
    statement = (
        select(
            LedgerEntry,
            Lesson.title,
            Lesson.slug,
            Lesson.state,
            other.title.label("other"),
            select(back.id)
            .where(back.reverses_id == LedgerEntry.id, back.person_id == LedgerEntry.person_id)
            .correlate(LedgerEntry)
            .exists()
            .label("back"),
            *appeals.columns(),
        )
        .join(Person, Person.id == LedgerEntry.person_id)
        .outerjoin(Lesson, _lesson_for(reader_id, LedgerEntry))
        .outerjoin(other, _other_for(reader_id, other))
    )
    return appeals.joined(statement)


def receipts(person_id: int, before: int | None = None, *, reader: Person | None = None) -> Page[Receipt]:
    """A person's ledger, newest first, as they read it, or as somebody else does."""
    statement = (
        _entries(reader.id if reader else person_id)
        .where(LedgerEntry.person_id == person_id)
        .order_by(LedgerEntry.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        statement = statement.where(LedgerEntry.id < before)
    return page_of([_receipt(row) for row in db.session.execute(statement)], key=lambda receipt: receipt.id)


def pending(person_id: int) -> list[Receipt]:
    """What waits for a decision, newest first."""
    statement = (
        select(HeldEntry, Lesson.title, Lesson.slug, Lesson.state)
        .outerjoin(Lesson, _lesson_for(person_id, HeldEntry))
        .where(HeldEntry.person_id == person_id, HeldEntry.state == "pending")
        .order_by(HeldEntry.id.desc())
        .limit(PAGE)
    )
    return [_receipt(row) for row in db.session.execute(statement)]


@dataclass(frozen=True)
class Levels:
    """A person's two levels."""

    learner: Standing
    guide: Standing


def levels(person_id: int) -> Levels:
    """A person's levels with the way to the next ones."""
    row = db.session.get(PointSum, (person_id, "all"))
    return Levels(rules.standing(row.xp if row else 0), rules.standing(row.ip if row else 0))


def suggests_freely(person_id: Any) -> ColumnElement[bool]:
    """Whether a person's Guide level lets any number of their suggestions wait, as part of a statement."""
    whole = and_(PointSum.person_id == person_id, PointSum.period == "all")
    return exists().where(whole, PointSum.ip >= rules.threshold(rules.SUGGESTS_FREELY))


@dataclass(frozen=True)
class Waiting:
    """Held points with whose they are and whether this administrator may decide."""

    held: HeldEntry
    person: str
    team: str | None
    lesson: str | None
    problem: str | None


def waiting(by: Person, after: int | None = None) -> Page[Waiting]:
    """Held points that nobody has decided about, the oldest first."""
    statement = _waiting().where(HeldEntry.state == "pending", HeldEntry.id > (after or 0))
    rows = db.session.execute(statement.order_by(HeldEntry.id).limit(PAGE + 1))
    return page_of([_waiting_row(row, by) for row in rows], key=lambda item: item.held.id)


def waiting_one(held: HeldEntry, by: Person) -> Waiting:
    """One of them."""
    return _waiting_row(db.session.execute(_waiting().where(HeldEntry.id == held.id)).one(), by)


def _waiting() -> Any:
    return (
        select(HeldEntry, Person.name, Person.team_id, Team.name.label("team"), Lesson.title)
        .join(Person, Person.id == HeldEntry.person_id)
        .outerjoin(Team, Team.id == Person.team_id)
        .outerjoin(Lesson, and_(Lesson.id == _lesson_of(HeldEntry), visibility.is_for_all()))
    )


def _waiting_row(row: Any, by: Person) -> Waiting:
    problem = rules.decision_problem((by.id, by.team_id), (row[0].person_id, row.team_id))
    return Waiting(row[0], row.name, row.team, row.title, problem)


def receipt_of(entry: LedgerEntry, reader: Person) -> Receipt:
    """One line in words, as somebody reads it."""
    return _receipt(db.session.execute(_entries(reader.id).where(LedgerEntry.id == entry.id)).one())


@dataclass(frozen=True)
class Line:
    """What one rule made of an attempt."""

    rule: str
    track: str
    amount: int
    reason: str
    values: dict[str, Any]
    is_held: bool

    @property
    def words(self) -> str:
        """The rule's title."""
        return rules.BY_SLUG[self.rule].title


def lesson_result(attempt: Attempt) -> dict[str, Any] | None:
    """Fills the result page: what this attempt earned and why, line by line."""
    source = f"lesson:{attempt.lesson_id}:major:{attempt.major}"

    def wanted(model: Any) -> Any:
        of_lesson = and_(model.rule.in_(("L1", "L4")), model.source == source)
        if attempt.finished_at is None:
            return and_(of_lesson, _is_first(model))
        met_goal = and_(model.rule == "L6", model.at.between(attempt.finished_at, attempt.finished_at + MOMENT))
        return and_(or_(of_lesson, met_goal), _is_first(model))

    rows = _earned_by(attempt.person_id, wanted)
    mine = [row for row in rows if _belongs(row, attempt)]
    return {"attempt": attempt} | _told(_lines(mine), attempt.finished_at)


def set_result(sitting: Sitting) -> dict[str, Any] | None:
    """Fills the page after a daily set: what its answers earned and why, line by line."""
    counted = [question.counted_at for question in sitting.questions if question.counted_at]
    rows = _earned_by(
        sitting.daily_set.person_id,
        lambda model: and_(
            model.rule.in_(OF_PRACTICE), model.at.between(min(counted), max(counted) + MOMENT), _is_first(model)
        ),
    )
    return {"attempt": None} | _told(_together(_lines(rows)), max(counted))


def offline_result(person_id: int, questions: Sequence[SetQuestion]) -> dict[str, Any] | None:
    """Fills the page of answers that were given without a network: what they earned when they came in."""
    counted = [question.counted_at for question in questions if question.counted_at]
    if not counted:
        return None
    rows = _earned_by(
        person_id,
        lambda model: and_(
            model.rule.in_(OF_PRACTICE), or_(*(model.at.between(at, at + MOMENT) for at in counted)), _is_first(model)
        ),
    )
    return {"attempt": None} | _told(_together(_lines(rows)), max(counted))


def _is_first(model: Any) -> Any:
    return model.entry_no == 1 if model is LedgerEntry else model.state == "pending"


def _earned_by(person_id: int, wanted: Callable[[Any], Any]) -> Sequence[Any]:
    """Entries, and points that are held, of a person."""
    names = ("rule", "track", "amount", "reason", "detail")
    parts = [
        select(*(getattr(model, name) for name in names), literal(model is HeldEntry).label("is_held")).where(
            model.person_id == person_id, wanted(model)
        )
        for model in (LedgerEntry, HeldEntry)
    ]
    rows: Sequence[Any] = db.session.execute(union_all(*parts)).all()
    return [row for row in rows if row.rule in rules.BY_SLUG]


def _lines(rows: Iterable[Any]) -> list[Line]:
    return [Line(r.rule, r.track, r.amount, r.reason, r.detail.get("values", {}), r.is_held) for r in rows]


def _told(lines: list[Line], at: datetime | None) -> dict[str, Any]:
    earned = sum(line.amount for line in lines if not line.is_held)
    is_fresh = at is not None and (clock.now() - at).total_seconds() < 600
    return {"lines": lines, "earned": earned, "is_fresh": is_fresh}


def _together(lines: Iterable[Line]) -> list[Line]:
    """Five recalled questions are one line, not five."""
    sums: dict[tuple[str, str, bool], Line] = {}
    for line in lines:
        key = (line.rule, line.reason, line.is_held)
        sums[key] = replace(line, amount=line.amount + (sums[key].amount if key in sums else 0))
    return list(sums.values())


def _belongs(row: Any, attempt: Attempt) -> bool:
    """The pass belongs to the attempt that brought it, the question before reading to the first one."""
    if row.rule == "L4":
        return attempt.number == 1
    return bool(row.rule == "L6" or row.detail.get("attempt_id") == attempt.id)


def name_of(person_id: int) -> str | None:
    """A person's name, for the page of their lines; None when there is no such person."""
    return db.session.scalar(select(Person.name).where(Person.id == person_id))
