"""Drawing the ledger again from the facts: each goes through the engine in order, and the entries must agree.

Facts are read in pages and an account keeps only the newest lines, so memory stays bounded. A source pays once, however
long ago: older lines of the sources that a page names are read again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
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
from peerlearn.points import engine, rules
from peerlearn.points.engine import Entry, Held
from peerlearn.points.events import HeldPointsDecided, PointsAppealDecided, PointsReversed
from peerlearn.points.models import HeldEntry, LedgerEntry
from peerlearn.points.rule import LATER, Account, Line

_PAGE = 1000
_REMEMBER = timedelta(days=max(14, *rules.REMEMBERED.values()) + 8)
_DECISIONS = (PointsReversed, HeldPointsDecided, PointsAppealDecided)
_ABOUT_ENTRIES = (PointsReversed.__name__, PointsAppealDecided.__name__)
_EVENTS = {event.__name__: event for event in (*rules.EVENTS, *_DECISIONS, PassCorrected)}

Actual = LedgerEntry | HeldEntry
Key = tuple[int, str, str]  # person, rule, source


def differences() -> list[str]:
    """What the facts, replayed, would have paid otherwise."""
    accounts: dict[int, Account] = {}
    found: list[str] = []
    since = date.min
    for facts in _pages():
        records = {fact.id: _recorded(fact) for fact in facts}
        rows = _actual(list(records))
        decided, corrected = _decided(facts), _corrected(facts)
        keys = _keys(records.values())
        _open_accounts(accounts, _concerned(records.values(), keys, rows))
        _look_up(accounts, keys, since)
        for fact in _as_entered(facts, rows):
            record = records[fact.id]
            if isinstance(record.event, _DECISIONS):
                _apply_decision(accounts, record.event, decided)
            elif isinstance(record.event, PassCorrected):
                _apply_correction(accounts, corrected.get(record.fact_id or 0, ()))
            else:
                found += _replay(accounts, record, rows.get(fact.id, []))
        since = max(since, facts[-1].day - _REMEMBER)
        _forget(accounts, since)
    return found


def _pages() -> Iterator[Sequence[Fact]]:
    after = 0
    while True:
        wanted = select(Fact).where(Fact.type.in_(_EVENTS), Fact.id > after).order_by(Fact.id).limit(_PAGE)
        page = db.session.scalars(wanted).all()
        if not page:
            return
        after = page[-1].id
        yield page


def _recorded(fact: Fact) -> Recorded:
    kind = _EVENTS[fact.type]
    values = {field.name: _plain(fact.data[field.name]) for field in fields(kind)}
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
    taken = {_key(row) for found in rows.values() for row in found}
    for entry in db.session.scalars(entries):
        if _key(entry) not in taken:
            rows.setdefault(entry.fact_id or 0, []).append(entry)
    return rows


def _key(row: Actual | Entry) -> Key:
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
    entry_ids = [fact.data["entry_id"] for fact in facts if fact.type in _ABOUT_ENTRIES]
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


def _concerned(records: Iterable[Recorded], keys: set[Key], rows: dict[int, list[Actual]]) -> set[int]:
    corrected = {record.event.person_id for record in records if isinstance(record.event, PassCorrected)}
    return corrected | {row.person_id for found in rows.values() for row in found} | {person for person, _, _ in keys}


def _open_accounts(accounts: dict[int, Account], concerned: set[int]) -> None:
    missing = concerned - accounts.keys()
    if missing:
        people = select(Person.id, Person.timezone, Person.work_days).where(Person.id.in_(missing))
        for person_id, zone, work_days in db.session.execute(people):
            accounts[person_id] = Account(person_id, clock.zone(zone), Calendar(work_days))


def _look_up(accounts: dict[int, Account], keys: set[Key], since: date) -> None:
    """Let the accounts know again what was forgotten of these keys: lines before a day."""
    if since == date.min or not keys:
        return
    models: tuple[type[Actual], ...] = (LedgerEntry, HeldEntry)
    for model in models:
        same = tuple_(model.person_id, model.rule, model.source).in_(sorted(keys))
        rows: Iterable[Actual] = db.session.scalars(select(model).where(same, model.day < since))
        for row in rows:
            _add_line(accounts, row.person_id, _line(row))


def _replay(accounts: dict[int, Account], record: Recorded, actual: list[Actual]) -> list[str]:
    places: dict[tuple[int | None, int], tuple[date, bool]] = {
        (record.fact_id, row.person_id): (row.day, row.is_workday) for row in actual
    }
    state = {row.person_id: accounts[row.person_id] for row in actual if row.person_id in accounts}
    for rule in rules.RULES:
        if isinstance(record.event, rule.event):
            state |= {person: accounts[person] for person, _ in rule.who(record) if person in accounts}
    outcomes = {_key(_entry(item)): item for item in engine.decide([record], rules.RULES, state, rules.POLICY, places)}
    found = []
    for row in actual:
        outcome = outcomes.pop(_key(row), None)
        if row.rule_version == _version(row.rule):
            found += _difference(record, row, outcome)
        _add_line(accounts, row.person_id, _line(row))
    for person_id, rule_slug, source in outcomes:
        found.append(f"fact {record.fact_id}: rule {rule_slug} should have scored {source} for person {person_id}")
    return found


def _entry(outcome: Entry | Held) -> Entry:
    return outcome.entry if isinstance(outcome, Held) else outcome


def _version(slug: str) -> int:
    return rules.BY_SLUG[slug].version if slug in rules.BY_SLUG else 0


def _difference(record: Recorded, row: Actual, outcome: Entry | Held | None) -> list[str]:
    where = f"fact {record.fact_id}, person {row.person_id}, rule {row.rule}"
    if outcome is None:
        return [f"{where}: the books have {row.amount}, the rules give nothing"]
    if isinstance(outcome, Held) != isinstance(row, HeldEntry):
        return [f"{where}: should {'' if isinstance(outcome, Held) else 'not '}have been held"]
    expected = _entry(outcome)
    if (expected.amount, expected.track) != (row.amount, row.track):
        return [f"{where}: the books have {row.amount} {row.track}, the rules give {expected.amount} {expected.track}"]
    return []


def _line(row: Actual) -> Line:
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
        id=row.id,
    )


def _add_line(accounts: dict[int, Account], person_id: int, line: Line) -> None:
    account = accounts[person_id]
    accounts[person_id] = replace(account, lines=(*account.lines, line))


def _apply_decision(
    accounts: dict[int, Account],
    event: PointsReversed | HeldPointsDecided | PointsAppealDecided,
    decided: dict[tuple[str, int], Actual],
) -> None:
    """Let the accounts follow a person's decision, and the cap that it made room under."""
    account = accounts.get(event.person_id)
    key = ("held", event.held_id) if isinstance(event, HeldPointsDecided) else ("entry", event.entry_id)
    row = decided.get(key)
    if account is None or row is None or row.rule not in rules.BY_SLUG:
        return
    if isinstance(event, PointsAppealDecided):
        _add_line(accounts, event.person_id, replace(_line(row), amount=event.amount, entry_no=2))
        return
    if isinstance(event, PointsReversed):
        back = replace(_line(row), amount=-row.amount, entry_no=2, is_reversal=True)
        accounts[event.person_id] = replace(account, lines=(*account.lines, back))
    else:
        amount = row.amount if event.released else 0
        lines = tuple(
            replace(line, is_held=False, amount=amount)
            if line.is_held and (line.rule, line.source) == (row.rule, row.source)
            else line
            for line in account.lines
        )
        accounts[event.person_id] = replace(account, lines=lines)
        if event.released:
            return
    account = accounts[event.person_id]
    line = engine.freed(account.lines, rules.BY_SLUG[row.rule], row.day, rules.POLICY)
    if line is not None:
        # any amount above 0 takes the place: that is all a cap asks
        _add_line(accounts, event.person_id, replace(line, entry_no=2, was_capped=False, amount=1))


def _corrected(facts: Sequence[Fact]) -> dict[int, list[LedgerEntry]]:
    """What was added because of these corrections. It follows from a person's decision, so the books are believed."""
    ids = [fact.id for fact in facts if fact.type == PassCorrected.__name__]
    found: dict[int, list[LedgerEntry]] = {}
    wanted = select(LedgerEntry).where(LedgerEntry.fact_id.in_(ids), LedgerEntry.reverses_id.is_(None))
    for entry in db.session.scalars(wanted.order_by(LedgerEntry.id)) if ids else ():
        if entry.detail.get("why") == rules.APPEALED:
            continue  # that was another decision, with a fact of its own
        found.setdefault(entry.fact_id or 0, []).append(entry)
    return found


def _apply_correction(accounts: dict[int, Account], added: Iterable[LedgerEntry]) -> None:
    for entry in added:
        _add_line(accounts, entry.person_id, replace(_line(entry), entry_no=entry.entry_no))


def _forget(accounts: dict[int, Account], since: date) -> None:
    for person_id, account in accounts.items():
        kept = tuple(line for line in account.lines if line.day >= since)
        if len(kept) < len(account.lines):
            accounts[person_id] = replace(account, lines=kept)
