"""Past deeds, read again in pages, with what the books say of each: for drawing the ledger again and for dry runs.

An account keeps only the newest lines, so memory stays bounded. A source pays once, however long ago: older lines of
the sources that a page names are read again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any, cast

from sqlalchemy import select, tuple_
from sqlalchemy.orm import aliased

from peerlearn.accounts.models import Person
from peerlearn.accounts.rules import Calendar
from peerlearn.core import clock
from peerlearn.core.db import db
from peerlearn.core.events import Event, Recorded
from peerlearn.core.facts import Fact
from peerlearn.learn.events import PassCorrected
from peerlearn.points import rules
from peerlearn.points.engine import Entry
from peerlearn.points.events import HeldPointsDecided, PointsAppealDecided, PointsReversed
from peerlearn.points.models import HeldEntry, LedgerEntry
from peerlearn.points.rule import LATER, Account, Line
from peerlearn.practice.events import MissedRecallCorrected, RecallCorrected, SetCorrected

PAGE = 1000
REMEMBER = timedelta(days=max(14, *rules.REMEMBERED.values()) + 8)
CORRECTIONS = (PassCorrected, RecallCorrected, SetCorrected, MissedRecallCorrected)
DECISIONS = (PointsReversed, HeldPointsDecided, PointsAppealDecided)
ABOUT_ENTRIES = (PointsReversed.__name__, PointsAppealDecided.__name__)
EVENTS = {event.__name__: event for event in (*rules.EVENTS, *DECISIONS, *CORRECTIONS)}

Actual = LedgerEntry | HeldEntry
Decision = PointsReversed | HeldPointsDecided | PointsAppealDecided
Key = tuple[int, str, str]  # person, rule, source


@dataclass(frozen=True)
class Page:
    """Some facts in the order in which the engine saw them, and what each brought when it happened."""

    records: list[Recorded]
    rows: dict[int, list[Actual]]  # first entries and held ones, by fact
    keys: set[Key]  # the lines of which these deeds can pay no second one, and those that decide what they pay
    decided: dict[tuple[str, int], Actual]  # what decisions among them were about
    corrected: dict[int, list[LedgerEntry]]  # what was added because of a correction, by its fact
    last_day: date

    def brought(self, record: Recorded) -> list[Actual]:
        """What the books have of a deed."""
        return self.rows.get(record.fact_id or 0, [])

    def decided_by(self, event: Decision) -> Actual | None:
        """The entry or the held points that a decision was about, where a rule still stands for it."""
        key = ("held", event.held_id) if isinstance(event, HeldPointsDecided) else ("entry", event.entry_id)
        row = self.decided.get(key)
        return row if row is not None and row.rule in rules.BY_SLUG else None

    @property
    def concerned(self) -> set[int]:
        """Whose accounts they touch."""
        corrected = {record.event.person_id for record in self.records if isinstance(record.event, CORRECTIONS)}
        brought = {row.person_id for rows in self.rows.values() for row in rows}
        return corrected | brought | {person for person, _, _ in self.keys}


def pages(since: date = date.min) -> Iterator[Page]:
    """All facts that the engine or its books know, from a day on."""
    after = 0
    while True:
        wanted = select(Fact).where(Fact.type.in_(EVENTS), Fact.id > after, Fact.day >= since)
        facts = db.session.scalars(wanted.order_by(Fact.id).limit(PAGE)).all()
        if not facts:
            return
        after = facts[-1].id
        yield _page(facts)


def _page(facts: Sequence[Fact]) -> Page:
    records = {fact.id: read(fact) for fact in facts}
    rows = _actual(list(records))
    ordered = [records[fact.id] for fact in _as_entered(facts, rows)]
    keys = _keys(ordered)
    return Page(ordered, rows, keys, _decided(facts), _corrected(facts), facts[-1].day)


def read(fact: Fact) -> Recorded:
    """A fact as it was announced."""
    kind = EVENTS[fact.type]
    known = [field.name for field in fields(kind) if field.name in fact.data]  # older facts lack what came later
    values = {name: _plain(fact.data[name]) for name in known}
    return Recorded(cast(Event, kind(**values)), fact.at, fact.day, fact.actor_id, fact.id)


def _plain(value: Any) -> Any:
    return tuple(_plain(item) for item in value) if isinstance(value, list) else value


def _actual(fact_ids: list[int]) -> dict[int, list[Actual]]:
    """What each fact brought when it happened: first entries and held ones."""
    rows: dict[int, list[Actual]] = {}
    entries = select(LedgerEntry).where(
        LedgerEntry.fact_id.in_(fact_ids), LedgerEntry.entry_no == 1, LedgerEntry.reverses_id.is_(None)
    )
    held = select(HeldEntry).where(HeldEntry.fact_id.in_(fact_ids))
    for row in db.session.scalars(held):
        rows.setdefault(row.fact_id or 0, []).append(row)
    taken = {key_of(row) for found in rows.values() for row in found}
    for entry in db.session.scalars(entries):
        if key_of(entry) not in taken:
            rows.setdefault(entry.fact_id or 0, []).append(entry)
    return rows


def key_of(row: Actual | Entry) -> Key:
    """What a row of the books, or an entry, is about."""
    return row.person_id, row.rule, row.source


def _as_entered(facts: Sequence[Fact], rows: dict[int, list[Actual]]) -> list[Fact]:
    """The facts in the order in which the engine saw them: two people's deeds may overlap, their entries do not."""
    last = 0
    order = {}
    for fact in facts:
        last = min((row.id for row in rows.get(fact.id, []) if isinstance(row, LedgerEntry)), default=last)
        order[fact.id] = last
    return sorted(facts, key=lambda fact: order[fact.id])


def _decided(facts: Sequence[Fact]) -> dict[tuple[str, int], Actual]:
    """The entries and held points that these facts decided about; for a line that took one back, the one it took."""
    entry_ids = [fact.data["entry_id"] for fact in facts if fact.type in ABOUT_ENTRIES]
    held_ids = [fact.data["held_id"] for fact in facts if fact.type == HeldPointsDecided.__name__]
    found: dict[tuple[str, int], Actual] = {}
    if entry_ids:
        taken = aliased(LedgerEntry)
        wanted = select(LedgerEntry, taken).outerjoin(taken, taken.id == LedgerEntry.reverses_id)
        for entry, original in db.session.execute(wanted.where(LedgerEntry.id.in_(entry_ids))):
            found["entry", entry.id] = original or entry
    if held_ids:
        for held in db.session.scalars(select(HeldEntry).where(HeldEntry.id.in_(held_ids))):
            found["held", held.id] = held
    return found


def _keys(records: Iterable[Recorded]) -> set[Key]:
    """The lines of which these deeds can pay no second one, and those that decide what they pay."""
    return {
        (person, slug, rule.source(record.event))
        for record in records
        for rule in rules.RULES
        if isinstance(record.event, rule.event)
        for person, _ in rule.who(record)
        for slug in (rule.slug, *rule.looks_at)
    }


def _corrected(facts: Sequence[Fact]) -> dict[int, list[LedgerEntry]]:
    """What was added because of these corrections. It follows from a person's decision, so the books are believed."""
    ids = [fact.id for fact in facts if issubclass(EVENTS[fact.type], CORRECTIONS)]
    found: dict[int, list[LedgerEntry]] = {}
    wanted = select(LedgerEntry).where(LedgerEntry.fact_id.in_(ids), LedgerEntry.reverses_id.is_(None))
    for entry in db.session.scalars(wanted.order_by(LedgerEntry.id)) if ids else ():
        if entry.detail.get("why") == rules.APPEALED:
            continue  # that was another decision, with a fact of its own
        found.setdefault(entry.fact_id or 0, []).append(entry)
    return found


def open_accounts(accounts: dict[int, Account], concerned: set[int]) -> None:
    """Let the accounts of these people be known, without any line."""
    missing = concerned - accounts.keys()
    if missing:
        people = select(Person.id, Person.timezone, Person.work_days).where(Person.id.in_(missing))
        for person_id, zone, work_days in db.session.execute(people):
            accounts[person_id] = Account(person_id, clock.zone(zone), Calendar(work_days))


def look_up(accounts: dict[int, Account], keys: set[Key], since: date) -> None:
    """Let the accounts know again what was forgotten of these keys: lines before a day."""
    if since == date.min or not keys:
        return
    models: tuple[type[Actual], ...] = (LedgerEntry, HeldEntry)
    for model in models:
        same = tuple_(model.person_id, model.rule, model.source).in_(sorted(keys))
        rows: Iterable[Actual] = db.session.scalars(select(model).where(same, model.day < since))
        for row in rows:
            add_line(accounts, row.person_id, line_of(row))


def line_of(row: Actual) -> Line:
    """A row of the books as the engine sees it."""
    return Line(
        rule=row.rule,
        source=row.source,
        at=row.at,
        day=row.day,
        amount=row.amount,
        is_workday=row.is_workday,
        is_held=isinstance(row, HeldEntry),
        was_capped=row.detail.get("why") == rules.CAPPED,
        is_later=row.detail.get("why") == LATER,
        full=row.detail.get("full", 0),
        id=row.id,
    )


def add_line(accounts: dict[int, Account], person_id: int, line: Line) -> None:
    """Put a line into somebody's account."""
    account = accounts[person_id]
    accounts[person_id] = replace(account, lines=(*account.lines, line))


def forget(accounts: dict[int, Account], since: date) -> None:
    """Let lines of earlier days go."""
    for person_id, account in accounts.items():
        kept = tuple(line for line in account.lines if line.day >= since)
        if len(kept) < len(account.lines):
            accounts[person_id] = replace(account, lines=kept)
