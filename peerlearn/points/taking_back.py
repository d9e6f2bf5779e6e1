"""Taking entries back, and paying instead what a cap had kept from being paid; for one person and for many at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import func, select

from peerlearn.core.db import db
from peerlearn.core.deeds import Actor, publish
from peerlearn.points import engine, ledger, policies, rules, state
from peerlearn.points.engine import Entry
from peerlearn.points.events import PointsEarned, PointsReversed
from peerlearn.points.models import HeldEntry, LedgerEntry
from peerlearn.points.rule import Line

Key = tuple[int, str, str]  # person, rule, source


def announce(posted: Sequence[ledger.Posted]) -> None:
    """Say which entries paid something."""
    for item in posted:
        entry = item.entry
        if entry.amount > 0:
            publish(PointsEarned(entry.person_id, item.id, entry.rule, entry.track, entry.amount), by=None)


def key_of(entry: Any) -> Key:
    """What an entry is about: whose it is, by which rule, for what."""
    return entry.person_id, entry.rule, entry.source


def next_numbers(keys: Collection[Key]) -> dict[Key, int]:
    """The number of the next entry for each of these."""
    highest = select(LedgerEntry.person_id, LedgerEntry.rule, LedgerEntry.source, func.max(LedgerEntry.entry_no)).where(
        LedgerEntry.person_id.in_({person for person, _, _ in keys}),
        LedgerEntry.rule.in_({rule for _, rule, _ in keys}),
        LedgerEntry.source.in_({source for _, _, source in keys}),
    )
    rows = db.session.execute(highest.group_by(LedgerEntry.person_id, LedgerEntry.rule, LedgerEntry.source))
    found = {(person, rule, source): number + 1 for person, rule, source, number in rows}
    return {key: found.get(key, 1) for key in keys}


def take_back(entries: Sequence[LedgerEntry], reason: str, *, by: Actor | None) -> None:
    """Take these entries back, each of which paid and stands. What a cap had kept back may pay instead."""
    if not entries:
        return
    numbers = next_numbers({key_of(entry) for entry in entries})
    numbered = []
    for entry in entries:
        numbered.append((entry, numbers[key_of(entry)]))
        numbers[key_of(entry)] += 1
    ledger.take_back(numbered, reason, by.id if by else None)
    for entry in entries:
        publish(PointsReversed(entry.person_id, entry.id, entry.amount), by=by)
    db.session.flush()
    pay_freed(entries)


def pay_freed(gone: Sequence[LedgerEntry | HeldEntry]) -> None:
    """Recompute caps: for each of these the first deed that a cap had kept from paying that day or week is paid now."""
    accounts = state.load({each.person_id for each in gone}, [], min(each.day for each in gone)).accounts
    history = policies.history()
    lines = {person_id: account.lines for person_id, account in accounts.items()}
    freed: list[Line] = []
    for each in gone:
        rule = rules.BY_SLUG.get(each.rule)
        policy = history.of(each.policy_version)
        line = engine.freed(lines[each.person_id], rule, each.day, policy) if rule else None
        if line is not None:
            freed.append(line)
            paid = replace(line, entry_no=line.entry_no + 1, was_capped=False, amount=1)  # any amount takes the place
            lines[each.person_id] += (paid,)
    if not freed:
        return
    capped = db.session.scalars(select(LedgerEntry).where(LedgerEntry.id.in_([line.id for line in freed])))
    entries = [_restored(entry) for entry in sorted(capped, key=lambda entry: entry.id)]
    announce(ledger.enter(entries))


def entry_of(deed: LedgerEntry | HeldEntry, amount: int, reason: str) -> Entry:
    """What was held, or stands in the ledger already, as an entry that says something else of the same deed."""
    return Entry(
        person_id=deed.person_id,
        track=deed.track,
        rule=deed.rule,
        rule_version=deed.rule_version,
        source=deed.source,
        amount=amount,
        at=deed.at,
        day=deed.day,
        is_workday=deed.is_workday,
        fact_id=deed.fact_id,
        reason=reason,
        detail={key: value for key, value in deed.detail.items() if key.endswith("_id")},
        policy_version=deed.policy_version,
    )


def _restored(capped: LedgerEntry) -> Entry:
    """What a capped entry would have paid, as the next entry for the same deed."""
    paid = entry_of(capped, capped.detail["full"], rules.RESTORED_REASON)
    return replace(paid, entry_no=capped.entry_no + 1)


def standing(keys: Collection[Key]) -> list[LedgerEntry]:
    """The entries of these that paid and were not taken back."""
    if not keys:
        return []
    reversed_ids = select(LedgerEntry.reverses_id).where(LedgerEntry.reverses_id.is_not(None))
    wanted = select(LedgerEntry).where(
        LedgerEntry.person_id.in_({person for person, _, _ in keys}),
        LedgerEntry.source.in_({source for _, _, source in keys}),
        LedgerEntry.amount > 0,
        LedgerEntry.id.not_in(reversed_ids),
    )
    found = db.session.scalars(wanted.order_by(LedgerEntry.id))
    return [entry for entry in found if key_of(entry) in keys]
